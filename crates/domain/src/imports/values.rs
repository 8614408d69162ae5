//! Reads what stands in a cell. Ambiguous input is refused, never guessed.

use chrono::{Datelike as _, NaiveDate};

use super::fault::Reason;
use crate::money::Cents;
use crate::text::{NonBlank, TextError};

/// One line of text; a line break is refused with its own reason.
///
/// # Errors
/// The reason why the text was refused.
pub fn line_of<T>(text: &str, parse: fn(&str) -> Result<T, TextError>) -> Result<T, Reason> {
    if text.contains(['\n', '\r']) {
        Err(Reason::LineBreak)
    } else {
        parse(text).map_err(Reason::Text)
    }
}

/// A date in US (`M/D/YYYY`) or ISO (`YYYY-MM-DD`) form.
///
/// # Errors
/// Two-digit years, swapped day and month, times of day, and days that do not exist.
pub fn date(text: &str) -> Result<NaiveDate, Reason> {
    let parts: Vec<&str> = text.split(['/', '-']).collect();
    let [first, second, third] = parts.as_slice() else {
        let serial = (4..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        return Err(if serial { Reason::SerialDate } else { Reason::Date });
    };
    let number = |part: &str, most: usize| {
        let digits = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if digits {
            part.parse::<u32>().map_err(|_| Reason::Date)
        } else {
            Err(Reason::Date)
        }
    };
    if text.contains('-') {
        let shape = [first.len(), second.len(), third.len()] == [4, 2, 2] && !text.contains('/');
        if !shape {
            return Err(Reason::Date);
        }
        return day(number(first, 4)?, number(second, 2)?, number(third, 2)?);
    }
    let (month, day_of_month, year) = (number(first, 2)?, number(second, 2)?, number(third, 4)?);
    match third.len() {
        4 => {}
        2 => return Err(Reason::TwoDigitYear),
        _ => return Err(Reason::Date),
    }
    match day(year, day_of_month, month) {
        Ok(swapped) if month > 12 => Err(Reason::DayFirst {
            month,
            suggestion: swapped.format("%Y-%m-%d").to_string(),
        }),
        _ => day(year, month, day_of_month),
    }
}

/// The day that is written like this one where the day stands before the month; `None` where it is the same
/// day or none.
#[must_use]
pub fn swapped(date: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(date.year(), date.day(), date.month()).filter(|other| *other != date)
}

fn day(year: u32, month: u32, day: u32) -> Result<NaiveDate, Reason> {
    let year = i32::try_from(year)
        .ok()
        .filter(|year| (1900..=2100).contains(year));
    year.and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
        .ok_or(Reason::NoSuchDay)
}

/// An amount in dollars.
///
/// # Errors
/// Anything but digits with an optional `$`, commas between groups of three, and cents.
pub fn money(text: &str) -> Result<Cents, Reason> {
    Cents::parse_loose(text).map_err(Reason::Money)
}

/// Yes or no.
///
/// # Errors
/// Any other word.
pub fn yes_no(text: &str) -> Result<bool, Reason> {
    match text.to_lowercase().as_str() {
        "y" | "yes" | "true" | "x" => Ok(true),
        "n" | "no" | "false" => Ok(false),
        _ => Err(Reason::YesNo),
    }
}

/// A word for comparison: lower case, blanks and hyphens as underscores. "Canceled" is how many systems
/// spell "cancelled"; no other synonyms are known, because a synonym is a guess.
#[must_use]
pub fn folded_word(text: &str) -> String {
    let word: String = text
        .trim()
        .chars()
        .map(|c| if c.is_whitespace() || c == '-' { '_' } else { c })
        .flat_map(char::to_lowercase)
        .collect();
    if word == "canceled" {
        "cancelled".into()
    } else {
        word
    }
}

/// A whole number within a range; leading zeros are fine.
///
/// # Errors
/// Anything but digits, and numbers out of the range.
pub fn number(text: &str, least: u32, most: u32) -> Result<u32, Reason> {
    let refused = Reason::Number { least, most };
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(refused);
    }
    text.parse::<u32>()
        .ok()
        .filter(|n| (least..=most).contains(n))
        .ok_or(refused)
}

/// The entries of a list: separated by semicolons or line breaks, empty entries left out.
pub fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\n', '\r'])
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
}

/// A federal employer identification number as `89-0123456`.
///
/// # Errors
/// Anything but nine digits with an optional hyphen after the second.
pub fn fein(text: &str) -> Result<NonBlank, Reason> {
    let digits = match text.split_once('-') {
        Some((two, seven)) if two.len() == 2 => format!("{two}{seven}"),
        Some(_) => return Err(Reason::Fein),
        None => text.to_owned(),
    };
    match digits.split_at_checked(2) {
        Some((two, seven)) if digits.len() == 9 && digits.bytes().all(|b| b.is_ascii_digit()) => {
            NonBlank::parse(&format!("{two}-{seven}")).map_err(Reason::Text)
        }
        _ => Err(Reason::Fein),
    }
}

