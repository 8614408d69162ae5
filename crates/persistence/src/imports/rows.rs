//! What a check found, row by row.

use std::collections::HashMap;

use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::RunImports;
use countersign_domain::ids::ImportId;
use countersign_domain::imports::plan::{Change, ReadBatch, SettledBatch, Verdict};
use countersign_domain::imports::{Fault, File, Reason, Row};
use countersign_domain::vocabulary;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::Error;
use crate::db::Tx;
use crate::error::broken;
use crate::page::{After, Page, PageRequest};
use crate::schema::{import_faults, import_files, import_rows, imports};

vocabulary! {
    /// Where a row of a run stands.
    pub enum RowState {
        /// Without a fault, to be written.
        Good = "good",
        /// Rejected.
        Faulty = "faulty",
        /// Its record is in the tables.
        Written = "written",
    }
}

#[derive(Insertable)]
#[diesel(table_name = import_rows)]
struct NewRow<'a> {
    agency_id: Uuid,
    import_id: Uuid,
    file: &'a str,
    line: i32,
    key: Option<&'a str>,
    cells: &'a [String],
    state: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = import_faults)]
struct NewFault<'a> {
    agency_id: Uuid,
    import_id: Uuid,
    file: &'a str,
    line: i32,
    ordinal: i32,
    column_name: Option<&'a str>,
    value: Option<&'a str>,
    reason: String,
}

fn line_number(line: u32) -> Result<i32, Error> {
    i32::try_from(line).map_err(broken("import_rows.line"))
}

/// Faults as rows, numbered within their line from `first` on.
fn fault_rows<'a>(
    tx: &Tx,
    import: ImportId,
    faults: &'a [Fault],
    first: usize,
) -> Result<Vec<NewFault<'a>>, Error> {
    faults
        .iter()
        .enumerate()
        .map(|(place, fault)| {
            Ok(NewFault {
                agency_id: tx.agency().uuid(),
                import_id: import.uuid(),
                file: fault.file.as_str(),
                line: line_number(fault.line)?,
                ordinal: i32::try_from(first + place).map_err(broken("import_faults.ordinal"))?,
                column_name: fault.column.as_deref(),
                value: fault.value.as_deref(),
                reason: fault.reason.to_string(),
            })
        })
        .collect()
}

/// Postgres takes at most 65,535 parameters in a statement; this many rows of eight stay far below.
const AT_ONCE: usize = 1_000;

async fn insert_faults(tx: &mut Tx, faults: &[NewFault<'_>]) -> Result<(), Error> {
    for some in faults.chunks(AT_ONCE) {
        diesel::insert_into(import_faults::table)
            .values(some)
            .execute(&mut tx.connection()?)
            .await?;
    }
    Ok(())
}

/// Writes the first line of a file and its faults.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_header(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    import: ImportId,
    file: File,
    cells: &[String],
    faults: &[Fault],
) -> Result<(), Error> {
    diesel::update(import_files::table.find((tx.agency().uuid(), import.uuid(), file.as_str())))
        .set(import_files::header.eq(cells))
        .execute(&mut tx.connection()?)
        .await?;
    let faults = fault_rows(tx, import, faults, 0)?;
    insert_faults(tx, &faults).await
}

/// Writes a batch of the first pass.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_read(tx: &mut Tx, batch: &ReadBatch) -> Result<(), Error> {
    let mut rows = Vec::with_capacity(batch.rows().len());
    let mut faults = Vec::new();
    for read in batch.rows() {
        let state = if read.good {
            RowState::Good
        } else {
            RowState::Faulty
        };
        rows.push(NewRow {
            agency_id: tx.agency().uuid(),
            import_id: batch.import().uuid(),
            file: batch.file().as_str(),
            line: line_number(read.row.line)?,
            key: read.key.as_ref().map(|key| key.as_str()),
            cells: &read.row.cells,
            state: state.as_str(),
        });
        faults.extend(fault_rows(tx, batch.import(), &read.faults, 0)?);
    }
    for some in rows.chunks(AT_ONCE) {
        diesel::insert_into(import_rows::table)
            .values(some)
            .execute(&mut tx.connection()?)
            .await?;
    }
    insert_faults(tx, &faults).await
}

