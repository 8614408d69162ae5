//! Signing in and out, links for choosing a password, and who one is.

mod agency_card;
mod current;
pub(crate) mod device;
mod password_links;
pub(crate) mod set_password;
pub(crate) mod sign_in;
pub(crate) mod sign_out;

pub(crate) use agency_card::{AgencyCard, get_agency_card};
pub(crate) use current::{CurrentSession, current_session};
pub(crate) use password_links::{inspect_password_link, request_password_link};

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use chrono::{DateTime, Utc};
use countersign_persistence::sessions::App;

use crate::context::cookie_name;
use crate::problem::{Problem, ProblemType};

/// The session's cookie: unreadable for scripts, of this host only. An empty value removes it.
fn cookie(app: App, value: String) -> Cookie<'static> {
    let lifetime = if value.is_empty() {
        Duration::ZERO
    } else {
        Duration::seconds(app.absolute().num_seconds())
    };
    Cookie::build(cookie_name(app), value)
        .path("/")
        .secure(true)
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(lifetime)
        .finish()
}

/// Refuses an attempt that comes too early, and says when it would not.
///
/// The seconds stand in their field alone: a sentence that repeated them would be read twice on every screen.
pub(crate) fn too_many(why: &str, until: DateTime<Utc>, now: DateTime<Utc>) -> Problem {
    let wait = u64::try_from((until - now).num_milliseconds())
        .unwrap_or_default()
        .div_ceil(1_000)
        .max(1);
    Problem::new(ProblemType::TooManyAttempts)
        .detail(why)
        .retry_after(wait)
}
