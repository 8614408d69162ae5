//! Insurance policies, their cover by line, and the forms attached to them.
//!
//! Invariant: what a certificate prints comes from here and is never typed by a person.

pub mod attach;
pub mod cancel;
pub mod coverage;
pub mod deliver_notice;
pub mod edit;
pub mod endorse;
pub mod endorsement;
pub mod file;
pub mod labels;
pub mod market;
pub mod notify;
pub mod record;
pub mod redirect_notice;
pub mod renew;
pub mod terms;
pub mod words;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{CarrierId, InsuredId, PolicyId, VehicleId};
use crate::text::{NonBlank, UsState};
use crate::vocabulary;
pub use coverage::Coverage;
pub use endorsement::Endorsement;
pub use file::EndorsementFile;
pub use market::Market;
pub use record::PolicyRecord;
pub use terms::Terms;

vocabulary! {
    /// A line of business, as the bands of a certificate of liability insurance know it.
    pub enum Line {
        /// Commercial general liability.
        GeneralLiability = "general_liability",
        /// Commercial automobile liability.
        CommercialAuto = "commercial_auto",
        /// Umbrella or excess liability.
        UmbrellaExcess = "umbrella_excess",
        /// Workers compensation and employers' liability.
        WorkersCompensation = "workers_compensation",
        /// Any other line, on the free row.
        Other = "other",
    }
}

impl Line {
    /// The line in the field's words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::GeneralLiability => "Commercial General Liability",
            Self::CommercialAuto => "Automobile Liability",
            Self::UmbrellaExcess => "Umbrella / Excess Liability",
            Self::WorkersCompensation => "Workers Compensation and Employers' Liability",
            Self::Other => "Other",
        }
    }
}

/// How a policy stands on the agency's books; a cancellation has its day and its reason, and nothing else has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// An offer; no cover.
    Quoted,
    /// Cover is bound, the policy not yet issued.
    Bound,
    /// Issued.
    Active,
    /// Ended before its term.
    Cancelled {
        /// Day on which the cancellation takes effect: no cover on this day.
        on: NaiveDate,
        /// Why.
        reason: Option<NonBlank>,
    },
    /// Runs to the end of its term and is not renewed.
    NonRenewed,
    /// Its term is over.
    Expired,
}

impl Status {
    /// The word for it.
    #[must_use]
    pub const fn word(&self) -> words::Status {
        match self {
            Self::Quoted => words::Status::Quoted,
            Self::Bound => words::Status::Bound,
            Self::Active => words::Status::Active,
            Self::Cancelled { .. } => words::Status::Cancelled,
            Self::NonRenewed => words::Status::NonRenewed,
            Self::Expired => words::Status::Expired,
        }
    }

    /// Puts together what is stored side by side.
    ///
    /// # Errors
    /// [`Contradiction`] for a cancellation without its day, and for a day or a reason without a cancellation.
    pub fn of(
        word: words::Status,
        cancelled_on: Option<NaiveDate>,
        cancel_reason: Option<NonBlank>,
    ) -> Result<Self, Contradiction> {
        let plain = match word {
            words::Status::Cancelled => {
                return Ok(Self::Cancelled {
                    on: cancelled_on.ok_or(Contradiction("a cancellation needs its day"))?,
                    reason: cancel_reason,
                });
            }
            words::Status::Quoted => Self::Quoted,
            words::Status::Bound => Self::Bound,
            words::Status::Active => Self::Active,
            words::Status::NonRenewed => Self::NonRenewed,
            words::Status::Expired => Self::Expired,
        };
        if cancelled_on.is_some() || cancel_reason.is_some() {
            return Err(Contradiction(
                "only a cancelled policy has a day and a reason of it",
            ));
        }
        Ok(plain)
    }

    /// The day on which a cancellation takes effect, where there is one.
    #[must_use]
    pub const fn cancelled_on(&self) -> Option<NaiveDate> {
        match self {
            Self::Cancelled { on, .. } => Some(*on),
            _ => None,
        }
    }
}

/// Facts that cannot be true together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Contradiction(pub(crate) &'static str);

vocabulary! {
    /// What a policy is worth on a given day: computed, never stored.
    pub enum Standing {
        /// Cover is in force on the day.
        InForce = "in_force",
        /// The term has not begun.
        Upcoming = "upcoming",
        /// The term is over.
        Expired = "expired",
        /// Cancelled on or before the day.
        Cancelled = "cancelled",
        /// Quoted only.
        NotBound = "not_bound",
    }
}

/// An insurer's writing company: the company, never the group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    /// Its id.
    pub id: CarrierId,
    /// Legal name of the writing company.
    pub name: NonBlank,
    /// NAIC company code, five digits.
    pub naic: Naic,
}

/// A NAIC company code: exactly five digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Naic(String);

/// The text is not five digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a NAIC company code of five digits")]
pub struct NotNaic;

impl Naic {
    /// Takes five digits.
    ///
    /// # Errors
    /// [`NotNaic`] for anything else; a code that lost its leading zero is refused, not padded.
    pub fn parse(text: &str) -> Result<Self, NotNaic> {
        let text = text.trim();
        if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotNaic)
        }
    }

    /// The five digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Naic {
    type Error = NotNaic;

    fn try_from(text: String) -> Result<Self, NotNaic> {
        Self::parse(&text)
    }
}

