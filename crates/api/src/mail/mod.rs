//! Mail that could not be sent: a list that staff see, and another try.

mod dsn;
mod events;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post, web};
use countersign_domain::authz::rules::RetryMail;
use countersign_domain::certificates::report::MailEvent;
use countersign_domain::ids::{InsuredId, JobId};
use countersign_domain::jobs::retry::retry;
use countersign_persistence::{agencies, jobs};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::context::Caller;
use crate::cursor::Purpose;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};
use crate::wire::{DateTime, PageInfo, Utc};

pub(crate) use events::{PATH as MAIL_EVENTS, receive_mail_events};

/// An address that a mail came back from, and from which nothing else was heard since.
#[derive(Serialize, ToSchema)]
#[schema(as = CameBack)]
pub(crate) struct CameBackView {
    address: String,
    /// What the other side said; possibly nothing.
    reason: String,
    /// When.
    at: DateTime<Utc>,
}

impl From<&MailEvent> for CameBackView {
    fn from(event: &MailEvent) -> Self {
        Self {
            address: event.recipient.to_string(),
            reason: event.reason.clone(),
            at: event.at,
        }
    }
}

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FailedJobsQuery {
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Work that was given up.
#[derive(Serialize, ToSchema)]
pub(crate) struct FailedJob {
    id: Uuid,
    /// A word for programs.
    kind: String,
    /// One line for people.
    summary: String,
    /// On whose profile it belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    insured_id: Option<Uuid>,
    failed_at: DateTime<Utc>,
    attempts: u32,
    last_error: String,
}

/// A page of failed work.
#[derive(Serialize, ToSchema)]
pub(crate) struct FailedJobPage {
    data: Vec<FailedJob>,
    page: PageInfo,
}

/// Lists mail that was given up, the latest first.
#[utoipa::path(tag = "mail", params(FailedJobsQuery), responses((status = 200, body = FailedJobPage), Problems))]
#[get("/v1/failed-jobs")]
pub(crate) async fn list_failed_jobs(
    caller: Caller,
    query: web::Query<FailedJobsQuery>,
) -> Result<web::Json<FailedJobPage>, Problem> {
    let now = caller.now();
    let page = caller
        .read(async |desk| {
            let permit = agencies::find::<RetryMail>(desk.tx, desk.actor).await?;
            let purpose = Purpose::of("failed-jobs", desk.actor.agency(), &());
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let page = jobs::list_buried(desk.tx, &permit, &request, now).await?;
            let info = caller.cursors().info(&page, &purpose)?;
            let data = page
                .rows
                .into_iter()
                .map(|job| FailedJob {
                    id: job.id.uuid(),
                    summary: job.summary(),
                    kind: job.kind,
                    insured_id: job.insured.map(InsuredId::uuid),
                    failed_at: job.failed_at,
                    attempts: job.attempts,
                    last_error: job.last_error,
                })
                .collect();
            Ok(FailedJobPage { data, page: info })
        })
        .await?;
    Ok(web::Json(page))
}

/// Tries failed work again.
#[utoipa::path(tag = "mail", params(IdempotencyKey, ("job" = Uuid, Path, description = "The job's id")),
    responses((status = 204, description = "It is in the queue again"), Problems))]
#[post("/v1/failed-jobs/{job}/retry")]
pub(crate) async fn retry_failed_job(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let id = JobId::from_uuid(path.into_inner());
    let now = caller.now();
    caller
        .once(StatusCode::NO_CONTENT, &(), async |desk| {
            let permit = agencies::find::<RetryMail>(desk.tx, desk.actor).await?;
            let buried = jobs::lock_buried(desk.tx, &permit, id).await?;
            let retried = retry(&permit, buried, now);
            Ok(jobs::record_retried(desk.tx, &retried).await?)
        })
        .await
}
