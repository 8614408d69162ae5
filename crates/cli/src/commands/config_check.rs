//! `countersign config-check`

use std::process::ExitCode;

use crate::config::{self, Reader};
use crate::say;

pub(crate) fn run() -> Result<ExitCode, String> {
    let mut reader = Reader::new();
    let log = config::log(&mut reader);
    let login = config::login(&mut reader);
    let server = config::server(&mut reader);
    let worker = config::worker(&mut reader);
    let metrics = config::metrics(&mut reader);
    let everything = log.zip(login).zip(server).zip(worker).zip(metrics);
    let (_, sources) = reader.finish(everything).map_err(|faults| faults.to_string())?;
    for (name, source) in sources {
        say(&format!("{name}: {source:?}"));
    }
    say("The configuration is usable.");
    Ok(ExitCode::SUCCESS)
}
