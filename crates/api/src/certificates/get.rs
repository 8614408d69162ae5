//! A certificate with its print, its findings and its deliveries.

use actix_web::{get, web};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{TurnOffLink, ViewCertificate};
use countersign_domain::certificates::CertificateState;
use countersign_domain::certificates::approval::Override;
use countersign_domain::certificates::cover::{EndReason, Ended};
use countersign_domain::certificates::delivery::{Channel, DeliveryKind, DeliveryState};
use countersign_domain::certificates::payload::{CertificatePayload, hex};
use countersign_domain::certificates::report::MailEventKind;
use countersign_domain::certificates::truth::Finding;
use countersign_domain::ids::CertificateId;
use countersign_domain::interests::Nature;
use countersign_persistence::certificates::{
    self, DeliveryRow, Detail, EventRow, LinkEventRow, RevisionRow, SetbackRow,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::attachments::AttachmentView;
use super::list::{CertificateRowView, CertificateStateWord, DeliveryStateWord, OutcomeWord, outcome};
use crate::context::{Caller, Desk};
use crate::interests::NatureWord;
use crate::problem::{Problem, Problems};
use crate::wire::{ChannelWord, DateTime, FindingView, LineWord, NaiveDate, Utc, wire_enum};

wire_enum! {
    /// Why a sending happened.
    DeliveryKindWord for DeliveryKind {
        Original = "original",
        ExactCopy = "exact_copy",
        Edited = "edited",
    }
}

wire_enum! {
    /// Why a policy no longer covers.
    EndReasonWord for EndReason {
        Cancelled = "cancelled",
        Expired = "expired",
    }
}

/// A printed policy that no longer covers.
#[derive(Serialize, ToSchema)]
#[schema(as = EndedPolicy)]
pub(crate) struct EndedPolicyView {
    line: LineWord,
    /// Absent behind a link, where there are no policies to look at.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_id: Option<Uuid>,
    /// As printed.
    policy_number: String,
    /// The first day without cover.
    on: NaiveDate,
    reason: EndReasonWord,
}

impl EndedPolicyView {
    /// For whoever may look at the certificate in an app.
    fn of(ended: Ended) -> Self {
        Self {
            policy_id: Some(ended.policy.uuid()),
            ..Self::behind_link(ended)
        }
    }

    /// For whoever has a link.
    pub(crate) fn behind_link(ended: Ended) -> Self {
        Self {
            line: ended.line.into(),
            policy_id: None,
            policy_number: ended.number,
            on: ended.on,
            reason: ended.reason.into(),
        }
    }
}

/// What can happen to a sending.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryStepWord {
    /// It was asked for.
    Queued,
    /// It was taken back before it left.
    Undone,
    /// It could not be handed over or taken yet; it is tried again.
    Deferred,
    /// The relay took it.
    Accepted,
    /// It was given up.
    Failed,
    /// It arrived at a recipient.
    Delivered,
    /// It came back from a recipient.
    Bounced,
    /// A recipient called it unwanted.
    Complained,
    /// Somebody opened its link, for the first time.
    LinkOpened,
    /// Somebody saved the page through its link.
    LinkDownloaded,
    /// Its link was turned off.
    LinkTurnedOff,
}

impl From<MailEventKind> for DeliveryStepWord {
    fn from(kind: MailEventKind) -> Self {
        match kind {
            MailEventKind::Deferred => Self::Deferred,
            MailEventKind::Delivered => Self::Delivered,
            MailEventKind::Bounced => Self::Bounced,
            MailEventKind::Complained => Self::Complained,
        }
    }
}

/// One thing that happened to a sending.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeliveryStep {
    /// `queued`; `deferred` for each attempt that is tried again; `accepted`, `failed` or `undone`; then what the relay
    /// tells of each recipient and what was done with its link.
    state: DeliveryStepWord,
    at: DateTime<Utc>,
    /// Why it was deferred, given up or sent back.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// At which recipient; absent where it is about the whole mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<String>,
}

/// Whether a link opens anything.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LinkStateWord {
    /// It works.
    On,
    /// It was turned off.
    Off,
    /// Its time is over.
    Expired,
}

/// The link that a mail carried in the place of the page.
#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryLink)]
pub(crate) struct DeliveryLinkView {
    state: LinkStateWord,
    expires_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    turned_off_at: Option<DateTime<Utc>>,
    /// Who turned it off; the name outlives the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    turned_off_by_name: Option<String>,
    /// What the caller may do with it now: `turn_off`.
    may: Vec<&'static str>,
}

