//! Sending a certificate again.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::ResendCertificate;
use countersign_domain::certificates::resend::{Resend, ResendError, resend};
use countersign_domain::ids::{CertificateId, DeliveryId, JobId};
use countersign_persistence::certificates;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::CertificateView;
use super::get::view;
use super::send::{RecipientsBody, envelope, envelope_fault, is_false};
use crate::context::Caller;
use crate::faults::Faults;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, ProblemType, Problems, sentence};
use crate::wire::ChannelWord;

/// How to send it again. What is printed never changes.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum ResendBody {
    /// The same bytes to the recipients of the last sending.
    ExactCopy {
        /// How the mail carries the page: as the last sending did unless given. Not open to insureds in the portal: what
        /// they send goes as the holder prefers, or else as the agency has chosen.
        #[serde(skip_serializing_if = "Option::is_none")]
        channel: Option<ChannelWord>,
        /// Lets the mail wait a moment before it leaves, so that it can be undone.
        #[serde(default, skip_serializing_if = "is_false")]
        undoable: bool,
    },
    /// The same bytes to other recipients, or with other words.
    Edited {
        /// Who receives it.
        recipients: RecipientsBody,
        /// Subject of the mail; the usual one unless given.
        subject: Option<String>,
        /// A few words of the sender's own.
        message: Option<String>,
        /// How the mail carries the page: as the last sending did unless given. Not open to insureds in the portal: what
        /// they send goes as the holder prefers, or else as the agency has chosen.
        #[serde(skip_serializing_if = "Option::is_none")]
        channel: Option<ChannelWord>,
        /// Lets the mail wait a moment before it leaves, so that it can be undone.
        #[serde(default, skip_serializing_if = "is_false")]
        undoable: bool,
    },
}

impl ResendBody {
    const fn is_undoable(&self) -> bool {
        match self {
            Self::ExactCopy { undoable, .. } | Self::Edited { undoable, .. } => *undoable,
        }
    }

    fn parse(&self) -> Result<Resend, Problem> {
        match self {
            Self::ExactCopy { channel, .. } => Ok(Resend::ExactCopy(channel.map(Into::into))),
            Self::Edited {
                recipients,
                subject,
                message,
                channel,
                ..
            } => {
                let mut faults = Faults::default();
                let envelope = envelope(
                    &mut faults,
                    "/recipients",
                    recipients,
                    subject.as_deref(),
                    message.as_deref(),
                );
                let envelope = envelope.map(|envelope| envelope.through(channel.map(Into::into)));
                faults.finish(envelope.map(Resend::Edited))
            }
        }
    }
}

/// Sends a certificate again: the stored bytes, as an exact copy or to edited recipients, with the endorsements that went
/// with it at first.
///
/// Refused once a policy on the certificate has ended or was renewed or cancelled: send a new certificate then. Refused
/// as well when it was withdrawn or superseded; `superseded_by` names the newer one.
#[utoipa::path(tag = "certificates", params(IdempotencyKey, ("certificate" = Uuid, Path, description = "The certificate's id")),
    request_body = ResendBody, responses((status = 201, body = CertificateView), Problems))]
#[post("/v1/certificates/{certificate}/deliveries")]
pub(crate) async fn resend_certificate(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<ResendBody>,
) -> Result<HttpResponse, Problem> {
    let id = CertificateId::from_uuid(path.into_inner());
    let delivery = DeliveryId::from_uuid(caller.fresh_id());
    let job = JobId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = certificates::lock::<ResendCertificate>(desk.tx, desk.actor, id).await?;
            let how = body.parse()?;
            let facts = certificates::resend_facts(desk.tx, &permit, now).await?;
            let resent = resend(permit, how, facts, delivery, job, now)?;
            caller.hold(desk.tx, body.is_undoable());
            certificates::record_resent(desk.tx, &resent).await?;
            view(&mut desk, id, now).await
        })
        .await
}

impl From<ResendError> for Problem {
    fn from(error: ResendError) -> Self {
        match error {
            ResendError::TermEnded { .. } => {
                Self::new(ProblemType::CertificateTermEnded).detail(sentence(&error.to_string()))
            }
            ResendError::NotStanding(why) => Self::not_standing(why),
            ResendError::Envelope(error) => {
                let (pointer, code) = envelope_fault("/recipients", error);
                Self::field(&pointer, code, error)
            }
            ResendError::ChannelNotOpen(error) => error.into(),
            ResendError::TooHeavy(error) => error.into(),
        }
    }
}
