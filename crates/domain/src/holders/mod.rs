//! Certificate holders: who asks for proof. A library of the agency, linked to the insureds that used them.

use crate::ids::{AgencyId, HolderId};
use crate::text::{Address, EmailAddress, NonBlank, Phone};

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
}

/// A holder of the agency's library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: HolderId,
    /// What is written down.
    pub profile: HolderProfile,
}
