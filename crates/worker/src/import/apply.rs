//! The apply: good records into the agency's book, a batch a transaction.

use std::collections::HashMap;

use countersign_domain::ids::ImportId;
use countersign_domain::imports::ledger::SETTLING;
use countersign_domain::imports::plan::{Change, Cover, write};
use countersign_domain::imports::records::Key;
use countersign_domain::imports::run::{Progress, applied};
use countersign_domain::imports::{File, Header, ImportState, Record};
use countersign_persistence::imports;

use super::check::records;
use super::{BATCH, Error, Means, Told};

/// Writes the good records of a run that waits for it. A run that does not is left alone: the job was done
/// before.
///
/// # Errors
/// [`Error`]; unless it is passing, the run is marked as failed.
pub async fn apply(means: &Means<'_>, import: ImportId, told: &mut Told<'_>) -> Result<(), Error> {
    match run(means, import, told).await {
        Ok(()) => Ok(()),
        Err(error) => means.give_up(import, error).await,
    }
}

async fn run(means: &Means<'_>, import: ImportId, told: &mut Told<'_>) -> Result<(), Error> {
    let state = means
        .within(async |tx, permit| Ok(imports::find(tx, permit, import).await?))
        .await?;
    if state.state != ImportState::Applying {
        return Ok(());
    }
    let mut progress = Progress {
        done: 0,
        total: state.good(),
    };
    let mut covers: Option<Header> = None;
    for file in SETTLING {
        if !state.files.iter().any(|report| report.file == file) {
            continue;
        }
        let Some(header) = header(means, import, file).await? else {
            continue;
        };
        if file == File::Policies {
            covers = self::header(means, import, File::Coverages)
                .await
                .or_else(absent)?;
        }
        let mut behind = 0;
        while let Some((last, written)) = batch(means, import, &header, covers.as_ref(), behind).await? {
            behind = last;
            progress.done = (progress.done + written).min(progress.total);
            means.progress(import, progress, told).await?;
        }
    }
    means
        .within(async |tx, permit| {
            let run = imports::lock(tx, permit, import).await?;
            let counts = imports::tally(tx, permit, import).await?;
            let outcome = applied(permit, &run, counts)?;
            Ok(imports::record_applied(tx, &outcome, means.clock.now()).await?)
        })
        .await
}

/// A run without the file is a run without its header.
fn absent(error: Error) -> Result<Option<Header>, Error> {
    match error {
        Error::Storage(countersign_persistence::Error::NotFound) => Ok(None),
        other => Err(other),
    }
}

/// The header of a file; `None` when it is faulty, for then no row of the file is good.
async fn header(means: &Means<'_>, import: ImportId, file: File) -> Result<Option<Header>, Error> {
    let cells = means
        .within(async |tx, permit| Ok(imports::header(tx, permit, import, file).await?))
        .await?;
    Ok(cells.and_then(|cells| Header::read(file, &cells).ok()))
}

/// Writes the next batch; returns its last line and how many rows are done with it.
async fn batch(
    means: &Means<'_>,
    import: ImportId,
    header: &Header,
    covers: Option<&Header>,
    behind: u32,
) -> Result<Option<(u32, u64)>, Error> {
    let file = header.file();
    means
        .within(async |tx, permit| {
            // One import of an agency writes at a time, so that what is decided here still holds when it
            // is written; the run itself is held against a second worker.
            imports::lock_book(tx, permit).await?;
            let run = imports::lock(tx, permit, import).await?;
            if run.state != ImportState::Applying {
                return Ok(None);
            }
            let rows = imports::good_rows(tx, permit, import, file, behind, BATCH).await?;
            let Some(last) = rows.last().map(|row| row.line) else {
                return Ok(None);
            };
            let records = records(header, &rows);
            let stored = imports::stored(tx, permit, import, file, &records).await?;
            let keys: Vec<Key> = records.iter().map(|(_, record)| record.key()).collect();
            let mut found = HashMap::new();
            if let (File::Policies, Some(header)) = (file, covers) {
                let keys: Vec<&str> = keys.iter().map(Key::as_str).collect();
                let rows = imports::covers(tx, permit, import, &keys).await?;
                found = by_policy(self::records(header, &rows));
            }
            let batch = write(permit, import, header, records, &stored, &found, || {
                means.fresh_id()
            })?;
            imports::record_written(tx, &batch, means.clock.now()).await?;
            let new = batch.writes().iter().filter(|write| write.change == Change::New);
            let with_cover = new.filter(|write| write.cover.is_some()).count();
            Ok(Some((last, (rows.len() + with_cover) as u64)))
        })
        .await
}

fn by_policy(records: Vec<(u32, Record)>) -> HashMap<Key, Cover> {
    records
        .into_iter()
        .filter_map(|(line, record)| {
            let key = record.key();
            match record {
                Record::Coverage(record) => Some((
                    key,
                    Cover {
                        line,
                        coverage: record.coverage,
                    },
                )),
                _ => None,
            }
        })
        .collect()
}
