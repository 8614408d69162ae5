//! A master that follows its policies into their new terms: what would change, section by section, and the change.
//!
//! Invariant: a mark goes along only where the new term has a form of the same number and effect; otherwise it is lost,
//! and the difference says so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::master::{Master, MasterLine, Selection};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditMaster;
use crate::authz::{By, Permit};
use crate::ids::{EndorsementId, PolicyId};
use crate::policies::endorsement::Endorsement;
use crate::policies::{Line, Policy, Standing, Terms};
use crate::vocabulary;

vocabulary! {
    /// Which way something goes from one term to the next.
    pub enum Way {
        /// It says something else.
        Changed = "changed",
        /// An amount is higher.
        Up = "up",
        /// An amount is lower.
        Down = "down",
        /// It was not there before.
        Gained = "gained",
        /// It is not there any more.
        Lost = "lost",
    }
}

/// One thing that differs between two terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is about, in words.
    pub label: String,
    /// What the term before says; nothing where it says nothing.
    pub before: Option<String>,
    /// What the new term says; nothing where it says nothing.
    pub after: Option<String>,
    /// Which way it goes.
    pub way: Way,
}

/// That one policy renews another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Succession {
    /// The term before.
    pub prior: PolicyId,
    /// The term after it.
    pub next: PolicyId,
}

/// A section whose policy has a new term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The section.
    pub line: Line,
    /// The policy that it prints now.
    pub before: Policy,
    /// The new term.
    pub after: Policy,
    /// The section over the new term.
    pub section: MasterLine,
    /// What differs.
    pub changes: Vec<Change>,
}

/// The sections of a selection whose policies have new terms, in the order of the page.
///
/// Terms that are over or cancelled are passed by; one that is only quoted is not followed into.
#[must_use]
pub fn steps(
    selection: &Selection,
    policies: &[Policy],
    successions: &[Succession],
    today: NaiveDate,
) -> Vec<Step> {
    let of = |id: PolicyId| policies.iter().find(|policy| policy.id == id);
    let sections = selection.lines.iter();
    sections
        .filter_map(|(line, section)| {
            let before = of(section.policy)?;
            let after = newest(before.id, policies, successions, today)?;
            if after.line() != *line {
                return None;
            }
            let along = |form: Option<EndorsementId>| {
                let form = before.endorsements.iter().find(|each| Some(each.id) == form)?;
                counterpart(form, after).map(|each| each.id)
            };
            Some(Step {
                line: *line,
                section: MasterLine {
                    policy: after.id,
                    additional_insured: along(section.additional_insured),
                    waiver: along(section.waiver),
                },
                changes: changes(before, after),
                before: before.clone(),
                after: after.clone(),
            })
        })
        .collect()
}

/// The first later term that is in force or will be.
fn newest<'a>(
    from: PolicyId,
    policies: &'a [Policy],
    successions: &[Succession],
    today: NaiveDate,
) -> Option<&'a Policy> {
    let mut seen = BTreeSet::from([from]);
    let mut at = from;
    loop {
        let next = successions.iter().find(|link| link.prior == at)?.next;
        if !seen.insert(next) {
            return None;
        }
        let policy = policies.iter().find(|policy| policy.id == next)?;
        match policy.standing(today) {
            Standing::InForce | Standing::Upcoming => return Some(policy),
            Standing::Expired | Standing::Cancelled => at = next,
            Standing::NotBound => return None,
        }
    }
}

/// The form of the new term that does what this one did: of the same edition, or else of another.
fn counterpart<'a>(form: &Endorsement, after: &'a Policy) -> Option<&'a Endorsement> {
    let alike = |each: &&Endorsement| each.form_number == form.form_number && each.effect == form.effect;
    let mut forms = after.endorsements.iter().filter(alike);
    let exact = forms.clone().find(|each| each.edition == form.edition);
    exact.or_else(|| forms.next())
}

