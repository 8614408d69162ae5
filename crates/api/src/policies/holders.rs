//! Who holds a live certificate that names a policy.

use actix_web::{get, web};
use countersign_domain::authz::rules::ViewPolicyHolders;
use countersign_domain::ids::PolicyId;
use countersign_persistence::policies::PolicyHolder;
use countersign_persistence::{agencies, notices, policies};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::notices::NoticeView;
use crate::context::Caller;
use crate::cursor::Purpose;
use crate::problem::{Problem, Problems};
use crate::wire::{NaiveDate, PageInfo};

/// Which page.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PolicyPageQuery {
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

impl PolicyPageQuery {
    pub(super) fn page(&self) -> (Option<u32>, Option<&str>) {
        (self.limit, self.cursor.as_deref())
    }
}

/// Somebody who holds a live certificate that names the policy.
#[derive(Serialize, ToSchema)]
#[schema(as = PolicyHolder)]
struct PolicyHolderView {
    id: Uuid,
    name: String,
    emails: Vec<String>,
    /// How many live certificates of it name the policy.
    certificate_count: i64,
    /// The newest of them.
    certificate_id: Uuid,
    certificate_number: String,
    issued_on: NaiveDate,
    /// The newest courtesy notice of the cancellation on file; where the policy was reinstated, of the cancellation that
    /// the holder was told of last. Absent where none was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<NoticeView>,
}

impl PolicyHolderView {
    fn of(holder: PolicyHolder, notice: Option<NoticeView>) -> Self {
        Self {
            notice,
            id: holder.id,
            name: holder.name,
            emails: holder.emails,
            certificate_count: holder.certificates,
            certificate_id: holder.certificate_id,
            certificate_number: holder.certificate_number,
            issued_on: holder.issued_on,
        }
    }
}

/// A page of holders of a policy.
#[derive(Serialize, ToSchema)]
pub(crate) struct PolicyHolderPage {
    data: Vec<PolicyHolderView>,
    page: PageInfo,
}

/// Lists by name who holds a live certificate that names a policy: one that stands, while the term that it prints
/// runs. A cancellation does not end it, for its holder still believes it.
#[utoipa::path(tag = "policies", params(("policy" = Uuid, Path, description = "The policy's id"), PolicyPageQuery),
    responses((status = 200, body = PolicyHolderPage), Problems))]
#[get("/v1/policies/{policy}/holders")]
pub(crate) async fn list_policy_holders(
    caller: Caller,
    path: web::Path<Uuid>,
    query: web::Query<PolicyPageQuery>,
) -> Result<web::Json<PolicyHolderPage>, Problem> {
    let id = PolicyId::from_uuid(path.into_inner());
    let now = caller.now();
    let page = caller
        .read(async |desk| {
            let permit = policies::find::<ViewPolicyHolders>(desk.tx, desk.actor, id).await?;
            let purpose = Purpose::of("policy_holders", desk.actor.agency(), &id);
            let (limit, cursor) = query.page();
            let request = caller.cursors().request(limit, cursor, &purpose)?;
            let today = agencies::card(desk.tx).await?.profile.zone.day(now);
            let found = policies::holders(desk.tx, &permit, today, &request).await?;
            let page = caller.cursors().info(&found, &purpose)?;
            let ids: Vec<Uuid> = found.rows.iter().map(|holder| holder.id).collect();
            let mut told = notices::newest(desk.tx, &permit, &ids).await?;
            let data = found
                .rows
                .into_iter()
                .map(|holder| {
                    let newest = told.remove(&holder.id);
                    let notice = newest
                        .map(|newest| NoticeView::of(newest, holder.issued_at))
                        .transpose()?;
                    Ok(PolicyHolderView::of(holder, notice))
                })
                .collect::<Result<_, Problem>>()?;
            Ok(PolicyHolderPage { data, page })
        })
        .await?;
    Ok(web::Json(page))
}
