//! Hashing passwords: argon2id on a bounded pool, so that a flood of sign-ins cannot take the server.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::problem::{Problem, ProblemType};

/// 46 MiB, one pass, one lane: OWASP's first choice.
const MEMORY_KIB: u32 = 46 * 1024;

/// How long a sign-in waits for its turn before it is told to come back.
const QUEUE: Duration = Duration::from_secs(2);

/// How many may wait for each turn; more could not be served in [`QUEUE`] anyhow, and would only hold memory.
const PLACES: usize = 64;

/// Hashes and verifies, at most as many at a time as there are cores.
#[derive(Clone)]
pub(crate) struct Hasher {
    turns: Arc<Semaphore>,
    /// Turns and the places in the queue for them.
    places: Arc<Semaphore>,
    patience: Duration,
    argon2: Argon2<'static>,
    /// Verified when the name is unknown, so that unknown and known names take equally long.
    decoy: Arc<str>,
}

/// What verifying found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verified {
    /// The password is right.
    Right {
        /// The stored hash is weaker than today's.
        outdated: bool,
    },
    /// The password is wrong, or there was none to compare with.
    Wrong,
}

fn argon2() -> Result<Argon2<'static>, argon2::Error> {
    let params = Params::new(MEMORY_KIB, 1, 1, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password in the calling thread; for the command line, where nothing else waits.
///
/// # Errors
/// The hasher's own, as a text.
pub fn hash_now(password: &str) -> Result<String, String> {
    let argon2 = argon2().map_err(|error| error.to_string())?;
    let normal = countersign_domain::passwords::normalize(password);
    let hash = argon2
        .hash_password(normal.as_bytes())
        .map_err(|error| error.to_string())?;
    Ok(hash.to_string())
}

impl Hasher {
    /// Takes how many hashes may run at a time.
    pub(crate) fn new(at_a_time: usize) -> Result<Self, String> {
        let at_a_time = at_a_time.max(1);
        Ok(Self {
            turns: Arc::new(Semaphore::new(at_a_time)),
            places: Arc::new(Semaphore::new(at_a_time.saturating_mul(1 + PLACES))),
            patience: QUEUE,
            argon2: argon2().map_err(|error| error.to_string())?,
            decoy: hash_now("nobody has this password")?.into(),
        })
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let busy = || {
            metrics::counter!("countersign_argon2_refused_total").increment(1);
            Problem::new(ProblemType::Busy)
                .detail("Many people are signing in just now. Please try again in a moment.")
                .retry_after(3)
        };
        // Both are given back when the request is dropped in the middle of its waiting.
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| busy())?;
        let turn = tokio::time::timeout(self.patience, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|_| busy())?
            .map_err(|_| busy())?;
        metrics::counter!("countersign_argon2_total").increment(1);
        let argon2 = self.argon2.clone();
        let result = actix_web::web::block(move || {
            // Whoever asked may be gone by now; the core is busy all the same until this is done.
            let result = work(&argon2);
            drop((turn, place));
            result
        });
        result.await.map_err(Problem::internal)
    }

    /// Hashes a password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Problem> {
        self.in_turn(move |argon2| {
            let normal = countersign_domain::passwords::normalize(&password);
            argon2
                .hash_password(normal.as_bytes())
                .map(|hash| hash.to_string())
        })
        .await?
        .map_err(Problem::internal)
    }

    /// Compares a password with a stored hash, or with a decoy where there is none.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> Result<Verified, Problem> {
        let decoy = Arc::clone(&self.decoy);
        self.in_turn(move |argon2| {
            let normal = countersign_domain::passwords::normalize(&password);
            let text = stored.as_deref().unwrap_or(&decoy);
            let Ok(hash) = PasswordHash::new(text) else {
                return Verified::Wrong;
            };
            let right = argon2.verify_password(normal.as_bytes(), &hash).is_ok();
            if right && stored.is_some() {
                let today = format!("m={MEMORY_KIB},t=1,p=1");
                Verified::Right {
                    outdated: !text.contains(&today) || !text.starts_with("$argon2id$"),
                }
            } else {
                Verified::Wrong
            }
        })
        .await
    }
}

/// Passwords that attackers try first, lower case; shorter ones are refused for their length already.
static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("../assets/common-passwords.txt").lines().collect());

/// Whether a password (in lower case) is on the list.
#[must_use]
pub fn is_common(password: &str) -> bool {
    COMMON.contains(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn a_password_verifies_against_its_own_hash_only() {
        let hasher = Hasher::new(1).unwrap();
        let hash = hasher.hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
        let verify = async |password: &str, stored: Option<String>| {
            hasher.verify(password.into(), stored).await.unwrap()
        };
        assert_eq!(
            verify("correct horse battery", Some(hash.clone())).await,
            Verified::Right { outdated: false }
        );
        assert_eq!(verify("correct horse batterx", Some(hash)).await, Verified::Wrong);
        assert_eq!(verify("nobody has this password", None).await, Verified::Wrong);
    }

    /// The kind of problem that a sign-in meets, if any.
    async fn met(hasher: &Hasher) -> Option<String> {
        let verified = hasher.verify("whatever it is".into(), None).await;
        verified.err().map(|problem| problem.to_string())
    }

    #[actix_web::test]
    async fn whoever_waits_too_long_for_a_turn_is_told_to_come_back() {
        let hasher = Hasher {
            patience: Duration::ZERO,
            ..Hasher::new(1).unwrap()
        };
        let turn = Arc::clone(&hasher.turns).acquire_owned().await.unwrap();
        assert_eq!(met(&hasher).await.as_deref(), Some("busy"));
        drop(turn);
        assert_eq!(met(&hasher).await, None);
        assert_eq!(
            hasher.places.available_permits(),
            1 + PLACES,
            "places are given back"
        );
    }

    #[actix_web::test]
    async fn a_full_queue_refuses_at_once_and_a_dropped_request_frees_its_place() {
        let hasher = Hasher {
            patience: Duration::from_secs(600),
            ..Hasher::new(1).unwrap()
        };
        let turn = Arc::clone(&hasher.turns).acquire_owned().await.unwrap();
        let mut waiting: Vec<_> = (0..=PLACES)
            .map(|_| {
                let hasher = hasher.clone();
                tokio::task::spawn_local(async move { met(&hasher).await })
            })
            .collect();
        while hasher.places.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(met(&hasher).await.as_deref(), Some("busy"));
        let last = waiting.pop().unwrap();
        last.abort();
        assert!(last.await.unwrap_err().is_cancelled());
        assert_eq!(hasher.places.available_permits(), 1);
        for request in waiting {
            request.abort();
            assert!(request.await.unwrap_err().is_cancelled());
        }
        drop(turn);
        assert_eq!(met(&hasher).await, None);
    }

    #[test]
    fn the_list_knows_long_common_passwords() {
        assert!(is_common("passwordpassword"));
        assert!(COMMON.iter().all(|line| *line == line.to_lowercase()));
    }
}
