//! Money as whole cents. No floating point anywhere near a limit of insurance.

use serde::{Deserialize, Serialize};

/// An amount in US cents, never negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(u64);

/// Why an amount was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be an amount in dollars such as 1,000,000 or 1000000.00, at most two decimals")]
pub struct NotMoney;

impl Cents {
    /// The largest amount taken: ten trillion dollars, far above any limit and far below overflow.
    pub const MAX: Self = Self(1_000_000_000_000_000);

    /// Whole dollars.
    #[must_use]
    pub const fn dollars(dollars: u64) -> Self {
        Self(dollars.saturating_mul(100))
    }

    /// Cents.
    #[must_use]
    pub const fn new(cents: u64) -> Self {
        Self(cents)
    }

    /// The number of cents.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// Reads `1000000.00` or `1000000`: digits, then at most one dot with one or two digits.
    ///
    /// # Errors
    /// [`NotMoney`] for anything else, signs and separators included.
    pub fn parse(text: &str) -> Result<Self, NotMoney> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > 2 || whole.len() > 14 {
            return Err(NotMoney);
        }
        let whole: u64 = whole.parse().map_err(|_| NotMoney)?;
        let scale = if fraction.len() == 1 { 10 } else { 1 };
        let cents: u64 = fraction.parse::<u64>().map_err(|_| NotMoney)? * scale;
        let amount = Self(
            whole
                .checked_mul(100)
                .and_then(|n| n.checked_add(cents))
                .ok_or(NotMoney)?,
        );
        if amount > Self::MAX {
            Err(NotMoney)
        } else {
            Ok(amount)
        }
    }

    /// Reads what spreadsheets write: an optional `$`, commas between groups of three, blanks around.
    ///
    /// # Errors
    /// [`NotMoney`]; a comma anywhere but before a group of three digits is refused, not guessed.
    pub fn parse_loose(text: &str) -> Result<Self, NotMoney> {
        let bare = text.trim();
        let bare = bare.strip_prefix('$').unwrap_or(bare).trim_start();
        if !bare.contains(',') {
            return Self::parse(bare);
        }
        let (whole, fraction) = bare.split_once('.').map_or((bare, None), |(w, f)| (w, Some(f)));
        let mut groups = whole.split(',');
        let first_ok = groups.next().is_some_and(|g| (1..=3).contains(&g.len()));
        if !first_ok || !groups.all(|g| g.len() == 3) {
            return Err(NotMoney);
        }
        let joined = whole.replace(',', "");
        match fraction {
            Some(fraction) => Self::parse(&format!("{joined}.{fraction}")),
            None => Self::parse(&joined),
        }
    }

    /// The amount as a plain decimal, `1000000.00`.
    #[must_use]
    pub fn to_decimal(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }

    /// The amount as it is printed: `1,000,000`, with cents only where there are some.
    #[must_use]
    pub fn to_printed(self) -> String {
        let whole = (self.0 / 100).to_string();
        let mut text = String::with_capacity(whole.len() + whole.len() / 3 + 3);
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        if !self.0.is_multiple_of(100) {
            text.push_str(&format!(".{:02}", self.0 % 100));
        }
        text
    }
}

impl std::fmt::Display for Cents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "${}", self.to_printed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly() {
        assert_eq!(Cents::parse("1000000.00"), Ok(Cents::dollars(1_000_000)));
        assert_eq!(Cents::parse("0.5"), Ok(Cents::new(50)));
        assert_eq!(Cents::parse_loose(" $2,000,000 "), Ok(Cents::dollars(2_000_000)));
        for bad in [
            "",
            "-1",
            "1,00",
            "1.234",
            "1e6",
            "$",
            "1,0000",
            ",100",
            "ten",
            "99999999999999",
        ] {
            assert_eq!(Cents::parse_loose(bad), Err(NotMoney), "{bad}");
        }
    }

    #[test]
    fn amounts_are_printed_with_groups() {
        assert_eq!(Cents::dollars(1_000_000).to_printed(), "1,000,000");
        assert_eq!(Cents::new(12_345).to_printed(), "123.45");
        assert_eq!(Cents::dollars(0).to_printed(), "0");
    }
}
