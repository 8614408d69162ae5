//! Issuing a certificate and mailing it.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::SendCertificate;
use countersign_domain::certificates::attachments::TooHeavy;
use countersign_domain::certificates::delivery::{ChannelNotOpen, Envelope, EnvelopeError};
use countersign_domain::certificates::send::{FreshIds, HolderChoice, Page, SendError, Wish, draft};
use countersign_domain::ids::{CertificateId, DeliveryId, HolderId, InsuredId, InterestId, JobId, MasterId};
use countersign_domain::policies::Line;
use countersign_domain::text::NonBlank;
use countersign_persistence::{certificates, insureds};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::CertificateView;
use super::get::view;
use crate::context::Caller;
use crate::faults::{Faults, code};
use crate::holders::HolderBody;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, ProblemType, Problems, sentence};
use crate::wire::{ChannelWord, LineWord};

/// For whom: exactly one of a known holder's `id`, a `new` holder, or an additional interest's `interest_id`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HolderChoiceBody {
    /// A holder of the library; in the portal, one of the insured's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Uuid>,
    /// A new holder; it joins the library and the insured's dropdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<HolderBody>,
    /// The new holder is needed this once: the library keeps it put away, and no dropdown offers it.
    #[serde(default, skip_serializing_if = "is_false")]
    one_time: bool,
    /// An additional interest of the insured that stands: the holder that it is. Not open to insureds in the portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    interest_id: Option<Uuid>,
}

/// What the sender decides about the page.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftBody {
    /// From which master certificate.
    pub(super) master_id: Uuid,
    /// For whom.
    pub(super) holder: HolderChoiceBody,
    /// Description of operations; the master's unless given. Not open to insureds in the portal.
    #[schema(max_length = 10_000)]
    pub(super) description: Option<String>,
    /// Lines to mark ADDL INSD; those of the master unless given.
    pub(super) additional_insured: Option<Vec<LineWord>>,
    /// Lines to mark SUBR WVD; those of the master unless given.
    pub(super) waiver: Option<Vec<LineWord>>,
}

impl DraftBody {
    pub(super) fn parse(&self, faults: &mut Faults) -> Option<Wish> {
        if self.holder.one_time && self.holder.new.is_none() {
            faults.add("/holder/one_time", "new_only", "is only for a new holder");
        }
        let holder = match (self.holder.id, &self.holder.new, self.holder.interest_id) {
            (Some(id), None, None) => Some(HolderChoice::Known(HolderId::from_uuid(id))),
            (None, Some(new), None) => {
                let choice = match self.holder.one_time {
                    true => HolderChoice::OneTime,
                    false => HolderChoice::New,
                };
                new.parse(faults, "/holder/new").map(choice)
            }
            (None, None, Some(id)) => Some(HolderChoice::Interest(InterestId::from_uuid(id))),
            _ => {
                faults.add(
                    "/holder",
                    "choose_one",
                    "choose a holder used before, or enter a new one",
                );
                None
            }
        };
        let lines = |words: &Option<Vec<LineWord>>| {
            words.as_ref().map(|words| {
                words
                    .iter()
                    .map(|word| Line::from(*word))
                    .collect::<BTreeSet<_>>()
            })
        };
        Some(Wish {
            master: MasterId::from_uuid(self.master_id),
            holder: holder?,
            description: self.description.clone(),
            additional_insured: lines(&self.additional_insured),
            waiver: lines(&self.waiver),
        })
    }
}

/// Who receives it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecipientsBody {
    /// At least one address; To and Cc together at most 20.
    to: Vec<String>,
    #[serde(default)]
    cc: Vec<String>,
}

