//! Forms attached to a policy. A mark on a certificate (ADDL INSD, SUBR WVD) exists only
//! because one of these says so.

use chrono::NaiveDate;

use super::{Contradiction, EndorsementFile, Line, words};
use crate::ids::EndorsementId;
use crate::text::NonBlank;

/// What a form does to the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Additional insured, ongoing operations.
    AdditionalInsuredOngoing,
    /// Additional insured, completed operations.
    AdditionalInsuredCompleted,
    /// Additional insured, premises.
    AdditionalInsuredPremises,
    /// Additional insured, lessor of leased equipment.
    AdditionalInsuredLessor,
    /// Additional insured, vendor.
    AdditionalInsuredVendor,
    /// Additional insured, designated person or organization.
    AdditionalInsuredDesignated,
    /// Primary and noncontributory.
    PrimaryNoncontributory,
    /// Waiver of the right to recover from others.
    Waiver,
    /// Notice of cancellation to a third party.
    NoticeOfCancellation {
        /// How many days before.
        days: u16,
    },
    /// General aggregate applies per project.
    PerProjectAggregate,
    /// General aggregate applies per location.
    PerLocationAggregate,
    /// Loss payable.
    LossPayable,
    /// Takes cover away.
    Exclusion,
}

impl Effect {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> words::Effect {
        match self {
            Self::AdditionalInsuredOngoing => words::Effect::AdditionalInsuredOngoing,
            Self::AdditionalInsuredCompleted => words::Effect::AdditionalInsuredCompleted,
            Self::AdditionalInsuredPremises => words::Effect::AdditionalInsuredPremises,
            Self::AdditionalInsuredLessor => words::Effect::AdditionalInsuredLessor,
            Self::AdditionalInsuredVendor => words::Effect::AdditionalInsuredVendor,
            Self::AdditionalInsuredDesignated => words::Effect::AdditionalInsuredDesignated,
            Self::PrimaryNoncontributory => words::Effect::PrimaryNoncontributory,
            Self::Waiver => words::Effect::Waiver,
            Self::NoticeOfCancellation { .. } => words::Effect::NoticeOfCancellation,
            Self::PerProjectAggregate => words::Effect::PerProjectAggregate,
            Self::PerLocationAggregate => words::Effect::PerLocationAggregate,
            Self::LossPayable => words::Effect::LossPayable,
            Self::Exclusion => words::Effect::Exclusion,
        }
    }

    /// Puts together what is stored side by side.
    ///
    /// # Errors
    /// [`Contradiction`] for a notice without its days, and for days of another form.
    pub fn of(word: words::Effect, notice_days: Option<u16>) -> Result<Self, Contradiction> {
        let plain = match word {
            words::Effect::NoticeOfCancellation => {
                return Ok(Self::NoticeOfCancellation {
                    days: notice_days.ok_or(Contradiction("a notice needs its days"))?,
                });
            }
            words::Effect::AdditionalInsuredOngoing => Self::AdditionalInsuredOngoing,
            words::Effect::AdditionalInsuredCompleted => Self::AdditionalInsuredCompleted,
            words::Effect::AdditionalInsuredPremises => Self::AdditionalInsuredPremises,
            words::Effect::AdditionalInsuredLessor => Self::AdditionalInsuredLessor,
            words::Effect::AdditionalInsuredVendor => Self::AdditionalInsuredVendor,
            words::Effect::AdditionalInsuredDesignated => Self::AdditionalInsuredDesignated,
            words::Effect::PrimaryNoncontributory => Self::PrimaryNoncontributory,
            words::Effect::Waiver => Self::Waiver,
            words::Effect::PerProjectAggregate => Self::PerProjectAggregate,
            words::Effect::PerLocationAggregate => Self::PerLocationAggregate,
            words::Effect::LossPayable => Self::LossPayable,
            words::Effect::Exclusion => Self::Exclusion,
        };
        if notice_days.is_some() {
            return Err(Contradiction("only a notice has days"));
        }
        Ok(plain)
    }

    /// The days of a notice, where the form gives one.
    #[must_use]
    pub const fn notice_days(self) -> Option<u16> {
        match self {
            Self::NoticeOfCancellation { days } => Some(days),
            _ => None,
        }
    }

