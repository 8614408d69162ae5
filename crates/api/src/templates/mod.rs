//! Templates: wording that is written once and picked again.

mod archive;
mod fill;
mod get;
mod write;

use countersign_domain::templates::placeholders::PlaceholderError;
use countersign_domain::templates::{MAX_FORMS, TemplateError, Unfillable};

use crate::faults::code;
use crate::problem::Problem;

pub(crate) use archive::{archive_template, restore_template};
pub(crate) use fill::fill_template;
pub(crate) use get::{get_template, list_templates};
pub(crate) use write::{create_template, edit_template};

/// A word for programs about a text whose placeholders could not be filled.
pub(crate) const fn placeholder_code(error: &Unfillable) -> &'static str {
    match error {
        Unfillable::Open(_) => "unfilled",
        Unfillable::Placeholder(PlaceholderError::Unknown(_)) => "unknown_placeholder",
        Unfillable::Placeholder(PlaceholderError::Unclosed) => "unclosed_placeholder",
    }
}

impl From<TemplateError> for Problem {
    fn from(error: TemplateError) -> Self {
        let word = |error: &PlaceholderError| placeholder_code(&Unfillable::Placeholder(error.clone()));
        match &error {
            TemplateError::Body(reason) => Self::field("/body", code(*reason), reason),
            TemplateError::BodyPlaceholder(reason) => Self::field("/body", word(reason), reason),
            TemplateError::SubjectPlaceholder(reason) => Self::field("/subject", word(reason), reason),
            TemplateError::SubjectOfDescription => Self::field("/subject", "not_of_this_kind", error),
            TemplateError::FormsOfMessage => Self::field("/forms", "not_of_this_kind", error),
            TemplateError::TooManyForms => {
                Self::field("/forms", "too_many", format!("takes at most {MAX_FORMS}"))
            }
        }
    }
}
