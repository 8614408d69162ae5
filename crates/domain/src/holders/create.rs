//! Adding a holder to the library.

use serde_json::json;

use super::{HolderProfile, distinct};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::CreateHolder;
use crate::authz::{By, Permit};
use crate::ids::HolderId;
use crate::text::NonBlank;

/// A holder was added to the library.
#[derive(Debug)]
pub struct Created {
    id: HolderId,
    profile: HolderProfile,
    aliases: Vec<NonBlank>,
    by: By,
}

/// Adds a holder under a fresh id.
#[must_use]
pub fn create(
    permit: Permit<CreateHolder>,
    id: HolderId,
    profile: HolderProfile,
    aliases: Vec<NonBlank>,
) -> Created {
    Created {
        id,
        aliases: distinct(&profile.name, aliases),
        profile,
        by: permit.by(),
    }
}

impl Created {
    /// The new holder's id.
    #[must_use]
    pub const fn id(&self) -> HolderId {
        self.id
    }

    /// What is written down.
    #[must_use]
    pub const fn profile(&self) -> &HolderProfile {
        &self.profile
    }

    /// Its other names.
    #[must_use]
    pub fn aliases(&self) -> &[NonBlank] {
        &self.aliases
    }
}

impl Audited for Created {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::HolderCreated,
            insured: None,
            object_kind: "holder",
            object_id: Some(self.id.uuid()),
            object_label: self.profile.name.to_string(),
            detail: json!({}),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    #[test]
    fn an_alias_that_says_nothing_new_is_left_out() {
        let permit = cast::administrator().request(cast::agency()).unwrap();
        let profile = cast::holder_profile();
        let own = profile.name.to_string().to_uppercase();
        let aliases = ["Northgate", &own, "NORTHGATE", "NG Builders"].map(cast::text);
        let created = create(permit, cast::holder().id, profile, aliases.to_vec());
        assert_eq!(created.aliases(), ["Northgate", "NG Builders"].map(cast::text));
        assert_eq!(created.entry().action, Action::HolderCreated);
    }
}
