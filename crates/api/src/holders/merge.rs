//! Merging a double into the holder that stays.

use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::EditHolder;
use countersign_domain::holders::{MergeError, merge};
use countersign_domain::ids::HolderId;
use countersign_persistence::{Error, holders};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::{HolderDetail, answer};
use crate::context::Caller;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};

/// Into which holder.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeBody {
    /// The holder that stays.
    into: Uuid,
}

/// Merges a double into another holder, which takes over its insureds, names and addresses, and how it wants its mail
/// unless it says that itself; answers with that one. Certificates keep what they printed. Needs `If-Match` with the double's version; nothing undoes it.
#[utoipa::path(tag = "holders", params(IfMatch, ("holder" = Uuid, Path, description = "The double's id")),
    request_body = MergeBody, responses((status = 200, body = HolderDetail), Problems))]
#[post("/v1/holders/{holder}/merge")]
pub(crate) async fn merge_holder(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<MergeBody>,
) -> Result<HttpResponse, Problem> {
    let double = HolderId::from_uuid(path.into_inner());
    let into = HolderId::from_uuid(body.into);
    let now = caller.now();
    let (version, detail) = caller
        .transaction(async |mut desk| {
            // Whether the double is there is said before anything about the other one.
            let permit = holders::lock::<EditHolder>(desk.tx, desk.actor, double.min(into)).await;
            let other = holders::lock::<EditHolder>(desk.tx, desk.actor, double.max(into)).await;
            let (double_permit, into_permit) = if double <= into {
                (permit, other)
            } else {
                (other, permit)
            };
            let double_permit = double_permit?;
            version.check(double_permit.version)?;
            let into_permit = into_permit.map_err(|error| match error {
                Error::NotFound => Problem::field("/into", "unknown", "is not a holder of the library"),
                other => other.into(),
            })?;
            let merged = merge(double_permit, into_permit, now)?;
            holders::record_merged(desk.tx, &merged).await?;
            answer(&mut desk, into).await
        })
        .await?;
    Ok(with_version(version).json(detail))
}

impl From<MergeError> for Problem {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::Itself => Self::field("/into", "itself", error),
            MergeError::NotListed => Self::field("/into", "not_in_use", error),
            MergeError::Already(already) => already.into(),
        }
    }
}
