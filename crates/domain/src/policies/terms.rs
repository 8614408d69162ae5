//! What a policy says of itself, apart from its forms and vehicles: what staff write down, what is checked
//! before it is kept, and how two states of it differ.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::coverage::Coverage;
use super::{Carrier, Line, Market, Naic, Policy, Status};
use crate::ids::CarrierId;
use crate::text::NonBlank;

/// What a policy says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The number exactly as printed on the declarations.
    pub number: NonBlank,
    /// The insurer.
    pub carrier: Carrier,
    /// The named insured exactly as on the declarations.
    pub named_insured: NonBlank,
    /// First day of the term.
    pub effective_on: NaiveDate,
    /// Day on which the term ends: no cover on this day.
    pub expires_on: NaiveDate,
    /// How it stands on the agency's books.
    pub status: Status,
    /// From which market it comes, and who issues certificates for it.
    pub market: Market,
    /// What it covers.
    pub coverage: Coverage,
}

impl From<&Policy> for Terms {
    fn from(policy: &Policy) -> Self {
        Self {
            number: policy.number.clone(),
            carrier: policy.carrier.clone(),
            named_insured: policy.named_insured.clone(),
            effective_on: policy.effective_on,
            expires_on: policy.expires_on,
            status: policy.status.clone(),
            market: policy.market.clone(),
            coverage: policy.coverage.clone(),
        }
    }
}

/// An insurer as staff name it: one that is on file, or one that is not yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsurerChoice {
    /// NAIC company code, which names it.
    pub naic: Naic,
    /// Legal name of the writing company.
    pub name: NonBlank,
}

impl InsurerChoice {
    /// The insurer on file under this code, or a new one with this id.
    ///
    /// # Errors
    /// [`TermsError::OtherInsurer`] when another company is on file under the code.
    pub fn settle(self, on_file: Option<Carrier>, fresh: CarrierId) -> Result<Carrier, TermsError> {
        match on_file {
            Some(known) if known.name == self.name => Ok(known),
            Some(known) => Err(TermsError::OtherInsurer(known.name)),
            None => Ok(Carrier {
                id: fresh,
                name: self.name,
                naic: self.naic,
            }),
        }
    }
}

/// Why terms were refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermsError {
    /// Another company is on file under this NAIC code.
    #[error("this NAIC code is on file for {0}; an insurer has one name")]
    OtherInsurer(NonBlank),
    /// The term does not run forward.
    #[error("must be after the first day of the term")]
    TermBackward,
    /// The cover is of another line than the policy.
    #[error("a policy keeps its line, which is {}", .0.label())]
    OtherLine(Line),
    /// Not a single limit.
    #[error("enter at least one limit")]
    NoLimit,
    /// The day of its cancellation is no longer within the term.
    #[error("the cancellation of {} would lie outside the term", us(*.0))]
    CancelledOutsideTerm(NaiveDate),
    /// A form's own day is no longer within the term.
    #[error("{0} has a day of its own that would lie outside the term; change the endorsement first")]
    FormOutsideTerm(String),
}

fn us(day: NaiveDate) -> String {
    day.format("%m/%d/%Y").to_string()
}

impl Terms {
    /// Whether a day is one of the term, or the day on which it ends.
    #[must_use]
    pub fn reaches(&self, day: NaiveDate) -> bool {
        (self.effective_on..=self.expires_on).contains(&day)
    }

    /// Checks what the parts say about each other, for a policy of `line`.
    pub(super) fn check(&self, line: Line) -> Result<(), TermsError> {
        if self.expires_on <= self.effective_on {
            return Err(TermsError::TermBackward);
        }
        if self.coverage.line() != line {
            return Err(TermsError::OtherLine(line));
        }
        if self.coverage.limits().iter().all(|limit| limit.amount.is_none()) {
            return Err(TermsError::NoLimit);
        }
        match self.status.cancelled_on() {
            Some(day) if !self.reaches(day) => Err(TermsError::CancelledOutsideTerm(day)),
            _ => Ok(()),
        }
    }

    /// Everything that is said, under the name of its field and a label for people.
    fn said(&self) -> Vec<(String, String, Option<String>)> {
        let fact = |field: &str, label: &str, says: String| (field.to_owned(), label.to_owned(), Some(says));
        let mut said = vec![
            fact("number", "Policy number", self.number.to_string()),
            fact(
                "carrier",
                "Insurer",
                format!("{} (NAIC {})", self.carrier.name, self.carrier.naic),
            ),
            fact("named_insured", "Named insured", self.named_insured.to_string()),
            fact("effective_on", "Effective", us(self.effective_on)),
            fact("expires_on", "Expires", us(self.expires_on)),
            fact("status", "Status", says_status(&self.status)),
            fact("market", "Market", self.market.says()),
        ];
        said.extend(cover_said(&self.coverage));
        said
    }
}

/// Everything that a cover says, as the terms do.
pub(crate) fn cover_said(coverage: &Coverage) -> Vec<(String, String, Option<String>)> {
    let boxes = coverage.boxes().into_iter().map(|each| {
        (
            format!("coverage/{}", each.field),
            each.label.to_owned(),
            Some(each.says),
        )
    });
    let limits = coverage.limits().into_iter().map(|limit| {
        let amount = limit.amount.map(|amount| amount.to_string());
        (format!("coverage/{}", limit.field), limit.label, amount)
    });
    boxes.chain(limits).collect()
}

