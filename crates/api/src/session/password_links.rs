//! Links for choosing a password: asking for one, and looking at one before it is used.

use std::time::Duration;

use actix_web::{HttpResponse, post, web};
use countersign_domain::ids::{JobId, PasswordLinkId};
use countersign_domain::passwords::{MIN_LENGTH, Pace, links_closed_until};
use countersign_domain::portal::LinkPurpose;
use countersign_domain::text::Username;
use countersign_persistence::sessions::{self, App, Token};
use countersign_persistence::throttles::{self, Bucket, Reserved};
use countersign_persistence::{Error, agencies};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep_until};
use utoipa::ToSchema;

use super::{AgencyCard, too_many};
use crate::context::Stranger;
use crate::problem::{Problem, ProblemType, Problems};
use crate::wire::{AppWord, DateTime, Utc, wire_enum};

/// Whose password is lost.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordLinkBody {
    /// The agency's slug.
    agency: String,
    /// Which app.
    app: AppWord,
    /// Username.
    username: String,
}

/// The answer comes after a whole number of these: what was done for a name takes less than one, so that
/// nobody can tell by the clock whether anything was.
const STEP: Duration = Duration::from_millis(200);

/// Asks for a reset link by mail.
///
/// The answer is always the same and takes the same time, whether or not there is such an account. Older links stop
/// working, unless one was ordered within the last five minutes: then that one is left alone.
#[utoipa::path(tag = "session", security(()), request_body = PasswordLinkBody,
    responses((status = 202, description = "If there is such an account, a link is on its way"), Problems))]
#[post("/v1/password-links")]
pub(crate) async fn request_password_link(
    stranger: Stranger,
    body: web::Json<PasswordLinkBody>,
) -> Result<HttpResponse, Problem> {
    let begun = Instant::now();
    let ordered = order(&stranger, &body).await;
    let mut answered = begun + STEP;
    while answered < Instant::now() {
        answered += STEP;
    }
    sleep_until(answered).await;
    ordered.map(|()| HttpResponse::Accepted().finish())
}

async fn order(stranger: &Stranger, body: &PasswordLinkBody) -> Result<(), Problem> {
    let agency = stranger.agency(&body.agency).await?;
    let app: App = body.app.into();
    let now = stranger.now();
    let username = Username::parse(&body.username);
    let link = PasswordLinkId::from_uuid(stranger.fresh_id());
    let job = JobId::from_uuid(stranger.fresh_id());
    stranger
        .transaction(agency, async |tx| {
            let network = Bucket::new("link-net", stranger.network(), Pace::Tokens { cost: 1 });
            if let Reserved::Closed(until) = throttles::reserve(tx, vec![network], now).await? {
                let why = "So many links were asked for from this network that the next one has to wait.";
                return Err(too_many(why, until, now));
            }
            let Ok(username) = username else {
                return Ok(());
            };
            // So that nobody's mailbox is flooded by strangers. Said to nobody: it is about the name.
            let name = Bucket::new(
                "link",
                format!("{app}:{username}"),
                Pace::Ladder(links_closed_until),
            );
            if let Reserved::Closed(_) = throttles::reserve(tx, vec![name], now).await? {
                return Ok(());
            }
            Ok(sessions::record_link_requested(tx, app, &username, link, job, now).await?)
        })
        .await
}

/// A link's secret, as it stood behind `#token=`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenBody {
    /// The secret.
    token: String,
}

wire_enum! {
    /// Why a link was mailed.
    LinkPurposeWord for LinkPurpose { Invitation = "invitation", Reset = "reset", }
}

/// What a link is for.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasswordLink {
    agency: AgencyCard,
    app: AppWord,
    username: String,
    display_name: String,
    purpose: LinkPurposeWord,
    expires_at: DateTime<Utc>,
    /// Fewest characters of a password.
    min_length: usize,
}

/// The link does not work (any more).
pub(super) fn dead_link() -> Problem {
    Problem::new(ProblemType::LinkUsedOrExpired).detail(
        "Links work once and for a limited time. Ask for a new one on the sign-in page, or ask your agency.",
    )
}

/// Shows whose password a link sets. Burns nothing.
#[utoipa::path(tag = "session", security(()), request_body = TokenBody, responses((status = 200, body = PasswordLink), Problems))]
#[post("/v1/password-links/inspect")]
pub(crate) async fn inspect_password_link(
    stranger: Stranger,
    body: web::Json<TokenBody>,
) -> Result<web::Json<PasswordLink>, Problem> {
    let token = Token::parse(&body.token).ok_or_else(dead_link)?;
    let now = stranger.now();
    let (link, agency) = stranger
        .transaction(token.agency(), async |tx| {
            let link = sessions::live_link(tx, &token, now)
                .await
                .map_err(|error| match error {
                    Error::NotFound => dead_link(),
                    other => other.into(),
                })?;
            Ok((link, agencies::card(tx).await?))
        })
        .await?;
    Ok(web::Json(PasswordLink {
        agency: AgencyCard::from(&agency),
        app: link.app.into(),
        username: link.username,
        display_name: link.display_name,
        purpose: link.purpose.into(),
        expires_at: link.expires_at,
        min_length: MIN_LENGTH,
    }))
}
