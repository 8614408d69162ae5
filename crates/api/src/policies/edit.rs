//! Changing what a policy says of itself.

use actix_web::{HttpResponse, put, web};
use countersign_domain::authz::rules::EditPolicy;
use countersign_domain::ids::{CarrierId, PolicyId};
use countersign_domain::policies::edit::edit;
use countersign_persistence::policies;
use uuid::Uuid;

use super::get::{PolicyRecordView, view};
use super::terms::{TermsBody, refused};
use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};

/// Changes a policy's own data. Needs `If-Match`; certificates issued from it keep what they printed, and are not
/// sent again.
#[utoipa::path(tag = "policies", params(IfMatch, ("policy" = Uuid, Path, description = "The policy's id")),
    request_body = TermsBody, responses((status = 200, body = PolicyRecordView), Problems))]
#[put("/v1/policies/{policy}")]
pub(crate) async fn edit_policy(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<TermsBody>,
) -> Result<HttpResponse, Problem> {
    let id = PolicyId::from_uuid(path.into_inner());
    let now = caller.now();
    let fresh = CarrierId::from_uuid(caller.fresh_id());
    let view = caller
        .transaction(async |mut desk| {
            let permit = policies::lock::<EditPolicy>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let written = body.parse("")?;
            let on_file = policies::insurer_on_file(desk.tx, &permit, &written.insurer.naic).await?;
            let insurer = written.insurer.clone().settle(on_file, fresh);
            let insurer = insurer.map_err(|error| refused("", &error))?;
            let terms = written.terms(insurer, permit.policy.status.clone());
            let edited = edit(permit, terms, now).map_err(|error| refused("", &error))?;
            policies::record_edited(desk.tx, &edited).await?;
            view(&mut desk, id, now).await
        })
        .await?;
    Ok(with_version(view.version).json(view))
}
