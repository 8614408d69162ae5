//! Taking a sending back before its mail was handed over.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::UndoDelivery;
use countersign_domain::certificates::undo::{TooLate, undo};
use countersign_domain::ids::{CertificateId, DeliveryId};
use countersign_persistence::certificates;
use uuid::Uuid;

use super::CertificateView;
use super::get::view;
use crate::context::Caller;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, ProblemType, Problems, sentence};

/// Takes a sending back: its mail does not leave. The certificate keeps its number and stays as it was issued.
///
/// Refused with `delivery_not_waiting` once a worker has taken the mail up. A sending that was taken back before stays so,
/// and the answer is the same. A sending that is asked for with `undoable` waits a moment for this.
#[utoipa::path(tag = "certificates", params(IdempotencyKey, 
    ("certificate" = Uuid, Path, description = "The certificate's id"),
    ("delivery" = Uuid, Path, description = "The sending's id")),
    responses((status = 200, body = CertificateView), Problems))]
#[post("/v1/certificates/{certificate}/deliveries/{delivery}/undo")]
pub(crate) async fn undo_delivery(
    caller: Caller,
    path: web::Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (certificate, delivery) = path.into_inner();
    let id = CertificateId::from_uuid(certificate);
    let now = caller.now();
    caller
        .once(StatusCode::OK, &(), async |mut desk| {
            // The sending is held, not the certificate: the mailer takes the sending first and then, as its state
            // changes, the certificate. Whoever took them the other way round could wait for it for ever.
            let permit = certificates::find::<UndoDelivery>(desk.tx, desk.actor, id).await?;
            let waiting = certificates::undo_facts(desk.tx, &permit, DeliveryId::from_uuid(delivery)).await?;
            if let Some(undone) = undo(permit, waiting, now)? {
                certificates::record_undone(desk.tx, &undone).await?;
            }
            view(&mut desk, id, now).await
        })
        .await
}

impl From<TooLate> for Problem {
    fn from(error: TooLate) -> Self {
        Self::new(ProblemType::DeliveryNotWaiting).detail(sentence(&error.to_string()))
    }
}
