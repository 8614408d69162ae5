//! `countersign demo-folder`

use std::path::Path;
use std::process::ExitCode;

use chrono::NaiveDate;
use countersign_domain::agency::Zone;
use countersign_domain::imports::File;
use countersign_worker::import::shift::shifted;

use crate::clock::SystemClock;
use crate::say;

/// The day on which the demo agency's files are as they are kept.
const BASE: Option<NaiveDate> = NaiveDate::from_ymd_opt(2026, 11, 22);

pub(crate) fn run(from: &Path, to: &Path, zone: &str) -> Result<ExitCode, String> {
    let zone = Zone::parse(zone).map_err(|error| format!("--zone {error}"))?;
    let base = BASE.ok_or("the base date is no date")?;
    let days = zone.day(SystemClock::moment()) - base;
    std::fs::create_dir_all(to).map_err(|error| format!("{}: {error}", to.display()))?;
    for file in File::ALL {
        let name = format!("{file}.csv");
        let text = std::fs::read_to_string(from.join(&name)).map_err(|error| format!("{name}: {error}"))?;
        let moved = shifted(*file, &text, days)?;
        std::fs::write(to.join(&name), moved).map_err(|error| format!("{name}: {error}"))?;
    }
    say(&format!("Dates moved by {} days.", days.num_days()));
    Ok(ExitCode::SUCCESS)
}
