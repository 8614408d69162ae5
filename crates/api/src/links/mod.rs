//! What a link in a mail opens, for whoever has it: no account, only the secret that stands behind `#token=`.
//!
//! Invariants: a program that fetches the address of a link changes nothing and sees nothing, since the secret is in the
//! fragment and everything here is asked for by POST; a secret that opens nothing costs its sender an attempt.

mod certificate;
mod renewal;

pub(crate) use certificate::{
    download_attachment_link, download_certificate_link, open_certificate_link, view_certificate_link,
};
pub(crate) use renewal::{answer_renewal_link, open_renewal_link};

use countersign_domain::certificates::link::Gone;
use countersign_domain::passwords::Pace;
use countersign_persistence::sessions::Token;
use countersign_persistence::throttles::{self, Bucket, Reserved};
use countersign_persistence::{Error, Tx, agencies};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::context::Stranger;
use crate::problem::{Problem, ProblemType, sentence};
use crate::session::too_many;

/// A link's secret, as it stood behind `#token=`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkBody {
    /// The secret.
    token: String,
}

/// No link has this secret.
fn unknown() -> Problem {
    Problem::new(ProblemType::LinkUnknown)
        .detail("The address may have been cut off when it was copied; open the link in the mail itself.")
}

/// A secret that is not there is one that was never mailed.
fn found<T>(result: Result<T, Error>) -> Result<T, Problem> {
    result.map_err(|error| match error {
        Error::NotFound => unknown(),
        other => other.into(),
    })
}

impl From<Gone> for Problem {
    fn from(gone: Gone) -> Self {
        let kind = match gone {
            Gone::TurnedOff => ProblemType::LinkTurnedOff,
            Gone::Expired => ProblemType::LinkExpired,
        };
        Self::new(kind).detail(sentence(&gone.to_string()))
    }
}

const TRIED_TOO_OFTEN: &str = "So many links were tried from this network that the next one has to wait.";
const ASKED_TOO_OFTEN: &str = "This was asked for so often that the next time has to wait.";

/// Does what a secret opens. An attempt is counted before it is made, and only a good one is given back.
async fn by_secret<T>(
    stranger: &Stranger,
    secret: &str,
    work: impl AsyncFnOnce(&mut Tx, &Token) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let token = Token::parse(secret).ok_or_else(unknown)?;
    let now = stranger.now();
    let attempt = stranger
        .transaction(token.agency(), async |tx| {
            // Whoever makes a secret up makes its agency up, too.
            found(agencies::card(tx).await)?;
            let network = Bucket::new("secret-net", stranger.network(), Pace::Tokens { cost: 1 });
            match throttles::reserve(tx, vec![network], now).await? {
                Reserved::Open(attempt) => Ok(attempt),
                Reserved::Closed(until) => Err(too_many(TRIED_TOO_OFTEN, until, now)),
            }
        })
        .await?;
    stranger
        .transaction(token.agency(), async |tx| {
            let done = work(tx, &token).await?;
            throttles::give_back(tx, &attempt, now).await?;
            Ok(done)
        })
        .await
}

/// Counts what one network asks for by one link, where each time costs something.
async fn counted(
    tx: &mut Tx,
    stranger: &Stranger,
    what: &'static str,
    of: impl std::fmt::Display,
) -> Result<(), Problem> {
    let now = stranger.now();
    let name = format!("{}:{of}", stranger.network());
    let bucket = Bucket::new(what, name, Pace::Tokens { cost: 1 });
    match throttles::reserve(tx, vec![bucket], now).await? {
        // Never given back: that it was good is no reason to ask for it without end.
        Reserved::Open(_counted) => Ok(()),
        Reserved::Closed(until) => Err(too_many(ASKED_TOO_OFTEN, until, now)),
    }
}
