//! Contrast of two colors as WCAG 2.2 defines it, for the accent that an agency chooses.
//!
//! Invariant: whatever the accent is, text on it and text in it can be read.

use countersign_domain::text::Color;

/// A color by its channels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rgb([f64; 3]);

pub(super) const WHITE: Rgb = Rgb([255.0; 3]);
pub(super) const BLACK: Rgb = Rgb([0.0; 3]);
/// The sheet of a letter in a dark mail program.
pub(super) const SLATE: Rgb = Rgb([23.0, 33.0, 42.0]);

impl Rgb {
    pub(super) fn of(color: &Color) -> Self {
        let number = u32::from_str_radix(color.as_str().trim_start_matches('#'), 16).unwrap_or(0);
        let channel = |shift: u32| f64::from((number >> shift) & 0xff);
        Self([channel(16), channel(8), channel(0)])
    }

    fn luminance(self) -> f64 {
        let Self([red, green, blue]) = self;
        let linear = |channel: f64| {
            let part = channel / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    pub(super) fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn toward(self, goal: Self, share: f64) -> Self {
        let (Self([r, g, b]), Self([x, y, z])) = (self, goal);
        let part = |from: f64, to: f64| (from * (1.0 - share) + to * share).round();
        Self([part(r, x), part(g, y), part(b, z)])
    }

    /// The color, moved toward black or white until it stands out from the ground it lies on.
    pub(super) fn readable_on(self, ground: Self, least: f64) -> Self {
        let goal = if ground.luminance() > 0.3 { BLACK } else { WHITE };
        (0..20)
            .map(|step| self.toward(goal, f64::from(step) * 0.05))
            .find(|candidate| candidate.contrast(ground) >= least)
            .unwrap_or(goal)
    }

    /// White or black, whichever is read more easily on this color. One of them always reaches 4.5.
    pub(super) fn ink(self) -> Self {
        if self.contrast(WHITE) >= 4.5 || self.contrast(WHITE) >= self.contrast(BLACK) {
            WHITE
        } else {
            BLACK
        }
    }
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self([red, green, blue]) = self;
        write!(
            f,
            "#{red:02x}{green:02x}{blue:02x}",
            red = byte(*red),
            green = byte(*green),
            blue = byte(*blue)
        )
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a byte"
)]
fn byte(channel: f64) -> u8 {
    channel.clamp(0.0, 255.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_can_be_read() {
        for number in (0..=0xff_ffff_u32).step_by(4_099) {
            let accent = Rgb::of(&Color::parse(&format!("#{number:06x}")).unwrap());
            for ground in [WHITE, SLATE] {
                let button = accent.readable_on(ground, 3.0);
                assert!(button.contrast(ground) >= 3.0, "{accent} on {ground}");
                assert!(
                    button.contrast(button.ink()) >= 4.5,
                    "{} on {button}",
                    button.ink()
                );
                assert!(
                    accent.readable_on(ground, 4.5).contrast(ground) >= 4.5,
                    "{accent} on {ground}"
                );
            }
        }
    }

    #[test]
    fn an_accent_that_is_dark_enough_stays_as_chosen() {
        let green = Rgb::of(&Color::parse("#1f5f4a").unwrap());
        assert_eq!(green.readable_on(WHITE, 4.5).to_string(), "#1f5f4a");
        assert_eq!(green.ink().to_string(), "#ffffff");
        assert_eq!(
            Rgb::of(&Color::parse("#ffd54a").unwrap()).ink().to_string(),
            "#000000"
        );
    }
}
