//! `countersign import`
//!
//! Exit codes: 0 when everything in the files is in the agency's book, 1 when the import could not be done,
//! 3 when rows are faulty and nothing was written, 4 when the good rows were written and faulty ones left out.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use countersign_domain::authz::{Actor, Process};
use countersign_domain::imports::run::{Counts, Import, Progress};
use countersign_domain::imports::{File, ImportState};
use countersign_persistence::Role;
use countersign_worker::import::Means;
use countersign_worker::import::folder::{Report, import_folder};
use countersign_worker::import::rejected::{FAULTS, keep_rejected, line_of};
use indicatif::{ProgressBar, ProgressStyle};

use super::{agency, block_on, settings};
use crate::clock::SystemClock;
use crate::config::{login, reveal};
use crate::say;

const NOTHING_WRITTEN: u8 = 3;
const ROWS_LEFT_OUT: u8 = 4;

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
    /// An empty or new folder for the rejected rows and the list of faults. Without it, a new folder named
    /// "rejected" beside the input.
    #[arg(long, value_name = "DIR")]
    rejected: Option<PathBuf>,
}

pub(crate) fn run(options: &Options) -> Result<ExitCode, String> {
    let rejected = place(options)?;
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
        tell(&report, &rejected);
        if report.import.faults > 0 {
            keep_rejected(&means, &report.import, &rejected)
                .await
                .map_err(|error| format!("the rejected rows are not kept: {error}"))?;
        }
        Ok(report)
    })?;
    Ok(end(&report.import, &rejected))
}

/// Where rejected rows go. Files that somebody may be working on are never written over.
fn place(options: &Options) -> Result<PathBuf, String> {
    if let Some(folder) = &options.rejected {
        let taken = std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        return if taken {
            Err(format!(
                "--rejected {} is not empty; name an empty folder or a new one",
                folder.display()
            ))
        } else {
            Ok(folder.clone())
        };
    }
    let input = std::fs::canonicalize(&options.folder)
        .map_err(|error| format!("{}: {error}", options.folder.display()))?;
    let beside = input.parent().unwrap_or(Path::new(""));
    let names = std::iter::once("rejected".to_owned()).chain((2..).map(|n| format!("rejected-{n}")));
    names
        .map(|name| beside.join(name))
        .find(|path| !path.exists())
        .ok_or_else(|| "there is no name left for the folder of rejected rows".to_owned())
}

/// Says what was found: each file, and the first faults.
fn tell(report: &Report, rejected: &Path) {
    for file in &report.import.files {
        let counts = &file.counts;
        say(&format!(
            "{}: {} rows, {} new, {} changed, {} unchanged, {} faulty",
            file.file, counts.rows, counts.new, counts.changed, counts.unchanged, counts.faulty
        ));
    }
    for fault in &report.faults {
        say(&line_of(fault));
    }
    let more = report.import.faults.saturating_sub(report.faults.len() as u64);
    if more > 0 {
        say(&format!("and {more} more in {}", rejected.join(FAULTS).display()));
    }
}

/// Says what came of it.
fn end(import: &Import, rejected: &Path) -> ExitCode {
    let left_out = sum(import, |counts| counts.faulty);
    let kept = format!("Faults and rejected rows are in {}.", rejected.display());
    let some_rows = counted(left_out, "row", "rows");
    if import.state == ImportState::Applied {
        let done = written(import);
        if import.faults == 0 {
            say(&done);
            return ExitCode::SUCCESS;
        }
        say(&format!("{done} Left out: {some_rows}. {kept}"));
        return ExitCode::from(ROWS_LEFT_OUT);
    }
    if import.faults == 0 {
        say("The files have no rows: there is nothing to write.");
        return ExitCode::SUCCESS;
    }
    let good = import.good();
    let advice = if good == 0 {
        "No row is good: correct the files.".to_owned()
    } else {
        let good = counted(good, "good row", "good rows");
        format!("Correct the files, or use --take-good-rows to write the {good} and leave out {some_rows}.")
    };
    let faults = counted(import.faults, "fault", "faults");
    say(&format!("{faults}: nothing was written. {advice} {kept}"));
    ExitCode::from(NOTHING_WRITTEN)
}

/// What was written, by kind of record.
fn written(import: &Import) -> String {
    let kinds: Vec<String> = import
        .files
        .iter()
        .map(|report| (report.file, u64::from(report.counts.new + report.counts.changed)))
        .filter(|(_, count)| *count > 0)
        .map(|(file, count)| {
            let (one, many) = nouns(file);
            counted(count, one, many)
        })
        .collect();
    let unchanged = sum(import, |counts| counts.unchanged);
    match (kinds.is_empty(), unchanged) {
        (true, _) => "Nothing to write: the agency's records say the same already.".to_owned(),
        (false, 0) => format!("Written: {}.", kinds.join(", ")),
        (false, _) => format!(
            "Written: {}. Unchanged: {}.",
            kinds.join(", "),
            counted(unchanged, "row", "rows")
        ),
    }
}

const fn nouns(file: File) -> (&'static str, &'static str) {
    match file {
        File::Insureds => ("insured", "insureds"),
        File::Contacts => ("contact", "contacts"),
        File::Carriers => ("carrier", "carriers"),
        File::Policies => ("policy", "policies"),
        File::Coverages => ("coverage", "coverages"),
        File::Endorsements => ("endorsement", "endorsements"),
        File::Vehicles => ("vehicle", "vehicles"),
        File::Holders => ("holder", "holders"),
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn sum(import: &Import, of: fn(Counts) -> u32) -> u64 {
    import.files.iter().map(|file| u64::from(of(file.counts))).sum()
}
