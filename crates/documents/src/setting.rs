//! Fitting values into their places.
//!
//! Invariant: a value never leaves its place and never vanishes. It shrinks to a floor, then takes more
//! lines, and where even that is not enough its beginning stands in its place with a pointer, and all of
//! it on the remarks page.

use std::borrow::Cow;

use crate::RenderError;
use crate::ink::Ink;
use crate::plan::{Area, LEADING};
use crate::text::{printable, wrap};
use crate::typeface::{Face, Typeface};

/// What a value that had to be cut ends with.
const POINTER: &str = "\u{2026} see remarks";

/// By how much type shrinks at a time.
const STEP: i32 = 25;

/// A text for the remarks page.
#[derive(Debug)]
pub(crate) struct Remark {
    pub(crate) heading: String,
    pub(crate) text: String,
}

impl Remark {
    pub(crate) fn new(heading: impl Into<String>, text: impl AsRef<str>) -> Self {
        Self {
            heading: heading.into(),
            text: printable(text.as_ref()).into_owned(),
        }
    }
}

/// A value with the name under which it would stand on the remarks page.
pub(crate) struct Piece<'t> {
    pub(crate) text: Cow<'t, str>,
    face: Face,
    size: i32,
    name: Cow<'static, str>,
    in_full: Option<String>,
}

impl<'t> Piece<'t> {
    pub(crate) fn new(
        face: Face,
        size: i32,
        name: impl Into<Cow<'static, str>>,
        text: impl Into<Cow<'t, str>>,
    ) -> Self {
        let text = match text.into() {
            Cow::Borrowed(text) => printable(text),
            Cow::Owned(text) => Cow::Owned(printable(&text).into_owned()),
        };
        Self {
            text,
            face,
            size,
            name: name.into(),
            in_full: None,
        }
    }

    /// What stands on the remarks page instead of the value alone.
    pub(crate) fn in_full(self, text: String) -> Self {
        Self {
            in_full: Some(text),
            ..self
        }
    }
}

/// Where a block stands in its place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stand {
    Top,
    Middle,
}

/// The typesetter of one document.
pub(crate) struct Setting {
    pub(crate) typeface: Typeface,
    pub(crate) ink: Ink,
    pub(crate) remarks: Vec<Remark>,
}

/// The height of a line of type size `size`.
pub(crate) const fn leading(size: i32) -> i32 {
    size * LEADING / 1000
}

/// From the top of a line to its baseline.
pub(crate) const fn drop(size: i32) -> i32 {
    size * 96 / 100
}

impl Setting {
    pub(crate) fn new(typeface: Typeface) -> Self {
        Self {
            typeface,
            ink: Ink::new(),
            remarks: Vec::new(),
        }
    }

    /// The content of the page that is done; the next one begins.
    pub(crate) fn take_page(&mut self) -> Vec<u8> {
        std::mem::replace(&mut self.ink, Ink::new()).finish()
    }

    fn width(&self, face: Face, size: i32, text: &str) -> Result<i32, RenderError> {
        // Rounded up, so that what is said to fit does fit.
        let hundredths = (self.typeface.measure(face, text)? * i64::from(size)).div_euclid(1000) + 1;
        Ok(i32::try_from(hundredths).unwrap_or(i32::MAX))
    }

    /// The largest size up to `size` at which `text` is at most `width` wide.
    fn fitted(&self, face: Face, size: i32, text: &str, width: i32) -> Result<i32, RenderError> {
        let units = self.typeface.measure(face, text)?.max(1);
        // In tenths of a point, rounded down; what ends a little left of its place does not show.
        let largest = i64::from(width - 1) * 100 / units * 10;
        Ok(size.min(i32::try_from(largest).unwrap_or(size)))
    }

    pub(crate) fn text(
        &mut self,
        face: Face,
        size: i32,
        left: i32,
        baseline: i32,
        text: &str,
    ) -> Result<(), RenderError> {
        self.ink
            .text(&mut self.typeface, face, size, left, baseline, text)
    }

    /// Sets a short value that ends at `right`, shrunk as far as its place demands.
    pub(crate) fn right(
        &mut self,
        face: Face,
        size: i32,
        place: (i32, i32),
        baseline: i32,
        text: &str,
    ) -> Result<(), RenderError> {
        let size = self.fitted(face, size, text, place.1 - place.0)?;
        let left = place.1 - self.width(face, size, text)?;
        self.text(face, size, left, baseline, text)
    }

