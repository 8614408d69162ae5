//! Lifting what blocks a certificate, which sends it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::ApproveFindings;
use countersign_domain::certificates::approval::Decided;
use countersign_domain::certificates::approval::approve::{ApproveError, Seen, approve};
use countersign_domain::certificates::send::Page;
use countersign_domain::ids::ApprovalId;
use countersign_persistence::{approvals, certificates};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::get::{ApprovalView, request_of, view};
use super::{Number, compose};
use crate::certificates::fresh_ids;
use crate::context::Caller;
use crate::faults::code;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, ProblemType, Problems};

/// What was looked at, and why it may be sent.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApproveBody {
    /// At most 500 characters; it stands with the certificate for good.
    reason: String,
    /// `page.seen_page` of the request as it was looked at.
    seen_page: String,
    /// `page.seen_findings` of the request as it was looked at.
    seen_findings: Vec<String>,
}

/// Lifts what blocks a certificate, as a second person, and sends it.
///
/// The certificate is composed and checked anew. When the page, how it is mailed, or a finding that blocks is not what was
/// looked at, nothing is sent. Nobody approves a request of their own.
#[utoipa::path(tag = "approvals", params(IdempotencyKey, ("approval" = Uuid, Path, description = "The request's id")),
    request_body = ApproveBody, responses((status = 200, body = ApprovalView), Problems))]
#[post("/v1/approvals/{approval}/approve")]
pub(crate) async fn approve_findings(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<ApproveBody>,
) -> Result<HttpResponse, Problem> {
    let id = ApprovalId::from_uuid(path.into_inner());
    let now = caller.now();
    let ids = fresh_ids(&caller);
    caller
        .once(StatusCode::OK, &*body, async |mut desk| {
            let permit = approvals::lock::<ApproveFindings>(desk.tx, desk.actor, id).await?;
            permit.waits()?;
            let request = request_of(&permit)?;
            let (insured, revises) = (permit.insured, permit.revises);
            let composed = compose(&mut desk, insured, revises, &request, Number::Next, now).await?;
            let seen = Seen {
                page: body.seen_page.clone(),
                findings: body.seen_findings.iter().cloned().collect(),
            };
            let asked = composed.envelope.channel();
            let reason = &body.reason;
            let (approved, cleared) =
                approve(permit, composed.draft, asked, &seen, reason, ids.certificate, now)?;
            let page =
                countersign_documents::render_certificate(cleared.payload()).map_err(Problem::internal)?;
            let page = Page {
                bytes: page.bytes,
                pages: page.pages,
            };
            match composed.replaces {
                Some(replaced) => {
                    let revised = replaced.by(cleared).seal(page, composed.envelope, ids, now)?;
                    certificates::record_revised(desk.tx, &revised).await?;
                }
                None => {
                    let sent = cleared.seal(page, composed.envelope, ids, now)?;
                    certificates::record_sent(desk.tx, &sent).await?;
                }
            }
            approvals::record_approved(desk.tx, &approved).await?;
            metrics::counter!("countersign_certificates_sent_total").increment(1);
            view(&mut desk, id, now).await
        })
        .await
}

impl From<ApproveError> for Problem {
    fn from(error: ApproveError) -> Self {
        match error {
            ApproveError::Decided(decided) => decided.into(),
            ApproveError::Reason(fault) => Self::field("/reason", code(fault), fault),
            ApproveError::Changed => Self::new(ProblemType::ApprovalChanged).detail(
                "The page, how it is mailed, or what blocks it is not what you looked at. Look again before you decide.",
            ),
            ApproveError::NotLiftable(findings) => Self::not_liftable(findings),
            ApproveError::OtherInsured => Self::internal(error),
        }
    }
}

impl From<Decided> for Problem {
    fn from(_: Decided) -> Self {
        Self::new(ProblemType::ApprovalDecided).detail("Somebody decided this request already.")
    }
}
