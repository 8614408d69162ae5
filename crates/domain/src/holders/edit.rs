//! Changing what is written down about a holder. Certificates keep what they printed.

use serde_json::json;

use super::{AlreadyMerged, Holder, HolderProfile, distinct};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditHolder;
use crate::authz::{By, Permit};
use crate::text::NonBlank;

/// A holder was changed.
#[derive(Debug)]
pub struct Edited {
    before: Holder,
    profile: HolderProfile,
    aliases: Vec<NonBlank>,
    by: By,
}

/// Changes what is written down about a holder.
///
/// # Errors
/// [`AlreadyMerged`].
pub fn edit(
    permit: Permit<EditHolder>,
    profile: HolderProfile,
    aliases: Vec<NonBlank>,
) -> Result<Edited, AlreadyMerged> {
    permit.still_own()?;
    let by = permit.by();
    Ok(Edited {
        before: permit.into_target(),
        aliases: distinct(&profile.name, aliases),
        profile,
        by,
    })
}

impl Edited {
    /// The holder as it was.
    #[must_use]
    pub const fn before(&self) -> &Holder {
        &self.before
    }

    /// What is written down now.
    #[must_use]
    pub const fn profile(&self) -> &HolderProfile {
        &self.profile
    }

    /// Its other names now.
    #[must_use]
    pub fn aliases(&self) -> &[NonBlank] {
        &self.aliases
    }
}

impl Audited for Edited {
    fn entry(&self) -> Entry {
        let old = &self.before.profile;
        let new = &self.profile;
        let changed: Vec<&str> = [
            ("name", old.name != new.name),
            ("care_of", old.care_of != new.care_of),
            ("address", old.address != new.address),
            ("emails", old.emails != new.emails),
            ("phone", old.phone != new.phone),
            ("delivery", old.channel != new.channel),
            ("aliases", self.before.aliases != self.aliases),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect();
        Entry {
            by: self.by.clone(),
            action: Action::HolderEdited,
            insured: None,
            object_kind: "holder",
            object_id: Some(self.before.id.uuid()),
            object_label: new.name.to_string(),
            detail: json!({ "changed": changed }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::delivery::Channel;
    use crate::testing as cast;

    #[test]
    fn the_trail_names_the_fields_that_changed_and_not_their_contents() {
        let permit = cast::administrator().request(cast::holder()).unwrap();
        let mut profile = cast::holder_profile();
        profile.name = cast::text("Northgate Builders Inc.");
        profile.phone = crate::text::Phone::parse("(775) 555-0199").ok();
        profile.channel = Some(Channel::Link);
        let edited = edit(permit, profile, vec![cast::text("Northgate")]).unwrap();
        assert_eq!(
            edited.entry().detail,
            json!({ "changed": ["name", "phone", "delivery", "aliases"] })
        );
        assert_eq!(edited.entry().object_label, "Northgate Builders Inc.");
    }
}
