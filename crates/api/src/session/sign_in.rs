//! Signing in. Known and unknown names, open and closed accounts get the same answer in the same time.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post, web};
use chrono::{DateTime, Utc};
use countersign_domain::ids::AgencyId;
use countersign_domain::passwords::{Pace, SPRAY_WINDOW, closed_longer_until, closed_until};
use countersign_domain::text::Username;
use countersign_persistence::sessions::{App, Candidate};
use countersign_persistence::throttles::{self, Bucket, Reservation, Reserved};
use countersign_persistence::{Tx, agencies, sessions};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::device::{Owner, Shown};
use super::{CurrentSession, cookie, too_many};
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

fn refused(app: App) -> Problem {
    Problem::new(ProblemType::SignInRefused).detail(match app {
        App::Staff => {
            "Check both and try again. If your account was closed, ask an administrator of your agency."
        }
        App::Portal => "Check both and try again. If your account was suspended, contact your agency.",
    })
}

/// An attempt that was let in and counted.
struct Attempt {
    candidate: Option<Candidate>,
    /// The device, when the account has signed in on it before.
    device: Option<Uuid>,
    reservation: Reservation,
}

/// Counts the attempt before the password is looked at; refuses it while a bucket is closed.
async fn admit(
    tx: &mut Tx,
    stranger: &Stranger,
    (app, username): (App, &Username),
    shown: Option<&Shown>,
) -> Result<Attempt, Problem> {
    let now = stranger.now();
    let candidate = sessions::candidate(tx, app, username).await?;
    let device = match &candidate {
        Some(candidate) => {
            let owner = owner(tx.agency(), app, candidate);
            stranger.devices().recognize(shown, owner)?
        }
        None => None,
    };
    let mut sprayed = false;
    let buckets = if let Some(device) = device {
        // A device that is known has failed for itself alone: others cannot close the account to it.
        vec![Bucket::new("device", device, Pace::Ladder(closed_until))]
    } else {
        sprayed = throttles::is_sprayed(tx, now).await?;
        let (of_network, of_name) = match sprayed {
            true => (Pace::Tokens { cost: 3 }, Pace::Ladder(closed_longer_until)),
            false => (Pace::Tokens { cost: 1 }, Pace::Ladder(closed_until)),
        };
        vec![
            Bucket::new("net", stranger.network(), of_network),
            Bucket::of_name(app, username, of_name),
        ]
    };
    let reservation = match throttles::reserve(tx, buckets, now).await? {
        Reserved::Open(reservation) => reservation,
        Reserved::Closed(until) => {
            let why = "Each attempt that fails makes the wait before the next one longer.";
            return Err(too_many(why, until, now));
        }
    };
    if sprayed {
        raise_alarm(tx, now).await?;
    }
    Ok(Attempt {
        candidate,
        device,
        reservation,
    })
}

/// Tells the operator, once in a while, that an agency's names are being tried one after the other.
async fn raise_alarm(tx: &mut Tx, now: DateTime<Utc>) -> Result<(), Problem> {
    let once = Pace::Ladder(|_, last| last + SPRAY_WINDOW);
    let alarm = vec![Bucket::new("alarm", "spray", once)];
    if let Reserved::Open(_) = throttles::reserve(tx, alarm, now).await? {
        metrics::counter!("countersign_password_spray_alarms_total").increment(1);
        tracing::warn!(agency = %tx.agency(), "many names of this agency are being tried: new devices are slowed down");
    }
    Ok(())
}

const fn owner(agency: AgencyId, app: App, candidate: &Candidate) -> Owner {
    Owner {
        agency,
        app,
        user: candidate.user,
    }
}

/// Signs in: sets the session's cookie, and one by which this device is recognized the next time.
///
/// The answer never tells whether the name exists. Failures slow the next attempt down.
#[utoipa::path(tag = "session", security(()), request_body = SignInBody, responses((status = 200, body = CurrentSession), Problems))]
#[post("/v1/session")]
pub(crate) async fn sign_in(
    stranger: Stranger,
    request: HttpRequest,
    body: web::Json<SignInBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let app = body.app.into();
    let now = stranger.now();
    // An unknown agency is no secret, its address is public; it is told apart from a wrong password.
    let agency = stranger.agency(&body.agency).await?;
    let username = Username::parse(&body.username).map_err(|_| refused(app))?;
    let shown = Shown::by(&request, app);
    let attempt = stranger
        .transaction(agency, async |tx| {
            admit(tx, &stranger, (app, &username), shown.as_ref()).await
        })
        .await?;
    let stored = attempt
        .candidate
        .as_ref()
        .filter(|c| c.open)
        .and_then(|c| c.password_hash.clone());
    let verified = match stranger.hasher().verify(body.password.clone(), stored).await {
        Ok(verified) => verified,
        // The server had no time for it, so it was none.
        Err(busy) => {
            stranger
                .transaction(agency, async |tx| {
                    Ok(throttles::give_back(tx, &attempt.reservation, now).await?)
                })
                .await?;
            return Err(busy);
        }
    };
    let (Verified::Right { outdated }, Some(candidate)) = (verified, attempt.candidate) else {
        metrics::counter!("countersign_sign_ins_total", "result" => "refused").increment(1);
        return Err(refused(app));
    };
    let upgraded = match outdated {
        // A better hash can wait for the next time; the person cannot.
        true => stranger.hasher().hash(body.password).await.ok(),
        false => None,
    };
    let (token, view) = stranger
        .transaction(agency, async |tx| {
            let signed_in = sessions::record_signed_in(
                tx,
                app,
                &candidate,
                &attempt.reservation,
                upgraded.as_deref(),
                now,
            );
            // Closed, or given another password, since it was read: this one is as wrong as any.
            let signed_in = signed_in.await?.ok_or_else(|| refused(app))?;
            let session = sessions::resolve(tx, app, &signed_in.token, now).await?;
            let session = session.ok_or_else(|| Problem::internal("a fresh session cannot be resolved"))?;
            let agency = agencies::card(tx).await?;
            Ok((signed_in.token, CurrentSession::of(app, &session, &agency)))
        })
        .await?;
    metrics::counter!("countersign_sign_ins_total", "result" => "accepted").increment(1);
    let device = attempt.device.unwrap_or_else(|| stranger.fresh_id());
    let device = stranger
        .devices()
        .cookie(device, owner(agency, app, &candidate))?;
    Ok(HttpResponse::Ok()
        .append_header((header::SET_COOKIE, cookie(app, token.encode()).to_string()))
        .append_header((header::SET_COOKIE, device.to_string()))
        .json(view))
}
