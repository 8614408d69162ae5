//! Signing out.

use actix_web::{HttpResponse, delete};
use countersign_persistence::sessions;

use super::cookie;
use crate::context::Caller;
use crate::problem::{Problem, Problems};

/// Signs out: ends the session and removes its cookie.
#[utoipa::path(tag = "session", responses((status = 204, description = "Signed out"), Problems))]
#[delete("/v1/session")]
pub(crate) async fn sign_out(caller: Caller) -> Result<HttpResponse, Problem> {
    let now = caller.now();
    caller
        .transaction(async |desk| {
            Ok(sessions::record_signed_out(desk.tx, caller.token(), desk.actor, now).await?)
        })
        .await?;
    Ok(HttpResponse::NoContent()
        .cookie(cookie(caller.app(), String::new()))
        .finish())
}
