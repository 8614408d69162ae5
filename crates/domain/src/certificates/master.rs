//! Master certificates: reusable selections of an insured's policies, one per section of the page.
//!
//! Invariant: a mark (ADDL INSD, SUBR WVD) exists only as a link to a form on the section's own policy.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::{CreateMaster, EditMaster};
use crate::authz::{Belongs, By, Permit};
use crate::ids::{AgencyId, EndorsementId, InsuredId, MasterId, PolicyId};
use crate::insureds::Insured;
use crate::policies::endorsement::Effect;
use crate::policies::{Line, Policy, Standing};
use crate::templates::placeholders::{self, Placeholder, PlaceholderError, in_words};
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
        /// Nothing can be sent from it yet: its own first day, or that of a policy, is ahead, or a policy is only quoted,
        /// and nothing else is in the way.
        Upcoming = "upcoming",
        /// Nothing can be sent from it: the master itself or a policy has ended, or a policy is not in force
        /// or no longer there.
        Expired = "expired",
    }
}

/// The first day without cover among the given policies and the master's own validity.
#[must_use]
pub fn ends_on(selection: &Selection, policies: &[Policy]) -> Option<NaiveDate> {
    let ends = policies.iter().map(|policy| match policy.status.cancelled_on() {
        Some(cancelled) if cancelled < policy.expires_on => cancelled,
        _ => policy.expires_on,
    });
    let own = selection.valid_until.and_then(|day| day.succ_opt());
    ends.chain(own).min()
}

