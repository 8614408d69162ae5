//! Certificates of insurance: what they print, how they are sent, what may become of them.
//!
//! Invariant: an issued certificate never changes; its expiry is computed from the policies it names.

pub mod approval;
pub mod attachments;
pub mod batch;
pub mod cover;
pub mod deliver;
pub mod delivery;
pub mod description;
pub mod file_name;
pub mod follow;
pub mod held;
pub mod link;
pub mod master;
pub mod payload;
pub mod question;
pub mod recipients;
pub mod renewal;
pub mod report;
pub mod requirements;
pub mod resend;
pub mod revise;
pub mod send;
pub mod truth;
pub mod undo;
pub mod view;
pub mod withdraw;

use chrono::{DateTime, NaiveDate, Utc};

use crate::authz::{Actor, Belongs};
use crate::ids::{AgencyId, CertificateId, HolderId, InsuredId, InterestId, MasterId};
use crate::vocabulary;

vocabulary! {
    /// Through which door a certificate was issued.
    pub enum Source {
        /// By staff, from the profile.
        Staff = "staff",
        /// By the insured, in the portal.
        Portal = "portal",
        /// By staff, to many holders at once.
        Bulk = "bulk",
        /// By staff, to an additional interest.
        Interest = "additional_interest",
    }
}

impl Source {
    /// The door that an actor comes through.
    #[must_use]
    pub const fn of(actor: &Actor) -> Self {
        match actor {
            Actor::Portal(_) => Self::Portal,
            Actor::Staff(_) | Actor::System { .. } => Self::Staff,
        }
    }
}

vocabulary! {
    /// What became of a certificate. "Expired" is computed, never stored.
    pub enum CertificateState {
        /// Stands as issued.
        Issued = "issued",
        /// A newer revision stands in its place.
        Superseded = "superseded",
        /// Taken back.
        Withdrawn = "withdrawn",
    }
}

/// An issued certificate, as far as deciding about it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: CertificateId,
    /// Its number, unique in the agency together with the revision.
    pub number: String,
    /// Its revision, from 0.
    pub revision: u16,
    /// Whose cover it shows.
    pub insured: InsuredId,
    /// The insured as printed.
    pub insured_name: String,
    /// The holder.
    pub holder: HolderId,
    /// The holder as printed.
    pub holder_name: String,
    /// The additional interest that it was sent to.
    pub interest: Option<InterestId>,
    /// The master it was issued from.
    pub master: MasterId,
    /// The day it was issued, in the agency's zone.
    pub issued_on: NaiveDate,
    /// The moment it was issued.
    pub issued_at: DateTime<Utc>,
    /// What became of it.
    pub state: CertificateState,
    /// The next revision, where one took its place.
    pub superseded_by: Option<CertificateId>,
}

/// Why nothing more can be done with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotStanding {
    /// It was taken back.
    #[error("this certificate was withdrawn; it can no longer be sent or changed")]
    Withdrawn,
    /// The next revision stands in its place.
    #[error("a newer revision has taken this certificate's place; go on with that one")]
    Superseded(Option<CertificateId>),
}

impl Certificate {
    /// Whether it stands as issued, so that it may be sent again, revised or withdrawn.
    ///
    /// # Errors
    /// [`NotStanding`].
    pub const fn stands(&self) -> Result<(), NotStanding> {
        match self.state {
            CertificateState::Issued => Ok(()),
            CertificateState::Withdrawn => Err(NotStanding::Withdrawn),
            CertificateState::Superseded => Err(NotStanding::Superseded(self.superseded_by)),
        }
    }
}

impl Belongs for Certificate {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}