/// What differs between two terms: dates, insurer, boxes, limits, then forms.
#[must_use]
pub fn changes(before: &Policy, after: &Policy) -> Vec<Change> {
    let amounts = |policy: &Policy| -> BTreeMap<(String, String), u64> {
        let limits = policy.coverage.limits().into_iter();
        limits
            .filter_map(|limit| {
                let field = format!("coverage/{}", limit.field);
                Some(((field, limit.label), limit.amount?.get()))
            })
            .collect()
    };
    let (then, now) = (amounts(before), amounts(after));
    let differences = Terms::from(after).differences_from(&Terms::from(before));
    let mut changes: Vec<Change> = differences
        .into_iter()
        // Whether it is in force is told of the whole term.
        .filter(|difference| difference.field != "status")
        .map(|difference| {
            let key = (difference.field, difference.label);
            let way = match (&difference.before, &difference.after) {
                (None, _) => Way::Gained,
                (_, None) => Way::Lost,
                _ => match (then.get(&key), now.get(&key)) {
                    (Some(then), Some(now)) if now > then => Way::Up,
                    (Some(then), Some(now)) if now < then => Way::Down,
                    _ => Way::Changed,
                },
            };
            Change {
                label: key.1,
                before: difference.before,
                after: difference.after,
                way,
            }
        })
        .collect();
    changes.extend(forms(before, after));
    changes
}

fn forms(before: &Policy, after: &Policy) -> Vec<Change> {
    let told = |form: &Endorsement| format!("{} \u{2013} {}", form.name(), form.title);
    let alike = |one: &Endorsement, other: &Endorsement| {
        one.form_number == other.form_number && one.effect == other.effect && one.scope == other.scope
    };
    let mut changes = Vec::new();
    let mut taken: BTreeSet<EndorsementId> = BTreeSet::new();
    for form in &before.endorsements {
        let free = |each: &&Endorsement| !taken.contains(&each.id) && alike(form, each);
        let mut candidates = after.endorsements.iter().filter(free);
        let same = candidates.clone().find(|each| each.edition == form.edition);
        let found = same.or_else(|| candidates.next());
        let change = match found {
            Some(next) if next.edition == form.edition => None,
            Some(next) => Some((Some(told(next)), Way::Changed)),
            None => Some((None, Way::Lost)),
        };
        taken.extend(found.map(|each| each.id));
        changes.extend(change.map(|(after, way)| Change {
            label: "Endorsement".to_owned(),
            before: Some(told(form)),
            after,
            way,
        }));
    }
    let gained = after.endorsements.iter().filter(|form| !taken.contains(&form.id));
    changes.extend(gained.map(|form| Change {
        label: "Endorsement".to_owned(),
        before: None,
        after: Some(told(form)),
        way: Way::Gained,
    }));
    changes
}

/// Why a master did not follow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FollowError {
    /// No section was chosen.
    #[error("choose at least one section")]
    Nothing,
    /// What was chosen is not the new term of this section, or not any more.
    #[error("this is not the new term of the section any more; look again")]
    NotTheNewTerm(Line),
}

/// A master followed its policies into their new terms.
#[derive(Debug)]
pub struct Followed {
    before: Master,
    selection: Selection,
    steps: Vec<Step>,
    by: By,
    at: DateTime<Utc>,
}

