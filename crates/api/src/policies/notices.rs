//! Telling those who rely on a cancelled policy, as a courtesy.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use countersign_domain::authz::rules::{SendCourtesyNotices, ViewPolicyHolders};
use countersign_domain::certificates::delivery::DeliveryState;
use countersign_domain::ids::{HolderId, JobId, NoticeId, PolicyId};
use countersign_domain::policies::notify::{NoticeFacts, NotifyError, Wording, notify};
use countersign_persistence::notices::{self, Back, Newest};
use countersign_persistence::{agencies, policies};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::certificates::{DeliveryStateWord, OutcomeWord};
use crate::context::Caller;
use crate::idempotency::IdempotencyKey;
use crate::mail::CameBackView;
use crate::problem::{Problem, ProblemType, Problems};
use crate::wire::{DateTime, NaiveDate, Utc};

/// What became of the newest notice of a cancellation to a holder.
#[derive(Serialize, ToSchema)]
#[schema(as = CourtesyNotice)]
pub(crate) struct NoticeView {
    /// From which day on it says that the policy does not cover.
    cancelled_on: NaiveDate,
    /// Whether the holder was issued a live certificate that names the policy after it. Where the policy was reinstated,
    /// that tells the holder so; without it, the holder may still believe the notice.
    certificate_since: bool,
    state: DeliveryStateWord,
    to: Vec<String>,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    /// Who sent it; the name outlives the account.
    sent_by_name: String,
    queued_at: DateTime<Utc>,
    /// When the mail relay accepted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted_at: Option<DateTime<Utc>>,
    /// What the mail system told since then, of the worst of its recipients.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeWord>,
    /// The addresses that it came back from; and those that an earlier one of this cancellation did, while nobody has
    /// settled that.
    came_back: Vec<NoticeBackView>,
    /// Whether nobody has it, nor an earlier one of this cancellation: each was given up, or came back from every address.
    /// The holder may be told again then.
    reached_nobody: bool,
}

/// An address that a notice came back from.
#[derive(Serialize, ToSchema)]
#[schema(as = NoticeCameBack)]
struct NoticeBackView {
    #[serde(flatten)]
    back: CameBackView,
    /// The task about it, while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<Uuid>,
}

impl From<&Back> for NoticeBackView {
    fn from(back: &Back) -> Self {
        Self {
            back: CameBackView::from(&back.event),
            task_id: back.task.map(|task| task.uuid()),
        }
    }
}

impl NoticeView {
    /// `certified_at` is when the holder's newest live certificate was issued.
    pub(super) fn of(newest: Newest, certified_at: DateTime<Utc>) -> Result<Self, Problem> {
        let Newest {
            row,
            outcome,
            back,
            reached_nobody,
        } = newest;
        let state: DeliveryState = row.state.parse().map_err(Problem::internal)?;
        Ok(Self {
            cancelled_on: row.cancelled_on,
            certificate_since: certified_at > row.queued_at,
            state: state.into(),
            to: row.to_addresses,
            last_error: row.last_error,
            sent_by_name: row.requested_by_name,
            queued_at: row.queued_at,
            accepted_at: row.accepted_at,
            outcome: outcome.map(OutcomeWord::from),
            came_back: back.iter().map(NoticeBackView::from).collect(),
            reached_nobody,
        })
    }
}

/// A fact of a notice.
#[derive(Serialize, ToSchema)]
struct NoticeFact {
    label: &'static str,
    value: String,
}

/// What a notice says: these words and no others go out, under the agency's name.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticeWording {
    /// Where it would go.
    to: Vec<String>,
    subject: String,
    opening: String,
    facts: Vec<NoticeFact>,
    /// What it is not: a courtesy, no notice under a policy, no right.
    disclaimers: Vec<&'static str>,
    closing: String,
}

/// To whom it would go.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NoticeQuery {
    /// The holder.
    holder_id: Uuid,
}

/// Shows what a courtesy notice to a holder would say. Nothing is sent.
#[utoipa::path(tag = "policies", params(("policy" = Uuid, Path, description = "The policy's id"), NoticeQuery),
    responses((status = 200, body = NoticeWording), Problems))]
