//! Master certificates: reusable selections of an insured's policies, one per section of the page.
//!
//! Invariant: a mark (ADDL INSD, SUBR WVD) exists only as a link to a form on the section's own policy.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::{CreateMaster, EditMaster};
use crate::authz::{Belongs, By, Permit};
use crate::ids::{AgencyId, EndorsementId, InsuredId, MasterId, PolicyId};
use crate::insureds::Insured;
use crate::policies::endorsement::Effect;
use crate::policies::{Line, Policy};
use crate::text::{NonBlank, TextError, paragraphs};
use crate::vocabulary;

/// A section's policy and the forms behind its marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MasterLine {
    /// The policy.
    pub policy: PolicyId,
    /// The form behind ADDL INSD.
    pub additional_insured: Option<EndorsementId>,
    /// The form behind SUBR WVD.
    pub waiver: Option<EndorsementId>,
}

/// What a master selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Its name in lists.
    pub name: NonBlank,
    /// The sections.
    pub lines: BTreeMap<Line, MasterLine>,
    /// Description of operations printed unless the sender writes another.
    pub description: String,
    /// Who signs.
    pub authorized_representative: NonBlank,
    /// Whether insureds may use it in the portal.
    pub portal_usable: bool,
    /// Whether the renewal run takes it along.
    pub include_in_renewals: bool,
    /// First day on which it may be used.
    pub valid_from: Option<NaiveDate>,
    /// Last day on which it may be used.
    pub valid_until: Option<NaiveDate>,
}

/// A master certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Master {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: MasterId,
    /// Counts changes.
    pub version: i32,
    /// Whose cover it selects.
    pub insured: InsuredId,
    /// What it selects.
    pub selection: Selection,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

impl Belongs for Master {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}

vocabulary! {
    /// How a master stands: computed, never stored.
    pub enum MasterStanding {
        /// Usable for more than 30 days.
        Current = "current",
        /// A policy or the master itself ends within 30 days.
        Expiring = "expiring",
        /// A policy or the master itself has ended.
        Expired = "expired",
    }
}

/// The first day without cover among the given policies and the master's own validity.
#[must_use]
pub fn ends_on(selection: &Selection, policies: &[Policy]) -> Option<NaiveDate> {
    let ends = policies.iter().map(|policy| match policy.cancelled_on {
        Some(cancelled) if cancelled < policy.expires_on => cancelled,
        _ => policy.expires_on,
    });
    let own = selection.valid_until.and_then(|day| day.succ_opt());
    ends.chain(own).min()
}

/// How a master with these policies stands on `day`.
#[must_use]
pub fn standing(selection: &Selection, policies: &[Policy], day: NaiveDate) -> MasterStanding {
    match ends_on(selection, policies) {
        Some(end) if end <= day => MasterStanding::Expired,
        Some(end) if end <= day + TimeDelta::days(30) => MasterStanding::Expiring,
        _ => MasterStanding::Current,
    }
}

/// Why a selection was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MasterError {
    /// No section is filled.
    #[error("choose a policy for at least one section")]
    NoLines,
    /// A policy of another insured, or none at all.
    #[error("the policy of this section is not one of the insured's")]
    ForeignPolicy(Line),
    /// The policy is of another line.
    #[error("the policy's line is not this section's")]
    WrongLine(Line),
    /// Workers compensation knows no additional insured.
    #[error("workers compensation has no additional insured")]
    NoAdditionalInsuredHere,
    /// The form behind ADDL INSD is not on the policy or makes nobody an additional insured.
    #[error("choose a form on this policy that makes somebody an additional insured")]
    NotAnAdditionalInsuredForm(Line),
    /// The form behind SUBR WVD is not on the policy or waives nothing.
    #[error("choose a form on this policy that waives the right to recover")]
    NotAWaiverForm(Line),
    /// The description is not printable or too long.
    #[error("the description {0}")]
    Description(TextError),
    /// The last day lies before the first.
    #[error("the last day lies before the first")]
    ValidityBackward,
}

