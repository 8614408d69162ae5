//! Turning off a link that was mailed.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::TurnOffLink;
use countersign_domain::certificates::link::{TurnOffError, turn_off};
use countersign_domain::ids::{CertificateId, DeliveryId};
use countersign_persistence::certificates;
use uuid::Uuid;

use super::CertificateView;
use super::get::view;
use crate::context::Caller;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, ProblemType, Problems, sentence};

/// Turns off the link that a sending carries: it opens nothing any more, and says so to whoever comes with it.
///
/// What was saved before stays where it was saved. A mail that still waits does not leave. Refused with `link_not_on` where
/// the page went out as an attachment, or the link opens nothing already.
#[utoipa::path(tag = "certificates", params(IdempotencyKey, 
    ("certificate" = Uuid, Path, description = "The certificate's id"),
    ("delivery" = Uuid, Path, description = "The sending's id")),
    responses((status = 200, body = CertificateView), Problems))]
#[post("/v1/certificates/{certificate}/deliveries/{delivery}/turn-off-link")]
pub(crate) async fn turn_off_link(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (certificate, delivery) = path.into_inner();
    let id = CertificateId::from_uuid(certificate);
    let now = caller.now();
    caller
        .once(StatusCode::OK, &(), async |mut desk| {
            // The sending is held, not the certificate, as when it is undone.
            let permit = certificates::find::<TurnOffLink>(desk.tx, desk.actor, id).await?;
            let link = certificates::link_facts(desk.tx, &permit, DeliveryId::from_uuid(delivery)).await?;
            let off = turn_off(permit, link, now)?;
            certificates::record_link_turned_off(desk.tx, &off).await?;
            view(&mut desk, id, now).await
        })
        .await
}

impl From<TurnOffError> for Problem {
    fn from(error: TurnOffError) -> Self {
        Self::new(ProblemType::LinkNotOn).detail(sentence(&error.to_string()))
    }
}