#[get("/v1/policies/{policy}/courtesy-notices/preview")]
pub(crate) async fn preview_courtesy_notice(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<NoticeQuery>,
) -> Result<web::Json<NoticeWording>, Problem> {
    let id = PolicyId::from_uuid(path.into_inner());
    let holder = HolderId::from_uuid(query.holder_id);
    let now = caller.now();
    let words = caller
        .read(async |desk| {
            let permit = policies::find::<ViewPolicyHolders>(desk.tx, desk.actor, id).await?;
            let card = agencies::card(desk.tx).await?;
            let today = card.profile.zone.day(now);
            let reliant = notices::reliant_to_show(desk.tx, &permit, &[holder], today).await?;
            if permit.policy.status.cancelled_on().is_none() {
                return Err(NotifyError::NotCancelled.into());
            }
            let reliant = reliant
                .first()
                .ok_or_else(|| Problem::field("/holder_id", "not_reliant", NotifyError::NotReliant(0)))?;
            let facts = NoticeFacts::of(&permit, card.profile.name.as_str(), reliant)
                .ok_or(NotifyError::NotCancelled)?;
            let Wording {
                subject,
                opening,
                facts,
                disclaimers,
                closing,
            } = facts.wording();
            Ok(NoticeWording {
                to: reliant.emails.iter().map(ToString::to_string).collect(),
                subject,
                opening,
                facts: facts
                    .into_iter()
                    .map(|(label, value)| NoticeFact { label, value })
                    .collect(),
                disclaimers: disclaimers.to_vec(),
                closing,
            })
        })
        .await?;
    Ok(web::Json(words))
}

/// Whom to tell.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotifyBody {
    /// Holders of live certificates that name the policy, at most 500; each with an email address, and none that was
    /// told of this cancellation already.
    holder_ids: Vec<Uuid>,
}

/// How many were told.
#[derive(Serialize, ToSchema)]
pub(crate) struct NotifiedView {
    /// One mail for each holder, all of them in the queue.
    queued: usize,
}

/// Mails a courtesy notice of a policy's cancellation to holders of live certificates that name it, one mail for each
/// of them. It promises nothing; the insurer alone gives notice. Nobody is told twice of the same cancellation, unless
/// the first mail was given up or came back from every address.
#[utoipa::path(tag = "policies", params(IdempotencyKey, ("policy" = Uuid, Path, description = "The policy's id")),
    request_body = NotifyBody, responses((status = 201, body = NotifiedView), Problems))]
#[post("/v1/policies/{policy}/courtesy-notices")]
pub(crate) async fn send_courtesy_notices(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<NotifyBody>,
) -> Result<HttpResponse, Problem> {
    let id = PolicyId::from_uuid(path.into_inner());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |desk| {
            // The row is held, so that a second request waits and then finds them told.
            let permit = policies::lock::<SendCourtesyNotices>(desk.tx, desk.actor, id).await?;
            let card = agencies::card(desk.tx).await?;
            let today = card.profile.zone.day(now);
            let chosen: Vec<HolderId> = body.holder_ids.iter().copied().map(HolderId::from_uuid).collect();
            let reliant = notices::reliant(desk.tx, &permit, &chosen, today).await?;
            let fresh = || {
                (
                    NoticeId::from_uuid(caller.fresh_id()),
                    JobId::from_uuid(caller.fresh_id()),
                )
            };
            let notified = notify(permit, card.profile.name.as_str(), &chosen, &reliant, fresh, now)?;
            notices::record_notified(desk.tx, &notified).await?;
            Ok(NotifiedView {
                queued: notified.notices().len(),
            })
        })
        .await
}

impl From<NotifyError> for Problem {
    fn from(error: NotifyError) -> Self {
        let (place, code) = match error {
            NotifyError::NotCancelled => {
                return Self::new(ProblemType::PolicyNotCancelled)
                    .detail("Only a cancelled policy has something to tell its holders.");
            }
            NotifyError::Nobody => (None, "empty"),
            NotifyError::TooMany => (None, "too_many"),
            NotifyError::NotReliant(place) => (Some(place), "not_reliant"),
            NotifyError::NoAddress(place) => (Some(place), "no_address"),
            NotifyError::ToldAlready(place) => (Some(place), "told_already"),
        };
        let pointer = place.map_or_else(
            || "/holder_ids".to_owned(),
            |place| format!("/holder_ids/{place}"),
        );
        Self::field(&pointer, code, error)
    }
}