/// A vehicle identification number, upper case.
///
/// # Errors
/// Other characters than letters and digits, a length that no VIN has, or I, O and Q where they cannot be.
pub fn vin(text: &str) -> Result<NonBlank, Reason> {
    let vin = text.to_uppercase();
    let plain = vin.bytes().all(|b| b.is_ascii_alphanumeric());
    // From model year 1981 on, 49 CFR 565 fixes 17 characters without I, O and Q.
    let good = match vin.len() {
        17 => plain && !vin.contains(['I', 'O', 'Q']),
        5..=16 => plain,
        _ => false,
    };
    if good {
        NonBlank::parse(&vin).map_err(Reason::Text)
    } else {
        Err(Reason::Vin)
    }
}

/// An edition as `MM YY`.
///
/// # Errors
/// Anything but a month and a year of two digits each; "Apr-13", which spreadsheets make of it, included.
pub fn edition(text: &str) -> Result<NonBlank, Reason> {
    let bare = text.trim_start_matches('(').trim_end_matches(')').trim();
    let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
    let shape = match bare
        .split([' ', '/', '-'])
        .map(str::len)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [4] | [2, 2] => digits.len() == 4 && bare.len() == digits.len() + usize::from(bare.len() > 4),
        _ => false,
    };
    match digits.split_at_checked(2) {
        Some((month, year)) if shape && number(month, 1, 12).is_ok() => {
            NonBlank::parse(&format!("{month} {year}")).map_err(Reason::Text)
        }
        _ => Err(Reason::Edition),
    }
}

/// How many pairs of digits follow the letters of a bureau form number.
fn bureau_pairs(letters: &str) -> Option<usize> {
    match letters {
        "CG" | "CA" | "CU" | "IL" | "CP" | "IM" => Some(2),
        "WC" => Some(3),
        _ => None,
    }
}

