//! Using a template: its placeholders are filled, and what it needs is looked for on the chosen policies.
//!
//! Invariant: a text with an open placeholder is never handed out for a certificate or a mail.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::placeholders::{Placeholder, PlaceholderError, Values, in_words, replace};
use super::{NeededForm, Template};
use crate::certificates::description::compact;
use crate::policies::Policy;
use crate::text::NonBlank;

/// What filling must know.
#[derive(Clone, Debug)]
pub struct FillFacts {
    /// What is put in the place of placeholders.
    pub values: Values,
    /// The policies that were chosen.
    pub policies: Vec<Policy>,
    /// The day, in the agency's zone.
    pub today: NaiveDate,
    /// The text is for a master certificate: sending fills all that only sending knows, so only the reference is
    /// filled now.
    pub for_master: bool,
}

/// An endorsement that a template needs and that the chosen policies do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingForm {
    /// What is needed.
    pub form: NeededForm,
    /// Editions of the same form that are on the policies.
    pub other_editions: Vec<NonBlank>,
}

/// A template with its placeholders filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The subject, where the template has one.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// What it needs and the chosen policies do not have.
    pub missing_forms: Vec<MissingForm>,
}

/// Why a template could not be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfillable {
    /// Placeholders without a value.
    #[error("holds {}, which has no value here; write the words in its place", in_words(.0))]
    Open(BTreeSet<Placeholder>),
    /// The stored text is not one that could have been kept.
    #[error("{0}")]
    Placeholder(#[from] PlaceholderError),
}

/// A text as it is printed: with every placeholder filled.
///
/// # Errors
/// [`Unfillable`].
pub fn printed(text: &str, values: &Values) -> Result<String, Unfillable> {
    match replace(text, values)? {
        (text, open) if open.is_empty() => Ok(text),
        (_, open) => Err(Unfillable::Open(open)),
    }
}

/// The endorsements that are needed and that stand on none of the policies on `day`.
#[must_use]
pub fn missing_forms(needed: &[NeededForm], policies: &[Policy], day: NaiveDate) -> Vec<MissingForm> {
    let missing = needed.iter().filter_map(|form| {
        let number = compact(form.number.as_str());
        let mut editions: Vec<&NonBlank> = policies
            .iter()
            .flat_map(|policy| &policy.endorsements)
            .filter(|on_policy| on_policy.stands_on(day))
            .filter(|on_policy| compact(on_policy.form_number.as_str()) == number)
            .map(|on_policy| &on_policy.edition)
            .collect();
        editions.sort();
        editions.dedup();
        let there = match &form.edition {
            Some(wanted) => editions
                .iter()
                .any(|edition| compact(edition.as_str()) == compact(wanted.as_str())),
            None => !editions.is_empty(),
        };
        (!there).then(|| MissingForm {
            form: form.clone(),
            other_editions: editions.into_iter().cloned().collect(),
        })
    });
    missing.collect()
}

/// Fills a template.
///
/// # Errors
/// [`Unfillable`].
pub fn fill(template: &Template, facts: &FillFacts) -> Result<Filled, Unfillable> {
    let wording = &template.wording;
    let values = if facts.for_master {
        Values {
            reference: facts.values.reference.clone(),
            ..Values::default()
        }
    } else {
        facts.values.clone()
    };
    let (body, mut open) = replace(&wording.body, &values)?;
    let subject = match &wording.subject {
        Some(subject) => {
            let (subject, more) = replace(subject.as_str(), &values)?;
            open.extend(more);
            Some(subject)
        }
        None => None,
    };
    if facts.for_master {
        // What sending fills by itself may stay open in a master; nobody asks for the reference again.
        open.retain(|placeholder| *placeholder == Placeholder::Reference);
    }
    if !open.is_empty() {
        return Err(Unfillable::Open(open));
    }
    Ok(Filled {
        subject,
        body,
        missing_forms: missing_forms(&wording.forms, &facts.policies, facts.today),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::Line;
    use crate::testing as cast;

    fn facts() -> FillFacts {
        let policies = cast::policies();
        let numbers = policies
            .iter()
            .map(|policy| (policy.line(), policy.number.to_string()));
        FillFacts {
            values: Values {
                holder: Some("Northgate Builders, Inc.".to_owned()),
                insured: Some("Alder Creek Roofing LLC".to_owned()),
                reference: Some("Job 4471".to_owned()),
                date: Some(cast::today()),
                policies: numbers.collect(),
            },
            policies,
            today: cast::today(),
            for_master: false,
        }
    }

    /// A2.26: a template is filled with what is known, or the open placeholders are told.
    #[test]
    fn a_template_is_filled_whole_or_not_at_all() {
        let template = cast::template();
        let filled = fill(&template, &facts()).unwrap();
        assert!(filled.body.starts_with("Job 4471"), "{}", filled.body);
        assert!(filled.body.contains("Northgate Builders, Inc."));
        assert!(!filled.body.contains("{{"));
        let mut open = facts();
        open.values.reference = None;
        open.values.policies.remove(&Line::GeneralLiability);
        assert_eq!(
            fill(&template, &open),
            Err(Unfillable::Open(
                [Placeholder::Reference, Placeholder::GeneralLiabilityPolicy].into()
            ))
        );
    }

    /// A2.26: in a master the reference is filled, and the rest stays open for sending.
    #[test]
    fn a_master_keeps_what_sending_fills() {
        let mut facts = facts();
        facts.for_master = true;
        let filled = fill(&cast::template(), &facts).unwrap();
        assert!(filled.body.starts_with("Job 4471"));
        assert!(filled.body.contains("{{holder}}"));
        facts.values.reference = None;
        assert_eq!(
            fill(&cast::template(), &facts),
            Err(Unfillable::Open([Placeholder::Reference].into()))
        );
    }

    /// A2.26: what the text needs and the policies lack is said, with the editions that are there.
    #[test]
    fn a_needed_endorsement_that_is_missing_is_told() {
        let facts = facts();
        let on_policy = facts
            .policies
            .iter()
            .flat_map(|policy| policy.endorsements.first())
            .next()
            .unwrap();
        let need = |edition: Option<&str>| NeededForm {
            number: cast::text(&on_policy.form_number.as_str().replace(' ', "").to_lowercase()),
            edition: edition.map(cast::text),
        };
        let missing = |forms: &[NeededForm]| missing_forms(forms, &facts.policies, cast::today());
        assert_eq!(missing(&[need(None)]), []);
        assert_eq!(missing(&[need(Some(on_policy.edition.as_str()))]), []);
        let other = missing(&[need(Some("11 85"))]);
        assert!(other[0].other_editions.contains(&on_policy.edition));
        let mut unknown = need(None);
        unknown.number = cast::text("CG 99 99");
        assert_eq!(missing(&[unknown])[0].other_editions, []);
    }
}
