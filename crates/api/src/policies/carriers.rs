//! The insurers that the agency has policies of.

use actix_web::{get, web};
use countersign_domain::authz::rules::ListCarriers;
use countersign_persistence::policies;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::context::Caller;
use crate::cursor::Purpose;
use crate::insureds::CarrierView;
use crate::problem::{Problem, Problems};
use crate::wire::PageInfo;

/// Which insurers.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CarriersQuery {
    /// Part of a name or of a NAIC code.
    q: Option<String>,
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A page of insurers.
#[derive(Serialize, ToSchema)]
pub(crate) struct CarrierPage {
    data: Vec<CarrierView>,
    page: PageInfo,
}

/// Lists the insurers on the agency's file by name.
#[utoipa::path(tag = "policies", params(CarriersQuery), responses((status = 200, body = CarrierPage), Problems))]
#[get("/v1/carriers")]
pub(crate) async fn list_carriers(
    caller: Caller,
    query: web::Query<CarriersQuery>,
) -> Result<web::Json<CarrierPage>, Problem> {
    let page = caller
        .read(async |desk| {
            let scope = desk.actor.scope::<ListCarriers>()?;
            let text = query.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
            let purpose = Purpose::of("carriers", scope.agency(), &text);
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let found = policies::carriers(desk.tx, &scope, text, &request).await?;
            let page = caller.cursors().info(&found, &purpose)?;
            let data = found.rows.iter().map(CarrierView::from).collect();
            Ok(CarrierPage { data, page })
        })
        .await?;
    Ok(web::Json(page))
}
