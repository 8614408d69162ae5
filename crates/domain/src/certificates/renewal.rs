//! What changes for somebody who holds a certificate when the new term is printed in its place.
//!
//! A pure comparison of two pages: the frozen one and the one that would be printed now. Number, day of issue and
//! the producer's own lines are left out, since they say nothing about the cover.

use chrono::NaiveDate;

use super::master::{Master, MasterLine};
use super::payload::{CertificatePayload, Marks, PrintedEndorsement, PrintedLine};
use super::send::{HolderChoice, Wish};
use crate::ids::{EndorsementId, HolderId};
use crate::policies::Line;
use crate::policies::coverage::Coverage;
use crate::vocabulary;

vocabulary! {
    /// What a change is about.
    pub enum ChangeKind {
        /// A line that was not printed is.
        LineGained = "line_gained",
        /// A line that was printed is not.
        LineLost = "line_lost",
        /// Another company.
        InsurerChanged = "insurer_changed",
        /// Another policy number.
        PolicyNumberChanged = "policy_number_changed",
        /// Another term.
        TermChanged = "term_changed",
        /// A limit is higher, or there is one where there was none.
        LimitUp = "limit_up",
        /// A limit is lower, or is no longer there.
        LimitDown = "limit_down",
        /// A box says something else.
        BoxChanged = "box_changed",
        /// A mark with its form is there that was not.
        EndorsementGained = "endorsement_gained",
        /// A mark with its form is no longer there.
        EndorsementLost = "endorsement_lost",
        /// Another form, or another edition of it, stands behind a mark.
        EndorsementChanged = "endorsement_changed",
        /// The insured is printed under another name or address.
        InsuredChanged = "insured_changed",
        /// The holder is printed under another name or address.
        HolderChanged = "holder_changed",
        /// The description of operations differs.
        DescriptionChanged = "description_changed",
    }
}

impl ChangeKind {
    /// Whether the holder has less than before, so that somebody should look before it is told.
    #[must_use]
    pub const fn takes_away(self) -> bool {
        matches!(self, Self::LineLost | Self::LimitDown | Self::EndorsementLost)
    }
}

/// What to send to somebody who holds a certificate, from the master as it is now: the description that was written
/// for this holder is kept, and the marks it had, as far as the master still has a form behind them. What it had no
/// mark for, it gets none for.
#[must_use]
pub fn anew(held: &CertificatePayload, master: &Master, holder: HolderId) -> Wish {
    let marks = held.marks();
    let kept = |had: fn(&Marks) -> bool, form: fn(&MasterLine) -> Option<EndorsementId>| {
        let lines = marks.iter().filter(|marks| had(marks)).map(|marks| marks.line);
        lines
            .filter(|line| {
                let section = master.selection.lines.get(line);
                section.and_then(form).is_some()
            })
            .collect()
    };
    Wish {
        master: master.id,
        holder: HolderChoice::Known(holder),
        description: Some(held.description.clone()),
        additional_insured: Some(kept(
            |marks| marks.additional_insured,
            |section| section.additional_insured,
        )),
        waiver: Some(kept(|marks| marks.waiver, |section| section.waiver)),
    }
}

/// One thing that reads otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is about.
    pub kind: ChangeKind,
    /// On which line, unless it is about the page as a whole.
    pub line: Option<Line>,
    /// What it is called, e.g. `General aggregate`.
    pub label: String,
    /// As it was printed.
    pub before: Option<String>,
    /// As it would be printed.
    pub after: Option<String>,
}

/// Everything that would read otherwise, in the order of the page.
#[must_use]
pub fn changes(before: &CertificatePayload, after: &CertificatePayload) -> Vec<Change> {
    let mut found = Vec::new();
    page(
        &mut found,
        ChangeKind::InsuredChanged,
        "Insured",
        &party(&before.insured),
        &party(&after.insured),
    );
    page(
        &mut found,
        ChangeKind::HolderChanged,
        "Certificate holder",
        &party(&before.holder),
        &party(&after.holder),
    );
    let (old, new) = (bands(before), bands(after));
    for line in Line::ALL {
        let of = |bands: &[Band]| bands.iter().find(|band| band.line == *line).cloned();
        match (of(&old), of(&new)) {
            (Some(old), Some(new)) => band(&mut found, &old, &new),
            (None, Some(new)) => found.push(whole(ChangeKind::LineGained, &new, None, Some(new.said()))),
            (Some(old), None) => found.push(whole(ChangeKind::LineLost, &old, Some(old.said()), None)),
            (None, None) => {}
        }
    }
    page(
        &mut found,
        ChangeKind::DescriptionChanged,
        "Description of operations",
        &before.description,
        &after.description,
    );
    found
}

