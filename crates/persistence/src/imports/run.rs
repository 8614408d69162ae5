//! A run, its states and its files as bytes.

use chrono::{DateTime, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::RunImports;
use countersign_domain::ids::{ImportId, JobId};
use countersign_domain::imports::run::{
    Applied, ApplyRequested, CheckRequested, Checked, Counts, Failed, FileReport, Opened, Progress, Uploaded,
};
use countersign_domain::imports::{File, Import, ImportState};
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{rows, terms};
use crate::db::Tx;
use crate::error::broken;
use crate::page::{After, Page, PageRequest};
use crate::schema::{import_files, import_rows, imports};
use crate::{Error, audit, jobs};

#[derive(Queryable, Selectable)]
#[diesel(table_name = imports)]
struct Row {
    id: Uuid,
    state: String,
    created_at: DateTime<Utc>,
    created_by: String,
    done: i64,
    total: i64,
    faults: i64,
    error: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = import_files)]
struct FileRow {
    import_id: Uuid,
    file: String,
    size: i64,
    all_rows: i32,
    good_rows: i32,
    faulty_rows: i32,
    new_rows: i32,
    changed_rows: i32,
    unchanged_rows: i32,
}

fn count(number: i32) -> Result<u32, Error> {
    u32::try_from(number).map_err(broken("import_files.rows"))
}

impl TryFrom<FileRow> for FileReport {
    type Error = Error;

    fn try_from(row: FileRow) -> Result<Self, Error> {
        Ok(Self {
            file: row.file.parse().map_err(broken("import_files.file"))?,
            size: u64::try_from(row.size).map_err(broken("import_files.size"))?,
            counts: Counts {
                rows: count(row.all_rows)?,
                good: count(row.good_rows)?,
                faulty: count(row.faulty_rows)?,
                new: count(row.new_rows)?,
                changed: count(row.changed_rows)?,
                unchanged: count(row.unchanged_rows)?,
            },
        })
    }
}

fn parse(row: Row, files: Vec<FileReport>) -> Result<Import, Error> {
    let unsigned = |number: i64| u64::try_from(number).map_err(broken("imports.progress"));
    Ok(Import {
        id: ImportId::from_uuid(row.id),
        state: row.state.parse().map_err(broken("imports.state"))?,
        created_at: row.created_at,
        created_by: row.created_by,
        files,
        progress: Progress {
            done: unsigned(row.done)?,
            total: unsigned(row.total)?,
        },
        faults: unsigned(row.faults)?,
        error: row.error,
    })
}

async fn files_of(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<(Uuid, FileReport)>, Error> {
    let rows: Vec<FileRow> = import_files::table
        .filter(import_files::agency_id.eq(tx.agency().uuid()))
        .filter(import_files::import_id.eq_any(ids))
        .select(FileRow::as_select())
        .load(&mut tx.connection()?)
        .await?;
    let mut files = rows
        .into_iter()
        .map(|row| Ok((row.import_id, row.try_into()?)))
        .collect::<Result<Vec<_>, Error>>()?;
    files.sort_by_key(|(_, report): &(Uuid, FileReport)| report.file);
    Ok(files)
}

async fn load(tx: &mut Tx, id: ImportId, lock: bool) -> Result<Import, Error> {
    let query = imports::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Row::as_select());
    let mut connection = tx.connection()?;
    let row: Row = if lock {
        query.for_update().first(&mut connection).await?
    } else {
        query.first(&mut connection).await?
    };
    let files = files_of(tx, &[row.id]).await?;
    parse(row, files.into_iter().map(|(_, report)| report).collect())
}

/// A run.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(tx: &mut Tx, _permit: &Permit<RunImports>, id: ImportId) -> Result<Import, Error> {
    load(tx, id, false).await
}

/// A run, held until the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn lock(tx: &mut Tx, _permit: &Permit<RunImports>, id: ImportId) -> Result<Import, Error> {
    load(tx, id, true).await
}

