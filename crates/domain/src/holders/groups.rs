//! Named groups of holders. They belong to the agency; a holder may be in many of them.

use serde_json::json;

use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::{CreateHolderGroup, EditHolderGroup};
use crate::authz::{Belongs, By, Permit};
use crate::ids::{AgencyId, HolderGroupId, HolderId};
use crate::text::NonBlank;

/// At most this many groups, so that a list of them stays one that people can read.
pub const MAX_GROUPS: usize = 200;

/// At most this many holders join or leave a group at once.
pub const MAX_CHANGED: usize = 500;

/// A group of holders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderGroup {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: HolderGroupId,
    /// Counts changes of the name.
    pub version: i32,
    /// What it is called.
    pub name: NonBlank,
}

impl Belongs for HolderGroup {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}

/// The agency has as many groups as it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there are {MAX_GROUPS} groups already; delete one that is not used any more")]
pub struct TooManyGroups;

/// A group was made.
#[derive(Debug)]
pub struct GroupCreated {
    id: HolderGroupId,
    name: NonBlank,
    by: By,
}

/// A group has another name.
#[derive(Debug)]
pub struct GroupRenamed {
    before: HolderGroup,
    name: NonBlank,
    by: By,
}

/// A group was taken away; its holders stay.
#[derive(Debug)]
pub struct GroupDeleted {
    group: HolderGroup,
    by: By,
}

/// Holders joined a group or left it.
#[derive(Debug)]
pub struct GroupChanged {
    group: HolderGroup,
    joined: Vec<HolderId>,
    left: Vec<HolderId>,
    by: By,
}

/// Makes a group under a fresh id, beside those that there are.
///
/// # Errors
/// [`TooManyGroups`].
pub fn create_group(
    permit: Permit<CreateHolderGroup>,
    id: HolderGroupId,
    name: NonBlank,
    there_are: usize,
) -> Result<GroupCreated, TooManyGroups> {
    if there_are >= MAX_GROUPS {
        return Err(TooManyGroups);
    }
    Ok(GroupCreated {
        id,
        name,
        by: permit.by(),
    })
}

/// Gives a group another name.
#[must_use]
pub fn rename_group(permit: Permit<EditHolderGroup>, name: NonBlank) -> GroupRenamed {
    GroupRenamed {
        by: permit.by(),
        before: permit.into_target(),
        name,
    }
}

/// Takes a group away. Its holders stay in the library.
#[must_use]
pub fn delete_group(permit: Permit<EditHolderGroup>) -> GroupDeleted {
    GroupDeleted {
        by: permit.by(),
        group: permit.into_target(),
    }
}

/// Lets holders join a group and leave it. One that is named in both ways is in it afterwards.
#[must_use]
pub fn change_group(
    permit: Permit<EditHolderGroup>,
    joined: Vec<HolderId>,
    left: Vec<HolderId>,
) -> GroupChanged {
    GroupChanged {
        by: permit.by(),
        group: permit.into_target(),
        left: left.into_iter().filter(|id| !joined.contains(id)).collect(),
        joined,
    }
}

impl GroupCreated {
    /// Its id.
    #[must_use]
    pub const fn id(&self) -> HolderGroupId {
        self.id
    }

    /// What it is called.
    #[must_use]
    pub const fn name(&self) -> &NonBlank {
        &self.name
    }
}

impl GroupRenamed {
    /// The group as it was.
    #[must_use]
    pub const fn before(&self) -> &HolderGroup {
        &self.before
    }

    /// What it is called now.
    #[must_use]
    pub const fn name(&self) -> &NonBlank {
        &self.name
    }
}

impl GroupDeleted {
    /// The group as it was.
    #[must_use]
    pub const fn group(&self) -> &HolderGroup {
        &self.group
    }
}

impl GroupChanged {
    /// The group.
    #[must_use]
    pub const fn group(&self) -> &HolderGroup {
        &self.group
    }

    /// Who is in it now.
    #[must_use]
    pub fn joined(&self) -> &[HolderId] {
        &self.joined
    }

    /// Who is in it no more.
    #[must_use]
    pub fn left(&self) -> &[HolderId] {
        &self.left
    }
}

fn entry(id: HolderGroupId, name: &NonBlank, by: &By, action: Action, detail: serde_json::Value) -> Entry {
    Entry {
        by: by.clone(),
        action,
        insured: None,
        object_kind: "holder_group",
        object_id: Some(id.uuid()),
        object_label: name.to_string(),
        detail,
    }
}

impl Audited for GroupCreated {
    fn entry(&self) -> Entry {
        entry(
            self.id,
            &self.name,
            &self.by,
            Action::HolderGroupCreated,
            json!({}),
        )
    }
}

impl Audited for GroupRenamed {
    fn entry(&self) -> Entry {
        let detail = json!({ "before": self.before.name });
        entry(
            self.before.id,
            &self.name,
            &self.by,
            Action::HolderGroupRenamed,
            detail,
        )
    }
}

impl Audited for GroupDeleted {
    fn entry(&self) -> Entry {
        let group = &self.group;
        entry(
            group.id,
            &group.name,
            &self.by,
            Action::HolderGroupDeleted,
            json!({}),
        )
    }
}

impl Audited for GroupChanged {
    fn entry(&self) -> Entry {
        let ids = |all: &[HolderId]| all.iter().map(|id| id.uuid()).collect::<Vec<_>>();
        let detail = json!({ "joined": ids(&self.joined), "left": ids(&self.left) });
        let group = &self.group;
        entry(
            group.id,
            &group.name,
            &self.by,
            Action::HolderGroupChanged,
            detail,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    #[test]
    fn there_are_so_many_groups_and_no_more() {
        let make = |there_are| {
            let permit = cast::administrator().request(cast::agency()).unwrap();
            create_group(permit, cast::holder_group().id, cast::text("Lenders"), there_are)
        };
        assert_eq!(make(MAX_GROUPS - 1).unwrap().name().as_str(), "Lenders");
        assert_eq!(make(MAX_GROUPS).unwrap_err(), TooManyGroups);
    }

    #[test]
    fn who_joins_and_leaves_at_once_is_in_the_group() {
        let permit = cast::administrator().request(cast::holder_group()).unwrap();
        let other = HolderId::from_uuid(uuid::Uuid::from_u128(9));
        let changed = change_group(permit, vec![cast::HOLDER], vec![cast::HOLDER, other]);
        assert_eq!(changed.joined(), [cast::HOLDER]);
        assert_eq!(changed.left(), [other]);
    }
}
