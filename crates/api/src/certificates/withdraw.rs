//! Taking a certificate back.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::WithdrawCertificate;
use countersign_domain::certificates::withdraw::{WithdrawError, withdraw};
use countersign_domain::ids::CertificateId;
use countersign_persistence::certificates;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::CertificateView;
use super::get::view;
use crate::context::Caller;
use crate::faults::code;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};

/// Why a certificate is withdrawn.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WithdrawBody {
    /// In words for the agency's own people, at most 500 characters; insureds do not see them.
    reason: String,
}

/// Withdraws a certificate: it stays in the log with the reason, and can no longer be sent or revised.
///
/// Mail of it that still waits is not sent any more. Nobody is told; the page stays where it is.
#[utoipa::path(tag = "certificates", params(IdempotencyKey, ("certificate" = Uuid, Path, description = "The certificate's id")),
    request_body = WithdrawBody, responses((status = 200, body = CertificateView), Problems))]
#[post("/v1/certificates/{certificate}/withdrawal")]
pub(crate) async fn withdraw_certificate(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<WithdrawBody>,
) -> Result<HttpResponse, Problem> {
    let id = CertificateId::from_uuid(path.into_inner());
    let now = caller.now();
    caller
        .once(StatusCode::OK, &*body, async |mut desk| {
            let permit = certificates::lock::<WithdrawCertificate>(desk.tx, desk.actor, id).await?;
            let withdrawn = withdraw(permit, &body.reason, now)?;
            certificates::record_withdrawn(desk.tx, &withdrawn).await?;
            metrics::counter!("countersign_certificates_withdrawn_total").increment(1);
            view(&mut desk, id, now).await
        })
        .await
}

impl From<WithdrawError> for Problem {
    fn from(error: WithdrawError) -> Self {
        match error {
            WithdrawError::NotStanding(why) => Self::not_standing(why),
            WithdrawError::Reason(fault) => Self::field("/reason", code(fault), fault),
        }
    }
}
