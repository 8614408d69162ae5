//! Who is asking: a snapshot that is read afresh for every request, so that a suspension or a changed
//! right bites on the next one.

use std::collections::BTreeSet;

use super::capability::{Permission, Right};
use crate::ids::{AgencyId, InsuredId, PortalUserId, StaffUserId};
use crate::vocabulary;

vocabulary! {
    /// Who did something, in the audit trail.
    pub enum ActorKind {
        /// A staff user of the agency.
        Staff = "staff",
        /// An insured in the portal.
        Portal = "portal",
        /// A process of the product itself.
        System = "system",
    }
}

vocabulary! {
    /// Whether an account may be used at all.
    pub enum AccountState {
        /// In use.
        Active = "active",
        /// Closed for now; every request is refused.
        Suspended = "suspended",
    }
}

vocabulary! {
    /// A process of the product that acts without a person.
    pub enum Process {
        /// Mails what was queued.
        Mailer = "mailer",
        /// Loads imported files for a person who asked for it.
        Importer = "importer",
        /// Sends to many holders for a person who asked for it, with that person's permissions.
        BulkSender = "bulk_sender",
        /// Shows what a link in a mail opens, to whoever shows its secret.
        LinkReader = "link_reader",
        /// The command line, on the operator's word.
        Console = "console",
    }
}

/// A staff user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// The agency.
    pub agency: AgencyId,
    /// The user.
    pub id: StaffUserId,
    /// The display name that the audit trail keeps.
    pub name: String,
    /// Whether the account may be used.
    pub state: AccountState,
    /// What the security group opens.
    pub permissions: BTreeSet<Permission>,
}

/// An insured in the portal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portal {
    /// The agency.
    pub agency: AgencyId,
    /// The account.
    pub id: PortalUserId,
    /// The one insured whose data it may reach.
    pub insured: InsuredId,
    /// The display name that the audit trail keeps.
    pub name: String,
    /// Whether the account may be used.
    pub state: AccountState,
    /// What the agency granted.
    pub rights: BTreeSet<Right>,
}

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A staff user.
    Staff(Staff),
    /// An insured in the portal.
    Portal(Portal),
    /// The product itself, in one agency.
    System {
        /// The agency it acts in.
        agency: AgencyId,
        /// Which process.
        process: Process,
    },
}

/// Who did it, as an outcome and the audit trail remember it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// What kind of actor.
    pub kind: ActorKind,
    /// The account, unless it was the product itself.
    pub id: Option<uuid::Uuid>,
    /// The name at that time.
    pub name: String,
}

impl Actor {
    /// The agency in which this actor acts.
    #[must_use]
    pub const fn agency(&self) -> AgencyId {
        match self {
            Self::Staff(staff) => staff.agency,
            Self::Portal(portal) => portal.agency,
            Self::System { agency, .. } => *agency,
        }
    }

    /// The signature this actor leaves.
    #[must_use]
    pub fn by(&self) -> By {
        match self {
            Self::Staff(staff) => By {
                kind: ActorKind::Staff,
                id: Some(staff.id.uuid()),
                name: staff.name.clone(),
            },
            Self::Portal(portal) => By {
                kind: ActorKind::Portal,
                id: Some(portal.id.uuid()),
                name: portal.name.clone(),
            },
            Self::System { process, .. } => By {
                kind: ActorKind::System,
                id: None,
                name: process.as_str().to_owned(),
            },
        }
    }
}
