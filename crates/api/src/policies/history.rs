//! What was changed on a policy, by whom and when.

use actix_web::{get, web};
use countersign_domain::authz::rules::ViewPolicyHistory;
use countersign_domain::ids::PolicyId;
use countersign_domain::policies::terms::Difference;
use countersign_persistence::audit::Activity;
use countersign_persistence::{audit, policies};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::holders::PolicyPageQuery;
use crate::context::Caller;
use crate::cursor::Purpose;
use crate::insureds::{ActivityActor, summary};
use crate::problem::{Problem, Problems};
use crate::wire::{DateTime, PageInfo, Utc};

/// One thing that changed.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyChangePart)]
struct PartView {
    /// The name of its field.
    #[schema(example = "coverage/each_occurrence")]
    field: String,
    /// Its label for people.
    label: String,
    /// What was said before; absent where it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    /// What is said now; absent where it is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

/// A change of a policy.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyChange)]
struct ChangeView {
    /// Its place in the agency's trail.
    id: String,
    at: DateTime<Utc>,
    actor: ActivityActor,
    /// A word for programs.
    #[schema(example = "policy_edited")]
    action: String,
    /// A sentence for people.
    summary: String,
    changes: Vec<PartView>,
}

impl ChangeView {
    fn of(row: Activity) -> Result<Self, Problem> {
        let changes: Vec<Difference> = match row.detail.get("changes") {
            Some(changes) => serde_json::from_value(changes.clone()).map_err(Problem::internal)?,
            None => Vec::new(),
        };
        Ok(Self {
            id: row.seq.to_string(),
            at: row.at,
            summary: summary(row.action, &row.object_label, &row.detail),
            actor: ActivityActor::from(row.by),
            action: row.action.to_string(),
            changes: changes
                .into_iter()
                .map(|part| PartView {
                    field: part.field,
                    label: part.label,
                    before: part.before,
                    after: part.after,
                })
                .collect(),
        })
    }
}

/// A page of a policy's history.
#[derive(Serialize, ToSchema)]
pub(crate) struct PolicyChangePage {
    data: Vec<ChangeView>,
    page: PageInfo,
}

/// Shows who changed what on a policy, the newest first. What imports wrote stands in their own results.
#[utoipa::path(tag = "policies", params(("policy" = Uuid, Path, description = "The policy's id"), PolicyPageQuery),
    responses((status = 200, body = PolicyChangePage), Problems))]
#[get("/v1/policies/{policy}/history")]
pub(crate) async fn list_policy_history(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<PolicyPageQuery>,
) -> Result<web::Json<PolicyChangePage>, Problem> {
    let id = PolicyId::from_uuid(path.into_inner());
    let page = caller
        .read(async |desk| {
            let permit = policies::find::<ViewPolicyHistory>(desk.tx, desk.actor, id).await?;
            let purpose = Purpose::of("policy history by moment", desk.actor.agency(), &id);
            let (limit, cursor) = query.page();
            let request = caller.cursors().request(limit, cursor, &purpose)?;
            let found = audit::list_of_policy(desk.tx, &permit, &request).await?;
            let page = caller.cursors().info(&found, &purpose)?;
            let rows = found.rows.into_iter().map(ChangeView::of);
            let data = rows.collect::<Result<_, _>>()?;
            Ok(PolicyChangePage { data, page })
        })
        .await?;
    Ok(web::Json(page))
}
