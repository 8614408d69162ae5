//! `countersign migrate`

use std::process::ExitCode;

use countersign_persistence::migrate;

use super::{block_on, settings};
use crate::config::{owner, reveal};
use crate::say;

pub(crate) fn run() -> Result<ExitCode, String> {
    let settings = settings(owner)?;
    let applied = block_on(async {
        let applied = migrate::run(reveal(&settings.owner))
            .await
            .map_err(|error| error.to_string())?;
        migrate::provision_login(reveal(&settings.owner), reveal(&settings.login))
            .await
            .map_err(|error| error.to_string())?;
        Ok(applied)
    })?;
    say(&match applied {
        0 => "The schema is up to date.".to_owned(),
        n => format!("{n} migrations applied."),
    });
    Ok(ExitCode::SUCCESS)
}
