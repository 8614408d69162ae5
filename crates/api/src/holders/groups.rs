//! Groups of holders: to filter the library by, and to send to all of one at once.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, delete, get, post, put, web};
use countersign_domain::authz::rules::{CreateHolderGroup, EditHolderGroup, ListHolders};
use countersign_domain::holders::HolderGroup;
use countersign_domain::holders::groups::{self as domain, MAX_CHANGED, TooManyGroups};
use countersign_domain::ids::{HolderGroupId, HolderId};
use countersign_domain::text::NonBlank;
use countersign_persistence::{agencies, holders};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::context::{Caller, Desk};
use crate::faults::Faults;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Problem, Problems};
use crate::version::{IfMatch, with_version};

/// What a group is called.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HolderGroupBody {
    /// Each name once, whatever its case.
    name: String,
}

impl HolderGroupBody {
    fn parse(&self) -> Result<NonBlank, Problem> {
        let mut faults = Faults::default();
        let name = faults.text("/name", &self.name, NonBlank::parse);
        faults.finish(name)
    }
}

/// Who joins a group and who leaves it.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupChangeBody {
    /// Holders that join, at most 500; those in the group already stay.
    #[serde(default)]
    add: Vec<Uuid>,
    /// Holders that leave, at most 500; one that is not in the group is none.
    #[serde(default)]
    remove: Vec<Uuid>,
}

/// A group of holders.
#[derive(Serialize, ToSchema)]
#[schema(as = HolderGroup)]
pub(crate) struct HolderGroupView {
    id: Uuid,
    version: i32,
    name: String,
    /// How many holders in use are in it.
    holders: i64,
    /// What the caller may do: `edit`.
    may: Vec<&'static str>,
}

/// The agency's groups of holders.
#[derive(Serialize, ToSchema)]
pub(crate) struct HolderGroups {
    /// By name, at most 200.
    data: Vec<HolderGroupView>,
}

/// A group that a holder is in.
#[derive(Serialize, ToSchema)]
pub(crate) struct GroupOfHolder {
    id: Uuid,
    name: String,
}

impl From<HolderGroup> for GroupOfHolder {
    fn from(group: HolderGroup) -> Self {
        Self {
            id: group.id.uuid(),
            name: group.name.to_string(),
        }
    }
}

async fn all(desk: &mut Desk<'_>) -> Result<Vec<HolderGroupView>, Problem> {
    let scope = desk.actor.scope::<ListHolders>()?;
    let found = holders::groups(desk.tx, &scope).await?;
    Ok(found
        .into_iter()
        .map(|found| HolderGroupView {
            id: found.group.id.uuid(),
            version: found.group.version,
            name: found.group.name.to_string(),
            holders: found.holders,
            may: if desk.actor.may::<EditHolderGroup>(&found.group) {
                vec!["edit"]
            } else {
                Vec::new()
            },
        })
        .collect())
}

async fn one(desk: &mut Desk<'_>, id: HolderGroupId) -> Result<HolderGroupView, Problem> {
    let found = all(desk).await?.into_iter().find(|group| group.id == id.uuid());
    found.ok_or_else(|| Problem::from(countersign_persistence::Error::NotFound))
}

/// Lists the agency's groups of holders.
#[utoipa::path(tag = "holders", responses((status = 200, body = HolderGroups), Problems))]
#[get("/v1/holder-groups")]
pub(crate) async fn list_holder_groups(caller: Caller) -> Result<web::Json<HolderGroups>, Problem> {
    let data = caller.transaction(async |mut desk| all(&mut desk).await).await?;
    Ok(web::Json(HolderGroups { data }))
}

/// Makes a group of holders.
#[utoipa::path(tag = "holders", params(IdempotencyKey), request_body = HolderGroupBody,
    responses((status = 201, body = HolderGroupView), Problems))]
#[post("/v1/holder-groups")]
pub(crate) async fn create_holder_group(
    caller: Caller,
    body: web::Json<HolderGroupBody>,
) -> Result<HttpResponse, Problem> {
    let id = HolderGroupId::from_uuid(caller.fresh_id());
    let now = caller.now();
    caller
        .once(StatusCode::CREATED, &*body, async |mut desk| {
            let permit = agencies::find::<CreateHolderGroup>(desk.tx, desk.actor).await?;
            let name = body.parse()?;
            let there_are = holders::groups_there_are(desk.tx, &permit).await?;
            let created = domain::create_group(permit, id, name, there_are)?;
            holders::record_group_created(desk.tx, &created, now).await?;
            one(&mut desk, id).await
        })
        .await
}