/// A certificate to send.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendBody {
    /// From which master certificate.
    master_id: Uuid,
    /// For whom.
    holder: HolderChoiceBody,
    /// Description of operations; the master's unless given. Not open to insureds in the portal.
    #[schema(max_length = 10_000)]
    description: Option<String>,
    /// Lines to mark ADDL INSD; those of the master unless given.
    additional_insured: Option<Vec<LineWord>>,
    /// Lines to mark SUBR WVD; those of the master unless given.
    waiver: Option<Vec<LineWord>>,
    /// Who receives it.
    recipients: RecipientsBody,
    /// Subject of the mail; one that names number, insured and holder unless given.
    subject: Option<String>,
    /// A few words of the sender's own.
    message: Option<String>,
    /// How the mail carries the page: unless given, as the holder prefers, or else as an `attachment`. Not open to insureds
    /// in the portal: what they send goes as the holder prefers, or else as the agency has chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<ChannelWord>,
    /// Whether the files of the endorsements that the certificate rests on go with it; they do unless this is `false`.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    attach_endorsements: bool,
    /// Lets the mail wait a moment before it leaves, so that it can be undone.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) undoable: bool,
}

/// What a flag says that is left out and means yes.
pub(crate) const fn yes() -> bool {
    true
}

/// As serde asks whether to leave out a flag that means yes where it is missing.
pub(crate) const fn is_true(flag: &bool) -> bool {
    *flag
}

/// As serde asks whether to leave a flag out.
pub(super) const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Checks recipients and words of a mail whose addresses stand at `pointer`.
pub(super) fn envelope(
    faults: &mut Faults,
    pointer: &str,
    recipients: &RecipientsBody,
    subject: Option<&str>,
    message: Option<&str>,
) -> Option<Envelope> {
    let to = faults.emails(&format!("{pointer}/to"), &recipients.to);
    let cc = faults.emails(&format!("{pointer}/cc"), &recipients.cc);
    let subject = faults.optional("/subject", subject, NonBlank::parse);
    match Envelope::new(to, cc, subject, message.unwrap_or_default()) {
        Ok(envelope) => Some(envelope),
        Err(error) => {
            let (pointer, code) = envelope_fault(pointer, error);
            faults.add(&pointer, code, error);
            None
        }
    }
}

/// Where an envelope's fault stands.
pub(crate) fn envelope_fault(pointer: &str, error: EnvelopeError) -> (String, &'static str) {
    match error {
        EnvelopeError::NoRecipients => (format!("{pointer}/to"), "empty"),
        EnvelopeError::TooManyRecipients => (format!("{pointer}/to"), "too_many"),
        EnvelopeError::Message(reason) => ("/message".to_owned(), code(reason)),
    }
}

impl SendBody {
    pub(crate) fn parse(&self) -> Result<(Wish, Envelope), Problem> {
        let mut faults = Faults::default();
        let draft = DraftBody {
            master_id: self.master_id,
            holder: self.holder.clone(),
            description: self.description.clone(),
            additional_insured: self.additional_insured.clone(),
            waiver: self.waiver.clone(),
        };
        let wish = draft.parse(&mut faults);
        let envelope = envelope(
            &mut faults,
            "/recipients",
            &self.recipients,
            self.subject.as_deref(),
            self.message.as_deref(),
        );
        let envelope = envelope.map(|envelope| {
            envelope
                .through(self.channel.map(Into::into))
                .with_endorsements(self.attach_endorsements)
        });
        faults.finish(wish.zip(envelope))
    }

    /// Whether the files of the endorsements go with it.
    pub(crate) const fn has_endorsements(&self) -> bool {
        self.attach_endorsements
    }
}

/// Issues a certificate and queues its mail, in one act.
///
/// The certificate is computed from the policies as they are now, checked by the truth gate, frozen, numbered and
/// stored. With it go the files of the endorsements that stand behind its marks or that its description names, unless
/// they are left out; nothing is sent when they do not fit into one mail, or when a finding blocks.
/// `delivery.sent_by_email` becomes true when the relay accepts the mail. Without a `channel` the mail carries the page as
/// the holder prefers (`channel` of the holder); `deliveries` of the answer tell how it goes.
#[utoipa::path(tag = "certificates", params(IdempotencyKey, ("insured" = Uuid, Path, description = "The insured's id")),
    request_body = SendBody, responses((status = 201, body = CertificateView), Problems))]
