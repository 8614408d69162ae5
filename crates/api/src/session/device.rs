//! Devices that an account has signed in on: they have a bucket of their own, so that nobody's guesses keep the
//! account's owner out.
//!
//! A cookie says which device it is and proves that we said so of this account. It opens nothing.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use countersign_domain::ids::AgencyId;
use countersign_persistence::sessions::App;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use crate::problem::Problem;

/// How long a device that is not used stays known.
const LIFETIME: Duration = Duration::days(365);

const fn cookie_name(app: App) -> &'static str {
    match app {
        App::Staff => "__Host-countersign_device_staff",
        App::Portal => "__Host-countersign_device_portal",
    }
}

/// Makes devices known, and recognizes them.
#[derive(Clone)]
pub(crate) struct Devices {
    key: [u8; 32],
}

/// Whose device it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner {
    pub(crate) agency: AgencyId,
    pub(crate) app: App,
    pub(crate) user: Uuid,
}

impl Devices {
    pub(crate) const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    fn proof(&self, owner: Owner, device: &[u8]) -> Result<Hmac<Sha256>, Problem> {
        let mut proof = Hmac::<Sha256>::new_from_slice(&self.key).map_err(Problem::internal)?;
        // Each part but the last has a length of its own, so that no two owners read alike.
        proof.update(owner.agency.uuid().as_bytes());
        proof.update(owner.user.as_bytes());
        proof.update(device);
        proof.update(owner.app.as_str().as_bytes());
        Ok(proof)
    }

    /// The device that a request shows, if it is one of this owner's.
    pub(crate) fn recognize(&self, shown: Option<&Shown>, owner: Owner) -> Result<Option<Uuid>, Problem> {
        let Some(Shown { device, proof }) = shown else {
            return Ok(None);
        };
        let known = self.proof(owner, device.as_bytes())?.verify_slice(proof).is_ok();
        Ok(known.then_some(*device))
    }

    /// The cookie by which this owner's device will be recognized; unreadable for scripts, of this host only.
    pub(crate) fn cookie(&self, device: Uuid, owner: Owner) -> Result<Cookie<'static>, Problem> {
        let mut value = device.as_bytes().to_vec();
        value.extend_from_slice(&self.proof(owner, device.as_bytes())?.finalize().into_bytes());
        Ok(
            Cookie::build(cookie_name(owner.app), BASE64_URL_SAFE_NO_PAD.encode(value))
                .path("/")
                .secure(true)
                .http_only(true)
                .same_site(SameSite::Lax)
                .max_age(LIFETIME)
                .finish(),
        )
    }
}

/// What a request shows about its device; nobody has looked whether it is true.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    device: Uuid,
    proof: [u8; 32],
}

impl Shown {
    /// Reads the cookie; anything that we cannot have written is `None`.
    pub(crate) fn by(request: &HttpRequest, app: App) -> Option<Self> {
        let cookie = request.cookie(cookie_name(app))?;
        let value = BASE64_URL_SAFE_NO_PAD.decode(cookie.value()).ok()?;
        let (device, proof) = value.split_at_checked(16)?;
        Some(Self {
            device: Uuid::from_slice(device).ok()?,
            proof: proof.try_into().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use countersign_domain::testing::{AGENCY, OTHER_AGENCY};

    use super::*;

    fn shown(cookie: Cookie<'static>, app: App) -> Option<Shown> {
        Shown::by(&TestRequest::default().cookie(cookie).to_http_request(), app)
    }

    #[test]
    fn a_device_is_known_for_one_account_only() {
        let devices = Devices::new([1; 32]);
        let owner = Owner {
            agency: AGENCY,
            app: App::Staff,
            user: Uuid::from_u128(1),
        };
        let device = Uuid::from_u128(7);
        let cookie = devices.cookie(device, owner).unwrap();
        let seen = shown(cookie.clone(), App::Staff);
        let recognized = |devices: &Devices, owner| devices.recognize(seen.as_ref(), owner).unwrap();
        assert_eq!(recognized(&devices, owner), Some(device));
        let others = [
            Owner {
                user: Uuid::from_u128(2),
                ..owner
            },
            Owner {
                agency: OTHER_AGENCY,
                ..owner
            },
            Owner {
                app: App::Portal,
                ..owner
            },
        ];
        for other in others {
            assert_eq!(recognized(&devices, other), None, "{other:?}");
        }
        assert_eq!(recognized(&Devices::new([2; 32]), owner), None, "another key");
        assert!(shown(cookie, App::Portal).is_none(), "the portal has its own");
    }

    #[test]
    fn rubbish_is_no_device() {
        for value in ["", "!", "AAAA", &"A".repeat(65)] {
            let cookie = Cookie::new(cookie_name(App::Staff), value.to_owned());
            assert!(shown(cookie, App::Staff).is_none(), "{value}");
        }
    }
}