impl DeliveryLinkView {
    fn of(row: &DeliveryRow, may_turn_off: bool, now: DateTime<Utc>) -> Option<Self> {
        let expires_at = row.link_expires_at?;
        let state = match row.link_ended_at {
            Some(_) => LinkStateWord::Off,
            None if expires_at <= now => LinkStateWord::Expired,
            None => LinkStateWord::On,
        };
        let works = matches!(state, LinkStateWord::On);
        Some(Self {
            state,
            expires_at,
            turned_off_at: row.link_ended_at,
            turned_off_by_name: row.link_ended_by_name.clone(),
            may: if works && may_turn_off {
                vec!["turn_off"]
            } else {
                Vec::new()
            },
        })
    }
}

/// One sending.
#[derive(Serialize, ToSchema)]
#[schema(as = Delivery)]
pub(crate) struct DeliveryView {
    id: Uuid,
    kind: DeliveryKindWord,
    to: Vec<String>,
    cc: Vec<String>,
    subject: String,
    /// The sender's own words; absent when there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    state: DeliveryStateWord,
    queued_at: DateTime<Utc>,
    /// When the mail relay accepted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted_at: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    attempts: i32,
    /// A crash hit the one gap that mail has; both copies carry the same Message-ID.
    may_have_arrived_twice: bool,
    requested_by_name: String,
    /// What became of it after the relay took it, as far as it was told; the worst of all recipients.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeWord>,
    /// Until when it can be undone; absent when it can not.
    #[serde(skip_serializing_if = "Option::is_none")]
    undo_until: Option<DateTime<Utc>>,
    /// Who took it back before it left; `state` is `failed` then.
    #[serde(skip_serializing_if = "Option::is_none")]
    undone_by_name: Option<String>,
    /// How the mail carries the page.
    channel: ChannelWord,
    /// The link, where the mail carries one.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<DeliveryLinkView>,
    /// What happened to it, the oldest first.
    timeline: Vec<DeliveryStep>,
}

impl DeliveryView {
    fn of(row: DeliveryRow, told: &Told, may_turn_off: bool, now: DateTime<Utc>) -> Result<Self, Problem> {
        let channel: Channel = row.channel.parse().map_err(Problem::internal)?;
        let kind: DeliveryKind = row.kind.parse().map_err(Problem::internal)?;
        let state: DeliveryState = row.state.parse().map_err(Problem::internal)?;
        Ok(Self {
            timeline: timeline(&row, told)?,
            channel: channel.into(),
            link: DeliveryLinkView::of(&row, may_turn_off, now),
            outcome: outcome(row.outcome.as_deref())?,
            undo_until: row
                .held_until
                .filter(|until| state == DeliveryState::Queued && row.claims == 0 && *until > now),
            undone_by_name: row.undone_by_name,
            id: row.id,
            kind: kind.into(),
            to: row.to_addresses,
            cc: row.cc_addresses,
            subject: row.subject,
            message: Some(row.message).filter(|text| !text.is_empty()),
            state: state.into(),
            queued_at: row.queued_at,
            accepted_at: row.accepted_at,
            last_error: row.last_error,
            attempts: row.claims,
            may_have_arrived_twice: row.may_have_arrived_twice,
            requested_by_name: row.requested_by_name,
        })
    }
}

/// What is told of all sendings of a certificate.
struct Told {
    setbacks: Vec<SetbackRow>,
    events: Vec<EventRow>,
    links: Vec<LinkEventRow>,
}

fn timeline(row: &DeliveryRow, told: &Told) -> Result<Vec<DeliveryStep>, Problem> {
    let step = |state: DeliveryStepWord, at, reason: Option<String>, recipient| DeliveryStep {
        state,
        at,
        reason: reason.filter(|reason| !reason.is_empty()),
        recipient,
    };
    let mut steps = vec![step(DeliveryStepWord::Queued, row.queued_at, None, None)];
    let setbacks = told.setbacks.iter();
    for setback in setbacks.filter(|setback| setback.delivery_id == row.id) {
        let state = match setback.state.parse().map_err(Problem::internal)? {
            DeliveryState::Failed => DeliveryStepWord::Failed,
            _ => DeliveryStepWord::Deferred,
        };
        steps.push(step(state, setback.at, Some(setback.reason.clone()), None));
    }
    steps.extend(
        row.undone_at
            .map(|at| step(DeliveryStepWord::Undone, at, None, None)),
    );
    steps.extend(
        row.accepted_at
            .map(|at| step(DeliveryStepWord::Accepted, at, None, None)),
    );
    let mut after = Vec::new();
    for event in told.events.iter().filter(|event| event.delivery_id == row.id) {
        let kind: MailEventKind = event.kind.parse().map_err(Problem::internal)?;
        let recipient = Some(event.recipient.clone());
        after.push(step(kind.into(), event.at, Some(event.reason.clone()), recipient));
    }
    for event in told.links.iter().filter(|event| event.delivery_id == row.id) {
        let state = match event.kind.as_str() {
            "opened" => DeliveryStepWord::LinkOpened,
            _ => DeliveryStepWord::LinkDownloaded,
        };
        after.push(step(state, event.at, None, None));
    }
    // With an undone sending its link goes by itself.
    let turned_off = row.link_ended_at.filter(|_| row.undone_at.is_none());
    after.extend(turned_off.map(|at| step(DeliveryStepWord::LinkTurnedOff, at, None, None)));
    after.sort_by_key(|step| step.at);
    steps.extend(after);
    Ok(steps)
}

