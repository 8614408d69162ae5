//! Collects every refused field of a body, so that a person sees all of them at once.

use std::fmt::Display;

use countersign_domain::text::{Address, EmailAddress, NonBlank, PostalCode, TextError, UsState};

use crate::problem::{FieldFault, Problem};
use crate::wire::AddressBody;

/// The fields refused so far.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<FieldFault>);

/// A word for programs.
pub(crate) const fn code(error: TextError) -> &'static str {
    match error {
        TextError::Empty => "empty",
        TextError::TooLong(_) => "too_long",
        TextError::Control => "control_characters",
        TextError::NotAnAddress => "not_an_email",
        TextError::NotAPhone => "not_a_phone",
        TextError::NotAState => "not_a_state",
        TextError::NotAZip => "not_a_zip",
        TextError::NotAColor => "not_a_color",
        TextError::NotASlug => "not_a_slug",
    }
}

impl Faults {
    /// Notes a refused field.
    pub(crate) fn add(&mut self, pointer: &str, code: &str, detail: impl Display) {
        self.0.push(FieldFault {
            pointer: pointer.to_owned(),
            code: code.to_owned(),
            detail: detail.to_string(),
        });
    }

    /// A text that must be there.
    pub(crate) fn text<T>(
        &mut self,
        pointer: &str,
        text: &str,
        parse: fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        match parse(text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(pointer, code(error), error);
                None
            }
        }
    }

    /// A text that may be missing; a blank one counts as missing.
    pub(crate) fn optional<T>(
        &mut self,
        pointer: &str,
        text: Option<&str>,
        parse: fn(&str) -> Result<T, TextError>,
    ) -> Option<T> {
        match text.map(str::trim) {
            None | Some("") => None,
            Some(text) => self.text(pointer, text, parse),
        }
    }

    /// A value that some other rule checks.
    pub(crate) fn value<T, E: Display>(
        &mut self,
        pointer: &str,
        code: &str,
        result: Result<T, E>,
    ) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.add(pointer, code, error);
                None
            }
        }
    }

    /// An address.
    pub(crate) fn address(&mut self, pointer: &str, body: &AddressBody) -> Option<Address> {
        let at = |field: &str| format!("{pointer}/{field}");
        let line1 = self.text(&at("line1"), &body.line1, NonBlank::parse);
        let line2 = self.optional(&at("line2"), body.line2.as_deref(), NonBlank::parse);
        let city = self.text(&at("city"), &body.city, NonBlank::parse);
        let state = self.text(&at("state"), &body.state, UsState::parse);
        let postal_code = self.text(&at("postal_code"), &body.postal_code, PostalCode::parse);
        Some(Address {
            line1: line1?,
            line2,
            city: city?,
            state: state?,
            postal_code: postal_code?,
        })
    }

    /// A list of mail addresses; blank entries are left out.
    pub(crate) fn emails(&mut self, pointer: &str, texts: &[String]) -> Vec<EmailAddress> {
        texts
            .iter()
            .enumerate()
            .filter(|(_, text)| !text.trim().is_empty())
            .filter_map(|(place, text)| self.text(&format!("{pointer}/{place}"), text, EmailAddress::parse))
            .collect()
    }

    /// Ends the collection: the value if nothing was refused.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, Problem> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Problem::validation(self.0)),
        }
    }
}