/// Moves the chosen sections to the new terms that were looked at.
///
/// # Errors
/// [`FollowError`].
pub fn follow(
    permit: Permit<EditMaster>,
    chosen: &BTreeMap<Line, PolicyId>,
    policies: &[Policy],
    successions: &[Succession],
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Followed, FollowError> {
    if chosen.is_empty() {
        return Err(FollowError::Nothing);
    }
    let possible = steps(&permit.selection, policies, successions, today);
    let mut selection = permit.selection.clone();
    let mut taken = Vec::new();
    for (line, policy) in chosen {
        let step = possible
            .iter()
            .find(|step| step.line == *line && step.after.id == *policy)
            .ok_or(FollowError::NotTheNewTerm(*line))?;
        selection.lines.insert(*line, step.section);
        taken.push(step.clone());
    }
    let by = permit.by();
    Ok(Followed {
        before: permit.into_target(),
        selection,
        steps: taken,
        by,
        at: now,
    })
}

impl Followed {
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

impl Audited for Followed {
    fn entry(&self) -> Entry {
        let terms: Vec<_> = self
            .steps
            .iter()
            .map(|step| {
                json!({
                    "line": step.line,
                    "before": step.before.number,
                    "after": step.after.number,
                    "effective_on": step.after.effective_on,
                    "additional_insured_lost": lost(&self.before, step, |section| section.additional_insured),
                    "waiver_lost": lost(&self.before, step, |section| section.waiver),
                })
            })
            .collect();
        Entry {
            by: self.by.clone(),
            action: Action::MasterFollowed,
            insured: Some(self.before.insured),
            object_kind: "master",
            object_id: Some(self.before.id.uuid()),
            object_label: self.selection.name.to_string(),
            detail: json!({
                "policies": self.steps.iter().map(|step| step.after.number.to_string()).collect::<Vec<_>>(),
                "terms": terms,
            }),
        }
    }
}

fn lost(master: &Master, step: &Step, form: fn(&MasterLine) -> Option<EndorsementId>) -> bool {
    let had = master.selection.lines.get(&step.line).and_then(form);
    had.is_some() && form(&step.section).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Cents;
    use crate::policies::Status;
    use crate::policies::coverage::Coverage;
    use crate::policies::endorsement::Effect;
    use crate::testing as cast;

    fn id(number: u128) -> PolicyId {
        PolicyId::from_uuid(uuid::Uuid::from_u128(0x1_9000 + number))
    }

    /// The next term of general liability: a year later, with a higher and a lower limit, one form of another edition
    /// and one that is lost.
    fn renewed(number: u128) -> Policy {
        let mut next = cast::general_liability();
        next.id = id(number);
        next.number = cast::text("GL-7741206-1");
        next.effective_on = cast::day("2027-03-01");
        next.expires_on = cast::day("2028-03-01");
        if let Coverage::GeneralLiability(gl) = &mut next.coverage {
            gl.each_occurrence = Some(Cents::dollars(2_000_000));
            gl.medical_expense = Some(Cents::dollars(2_500));
            gl.damage_to_rented_premises = None;
        }
        next.endorsements = vec![
            cast::form(51, "CG 20 10", "12 19", Effect::AdditionalInsuredOngoing),
            cast::form(52, "CG 20 01", "12 19", Effect::PrimaryNoncontributory),
        ];
        next
    }

    fn links(pairs: &[(PolicyId, PolicyId)]) -> Vec<Succession> {
        pairs
            .iter()
            .map(|(prior, next)| Succession {
                prior: *prior,
                next: *next,
            })
            .collect()
    }

    fn case() -> (Vec<Policy>, Vec<Succession>) {
        let mut policies = cast::policies();
        let first = policies[0].id;
        policies.push(renewed(1));
        (policies, links(&[(first, id(1))]))
    }

    #[test]
    fn a_difference_says_what_goes_up_down_comes_and_goes() {
        let told: Vec<_> = changes(&cast::general_liability(), &renewed(1))
            .into_iter()
            .map(|change| (change.label, change.before, change.after, change.way))
            .collect();
        let row = |label: &str, before: Option<&str>, after: Option<&str>, way| {
            (
                label.to_owned(),
                before.map(str::to_owned),
                after.map(str::to_owned),
                way,
            )
        };
        for wanted in [
            row(
                "Policy number",
                Some("GL-7741206"),
                Some("GL-7741206-1"),
                Way::Changed,
            ),
            row("Effective", Some("03/01/2026"), Some("03/01/2027"), Way::Changed),
            row("Expires", Some("03/01/2027"), Some("03/01/2028"), Way::Changed),
            row(
                "Endorsement",
                Some("CG 20 10 04 13 \u{2013} additional_insured_ongoing"),
                Some("CG 20 10 12 19 \u{2013} additional_insured_ongoing"),
                Way::Changed,
            ),
            row(
                "Endorsement",
                Some("CG 24 04 05 09 \u{2013} waiver"),
                None,
                Way::Lost,
            ),
            row(
                "Endorsement",
                None,
                Some("CG 20 01 12 19 \u{2013} primary_noncontributory"),
                Way::Gained,
            ),
        ] {
            assert!(told.contains(&wanted), "{wanted:?} in {told:?}");
        }
        let ways: Vec<_> = told
            .iter()
            .filter(|(_, before, after, _)| before.iter().chain(after).any(|text| text.starts_with('$')))
            .map(|(.., way)| *way)
            .collect();
        assert_eq!(ways, [Way::Up, Way::Lost, Way::Down]);
        assert_eq!(changes(&cast::umbrella(), &cast::umbrella()), []);
    }

    #[test]
    fn a_mark_goes_along_with_its_form_and_is_lost_without_it() {
        let (policies, links) = case();
        let master = cast::master(&cast::policies());
        let steps = steps(&master.selection, &policies, &links, cast::today());
        let [step] = steps.as_slice() else {
            panic!("{steps:?}")
        };
        assert_eq!((step.line, step.after.id), (Line::GeneralLiability, id(1)));
        assert_eq!(
            step.section.additional_insured,
            Some(renewed(1).endorsements[0].id)
        );
        assert_eq!(step.section.waiver, None);
    }

    #[test]
    fn terms_that_are_over_are_passed_by_and_quotes_are_not_followed() {
        let (mut policies, _) = case();
        let first = policies[0].id;
        let chain = links(&[(first, id(1)), (id(1), id(2))]);
        policies.push(renewed(2));
        let selection = cast::selection(&cast::policies());
        let after = |policies: &[Policy]| {
            let steps = steps(&selection, policies, &chain, cast::today());
            steps.first().map(|step| step.after.id)
        };
        assert_eq!(after(&policies), Some(id(1)));
        policies[5].status = cast::cancelled("2026-11-01");
        assert_eq!(after(&policies), Some(id(2)));
        policies[6].status = Status::Quoted;
        assert_eq!(after(&policies), None);
        // A chain that leads back to itself ends.
        let circle = links(&[(first, id(1)), (id(1), first)]);
        assert_eq!(steps(&selection, &policies, &circle, cast::today()), []);
    }

    #[test]
    fn a_master_follows_what_was_looked_at_and_nothing_else() {
        let (policies, links) = case();
        let permit = || {
            cast::administrator()
                .request(cast::master(&cast::policies()))
                .unwrap()
        };
        let followed = |chosen: &[(Line, PolicyId)]| {
            let chosen = chosen.iter().copied().collect();
            follow(permit(), &chosen, &policies, &links, cast::today(), cast::now())
        };
        let done = followed(&[(Line::GeneralLiability, id(1))]).unwrap();
        assert_eq!(done.selection().lines[&Line::GeneralLiability].policy, id(1));
        assert_eq!(
            done.selection().lines[&Line::UmbrellaExcess],
            done.before().selection.lines[&Line::UmbrellaExcess]
        );
        let entry = done.entry();
        assert_eq!(
            (entry.action, entry.insured),
            (Action::MasterFollowed, Some(cast::INSURED))
        );
        assert_eq!(entry.detail["policies"][0], "GL-7741206-1");
        assert_eq!(entry.detail["terms"][0]["waiver_lost"], true);
        assert_eq!(followed(&[]).unwrap_err(), FollowError::Nothing);
        assert_eq!(
            followed(&[(Line::GeneralLiability, id(2))]).unwrap_err(),
            FollowError::NotTheNewTerm(Line::GeneralLiability)
        );
        assert_eq!(
            followed(&[(Line::UmbrellaExcess, id(1))]).unwrap_err(),
            FollowError::NotTheNewTerm(Line::UmbrellaExcess)
        );
    }
}