fn us(day: NaiveDate) -> String {
    day.format("%m/%d/%Y").to_string()
}

fn party(party: &super::payload::PrintedParty) -> String {
    let address = &party.address;
    let mut lines = vec![party.name.to_string()];
    lines.extend(party.care_of.as_ref().map(ToString::to_string));
    lines.push(address.line1.to_string());
    lines.extend(address.line2.as_ref().map(ToString::to_string));
    lines.push(format!(
        "{}, {} {}",
        address.city, address.state, address.postal_code
    ));
    lines.join(", ")
}

fn page(found: &mut Vec<Change>, kind: ChangeKind, label: &str, before: &str, after: &str) {
    let written = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    if before != after {
        found.push(Change {
            kind,
            line: None,
            label: label.to_owned(),
            before: written(before),
            after: written(after),
        });
    }
}

/// One band, whatever its line.
#[derive(Clone)]
struct Band {
    line: Line,
    insurer: String,
    number: String,
    term: (NaiveDate, NaiveDate),
    marks: [(&'static str, Option<PrintedEndorsement>); 2],
    coverage: Coverage,
}

impl Band {
    fn term(&self) -> String {
        format!("{} to {}", us(self.term.0), us(self.term.1))
    }

    fn said(&self) -> String {
        format!("{}, {}", self.number, self.term())
    }
}

fn bands(payload: &CertificatePayload) -> Vec<Band> {
    fn of<C: Clone>(
        payload: &CertificatePayload,
        line: Line,
        printed: Option<&PrintedLine<C>>,
        coverage: fn(C) -> Coverage,
    ) -> Option<Band> {
        let printed = printed?;
        let insurer = payload.insurers.iter().find(|i| i.letter == printed.insurer);
        Some(Band {
            line,
            insurer: insurer.map_or_else(String::new, |i| format!("{} (NAIC {})", i.name, i.naic)),
            number: printed.policy_number.to_string(),
            term: (printed.effective_on, printed.expires_on),
            marks: [
                ("Additional insured", printed.additional_insured.clone()),
                ("Waiver of subrogation", printed.waiver.clone()),
            ],
            coverage: coverage(printed.coverage.clone()),
        })
    }
    [
        of(
            payload,
            Line::GeneralLiability,
            payload.general_liability.as_ref(),
            Coverage::GeneralLiability,
        ),
        of(
            payload,
            Line::CommercialAuto,
            payload.commercial_auto.as_ref(),
            Coverage::CommercialAuto,
        ),
        of(
            payload,
            Line::UmbrellaExcess,
            payload.umbrella_excess.as_ref(),
            Coverage::UmbrellaExcess,
        ),
        of(
            payload,
            Line::WorkersCompensation,
            payload.workers_compensation.as_ref(),
            Coverage::WorkersCompensation,
        ),
        of(payload, Line::Other, payload.other.as_ref(), Coverage::Other),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn whole(kind: ChangeKind, band: &Band, before: Option<String>, after: Option<String>) -> Change {
    Change {
        kind,
        line: Some(band.line),
        label: band.line.label().to_owned(),
        before,
        after,
    }
}

fn band(found: &mut Vec<Change>, old: &Band, new: &Band) {
    let mut push = |kind, label: &str, before: Option<String>, after: Option<String>| {
        found.push(Change {
            kind,
            line: Some(new.line),
            label: label.to_owned(),
            before,
            after,
        });
    };
    for (kind, label, before, after) in [
        (
            ChangeKind::InsurerChanged,
            "Insurer",
            old.insurer.clone(),
            new.insurer.clone(),
        ),
        (
            ChangeKind::PolicyNumberChanged,
            "Policy number",
            old.number.clone(),
            new.number.clone(),
        ),
        (ChangeKind::TermChanged, "Term", old.term(), new.term()),
    ] {
        if before != after {
            push(kind, label, Some(before), Some(after));
        }
    }
    let (had, has) = (old.coverage.limits(), new.coverage.limits());
    let same = |one: &crate::policies::coverage::Limit, other: &crate::policies::coverage::Limit| {
        one.field == other.field && one.label == other.label
    };
    for limit in &has {
        let before = had.iter().find(|h| same(h, limit)).and_then(|h| h.amount);
        let kind = match (before, limit.amount) {
            (before, after) if before == after => continue,
            // None is below every amount, as no cover is.
            (before, after) if after > before => ChangeKind::LimitUp,
            _ => ChangeKind::LimitDown,
        };
        push(
            kind,
            &limit.label,
            before.map(|amount| amount.to_string()),
            limit.amount.map(|amount| amount.to_string()),
        );
    }
    for limit in had
        .iter()
        .filter(|h| h.amount.is_some() && !has.iter().any(|limit| same(h, limit)))
    {
        push(
            ChangeKind::LimitDown,
            &limit.label,
            limit.amount.map(|amount| amount.to_string()),
            None,
        );
    }
    let (had, has) = (old.coverage.boxes(), new.coverage.boxes());
    for said in &has {
        let before = had.iter().find(|h| h.field == said.field).map(|h| h.says.clone());
        if before.as_deref() != Some(said.says.as_str()) {
            push(
                ChangeKind::BoxChanged,
                said.label,
                before,
                Some(said.says.clone()),
            );
        }
    }
    for ((label, before), (_, after)) in old.marks.iter().zip(&new.marks) {
        let said =
            |form: &PrintedEndorsement| format!("{} {} {}", form.form_number, form.edition, form.title);
        let (before, after) = (before.as_ref().map(said), after.as_ref().map(said));
        let kind = match (&before, &after) {
            (before, after) if before == after => continue,
            (None, _) => ChangeKind::EndorsementGained,
            (_, None) => ChangeKind::EndorsementLost,
            _ => ChangeKind::EndorsementChanged,
        };
        push(kind, label, before, after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::send::draft;
    use crate::money::Cents;
    use crate::policies::Policy;
    use crate::policies::endorsement::Effect;
    use crate::testing as cast;

    fn printed(policies: &[Policy]) -> CertificatePayload {
        let permit = cast::administrator().request(cast::insured()).unwrap();
        let facts = cast::send_facts(policies);
        let drafted = draft(
            permit,
            cast::wish(),
            facts,
            cast::text("26-000001"),
            cast::printable,
        );
        drafted.unwrap().payload().clone()
    }

    fn told(
        change: impl FnOnce(&mut Vec<Policy>),
    ) -> Vec<(ChangeKind, String, Option<String>, Option<String>)> {
        let before = cast::policies().to_vec();
        let mut after = before.clone();
        change(&mut after);
        changes(&printed(&before), &printed(&after))
            .into_iter()
            .map(|change| (change.kind, change.label, change.before, change.after))
            .collect()
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn the_same_cover_changes_nothing() {
        assert_eq!(told(|_| {}), []);
    }

    #[test]
    fn the_next_term_shows_its_number_its_days_and_its_company() {
        let found = told(|policies| {
            let gl = &mut policies[0];
            gl.number = cast::text("GL-7741207");
            gl.effective_on = cast::day("2027-03-01");
            gl.expires_on = cast::day("2028-03-01");
            gl.carrier = cast::second_company();
        });
        let kinds: Vec<_> = found.iter().map(|(kind, ..)| *kind).collect();
        assert_eq!(
            kinds,
            [
                ChangeKind::InsurerChanged,
                ChangeKind::PolicyNumberChanged,
                ChangeKind::TermChanged
            ],
            "letters move with the companies, and that is no change of anybody's cover"
        );
        assert_eq!(found[2].2, some("03/01/2026 to 03/01/2027"));
        assert_eq!(found[2].3, some("03/01/2027 to 03/01/2028"));
    }

    #[test]
    fn a_limit_goes_up_or_down_and_none_is_the_lowest() {
        let with = |each: Option<Cents>| {
            told(move |policies| {
                if let Coverage::GeneralLiability(gl) = &mut policies[0].coverage {
                    gl.each_occurrence = each;
                }
            })
        };
        let up = with(Some(Cents::dollars(2_000_000)));
        assert_eq!((up.len(), up[0].0), (1, ChangeKind::LimitUp));
        assert_eq!(up[0].1, "Each occurrence");
        let down = with(Some(Cents::dollars(500_000)));
        assert_eq!(down[0].0, ChangeKind::LimitDown);
        let gone = with(None);
        assert_eq!((gone[0].0, &gone[0].3), (ChangeKind::LimitDown, &None));
        assert!(gone[0].0.takes_away() && !up[0].0.takes_away());
    }

    #[test]
    fn a_limit_that_is_known_by_another_name_is_gone() {
        let found = told(|policies| {
            cast::with_extras(&mut policies[0].coverage);
        });
        let kinds: Vec<_> = found.iter().map(|(kind, ..)| *kind).collect();
        assert_eq!(kinds, [ChangeKind::LimitUp, ChangeKind::BoxChanged]);
        let mut extra = cast::policies().to_vec();
        cast::with_extras(&mut extra[0].coverage);
        let back = changes(&printed(&extra), &printed(&cast::policies()));
        assert_eq!(back[0].kind, ChangeKind::LimitDown);
        assert_eq!(
            (back[0].label.as_str(), &back[0].after),
            ("Employee benefits", &None)
        );
    }

    #[test]
    fn a_form_is_lost_gained_or_of_another_edition() {
        let edition = told(|policies| {
            policies[0].endorsements[0].edition = cast::text("12 19");
        });
        assert_eq!(edition[0].0, ChangeKind::EndorsementChanged);
        let lost = told(|policies| {
            policies[0]
                .endorsements
                .retain(|form| form.effect != Effect::Waiver);
        });
        assert_eq!(
            (lost[0].0, lost[0].1.as_str()),
            (ChangeKind::EndorsementLost, "Waiver of subrogation")
        );
    }

    #[test]
    fn a_line_that_is_no_longer_there_is_told_once() {
        let found = told(|policies| {
            policies.retain(|policy| policy.line() != Line::UmbrellaExcess);
        });
        assert_eq!((found.len(), found[0].0), (1, ChangeKind::LineLost));
        let before = printed(&cast::policies());
        let mut without = before.clone();
        without.umbrella_excess = None;
        assert_eq!(changes(&without, &before)[0].kind, ChangeKind::LineGained);
    }

    #[test]
    fn a_holder_keeps_its_own_words_and_the_marks_it_had_and_gains_none() {
        let mut held = printed(&cast::policies());
        held.description = "Job 4471, roof replacement".into();
        let mut master = cast::master(&cast::policies());
        let wish = anew(&held, &master, cast::HOLDER);
        assert_eq!(wish.description.as_deref(), Some("Job 4471, roof replacement"));
        let marked = wish.additional_insured.unwrap();
        assert!(marked.contains(&Line::GeneralLiability));
        // The new term has no form any more: the mark goes, and the comparison tells of it.
        if let Some(section) = master.selection.lines.get_mut(&Line::GeneralLiability) {
            section.additional_insured = None;
        }
        let wish = anew(&held, &master, cast::HOLDER);
        assert!(!wish.additional_insured.unwrap().contains(&Line::GeneralLiability));
        // A holder without the mark does not get it because others have it.
        if let Some(line) = &mut held.general_liability {
            line.waiver = None;
        }
        let wish = anew(&held, &cast::master(&cast::policies()), cast::HOLDER);
        assert!(!wish.waiver.unwrap().contains(&Line::GeneralLiability));
    }

    #[test]
    fn what_is_said_of_the_parties_and_of_the_operations_counts_too() {
        let before = printed(&cast::policies());
        let mut after = before.clone();
        after.holder.name = cast::text("Northgate Builders LLC");
        after.description = "Job 12".into();
        after.number = cast::text("26-000009");
        let found = changes(&before, &after);
        let kinds: Vec<_> = found.iter().map(|change| change.kind).collect();
        assert_eq!(kinds, [ChangeKind::HolderChanged, ChangeKind::DescriptionChanged]);
        assert!(found.iter().all(|change| change.line.is_none()));
    }
}
