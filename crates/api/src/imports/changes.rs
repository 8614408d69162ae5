//! What an import would change of what is stored.

use actix_web::{get, web};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::RunImports;
use countersign_domain::ids::ImportId;
use countersign_domain::imports::{Alteration, File, Header, Record, Row, alteration};
use countersign_domain::policies::terms::Difference;
use countersign_persistence::Tx;
use countersign_persistence::imports::ChangeRow;
use countersign_persistence::{agencies, imports};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ImportFile;
use crate::context::Caller;
use crate::cursor::Purpose;
use crate::problem::{Problem, Problems};
use crate::wire::PageInfo;

/// A row whose record is there and says something else.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportChange)]
pub(crate) struct ChangeView {
    file: ImportFile,
    /// The line in the file, the header being line 1.
    line: u32,
    /// What the row says, in the order of the file's columns.
    cells: Vec<String>,
    /// What people know the record by, as it is stored.
    name: String,
    /// What would change of it.
    changes: Vec<ChangedView>,
}

/// One thing that an import would change of a record.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportChangedValue)]
struct ChangedView {
    /// The column of the file, or for a cover the name of its field.
    #[schema(example = "emails")]
    field: String,
    /// Its label for people.
    label: String,
    /// What is stored; absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// What would be stored; absent where it would be cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

impl From<Difference> for ChangedView {
    fn from(change: Difference) -> Self {
        Self {
            field: change.field,
            label: change.label,
            before: change.before,
            after: change.after,
        }
    }
}

impl ChangeView {
    fn of(row: ChangeRow, told: Alteration) -> Self {
        Self {
            file: row.file.into(),
            line: row.line,
            cells: row.cells,
            name: told.name,
            changes: told.changes.into_iter().map(ChangedView::from).collect(),
        }
    }
}

/// What the rows of one file would change, held against what is stored now.
async fn told(
    tx: &mut Tx,
    permit: &Permit<RunImports>,
    id: ImportId,
    file: File,
    rows: Vec<ChangeRow>,
) -> Result<Vec<ChangeView>, Problem> {
    let cells = imports::header(tx, permit, id, file).await?;
    let Some(header) = cells.and_then(|cells| Header::read(file, &cells).ok()) else {
        return Ok(Vec::new());
    };
    let read = rows.into_iter().filter_map(|row| {
        let cells = row.cells.clone();
        let record = Record::read(
            &header,
            &Row {
                line: row.line,
                cells,
            },
        )
        .ok()?;
        Some((row, record))
    });
    let (rows, records): (Vec<_>, Vec<_>) = read
        .map(|(row, record)| (row.clone(), (row.line, record)))
        .unzip();
    let stored = imports::stored(tx, permit, id, file, &records).await?;
    let told = rows.into_iter().zip(records).map(|(row, (_, record))| {
        let told = match stored.get(&record.key()) {
            Some(stored) => Alteration::of(record, &header, &stored.record),
            // It was taken away since the check.
            None => Alteration {
                name: alteration::name(&record),
                changes: Vec::new(),
            },
        };
        ChangeView::of(row, told)
    });
    Ok(told.collect())
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangesQuery {
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A page of rows that change something.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportChangePage {
    data: Vec<ChangeView>,
    page: PageInfo,
}

/// Lists the good rows whose records are there and differ, by file and line, with what would change. The rows are gone once they are written.
#[utoipa::path(tag = "imports", params(("import" = Uuid, Path, description = "The import's id"), ChangesQuery),
    responses((status = 200, body = ImportChangePage), Problems))]
#[get("/v1/imports/{import}/changes")]
pub(crate) async fn list_import_changes(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<ChangesQuery>,
) -> Result<web::Json<ImportChangePage>, Problem> {
    let id = ImportId::from_uuid(path.into_inner());
    let page = caller
        .read(async |desk| {
            let permit = agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            imports::find(desk.tx, &permit, id).await?;
            let purpose = Purpose::of("import-changes", desk.actor.agency(), &id);
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let page = imports::changes(desk.tx, &permit, id, &request).await?;
            let info = caller.cursors().info(&page, &purpose)?;
            let mut data = Vec::with_capacity(page.rows.len());
            let mut rows = page.rows.into_iter().peekable();
            // They come by file.
            while let Some(file) = rows.peek().map(|row| row.file) {
                let of_file = std::iter::from_fn(|| rows.next_if(|row| row.file == file)).collect();
                data.extend(told(desk.tx, &permit, id, file, of_file).await?);
            }
            Ok(ImportChangePage { data, page: info })
        })
        .await?;
    Ok(web::Json(page))
}
