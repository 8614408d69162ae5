//! Hashing passwords: argon2id on a bounded pool, so that a flood of sign-ins cannot take the server.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, KeyId, Params, ParamsBuilder, Version};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tokio::sync::Semaphore;

use crate::problem::{Problem, ProblemType};

/// 46 MiB, one pass, one lane: OWASP's first choice.
const MEMORY_KIB: u32 = 46 * 1024;

/// How long a sign-in waits for its turn before it is told to come back.
const QUEUE: Duration = Duration::from_secs(2);

/// How many may wait for each turn; more could not be served in [`QUEUE`] anyhow, and would only hold memory.
const PLACES: usize = 64;

/// Keys that passwords are mixed with before they are hashed, so that whoever steals the database alone has
/// nothing to guess against. Each stored hash names its key; new ones are made under the first.
#[derive(Clone, Default)]
pub struct Peppers(Arc<[Pepper]>);

struct Pepper {
    id: KeyId,
    key: [u8; 32],
}

impl std::fmt::Debug for Peppers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Peppers").field("count", &self.0.len()).finish()
    }
}

impl Peppers {
    /// Reads `id:key` with commas between them: an id of 1 to 8 letters and digits, a key of 32 bytes in base64.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut read: Vec<Pepper> = Vec::new();
        for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (id, key) = pair
                .split_once(':')
                .ok_or("must be pairs such as 2026a:<32 bytes in base64>, with commas between them")?;
            if !(1..=8).contains(&id.len()) || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err("an id must be 1 to 8 letters and digits");
            }
            let id = KeyId::new(id.as_bytes()).map_err(|_| "an id must be 1 to 8 letters and digits")?;
            if read.iter().any(|known| known.id == id) {
                return Err("has an id twice");
            }
            let key = BASE64_STANDARD
                .decode(key)
                .ok()
                .and_then(|key| key.try_into().ok())
                .ok_or("a key must be 32 bytes in base64, e.g. from `openssl rand -base64 32`")?;
            read.push(Pepper { id, key });
        }
        Ok(Self(read.into()))
    }

    /// Argon2id as today's hashes are made.
    fn argon2(&self) -> Result<Argon2<'static>, argon2::Error> {
        let mut params = ParamsBuilder::new();
        params.m_cost(MEMORY_KIB).t_cost(1).p_cost(1);
        if let Some(current) = self.0.first() {
            params.keyid(current.id);
        }
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params.build()?))
    }

    /// What is hashed of a password under the key of this id; none when the key is not known (any more).
    fn season(&self, password: &str, id: &[u8]) -> Option<Vec<u8>> {
        let normal = countersign_domain::passwords::normalize(password);
        if id.is_empty() {
            return Some(normal.into_bytes());
        }
        let pepper = self.0.iter().find(|pepper| pepper.id.as_bytes() == id)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&pepper.key).ok()?;
        mac.update(normal.as_bytes());
        Some(mac.finalize().into_bytes().to_vec())
    }

    /// Hashes as all new hashes are made.
    fn hash(&self, argon2: &Argon2<'static>, password: &str) -> Result<String, String> {
        let seasoned = self
            .season(password, argon2.params().keyid())
            .ok_or("the current pepper is gone")?;
        argon2
            .hash_password(&seasoned)
            .map(|hash| hash.to_string())
            .map_err(|error| error.to_string())
    }

    /// Whether the password is the one of this hash.
    fn verify(&self, argon2: &Argon2<'static>, password: &str, stored: &str) -> bool {
        let (Some(made), Ok(hash)) = (Made::of(stored), PasswordHash::new(stored)) else {
            return false;
        };
        let Some(seasoned) = self.season(password, made.params.keyid()) else {
            tracing::error!("a password was hashed under a pepper that the configuration does not have");
            return false;
        };
        argon2.verify_password(&seasoned, &hash).is_ok()
    }
}

/// How a hash was made.
struct Made {
    algorithm: Algorithm,
    params: Params,
}

impl Made {
    fn of(stored: &str) -> Option<Self> {
        let hash = PasswordHash::new(stored).ok()?;
        Some(Self {
            algorithm: hash.algorithm.as_str().parse().ok()?,
            params: Params::try_from(&hash).ok()?,
        })
    }
}

/// How passwords are hashed.
#[derive(Clone, Debug)]
pub struct Hashing {
    /// How many at a time: each keeps a core busy, and 46 MiB.
    pub at_a_time: usize,
    /// What they are mixed with.
    pub peppers: Peppers,
}

/// Hashes and verifies, at most as many at a time as it was told.
#[derive(Clone)]
pub(crate) struct Hasher {
    turns: Arc<Semaphore>,
    /// Turns and the places in the queue for them.
    places: Arc<Semaphore>,
    patience: Duration,
    argon2: Argon2<'static>,
    peppers: Peppers,
    /// Verified when the name is unknown, so that unknown and known names take equally long.
    decoy: Arc<str>,
}

/// What verifying found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verified {
    /// The password is right.
    Right {
        /// The stored hash is weaker than today's, or under another pepper.
        outdated: bool,
    },
    /// The password is wrong, or there was none to compare with.
    Wrong,
}