impl From<Naic> for String {
    fn from(naic: Naic) -> Self {
        naic.0
    }
}

impl std::fmt::Display for Naic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A policy: one number, one insurer, one term, one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: PolicyId,
    /// Whose policy it is.
    pub insured_id: InsuredId,
    /// The number exactly as printed on the declarations.
    pub number: NonBlank,
    /// The insurer.
    pub carrier: Carrier,
    /// The named insured exactly as on the declarations.
    pub named_insured: NonBlank,
    /// First day of the term (12:01 a.m. at the insured's address).
    pub effective_on: NaiveDate,
    /// Day on which the term ends (12:01 a.m.): no cover on this day.
    pub expires_on: NaiveDate,
    /// How it stands on the agency's books.
    pub status: Status,
    /// From which market it comes, and who issues certificates for it.
    pub market: Market,
    /// What it covers, typed by line.
    pub coverage: Coverage,
    /// The forms attached to it.
    pub endorsements: Vec<Endorsement>,
    /// The vehicles scheduled on it.
    pub vehicles: Vec<Vehicle>,
}

impl Policy {
    /// The policy's line.
    #[must_use]
    pub const fn line(&self) -> Line {
        self.coverage.line()
    }

    /// What the policy is worth on `day`.
    ///
    /// Cancellation wins over the term; a policy ends at 12:01 a.m. of [`Policy::expires_on`],
    /// so on that day it is expired.
    #[must_use]
    pub fn standing(&self, day: NaiveDate) -> Standing {
        if self.status.cancelled_on().is_some_and(|on| on <= day) {
            Standing::Cancelled
        } else if self.status == Status::Quoted {
            Standing::NotBound
        } else if day < self.effective_on {
            Standing::Upcoming
        } else if day >= self.expires_on || self.status == Status::Expired {
            Standing::Expired
        } else {
            Standing::InForce
        }
    }
}

/// A vehicle scheduled on a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vehicle {
    /// Its id.
    pub id: VehicleId,
    /// Model year.
    pub year: Option<i32>,
    /// Make.
    pub make: Option<NonBlank>,
    /// Model.
    pub model: Option<NonBlank>,
    /// Vehicle identification number.
    pub vin: NonBlank,
    /// Where it is kept.
    pub garaging_state: Option<UsState>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn policy(change: impl FnOnce(&mut Policy)) -> Policy {
        let mut policy = cast::general_liability();
        policy.effective_on = cast::day("2026-03-01");
        policy.expires_on = cast::day("2027-03-01");
        change(&mut policy);
        policy
    }

    #[test]
    fn a_term_covers_its_first_day_and_not_the_day_it_ends_on() {
        let policy = policy(|_| {});
        let on = |day| policy.standing(cast::day(day));
        assert_eq!(on("2026-02-28"), Standing::Upcoming);
        assert_eq!(on("2026-03-01"), Standing::InForce);
        assert_eq!(on("2027-02-28"), Standing::InForce);
        assert_eq!(on("2027-03-01"), Standing::Expired);
    }

    #[test]
    fn a_cancellation_covers_every_day_before_its_own() {
        let policy = policy(|policy| {
            policy.status = cast::cancelled("2026-09-15");
        });
        let on = |day| policy.standing(cast::day(day));
        assert_eq!(on("2026-09-14"), Standing::InForce);
        assert_eq!(on("2026-09-15"), Standing::Cancelled);
        assert_eq!(on("2027-09-15"), Standing::Cancelled);
    }

    #[test]
    fn a_cancellation_and_its_day_come_together_or_not_at_all() {
        let day = Some(cast::day("2026-09-15"));
        let why = Some(cast::text("Nonpayment"));
        for word in words::Status::ALL {
            let with = Status::of(*word, day, why.clone());
            let without = Status::of(*word, None, None);
            let cancelled = *word == words::Status::Cancelled;
            assert_eq!((with.is_ok(), without.is_ok()), (cancelled, !cancelled), "{word}");
            assert_eq!(with.or(without).unwrap().word(), *word);
        }
        assert!(Status::of(words::Status::Active, None, why).is_err());
    }

    #[test]
    fn only_what_is_bound_covers() {
        let inside = cast::day("2026-06-01");
        let standing = |status| policy(|policy| policy.status = status).standing(inside);
        assert_eq!(standing(Status::Active), Standing::InForce);
        assert_eq!(standing(Status::Bound), Standing::InForce);
        assert_eq!(standing(Status::NonRenewed), Standing::InForce);
        assert_eq!(standing(Status::Expired), Standing::Expired);
        assert_eq!(standing(Status::Quoted), Standing::NotBound);
    }

    #[test]
    fn a_company_code_is_five_digits_and_is_never_padded() {
        assert_eq!(Naic::parse(" 01234 ").unwrap().as_str(), "01234");
        for bad in ["1234", "123456", "1234a", "", "１２３４５"] {
            assert_eq!(Naic::parse(bad), Err(NotNaic), "{bad}");
        }
    }
}
