//! Looking for a holder before it is written down once more.

use actix_web::{post, web};
use countersign_domain::authz::rules::ListHolders;
use countersign_domain::text::NonBlank;
use countersign_persistence::holders;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list::HolderView;
use crate::context::Caller;
use crate::faults::Faults;
use crate::problem::{Problem, Problems};

/// A holder that somebody is about to write down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SimilarBody {
    /// Its name as it was entered.
    name: String,
}

/// Holders that may be the same.
#[derive(Serialize, ToSchema)]
pub(crate) struct SimilarHolders {
    /// The most alike first, at most ten.
    data: Vec<HolderView>,
}

/// Says which holders may be the one that somebody is about to write down: their names are so alike. An archived one may
/// be, too, and would be brought back. Nothing is kept, and nothing of it prevents adding the holder.
#[utoipa::path(tag = "holders", request_body = SimilarBody,
    responses((status = 200, body = SimilarHolders), Problems))]
#[post("/v1/holders/similar")]
pub(crate) async fn find_similar_holders(
    caller: Caller,
    body: web::Json<SimilarBody>,
) -> Result<web::Json<SimilarHolders>, Problem> {
    let found = caller
        .transaction(async |desk| {
            let scope = desk.actor.scope::<ListHolders>()?;
            let mut faults = Faults::default();
            let name = faults.text("/name", &body.name, NonBlank::parse);
            let name = faults.finish(name)?;
            let found = holders::similar(desk.tx, &scope, &name).await?;
            Ok(found)
        })
        .await?;
    Ok(web::Json(SimilarHolders {
        data: found.iter().map(|holder| HolderView::of(holder, None)).collect(),
    }))
}
