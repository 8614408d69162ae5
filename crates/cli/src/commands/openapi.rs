//! `countersign openapi`

use std::process::ExitCode;

use crate::say;

pub(crate) fn run() -> Result<ExitCode, String> {
    let text = countersign_api::contract()
        .to_pretty_json()
        .map_err(|error| error.to_string())?;
    say(&text);
    Ok(ExitCode::SUCCESS)
}
