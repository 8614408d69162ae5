//! An insured's master certificates.

use actix_web::{get, web};
use countersign_domain::authz::rules::ViewMasters;
use countersign_domain::ids::InsuredId;
use countersign_persistence::{agencies, insureds, masters};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::MasterView;
use crate::context::Caller;
use crate::problem::{Problem, Problems};

/// An insured's master certificates.
#[derive(Serialize, ToSchema)]
pub(crate) struct MasterList {
    data: Vec<MasterView>,
}

/// Lists an insured's master certificates by name; in the portal, those that the agency opened to it.
#[utoipa::path(tag = "masters", params(("insured" = Uuid, Path, description = "The insured's id")),
    responses((status = 200, body = MasterList), Problems))]
#[get("/v1/insureds/{insured}/masters")]
pub(crate) async fn list_masters(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<web::Json<MasterList>, Problem> {
    let id = InsuredId::from_uuid(path.into_inner());
    let now = caller.now();
    let list = caller
        .read(async |desk| {
            let permit = insureds::find::<ViewMasters>(desk.tx, desk.actor, id).await?;
            let today = agencies::card(desk.tx).await?.profile.zone.day(now);
            let found = masters::list_with_terms(desk.tx, &permit).await?;
            let data = found
                .masters
                .iter()
                .map(|master| MasterView::of(master, &found.policies, &found.successions, today, desk.actor))
                .collect();
            Ok(MasterList { data })
        })
        .await?;
    Ok(web::Json(list))
}