/// Gives a group another name. Needs `If-Match`.
#[utoipa::path(tag = "holders", params(IfMatch, ("group" = Uuid, Path, description = "The group's id")),
    request_body = HolderGroupBody, responses((status = 200, body = HolderGroupView), Problems))]
#[put("/v1/holder-groups/{group}")]
pub(crate) async fn rename_holder_group(
    caller: Caller,
    path: web::Path<Uuid>,
    version: IfMatch,
    body: web::Json<HolderGroupBody>,
) -> Result<HttpResponse, Problem> {
    let id = HolderGroupId::from_uuid(path.into_inner());
    let now = caller.now();
    let group = caller
        .transaction(async |mut desk| {
            let permit = holders::lock_group::<EditHolderGroup>(desk.tx, desk.actor, id).await?;
            version.check(permit.version)?;
            let renamed = domain::rename_group(permit, body.parse()?);
            holders::record_group_renamed(desk.tx, &renamed, now).await?;
            one(&mut desk, id).await
        })
        .await?;
    Ok(with_version(group.version).json(group))
}

/// Takes a group away. Its holders stay in the library.
#[utoipa::path(tag = "holders", params(("group" = Uuid, Path, description = "The group's id")),
    responses((status = 204, description = "The group is gone"), Problems))]
#[delete("/v1/holder-groups/{group}")]
pub(crate) async fn delete_holder_group(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    let id = HolderGroupId::from_uuid(path.into_inner());
    let now = caller.now();
    caller
        .transaction(async |desk| {
            let permit = holders::lock_group::<EditHolderGroup>(desk.tx, desk.actor, id).await?;
            let deleted = domain::delete_group(permit);
            holders::record_group_deleted(desk.tx, &deleted, now).await?;
            Ok::<_, Problem>(())
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Lets holders join a group and leave it.
#[utoipa::path(tag = "holders", params(("group" = Uuid, Path, description = "The group's id")),
    request_body = GroupChangeBody, responses((status = 200, body = HolderGroupView), Problems))]
#[put("/v1/holder-groups/{group}/holders")]
pub(crate) async fn change_holder_group(
    caller: Caller,
    path: web::Path<Uuid>,
    body: web::Json<GroupChangeBody>,
) -> Result<HttpResponse, Problem> {
    let id = HolderGroupId::from_uuid(path.into_inner());
    let now = caller.now();
    let group = caller
        .transaction(async |mut desk| {
            let permit = holders::lock_group::<EditHolderGroup>(desk.tx, desk.actor, id).await?;
            let mut faults = Faults::default();
            for (pointer, named) in [("/add", &body.add), ("/remove", &body.remove)] {
                if named.len() > MAX_CHANGED {
                    let detail = format!("takes at most {MAX_CHANGED} holders");
                    faults.add(pointer, "too_many", detail);
                }
            }
            // Each once: who is named twice joins no more than once.
            let ids = |named: &[Uuid]| -> Vec<HolderId> {
                let once: BTreeSet<Uuid> = named.iter().take(MAX_CHANGED).copied().collect();
                once.into_iter().map(HolderId::from_uuid).collect()
            };
            let (joining, leaving) = (ids(&body.add), ids(&body.remove));
            let known = holders::may_join(desk.tx, &permit, &joining).await?;
            for (place, holder) in body.add.iter().enumerate().take(MAX_CHANGED) {
                if !known.contains(&HolderId::from_uuid(*holder)) {
                    let detail = "is not a holder of the library, or was merged into another one";
                    faults.add(&format!("/add/{place}"), "unknown", detail);
                }
            }
            faults.finish(Some(()))?;
            let changed = domain::change_group(permit, joining, leaving);
            holders::record_group_changed(desk.tx, &changed, now).await?;
            one(&mut desk, id).await
        })
        .await?;
    Ok(with_version(group.version).json(group))
}

impl From<TooManyGroups> for Problem {
    fn from(error: TooManyGroups) -> Self {
        Self::field("/name", "too_many", error)
    }
}