fn says_status(status: &Status) -> String {
    match status {
        Status::Cancelled {
            on,
            reason: Some(reason),
        } => format!("cancelled as of {}: {reason}", us(*on)),
        Status::Cancelled { on, reason: None } => format!("cancelled as of {}", us(*on)),
        plain => plain.word().as_str().replace('_', " "),
    }
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The name of its field.
    pub field: String,
    /// Its label for people.
    pub label: String,
    /// What was said before; nothing where it is new.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub before: Option<String>,
    /// What is said now; nothing where it is gone.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub after: Option<String>,
}

/// What differs between two sets of facts, in the order of the newer one, then what is gone.
pub(crate) fn differences(
    before: Vec<(String, String, Option<String>)>,
    after: Vec<(String, String, Option<String>)>,
) -> Vec<Difference> {
    let find = |facts: &[(String, String, Option<String>)], field: &str, label: &str| {
        let same = facts.iter().find(|fact| fact.0 == field && fact.1 == label);
        same.and_then(|fact| fact.2.clone())
    };
    let mut found = Vec::new();
    for (field, label, now) in &after {
        let then = find(&before, field, label);
        if then != *now {
            found.push(Difference {
                field: field.clone(),
                label: label.clone(),
                before: then,
                after: now.clone(),
            });
        }
    }
    for (field, label, then) in before {
        if then.is_some() && !after.iter().any(|fact| fact.0 == field && fact.1 == label) {
            found.push(Difference {
                field,
                label,
                before: then,
                after: None,
            });
        }
    }
    found
}

impl Terms {
    /// What differs from `before`.
    #[must_use]
    pub fn differences_from(&self, before: &Self) -> Vec<Difference> {
        differences(before.said(), self.said())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Cents;
    use crate::testing as cast;

    fn terms(change: impl FnOnce(&mut Terms)) -> Terms {
        let mut terms = Terms::from(&cast::umbrella());
        change(&mut terms);
        terms
    }

    #[test]
    fn the_parts_are_held_against_each_other() {
        let refused = |change: fn(&mut Terms)| terms(change).check(Line::UmbrellaExcess).unwrap_err();
        assert_eq!(
            refused(|terms| terms.expires_on = terms.effective_on),
            TermsError::TermBackward
        );
        assert_eq!(
            refused(|terms| terms.coverage = cast::general_liability().coverage),
            TermsError::OtherLine(Line::UmbrellaExcess)
        );
        assert_eq!(
            refused(|terms| terms.status = cast::cancelled("2027-03-02")),
            TermsError::CancelledOutsideTerm(cast::day("2027-03-02"))
        );
        assert_eq!(
            refused(|terms| {
                let Coverage::UmbrellaExcess(excess) = &mut terms.coverage else {
                    unreachable!("the umbrella covers as an umbrella");
                };
                (excess.each_occurrence, excess.aggregate) = (None, None);
            }),
            TermsError::NoLimit
        );
        assert_eq!(terms(|_| {}).check(Line::UmbrellaExcess), Ok(()));
    }

    #[test]
    fn what_differs_is_told_with_both_values() {
        let before = terms(|_| {});
        let after = terms(|terms| {
            terms.number = cast::text("UMB-9");
            terms.status = cast::cancelled("2026-09-15");
            let Coverage::UmbrellaExcess(excess) = &mut terms.coverage else {
                unreachable!("the umbrella covers as an umbrella");
            };
            excess.aggregate = None;
            excess.each_occurrence = Some(Cents::dollars(3_000_000));
        });
        let told: Vec<_> = after
            .differences_from(&before)
            .into_iter()
            .map(|d| (d.field, d.before, d.after))
            .collect();
        let owned = |field: &str, before: Option<&str>, after: Option<&str>| {
            (
                field.to_owned(),
                before.map(str::to_owned),
                after.map(str::to_owned),
            )
        };
        assert_eq!(
            told,
            [
                owned("number", Some("UMB-5512"), Some("UMB-9")),
                owned("status", Some("active"), Some("cancelled as of 09/15/2026")),
                owned("coverage/each_occurrence", Some("$5,000,000"), Some("$3,000,000")),
                owned("coverage/aggregate", Some("$5,000,000"), None),
            ]
        );
        assert_eq!(before.differences_from(&before), []);
    }

    #[test]
    fn an_insurer_is_named_by_its_code() {
        let known = cast::first_company();
        let fresh = CarrierId::from_uuid(uuid::Uuid::from_u128(77));
        let choice = |name: &str| InsurerChoice {
            naic: known.naic.clone(),
            name: cast::text(name),
        };
        let named = choice(known.name.as_str()).settle(Some(known.clone()), fresh);
        assert_eq!(named, Ok(known.clone()));
        assert_eq!(
            choice("Ponderosa Group").settle(Some(known.clone()), fresh),
            Err(TermsError::OtherInsurer(known.name.clone()))
        );
        assert_eq!(choice("Ponderosa Group").settle(None, fresh).unwrap().id, fresh);
    }
}