    /// Whether the form makes somebody an additional insured.
    #[must_use]
    pub const fn makes_additional_insured(self) -> bool {
        self.word().makes_additional_insured()
    }
}

/// Whom a form reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Only the parties on its schedule.
    Scheduled(Vec<NonBlank>),
    /// Everyone.
    Blanket,
    /// Whoever a written contract requires.
    WhenRequiredByContract,
}

impl Scope {
    /// The word for it.
    #[must_use]
    pub const fn word(&self) -> words::Scope {
        match self {
            Self::Scheduled(_) => words::Scope::Scheduled,
            Self::Blanket => words::Scope::Blanket,
            Self::WhenRequiredByContract => words::Scope::WhenRequiredByContract,
        }
    }

    /// Puts together what is stored side by side.
    ///
    /// # Errors
    /// [`Contradiction`] for a schedule that names nobody, and for names without a schedule.
    pub fn of(word: words::Scope, parties: Vec<NonBlank>) -> Result<Self, Contradiction> {
        match (word, parties.is_empty()) {
            (words::Scope::Scheduled, false) => Ok(Self::Scheduled(parties)),
            (words::Scope::Scheduled, true) => Err(Contradiction("a schedule needs its parties")),
            (words::Scope::Blanket, true) => Ok(Self::Blanket),
            (words::Scope::WhenRequiredByContract, true) => Ok(Self::WhenRequiredByContract),
            (_, false) => Err(Contradiction("only a schedule names parties")),
        }
    }

    /// The parties on its schedule; none where it has no schedule.
    #[must_use]
    pub fn parties(&self) -> &[NonBlank] {
        match self {
            Self::Scheduled(parties) => parties,
            Self::Blanket | Self::WhenRequiredByContract => &[],
        }
    }
}

/// A form attached to a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endorsement {
    /// Its id.
    pub id: EndorsementId,
    /// Form number, e.g. `CG 20 10`.
    pub form_number: NonBlank,
    /// Edition as month and year, e.g. `04 13`.
    pub edition: NonBlank,
    /// The form's title.
    pub title: NonBlank,
    /// What it does.
    pub effect: Effect,
    /// Whom it reaches.
    pub scope: Scope,
    /// First day on which it stands; the first day of the term where none is given.
    pub effective_on: Option<NaiveDate>,
    /// Day on which it was taken off: it does not stand on this day.
    pub ends_on: Option<NaiveDate>,
    /// The form itself as a file, where somebody attached it.
    pub file: Option<EndorsementFile>,
}

impl Endorsement {
    /// Number and edition, as people name a form.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.form_number, self.edition)
    }

    /// Whether the form stands on `day`, as far as its own days go: that of the policy is asked besides.
    #[must_use]
    pub fn stands_on(&self, day: NaiveDate) -> bool {
        self.effective_on.is_none_or(|first| first <= day) && self.ends_on.is_none_or(|end| day < end)
    }

    /// Whether the form reaches `holder`.
    ///
    /// A schedule is compared without regard to case, punctuation and runs of blanks; nothing is guessed
    /// beyond that, because a name that differs is another party.
    #[must_use]
    pub fn reaches(&self, holder: &str) -> bool {
        match &self.scope {
            Scope::Blanket | Scope::WhenRequiredByContract => true,
            Scope::Scheduled(parties) => {
                let wanted = comparable(holder);
                parties.iter().any(|party| comparable(party.as_str()) == wanted)
            }
        }
    }
}

