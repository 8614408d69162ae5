//! Signing in. Known and unknown names, open and closed accounts get the same answer in the same time.

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::passwords::closed_until;
use countersign_domain::text::Username;
use countersign_persistence::{agencies, sessions};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CurrentSession, cookie};
use crate::context::Stranger;
use crate::passwords::Verified;
use crate::problem::{Problem, ProblemType, Problems};
use crate::wire::AppWord;

/// Name and password, for one app of one agency.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInBody {
    /// The agency's slug.
    #[schema(example = "summit-ridge")]
    agency: String,
    /// Which app.
    app: AppWord,
    /// Username; compared without regard to case.
    username: String,
    /// Password; nothing is trimmed.
    #[schema(format = Password)]
    password: String,
}

/// From one network: ten failures at once, then three a minute.
fn network_ladder(failures: u32, last: DateTime<Utc>) -> DateTime<Utc> {
    if failures < 10 {
        last
    } else {
        last + TimeDelta::seconds(20)
    }
}

fn refused() -> Problem {
    Problem::new(ProblemType::SignInRefused)
        .detail("Check both and try again. If your account was suspended, contact your agency.")
}

/// Signs in: sets the session's cookie.
///
/// The answer never tells whether the name exists. Failures slow the next attempt down.
#[utoipa::path(tag = "session", request_body = SignInBody, responses((status = 200, body = CurrentSession), Problems))]
#[post("/v1/session")]
pub(crate) async fn sign_in(
    stranger: Stranger,
    body: web::Json<SignInBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let app = body.app.into();
    let now = stranger.now();
    // An unknown agency is no secret, its address is public; it is told apart from a wrong password.
    let agency = stranger.agency(&body.agency).await?;
    let username = Username::parse(&body.username).map_err(|_| refused())?;
    let bucket = format!("{app}:{username}");
    let network = stranger.network();
    let buckets = [bucket.clone(), network.clone()];
    let candidate = stranger
        .transaction(agency, async |tx| {
            if let Some(until) = sessions::closed_until(tx, &buckets, now).await? {
                let wait = u64::try_from((until - now).num_milliseconds())
                    .unwrap_or_default()
                    .div_ceil(1_000)
                    .max(1);
                return Err(Problem::new(ProblemType::TooManyAttempts)
                    .detail(format!("Please wait {wait} seconds before the next attempt."))
                    .retry_after(wait));
            }
            Ok(sessions::candidate(tx, app, &username).await?)
        })
        .await?;
    let stored = candidate
        .as_ref()
        .filter(|c| c.open)
        .and_then(|c| c.password_hash.clone());
    let verified = stranger.hasher().verify(body.password.clone(), stored).await?;
    let (Verified::Right { outdated }, Some(candidate)) = (verified, candidate) else {
        stranger
            .transaction(agency, async |tx| {
                sessions::record_failure(tx, &bucket, now, closed_until).await?;
                Ok(sessions::record_failure(tx, &network, now, network_ladder).await?)
            })
            .await?;
        metrics::counter!("countersign_sign_ins_total", "result" => "refused").increment(1);
        return Err(refused());
    };
    let upgraded = if outdated {
        Some(stranger.hasher().hash(body.password).await?)
    } else {
        None
    };
    let (token, view) = stranger
        .transaction(agency, async |tx| {
            let signed_in =
                sessions::record_signed_in(tx, app, &candidate, &bucket, upgraded.as_deref(), now).await?;
            let session = sessions::resolve(tx, app, &signed_in.token, now).await?;
            let session = session.ok_or_else(|| Problem::internal("a fresh session cannot be resolved"))?;
            let agency = agencies::card(tx).await?;
            Ok((signed_in.token, CurrentSession::of(app, &session, &agency)))
        })
        .await?;
    metrics::counter!("countersign_sign_ins_total", "result" => "accepted").increment(1);
    Ok(HttpResponse::Ok().cookie(cookie(app, token.encode())).json(view))
}
