//! Refusing to lift what blocks a certificate.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::DeclineFindings;
use countersign_domain::certificates::approval::decline::{DeclineError, decline};
use countersign_domain::ids::{ApprovalId, TaskId};
use countersign_persistence::approvals;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::{ApprovalView, view};
use crate::context::Caller;
use crate::faults::code;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};

/// Why a request is declined.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeclineBody {
    /// For the asker, at most 500 characters.
    reason: String,
}

/// Declines a request, as a second person. The draft stays with it, and a task tells whoever asked of the reason.
#[utoipa::path(tag = "approvals", params(IdempotencyKey, ("approval" = Uuid, Path, description = "The request's id")),
    request_body = DeclineBody, responses((status = 200, body = ApprovalView), Problems))]
#[post("/v1/approvals/{approval}/decline")]
pub(crate) async fn decline_findings(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<DeclineBody>,
) -> Result<HttpResponse, Problem> {
    let id = ApprovalId::from_uuid(path.into_inner());
    let task = TaskId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::OK, &*body, async |mut desk| {
            let permit = approvals::lock::<DeclineFindings>(desk.tx, desk.actor, id).await?;
            let declined = decline(permit, &body.reason, task, now)?;
            approvals::record_declined(desk.tx, &declined).await?;
            view(&mut desk, id, now).await
        })
        .await
}

impl From<DeclineError> for Problem {
    fn from(error: DeclineError) -> Self {
        match error {
            DeclineError::Decided(decided) => decided.into(),
            DeclineError::Reason(fault) => Self::field("/reason", code(fault), fault),
        }
    }
}
