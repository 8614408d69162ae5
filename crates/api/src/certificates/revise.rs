//! Issuing the next revision of a certificate, and looking at it before.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::{ReviseCertificate, SendCertificate};
use countersign_domain::certificates::revise::{ReviseError, draft};
use countersign_domain::certificates::send::Page;
use countersign_domain::ids::CertificateId;
use countersign_persistence::{certificates, insureds};
use uuid::Uuid;

use super::CertificateView;
use super::get::view;
use super::preview::{Preview, rendered};
use super::send::{DraftBody, SendBody, fresh_ids, master_unknown};
use crate::context::Caller;
use crate::faults::Faults;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};

/// Issues the next revision of a certificate and queues its mail, in one act; the one before is superseded.
///
/// The number stays and the revision counts on. The print is computed from the policies as they are now and passes the
/// same truth gate as a first sending. Mail of the superseded one that still waits is not sent any more.
#[utoipa::path(tag = "certificates", params(IdempotencyKey, ("certificate" = Uuid, Path, description = "The certificate that is revised")),
    request_body = SendBody, responses((status = 201, body = CertificateView), Problems))]
#[post("/v1/certificates/{certificate}/revisions")]
pub(crate) async fn revise_certificate(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<SendBody>,
) -> Result<HttpResponse, Problem> {
    let id = CertificateId::from_uuid(path.into_inner());
    let now = caller.now();
    let ids = fresh_ids(&caller);
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = certificates::lock::<ReviseCertificate>(desk.tx, desk.actor, id).await?;
            let send = insureds::lock::<SendCertificate>(desk.tx, desk.actor, permit.insured).await?;
            let (wish, envelope) = body.parse()?;
            let facts = certificates::send_facts(desk.tx, &send, &wish, now)
                .await
                .map_err(master_unknown)?;
            let cleared = draft(permit, send, wish, facts, countersign_documents::is_printable)?.clear()?;
            let page =
                countersign_documents::render_certificate(cleared.payload()).map_err(Problem::internal)?;
            let page = Page {
                bytes: page.bytes,
                pages: page.pages,
            };
            let revised = cleared.seal(page, envelope, ids, now)?;
            caller.hold(desk.tx, body.undoable);
            certificates::record_revised(desk.tx, &revised).await?;
            metrics::counter!("countersign_certificates_sent_total").increment(1);
            view(&mut desk, ids.certificate, now).await
        })
        .await
}

/// Shows the next revision of a certificate as it would be printed now, with everything the truth gate finds. Nothing
/// is kept.
#[utoipa::path(tag = "certificates", params(("certificate" = Uuid, Path, description = "The certificate that is revised")),
    request_body = DraftBody, responses((status = 200, body = Preview), Problems))]
#[post("/v1/certificates/{certificate}/revisions/preview")]
pub(crate) async fn preview_revision(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<DraftBody>,
) -> Result<web::Json<Preview>, Problem> {
    let id = CertificateId::from_uuid(path.into_inner());
    let now = caller.now();
    let drafted = caller
        .transaction(async |desk| {
            let permit = certificates::find::<ReviseCertificate>(desk.tx, desk.actor, id).await?;
            let send = insureds::find::<SendCertificate>(desk.tx, desk.actor, permit.insured).await?;
            let mut faults = Faults::default();
            let wish = body.parse(&mut faults);
            let wish = faults.finish(wish)?;
            let facts = certificates::send_facts(desk.tx, &send, &wish, now)
                .await
                .map_err(master_unknown)?;
            Ok(draft(
                permit,
                send,
                wish,
                facts,
                countersign_documents::is_printable,
            )?)
        })
        .await?;
    rendered(drafted.print())
}

impl From<ReviseError> for Problem {
    fn from(error: ReviseError) -> Self {
        match error {
            ReviseError::NotStanding(why) => Self::not_standing(why),
            ReviseError::Send(error) => error.into(),
        }
    }
}
