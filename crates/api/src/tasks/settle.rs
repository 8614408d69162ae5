//! Settling a task: the right address is noted and the mail goes there, in one act.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::{EditHolder, ResendCertificate, SendCourtesyNotices, SettleTask};
use countersign_domain::certificates::delivery::Envelope;
use countersign_domain::certificates::resend::{Resend, ResendError, resend};
use countersign_domain::ids::{DeliveryId, JobId, NoticeId, TaskId};
use countersign_domain::policies::redirect_notice::{RedirectError, redirect_notice};
use countersign_domain::tasks::{
    About, CertificateBack, NoticeBack, Settled, WentElsewhere, corrected, settle,
};
use countersign_domain::text::EmailAddress;
use countersign_persistence::{agencies, certificates, holders, notices, policies, tasks};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::certificates::{CertificateView, view};
use crate::context::{Caller, Desk};
use crate::faults::Faults;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, ProblemType, Problems};
use crate::wire::{DateTime, Utc};

/// The right address.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettleBody {
    address: String,
}

/// What is on its way to the right address.
#[derive(Serialize, ToSchema)]
#[schema(as = SettledTask)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum SettledView {
    /// A certificate, with its new sending.
    Certificate { certificate: Box<CertificateView> },
    /// A courtesy notice of a policy's cancellation.
    Notice {
        policy_id: Uuid,
        holder_id: Uuid,
        to: String,
        queued_at: DateTime<Utc>,
    },
}

/// Settles a task about a certificate or a courtesy notice: it is sent again, to the right address alone, and where the
/// wrong one stood with the holder the right one takes its place. All of it happens or nothing.
///
/// A certificate is refused as a resend is: once it no longer stands or a policy on it has ended. A notice says what is so
/// now, and is refused once the policy is not cancelled any more, the holder no longer has a live certificate that names
/// it, or the right address was told already. A question is asked again from the renewal run, not here.
#[utoipa::path(tag = "mail", params(IdempotencyKey, ("task" = Uuid, Path, description = "The task's id")),
    request_body = SettleBody, responses((status = 201, body = SettledView), Problems))]
#[post("/v1/tasks/{task}/settle")]
pub(crate) async fn settle_task(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<SettleBody>,
) -> Result<HttpResponse, Problem> {
    let id = TaskId::from_uuid(path.into_inner());
    let mail = caller.fresh_id();
    let job = JobId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let task = tasks::find::<SettleTask>(desk.tx, desk.actor, id).await?;
            if let About::Notice(NoticeBack { policy, .. }) = &task.about {
                // Whoever sends notices holds the policy before its tasks. Held the other way round, each could wait
                // for the other for ever.
                policies::lock::<SendCourtesyNotices>(desk.tx, desk.actor, *policy).await?;
            }
            let permit = tasks::lock::<SettleTask>(desk.tx, desk.actor, id).await?;
            let mut faults = Faults::default();
            let address = faults.text("/address", &body.address, EmailAddress::parse);
            let right = faults.finish(address)?;
            let settled = settle(permit, right, now)?;
            match settled.mail() {
                WentElsewhere::Certificate(back) => {
                    let ids = (DeliveryId::from_uuid(mail), job);
                    let certificate = send_certificate(&mut desk, &settled, back, ids, now).await?;
                    let certificate = Box::new(certificate);
                    Ok(SettledView::Certificate { certificate })
                }
                WentElsewhere::Notice(back) => {
                    let ids = (NoticeId::from_uuid(mail), job);
                    send_notice(&mut desk, &settled, back, ids, now).await
                }
            }
        })
        .await
}

/// Sends the same bytes with the same words to the right address.
async fn send_certificate(
    desk: &mut Desk<'_>,
    settled: &Settled,
    back: &CertificateBack,
    (delivery, job): (DeliveryId, JobId),
    now: DateTime<Utc>,
) -> Result<CertificateView, Problem> {
    let again = certificates::lock::<ResendCertificate>(desk.tx, desk.actor, back.certificate).await?;
    let facts = certificates::resend_facts(desk.tx, &again, now).await?;
    let (subject, message) = (facts.last_subject.clone(), facts.last_message.clone());
    let to = vec![settled.address().clone()];
    let envelope = Envelope::new(to, Vec::new(), Some(subject), &message).map_err(ResendError::from)?;
    let resent = resend(again, Resend::Edited(envelope), facts, delivery, job, now)?;
    // Held before anything is written: what is written holds the end of the audit trail, which comes last everywhere.
    let holder = holders::lock::<EditHolder>(desk.tx, desk.actor, back.holder).await?;
    tasks::record_settled(desk.tx, settled).await?;
    certificates::record_resent(desk.tx, &resent).await?;
    correct(desk, holder, settled, now).await?;
    view(desk, back.certificate, now).await
}

/// Tells the right address what is so now.
async fn send_notice(
    desk: &mut Desk<'_>,
    settled: &Settled,
    back: &NoticeBack,
    ids: (NoticeId, JobId),
    now: DateTime<Utc>,
) -> Result<SettledView, Problem> {
    let permit = policies::lock::<SendCourtesyNotices>(desk.tx, desk.actor, back.policy).await?;
    let card = agencies::card(desk.tx).await?;
    let today = card.profile.zone.day(now);
    let reliant = notices::reliant(desk.tx, &permit, &[back.holder], today)
        .await?
        .pop();
    let (agency, right) = (card.profile.name.as_str(), settled.address());
    let notified = redirect_notice(&permit, agency, back, reliant, right, ids, now)?;
    let holder = holders::lock::<EditHolder>(desk.tx, desk.actor, back.holder).await?;
    tasks::record_settled(desk.tx, settled).await?;
    notices::record_notified(desk.tx, &notified).await?;
    correct(desk, holder, settled, now).await?;
    Ok(SettledView::Notice {
        policy_id: back.policy.uuid(),
        holder_id: back.holder.uuid(),
        to: right.to_string(),
        queued_at: now,
    })
}

/// Puts the right address in the place of the wrong one, where that stands with the holder.
async fn correct(
    desk: &mut Desk<'_>,
    holder: Permit<EditHolder>,
    settled: &Settled,
    now: DateTime<Utc>,
) -> Result<(), Problem> {
    let wrong = &settled.mail().came_back().address;
    if let Some(profile) = corrected(&holder, wrong, settled.address()) {
        let aliases = holder.aliases.clone();
        let edited = countersign_domain::holders::edit(holder, profile, aliases)?;
        holders::record_edited(desk.tx, &edited, now).await?;
    }
    Ok(())
}

impl From<RedirectError> for Problem {
    fn from(error: RedirectError) -> Self {
        match error {
            RedirectError::NotCancelled => Self::new(ProblemType::PolicyNotCancelled)
                .detail("There is nothing to tell the holder any more; dismiss the task with a reason."),
            RedirectError::NotReliant => Self::field("", "not_reliant", error),
            RedirectError::ToldAlready => Self::field("/address", "told_already", error),
        }
    }
}
