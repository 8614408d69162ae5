//! What an import would change of what is stored.

use actix_web::{get, web};
use countersign_domain::authz::rules::RunImports;
use countersign_domain::ids::ImportId;
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
}

impl From<ChangeRow> for ChangeView {
    fn from(row: ChangeRow) -> Self {
        Self {
            file: row.file.into(),
            line: row.line,
            cells: row.cells,
        }
    }
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

/// Lists the good rows whose records are there and differ, by file and line. The rows are gone once they are written.
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
            Ok(ImportChangePage {
                data: page.rows.into_iter().map(ChangeView::from).collect(),
                page: info,
            })
        })
        .await?;
    Ok(web::Json(page))
}
