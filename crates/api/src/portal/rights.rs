//! The catalogue of rights.

use actix_web::{get, web};
use countersign_domain::authz::Right;
use countersign_domain::authz::rules::ViewAgency;
use countersign_persistence::agencies;
use serde::Serialize;
use utoipa::ToSchema;

use super::{RightKindWord, RightWord};
use crate::context::Caller;
use crate::problem::{Problem, Problems};

/// A right of the catalogue.
#[derive(Serialize, ToSchema)]
pub(crate) struct PortalRight {
    word: RightWord,
    /// The label; one that starts with an action verb acts, every other one only reads.
    label: &'static str,
    kind: RightKindWord,
    description: &'static str,
}

/// The catalogue.
#[derive(Serialize, ToSchema)]
pub(crate) struct PortalRightList {
    data: Vec<PortalRight>,
}

/// Lists the rights that a portal user can hold.
#[utoipa::path(tag = "portal", responses((status = 200, body = PortalRightList), Problems))]
#[get("/v1/portal-rights")]
pub(crate) async fn list_portal_rights(caller: Caller) -> Result<web::Json<PortalRightList>, Problem> {
    caller
        .read(async |desk| {
            agencies::find::<ViewAgency>(desk.tx, desk.actor).await?;
            Ok(())
        })
        .await?;
    let data = Right::ALL
        .iter()
        .map(|right| PortalRight {
            word: (*right).into(),
            label: right.label(),
            kind: right.kind().into(),
            description: right.description(),
        })
        .collect();
    Ok(web::Json(PortalRightList { data }))
}
