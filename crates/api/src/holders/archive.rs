//! Putting a holder away, and bringing it back.

use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::EditHolder;
use countersign_domain::holders as domain;
use countersign_domain::ids::HolderId;
use countersign_persistence::holders;
use uuid::Uuid;

use super::get::{HolderDetail, answer};
use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};

/// Puts a holder away: it leaves every dropdown and the library's list, and keeps what was sent to it. Needs
/// `If-Match`.
#[utoipa::path(tag = "holders", params(IfMatch, ("holder" = Uuid, Path, description = "The holder's id")),
    responses((status = 200, body = HolderDetail), Problems))]
#[post("/v1/holders/{holder}/archive")]
pub(crate) async fn archive_holder(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let id = HolderId::from_uuid(path.into_inner());
    let now = caller.now();
    let (version, detail) = caller
        .transaction(async |mut desk| {
            let permit = holders::lock::<EditHolder>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let archived = domain::archive(permit, now)?;
            holders::record_archived(desk.tx, &archived).await?;
            answer(&mut desk, id).await
        })
        .await?;
    Ok(with_version(version).json(detail))
}

/// Brings a holder back that was put away. Needs `If-Match`.
#[utoipa::path(tag = "holders", params(IfMatch, ("holder" = Uuid, Path, description = "The holder's id")),
    responses((status = 200, body = HolderDetail), Problems))]
#[post("/v1/holders/{holder}/restore")]
pub(crate) async fn restore_holder(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let id = HolderId::from_uuid(path.into_inner());
    let now = caller.now();
    let (version, detail) = caller
        .transaction(async |mut desk| {
            let permit = holders::lock::<EditHolder>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let restored = domain::restore(permit)?;
            holders::record_restored(desk.tx, &restored, now).await?;
            answer(&mut desk, id).await
        })
        .await?;
    Ok(with_version(version).json(detail))
}