/// Holds the agency's book against other imports until the end of the transaction; people may go on
/// working.
///
/// # Errors
/// [`Error`] of the database.
pub async fn lock_book(tx: &mut Tx, _permit: &Permit<RunImports>) -> Result<(), Error> {
    diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('countersign import ' || $1, 0))")
        .bind::<sql_types::Text, _>(tx.agency().to_string())
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// The agency's runs, newest first.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    page: &PageRequest,
) -> Result<Page<Import>, Error> {
    let mut query = imports::table
        .filter(imports::agency_id.eq(tx.agency().uuid()))
        .order((imports::created_at.desc(), imports::id.desc()))
        .limit(page.probe())
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = &page.after {
        let at: DateTime<Utc> = after.key.parse().map_err(broken("cursor"))?;
        query = query.filter(
            imports::created_at
                .lt(at)
                .or(imports::created_at.eq(at).and(imports::id.lt(after.id))),
        );
    }
    let rows: Vec<Row> = query.load(&mut tx.connection()?).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let files = files_of(tx, &ids).await?;
    let runs = rows
        .into_iter()
        .map(|row| {
            let own = files.iter().filter(|(import, _)| *import == row.id);
            let own = own.map(|(_, report)| *report).collect();
            parse(row, own)
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(page.cut(runs, |last| After {
        key: last.created_at.to_rfc3339(),
        id: last.id.uuid(),
    }))
}

/// Writes a new run.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_opened(tx: &mut Tx, opened: &Opened, now: DateTime<Utc>) -> Result<(), Error> {
    diesel::insert_into(imports::table)
        .values((
            imports::agency_id.eq(tx.agency().uuid()),
            imports::id.eq(opened.id().uuid()),
            imports::state.eq(ImportState::Draft.as_str()),
            imports::created_at.eq(now),
            imports::created_by.eq(&opened.by().name),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, opened, now).await
}

/// Writes a file, in place of an earlier one of the same name; what an earlier check found is gone.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_uploaded(tx: &mut Tx, uploaded: &Uploaded<'_>, now: DateTime<Utc>) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let import = uploaded.import();
    rows::clear_run(tx, import).await?;
    let size = i64::try_from(uploaded.bytes().len()).map_err(broken("import_files.size"))?;
    diesel::insert_into(import_files::table)
        .values((
            import_files::agency_id.eq(agency),
            import_files::import_id.eq(import.uuid()),
            import_files::file.eq(uploaded.file().as_str()),
            import_files::size.eq(size),
            import_files::bytes.eq(uploaded.bytes()),
        ))
        .on_conflict((
            import_files::agency_id,
            import_files::import_id,
            import_files::file,
        ))
        .do_update()
        .set((
            import_files::size.eq(size),
            import_files::bytes.eq(uploaded.bytes()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    set_state(tx, import, ImportState::Draft, Progress::default()).await?;
    audit::append(tx, uploaded, now).await
}

/// Writes that a check was asked for and queues it for `run_at`: now, or later where the caller does the
/// work itself and the job only takes over if the caller dies. What an earlier check found is gone.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_check_requested(
    tx: &mut Tx,
    requested: &CheckRequested,
    job: JobId,
    run_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    rows::clear_run(tx, requested.import()).await?;
    set_state(tx, requested.import(), ImportState::Checking, Progress::default()).await?;
    jobs::enqueue(tx, &requested.job(), job, run_at).await?;
    audit::append(tx, requested, now).await
}

/// Writes that the records are to be written and queues the work, as [`record_check_requested`] does.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_apply_requested(
    tx: &mut Tx,
    requested: &ApplyRequested,
    job: JobId,
    run_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let progress = Progress {
        done: 0,
        total: requested.good(),
    };
    set_state(tx, requested.import(), ImportState::Applying, progress).await?;
    jobs::enqueue(tx, &requested.job(), job, run_at).await?;
    audit::append(tx, requested, now).await
}

async fn set_state(tx: &mut Tx, id: ImportId, state: ImportState, progress: Progress) -> Result<(), Error> {
    let done = i64::try_from(progress.done).map_err(broken("imports.done"))?;
    let total = i64::try_from(progress.total).map_err(broken("imports.total"))?;
    diesel::update(imports::table.find((tx.agency().uuid(), id.uuid())))
        .set((
            imports::state.eq(state.as_str()),
            imports::done.eq(done),
            imports::total.eq(total),
            imports::error.eq(None::<String>),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Notes how far the worker is; a short transaction of its own.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_progress(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    id: ImportId,
    progress: Progress,
) -> Result<(), Error> {
    let done = i64::try_from(progress.done).map_err(broken("imports.done"))?;
    let total = i64::try_from(progress.total).map_err(broken("imports.total"))?;
    diesel::update(imports::table.find((tx.agency().uuid(), id.uuid())))
        .set((imports::done.eq(done), imports::total.eq(total)))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Writes that every row is judged.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_checked(tx: &mut Tx, checked: &Checked) -> Result<(), Error> {
    let import = checked.import();
    for (file, counts) in counted(tx, import).await? {
        set_counts(tx, import, file, counts).await?;
    }
    let faults = rows::count_faults(tx, import).await?;
    diesel::update(imports::table.find((tx.agency().uuid(), import.uuid())))
        .set((
            imports::state.eq(ImportState::Checked.as_str()),
            imports::faults.eq(faults),
            imports::done.eq(imports::total),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Writes that the records are written. The good rows and the uploaded bytes go, because they have done
/// their work and hold people's data; faulty rows stay to be downloaded.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_applied(tx: &mut Tx, applied: &Applied, now: DateTime<Utc>) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let import = applied.import();
    for (file, counts) in applied.counts() {
        set_counts(tx, import, *file, *counts).await?;
    }
    if applied.counts().iter().any(|(file, _)| *file == File::Policies) {
        terms::link(tx).await?;
    }
    rows::clear_written(tx, import).await?;
    diesel::update(import_files::table)
        .filter(import_files::agency_id.eq(agency))
        .filter(import_files::import_id.eq(import.uuid()))
        .set(import_files::bytes.eq(None::<Vec<u8>>))
        .execute(&mut tx.connection()?)
        .await?;
    diesel::update(imports::table.find((agency, import.uuid())))
        .set((
            imports::state.eq(ImportState::Applied.as_str()),
            imports::done.eq(imports::total),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, applied, now).await
}

/// Writes that the worker gave up, and why.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_failed(tx: &mut Tx, failed: &Failed) -> Result<(), Error> {
    diesel::update(imports::table.find((tx.agency().uuid(), failed.import().uuid())))
        .set((
            imports::state.eq(ImportState::Failed.as_str()),
            imports::error.eq(failed.error()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

async fn set_counts(tx: &mut Tx, import: ImportId, file: File, counts: Counts) -> Result<(), Error> {
    let number = |count: u32| i32::try_from(count).map_err(broken("import_files.rows"));
    diesel::update(import_files::table.find((tx.agency().uuid(), import.uuid(), file.as_str())))
        .set((
            import_files::all_rows.eq(number(counts.rows)?),
            import_files::good_rows.eq(number(counts.good)?),
            import_files::faulty_rows.eq(number(counts.faulty)?),
            import_files::new_rows.eq(number(counts.new)?),
            import_files::changed_rows.eq(number(counts.changed)?),
            import_files::unchanged_rows.eq(number(counts.unchanged)?),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

async fn counted(tx: &mut Tx, import: ImportId) -> Result<Vec<(File, Counts)>, Error> {
    let groups: Vec<(String, String, Option<String>, i64)> = import_rows::table
        .filter(import_rows::agency_id.eq(tx.agency().uuid()))
        .filter(import_rows::import_id.eq(import.uuid()))
        .group_by((import_rows::file, import_rows::state, import_rows::change))
        .select((
            import_rows::file,
            import_rows::state,
            import_rows::change,
            diesel::dsl::count_star(),
        ))
        .load(&mut tx.connection()?)
        .await?;
    let mut counts: Vec<(File, Counts)> = Vec::new();
    for (file, state, change, number) in groups {
        let file: File = file.parse().map_err(broken("import_rows.file"))?;
        let number = u32::try_from(number).map_err(broken("import_rows"))?;
        if !counts.iter().any(|(known, _)| *known == file) {
            counts.push((file, Counts::default()));
        }
        let Some((_, sum)) = counts.iter_mut().find(|(known, _)| *known == file) else {
            continue;
        };
        sum.rows += number;
        if state == rows::RowState::Faulty.as_str() {
            sum.faulty += number;
            continue;
        }
        sum.good += number;
        match change.as_deref() {
            Some("new") => sum.new += number,
            Some("changed") => sum.changed += number,
            _ => sum.unchanged += number,
        }
    }
    Ok(counts)
}

/// How many rows of each file are what, by the marks on the rows.
///
/// # Errors
/// [`Error`] of the database.
pub async fn tally(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    import: ImportId,
) -> Result<Vec<(File, Counts)>, Error> {
    counted(tx, import).await
}

#[derive(QueryableByName)]
struct Slice {
    #[diesel(sql_type = sql_types::Nullable<sql_types::Bytea>)]
    part: Option<Vec<u8>>,
}

/// Some bytes of a file, from `offset` on; empty behind its end.
///
/// # Errors
/// [`Error::NotFound`] when the run has no such file any more.
pub async fn slice(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    import: ImportId,
    file: File,
    offset: usize,
    length: usize,
) -> Result<Vec<u8>, Error> {
    let from = i32::try_from(offset + 1).map_err(broken("import_files.bytes"))?;
    let length = i32::try_from(length).map_err(broken("import_files.bytes"))?;
    let found: Slice = diesel::sql_query(
        "SELECT substring(bytes FROM $4 FOR $5) AS part FROM import_files \
         WHERE agency_id = $1 AND import_id = $2 AND file = $3",
    )
    .bind::<sql_types::Uuid, _>(tx.agency().uuid())
    .bind::<sql_types::Uuid, _>(import.uuid())
    .bind::<sql_types::Text, _>(file.as_str())
    .bind::<sql_types::Integer, _>(from)
    .bind::<sql_types::Integer, _>(length)
    .get_result(&mut tx.connection()?)
    .await?;
    found.part.ok_or(Error::NotFound)
}

/// The first line of a file as it stands there; `None` before the check.
///
/// # Errors
/// [`Error::NotFound`] when the run has no such file.
pub async fn header(
    tx: &mut Tx,
    _permit: &Permit<RunImports>,
    import: ImportId,
    file: File,
) -> Result<Option<Vec<String>>, Error> {
    Ok(import_files::table
        .find((tx.agency().uuid(), import.uuid(), file.as_str()))
        .select(import_files::header)
        .first(&mut tx.connection()?)
        .await?)
}
