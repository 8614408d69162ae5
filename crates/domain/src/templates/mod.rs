//! Templates: wording that the agency writes once and picks again, for descriptions of operations and for mails.
//!
//! Invariants: a template names only placeholders that exist; only one for descriptions asks for endorsements, and
//! only one for mails has a subject.

mod archive;
mod create;
mod edit;
mod fill;
pub mod placeholders;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::placeholders::{PlaceholderError, check};
use crate::authz::Belongs;
use crate::certificates::description::compact;
use crate::certificates::master::MAX_DESCRIPTION;
use crate::ids::{AgencyId, TemplateId};
use crate::text::{NonBlank, TextError, paragraphs};
use crate::vocabulary;

pub use archive::{Archived, Restored, archive, restore};
pub use create::{Created, create};
pub use edit::{Edited, edit};
pub use fill::{FillFacts, Filled, MissingForm, Unfillable, fill, missing_forms, printed};

vocabulary! {
    /// What a template is for.
    pub enum TemplateKind {
        /// The description of operations on a certificate.
        Description = "description",
        /// Subject and message of a mail.
        Message = "message",
    }
}

/// An endorsement that a wording needs to be true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NeededForm {
    /// Form number, e.g. `CG 20 10`.
    pub number: NonBlank,
    /// Edition as month and year, where only that one will do.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub edition: Option<NonBlank>,
}

impl NeededForm {
    /// Number and edition, as people name a form.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.edition {
            Some(edition) => format!("{} {edition}", self.number),
            None => self.number.to_string(),
        }
    }

    /// Number and edition for comparison: two ways to write a form are one.
    fn key(&self) -> (String, Option<String>) {
        let edition = self.edition.as_ref();
        (
            compact(self.number.as_str()),
            edition.map(|edition| compact(edition.as_str())),
        )
    }
}

/// What a template says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// Its name in the picker.
    pub name: NonBlank,
    /// Subject of the mail; none where the usual one does. Only for mails.
    pub subject: Option<NonBlank>,
    /// The text with its placeholders.
    pub body: String,
    /// The endorsements that the text needs. Only for descriptions.
    pub forms: Vec<NeededForm>,
}

/// A template of the agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The agency.
    pub agency: AgencyId,
    /// Its id.
    pub id: TemplateId,
    /// Counts changes; a change must name the version it was made from.
    pub version: i32,
    /// What it is for; never changes.
    pub kind: TemplateKind,
    /// What it says.
    pub wording: Wording,
    /// Since when it is put away.
    pub archived_at: Option<DateTime<Utc>>,
}

impl Belongs for Template {
    fn agency(&self) -> AgencyId {
        self.agency
    }
}

/// At most this many endorsements are asked for by one template.
pub const MAX_FORMS: usize = 20;

/// Longest message of a mail, in characters.
const MAX_MESSAGE: usize = 5_000;

/// Why a template was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// The text is empty, too long or not printable.
    #[error("{0}")]
    Body(TextError),
    /// A placeholder in the text.
    #[error("{0}")]
    BodyPlaceholder(PlaceholderError),
    /// A placeholder in the subject.
    #[error("{0}")]
    SubjectPlaceholder(PlaceholderError),
    /// A description has no subject.
    #[error("belongs to templates for mails only")]
    SubjectOfDescription,
    /// A mail claims nothing that an endorsement would have to bear out.
    #[error("belong to templates for descriptions only")]
    FormsOfMessage,
    /// Too many endorsements.
    #[error("takes at most {MAX_FORMS}")]
    TooManyForms,
}

/// Checks and tidies what a template says.
fn checked(kind: TemplateKind, mut wording: Wording) -> Result<Wording, TemplateError> {
    let longest = match kind {
        TemplateKind::Description => MAX_DESCRIPTION,
        TemplateKind::Message => MAX_MESSAGE,
    };
    wording.body = paragraphs(&wording.body, longest).map_err(TemplateError::Body)?;
    if wording.body.is_empty() {
        return Err(TemplateError::Body(TextError::Empty));
    }
    check(&wording.body).map_err(TemplateError::BodyPlaceholder)?;
    if let Some(subject) = &wording.subject {
        if kind == TemplateKind::Description {
            return Err(TemplateError::SubjectOfDescription);
        }
        check(subject.as_str()).map_err(TemplateError::SubjectPlaceholder)?;
    }
    if kind == TemplateKind::Message && !wording.forms.is_empty() {
        return Err(TemplateError::FormsOfMessage);
    }
    let mut known = Vec::new();
    wording.forms.retain(|form| {
        let key = form.key();
        let fresh = !known.contains(&key);
        known.push(key);
        fresh
    });
    if wording.forms.len() > MAX_FORMS {
        return Err(TemplateError::TooManyForms);
    }
    Ok(wording)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn wording() -> Wording {
        cast::template().wording
    }

    /// A2.26: a template can be filled before it is kept; what it needs is written once.
    #[test]
    fn a_template_is_checked_before_it_is_kept() {
        let mut twice = wording();
        let mut again = twice.forms[0].clone();
        again.number = cast::text("cg2010");
        twice.forms.push(again);
        let kept = checked(TemplateKind::Description, twice).unwrap();
        assert_eq!(kept.forms.len(), 1);

        let refused = |kind, change: fn(&mut Wording)| {
            let mut faulty = wording();
            change(&mut faulty);
            checked(kind, faulty).unwrap_err()
        };
        use TemplateKind::{Description, Message};
        assert_eq!(
            refused(Description, |wording| wording.body = " \n ".into()),
            TemplateError::Body(TextError::Empty)
        );
        assert_eq!(
            refused(Description, |wording| wording.body = "For {{holdr}}".into()),
            TemplateError::BodyPlaceholder(PlaceholderError::Unknown("holdr".into()))
        );
        assert_eq!(
            refused(Description, |wording| wording.subject = Some(cast::text("x"))),
            TemplateError::SubjectOfDescription
        );
        assert_eq!(refused(Message, |_| ()), TemplateError::FormsOfMessage);
        assert_eq!(
            refused(Message, |wording| {
                wording.forms.clear();
                wording.subject = Some(cast::text("For {{holder"));
            }),
            TemplateError::SubjectPlaceholder(PlaceholderError::Unclosed)
        );
        assert_eq!(
            refused(Description, |wording| {
                wording.forms = (0..=MAX_FORMS)
                    .map(|number| NeededForm {
                        number: cast::text(&format!("CG {number}")),
                        edition: None,
                    })
                    .collect();
            }),
            TemplateError::TooManyForms
        );
    }
}