/// One revision of the certificate's number.
#[derive(Serialize, ToSchema)]
#[schema(as = CertificateRevision)]
pub(crate) struct RevisionView {
    id: Uuid,
    /// Counts from 0.
    revision: i32,
    state: CertificateStateWord,
    issued_at: DateTime<Utc>,
    /// Who issued it; the name outlives the account.
    sent_by_name: String,
}

impl RevisionView {
    fn of(row: RevisionRow) -> Result<Self, Problem> {
        let state: CertificateState = row.state.parse().map_err(Problem::internal)?;
        Ok(Self {
            id: row.id,
            revision: row.revision,
            state: state.into(),
            issued_at: row.issued_at,
            sent_by_name: row.issued_by_name,
        })
    }
}

/// What the sender chose about the page; a revision begins with it.
#[derive(Serialize, ToSchema)]
pub(crate) struct CertificateChoices {
    /// As printed; empty when there was none.
    description: String,
    /// Lines that are marked ADDL INSD.
    additional_insured: Vec<LineWord>,
    /// Lines that are marked SUBR WVD.
    waiver: Vec<LineWord>,
}

impl CertificateChoices {
    fn of(payload: &CertificatePayload) -> Self {
        let marks = payload.marks();
        Self {
            description: payload.description.clone(),
            additional_insured: marks
                .iter()
                .filter(|marks| marks.additional_insured)
                .map(|marks| marks.line.into())
                .collect(),
            waiver: marks
                .iter()
                .filter(|marks| marks.waiver)
                .map(|marks| marks.line.into())
                .collect(),
        }
    }
}

/// A finding that a second person lifted.
#[derive(Serialize, ToSchema)]
#[schema(as = Override)]
pub(crate) struct OverrideView {
    finding: FindingView,
    asked_by_name: String,
    asked_at: DateTime<Utc>,
    /// What the asker said.
    note: String,
    approved_by_name: String,
    approved_at: DateTime<Utc>,
    reason: String,
}

impl From<Override> for OverrideView {
    fn from(lifted: Override) -> Self {
        Self {
            finding: lifted.finding.into(),
            asked_by_name: lifted.asked_by,
            asked_at: lifted.asked_at,
            note: lifted.note,
            approved_by_name: lifted.approved_by,
            approved_at: lifted.approved_at,
            reason: lifted.reason,
        }
    }
}

/// Somebody whom a certificate could be sent to.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecipientChoice {
    name: String,
    email: String,
}

/// A certificate.
#[derive(Serialize, ToSchema)]
#[schema(as = Certificate)]
pub(crate) struct CertificateView {
    #[serde(flatten)]
    row: CertificateRowView,
    /// SHA-256 of the page, hexadecimal: the same for preview, download and every attachment.
    sha256: String,
    /// SHA-256 of the facts that the page prints (`payload`, written canonically), hexadecimal; the foot of the page
    /// shows its first and last eight characters.
    fingerprint: String,
    size_bytes: i64,
    pages: i32,
    /// The endorsements that went with it, as files; every sending of it carries them.
    attachments: Vec<AttachmentView>,
    /// Everything the page prints.
    #[schema(value_type = Object)]
    payload: serde_json::Value,
    /// The nature of the additional interest that it was sent to, as it is now; absent in the portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    interest_nature: Option<NatureWord>,
    /// What the truth gate found at issue.
    findings: Vec<FindingView>,
    /// What blocked it and was lifted by a second person. The agency's own words for itself: empty in the portal.
    overrides: Vec<OverrideView>,
    /// Every sending, the newest first.
    deliveries: Vec<DeliveryView>,
    /// Every revision of the number, the newest first; this one is among them.
    revisions: Vec<RevisionView>,
    choices: CertificateChoices,
    /// The policies that it names, in the order of the page.
    policy_ids: Vec<Uuid>,
    /// The policies on it that do not cover today any more, in the order of the page, and why.
    cover_ended: Vec<EndedPolicyView>,
    /// Whom one could send it to.
    contacts: Vec<RecipientChoice>,
    /// Why it can no longer be resent, e.g. because a policy on it was renewed; absent when it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    resend_refused: Option<String>,
}

