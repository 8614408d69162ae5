//! Small values that are checked once, where they enter.
//!
//! Invariant: a value of these types holds no control characters and is within its length,
//! so it can be printed, mailed and put into a header without a further look.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// Longer than the field allows.
    #[error("must be at most {0} characters")]
    TooLong(usize),
    /// A control character (line breaks included, where the field is one line).
    #[error("must not contain control characters")]
    Control,
    /// Not a mail address.
    #[error("must be an email address such as name@example.com")]
    NotAnAddress,
    /// Not a two-letter US state or territory.
    #[error("must be a two-letter US state code such as NV")]
    NotAState,
    /// Not a US ZIP code.
    #[error("must be a ZIP code such as 89501 or 89501-1234")]
    NotAZip,
    /// Fewer than seven digits.
    #[error("must be a telephone number with at least seven digits")]
    NotAPhone,
    /// Not a colour.
    #[error("must be a color such as #1f5f4a")]
    NotAColor,
    /// Not an agency slug.
    #[error("must be 2 to 40 lower-case letters, digits and hyphens, starting with a letter")]
    NotASlug,
}

/// Normalizes (NFC), trims, and folds runs of blanks; refuses empty, over-long and control characters.
fn one_line(text: &str, max: usize) -> Result<String, TextError> {
    let normal: String = text.nfc().collect();
    let trimmed = normal.trim();
    if trimmed.is_empty() {
        return Err(TextError::Empty);
    }
    if trimmed.chars().any(char::is_control) {
        return Err(TextError::Control);
    }
    let folded = trimmed.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    Ok(folded)
}

macro_rules! text_value {
    ($($(#[$doc:meta])* $name:ident => $parse:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Checks and takes a text.
            ///
            /// # Errors
            /// The reason why the text was refused.
            pub fn parse(text: &str) -> Result<Self, TextError> {
                let parse: fn(&str) -> Result<String, TextError> = $parse;
                parse(text).map(Self)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    )+};
}

text_value! {
    /// A name or label of one line, at most 200 characters.
    NonBlank => |text| one_line(text, 200);
    /// A person's name of one line, at most 100 characters.
    PersonName => |text| one_line(text, 100);
    /// A telephone or fax number as people write it, at most 40 characters.
    Phone => phone;
    /// A mail address; the domain is folded to lower case, the local part is kept as written.
    EmailAddress => email;
    /// A two-letter US state or territory code, upper case.
    UsState => us_state;
    /// A US ZIP code, with or without the four-digit extension.
    PostalCode => zip;
    /// A color as `#rrggbb`, lower case.
    Color => color;
    /// An agency's name in addresses: lower-case letters, digits, hyphens.
    Slug => slug;
    /// What one signs in with: one line, at most 254 characters, compared without regard to case.
    Username => |text| one_line(&lower_case(text), 254);
}

impl EmailAddress {
    /// Whether it is this address, however either is written: no mail server that we know of tells them apart by case.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.as_str().eq_ignore_ascii_case(other.as_str())
    }
}

/// In lower case and still normal. Both are needed: lowering a letter such as `İ` gives two characters, whose
/// marks may then stand in another order, and more of them than were counted before.
fn lower_case(text: &str) -> String {
    let normal: String = text.nfc().collect();
    normal.to_lowercase().nfc().collect()
}

fn email(text: &str) -> Result<String, TextError> {
    let line = one_line(text, 254)?;
    let (local, domain) = line.rsplit_once('@').ok_or(TextError::NotAnAddress)?;
    // Folded before the check: a few letters become something else than a letter.
    let domain = lower_case(domain);
    // The mailer parses the address once more with its own grammar; this refuses what people mistype.
    let label = |part: &str| {
        !part.is_empty()
            && part.len() <= 63
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let local_ok = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c));
    if local_ok && domain.contains('.') && domain.split('.').all(label) {
        Ok(format!("{local}@{domain}"))
    } else {
        Err(TextError::NotAnAddress)
    }
}

