//! What is to be done.

use actix_web::{get, web};
use countersign_domain::authz::Actor;
use countersign_domain::authz::rules::{ListTasks, SettleTask};
use countersign_domain::tasks::{About, NoticeBack, Task};
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

/// What a task is about.
#[derive(Serialize, ToSchema)]
#[schema(as = TaskAbout)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum AboutView {
    /// A certificate came back: somebody must find the right address, or say why not.
    Certificate {
        certificate_id: Uuid,
        number: String,
        holder_id: Uuid,
        /// As printed.
        holder_name: String,
        /// The address that sent it back.
        address: String,
        /// What the other side said.
        reason: String,
    },
    /// A courtesy notice of a cancellation came back: somebody must find the right address, or say why not. It can be
    /// sent again from the policy, too.
    Notice {
        policy_id: Uuid,
        policy_number: String,
        holder_id: Uuid,
        holder_name: String,
        /// The address that sent it back.
        address: String,
        /// What the other side said.
        reason: String,
    },
    /// A question before a renewal run came back. The insured is asked again from the run.
    Question {
        master_id: Uuid,
        /// The address that sent it back.
        address: String,
        /// What the other side said.
        reason: String,
    },
    /// The insured answered who still needs a certificate. It is looked at in the renewal run.
    Answer {
        master_id: Uuid,
        /// Who answered, as they wrote it.
        answered_by_name: String,
        /// How many holders still need a certificate.
        wanted: usize,
        /// About how many it was asked.
        holders: usize,
        /// What else the insured said; possibly nothing.
        note: String,
    },
    /// A request for approval was declined. It is taken up again from there.
    Declined {
        approval_id: Uuid,
        /// The name at that time.
        holder_name: String,
        /// Who asked.
        asked_by_name: String,
        /// Who declined.
        declined_by_name: String,
        /// Why.
        reason: String,
    },
}

impl From<&About> for AboutView {
    fn from(about: &About) -> Self {
        match about {
            About::Certificate(back) => Self::Certificate {
                certificate_id: back.certificate.uuid(),
                number: back.number.clone(),
                holder_id: back.holder.uuid(),
                holder_name: back.holder_name.clone(),
                address: back.came_back.address.to_string(),
                reason: back.came_back.reason.clone(),
            },
            About::Notice(NoticeBack {
                policy,
                policy_number,
                holder,
                holder_name,
                came_back,
                ..
            }) => Self::Notice {
                policy_id: policy.uuid(),
                policy_number: policy_number.clone(),
                holder_id: holder.uuid(),
                holder_name: holder_name.clone(),
                address: came_back.address.to_string(),
                reason: came_back.reason.clone(),
            },
            About::Question {
                master, came_back, ..
            } => Self::Question {
                master_id: master.uuid(),
                address: came_back.address.to_string(),
                reason: came_back.reason.clone(),
            },
            About::Answer {
                master,
                name,
                wanted,
                holders,
                note,
                ..
            } => Self::Answer {
                master_id: master.uuid(),
                answered_by_name: name.clone(),
                wanted: *wanted,
                holders: *holders,
                note: note.clone(),
            },
            About::Declined {
                request,
                holder_name,
                asked_by,
                declined_by,
                reason,
            } => Self::Declined {
                approval_id: request.uuid(),
                holder_name: holder_name.clone(),
                asked_by_name: asked_by.clone(),
                declined_by_name: declined_by.clone(),
                reason: reason.clone(),
            },
        }
    }
}

/// Something that staff must do.
#[derive(Serialize, ToSchema)]
#[schema(as = Task)]
pub(crate) struct TaskView {
    id: Uuid,
    insured_id: Uuid,
    insured_name: String,
    about: AboutView,
    created_at: DateTime<Utc>,
    /// What the caller may do: `settle`, which is for certificates and courtesy notices, and `dismiss`.
    may: Vec<&'static str>,
}

impl TaskView {
    fn of(task: &Task, actor: &Actor) -> Self {
        let may = match (&task.about, actor.may::<SettleTask>(task)) {
            (_, false) => Vec::new(),
            (About::Certificate(_) | About::Notice(_), true) => vec!["settle", "dismiss"],
            (_, true) => vec!["dismiss"],
        };
        Self {
            id: task.id.uuid(),
            insured_id: task.insured.uuid(),
            insured_name: task.insured_name.clone(),
            about: AboutView::from(&task.about),
            created_at: task.created_at,
            may,
        }
    }
}

/// A page of open tasks.
#[derive(Serialize, ToSchema)]
pub(crate) struct TaskPage {
    data: Vec<TaskView>,
    page: PageInfo,
}

/// Lists what nobody has settled, the latest first: mails that came back, answers of insureds,
/// and requests for approval that were declined.
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
