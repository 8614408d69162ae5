//! `countersign import`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use countersign_domain::authz::{Actor, Process};
use countersign_domain::imports::run::Progress;
use countersign_persistence::Role;
use countersign_worker::import::Means;
use countersign_worker::import::folder::import_folder;
use indicatif::{ProgressBar, ProgressStyle};

use super::{agency, block_on, settings};
use crate::clock::SystemClock;
use crate::config::{login, reveal};
use crate::say;

/// A folder of CSV files.
#[derive(Args)]
pub(crate) struct Options {
    /// The folder; docs/import.md describes its files.
    folder: PathBuf,
    /// The agency's slug.
    #[arg(long)]
    agency: String,
    /// Writes the good rows although others are faulty.
    #[arg(long)]
    take_good_rows: bool,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let login = settings(login)?;
    let report = block_on(async {
        let (db, id) = agency(reveal(&login), Role::Worker, &options.agency).await?;
        let actor = Actor::System {
            agency: id,
            process: Process::Console,
        };
        let means = Means {
            db: &db,
            actor: &actor,
            clock: &SystemClock,
        };
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} rows {per_sec} {eta}") {
            bar.set_style(style);
        }
        let mut told = |progress: Progress| {
            bar.set_length(progress.total);
            bar.set_position(progress.done);
        };
        let report = import_folder(&means, &options.folder, options.take_good_rows, &mut told)
            .await
            .map_err(|error| error.to_string())?;
        bar.finish_and_clear();
        Ok(report)
    })?;
    for file in &report.import.files {
        let counts = &file.counts;
        say(&format!(
            "{}: {} rows, {} new, {} changed, {} unchanged, {} faulty",
            file.file, counts.rows, counts.new, counts.changed, counts.unchanged, counts.faulty
        ));
    }
    for fault in &report.faults {
        let column = fault
            .column
            .as_deref()
            .map(|column| format!(", column {column}"))
            .unwrap_or_default();
        let value = fault
            .value
            .as_deref()
            .map(|value| format!(" ({value:?})"))
            .unwrap_or_default();
        say(&format!(
            "{}.csv line {}{column}{value}: {}",
            fault.file, fault.line, fault.reason
        ));
    }
    let written = report.import.state == countersign_domain::imports::run::ImportState::Applied;
    if written {
        say("Written.");
        Ok(ExitCode::SUCCESS)
    } else {
        say(&format!(
            "{} faults; nothing was written. Correct the files, or use --take-good-rows.",
            report.import.faults
        ));
        Ok(ExitCode::FAILURE)
    }
}