/// Hashes a password in the calling thread; for the command line, where nothing else waits. Without a pepper: the
/// first sign-in adds it.
///
/// # Errors
/// The hasher's own, as a text.
pub fn hash_now(password: &str) -> Result<String, String> {
    let none = Peppers::default();
    let argon2 = none.argon2().map_err(|error| error.to_string())?;
    none.hash(&argon2, password)
}

impl Hasher {
    pub(crate) fn new(hashing: Hashing) -> Result<Self, String> {
        let Hashing { at_a_time, peppers } = hashing;
        let at_a_time = at_a_time.max(1);
        let argon2 = peppers.argon2().map_err(|error| error.to_string())?;
        Ok(Self {
            turns: Arc::new(Semaphore::new(at_a_time)),
            places: Arc::new(Semaphore::new(at_a_time.saturating_mul(1 + PLACES))),
            patience: QUEUE,
            decoy: peppers.hash(&argon2, "nobody has this password")?.into(),
            argon2,
            peppers,
        })
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Peppers, &Argon2<'static>) -> T + Send + 'static,
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
        let (peppers, argon2) = (self.peppers.clone(), self.argon2.clone());
        let result = actix_web::web::block(move || {
            // Whoever asked may be gone by now; the core is busy all the same until this is done.
            let result = work(&peppers, &argon2);
            drop((turn, place));
            result
        });
        result.await.map_err(Problem::internal)
    }

    /// Hashes a password.
    pub(crate) async fn hash(&self, password: String) -> Result<String, Problem> {
        self.in_turn(move |peppers, argon2| peppers.hash(argon2, &password))
            .await?
            .map_err(Problem::internal)
    }

    /// Compares a password with a stored hash, or with a decoy where there is none.
    pub(crate) async fn verify(&self, password: String, stored: Option<String>) -> Result<Verified, Problem> {
        let decoy = Arc::clone(&self.decoy);
        self.in_turn(move |peppers, argon2| {
            let text = stored.as_deref().unwrap_or(&decoy);
            if !peppers.verify(argon2, &password, text) || stored.is_none() {
                return Verified::Wrong;
            }
            let today = |made: Made| {
                let (made_by, ours) = (&made.params, argon2.params());
                made.algorithm == Algorithm::Argon2id
                    && (made_by.m_cost(), made_by.t_cost(), made_by.p_cost())
                        == (ours.m_cost(), ours.t_cost(), ours.p_cost())
                    && made_by.keyid() == ours.keyid()
            };
            Verified::Right {
                outdated: !Made::of(text).is_some_and(today),
            }
        })
        .await
    }
}

/// Passwords and words that attackers try first, lower case; the short ones as parts of longer passwords.
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
        let hasher = hasher("");
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

    fn hasher(peppers: &str) -> Hasher {
        Hasher::new(Hashing {
            at_a_time: 1,
            peppers: Peppers::parse(peppers).unwrap(),
        })
        .unwrap()
    }

    #[actix_web::test]
    async fn a_pepper_is_needed_to_verify_and_can_be_replaced_without_a_new_password() {
        let (first, second) = (
            format!("2026a:{}", BASE64_STANDARD.encode([1; 32])),
            format!("2026b:{}", BASE64_STANDARD.encode([2; 32])),
        );
        let password = "correct horse battery";
        let (plain, old, both) = (hasher(""), hasher(&first), hasher(&format!("{second}, {first}")));
        let unpeppered = plain.hash(password.into()).await.unwrap();
        let stored = old.hash(password.into()).await.unwrap();
        assert!(stored.contains(",keyid="), "{stored}");
        let verify = async |hasher: &Hasher, stored: &str| {
            hasher
                .verify(password.into(), Some(stored.to_owned()))
                .await
                .unwrap()
        };
        assert_eq!(verify(&old, &stored).await, Verified::Right { outdated: false });
        // A hash from before there was a pepper, or under an earlier one, is good, and made anew at the next sign-in.
        assert_eq!(
            verify(&old, &unpeppered).await,
            Verified::Right { outdated: true }
        );
        assert_eq!(verify(&both, &stored).await, Verified::Right { outdated: true });
        // Without its key nobody can verify it: not with no key, and not with another.
        assert_eq!(verify(&plain, &stored).await, Verified::Wrong);
        assert_eq!(verify(&hasher(&second), &stored).await, Verified::Wrong);
        let forged = format!("2026a:{}", BASE64_STANDARD.encode([3; 32]));
        assert_eq!(verify(&hasher(&forged), &stored).await, Verified::Wrong);
    }

    #[test]
    fn peppers_that_cannot_be_read_are_refused_without_being_told() {
        let key = BASE64_STANDARD.encode([1; 32]);
        for wrong in [
            "2026a",
            "2026a:c2hvcnQ=",
            ":",
            &format!("much-too-long:{key}"),
            &format!("a:{key},a:{key}"),
        ] {
            let refused = Peppers::parse(wrong).unwrap_err();
            assert!(!refused.contains(&key), "{refused}");
        }
        let printed = format!("{:?}", Peppers::parse(&format!("a:{key}")).unwrap());
        assert_eq!(printed, "Peppers { count: 1 }");
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
            ..hasher("")
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
            ..hasher("")
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
