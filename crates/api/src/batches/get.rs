//! One batch.

use actix_web::{get, web};
use countersign_domain::ids::BatchId;
use uuid::Uuid;

use super::BatchView;
use super::start::view;
use crate::context::Caller;
use crate::problem::{Problem, Problems};

/// Shows a sending to many holders: where it stands and how many rows are in each state.
#[utoipa::path(tag = "batches", params(("batch" = Uuid, Path, description = "The batch's id")),
    responses((status = 200, body = BatchView), Problems))]
#[get("/v1/batches/{batch}")]
pub(crate) async fn get_batch(
    caller: Caller,
    path: web::Path<Uuid>,
) -> Result<web::Json<BatchView>, Problem> {
    let id = BatchId::from_uuid(path.into_inner());
    let shown = caller
        .transaction(async |mut desk| view(&mut desk, id).await)
        .await?;
    Ok(web::Json(shown))
}
