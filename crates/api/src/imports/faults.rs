//! What the check found.

use actix_web::{get, web};
use countersign_domain::authz::rules::RunImports;
use countersign_domain::ids::ImportId;
use countersign_persistence::imports::FaultRow;
use countersign_persistence::{agencies, imports};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ImportFile;
use crate::context::Caller;
use crate::cursor::Purpose;
use crate::problem::{Problem, Problems};
use crate::wire::PageInfo;

/// A fault of an import file.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportFault)]
pub(crate) struct FaultView {
    file: ImportFile,
    /// The line in the file, the header being line 1.
    line: u32,
    /// The column, unless the row or the file as a whole is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<String>,
    /// What stands there, shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// What is wrong, and the fix.
    reason: String,
}

impl From<FaultRow> for FaultView {
    fn from(fault: FaultRow) -> Self {
        Self {
            file: fault.file.into(),
            line: fault.line,
            column: fault.column,
            value: fault.value,
            reason: fault.reason,
        }
    }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FaultsQuery {
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A page of faults.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportFaultPage {
    data: Vec<FaultView>,
    page: PageInfo,
}

/// Lists the faults that the check found, by file and line.
#[utoipa::path(tag = "imports", params(("import" = Uuid, Path, description = "The import's id"), FaultsQuery),
    responses((status = 200, body = ImportFaultPage), Problems))]
#[get("/v1/imports/{import}/faults")]
pub(crate) async fn list_import_faults(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<FaultsQuery>,
) -> Result<web::Json<ImportFaultPage>, Problem> {
    let id = ImportId::from_uuid(path.into_inner());
    let page = caller
        .read(async |desk| {
            let permit = agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            imports::find(desk.tx, &permit, id).await?;
            let purpose = Purpose::of("import-faults", desk.actor.agency(), &id);
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let page = imports::faults(desk.tx, &permit, id, &request).await?;
            let info = caller.cursors().info(&page, &purpose)?;
            Ok(ImportFaultPage {
                data: page.rows.into_iter().map(FaultView::from).collect(),
                page: info,
            })
        })
        .await?;
    Ok(web::Json(page))
}
