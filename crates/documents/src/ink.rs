//! The values' own part of a page's content: text, crosses and rules, written as PDF operators.
//!
//! Invariant: coordinates are whole hundredths of a point, so no rounding depends on the machine.

use crate::RenderError;
use crate::plan::{BOX, Choice, HAIRLINE, PAGE_HEIGHT, pt, tenths};
use crate::typeface::{Face, Typeface};

/// Operators of one page under construction.
pub(crate) struct Ink {
    out: Vec<u8>,
    in_text: bool,
    at: (i32, i32),
    font: Option<(Face, i32)>,
}

impl Ink {
    pub(crate) fn new() -> Self {
        Self {
            out: Vec::with_capacity(8 * 1024),
            in_text: false,
            at: (0, 0),
            font: None,
        }
    }

    /// Ends the page's content.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.leave_text();
        self.out
    }

    /// Draws a piece of the furniture.
    ///
    /// Furniture and values alternate in the order in which the page is read, so that selecting,
    /// copying and reading aloud follow the page.
    pub(crate) fn furniture(&mut self, resource: char) {
        self.leave_text();
        self.out.push(b'/');
        self.out
            .extend_from_slice(resource.encode_utf8(&mut [0; 4]).as_bytes());
        self.out.extend_from_slice(b" Do\n");
    }

    /// Sets `text` with its first character's origin at `left` on `baseline`.
    pub(crate) fn text(
        &mut self,
        typeface: &mut Typeface,
        face: Face,
        size: i32,
        left: i32,
        baseline: i32,
        text: &str,
    ) -> Result<(), RenderError> {
        if text.is_empty() {
            return Ok(());
        }
        if !self.in_text {
            self.out.extend_from_slice(b"BT ");
            self.in_text = true;
            self.at = (0, 0);
        }
        if self.font != Some((face, size)) {
            self.out.extend_from_slice(face.resource().as_bytes());
            self.out.push(b' ');
            push_number(&mut self.out, size);
            self.out.extend_from_slice(b"Tf ");
            self.font = Some((face, size));
        }
        // A tenth of a point is less than what a printer resolves, and tenths are shorter than hundredths.
        let (x, y) = (to_tenth(left), to_tenth(PAGE_HEIGHT - baseline));
        push_number(&mut self.out, x - self.at.0);
        push_number(&mut self.out, y - self.at.1);
        self.out.extend_from_slice(b"Td ");
        self.at = (x, y);
        typeface.write(&mut self.out, face, text)?;
        self.out.extend_from_slice(b"Tj\n");
        Ok(())
    }

    /// Crosses boxes.
    ///
    /// The crosses are drawn, so that they look the same everywhere; an invisible X lies over each, so
    /// that it can be found, copied and read aloud.
    pub(crate) fn crosses(&mut self, typeface: &mut Typeface, choices: &[Choice]) -> Result<(), RenderError> {
        if choices.is_empty() {
            return Ok(());
        }
        self.leave_text();
        self.out.extend_from_slice(b"1.1 w ");
        let inset = tenths(13);
        for choice in choices {
            let (left, right) = (choice.left + inset, choice.left + BOX - inset);
            let (top, bottom) = (choice.top() + inset, choice.top() + BOX - inset);
            for (x, y, operator) in [
                (left, bottom, b"m "),
                (right, top, b"l "),
                (left, top, b"m "),
                (right, bottom, b"l "),
            ] {
                push_number(&mut self.out, x);
                push_number(&mut self.out, PAGE_HEIGHT - y);
                self.out.extend_from_slice(operator);
            }
        }
        self.out.extend_from_slice(b"S\nBT 3 Tr ");
        self.in_text = true;
        self.at = (0, 0);
        for choice in choices {
            let (left, baseline) = (choice.left + tenths(9), choice.baseline());
            self.text(typeface, Face::Bold, pt(7), left, baseline, "X")?;
        }
        self.out.extend_from_slice(b"0 Tr ");
        Ok(())
    }

    /// Strikes boxes that stay empty, each within its own edges: no label is crossed by it.
    pub(crate) fn strikes(&mut self, choices: &[Choice]) {
        for choice in choices {
            let middle = choice.top() + BOX / 2;
            self.rule(HAIRLINE, (choice.left, middle), (choice.left + BOX, middle));
        }
    }

    /// Draws a straight line.
    pub(crate) fn rule(&mut self, weight: i32, from: (i32, i32), to: (i32, i32)) {
        self.leave_text();
        push_number(&mut self.out, weight);
        self.out.extend_from_slice(b"w ");
        for ((x, y), operator) in [(from, b"m "), (to, b"l ")] {
            push_number(&mut self.out, x);
            push_number(&mut self.out, PAGE_HEIGHT - y);
            self.out.extend_from_slice(operator);
        }
        self.out.extend_from_slice(b"S\n");
    }

    fn leave_text(&mut self) {
        if self.in_text {
            self.out.extend_from_slice(b"ET\n");
            self.in_text = false;
        }
    }
}

/// Hundredths rounded to whole tenths.
pub(crate) const fn to_tenth(hundredths: i32) -> i32 {
    (hundredths + 5).div_euclid(10) * 10
}

/// Appends hundredths as a decimal number and a blank, in as few characters as it takes.
pub(crate) fn push_number(out: &mut Vec<u8>, hundredths: i32) {
    if hundredths < 0 {
        out.push(b'-');
    }
    let value = hundredths.unsigned_abs();
    push_digits(out, value / 100);
    let (tenth, hundredth) = (value / 10 % 10, value % 10);
    if tenth != 0 || hundredth != 0 {
        out.push(b'.');
        push_digits(out, tenth);
        if hundredth != 0 {
            push_digits(out, hundredth);
        }
    }
    out.push(b' ');
}

/// Appends a whole number.
pub(crate) fn push_digits(out: &mut Vec<u8>, value: u32) {
    if value >= 10 {
        push_digits(out, value / 10);
    }
    out.push(b'0' + u8::try_from(value % 10).unwrap_or(0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact_and_short() {
        for (hundredths, text) in [
            (0, "0 "),
            (5, "0.05 "),
            (-50, "-0.5 "),
            (1234, "12.34 "),
            (79_200, "792 "),
            (-100, "-1 "),
        ] {
            let mut out = Vec::new();
            push_number(&mut out, hundredths);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
