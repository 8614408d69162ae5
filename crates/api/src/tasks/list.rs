//! What is to be done.

use actix_web::{get, web};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{ListTasks, SettleTask};
use countersign_domain::tasks::Task;
use countersign_persistence::tasks;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::context::Caller;
use crate::cursor::Purpose;
use crate::problem::{Problem, Problems};
use crate::wire::{DateTime, PageInfo, Utc};

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TasksQuery {
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A mail that came back: somebody must find the right address, or say why not.
#[derive(Serialize, ToSchema)]
#[schema(as = Task)]
pub(crate) struct TaskView {
    id: Uuid,
    certificate_id: Uuid,
    number: String,
    insured_id: Uuid,
    insured_name: String,
    holder_id: Uuid,
    /// As printed.
    holder_name: String,
    /// The address that sent it back.
    address: String,
    /// What the other side said.
    reason: String,
    created_at: DateTime<Utc>,
    /// What the caller may do: `settle`.
    may: Vec<&'static str>,
}

impl TaskView {
    fn of(task: &Task, actor: &Actor) -> Self {
        Self {
            id: task.id.uuid(),
            certificate_id: task.certificate.uuid(),
            number: task.number.clone(),
            insured_id: task.insured.uuid(),
            insured_name: task.insured_name.clone(),
            holder_id: task.holder.uuid(),
            holder_name: task.holder_name.clone(),
            address: task.address.to_string(),
            reason: task.reason.clone(),
            created_at: task.created_at,
            may: if actor.may::<SettleTask>(task) {
                vec!["settle"]
            } else {
                Vec::new()
            },
        }
    }
}

/// A page of open tasks.
#[derive(Serialize, ToSchema)]
pub(crate) struct TaskPage {
    data: Vec<TaskView>,
    page: PageInfo,
}

/// Lists the mails that came back and that nobody has settled, the latest first.
#[utoipa::path(tag = "mail", params(TasksQuery), responses((status = 200, body = TaskPage), Problems))]
#[get("/v1/tasks")]
pub(crate) async fn list_tasks(
    caller: Caller,
    query: web::Query<TasksQuery>,
) -> Result<web::Json<TaskPage>, Problem> {
    let page = caller
        .read(async |desk| {
            let scope = desk.actor.scope::<ListTasks>()?;
            let purpose = Purpose::of("tasks", scope.agency(), &());
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let page = tasks::list(desk.tx, &scope, &request).await?;
            Ok(TaskPage {
                page: caller.cursors().info(&page, &purpose)?,
                data: page
                    .rows
                    .iter()
                    .map(|task| TaskView::of(task, desk.actor))
                    .collect(),
            })
        })
        .await?;
    Ok(web::Json(page))
}
