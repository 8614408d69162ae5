//! A holder as one insured has it: the contract between them, whether renewals go there, and what the holder asks for.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{AlreadyMerged, Requirements};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditHolderLink;
use crate::authz::{Belongs, By, Permit};
use crate::ids::{AgencyId, HolderId, InsuredId};
use crate::text::NonBlank;

/// What is written down about a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkTerms {
    /// The contract or project that the holder's request is about.
    pub contract_reference: Option<NonBlank>,
    /// Since when renewals are not sent to it any more; none while they are.
    pub renewals_stopped_at: Option<DateTime<Utc>>,
    /// What the holder asks for.
    pub requirements: Requirements,
}

/// The link of a holder and an insured. One that was never made has version 0, and everything as it is by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The agency.
    pub agency: AgencyId,
    /// The insured.
    pub insured: InsuredId,
    /// Its name.
    pub insured_name: NonBlank,
    /// The holder.
    pub holder: HolderId,
    /// Its name.
    pub holder_name: NonBlank,
    /// The holder that took its place, where it was a double.
    pub merged_into: Option<HolderId>,
    /// Counts changes; 0 for a link that was never made.
    pub version: i32,
    /// When the insured last used the holder.
    pub last_used_at: Option<DateTime<Utc>>,
    /// What is written down.
    pub terms: LinkTerms,
}

impl Belongs for Link {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}

/// What somebody wants a link to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkWish {
    /// The contract or project.
    pub contract_reference: Option<NonBlank>,
    /// Whether renewals are sent to it.
    pub receives_renewals: bool,
    /// What the holder asks for.
    pub requirements: Requirements,
}

/// A link was changed, or made.
#[derive(Debug)]
pub struct LinkEdited {
    before: Link,
    terms: LinkTerms,
    by: By,
}

/// Changes what a link says, or makes it.
///
/// # Errors
/// [`AlreadyMerged`].
pub fn edit_link(
    permit: Permit<EditHolderLink>,
    wish: LinkWish,
    now: DateTime<Utc>,
) -> Result<LinkEdited, AlreadyMerged> {
    if let Some(into) = permit.merged_into {
        return Err(AlreadyMerged { into });
    }
    let by = permit.by();
    let before = permit.into_target();
    let stopped = before.terms.renewals_stopped_at.or(Some(now));
    Ok(LinkEdited {
        terms: LinkTerms {
            contract_reference: wish.contract_reference,
            renewals_stopped_at: stopped.filter(|_| !wish.receives_renewals),
            requirements: wish.requirements,
        },
        before,
        by,
    })
}

impl LinkEdited {
    /// The link as it was.
    #[must_use]
    pub const fn before(&self) -> &Link {
        &self.before
    }

    /// What it says now.
    #[must_use]
    pub const fn terms(&self) -> &LinkTerms {
        &self.terms
    }
}

impl Audited for LinkEdited {
    fn entry(&self) -> Entry {
        let (old, new) = (&self.before.terms, &self.terms);
        let changed: Vec<&str> = [
            (
                "contract_reference",
                old.contract_reference != new.contract_reference,
            ),
            (
                "receives_renewals",
                old.renewals_stopped_at.is_some() != new.renewals_stopped_at.is_some(),
            ),
            ("requirements", old.requirements != new.requirements),
        ]
        .into_iter()
        .filter_map(|(field, differs)| differs.then_some(field))
        .collect();
        Entry {
            by: self.by.clone(),
            action: Action::HolderLinkEdited,
            insured: Some(self.before.insured),
            object_kind: "holder",
            object_id: Some(self.before.holder.uuid()),
            object_label: self.before.holder_name.to_string(),
            detail: json!({ "changed": changed, "insured_name": self.before.insured_name }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn wish(receives_renewals: bool) -> LinkWish {
        LinkWish {
            contract_reference: Some(cast::text("Job 4471")),
            receives_renewals,
            requirements: Requirements::default(),
        }
    }

    #[test]
    fn renewals_are_stopped_from_now_on_or_since_they_were() {
        let edit = |link, wish| {
            let permit = cast::administrator().request(link).unwrap();
            edit_link(permit, wish, cast::now()).unwrap()
        };
        let fresh = edit(cast::link(), wish(false));
        assert_eq!(fresh.terms().renewals_stopped_at, Some(cast::now()));
        let changed = json!({
            "changed": ["contract_reference", "receives_renewals"],
            "insured_name": "Alder Creek Roofing LLC",
        });
        assert_eq!(fresh.entry().detail, changed);

        let earlier = Some(cast::moment("2026-01-02T18:00:00Z"));
        let mut stopped = cast::link();
        stopped.terms.renewals_stopped_at = earlier;
        let kept = edit(stopped.clone(), wish(false));
        assert_eq!(kept.terms().renewals_stopped_at, earlier);
        assert_eq!(edit(stopped, wish(true)).terms().renewals_stopped_at, None);
    }

    #[test]
    fn the_link_of_a_double_is_changed_no_more() {
        let mut link = cast::link();
        link.merged_into = Some(cast::HOLDER);
        let permit = cast::administrator().request(link).unwrap();
        let refused = edit_link(permit, wish(true), cast::now()).unwrap_err();
        assert_eq!(refused.into, cast::HOLDER);
    }
}
