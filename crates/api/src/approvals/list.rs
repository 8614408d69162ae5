//! Requests for approval.

use actix_web::{get, web};
use countersign_domain::authz::rules::ListApprovals;
use countersign_persistence::approvals::{self, ApprovalFilter};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::get::{ApprovalRowView, ApprovalStateWord};
use crate::context::Caller;
use crate::cursor::Purpose;
use crate::problem::{Problem, Problems};
use crate::wire::PageInfo;

/// Which requests.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ApprovalsQuery {
    /// In this state.
    state: Option<ApprovalStateWord>,
    /// Only those that the caller asked for.
    #[serde(default)]
    #[param(required = false)]
    own: bool,
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A page of requests.
#[derive(Serialize, ToSchema)]
pub(crate) struct ApprovalList {
    data: Vec<ApprovalRowView>,
    page: PageInfo,
}

/// Lists requests to lift what blocks a certificate, the newest first.
#[utoipa::path(tag = "approvals", params(ApprovalsQuery), responses((status = 200, body = ApprovalList), Problems))]
#[get("/v1/approvals")]
pub(crate) async fn list_approvals(
    caller: Caller,
    query: web::Query<ApprovalsQuery>,
) -> Result<web::Json<ApprovalList>, Problem> {
    let list = caller
        .read(async |desk| {
            let scope = desk.actor.scope::<ListApprovals>()?;
            let asked_by = desk.actor.by().id.filter(|_| query.own);
            let purpose = Purpose::of("approvals", scope.agency(), &(query.state, asked_by));
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let filter = ApprovalFilter {
                state: query.state.map(Into::into),
                asked_by,
            };
            let found = approvals::list(desk.tx, &scope, filter, &request).await?;
            let info = caller.cursors().info(&found, &purpose)?;
            let data = found
                .rows
                .into_iter()
                .map(|row| ApprovalRowView::of(row, desk.actor))
                .collect::<Result<_, _>>()?;
            Ok(ApprovalList { data, page: info })
        })
        .await?;
    Ok(web::Json(list))
}