/// Checks a selection against the insured's policies.
fn check(mut selection: Selection, policies: &[Policy]) -> Result<Selection, MasterError> {
    if selection.lines.is_empty() {
        return Err(MasterError::NoLines);
    }
    if let (Some(from), Some(until)) = (selection.valid_from, selection.valid_until)
        && until < from
    {
        return Err(MasterError::ValidityBackward);
    }
    for (line, section) in &selection.lines {
        let policy = policies
            .iter()
            .find(|policy| policy.id == section.policy)
            .ok_or(MasterError::ForeignPolicy(*line))?;
        if policy.line() != *line {
            return Err(MasterError::WrongLine(*line));
        }
        let form = |id: EndorsementId| policy.endorsements.iter().find(|form| form.id == id);
        if let Some(id) = section.additional_insured {
            if *line == Line::WorkersCompensation {
                return Err(MasterError::NoAdditionalInsuredHere);
            }
            if !form(id).is_some_and(|form| form.effect.makes_additional_insured()) {
                return Err(MasterError::NotAnAdditionalInsuredForm(*line));
            }
        }
        if let Some(id) = section.waiver
            && !form(id).is_some_and(|form| form.effect == Effect::Waiver)
        {
            return Err(MasterError::NotAWaiverForm(*line));
        }
    }
    selection.description =
        paragraphs(&selection.description, MAX_DESCRIPTION).map_err(MasterError::Description)?;
    Ok(selection)
}

/// Longest description of operations, in characters; what does not fit the page continues on a remarks page.
pub const MAX_DESCRIPTION: usize = 10_000;

/// A master was created.
#[derive(Debug)]
pub struct Created {
    id: MasterId,
    insured: Insured,
    selection: Selection,
    by: By,
    at: DateTime<Utc>,
}

/// Creates a master from a selection of the insured's policies.
///
/// # Errors
/// [`MasterError`].
pub fn create(
    permit: Permit<CreateMaster>,
    id: MasterId,
    selection: Selection,
    policies: &[Policy],
    now: DateTime<Utc>,
) -> Result<Created, MasterError> {
    let selection = check(selection, policies)?;
    let by = permit.by();
    Ok(Created {
        id,
        insured: permit.into_target(),
        selection,
        by,
        at: now,
    })
}

impl Created {
    /// The new master's id.
    #[must_use]
    pub const fn id(&self) -> MasterId {
        self.id
    }

    /// Whose cover it selects.
    #[must_use]
    pub const fn insured(&self) -> InsuredId {
        self.insured.id
    }

    /// What it selects.
    #[must_use]
    pub const fn selection(&self) -> &Selection {
        &self.selection
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Created {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::MasterCreated,
            insured: Some(self.insured.id),
            object_kind: "master",
            object_id: Some(self.id.uuid()),
            object_label: self.selection.name.to_string(),
            detail: json!({ "portal_usable": self.selection.portal_usable }),
        }
    }
}

/// A master was changed.
#[derive(Debug)]
pub struct Edited {
    before: Master,
    selection: Selection,
    by: By,
    at: DateTime<Utc>,
}

/// Changes what a master selects. Certificates issued from it keep what they printed.
///
/// # Errors
/// [`MasterError`].
pub fn edit(
    permit: Permit<EditMaster>,
    selection: Selection,
    policies: &[Policy],
    now: DateTime<Utc>,
) -> Result<Edited, MasterError> {
    let selection = check(selection, policies)?;
    let by = permit.by();
    Ok(Edited {
        before: permit.into_target(),
        selection,
        by,
        at: now,
    })
}

impl Edited {
    /// The master as it was.
    #[must_use]
    pub const fn before(&self) -> &Master {
        &self.before
    }

    /// What it selects now.
    #[must_use]
    pub const fn selection(&self) -> &Selection {
        &self.selection
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Edited {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::MasterEdited,
            insured: Some(self.before.insured),
            object_kind: "master",
            object_id: Some(self.before.id.uuid()),
            object_label: self.selection.name.to_string(),
            detail: json!({ "portal_usable": self.selection.portal_usable }),
        }
    }
}
