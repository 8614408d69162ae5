//! `countersign verify-audit`

use std::process::ExitCode;

use countersign_persistence::Role;
use countersign_persistence::audit::{ChainReport, verify};

use super::{agency, block_on, settings};
use crate::config::{login, reveal};
use crate::say;

pub(crate) fn run(slug: &str) -> Result<ExitCode, String> {
    let login = settings(login)?;
    let report = block_on(async {
        let (db, id) = agency(reveal(&login), Role::App, slug).await?;
        verify(&db, id).await.map_err(|error| error.to_string())
    })?;
    Ok(match report {
        ChainReport::Whole { entries } => {
            say(&format!("The chain of {slug} is whole: {entries} entries."));
            ExitCode::SUCCESS
        }
        ChainReport::BrokenAt { seq } => {
            say(&format!(
                "The chain of {slug} is broken at entry {seq}: it or the one before was changed or removed."
            ));
            ExitCode::FAILURE
        }
    })
}
