//! Settling a task: the right address is noted and the certificate goes there, in one act.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::{EditHolder, ResendCertificate, SettleTask};
use countersign_domain::certificates::delivery::Envelope;
use countersign_domain::certificates::resend::{Resend, ResendError, resend};
use countersign_domain::ids::{DeliveryId, JobId, TaskId};
use countersign_domain::tasks::{corrected, settle};
use countersign_domain::text::EmailAddress;
use countersign_persistence::{certificates, holders, tasks};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::certificates::{CertificateView, view};
use crate::context::Caller;
use crate::faults::Faults;
use crate::problem::{Problem, Problems};

/// The right address.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettleBody {
    address: String,
}

/// Settles a task about a certificate: it is sent again, to the right address alone, and where the wrong one stood with the
/// holder the right one takes its place. All of it happens or nothing.
///
/// Refused as a resend is: once the certificate no longer stands or a policy on it has ended. A courtesy notice and a
/// question are sent again where they came from, not here.
#[utoipa::path(tag = "mail", params(("task" = Uuid, Path, description = "The task's id")),
    request_body = SettleBody, responses((status = 201, body = CertificateView), Problems))]
#[post("/v1/tasks/{task}/settle")]
pub(crate) async fn settle_task(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<SettleBody>,
) -> Result<HttpResponse, Problem> {
    let id = TaskId::from_uuid(path.into_inner());
    let delivery = DeliveryId::from_uuid(caller.fresh_id());
    let job = JobId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = tasks::lock::<SettleTask>(desk.tx, desk.actor, id).await?;
            let mut faults = Faults::default();
            let address = faults.text("/address", &body.address, EmailAddress::parse);
            let right = faults.finish(address)?;
            let settled = settle(permit, right.clone(), now)?;
            let back = settled.certificate();
            let (certificate, wrong) = (back.certificate, &back.came_back.address);
            let again = certificates::lock::<ResendCertificate>(desk.tx, desk.actor, certificate).await?;
            let facts = certificates::resend_facts(desk.tx, &again, now).await?;
            let (subject, message) = (facts.last_subject.clone(), facts.last_message.clone());
            let envelope = Envelope::new(vec![right.clone()], Vec::new(), Some(subject), &message)
                .map_err(ResendError::from)?;
            let resent = resend(again, Resend::Edited(envelope), facts, delivery, job, now)?;
            certificates::record_resent(desk.tx, &resent).await?;
            let holder = holders::lock::<EditHolder>(desk.tx, desk.actor, back.holder).await?;
            if let Some(profile) = corrected(&holder, wrong, &right) {
                let aliases = holder.aliases.clone();
                let edited = countersign_domain::holders::edit(holder, profile, aliases)?;
                holders::record_edited(desk.tx, &edited, now).await?;
            }
            tasks::record_settled(desk.tx, &settled).await?;
            view(&mut desk, certificate, now).await
        })
        .await
}
