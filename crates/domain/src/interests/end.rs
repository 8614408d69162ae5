//! Ending an interest: it is offered no more, and stays with what was sent to it.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Interest, StakeError};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditInterest;
use crate::authz::{By, Permit};

/// An additional interest was ended.
#[derive(Debug)]
pub struct EndedInterest {
    interest: Interest,
    by: By,
    at: DateTime<Utc>,
}

/// Ends an interest.
///
/// # Errors
/// [`StakeError::NotCurrent`] when it was ended already.
pub fn end(permit: Permit<EditInterest>, now: DateTime<Utc>) -> Result<EndedInterest, StakeError> {
    permit.open()?;
    let by = permit.by();
    Ok(EndedInterest {
        interest: permit.into_target(),
        by,
        at: now,
    })
}

impl EndedInterest {
    /// The interest as it was.
    #[must_use]
    pub const fn interest(&self) -> &Interest {
        &self.interest
    }

    /// Who ended it.
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

impl Audited for EndedInterest {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::InterestEnded,
            insured: Some(self.interest.insured),
            object_kind: "interest",
            object_id: Some(self.interest.id.uuid()),
            object_label: self.interest.party.name.to_string(),
            detail: json!({ "nature": self.interest.stake.nature.label() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interests::{Ended, NotCurrent};
    use crate::testing as cast;

    #[test]
    fn an_interest_is_ended_once() {
        let permit = |interest: Interest| cast::administrator().request(interest).unwrap();
        let done = end(permit(cast::interest()), cast::now()).unwrap();
        assert_eq!(done.entry().action, Action::InterestEnded);
        let mut interest = cast::interest();
        interest.ended = Some(Ended {
            at: done.at(),
            by_name: done.by().name.clone(),
        });
        let refused = end(permit(interest), cast::now()).unwrap_err();
        assert_eq!(refused, StakeError::NotCurrent(NotCurrent::Ended));
    }
}
