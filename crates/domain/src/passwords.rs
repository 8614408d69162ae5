//! Rules for choosing a password, and the paces that slow guessing down.
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
    if repeats(&folded) || walks(&folded) || few(&folded) || is_of_words(&folded, is_common) {
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

/// Whether a text is a piece over and over: `abcabcabcabcabc`, `aaaaaaaaaaaaaaa`, `sunshine1sunshine1`.
fn repeats(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    (1..=letters.len() / 2).any(|period| {
        letters
            .iter()
            .zip(letters.iter().skip(period))
            .all(|(a, b)| a == b)
    })
}

/// Whether a text has hardly any letters of its own: `1111111111111112`.
fn few(text: &str) -> bool {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    letters.len() < 4
}

/// Whether a text is a word or two that attackers try first, with or without digits and signs around them:
/// `password12345678`, `sunshinedragon!!`.
fn is_of_words(text: &str, is_common: impl Fn(&str) -> bool) -> bool {
    let core = text.trim_matches(|c: char| !c.is_alphabetic());
    if is_common(text) || is_common(core) || (core.len() >= 8 && repeats(core)) {
        return true;
    }
    core.char_indices().any(|(place, _)| {
        core.split_at_checked(place).is_some_and(|(first, second)| {
            first.len() >= 4 && second.len() >= 4 && is_common(first) && is_common(second)
        })
    })
}

/// What a finger or a mind walks along: rows of the keyboard, its columns and its zigzags; digits come round again.
const PATHS: [&str; 9] = [
    "12345678901",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "qawsedrftgyhujikolp",
    "azsxdcfvgbhnjm",
    "abcdefghijklmnopqrstuvwxyz",
];

/// Whether a text is made of a few walks along the keyboard, the digits or the alphabet: `123456789012345`,
/// `qwertyuiopasdfgh`.
fn walks(text: &str) -> bool {
    let letters: Vec<char> = text.chars().collect();
    let steps = |pair: [char; 2]| {
        PATHS.iter().any(|path| {
            let path: Vec<char> = path.chars().collect();
            path.array_windows()
                .any(|[a, b]| pair == [*a, *b] || pair == [*b, *a])
        })
    };
    let breaks = letters.array_windows().filter(|[a, b]| !steps([*a, *b])).count();
    (breaks + 1) * 4 <= letters.len()
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

/// The same ladder while many names of the agency are being guessed: nobody new gets below its longest step.
#[must_use]
pub fn closed_longer_until(failures: u32, last: DateTime<Utc>) -> DateTime<Utc> {
    closed_until(failures, last).max(last + TimeDelta::seconds(10))
}

/// Until when no further link is mailed for a name after `links` requests, the last one at `last`.
///
/// One a minute, five before an hour's pause, ten before a day's.
#[must_use]
pub fn links_closed_until(links: u32, last: DateTime<Utc>) -> DateTime<Utc> {
    last + match links {
        0 => TimeDelta::zero(),
        1..5 => TimeDelta::minutes(1),
        5..10 => TimeDelta::hours(1),
        _ => TimeDelta::days(1),
    }
}

/// How many names of an agency must fail within [`SPRAY_WINDOW`] to be taken for one attack on all of them.
pub const SPRAY_NAMES: u32 = 30;

/// The time in which failing names are counted.
pub const SPRAY_WINDOW: TimeDelta = TimeDelta::minutes(10);

/// How long a reset link is young enough that asking again orders no other.
pub const LINK_IS_FRESH: TimeDelta = TimeDelta::minutes(5);

/// How quickly attempts of one kind may follow each other. Each attempt is counted before it is made.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// After so many attempts in a row, closed until then.
    Ladder(fn(u32, DateTime<Utc>) -> DateTime<Utc>),
    /// Ten at once, then three a minute, as a bucket of ten tokens that gets one back every twenty seconds.
    Tokens {
        /// How many an attempt takes.
        cost: u8,
    },
}

/// How many tokens a full bucket holds.
const TOKENS: i32 = 10;

/// How long one token takes to come back.
const TOKEN: TimeDelta = TimeDelta::seconds(20);

impl Pace {
    /// Until when it is closed after a further attempt now: the `attempts`-th in a row, where the one before
    /// had closed it until `before`.
    #[must_use]
    pub fn closed_until(self, attempts: u32, before: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Ladder(ladder) => ladder(attempts, now),
            // The tokens are kept as the moment from which one of them is there; every further one stands for
            // the time that it took to come back.
            Self::Tokens { cost } => {
                let cost = i32::from(cost);
                (before + TOKEN * cost).max(now - TOKEN * (TOKENS - 1 - cost))
            }
        }
    }

    /// Until when it is closed once an attempt, that had closed it until `before`, counts for nothing.
    #[must_use]
    pub fn reopened(self, before: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Ladder(_) => before.min(now),
            Self::Tokens { cost } => before - TOKEN * i32::from(cost),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When each of so many attempts is let in, if each comes as early as it may.
    fn admitted(pace: Pace, attempts: u32, start: DateTime<Utc>) -> Vec<i64> {
        let mut now = start;
        let mut closed = start - TimeDelta::days(1);
        (1..=attempts)
            .map(|attempt| {
                now = now.max(closed);
                closed = pace.closed_until(attempt, closed, now);
                (now - start).num_seconds()
            })
            .collect()
    }

    #[test]
    fn ten_tokens_are_there_at_once_and_then_three_a_minute() {
        let start = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        assert_eq!(
            admitted(Pace::Tokens { cost: 1 }, 13, start),
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 40, 60]
        );
        // At three tokens each, one a minute.
        assert_eq!(
            admitted(Pace::Tokens { cost: 3 }, 6, start),
            [0, 0, 0, 0, 60, 120]
        );
    }

    #[test]
    fn a_bucket_refills_while_nobody_asks_and_never_beyond_ten() {
        let pace = Pace::Tokens { cost: 1 };
        let start = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let mut closed = start - TimeDelta::days(1);
        for attempt in 1..=10 {
            closed = pace.closed_until(attempt, closed, start);
        }
        assert_eq!(closed, start + TimeDelta::seconds(20));
        let later = start + TimeDelta::hours(3);
        let mut at_once = 0;
        while closed <= later {
            closed = pace.closed_until(1, closed, later);
            at_once += 1;
        }
        assert_eq!(at_once, 10);
        // What counts for nothing gives its token back.
        assert_eq!(pace.reopened(closed, later), later);
    }

    #[test]
    fn links_are_rationed_by_the_minute_the_hour_and_the_day() {
        let start = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let minutes: Vec<_> = admitted(Pace::Ladder(links_closed_until), 11, start)
            .into_iter()
            .map(|seconds| seconds / 60)
            .collect();
        assert_eq!(minutes[..6], [0, 1, 2, 3, 4, 64]);
        assert_eq!(minutes[10] - minutes[9], 24 * 60);
    }

    #[test]
    fn under_attack_the_first_step_is_the_longest_one() {
        let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        assert_eq!(closed_longer_until(1, at) - at, TimeDelta::seconds(10));
        assert_eq!(closed_longer_until(100, at), closed_until(100, at));
    }

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
        for walked in [
            "123456789012345",
            "abcdefghijklmnop",
            "qwertyuiopasdfghjkl",
            "0987654321098765",
            "1234567812345678",
            "sunshine1sunshine1",
            "1q2w3e4r5t6y7u8i",
            "zaq12wsxcde34rfv",
            "1111111111111112",
            "letmeinletmein1",
        ] {
            assert_eq!(
                check(walked, &[], nothing_common),
                Err(PasswordError::TooCommon),
                "{walked}"
            );
        }
        let listed = |text: &str| ["password", "dragon", "sunshine"].contains(&text);
        for worded in [
            "password12345678",
            "!!sunshinedragon!!",
            "Passwordpassword1",
            "DragonSunshine2026",
        ] {
            assert_eq!(
                check(worded, &[], listed),
                Err(PasswordError::TooCommon),
                "{worded}"
            );
        }
        assert_eq!(check("password of the dragon", &[], listed), Ok(()));
        for own in [
            "correct horse battery",
            "copper-ladder-sunrise-58",
            "1234 Elm Street NV",
        ] {
            assert_eq!(check(own, &[], nothing_common), Ok(()), "{own}");
        }
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
