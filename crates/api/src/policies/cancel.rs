//! Cancelling a policy.

use actix_web::{HttpResponse, put, web};
use countersign_domain::authz::rules::EditPolicy;
use countersign_domain::ids::PolicyId;
use countersign_domain::policies::cancel::{CancelError, cancel};
use countersign_domain::text::NonBlank;
use countersign_persistence::policies;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::{PolicyRecordView, view};
use crate::context::Caller;
use crate::faults::Faults;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};
use crate::wire::NaiveDate;

/// A cancellation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CancellationBody {
    /// Day on which it takes effect: the policy does not cover on this day.
    effective_on: NaiveDate,
    /// Why.
    reason: String,
}

/// Cancels a policy as of a day, or corrects its cancellation. Needs `If-Match`. From that day on no certificate
/// is sent that names the policy; who holds one already is told by `list_policy_holders`.
#[utoipa::path(tag = "policies", params(IfMatch, ("policy" = Uuid, Path, description = "The policy's id")),
    request_body = CancellationBody, responses((status = 200, body = PolicyRecordView), Problems))]
#[put("/v1/policies/{policy}/cancellation")]
pub(crate) async fn cancel_policy(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<CancellationBody>,
) -> Result<HttpResponse, Problem> {
    let id = PolicyId::from_uuid(path.into_inner());
    let now = caller.now();
    let view = caller
        .transaction(async |mut desk| {
            let permit = policies::lock::<EditPolicy>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let mut faults = Faults::default();
            let reason = faults.text("/reason", &body.reason, NonBlank::parse);
            let reason = faults.finish(reason)?;
            let cancelled = cancel(permit, body.effective_on, reason, now)?;
            policies::record_edited(desk.tx, &cancelled).await?;
            view(&mut desk, id, now).await
        })
        .await?;
    Ok(with_version(view.version).json(view))
}

impl From<CancelError> for Problem {
    fn from(error: CancelError) -> Self {
        let code = match error {
            CancelError::OnlyQuoted => "only_quoted",
            CancelError::OutsideTerm => "outside_term",
        };
        Self::field("/effective_on", code, error)
    }
}