#[post("/v1/insureds/{insured}/certificates")]
pub(crate) async fn send_certificate(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<SendBody>,
) -> Result<HttpResponse, Problem> {
    let insured = InsuredId::from_uuid(path.into_inner());
    let now = caller.now();
    let ids = fresh_ids(&caller);
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = insureds::lock::<SendCertificate>(desk.tx, desk.actor, insured).await?;
            let (wish, envelope) = body.parse()?;
            let facts = certificates::send_facts(desk.tx, &permit, &wish, now)
                .await
                .map_err(master_unknown)?;
            let number = certificates::next_number(desk.tx, now).await?;
            let cleared = draft(permit, wish, facts, number, countersign_documents::is_printable)?.clear()?;
            let page =
                countersign_documents::render_certificate(cleared.payload()).map_err(Problem::internal)?;
            let page = Page {
                bytes: page.bytes,
                pages: page.pages,
            };
            let sent = cleared.seal(page, envelope, ids, now)?;
            caller.hold(desk.tx, body.undoable);
            certificates::record_sent(desk.tx, &sent).await?;
            metrics::counter!("countersign_certificates_sent_total").increment(1);
            view(&mut desk, ids.certificate, now).await
        })
        .await
}

/// Ids for what sending creates.
pub(crate) fn fresh_ids(caller: &Caller) -> FreshIds {
    FreshIds {
        certificate: CertificateId::from_uuid(caller.fresh_id()),
        delivery: DeliveryId::from_uuid(caller.fresh_id()),
        holder: HolderId::from_uuid(caller.fresh_id()),
        job: JobId::from_uuid(caller.fresh_id()),
    }
}

/// A master of another insured is as unknown as one that does not exist.
pub(crate) fn master_unknown(error: countersign_persistence::Error) -> Problem {
    match error {
        countersign_persistence::Error::NotFound => SendError::MasterUnknown.into(),
        other => other.into(),
    }
}

impl From<ChannelNotOpen> for Problem {
    fn from(error: ChannelNotOpen) -> Self {
        Self::field("/channel", "not_open", error)
    }
}

impl From<TooHeavy> for Problem {
    fn from(error: TooHeavy) -> Self {
        Self::new(ProblemType::MailTooLarge).detail(sentence(&error.to_string()))
    }
}

impl From<SendError> for Problem {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Blocked(findings) => Self::blocked(findings),
            SendError::AgencyIncomplete => Self::new(ProblemType::AgencyIncomplete)
                .detail("The agency's mailing address is missing; add it under Settings > Agency."),
            SendError::HolderUnknown => {
                Self::field("/holder/id", "unknown", "is not a holder that can be chosen here")
            }
            SendError::InterestUnknown => Self::field(
                "/holder/interest_id",
                "unknown",
                "is not an additional interest that can be chosen here",
            ),
            SendError::InterestNotCurrent(reason) => Self::field(
                "/holder/interest_id",
                "not_current",
                sentence(&reason.to_string()),
            ),
            SendError::MasterUnknown => Self::field(
                "/master_id",
                "unknown",
                "is not a master certificate that can be used here",
            ),
            SendError::Description(reason) => Self::field("/description", code(reason), reason),
            SendError::Placeholder(reason) => Self::field(
                "/description",
                crate::templates::placeholder_code(&reason),
                reason,
            ),
            SendError::DescriptionNotOpen => Self::field("/description", "not_open", error),
            SendError::ChannelNotOpen(error) => error.into(),
            SendError::TooHeavy(error) => error.into(),
            SendError::Encoding => Self::internal("a payload has no canonical form"),
        }
    }
}
