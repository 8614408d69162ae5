//! A holder of the library.

use actix_web::{HttpResponse, get, web};
use countersign_domain::authz::rules::{EditHolder, ViewHolder};
use countersign_domain::ids::HolderId;
use countersign_persistence::holders;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::groups::GroupOfHolder;
use super::list::HolderView;
use crate::context::{Caller, Desk};
use crate::problem::{Problem, Problems};
use crate::version::with_version;
use crate::wire::{DateTime, Utc};

/// An insured that used a holder.
#[derive(Serialize, ToSchema)]
pub(crate) struct HolderInsured {
    id: Uuid,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<DateTime<Utc>>,
    /// The contract or project that the holder's request is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    contract_reference: Option<String>,
    /// Whether the renewal run takes the holder along unless told otherwise.
    receives_renewals: bool,
}

/// A double that was merged into a holder.
#[derive(Serialize, ToSchema)]
#[schema(as = MergedHolder)]
pub(crate) struct MergedHolderView {
    id: Uuid,
    /// Its name at that time.
    name: String,
    at: DateTime<Utc>,
    /// Who merged it; the name outlives the account.
    by_name: String,
}

/// A holder with everything its page shows.
#[derive(Serialize, ToSchema)]
pub(crate) struct HolderDetail {
    #[serde(flatten)]
    holder: HolderView,
    /// Other names under which people look for it; never printed.
    aliases: Vec<String>,
    /// The insureds that used it or are linked to it, the latest first, at most 100.
    insureds: Vec<HolderInsured>,
    /// The groups that it is in, by name.
    groups: Vec<GroupOfHolder>,
    /// Holders in use whose names are so alike that they may be the same one, the most alike first, at most ten.
    alike: Vec<HolderView>,
    /// The doubles that were merged into it, or into one of those, the latest first, at most 100.
    merged: Vec<MergedHolderView>,
    /// What the caller may do: `edit`.
    may: Vec<&'static str>,
}

/// The holder as it is now, under its version.
pub(super) async fn answer(desk: &mut Desk<'_>, id: HolderId) -> Result<(i32, HolderDetail), Problem> {
    let permit = holders::find::<ViewHolder>(desk.tx, desk.actor, id).await?;
    let insureds = holders::insureds_of(desk.tx, &permit).await?;
    let groups = holders::groups_with(desk.tx, &permit).await?;
    let alike = holders::alike(desk.tx, &permit).await?;
    let merged = holders::merged_into(desk.tx, &permit).await?;
    let detail = HolderDetail {
        holder: HolderView::of(&permit, None),
        aliases: permit.aliases.iter().map(ToString::to_string).collect(),
        insureds: insureds
            .into_iter()
            .map(|insured| HolderInsured {
                id: insured.id,
                name: insured.name,
                last_used_at: insured.last_used_at,
                contract_reference: insured.contract_reference,
                receives_renewals: insured.renewals_stopped_at.is_none(),
            })
            .collect(),
        groups: groups.into_iter().map(GroupOfHolder::from).collect(),
        alike: alike.iter().map(|holder| HolderView::of(holder, None)).collect(),
        merged: merged
            .into_iter()
            .map(|double| MergedHolderView {
                id: double.id,
                name: double.name,
                at: double.at,
                by_name: double.by_name,
            })
            .collect(),
        may: if desk.actor.may::<EditHolder>(&permit) {
            vec!["edit"]
        } else {
            Vec::new()
        },
    };
    Ok((permit.version, detail))
}

/// Shows a holder, who used it, and what may be its doubles. The ETag is its version.
#[utoipa::path(tag = "holders", params(("holder" = Uuid, Path, description = "The holder's id")),
    responses((status = 200, body = HolderDetail), Problems))]
#[get("/v1/holders/{holder}")]
pub(crate) async fn get_holder(caller: Caller, path: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    let id = HolderId::from_uuid(path.into_inner());
    let (version, detail) = caller
        .transaction(async |mut desk| answer(&mut desk, id).await)
        .await?;
    Ok(with_version(version).json(detail))
}