    /// Sets a short value in the middle of its place, shrunk as far as its place demands.
    pub(crate) fn center(
        &mut self,
        face: Face,
        size: i32,
        place: (i32, i32),
        baseline: i32,
        text: &str,
    ) -> Result<(), RenderError> {
        let size = self.fitted(face, size, text, place.1 - place.0)?;
        let left = i32::midpoint(place.0, place.1) - self.width(face, size, text)? / 2;
        self.text(face, size, left, baseline, text)
    }

    /// Sets one value on one line, shrunk to `floor`; a longer one is cut and goes to the remarks.
    pub(crate) fn line(
        &mut self,
        piece: &Piece<'_>,
        floor: i32,
        place: (i32, i32),
        baseline: i32,
    ) -> Result<(), RenderError> {
        let size = self.fitted(piece.face, piece.size, &piece.text, place.1 - place.0)?;
        if size >= floor {
            return self.text(piece.face, size, place.0, baseline, &piece.text);
        }
        let cut = self.cut(piece.face, floor, &piece.text, place.1 - place.0)?;
        self.text(piece.face, floor, place.0, baseline, &cut)?;
        self.remark(piece);
        Ok(())
    }

    /// Sets values one below the other into `area`, each on as many lines as it needs.
    pub(crate) fn block(
        &mut self,
        pieces: &[Piece<'_>],
        floor: i32,
        area: Area,
        stand: Stand,
    ) -> Result<(), RenderError> {
        let mut shrink = 0;
        loop {
            let mut height = 0;
            let mut lines = Vec::with_capacity(pieces.len());
            let mut at_floor = true;
            for piece in pieces {
                let size = (piece.size - shrink).max(floor.min(piece.size));
                at_floor &= size <= floor;
                let broken = wrap(&self.typeface, piece.face, size, &piece.text, area.width())?;
                height += leading(size) * i32::try_from(broken.len()).unwrap_or(i32::MAX / 10_000);
                lines.push((piece, size, broken));
            }
            if height <= area.height() {
                return self.lines(&lines, height, area, stand);
            }
            if at_floor {
                return self.cut_block(lines, floor, area);
            }
            shrink += STEP;
        }
    }

    fn lines(
        &mut self,
        lines: &[(&Piece<'_>, i32, Vec<&str>)],
        height: i32,
        area: Area,
        stand: Stand,
    ) -> Result<(), RenderError> {
        let mut top = match stand {
            Stand::Top => area.top,
            Stand::Middle => area.top + (area.height() - height) / 2,
        };
        for (piece, size, broken) in lines {
            for line in broken {
                self.text(piece.face, *size, area.left, top + drop(*size), line)?;
                top += leading(*size);
            }
        }
        Ok(())
    }

    /// Sets what there is room for: a line for each value first, then more for the earlier ones.
    fn cut_block(
        &mut self,
        lines: Vec<(&Piece<'_>, i32, Vec<&str>)>,
        floor: i32,
        area: Area,
    ) -> Result<(), RenderError> {
        let room = usize::try_from(area.height() / leading(floor)).unwrap_or(0);
        let mut spare = room.saturating_sub(lines.len());
        let mut top = area.top;
        for (piece, size, broken) in lines {
            let shown = 1 + spare.min(broken.len().saturating_sub(1));
            spare -= shown - 1;
            for (index, line) in broken.iter().take(shown).enumerate() {
                let last = index + 1 == shown && shown < broken.len();
                let text = if last {
                    self.cut(piece.face, size, line, area.width())?
                } else {
                    (*line).to_owned()
                };
                self.text(piece.face, size, area.left, top + drop(size), &text)?;
                top += leading(size);
            }
            if shown < broken.len() {
                self.remark(piece);
            }
        }
        Ok(())
    }

    /// The beginning of `text` that fits `width` together with the pointer to the remarks.
    fn cut(&self, face: Face, size: i32, text: &str, width: i32) -> Result<String, RenderError> {
        let room = i64::from(width - self.width(face, size, POINTER)?) * 1000 / i64::from(size.max(1));
        let mut kept = String::new();
        let mut sum = 0;
        for character in text.chars() {
            sum += self.typeface.advance(face, character)?;
            if sum > room {
                break;
            }
            kept.push(character);
        }
        Ok(kept + POINTER)
    }

    fn remark(&mut self, piece: &Piece<'_>) {
        let text = piece.in_full.as_deref().unwrap_or(&piece.text);
        self.remarks
            .push(Remark::new(format!("{}, in full", piece.name), text));
    }
}