/// A form number. Numbers of the rating bureaus are set with their blanks (`CG2010` is `CG 20 10`);
/// carriers' own numbers stay as they are written.
///
/// # Errors
/// A bureau's number that carries its edition as well.
pub fn form_number(text: &str) -> Result<NonBlank, Reason> {
    let plain = line_of(text, NonBlank::parse)?;
    let compact: String = plain
        .as_str()
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect::<String>()
        .to_uppercase();
    let Some((letters, rest)) = compact.split_at_checked(2) else {
        return Ok(plain);
    };
    let Some(pairs) = bureau_pairs(letters) else {
        return Ok(plain);
    };
    let digits = rest.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (Some((number, extra)), suffix) = (digits.split_at_checked(pairs * 2), rest.len() - digits.len())
    else {
        return Ok(plain);
    };
    if suffix > 1 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(plain);
    }
    let mut form = letters.to_owned();
    let mut left = number;
    while let Some((pair, after)) = left.split_at_checked(2).filter(|(pair, _)| !pair.is_empty()) {
        form.push(' ');
        form.push_str(pair);
        left = after;
    }
    match edition(extra) {
        _ if extra.is_empty() => {
            if let Some(letter) = rest.chars().next_back().filter(char::is_ascii_alphabetic) {
                form.push(' ');
                form.push(letter);
            }
            NonBlank::parse(&form).map_err(Reason::Text)
        }
        Ok(edition) if suffix == 0 => Err(Reason::FormWithEdition {
            form,
            edition: edition.into(),
        }),
        _ => Ok(plain),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dates_are_read_in_us_and_iso_form() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 2).unwrap();
        for text in ["1/2/2026", "01/02/2026", "2026-01-02", "01/2/2026"] {
            assert_eq!(date(text), Ok(day), "{text}");
        }
        assert!(date("2/29/2028").is_ok());
    }

    #[test]
    fn a_date_that_could_mean_two_days_is_refused_with_the_fix() {
        assert_eq!(date("1/2/26"), Err(Reason::TwoDigitYear));
        assert_eq!(
            date("13/01/2026"),
            Err(Reason::DayFirst {
                month: 13,
                suggestion: "2026-01-13".into()
            })
        );
        assert_eq!(date("13/13/2026"), Err(Reason::NoSuchDay));
        assert_eq!(date("2/29/2026"), Err(Reason::NoSuchDay));
        assert_eq!(date("46000"), Err(Reason::SerialDate));
        assert_eq!(date("1/1/0026"), Err(Reason::NoSuchDay));
        for text in [
            "",
            "1-2-2026",
            "2026/01/02",
            "2026-1-2",
            "1/2",
            "1/2/3/2026",
            "Jan 2, 2026",
            "2026-01-02 00:00",
            "+1/2/2026",
            "1/2/226",
        ] {
            assert!(
                matches!(date(text), Err(Reason::Date)),
                "{text}: {:?}",
                date(text)
            );
        }
    }

    #[test]
    fn yes_and_no_have_few_spellings() {
        for text in ["Y", "yes", "TRUE", "x", "X"] {
            assert_eq!(yes_no(text), Ok(true));
        }
        for text in ["n", "No", "false"] {
            assert_eq!(yes_no(text), Ok(false));
        }
        for text in ["1", "0", "maybe", "-", "ja"] {
            assert_eq!(yes_no(text), Err(Reason::YesNo));
        }
    }

    #[test]
    fn editions_are_month_and_year() {
        for text in ["04 13", "04/13", "04-13", "0413", "(04 13)", "(04/13)"] {
            assert_eq!(edition(text).unwrap().as_str(), "04 13", "{text}");
        }
        for text in [
            "", "4 13", "13 04", "Apr-13", "04 2013", "04  13", "00 13", "413", "04", "04 13 x",
        ] {
            assert_eq!(edition(text), Err(Reason::Edition), "{text}");
        }
    }

    #[test]
    fn bureau_forms_get_their_blanks_and_lose_no_letters() {
        for (text, form) in [
            ("CG2010", "CG 20 10"),
            ("cg 20 10", "CG 20 10"),
            ("CG-20-10", "CG 20 10"),
            ("WC000313", "WC 00 03 13"),
            ("WC 42 03 04 B", "WC 42 03 04 B"),
            ("WC420304B", "WC 42 03 04 B"),
            ("CG D2 46", "CG D2 46"),
            ("HG 00 01", "HG 00 01"),
            ("UT-1", "UT-1"),
            ("C", "C"),
            ("Élan 7", "Élan 7"),
        ] {
            assert_eq!(form_number(text).unwrap().as_str(), form, "{text}");
        }
    }

    #[test]
    fn a_form_number_that_carries_its_edition_is_refused_with_both_parts() {
        let reason = Reason::FormWithEdition {
            form: "CG 20 10".into(),
            edition: "04 13".into(),
        };
        assert_eq!(form_number("CG 20 10 04 13"), Err(reason.clone()));
        assert_eq!(form_number("CG20100413"), Err(reason));
    }

    #[test]
    fn numbers_of_vehicles_and_employers_are_checked() {
        assert_eq!(fein("890123456").unwrap().as_str(), "89-0123456");
        assert_eq!(fein("89-0123456").unwrap().as_str(), "89-0123456");
        for text in ["88-012345", "8-80123456", "8901234567", "88012345x", "é90123456"] {
            assert_eq!(fein(text), Err(Reason::Fein), "{text}");
        }
        assert_eq!(vin("1ft7w2btxmec21467").unwrap().as_str(), "1FT7W2BTXMEC21467");
        for text in [
            "1FT7W2BT5MEC2146O",
            "1FT7",
            "1FT7W2BTXMEC214677",
            "1FT7W2BT5MEC-146",
        ] {
            assert_eq!(vin(text), Err(Reason::Vin), "{text}");
        }
        assert!(vin("138378C").is_ok(), "a van of 1965");
    }

    #[test]
    fn a_list_is_split_at_semicolons_and_line_breaks_only() {
        let list: Vec<_> =
            entries("Granite Peak Builders, Inc.;; City of Sparks\r\n Truckee & Co \n").collect();
        assert_eq!(
            list,
            ["Granite Peak Builders, Inc.", "City of Sparks", "Truckee & Co"]
        );
    }

    proptest! {
        #[test]
        fn every_day_is_read_from_both_forms(offset in 0i64..73_000) {
            let start = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
            let day = start + chrono::TimeDelta::days(offset);
            prop_assert_eq!(date(&day.format("%Y-%m-%d").to_string()), Ok(day));
            prop_assert_eq!(date(&day.format("%m/%d/%Y").to_string()), Ok(day));
            prop_assert_eq!(date(&day.format("%-m/%-d/%Y").to_string()), Ok(day));
        }

        #[test]
        fn no_text_makes_a_reader_panic(text in "\\PC{0,24}") {
            let _ = date(&text);
            let _ = money(&text);
            let _ = yes_no(&text);
            let _ = edition(&text);
            let _ = form_number(&text);
            let _ = fein(&text);
            let _ = vin(&text);
            let _ = number(&text, 0, 10);
            let _ = entries(&text).count();
        }
    }
}
