//! Writing down that somebody has a stake in an insured's cover.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Stake, StakeError};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::AddInterest;
use crate::authz::{By, Permit};
use crate::holders::HolderProfile;
use crate::ids::{HolderId, InsuredId, InterestId};
use crate::policies::Policy;

/// An additional interest was added.
#[derive(Debug)]
pub struct Added {
    id: InterestId,
    insured: InsuredId,
    party: (HolderId, HolderProfile),
    stake: Stake,
    by: By,
    at: DateTime<Utc>,
}

/// Adds an interest under a fresh id. `party` is the holder that it is, under an id that is used only where the
/// library has none of this name at this address; `policies` are those of the insured.
///
/// # Errors
/// [`StakeError`].
pub fn add(
    permit: Permit<AddInterest>,
    id: InterestId,
    party: (HolderId, HolderProfile),
    stake: Stake,
    policies: &[Policy],
    now: DateTime<Utc>,
) -> Result<Added, StakeError> {
    stake.check(policies)?;
    Ok(Added {
        id,
        insured: permit.id,
        party,
        stake,
        by: permit.by(),
        at: now,
    })
}

impl Added {
    /// The new interest's id.
    #[must_use]
    pub const fn id(&self) -> InterestId {
        self.id
    }

    /// Whose.
    #[must_use]
    pub const fn insured(&self) -> InsuredId {
        self.insured
    }

    /// The holder that it is, and the id to give it where the library has none such.
    #[must_use]
    pub const fn party(&self) -> (HolderId, &HolderProfile) {
        (self.party.0, &self.party.1)
    }

    /// What is written down.
    #[must_use]
    pub const fn stake(&self) -> &Stake {
        &self.stake
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Added {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::InterestAdded,
            insured: Some(self.insured),
            object_kind: "interest",
            object_id: Some(self.id.uuid()),
            object_label: self.party.1.name.to_string(),
            detail: json!({ "nature": self.stake.nature.label() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    #[test]
    fn an_added_interest_leaves_its_name_and_nature_on_the_insureds_trail() {
        let permit = cast::administrator().request(cast::insured()).unwrap();
        let party = (cast::holder().id, cast::holder_profile());
        let id = cast::interest().id;
        let added = add(permit, id, party, cast::stake(), &cast::policies(), cast::now()).unwrap();
        let entry = added.entry();
        assert_eq!(
            (entry.action, entry.insured),
            (Action::InterestAdded, Some(cast::INSURED))
        );
        assert_eq!(entry.object_label, "Northgate Builders, Inc.");
        assert_eq!(entry.detail, json!({ "nature": "Loss payee" }));
    }
}
