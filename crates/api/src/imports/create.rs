//! Creating a run.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post};
use countersign_domain::authz::rules::RunImports;
use countersign_domain::ids::ImportId;
use countersign_domain::imports::run::open;
use countersign_persistence::{agencies, imports};

use super::ImportView;
use crate::context::Caller;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};

/// Creates an import without files. Upload files, check it, then apply it.
#[utoipa::path(tag = "imports", params(IdempotencyKey), responses((status = 201, body = ImportView), Problems))]
#[post("/v1/imports")]
pub(crate) async fn create_import(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = ImportId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &(), async |desk| {
            let permit = agencies::find::<RunImports>(desk.tx, desk.actor).await?;
            imports::record_opened(desk.tx, &open(&permit, id), now).await?;
            Ok(ImportView::of(&imports::find(desk.tx, &permit, id).await?))
        })
        .await
}
