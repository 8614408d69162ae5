//! Turning a link off.

use chrono::{DateTime, Utc};

use super::read::entry;
use super::{Gone, Link};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::TurnOffLink;
use crate::authz::{By, Permit};
use crate::certificates::Certificate;
use crate::ids::DeliveryId;

/// Why no link was turned off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TurnOffError {
    /// The page went out as an attachment.
    #[error("this sending carries the page itself; there is no link to turn off")]
    NoLink,
    /// It opens nothing already.
    #[error(transparent)]
    Gone(#[from] Gone),
}

/// A link was turned off.
#[derive(Debug)]
pub struct TurnedOff {
    certificate: Certificate,
    link: Link,
    by: By,
    at: DateTime<Utc>,
}

/// Turns a link off: from now on it opens nothing, for whoever has it. A mail that waits with it does not leave.
///
/// # Errors
/// [`TurnOffError`].
pub fn turn_off(
    permit: Permit<TurnOffLink>,
    link: Option<Link>,
    now: DateTime<Utc>,
) -> Result<TurnedOff, TurnOffError> {
    let link = link.ok_or(TurnOffError::NoLink)?;
    link.works(now)?;
    let by = permit.by();
    Ok(TurnedOff {
        certificate: permit.into_target(),
        link,
        by,
        at: now,
    })
}

impl TurnedOff {
    /// Of which sending.
    #[must_use]
    pub const fn delivery(&self) -> DeliveryId {
        self.link.delivery
    }

    /// Who turned it off.
    #[must_use]
    pub const fn by(&self) -> &By {
        &self.by
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for TurnedOff {
    fn entry(&self) -> Entry {
        entry(&self.certificate, &self.link, &self.by, Action::LinkTurnedOff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::CertificateState;
    use crate::testing as cast;

    fn off(link: Option<Link>) -> Result<TurnedOff, TurnOffError> {
        // A certificate that no longer stands may still have a link that somebody wants gone.
        let certificate = Certificate {
            state: CertificateState::Withdrawn,
            ..cast::certificate()
        };
        turn_off(
            cast::administrator().request(certificate).unwrap(),
            link,
            cast::now(),
        )
    }

    #[test]
    fn a_link_is_turned_off_once() {
        let done = off(Some(cast::delivery_link())).unwrap();
        assert_eq!(done.entry().action, Action::LinkTurnedOff);
        assert_eq!(done.by().name, cast::administrator().by().name);
        let twice = Link {
            ended_at: Some(cast::now()),
            ..cast::delivery_link()
        };
        assert_eq!(off(Some(twice)).unwrap_err(), TurnOffError::Gone(Gone::TurnedOff));
        assert_eq!(off(None).unwrap_err(), TurnOffError::NoLink);
    }
}
