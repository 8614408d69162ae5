//! The batches of the agency.

use actix_web::{get, web};
use countersign_domain::authz::rules::ListBatches;
use countersign_domain::ids::InsuredId;
use countersign_persistence::batches;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::BatchView;
use crate::context::Caller;
use crate::cursor::Purpose;
use crate::problem::{Problem, Problems};
use crate::wire::PageInfo;

/// Which batches.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BatchesQuery {
    /// Of this insured.
    insured_id: Option<Uuid>,
    /// At most this many rows, 20 unless given, 200 at most.
    limit: Option<u32>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A page of batches.
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchPage {
    data: Vec<BatchView>,
    page: PageInfo,
}

/// Lists sendings to many holders, the newest first: all of the agency, or those of one insured.
#[utoipa::path(tag = "batches", params(BatchesQuery), responses((status = 200, body = BatchPage), Problems))]
#[get("/v1/batches")]
pub(crate) async fn list_batches(
    caller: Caller,
    query: web::Query<BatchesQuery>,
) -> Result<web::Json<BatchPage>, Problem> {
    let page = caller
        .read(async |desk| {
            let scope = desk.actor.scope::<ListBatches>()?;
            let purpose = Purpose::of("batches", scope.agency(), &query.insured_id);
            let request = caller
                .cursors()
                .request(query.limit, query.cursor.as_deref(), &purpose)?;
            let insured = query.insured_id.map(InsuredId::from_uuid);
            let found = batches::list(desk.tx, &scope, insured, &request).await?;
            let info = caller.cursors().info(&found, &purpose)?;
            let data = found.rows.into_iter();
            Ok::<_, Problem>(BatchPage {
                data: data.map(|record| BatchView::of(record, desk.actor)).collect(),
                page: info,
            })
        })
        .await?;
    Ok(web::Json(page))
}
