//! What stands for something in a template: `{{holder}}`, `{{reference}}`, a policy's number.
//!
//! Invariant: a text is filled whole or not at all; two braces are never printed.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::policies::Line;
use crate::vocabulary;

vocabulary! {
    /// What a template can leave open.
    pub enum Placeholder {
        /// The holder's name as it is printed.
        Holder = "holder",
        /// The insured's name as it is printed.
        Insured = "insured",
        /// The contract or project, given when the template is used.
        Reference = "reference",
        /// The day of issue.
        Date = "date",
        /// The number of the general liability policy.
        GeneralLiabilityPolicy = "general_liability_policy",
        /// The number of the automobile policy.
        CommercialAutoPolicy = "commercial_auto_policy",
        /// The number of the umbrella or excess policy.
        UmbrellaExcessPolicy = "umbrella_excess_policy",
        /// The number of the workers compensation policy.
        WorkersCompensationPolicy = "workers_compensation_policy",
        /// The number of the policy in the section for other cover.
        OtherPolicy = "other_policy",
    }
}

impl Placeholder {
    /// As it is written in a text.
    #[must_use]
    pub fn written(self) -> String {
        format!("{{{{{self}}}}}")
    }

    /// Of which line it is the policy's number.
    #[must_use]
    pub const fn line(self) -> Option<Line> {
        Some(match self {
            Self::GeneralLiabilityPolicy => Line::GeneralLiability,
            Self::CommercialAutoPolicy => Line::CommercialAuto,
            Self::UmbrellaExcessPolicy => Line::UmbrellaExcess,
            Self::WorkersCompensationPolicy => Line::WorkersCompensation,
            Self::OtherPolicy => Line::Other,
            Self::Holder | Self::Insured | Self::Reference | Self::Date => return None,
        })
    }
}

/// Placeholders as they are written, one after the other.
#[must_use]
pub fn in_words(open: &BTreeSet<Placeholder>) -> String {
    let words: Vec<_> = open.iter().map(|placeholder| placeholder.written()).collect();
    words.join(", ")
}

/// Why a text with placeholders was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceholderError {
    /// There is no such placeholder.
    #[error("holds {{{{{0}}}}}, which is not a placeholder")]
    Unknown(String),
    /// Two braces were opened and not closed.
    #[error("opens a placeholder with two braces and does not close it")]
    Unclosed,
}

/// A piece of a text.
enum Piece<'a> {
    Plain(&'a str),
    Open(Placeholder),
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, PlaceholderError> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (word, behind) = after.split_once("}}").ok_or(PlaceholderError::Unclosed)?;
        let placeholder = word
            .trim()
            .parse()
            .map_err(|_| PlaceholderError::Unknown(word.trim().chars().take(60).collect()))?;
        found.push(Piece::Plain(before));
        found.push(Piece::Open(placeholder));
        rest = behind;
    }
    found.push(Piece::Plain(rest));
    Ok(found)
}

/// Checks that a text names only placeholders that exist.
///
/// # Errors
/// [`PlaceholderError`].
pub fn check(text: &str) -> Result<BTreeSet<Placeholder>, PlaceholderError> {
    let open = pieces(text)?.into_iter().filter_map(|piece| match piece {
        Piece::Open(placeholder) => Some(placeholder),
        Piece::Plain(_) => None,
    });
    Ok(open.collect())
}

/// What is put in the place of placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// The holder's name.
    pub holder: Option<String>,
    /// The insured's name.
    pub insured: Option<String>,
    /// The contract or project.
    pub reference: Option<String>,
    /// The day of issue.
    pub date: Option<NaiveDate>,
    /// Policy numbers by line.
    pub policies: BTreeMap<Line, String>,
}

impl Values {
    fn of(&self, placeholder: Placeholder) -> Option<String> {
        if let Some(line) = placeholder.line() {
            return self.policies.get(&line).cloned();
        }
        match placeholder {
            Placeholder::Holder => self.holder.clone(),
            Placeholder::Insured => self.insured.clone(),
            Placeholder::Reference => self.reference.clone(),
            Placeholder::Date => self.date.map(|day| day.format("%m/%d/%Y").to_string()),
            _ => None,
        }
    }
}

/// Puts values in the place of placeholders; those without a value stay, and are told.
///
/// # Errors
/// [`PlaceholderError`].
pub fn replace(text: &str, values: &Values) -> Result<(String, BTreeSet<Placeholder>), PlaceholderError> {
    let mut filled = String::with_capacity(text.len());
    let mut open = BTreeSet::new();
    for piece in pieces(text)? {
        match piece {
            Piece::Plain(words) => filled.push_str(words),
            Piece::Open(placeholder) => match values.of(placeholder) {
                Some(value) => filled.push_str(&value),
                None => {
                    filled.push_str(&placeholder.written());
                    open.insert(placeholder);
                }
            },
        }
    }
    Ok((filled, open))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn values() -> Values {
        Values {
            holder: Some("Northgate {{date}}".to_owned()),
            date: Some(cast::today()),
            policies: [(Line::GeneralLiability, "GL-1".to_owned())].into(),
            ..Values::default()
        }
    }

    /// A2.26: values take the place of placeholders, once; what has none stays and is told.
    #[test]
    fn values_take_the_place_of_placeholders() {
        let text = "{{ holder }} of {{date}}, {{general_liability_policy}}; {{reference}}";
        let (filled, open) = replace(text, &values()).unwrap();
        assert_eq!(filled, "Northgate {{date}} of 11/02/2026, GL-1; {{reference}}");
        assert_eq!(open, [Placeholder::Reference].into());
        let (plain, open) = replace("{one} brace } is text", &values()).unwrap();
        assert_eq!((plain.as_str(), open.len()), ("{one} brace } is text", 0));
    }

    #[test]
    fn a_placeholder_that_does_not_exist_is_refused() {
        assert_eq!(check("{{}}"), Err(PlaceholderError::Unknown(String::new())));
        assert_eq!(
            check("{{Holder}}"),
            Err(PlaceholderError::Unknown("Holder".into()))
        );
        assert_eq!(check("a {{holder} b"), Err(PlaceholderError::Unclosed));
        assert_eq!(
            PlaceholderError::Unknown("x".into()).to_string(),
            "holds {{x}}, which is not a placeholder"
        );
        for placeholder in Placeholder::ALL {
            assert_eq!(check(&placeholder.written()), Ok([*placeholder].into()));
        }
    }
}
