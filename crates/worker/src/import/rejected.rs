//! What an import left out, kept in a folder: the rejected rows of each file and the whole list of faults.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use countersign_domain::imports::export::RejectedFile;
use countersign_domain::imports::run::{FileReport, Import};
use countersign_persistence::PageRequest;
use countersign_persistence::imports::{self, FaultRow};

use super::{Error, Means};

/// What the name of a file of rejected rows begins with; [`super::folder`] takes such a file for the one
/// that it came from.
pub(super) const PREFIX: &str = "rejected-";

/// The list of faults.
pub const FAULTS: &str = "faults.txt";

/// How many rows or faults are fetched at a time.
const AT_ONCE: u16 = 1_000;

/// A fault on one line, for a person at a command line.
#[must_use]
pub fn line_of(fault: &FaultRow) -> String {
    let column = fault.column.as_deref();
    let column = column.map(|column| format!(", column {column}"));
    let value = fault.value.as_deref().map(|value| format!(" ({value:?})"));
    format!(
        "{} line {}{}{}: {}",
        fault.file.file_name(),
        fault.line,
        column.unwrap_or_default(),
        value.unwrap_or_default(),
        fault.reason
    )
}

/// Writes `rejected-<file>.csv` for each file with faulty rows, and [`FAULTS`], into a folder that is made
/// for it. Both are fetched a piece at a time.
///
/// # Errors
/// [`Error::Folder`] where the folder cannot be written, else [`Error::Storage`].
pub async fn keep_rejected(means: &Means<'_>, import: &Import, folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    for report in import.files.iter().filter(|report| report.counts.faulty > 0) {
        rows(means, import, report, folder).await?;
    }
    faults(means, import, folder).await
}

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::Folder(format!("{} cannot be written: {error}", path.display()))
}

async fn rows(means: &Means<'_>, import: &Import, report: &FileReport, folder: &Path) -> Result<(), Error> {
    let (id, file) = (import.id, report.file);
    let path = folder.join(format!("{PREFIX}{}", file.file_name()));
    let header = means
        .within(async |tx, permit| Ok(imports::header(tx, permit, id, file).await?))
        .await?
        .unwrap_or_default();
    let rejected = RejectedFile::new(&header);
    let failed = |error| unwritable(&path, &error);
    let mut out = BufWriter::new(std::fs::File::create(&path).map_err(failed)?);
    // The mark by which spreadsheets know UTF-8.
    write!(out, "\u{feff}{}", rejected.head()).map_err(failed)?;
    let mut behind = 0;
    loop {
        let rows = means
            .within(async |tx, permit| Ok(imports::rejected(tx, permit, id, file, behind, AT_ONCE).await?))
            .await?;
        let Some(last) = rows.last() else { break };
        behind = last.row.line;
        for found in &rows {
            write!(out, "{}", rejected.line(&found.row, &found.reason)).map_err(failed)?;
        }
    }
    out.flush().map_err(failed)
}

async fn faults(means: &Means<'_>, import: &Import, folder: &Path) -> Result<(), Error> {
    let path = folder.join(FAULTS);
    let failed = |error| unwritable(&path, &error);
    let mut out = BufWriter::new(std::fs::File::create(&path).map_err(failed)?);
    let mut page = PageRequest {
        limit: AT_ONCE,
        after: None,
    };
    loop {
        let found = means
            .within(async |tx, permit| Ok(imports::faults(tx, permit, import.id, &page).await?))
            .await?;
        for fault in &found.rows {
            writeln!(out, "{}", line_of(fault)).map_err(failed)?;
        }
        page.after = found.next;
        if page.after.is_none() {
            return out.flush().map_err(failed);
        }
    }
}
