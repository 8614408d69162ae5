//! Asking a second person to lift what blocks a certificate.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::AskApproval;
use countersign_domain::certificates::approval::ask::{AskError, ask};
use countersign_domain::ids::{ApprovalId, CertificateId, InsuredId};
use countersign_persistence::{approvals, insureds};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::{ApprovalView, view};
use super::{Number, compose};
use crate::certificates::SendBody;
use crate::context::Caller;
use crate::faults::code;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, ProblemType, Problems};

/// A certificate that is blocked, and why it should be sent nevertheless.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskBody {
    /// What shall be sent; kept whole until it is decided.
    draft: SendBody,
    /// The certificate whose next revision it is; absent for a first sending.
    #[serde(default)]
    revises: Option<Uuid>,
    /// For the person who decides, at most 500 characters.
    note: String,
}

/// Asks a second person to lift what blocks a certificate.
///
/// Nothing is sent; the draft waits with the request. Refused where nothing blocks, and where something blocks that no
/// person lifts: a page that cannot be printed, or a mark without its endorsement.
#[utoipa::path(tag = "approvals", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id")),
    request_body = AskBody, responses((status = 201, body = ApprovalView), Problems))]
#[post("/v1/insureds/{insured}/approvals")]
pub(crate) async fn ask_approval(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<AskBody>,
) -> Result<HttpResponse, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let id = ApprovalId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = insureds::lock::<AskApproval>(desk.tx, desk.actor, insured).await?;
            let revises = body.revises.map(CertificateId::from_uuid);
            let composed =
                compose(&mut desk, insured, revises, &body.draft, Number::Placeholder, now).await?;
            let request = serde_json::to_value(&body.draft).map_err(Problem::internal)?;
            let asked = ask(permit, id, &composed.draft, request, revises, &body.note, now)?;
            approvals::record_asked(desk.tx, &asked).await?;
            view(&mut desk, id, now).await
        })
        .await
}

impl From<AskError> for Problem {
    fn from(error: AskError) -> Self {
        match error {
            AskError::NothingBlocks => Self::new(ProblemType::NothingToApprove)
                .detail("Nothing blocks this certificate any more; send it."),
            AskError::NotLiftable(findings) => Self::not_liftable(findings),
            AskError::Note(fault) => Self::field("/note", code(fault), fault),
            AskError::OtherInsured => Self::internal(error),
        }
    }
}
