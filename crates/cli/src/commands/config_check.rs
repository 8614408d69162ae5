//! `countersign config-check`

use std::process::ExitCode;

use crate::config::{self, Reader};
use crate::say;

pub(crate) fn run() -> Result<ExitCode, String> {
    let mut reader = Reader::new();
    let log = config::log(&mut reader);
    let login = config::login(&mut reader);
    let server = config::server(&mut reader);
    // A server beside which workers run elsewhere needs no relay.
    let mails = reader.says("SMTP_HOST") || reader.says("MAIL_FROM");
    let worker = if mails {
        config::worker(&mut reader).map(Some)
    } else {
        Some(None)
    };
    // Only migrating and bootstrapping need the owner's.
    let owner = if reader.says("OWNER_DATABASE_URL") {
        config::owner(&mut reader).map(Some)
    } else {
        Some(None)
    };
    let metrics = config::metrics(&mut reader);
    let everything = log.zip(login).zip(server).zip(worker).zip(owner).zip(metrics);
    let (_, sources) = reader.finish(everything).map_err(|faults| faults.to_string())?;
    for (name, source) in sources {
        say(&format!("{name}: {source:?}"));
    }
    if mails {
        say("The configuration is usable.");
    } else {
        say(
            "The configuration is usable for a server. A worker also needs COUNTERSIGN_SMTP_HOST and \
             COUNTERSIGN_MAIL_FROM.",
        );
    }
    Ok(ExitCode::SUCCESS)
}
