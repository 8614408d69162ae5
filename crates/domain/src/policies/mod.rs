//! Insurance policies, their cover by line, and the forms attached to them.
//!
//! Invariant: what a certificate prints comes from here and is never typed by a person.

pub mod coverage;
pub mod endorsement;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{CarrierId, InsuredId, PolicyId, VehicleId};
use crate::text::{NonBlank, UsState};
use crate::vocabulary;
pub use coverage::Coverage;
pub use endorsement::Endorsement;

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

vocabulary! {
    /// How a policy stands on the agency's books.
    pub enum Status {
        /// An offer; no cover.
        Quoted = "quoted",
        /// Cover is bound, the policy not yet issued.
        Bound = "bound",
        /// Issued.
        Active = "active",
        /// Ended before its term, on [`Policy::cancelled_on`].
        Cancelled = "cancelled",
        /// Runs to the end of its term and is not renewed.
        NonRenewed = "non_renewed",
        /// Its term is over.
        Expired = "expired",
    }
}

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
    /// Day on which a cancellation takes effect: no cover on this day.
    pub cancelled_on: Option<NaiveDate>,
    /// Why it was cancelled.
    pub cancel_reason: Option<NonBlank>,
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
        let cancelled = self.status == Status::Cancelled && self.cancelled_on.is_none_or(|on| on <= day);
        if cancelled {
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
            policy.status = Status::Cancelled;
            policy.cancelled_on = Some(cast::day("2026-09-15"));
        });
        let on = |day| policy.standing(cast::day(day));
        assert_eq!(on("2026-09-14"), Standing::InForce);
        assert_eq!(on("2026-09-15"), Standing::Cancelled);
        assert_eq!(on("2027-09-15"), Standing::Cancelled);
    }

    #[test]
    fn a_cancellation_without_a_day_covers_nothing() {
        let policy = policy(|policy| policy.status = Status::Cancelled);
        assert_eq!(policy.standing(cast::day("2026-03-01")), Standing::Cancelled);
        assert_eq!(policy.standing(cast::day("2025-01-01")), Standing::Cancelled);
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
