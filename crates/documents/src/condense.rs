//! genpdf's sheets brought to the page's size and to the few operators they need.
//!
//! Invariant: what comes out depends on the drawing alone. Random identifiers, the time of day, layers
//! and whatever else a PDF library adds to a file stay behind.
//! Only the file that `furniture` has just drawn is read here, never a file from outside.

use lopdf::content::{Content, Operation};
use lopdf::{Document, Object};

use crate::RenderError;
use crate::ink::{push_number, to_tenth};
use crate::pen::SCALE;

/// One run of text at one place, or following the run before it.
struct Run {
    font: &'static str,
    size: i32,
    /// Absent where the run follows the one before it on the same line.
    origin: Option<(i32, i32)>,
    bytes: Vec<u8>,
}

/// A connected line.
struct Stroke {
    weight: i32,
    points: Vec<(i32, i32)>,
}

/// The content of every sheet, in order.
pub(crate) fn condense(file: &[u8]) -> Result<Vec<Vec<u8>>, RenderError> {
    let fault = |error: lopdf::Error| RenderError::Template(error.to_string());
    let document = Document::load_mem(file).map_err(fault)?;
    let mut sheets = Vec::new();
    for page in document.get_pages().into_values() {
        let fonts = document.get_page_fonts(page).map_err(fault)?;
        let font = |name: &[u8]| -> Result<&'static str, RenderError> {
            let base = fonts
                .get(name)
                .and_then(|font| font.get(b"BaseFont").ok())
                .and_then(|b| b.as_name().ok());
            match base {
                Some(b"Helvetica") => Ok("/H"),
                Some(b"Helvetica-Bold") => Ok("/B"),
                Some(b"Times-Bold") => Ok("/T"),
                other => Err(RenderError::Template(format!("unexpected font {other:?}"))),
            }
        };
        let content = Content::decode(&document.get_page_content(page)).map_err(fault)?;
        let mut sheet = Sheet::default();
        for operation in &content.operations {
            sheet.take(operation, &font)?;
        }
        sheets.push(sheet.write());
    }
    Ok(sheets)
}

#[derive(Default)]
struct Sheet {
    strokes: Vec<Stroke>,
    runs: Vec<Run>,
    weight: i32,
    font: Option<(&'static str, i32)>,
    cursor: (i32, i32),
    moved: bool,
}

impl Sheet {
    fn take(
        &mut self,
        operation: &Operation,
        font: &dyn Fn(&[u8]) -> Result<&'static str, RenderError>,
    ) -> Result<(), RenderError> {
        let unexpected = || RenderError::Template(format!("unexpected operator {operation:?}"));
        match (operation.operator.as_str(), operation.operands.as_slice()) {
            // Layers, graphics state, colors (all black) and line breaks, which are all positioned anew.
            ("BDC" | "EMC" | "q" | "Q" | "gs" | "rg" | "RG" | "TL" | "ET" | "S", _) => {}
            ("BT", _) => self.cursor = (0, 0),
            ("w", [weight]) => self.weight = scaled(weight)?,
            ("m", [x, y]) => {
                self.strokes.push(Stroke {
                    weight: self.weight,
                    points: vec![(position(x)?, position(y)?)],
                });
            }
            ("l", [x, y]) => {
                let point = (position(x)?, position(y)?);
                self.strokes.last_mut().ok_or_else(unexpected)?.points.push(point);
            }
            ("Tf", [name, size]) => {
                self.font = Some((font(name.as_name().map_err(|_| unexpected())?)?, scaled(size)?));
            }
            ("Td", [x, y]) => {
                self.cursor = (self.cursor.0 + position(x)?, self.cursor.1 + position(y)?);
                self.moved = true;
            }
            ("Tj", [Object::String(bytes, _)]) => {
                let (font, size) = self.font.ok_or_else(unexpected)?;
                let origin = std::mem::take(&mut self.moved).then_some(self.cursor);
                match self.runs.last_mut() {
                    Some(last) if origin.is_none() && (last.font, last.size) == (font, size) => {
                        last.bytes.extend_from_slice(bytes);
                    }
                    _ => self.runs.push(Run {
                        font,
                        size,
                        origin,
                        bytes: bytes.clone(),
                    }),
                }
            }
            _ => return Err(unexpected()),
        }
        Ok(())
    }

    fn write(mut self) -> Vec<u8> {
        let mut out = Vec::new();
        self.strokes.sort_by_key(|stroke| stroke.weight);
        for group in self.strokes.chunk_by(|a, b| a.weight == b.weight) {
            for (index, stroke) in group.iter().enumerate() {
                if index == 0 {
                    push_number(&mut out, stroke.weight);
                    out.extend_from_slice(b"w\n");
                }
                stroke.write(&mut out);
            }
            out.extend_from_slice(b"S\n");
        }
        if !self.runs.is_empty() {
            out.extend_from_slice(b"BT\n");
            let mut font = None;
            let mut at = (0, 0);
            for run in &self.runs {
                if font != Some((run.font, run.size)) {
                    out.extend_from_slice(run.font.as_bytes());
                    out.push(b' ');
                    push_number(&mut out, run.size);
                    out.extend_from_slice(b"Tf\n");
                    font = Some((run.font, run.size));
                }
                if let Some((x, y)) = run.origin {
                    push_number(&mut out, x - at.0);
                    push_number(&mut out, y - at.1);
                    out.extend_from_slice(b"Td\n");
                    at = (x, y);
                }
                out.push(b'(');
                for byte in &run.bytes {
                    if matches!(byte, b'(' | b')' | b'\\') {
                        out.push(b'\\');
                    }
                    out.push(*byte);
                }
                out.extend_from_slice(b")Tj\n");
            }
            out.extend_from_slice(b"ET\n");
        }
        out
    }
}

impl Stroke {
    fn write(&self, out: &mut Vec<u8>) {
        // A closed box is one operator instead of five.
        if let [(left, top), (right, _), (_, bottom), _, end] = self.points.as_slice()
            && (left, top) == (&end.0, &end.1)
        {
            for value in [*left, *bottom, right - left, top - bottom] {
                push_number(out, value);
            }
            out.extend_from_slice(b"re\n");
            return;
        }
        for (index, (x, y)) in self.points.iter().enumerate() {
            push_number(out, *x);
            push_number(out, *y);
            out.extend_from_slice(if index == 0 { b"m\n" } else { b"l\n" });
        }
    }
}

/// A position on the page, to the tenth of a point, as values are positioned.
fn position(object: &Object) -> Result<i32, RenderError> {
    scaled(object).map(to_tenth)
}

/// A number of the sheet as hundredths of a point on the page.
fn scaled(object: &Object) -> Result<i32, RenderError> {
    let value = object
        .as_float()
        .map_err(|error| RenderError::Template(error.to_string()))?;
    let hundredths = (f64::from(value) * 100.0 / f64::from(SCALE)).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the sheet's coordinates are below 8000 points"
    )]
    let whole = hundredths as i32;
    Ok(whole)
}