/// Writes a batch of the second pass.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_settled(tx: &mut Tx, batch: &SettledBatch) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let mut by_change: HashMap<&str, Vec<i32>> = HashMap::new();
    let mut rejected = Vec::new();
    let mut faults = Vec::new();
    for (line, verdict) in batch.rows() {
        match verdict {
            Verdict::Good(change) => by_change
                .entry(change.as_str())
                .or_default()
                .push(line_number(*line)?),
            Verdict::Faulty(found) => {
                rejected.push(line_number(*line)?);
                faults.extend(fault_rows(tx, batch.import(), found, 0)?);
            }
        }
    }
    let of_file = import_rows::table
        .filter(import_rows::agency_id.eq(agency))
        .filter(import_rows::import_id.eq(batch.import().uuid()))
        .filter(import_rows::file.eq(batch.file().as_str()));
    for (change, lines) in by_change {
        diesel::update(of_file.filter(import_rows::line.eq_any(lines)))
            .set(import_rows::change.eq(change))
            .execute(&mut tx.connection()?)
            .await?;
    }
    if !rejected.is_empty() {
        diesel::update(of_file.filter(import_rows::line.eq_any(rejected)))
            .set(import_rows::state.eq(RowState::Faulty.as_str()))
            .execute(&mut tx.connection()?)
            .await?;
    }
    insert_faults(tx, &faults).await
}

/// Good rows of a file behind a line, in order: those that are still to be judged or written.
///
/// # Errors
/// [`Error`] of the database.
pub async fn good_rows(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    import: ImportId,
    file: File,
    behind: u32,
    limit: u16,
) -> Result<Vec<Row>, Error> {
    let rows: Vec<(i32, Vec<String>)> = import_rows::table
        .filter(import_rows::agency_id.eq(tx.agency().uuid()))
        .filter(import_rows::import_id.eq(import.uuid()))
        .filter(import_rows::file.eq(file.as_str()))
        .filter(import_rows::state.eq(RowState::Good.as_str()))
        .filter(import_rows::line.gt(line_number(behind)?))
        .order(import_rows::line.asc())
        .limit(i64::from(limit))
        .select((import_rows::line, import_rows::cells))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(row).collect()
}

fn row((line, cells): (i32, Vec<String>)) -> Result<Row, Error> {
    Ok(Row {
        line: u32::try_from(line).map_err(broken("import_rows.line"))?,
        cells,
    })
}

/// The good rows of cover with these keys.
///
/// # Errors
/// [`Error`] of the database.
pub async fn covers(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    import: ImportId,
    keys: &[&str],
) -> Result<Vec<Row>, Error> {
    let rows: Vec<(i32, Vec<String>)> = import_rows::table
        .filter(import_rows::agency_id.eq(tx.agency().uuid()))
        .filter(import_rows::import_id.eq(import.uuid()))
        .filter(import_rows::file.eq(File::Coverages.as_str()))
        .filter(import_rows::state.eq(RowState::Good.as_str()))
        .filter(import_rows::key.eq_any(keys))
        .select((import_rows::line, import_rows::cells))
        .load(&mut tx.connection()?)
        .await?;
    rows.into_iter().map(row).collect()
}

/// Forgets what a check found, for one that begins.
///
/// # Errors
/// [`Error`] of the database.
pub async fn clear(tx: &mut Tx, _permit: &Permit<RunImports>, import: ImportId) -> Result<(), Error> {
    clear_run(tx, import).await
}

