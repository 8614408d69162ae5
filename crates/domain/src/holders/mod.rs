//! Certificate holders: who asks for proof. A library of the agency, linked to the insureds that used them.
//!
//! Invariants: a holder that was used is never deleted, only archived; one that was merged points to the holder that
//! took its place, and is changed no more.

mod archive;
mod create;
mod edit;
mod find;
pub mod groups;
mod link;
mod merge;
pub mod requirements;

use chrono::{DateTime, Utc};

use crate::authz::Belongs;
use crate::certificates::delivery::Channel;
use crate::ids::{AgencyId, HolderId};
use crate::text::{Address, EmailAddress, NonBlank, Phone};

pub use archive::{Archived, Restored, archive, restore};
pub use create::{Created, create};
pub use edit::{Edited, edit};
pub use find::{meant, meant_once};
pub use groups::HolderGroup;
pub use link::{Link, LinkEdited, LinkTerms, LinkWish, edit_link};
pub use merge::{MergeError, Merged, merge};
pub use requirements::Requirements;

/// What is written down about a holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderProfile {
    /// Exact legal name; trackers compare it letter by letter.
    pub name: NonBlank,
    /// "Care of" line.
    pub care_of: Option<NonBlank>,
    /// Mailing address.
    pub address: Address,
    /// Where certificates go.
    pub emails: Vec<EmailAddress>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// How it wants its mail to carry the page, where somebody has said.
    pub channel: Option<Channel>,
}

/// Where a holder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HolderStanding {
    /// It can be chosen.
    Listed,
    /// Put away: not offered any more, found on request.
    Archived {
        /// Since when.
        at: DateTime<Utc>,
    },
    /// It was another one's double; that one took its place.
    Merged {
        /// The holder that stands for it now.
        into: HolderId,
        /// Since when.
        at: DateTime<Utc>,
    },
}

/// A holder of the agency's library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: HolderId,
    /// Counts changes; a change must name the version it was made from.
    pub version: i32,
    /// What is written down.
    pub profile: HolderProfile,
    /// Other names under which people look for it. Never printed.
    pub aliases: Vec<NonBlank>,
    /// Where it stands.
    pub standing: HolderStanding,
}

impl Belongs for Holder {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}

/// At most this many email addresses and aliases each.
pub const MAX_ENTRIES: usize = 20;

/// The holder was merged into another one, so there is nothing to change here any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this holder was merged into another one; change that one instead")]
pub struct AlreadyMerged {
    /// The holder that stands for it now.
    pub into: HolderId,
}

impl Holder {
    fn still_own(&self) -> Result<(), AlreadyMerged> {
        match self.standing {
            HolderStanding::Merged { into, .. } => Err(AlreadyMerged { into }),
            HolderStanding::Listed | HolderStanding::Archived { .. } => Ok(()),
        }
    }
}

/// Each name once, whatever its case, and none that the holder itself bears.
fn distinct(name: &NonBlank, aliases: Vec<NonBlank>) -> Vec<NonBlank> {
    let mut known = vec![name.as_str().to_lowercase()];
    aliases
        .into_iter()
        .filter(|alias| {
            let folded = alias.as_str().to_lowercase();
            let fresh = !known.contains(&folded);
            known.push(folded);
            fresh
        })
        .collect()
}
