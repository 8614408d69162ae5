//! The agency as its letters show it: name, mark, colors, and how to reach it.

use chrono::{DateTime, Utc};
use countersign_domain::agency::{Agency, Zone};
use countersign_domain::text::EmailAddress;

use super::color::{Rgb, SLATE, WHITE};

/// The agency as its letters show it.
#[derive(Clone, Debug)]
pub struct Letterhead {
    /// The name.
    pub(crate) name: String,
    /// Two letters that stand for the name where a picture would.
    pub(crate) initials: String,
    /// Ground of mark and button on white paper.
    pub(super) accent: Rgb,
    /// What is written on that ground.
    pub(super) on_accent: Rgb,
    /// The accent as text on white paper.
    pub(super) accent_text: Rgb,
    /// Ground of mark and button on dark paper.
    pub(super) night_accent: Rgb,
    /// What is written on that ground.
    pub(super) night_on_accent: Rgb,
    /// The accent as text on dark paper.
    pub(super) night_accent_text: Rgb,
    /// The mailing address on one line.
    pub(super) address: Option<String>,
    /// Telephone.
    pub(super) phone: Option<String>,
    /// Email.
    pub(super) email: Option<String>,
    /// What the agency says about reaching it.
    pub(super) support_text: Option<String>,
    /// Where replies go.
    pub(crate) reply_to: Option<EmailAddress>,
    zone: Zone,
}

impl Letterhead {
    /// The letterhead of an agency.
    #[must_use]
    pub fn of(agency: &Agency) -> Self {
        let profile = &agency.profile;
        let chosen = Rgb::of(&profile.accent_color);
        // A control stands out from its ground by 3:1, a text by 4.5:1.
        let accent = chosen.readable_on(WHITE, 3.0);
        let night_accent = chosen.readable_on(SLATE, 3.0);
        Self {
            name: profile.name.to_string(),
            initials: initials(profile.name.as_str()),
            accent,
            on_accent: accent.ink(),
            accent_text: chosen.readable_on(WHITE, 4.5),
            night_accent,
            night_on_accent: night_accent.ink(),
            // A little more than is asked for: thin letters glow less on dark paper.
            night_accent_text: chosen.readable_on(SLATE, 6.0),
            address: profile.address.as_ref().map(|home| {
                let line2 = home
                    .line2
                    .as_ref()
                    .map(|line| format!("{line}, "))
                    .unwrap_or_default();
                format!(
                    "{}, {line2}{}, {} {}",
                    home.line1, home.city, home.state, home.postal_code
                )
            }),
            phone: profile.phone.as_ref().map(ToString::to_string),
            email: profile.email.as_ref().map(ToString::to_string),
            support_text: profile.support_text.as_ref().map(ToString::to_string),
            reply_to: profile.reply_to.clone().or_else(|| profile.email.clone()),
            zone: profile.zone,
        }
    }

    /// A moment as people of the agency read it: "Tuesday, November 24, 2026 at 9:41 AM PST".
    pub(super) fn moment(&self, moment: DateTime<Utc>) -> String {
        let zone: chrono_tz::Tz = self.zone.name().parse().unwrap_or(chrono_tz::UTC);
        moment
            .with_timezone(&zone)
            .format("%A, %B %-d, %Y at %-I:%M %p %Z")
            .to_string()
    }

    /// The day of a moment in the agency's zone: "February 22, 2027".
    pub(super) fn day(&self, moment: DateTime<Utc>) -> String {
        self.zone.day(moment).format("%B %-d, %Y").to_string()
    }
}

/// First letters of the first two words that carry a name.
fn initials(name: &str) -> String {
    const SMALL: &[&str] = &["the", "of", "and", "a", "an", "for"];
    let letters: String = name
        .split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '\u{2019}')
        .filter(|word| !word.is_empty() && !SMALL.contains(&word.to_lowercase().as_str()))
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    if letters.is_empty() {
        "\u{2022}".to_owned()
    } else {
        letters
    }
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_stand_for_the_name() {
        assert_eq!(initials("Summit Ridge Insurance Agency"), "SR");
        assert_eq!(initials("The Bank of Elko"), "BE");
        assert_eq!(initials("O'Neil & Sons"), "OS");
        assert_eq!(initials("Acme"), "A");
        assert_eq!(initials("&"), "\u{2022}");
    }
}
