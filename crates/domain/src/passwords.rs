//! Rules for choosing a password, and the ladder that slows guessing down.
//!
//! NIST SP 800-63B-4: length and a list of known passwords decide; no rules on kinds of characters, no
//! expiry, nothing trimmed or cut.

use chrono::{DateTime, TimeDelta, Utc};
use unicode_normalization::UnicodeNormalization as _;

/// Fewest characters of a password that is the only factor.
pub const MIN_LENGTH: usize = 15;

/// Most characters taken.
pub const MAX_LENGTH: usize = 256;

/// Why a password was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`MIN_LENGTH`] characters.
    #[error("must have at least {MIN_LENGTH} characters; a few unrelated words work well")]
    TooShort,
    /// More than [`MAX_LENGTH`] characters.
    #[error("must have at most {MAX_LENGTH} characters")]
    TooLong,
    /// On the list of passwords that attackers try first, or nothing but a repetition.
    #[error("is one that attackers try first; choose something less common")]
    TooCommon,
    /// Little more than the name of the agency, the insured or the person.
    #[error("must not be built from your name, your username or the agency's name")]
    ContainsContext,
}

/// A password in the form in which it is hashed and compared: Unicode NFC, nothing else changed.
#[must_use]
pub fn normalize(password: &str) -> String {
    password.nfc().collect()
}

/// Checks a password that a person chose.
///
/// `context` are words that belong to the person or the agency; `is_common` asks the bundled list.
///
/// # Errors
/// [`PasswordError`].
pub fn check(
    password: &str,
    context: &[&str],
    is_common: impl Fn(&str) -> bool,
) -> Result<(), PasswordError> {
    let length = password.chars().count();
    if length < MIN_LENGTH {
        return Err(PasswordError::TooShort);
    }
    if length > MAX_LENGTH {
        return Err(PasswordError::TooLong);
    }
    let folded = password.to_lowercase();
    if is_common(&folded) || repeats(&folded) {
        return Err(PasswordError::TooCommon);
    }
    // What is left when the context is taken away must still be worth something.
    let mut rest: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    for word in context
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
    {
        let word = word.to_lowercase();
        if word.chars().count() >= 4 {
            rest = rest.replace(&word, "");
        }
    }
    if rest.chars().count() < 6 {
        Err(PasswordError::ContainsContext)
    } else {
        Ok(())
    }
}

/// Whether a text is a short piece over and over: `abcabcabcabcabc`, `aaaaaaaaaaaaaaa`.
fn repeats(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (1..=letters.len() / 3).any(|period| {
        letters
            .iter()
            .zip(letters.iter().skip(period))
            .all(|(a, b)| a == b)
    })
}

/// Until when sign-in is closed after `failures` failures in a row, the last one at `last`.
///
/// The ladder: 1 s below 3, 3 s below 9, 5 s below 25, 10 s below 100, then to the end of the (UTC) day.
#[must_use]
pub fn closed_until(failures: u32, last: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = match failures {
        0 => 0,
        1..3 => 1,
        3..9 => 3,
        9..25 => 5,
        25..100 => 10,
        _ => {
            let tomorrow = last.date_naive().succ_opt();
            return tomorrow.map_or(last + TimeDelta::days(1), |day| {
                day.and_time(chrono::NaiveTime::MIN).and_utc()
            });
        }
    };
    last + TimeDelta::seconds(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nothing_common(_: &str) -> bool {
        false
    }

    #[test]
    fn length_and_the_list_decide_and_nothing_else() {
        assert_eq!(
            check("short words 12", &[], nothing_common),
            Err(PasswordError::TooShort)
        );
        assert_eq!(
            check(&"long words ".repeat(40), &[], nothing_common),
            Err(PasswordError::TooLong)
        );
        assert_eq!(
            check("correct horse battery", &[], |_| true),
            Err(PasswordError::TooCommon)
        );
        assert_eq!(
            check("abcabcabcabcabcabc", &[], nothing_common),
            Err(PasswordError::TooCommon)
        );
        assert_eq!(check("correct horse battery", &[], nothing_common), Ok(()));
        assert_eq!(check("    blanks count too    ", &[], nothing_common), Ok(()));
    }

    #[test]
    fn a_password_of_names_is_refused() {
        let context = [
            "Alder Creek Roofing LLC",
            "office@aldercreekroofing.example.com",
            "Summit Ridge Insurance",
        ];
        assert_eq!(
            check("AlderCreekRoofing1", &context, nothing_common),
            Err(PasswordError::ContainsContext)
        );
        assert_eq!(
            check("alder creek violin harbor", &context, nothing_common),
            Ok(())
        );
    }

    #[test]
    fn the_ladder_rises() {
        let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let wait = |failures| (closed_until(failures, at) - at).num_seconds();
        assert_eq!(
            [
                wait(0),
                wait(1),
                wait(2),
                wait(3),
                wait(8),
                wait(9),
                wait(24),
                wait(25),
                wait(99)
            ],
            [0, 1, 1, 3, 3, 5, 5, 10, 10]
        );
        let midnight = closed_until(100, at);
        assert!(midnight > at && midnight - at <= TimeDelta::days(1));
        assert_eq!(midnight.time(), chrono::NaiveTime::MIN);
    }
}
