//! Settling a task without doing anything, or by having looked at an answer.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post, web};
use countersign_domain::authz::rules::SettleTask;
use countersign_domain::ids::TaskId;
use countersign_domain::tasks::dismiss;
use countersign_persistence::tasks;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::Caller;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};

/// Why nothing is done.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DismissBody {
    /// It stands in the history; at most 500 characters. May be empty where an answer or a declined
    /// request was looked at.
    reason: String,
}

/// Dismisses a task: nothing is done about the mail that came back, for the reason given; or an answer or
/// a declined request was looked at.
#[utoipa::path(tag = "mail", params(IdempotencyKey, ("task" = Uuid, Path, description = "The task's id")),
    request_body = DismissBody, responses((status = 204), Problems))]
#[post("/v1/tasks/{task}/dismiss")]
pub(crate) async fn dismiss_task(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<DismissBody>,
) -> Result<HttpResponse, Problem> {
    let id = TaskId::from_uuid(path.into_inner());
    let now = caller.now();
    caller
        .once(StatusCode::NO_CONTENT, &*body, async |desk| {
            let permit = tasks::lock::<SettleTask>(desk.tx, desk.actor, id).await?;
            let dismissed = dismiss(permit, &body.reason, now)?;
            tasks::record_dismissed(desk.tx, &dismissed).await?;
            Ok(())
        })
        .await
}