impl CertificateView {
    fn of(
        mut detail: Detail,
        actor: &Actor,
        may_turn_off: bool,
        (cover_ended, resend_refused): (Vec<Ended>, Option<String>),
        now: DateTime<Utc>,
    ) -> Result<Self, Problem> {
        let findings: Vec<Finding> = serde_json::from_value(detail.findings).map_err(Problem::internal)?;
        let overrides: Vec<Override> = match actor {
            Actor::Staff(_) => serde_json::from_value(detail.overrides).map_err(Problem::internal)?,
            Actor::Portal(_) | Actor::System { .. } => Vec::new(),
        };
        let printed: CertificatePayload =
            serde_json::from_value(detail.payload.clone()).map_err(Problem::internal)?;
        let nature: Option<Nature> = match actor {
            Actor::Staff(_) => detail
                .interest_nature
                .map(|word| word.parse().map_err(Problem::internal))
                .transpose()?,
            Actor::Portal(_) | Actor::System { .. } => None,
        };
        let told = Told {
            setbacks: std::mem::take(&mut detail.setbacks),
            events: std::mem::take(&mut detail.events),
            links: std::mem::take(&mut detail.link_events),
        };
        Ok(Self {
            interest_nature: nature.map(NatureWord::from),
            row: CertificateRowView::of(detail.row, actor)?,
            sha256: hex(&detail.sha256),
            fingerprint: detail.fingerprint,
            size_bytes: detail.size_bytes,
            pages: detail.pages,
            attachments: detail.attachments.into_iter().map(AttachmentView::from).collect(),
            payload: detail.payload,
            findings: findings
                .into_iter()
                .filter(|finding| finding.is_told_to(actor))
                .map(FindingView::from)
                .collect(),
            overrides: overrides.into_iter().map(OverrideView::from).collect(),
            deliveries: detail
                .deliveries
                .into_iter()
                .map(|row| DeliveryView::of(row, &told, may_turn_off, now))
                .collect::<Result<_, _>>()?,
            revisions: detail
                .revisions
                .into_iter()
                .map(RevisionView::of)
                .collect::<Result<_, _>>()?,
            choices: CertificateChoices::of(&printed),
            policy_ids: printed.policies().iter().map(|named| named.id.uuid()).collect(),
            cover_ended: cover_ended.into_iter().map(EndedPolicyView::of).collect(),
            contacts: detail
                .contacts
                .into_iter()
                .map(|(name, email)| RecipientChoice { name, email })
                .collect(),
            resend_refused,
        })
    }
}

pub(crate) async fn view(
    desk: &mut Desk<'_>,
    id: CertificateId,
    now: DateTime<Utc>,
) -> Result<CertificateView, Problem> {
    let permit = certificates::find::<ViewCertificate>(desk.tx, desk.actor, id).await?;
    let detail = certificates::detail(desk.tx, &permit).await?;
    let refused = certificates::resend_refusal(desk.tx, &permit, now).await?;
    let ended = certificates::cover_ended(desk.tx, &permit, now).await?;
    let may_turn_off = desk.actor.may::<TurnOffLink>(&permit);
    let refused = refused.map(|reason| reason.to_string());
    CertificateView::of(detail, desk.actor, may_turn_off, (ended, refused), now)
}

/// Shows a certificate: its print, its findings, its deliveries.
#[utoipa::path(tag = "certificates", params(("certificate" = Uuid, Path, description = "The certificate's id")),
    responses((status = 200, body = CertificateView), Problems))]
#[get("/v1/certificates/{certificate}")]
pub(crate) async fn get_certificate(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<web::Json<CertificateView>, Problem> {
    let id = CertificateId::from_uuid(path.into_inner());
    let now = caller.now();
    Ok(web::Json(
        caller
            .transaction(async |mut desk| view(&mut desk, id, now).await)
            .await?,
    ))
}