/// How a master with these policies stands on `day`.
#[must_use]
pub fn standing(selection: &Selection, policies: &[Policy], day: NaiveDate) -> MasterStanding {
    let of = |section: &MasterLine| {
        let policy = policies.iter().find(|policy| policy.id == section.policy)?;
        Some((policy.standing(day), policy.expires_on))
    };
    let stands = |section| match of(section) {
        Some((Standing::InForce | Standing::Upcoming, _)) => true,
        Some((Standing::NotBound, end)) => end > day,
        Some((Standing::Expired | Standing::Cancelled, _)) | None => false,
    };
    if selection.lines.is_empty() || !selection.lines.values().all(stands) {
        return MasterStanding::Expired;
    }
    let begun = selection.valid_from.is_none_or(|from| from <= day)
        && selection
            .lines
            .values()
            .all(|section| matches!(of(section), Some((Standing::InForce, _))));
    if !begun {
        return MasterStanding::Upcoming;
    }
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
    /// A placeholder in the description.
    #[error("the description {0}")]
    Placeholder(PlaceholderError),
    /// Placeholders in the description that sending could not fill.
    #[error("the description holds {}, which has no value when a certificate is sent from this master", in_words(.0))]
    Unfilled(BTreeSet<Placeholder>),
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
            && form(id).is_none_or(|form| form.effect != Effect::Waiver)
        {
            return Err(MasterError::NotAWaiverForm(*line));
        }
    }
    selection.description =
        paragraphs(&selection.description, MAX_DESCRIPTION).map_err(MasterError::Description)?;
    let mut open = placeholders::check(&selection.description).map_err(MasterError::Placeholder)?;
    open.retain(|placeholder| match placeholder.line() {
        Some(line) => !selection.lines.contains_key(&line),
        None => *placeholder == Placeholder::Reference,
    });
    if !open.is_empty() {
        return Err(MasterError::Unfilled(open));
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::Status;
    use crate::policies::endorsement::Endorsement;
    use crate::testing as cast;

    fn created(selection: Selection) -> Result<Created, MasterError> {
        let permit = cast::administrator().request(cast::insured()).unwrap();
        create(permit, cast::MASTER, selection, &cast::policies(), cast::now())
    }

    fn refused(change: impl FnOnce(&mut Selection)) -> MasterError {
        let mut selection = cast::selection(&cast::policies());
        change(&mut selection);
        created(selection).unwrap_err()
    }

    fn section(selection: &mut Selection, line: Line) -> &mut MasterLine {
        selection.lines.get_mut(&line).unwrap()
    }

    fn form_of(policy: &Policy, effect: Effect) -> Option<EndorsementId> {
        let mut forms = policy.endorsements.iter();
        forms
            .find(|form: &&Endorsement| form.effect == effect)
            .map(|form| form.id)
    }

    /// A2.25: staff create a master over the insured's policies.
    #[test]
    fn a_selection_of_the_insureds_policies_is_taken() {
        let created = created(cast::selection(&cast::policies())).unwrap();
        assert_eq!(created.selection(), &cast::selection(&cast::policies()));
        assert_eq!(created.insured(), cast::INSURED);
        let entry = created.entry();
        assert_eq!(
            (entry.action, entry.insured),
            (Action::MasterCreated, Some(cast::INSURED))
        );
    }

    #[test]
    fn a_selection_needs_at_least_one_section() {
        assert_eq!(refused(|selection| selection.lines.clear()), MasterError::NoLines);
    }

    #[test]
    fn a_policy_of_somebody_else_is_refused() {
        let foreign = refused(|selection| {
            section(selection, Line::UmbrellaExcess).policy = PolicyId::from_uuid(uuid::Uuid::from_u128(9));
        });
        assert_eq!(foreign, MasterError::ForeignPolicy(Line::UmbrellaExcess));
    }

    #[test]
    fn a_policy_stands_only_under_its_own_line() {
        let misplaced = refused(|selection| {
            let auto = *section(selection, Line::CommercialAuto);
            selection.lines.insert(Line::UmbrellaExcess, auto);
        });
        assert_eq!(misplaced, MasterError::WrongLine(Line::UmbrellaExcess));
    }

    #[test]
    fn workers_compensation_takes_no_additional_insured() {
        let marked = refused(|selection| {
            let waiver = form_of(&cast::workers_compensation(), Effect::Waiver);
            section(selection, Line::WorkersCompensation).additional_insured = waiver;
        });
        assert_eq!(marked, MasterError::NoAdditionalInsuredHere);
    }

    #[test]
    fn a_mark_needs_a_fitting_form_on_the_same_policy() {
        let waiver = form_of(&cast::general_liability(), Effect::Waiver);
        let insured = form_of(&cast::general_liability(), Effect::AdditionalInsuredOngoing);
        let of_auto = form_of(&cast::commercial_auto(), Effect::Waiver);
        let gl = Line::GeneralLiability;
        assert_eq!(
            refused(|selection| section(selection, gl).additional_insured = waiver),
            MasterError::NotAnAdditionalInsuredForm(gl)
        );
        assert_eq!(
            refused(|selection| section(selection, gl).waiver = insured),
            MasterError::NotAWaiverForm(gl)
        );
        assert_eq!(
            refused(|selection| section(selection, gl).waiver = of_auto),
            MasterError::NotAWaiverForm(gl)
        );
    }

    #[test]
    fn validity_runs_forward() {
        let backward = refused(|selection| {
            selection.valid_from = Some(cast::day("2026-11-02"));
            selection.valid_until = Some(cast::day("2026-11-01"));
        });
        assert_eq!(backward, MasterError::ValidityBackward);
        let mut one_day = cast::selection(&cast::policies());
        one_day.valid_from = Some(cast::today());
        one_day.valid_until = Some(cast::today());
        assert!(created(one_day).is_ok());
    }

    #[test]
    fn a_description_is_tidied_and_bounded() {
        let mut selection = cast::selection(&cast::policies());
        selection.description = "  Roofing.\r\nJob 114. ".to_owned();
        let tidied = created(selection).unwrap();
        assert_eq!(tidied.selection().description, "Roofing.\nJob 114.");
        assert_eq!(
            refused(|selection| selection.description = "x".repeat(MAX_DESCRIPTION + 1)),
            MasterError::Description(TextError::TooLong(MAX_DESCRIPTION))
        );
    }

    #[test]
    fn a_change_is_checked_like_a_creation_and_keeps_what_was_before() {
        let master = cast::master(&cast::policies());
        let permit = || cast::administrator().request(master.clone()).unwrap();
        let mut selection = master.selection.clone();
        selection.portal_usable = false;
        let edited = edit(permit(), selection.clone(), &cast::policies(), cast::now()).unwrap();
        assert_eq!((edited.before(), edited.selection()), (&master, &selection));
        assert_eq!(edited.entry().action, Action::MasterEdited);
        selection.lines.clear();
        let refused = edit(permit(), selection, &cast::policies(), cast::now());
        assert_eq!(refused.unwrap_err(), MasterError::NoLines);
    }

    #[test]
    fn a_master_stands_as_its_shortest_policy() {
        let policies = cast::policies();
        let on = |day: &str| standing(&cast::selection(&policies), &policies, cast::day(day));
        // Workers compensation ends first, on 01/01/2027.
        assert_eq!(on("2026-12-01"), MasterStanding::Current);
        assert_eq!(on("2026-12-02"), MasterStanding::Expiring);
        assert_eq!(on("2026-12-31"), MasterStanding::Expiring);
        assert_eq!(on("2027-01-01"), MasterStanding::Expired);
    }

    #[test]
    fn a_master_from_which_nothing_can_be_sent_is_not_current() {
        let stands = |change: fn(&mut Vec<Policy>)| {
            let mut policies = cast::policies();
            let selection = cast::selection(&policies);
            change(&mut policies);
            standing(&selection, &policies, cast::today())
        };
        assert_eq!(stands(|_| {}), MasterStanding::Current);
        let changes: [fn(&mut Vec<Policy>); 3] = [
            |policies| policies[2].status = Status::Expired,
            |policies| policies[2].status = cast::cancelled("2026-11-02"),
            |policies| drop(policies.remove(2)),
        ];
        for change in changes {
            assert_eq!(stands(change), MasterStanding::Expired);
        }
        // It may be bound yet, but not once its term is over.
        assert_eq!(
            stands(|policies| policies[2].status = Status::Quoted),
            MasterStanding::Upcoming
        );
        assert_eq!(
            stands(|policies| {
                policies[2].status = Status::Quoted;
                policies[2].expires_on = cast::today();
            }),
            MasterStanding::Expired
        );
        let mut selection = cast::selection(&cast::policies());
        selection.valid_from = Some(cast::day("2026-11-03"));
        let early = standing(&selection, &cast::policies(), cast::today());
        assert_eq!(early, MasterStanding::Upcoming);
        let next_term: fn(&mut Vec<Policy>) = |policies| policies[2].effective_on = cast::day("2026-11-03");
        assert_eq!(stands(next_term), MasterStanding::Upcoming);
        assert_eq!(
            stands(|policies| {
                policies[2].effective_on = cast::day("2026-11-03");
                policies[1].status = Status::Expired;
            }),
            MasterStanding::Expired
        );
    }

    #[test]
    fn a_cancellation_or_the_masters_own_last_day_ends_it_sooner() {
        let mut policies = cast::policies();
        policies[0].status = cast::cancelled("2026-11-10");
        assert_eq!(
            ends_on(&cast::selection(&policies), &policies),
            Some(cast::day("2026-11-10"))
        );
        let mut selection = cast::selection(&policies);
        selection.valid_until = Some(cast::day("2026-11-05"));
        assert_eq!(ends_on(&selection, &policies), Some(cast::day("2026-11-06")));
        assert_eq!(ends_on(&cast::selection(&[]), &[]), None);
    }
}