pub(super) async fn clear_run(tx: &mut Tx, import: ImportId) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    diesel::delete(import_faults::table)
        .filter(import_faults::agency_id.eq(agency))
        .filter(import_faults::import_id.eq(import.uuid()))
        .execute(&mut connection)
        .await?;
    diesel::delete(import_rows::table)
        .filter(import_rows::agency_id.eq(agency))
        .filter(import_rows::import_id.eq(import.uuid()))
        .execute(&mut connection)
        .await?;
    diesel::update(import_files::table)
        .filter(import_files::agency_id.eq(agency))
        .filter(import_files::import_id.eq(import.uuid()))
        .set((
            import_files::header.eq(None::<Vec<String>>),
            import_files::all_rows.eq(0),
            import_files::good_rows.eq(0),
            import_files::faulty_rows.eq(0),
            import_files::new_rows.eq(0),
            import_files::changed_rows.eq(0),
            import_files::unchanged_rows.eq(0),
        ))
        .execute(&mut connection)
        .await?;
    diesel::update(imports::table.find((agency, import.uuid())))
        .set(imports::faults.eq(0))
        .execute(&mut connection)
        .await?;
    Ok(())
}

/// Removes the rows whose records are written.
pub(super) async fn clear_written(tx: &mut Tx, import: ImportId) -> Result<(), Error> {
    diesel::delete(import_rows::table)
        .filter(import_rows::agency_id.eq(tx.agency().uuid()))
        .filter(import_rows::import_id.eq(import.uuid()))
        .filter(import_rows::state.eq(RowState::Written.as_str()))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

pub(super) async fn count_faults(tx: &mut Tx, import: ImportId) -> Result<i64, Error> {
    Ok(import_faults::table
        .filter(import_faults::agency_id.eq(tx.agency().uuid()))
        .filter(import_faults::import_id.eq(import.uuid()))
        .count()
        .get_result(&mut tx.connection()?)
        .await?)
}

/// A fault as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultRow {
    /// In which file.
    pub file: File,
    /// On which line.
    pub line: u32,
    /// In which column, unless the row or the file is meant.
    pub column: Option<String>,
    /// What stands there, shortened.
    pub value: Option<String>,
    /// What is wrong, and the fix.
    pub reason: String,
    ordinal: i32,
}

type FaultTuple = (String, i32, i32, Option<String>, Option<String>, String);

fn fault((file, line, ordinal, column, value, reason): FaultTuple) -> Result<FaultRow, Error> {
    Ok(FaultRow {
        file: file.parse().map_err(broken("import_faults.file"))?,
        line: u32::try_from(line).map_err(broken("import_faults.line"))?,
        column,
        value,
        reason,
        ordinal,
    })
}

/// The faults of a run, by file and line.
///
/// # Errors
/// [`Error`] of the database.
pub async fn faults(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    import: ImportId,
    page: &PageRequest,
) -> Result<Page<FaultRow>, Error> {
    let mut query = import_faults::table
        .filter(import_faults::agency_id.eq(tx.agency().uuid()))
        .filter(import_faults::import_id.eq(import.uuid()))
        .order((
            import_faults::file.asc(),
            import_faults::line.asc(),
            import_faults::ordinal.asc(),
        ))
        .limit(page.probe())
        .select((
            import_faults::file,
            import_faults::line,
            import_faults::ordinal,
            import_faults::column_name,
            import_faults::value,
            import_faults::reason,
        ))
        .into_boxed();
    if let Some(after) = &page.after {
        let (file, line, ordinal) = place(&after.key)?;
        query = query.filter(
            import_faults::file
                .gt(file.clone())
                .or(import_faults::file.eq(file).and(
                    import_faults::line.gt(line).or(import_faults::line
                        .eq(line)
                        .and(import_faults::ordinal.gt(ordinal))),
                )),
        );
    }
    let rows: Vec<FaultTuple> = query.load(&mut tx.connection()?).await?;
    let found = rows.into_iter().map(fault).collect::<Result<Vec<_>, _>>()?;
    Ok(page.cut(found, |last| After {
        key: format!("{}:{}:{}", last.file, last.line, last.ordinal),
        id: Uuid::nil(),
    }))
}

/// A good row whose record is there and differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRow {
    /// In which file.
    pub file: File,
    /// On which line.
    pub line: u32,
    /// What the row says, in the order of the file's columns.
    pub cells: Vec<String>,
}

