//! Putting a template away, and bringing it back.

use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::EditTemplate;
use countersign_domain::ids::TemplateId;
use countersign_domain::templates as domain;
use countersign_persistence::templates;
use uuid::Uuid;

use super::get::{TemplateView, answer};
use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};

/// Puts a template away: it is offered no more. Needs `If-Match`.
#[utoipa::path(tag = "templates", params(IfMatch, ("template" = Uuid, Path, description = "The template's id")),
    responses((status = 200, body = TemplateView), Problems))]
#[post("/v1/templates/{template}/archive")]
pub(crate) async fn archive_template(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let id = TemplateId::from_uuid(path.into_inner());
    let now = caller.now();
    let (version, view) = caller
        .transaction(async |mut desk| {
            let permit = templates::lock::<EditTemplate>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let archived = domain::archive(permit, now);
            templates::record_archived(desk.tx, &archived).await?;
            answer(&mut desk, id).await
        })
        .await?;
    Ok(with_version(version).json(view))
}

/// Brings a template back that was put away. Needs `If-Match`.
#[utoipa::path(tag = "templates", params(IfMatch, ("template" = Uuid, Path, description = "The template's id")),
    responses((status = 200, body = TemplateView), Problems))]
#[post("/v1/templates/{template}/restore")]
pub(crate) async fn restore_template(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let id = TemplateId::from_uuid(path.into_inner());
    let now = caller.now();
    let (version, view) = caller
        .transaction(async |mut desk| {
            let permit = templates::lock::<EditTemplate>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let restored = domain::restore(permit);
            templates::record_restored(desk.tx, &restored, now).await?;
            answer(&mut desk, id).await
        })
        .await?;
    Ok(with_version(version).json(view))
}
