//! Ending an additional interest.

use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::EditInterest;
use countersign_domain::ids::{InsuredId, InterestId};
use countersign_domain::interests as domain;
use countersign_persistence::interests;
use uuid::Uuid;

use super::list::{InterestView, answer};
use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};

/// Ends an additional interest: nothing more is sent to it, and it stays with what was sent. Needs `If-Match`.
#[utoipa::path(tag = "interests", params(IfMatch, ("insured" = Uuid, Path, description = "The insured's id"),
    ("interest" = Uuid, Path, description = "The interest's id")),
    responses((status = 200, body = InterestView), Problems))]
#[post("/v1/insureds/{insured}/interests/{interest}/end")]
pub(crate) async fn end_interest(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
    version: IfMatch,
) -> Result<HttpResponse, Problem> {
    let (insured, interest) = path.into_inner();
    let (insured, id) = (InsuredId::from_uuid(insured), InterestId::from_uuid(interest));
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| {
            let permit = interests::lock::<EditInterest>(desk.tx, desk.actor, insured, id).await?;
            version.check(permit.version)?;
            let ended = domain::end(permit, now)?;
            interests::record_ended(desk.tx, &ended).await?;
            answer(&mut desk, insured, id, now).await
        })
        .await?;
    Ok(with_version(view.version()).json(view))
}