/// The rows of a run that would change what is stored, by file and line; none once the records are written.
///
/// # Errors
/// [`Error`] of the database.
pub async fn changes(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    import: ImportId,
    page: &PageRequest,
) -> Result<Page<ChangeRow>, Error> {
    let mut query = import_rows::table
        .filter(import_rows::agency_id.eq(tx.agency().uuid()))
        .filter(import_rows::import_id.eq(import.uuid()))
        .filter(import_rows::state.eq(RowState::Good.as_str()))
        .filter(import_rows::change.eq(Change::Changed.as_str()))
        .order((import_rows::file.asc(), import_rows::line.asc()))
        .limit(page.probe())
        .select((import_rows::file, import_rows::line, import_rows::cells))
        .into_boxed();
    if let Some(after) = &page.after {
        let (file, line, _) = place(&after.key)?;
        query = query.filter(
            import_rows::file
                .gt(file.clone())
                .or(import_rows::file.eq(file).and(import_rows::line.gt(line))),
        );
    }
    let rows: Vec<(String, i32, Vec<String>)> = query.load(&mut tx.connection()?).await?;
    let found = rows
        .into_iter()
        .map(|(file, line, cells)| {
            Ok(ChangeRow {
                file: file.parse().map_err(broken("import_rows.file"))?,
                line: u32::try_from(line).map_err(broken("import_rows.line"))?,
                cells,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(page.cut(found, |last| After {
        key: format!("{}:{}:0", last.file, last.line),
        id: Uuid::nil(),
    }))
}

fn place(key: &str) -> Result<(String, i32, i32), Error> {
    let mut parts = key.splitn(3, ':');
    let mut next = || parts.next().ok_or_else(|| Error::Broken("cursor".to_owned()));
    let (file, line, ordinal) = (next()?, next()?, next()?);
    let line = line.parse().map_err(broken("cursor"))?;
    Ok((file.to_owned(), line, ordinal.parse().map_err(broken("cursor"))?))
}

/// A rejected row with everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// The row as it stands in the file.
    pub row: Row,
    /// Every fault, in the order of its columns.
    pub reason: String,
}

/// Rejected rows of a file behind a line, in order.
///
/// # Errors
/// [`Error`] of the database.
pub async fn rejected(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    import: ImportId,
    file: File,
    behind: u32,
    limit: u16,
) -> Result<Vec<RejectedRow>, Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    let rows: Vec<(i32, Vec<String>)> = import_rows::table
        .filter(import_rows::agency_id.eq(agency))
        .filter(import_rows::import_id.eq(import.uuid()))
        .filter(import_rows::file.eq(file.as_str()))
        .filter(import_rows::state.eq(RowState::Faulty.as_str()))
        .filter(import_rows::line.gt(line_number(behind)?))
        .order(import_rows::line.asc())
        .limit(i64::from(limit))
        .select((import_rows::line, import_rows::cells))
        .load(&mut connection)
        .await?;
    let lines: Vec<i32> = rows.iter().map(|(line, _)| *line).collect();
    let reasons: Vec<(i32, Option<String>, String)> = import_faults::table
        .filter(import_faults::agency_id.eq(agency))
        .filter(import_faults::import_id.eq(import.uuid()))
        .filter(import_faults::file.eq(file.as_str()))
        .filter(import_faults::line.eq_any(&lines))
        .order((import_faults::line.asc(), import_faults::ordinal.asc()))
        .select((
            import_faults::line,
            import_faults::column_name,
            import_faults::reason,
        ))
        .load(&mut connection)
        .await?;
    let mut of_line: HashMap<i32, Vec<String>> = HashMap::new();
    for (line, column, reason) in reasons {
        let sentence = column.map_or_else(|| reason.clone(), |column| format!("{column}: {reason}"));
        of_line.entry(line).or_default().push(sentence);
    }
    rows.into_iter()
        .map(|(line, cells)| {
            let reason = of_line
                .remove(&line)
                .map_or_else(|| Reason::HeaderFaulty.to_string(), |reasons| reasons.join("; "));
            Ok(RejectedRow {
                row: row((line, cells))?,
                reason,
            })
        })
        .collect()
}
