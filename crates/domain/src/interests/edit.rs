//! Changing what is written down about an interest. Certificates keep what they printed.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Interest, Stake, StakeError};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditInterest;
use crate::authz::{By, Permit};
use crate::holders::HolderProfile;
use crate::ids::HolderId;
use crate::policies::Policy;

/// An additional interest was changed.
#[derive(Debug)]
pub struct Edited {
    before: Interest,
    party: (HolderId, HolderProfile),
    stake: Stake,
    by: By,
    at: DateTime<Utc>,
}

/// Changes an interest. Another name or address makes it another holder of the library; the one that it was stays
/// as it is, for other insureds may have it.
///
/// # Errors
/// [`StakeError`].
pub fn edit(
    permit: Permit<EditInterest>,
    party: (HolderId, HolderProfile),
    stake: Stake,
    policies: &[Policy],
    now: DateTime<Utc>,
) -> Result<Edited, StakeError> {
    permit.open()?;
    stake.check(policies)?;
    let by = permit.by();
    Ok(Edited {
        before: permit.into_target(),
        party,
        stake,
        by,
        at: now,
    })
}

impl Edited {
    /// The interest as it was.
    #[must_use]
    pub const fn before(&self) -> &Interest {
        &self.before
    }

    /// The holder that it is now, and the id to give it where the library has none such.
    #[must_use]
    pub const fn party(&self) -> (HolderId, &HolderProfile) {
        (self.party.0, &self.party.1)
    }

    /// What is written down now.
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

impl Audited for Edited {
    fn entry(&self) -> Entry {
        let (old, new) = (&self.before.stake, &self.stake);
        let (was, is) = (&self.before.party, &self.party.1);
        let changed: Vec<&str> = [
            ("name", was.name != is.name),
            (
                "address",
                (&was.care_of, &was.address) != (&is.care_of, &is.address),
            ),
            ("nature", old.nature != new.nature),
            ("item", old.item != new.item),
            ("reference", old.reference != new.reference),
            ("emails", old.emails != new.emails),
            (
                "dates",
                (old.from_on, old.until_on) != (new.from_on, new.until_on),
            ),
            ("policies", old.policies != new.policies),
            ("endorsements", old.endorsements != new.endorsements),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect();
        Entry {
            by: self.by.clone(),
            action: Action::InterestEdited,
            insured: Some(self.before.insured),
            object_kind: "interest",
            object_id: Some(self.before.id.uuid()),
            object_label: self.party.1.name.to_string(),
            detail: json!({ "changed": changed }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interests::{Ended, NotCurrent};
    use crate::testing as cast;

    fn edited(interest: Interest, stake: Stake) -> Result<Edited, StakeError> {
        let permit = cast::administrator().request(interest).unwrap();
        let party = (cast::holder().id, cast::holder_profile());
        edit(permit, party, stake, &cast::policies(), cast::now())
    }

    #[test]
    fn the_trail_names_the_fields_that_changed_and_not_their_contents() {
        let mut stake = cast::stake();
        stake.reference = Some(cast::text("Loan 999"));
        stake.until_on = Some(stake.from_on);
        let edited = edited(cast::interest(), stake).unwrap();
        assert_eq!(
            edited.entry().detail,
            json!({ "changed": ["reference", "dates"] })
        );
    }

    #[test]
    fn an_ended_interest_is_changed_no_more() {
        let mut interest = cast::interest();
        interest.ended = Some(Ended {
            at: cast::now(),
            by_name: "Maren Voss".into(),
        });
        let refused = edited(interest, cast::stake()).unwrap_err();
        assert_eq!(refused, StakeError::NotCurrent(NotCurrent::Ended));
    }
}
