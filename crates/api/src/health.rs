//! Whether the process lives, and whether it can work.

use actix_web::{HttpResponse, get, web};

use crate::context::State;

/// Lives: never asks the database.
#[get("/livez")]
pub(crate) async fn livez() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("alive\n")
}

/// Can take traffic: database and schema. How the queue is doing only shows: a worker that is away delays mail
/// but refuses nobody.
#[get("/readyz")]
pub(crate) async fn readyz(state: web::Data<State>) -> HttpResponse {
    let readiness = state.readiness().await;
    let mut response = if readiness.is_ready() {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    response.json(readiness)
}
