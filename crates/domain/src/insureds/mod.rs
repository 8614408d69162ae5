//! The customers of the agency: named insureds and the people to reach there.

use chrono::NaiveDate;
use serde_json::json;

use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::{CreateInsured, EditInsured};
use crate::authz::{Belongs, By, Permit};
use crate::ids::{AgencyId, ContactId, InsuredId};
use crate::portal::Account;
use crate::text::{Address, EmailAddress, NonBlank, PersonName, Phone};
use crate::vocabulary;

vocabulary! {
    /// Whether the insured is a business or a person.
    pub enum InsuredKind {
        /// A business.
        Commercial = "commercial",
        /// A person or household.
        Personal = "personal",
    }
}

/// What staff write down about an insured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Legal name exactly as on the declarations.
    pub name: NonBlank,
    /// "Doing business as".
    pub dba: Option<NonBlank>,
    /// Business or person.
    pub kind: InsuredKind,
    /// What the business does.
    pub trade: Option<NonBlank>,
    /// Where invitations go.
    pub email: Option<EmailAddress>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Mailing address.
    pub address: Address,
    /// The agency's own number for this customer.
    pub customer_id: Option<NonBlank>,
    /// Federal employer identification number.
    pub fein: Option<NonBlank>,
}

/// A person to reach at an insured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The contact's id.
    pub id: ContactId,
    /// Name.
    pub name: PersonName,
    /// Role.
    pub title: Option<NonBlank>,
    /// Email.
    pub email: Option<EmailAddress>,
    /// Telephone.
    pub phone: Option<Phone>,
}

/// A customer of the agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insured {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: InsuredId,
    /// Counts changes; a change must name the version it was made from.
    pub version: i32,
    /// What staff wrote down.
    pub profile: Profile,
    /// Since when it is a customer.
    pub customer_since: Option<NaiveDate>,
    /// Its portal account, where one was opened.
    pub account: Option<Account>,
}

impl Belongs for Insured {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}

/// An insured was created.
#[derive(Debug)]
pub struct Created {
    id: InsuredId,
    profile: Profile,
    by: By,
}

/// Creates an insured under a fresh id.
#[must_use]
pub fn create(permit: Permit<CreateInsured>, id: InsuredId, profile: Profile) -> Created {
    Created {
        id,
        profile,
        by: permit.by(),
    }
}

impl Created {
    /// The new insured's id.
    #[must_use]
    pub const fn id(&self) -> InsuredId {
        self.id
    }

    /// What is written down.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }
}

impl Audited for Created {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::InsuredCreated,
            insured: Some(self.id),
            object_kind: "insured",
            object_id: Some(self.id.uuid()),
            object_label: self.profile.name.to_string(),
            detail: json!({}),
        }
    }
}

/// An insured's profile was changed.
#[derive(Debug)]
pub struct Edited {
    before: Insured,
    profile: Profile,
    by: By,
}

/// Changes what is written down about an insured.
#[must_use]
pub fn edit(permit: Permit<EditInsured>, profile: Profile) -> Edited {
    let by = permit.by();
    Edited {
        before: permit.into_target(),
        profile,
        by,
    }
}

impl Edited {
    /// The insured as it was.
    #[must_use]
    pub const fn before(&self) -> &Insured {
        &self.before
    }

    /// What is written down now.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }
}

impl Audited for Edited {
    fn entry(&self) -> Entry {
        let old = &self.before.profile;
        let new = &self.profile;
        let mut changed = Vec::new();
        let mut note = |field: &str, differs: bool| {
            if differs {
                changed.push(field.to_owned());
            }
        };
        note("name", old.name != new.name);
        note("dba", old.dba != new.dba);
        note("kind", old.kind != new.kind);
        note("trade", old.trade != new.trade);
        note("email", old.email != new.email);
        note("phone", old.phone != new.phone);
        note("address", old.address != new.address);
        note("customer_id", old.customer_id != new.customer_id);
        note("fein", old.fein != new.fein);
        Entry {
            by: self.by.clone(),
            action: Action::InsuredEdited,
            insured: Some(self.before.id),
            object_kind: "insured",
            object_id: Some(self.before.id.uuid()),
            object_label: new.name.to_string(),
            detail: json!({ "changed": changed }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    #[test]
    fn a_new_insured_is_traced_under_its_name() {
        let permit = cast::administrator().request(cast::agency()).unwrap();
        let created = create(permit, cast::INSURED, cast::insured().profile);
        let entry = created.entry();
        assert_eq!(
            (entry.action, entry.insured),
            (Action::InsuredCreated, Some(cast::INSURED))
        );
        assert_eq!(entry.object_label, "Alder Creek Roofing LLC");
    }

    #[test]
    fn the_trail_names_the_fields_that_changed_and_not_their_contents() {
        let mut profile = cast::insured().profile;
        profile.name = cast::text("Alder Creek Roofing Inc");
        profile.fein = Some(cast::text("88-0000000"));
        let permit = cast::administrator().request(cast::insured()).unwrap();
        let edited = edit(permit, profile.clone());
        assert_eq!(edited.before(), &cast::insured());
        assert_eq!(edited.profile(), &profile);
        assert_eq!(edited.entry().detail, json!({ "changed": ["name", "fein"] }));
    }

    #[test]
    fn a_change_of_any_field_is_noted() {
        type Change = fn(&mut Profile);
        let changes: &[(&str, Change)] = &[
            ("name", |p| p.name = cast::text("X")),
            ("dba", |p| p.dba = Some(cast::text("X"))),
            ("kind", |p| p.kind = InsuredKind::Personal),
            ("trade", |p| p.trade = None),
            ("email", |p| p.email = None),
            ("phone", |p| p.phone = Phone::parse("(775) 555-0199").ok()),
            ("address", |p| p.address.city = cast::text("X")),
            ("customer_id", |p| p.customer_id = None),
            ("fein", |p| p.fein = Some(cast::text("X"))),
        ];
        for (field, change) in changes {
            let mut profile = cast::insured().profile;
            change(&mut profile);
            let permit = cast::administrator().request(cast::insured()).unwrap();
            assert_eq!(
                edit(permit, profile).entry().detail,
                json!({ "changed": [field] })
            );
        }
    }
}
