//! Runs, one and all.

use actix_web::{get, web};
use countersign_domain::authz::rules::RunImports;
use countersign_domain::ids::ImportId;
use countersign_persistence::{agencies, imports};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ImportView;
use crate::context::Caller;
use crate::cursor::Purpose;
use crate::problem::{Problem, Problems};
use crate::wire::PageInfo;

/// Shows an import: where it stands, how far the worker is, and how many rows are what.
#[utoipa::path(tag = "imports", params(("import" = Uuid, Path, description = "The import's id")),
    responses((status = 200, body = ImportView), Problems))]
#[get("/v1/imports/{import}")]
pub(crate) async fn get_import(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<web::Json<ImportView>, Problem> {
    let id = ImportId::from_uuid(path.into_inner());
    let view = caller
        .read(async |desk| {
            let permit = agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            Ok(ImportView::of(&imports::find(desk.tx, &permit, id).await?))
        })
        .await?;
    Ok(web::Json(view))
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImportsQuery {
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A page of imports.
#[derive(Serialize, ToSchema)]
pub(crate) struct ImportPage {
    data: Vec<ImportView>,
    page: PageInfo,
}

/// Lists the agency's imports, the newest first.
#[utoipa::path(tag = "imports", params(ImportsQuery), responses((status = 200, body = ImportPage), Problems))]
#[get("/v1/imports")]
pub(crate) async fn list_imports(
    caller: Caller,
    query: web::Query<ImportsQuery>,
) -> Result<web::Json<ImportPage>, Problem> {
    let page = caller
        .read(async |desk| {
            let permit = agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            let purpose = Purpose::of("imports", desk.actor.agency(), &());
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let page = imports::list(desk.tx, &permit, &request).await?;
            let info = caller.cursors().info(&page, &purpose)?;
            Ok(ImportPage {
                data: page.rows.iter().map(ImportView::of).collect(),
                page: info,
            })
        })
        .await?;
    Ok(web::Json(page))
}
