//! Choosing a password through a link.

use actix_web::{HttpResponse, post, web};
use countersign_domain::ids::JobId;
use countersign_domain::passwords::{self, PasswordError};
use countersign_persistence::sessions::{self, Token};
use countersign_persistence::{Error, agencies};
use serde::Deserialize;
use utoipa::ToSchema;

use super::password_links::dead_link;
use crate::context::Stranger;
use crate::passwords::is_common;
use crate::problem::{Problem, Problems};

/// A link's secret and the password that was chosen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetPasswordBody {
    /// The secret, as it stood behind `#token=`.
    token: String,
    /// The password: 15 to 256 characters of any kind.
    #[schema(format = Password)]
    password: String,
}

const fn code(error: PasswordError) -> &'static str {
    match error {
        PasswordError::TooShort => "too_short",
        PasswordError::TooLong => "too_long",
        PasswordError::TooCommon => "too_common",
        PasswordError::ContainsContext => "contains_context",
    }
}

/// Sets a password through a link.
///
/// The link is burnt, every session of the account ends, and the person is told by mail. Nobody is signed in by it.
#[utoipa::path(tag = "session", security(()), request_body = SetPasswordBody,
    responses((status = 204, description = "The password is set"), Problems))]
#[post("/v1/passwords")]
pub(crate) async fn set_password(
    stranger: Stranger,
    body: web::Json<SetPasswordBody>,
) -> Result<HttpResponse, Problem> {
    let token = Token::parse(&body.token).ok_or_else(dead_link)?;
    let now = stranger.now();
    let gone = |error| match error {
        Error::NotFound => dead_link(),
        other => Problem::from(other),
    };
    let (link, agency) = stranger
        .transaction(token.agency(), async |tx| {
            let link = sessions::live_link(tx, &token, now).await.map_err(gone)?;
            Ok((link, agencies::card(tx).await?))
        })
        .await?;
    let context = [
        link.username.as_str(),
        link.display_name.as_str(),
        link.email.as_str(),
        agency.profile.name.as_str(),
    ];
    passwords::check(&body.password, &context, is_common)
        .map_err(|error| Problem::field("/password", code(error), error))?;
    // Hashed between two transactions, since it is slow; the second one looks again whether the link lives.
    let hash = stranger.hasher().hash(body.into_inner().password).await?;
    let job = JobId::from_uuid(stranger.fresh_id());
    stranger
        .transaction(token.agency(), async |tx| {
            let link = sessions::lock_live_link(tx, &token, now).await.map_err(gone)?;
            Ok(sessions::record_password_set(tx, &link, &hash, job, now).await?)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