/// The states, the District of Columbia and the territories, by their postal codes.
const STATES: &[&str] = &[
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS",
    "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC",
    "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
    "AS", "GU", "MP", "PR", "VI",
];

/// People write extensions and brackets as they like; seven digits are what every number has.
fn phone(text: &str) -> Result<String, TextError> {
    let line = one_line(text, 40)?;
    if line.chars().filter(char::is_ascii_digit).count() >= 7 {
        Ok(line)
    } else {
        Err(TextError::NotAPhone)
    }
}

fn us_state(text: &str) -> Result<String, TextError> {
    let upper = text.trim().to_uppercase();
    if STATES.contains(&upper.as_str()) {
        Ok(upper)
    } else {
        Err(TextError::NotAState)
    }
}

fn zip(text: &str) -> Result<String, TextError> {
    let text = text.trim();
    let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    let good = match text.split_once('-') {
        Some((five, four)) => digits(five, 5) && digits(four, 4),
        None => digits(text, 5),
    };
    if good {
        Ok(text.to_owned())
    } else {
        Err(TextError::NotAZip)
    }
}

fn color(text: &str) -> Result<String, TextError> {
    let text = text.trim().to_lowercase();
    match text.strip_prefix('#') {
        Some(hex) if hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()) => Ok(text),
        _ => Err(TextError::NotAColor),
    }
}

fn slug(text: &str) -> Result<String, TextError> {
    let good = (2..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if good {
        Ok(text.to_owned())
    } else {
        Err(TextError::NotASlug)
    }
}

/// A text of several lines (`\n`), trimmed, at most `max` characters; other control characters are refused.
///
/// # Errors
/// [`TextError::TooLong`] and [`TextError::Control`]; an empty text is fine.
pub fn paragraphs(text: &str, max: usize) -> Result<String, TextError> {
    let normal: String = text.nfc().collect::<String>().replace("\r\n", "\n");
    let trimmed = normal.trim();
    if trimmed.chars().any(|c| c.is_control() && c != '\n') {
        return Err(TextError::Control);
    }
    if trimmed.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    Ok(trimmed.to_owned())
}

/// A US mailing address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street or box.
    pub line1: NonBlank,
    /// Suite, floor, attention.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line2: Option<NonBlank>,
    /// City or town.
    pub city: NonBlank,
    /// State or territory.
    pub state: UsState,
    /// ZIP code.
    pub postal_code: PostalCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_people_mistype_is_refused() {
        for bad in [
            "",
            "a",
            "a@b",
            "a@@b.com",
            "a b@c.com",
            "a@b..com",
            "a@-b.com",
            ".a@b.com",
            "a@b.com\r\nBcc: x@y.zz",
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?} was taken");
        }
        assert_eq!(
            EmailAddress::parse(" Ana.Ruiz@Example.COM ").unwrap().as_str(),
            "Ana.Ruiz@example.com"
        );
    }

    #[test]
    fn a_line_break_cannot_enter_a_one_line_value() {
        assert_eq!(NonBlank::parse("a\nb"), Err(TextError::Control));
        assert_eq!(
            NonBlank::parse("  Alder   Creek "),
            Ok(NonBlank("Alder Creek".into()))
        );
        assert_eq!(NonBlank::parse(&"x".repeat(201)), Err(TextError::TooLong(200)));
    }

    #[test]
    fn states_and_zips_are_american() {
        assert_eq!(UsState::parse("nv").unwrap().as_str(), "NV");
        assert_eq!(UsState::parse("XX"), Err(TextError::NotAState));
        assert!(PostalCode::parse("89501-1234").is_ok());
        assert_eq!(PostalCode::parse("8950"), Err(TextError::NotAZip));
    }

    #[test]
    fn a_slug_can_stand_in_an_address() {
        assert!(Slug::parse("summit-ridge").is_ok());
        for bad in ["a", "-a", "a-", "Ab", "a b", "9lives"] {
            assert_eq!(Slug::parse(bad), Err(TextError::NotASlug), "{bad}");
        }
    }
}