/// What of a form does not fit a policy's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Its effect, and why.
    Effect(&'static str),
    /// Its number, and why.
    Number(&'static str),
}

/// Why a form with this number and this effect cannot be on a policy of that line, for each of the two.
pub fn misfits(
    line: Line,
    form_number: Option<&str>,
    effect: Option<words::Effect>,
) -> impl Iterator<Item = Misfit> {
    let of_wc = line == Line::WorkersCompensation;
    let by_effect = match effect {
        Some(effect) if of_wc && effect.makes_additional_insured() => Some(
            "workers compensation has no additional insureds; if the form waives recovery, its effect is waiver",
        ),
        Some(words::Effect::PrimaryNoncontributory) if of_wc => {
            Some("workers compensation is never primary to another policy by endorsement")
        }
        Some(words::Effect::PerProjectAggregate | words::Effect::PerLocationAggregate)
            if matches!(line, Line::WorkersCompensation | Line::CommercialAuto) =>
        {
            Some("this line has no general aggregate")
        }
        _ => None,
    };
    let bureau = form_number
        .and_then(|form| form.split_at_checked(3))
        .map(|(bureau, _)| bureau);
    let by_number = match (bureau, line) {
        (Some("CG "), Line::CommercialAuto | Line::WorkersCompensation) => {
            Some("CG forms are of general liability")
        }
        (Some("CA "), Line::GeneralLiability | Line::WorkersCompensation) => {
            Some("CA forms are of commercial auto")
        }
        (Some("WC "), line) if line != Line::WorkersCompensation => {
            Some("WC forms are of workers compensation")
        }
        _ => None,
    };
    let by_effect = by_effect.map(Misfit::Effect);
    by_effect.into_iter().chain(by_number.map(Misfit::Number))
}

/// A party's name for comparison: letters and digits in lower case, single blanks. `&` and `+` stay, because
/// they stand for a word, and a name with another word is another name.
#[must_use]
pub fn comparable(name: &str) -> String {
    let spaced: String = name
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '&' | '+' => c,
            c if c.is_alphanumeric() => c,
            _ => ' ',
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    #[test]
    fn a_schedule_reaches_whom_it_names_whatever_the_case_and_the_punctuation() {
        let form = cast::form(1, "CG 20 10", "04 13", Effect::AdditionalInsuredOngoing);
        let scheduled = cast::scheduled(form.clone(), &["Northgate Builders, Inc."]);
        assert!(scheduled.reaches("NORTHGATE  BUILDERS INC"));
        assert!(!scheduled.reaches("Northgate Builders"));
        assert!(!scheduled.reaches("Northgate & Builders Inc"));
        assert!(!scheduled.reaches("Northgate Builders Inc and others"));
        assert!(form.reaches("anybody"));
        assert!(cast::by_contract(form).reaches("anybody"));
    }

    #[test]
    fn an_effect_makes_an_additional_insured_exactly_when_its_word_says_so() {
        for word in words::Effect::ALL {
            let effect = Effect::of(*word, None).unwrap_or(Effect::NoticeOfCancellation { days: 30 });
            let says = word.as_str().starts_with("additional_insured_");
            assert_eq!(effect.makes_additional_insured(), says, "{word}");
            assert_eq!(effect.word(), *word);
        }
    }

    #[test]
    fn a_notice_has_days_and_a_schedule_has_parties_and_nothing_else_has() {
        for word in words::Effect::ALL {
            let notice = *word == words::Effect::NoticeOfCancellation;
            assert_eq!(Effect::of(*word, Some(30)).is_ok(), notice, "{word}");
            assert_eq!(Effect::of(*word, None).is_ok(), !notice, "{word}");
        }
        for word in words::Scope::ALL {
            let schedule = *word == words::Scope::Scheduled;
            let parties = vec![cast::text("City of Sparks")];
            assert_eq!(Scope::of(*word, parties).is_ok(), schedule, "{word}");
            assert_eq!(Scope::of(*word, Vec::new()).is_ok(), !schedule, "{word}");
        }
    }

    #[test]
    fn a_form_stands_from_its_first_day_until_the_day_it_is_taken_off() {
        let mut form = cast::form(1, "CG 20 10", "04 13", Effect::AdditionalInsuredOngoing);
        let stands = |form: &Endorsement, day| form.stands_on(cast::day(day));
        assert!(stands(&form, "1999-01-01") && stands(&form, "2099-01-01"));
        form.effective_on = Some(cast::day("2026-06-01"));
        form.ends_on = Some(cast::day("2026-11-02"));
        for (day, standing) in [
            ("2026-05-31", false),
            ("2026-06-01", true),
            ("2026-11-01", true),
            ("2026-11-02", false),
        ] {
            assert_eq!(stands(&form, day), standing, "{day}");
        }
    }

    #[test]
    fn a_sign_that_stands_for_a_word_tells_names_apart() {
        assert_eq!(comparable("Ruiz & Sons, L.L.C."), "ruiz & sons l l c");
        assert_ne!(comparable("A+ Roofing"), comparable("A Roofing"));
    }
}
