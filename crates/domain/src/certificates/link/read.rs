//! Reading a certificate through its link: opening, looking at the page, saving it.
//!
//! Who reads is not known and not kept; only that somebody did, who had the mail. A certificate that was replaced is
//! still shown and saved, under that word: it was right when it was issued, and whoever relied on it needs it in the
//! file. One that was withdrawn is neither, since it may never have been right, and a saved page would not say so.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Gone, Link};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::ReadByLink;
use crate::authz::{By, Permit};
use crate::certificates::{Certificate, CertificateState, NotStanding};
use crate::ids::DeliveryId;

/// Somebody opened the link.
#[derive(Debug)]
pub struct Opened {
    certificate: Certificate,
    link: Link,
    by: By,
    at: DateTime<Utc>,
}

/// Somebody saved the page.
#[derive(Debug)]
pub struct Saved {
    certificate: Certificate,
    link: Link,
    by: By,
    at: DateTime<Utc>,
}

/// Why the page is not handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotForSaving {
    /// The link opens nothing.
    #[error(transparent)]
    Gone(#[from] Gone),
    /// The certificate was taken back.
    #[error(transparent)]
    Withdrawn(NotStanding),
}

/// Opens the link, whatever became of the certificate: that is told first of all.
///
/// # Errors
/// [`Gone`].
pub fn open(permit: &Permit<ReadByLink>, link: &Link, now: DateTime<Utc>) -> Result<Opened, Gone> {
    link.works(now)?;
    let certificate: &Certificate = permit;
    Ok(Opened {
        certificate: certificate.clone(),
        link: link.clone(),
        by: permit.by(),
        at: now,
    })
}

/// Whether the page may be looked at.
///
/// # Errors
/// [`NotForSaving`].
pub fn look(permit: &Permit<ReadByLink>, link: &Link, now: DateTime<Utc>) -> Result<(), NotForSaving> {
    link.works(now)?;
    match permit.state {
        CertificateState::Issued | CertificateState::Superseded => Ok(()),
        CertificateState::Withdrawn => Err(NotForSaving::Withdrawn(NotStanding::Withdrawn)),
    }
}

/// Saves the page.
///
/// # Errors
/// [`NotForSaving`].
pub fn save(permit: Permit<ReadByLink>, link: Link, now: DateTime<Utc>) -> Result<Saved, NotForSaving> {
    look(&permit, &link, now)?;
    let by = permit.by();
    Ok(Saved {
        certificate: permit.into_target(),
        link,
        by,
        at: now,
    })
}

impl Opened {
    /// Of which sending.
    #[must_use]
    pub const fn delivery(&self) -> DeliveryId {
        self.link.delivery
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Saved {
    /// Which certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Of which sending.
    #[must_use]
    pub const fn delivery(&self) -> DeliveryId {
        self.link.delivery
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Opened {
    fn entry(&self) -> Entry {
        entry(&self.certificate, &self.link, &self.by, Action::LinkOpened)
    }
}

impl Audited for Saved {
    fn entry(&self) -> Entry {
        entry(&self.certificate, &self.link, &self.by, Action::LinkDownloaded)
    }
}

/// What is known about a reader: which mail the link came with.
pub(super) fn entry(certificate: &Certificate, link: &Link, by: &By, action: Action) -> Entry {
    Entry {
        by: by.clone(),
        action,
        insured: Some(certificate.insured),
        object_kind: "certificate",
        object_id: Some(certificate.id.uuid()),
        object_label: certificate.number.clone(),
        detail: json!({ "to": link.to, "delivery": link.delivery }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Process;
    use crate::testing as cast;

    fn permit(state: CertificateState) -> Permit<ReadByLink> {
        let certificate = Certificate {
            state,
            ..cast::certificate()
        };
        cast::system(Process::LinkReader).request(certificate).unwrap()
    }

    #[test]
    fn a_link_opens_until_its_time_is_over_or_it_is_turned_off() {
        let issued = || permit(CertificateState::Issued);
        let link = cast::delivery_link();
        let entry = open(&issued(), &link, cast::now()).unwrap().entry();
        assert_eq!(entry.action, Action::LinkOpened);
        assert_eq!(entry.by.name, "link_reader");
        assert_eq!(
            open(&issued(), &link, link.expires_at).unwrap_err(),
            Gone::Expired
        );
        let off = Link {
            ended_at: Some(cast::now()),
            ..link
        };
        assert_eq!(open(&issued(), &off, cast::now()).unwrap_err(), Gone::TurnedOff);
        assert_eq!(
            save(issued(), off, cast::now()).unwrap_err(),
            NotForSaving::Gone(Gone::TurnedOff)
        );
    }

    #[test]
    fn what_was_replaced_is_still_saved_and_what_was_withdrawn_is_only_told_of() {
        let link = cast::delivery_link;
        for state in [CertificateState::Issued, CertificateState::Superseded] {
            let saved = save(permit(state), link(), cast::now()).unwrap();
            assert_eq!(saved.entry().action, Action::LinkDownloaded);
        }
        let withdrawn = || permit(CertificateState::Withdrawn);
        assert!(open(&withdrawn(), &link(), cast::now()).is_ok());
        let refused = NotForSaving::Withdrawn(NotStanding::Withdrawn);
        assert_eq!(look(&withdrawn(), &link(), cast::now()).unwrap_err(), refused);
        assert_eq!(save(withdrawn(), link(), cast::now()).unwrap_err(), refused);
    }
}
