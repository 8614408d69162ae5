//! The faces that values are set in, and how wide their characters are.
//!
//! Invariant: a page is set either in the standard fonts, which every viewer has and which know
//! Windows-1252, or in embedded subsets of Liberation fonts of the same widths; the layout is the same.
//! A character that the chosen face does not have is an error, never a blank.

use std::sync::OnceLock;

use skrifa::raw::TableProvider as _;
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use subsetter::GlyphRemapper;

use crate::RenderError;
use crate::lean::lean;

pub(crate) const SANS_FILE: &[u8] = include_bytes!("../assets/LiberationSans-Regular.ttf");
pub(crate) const BOLD_FILE: &[u8] = include_bytes!("../assets/LiberationSans-Bold.ttf");
pub(crate) const TITLE_FILE: &[u8] = include_bytes!("../assets/LiberationSerif-Bold.ttf");
pub(crate) const SCRIPT_FILE: &[u8] = include_bytes!("../assets/LiberationSerif-Italic.ttf");

/// What a value is set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// Values.
    Sans,
    /// Names, marks and headings.
    Bold,
    /// The signature.
    Script,
}

impl Face {
    pub(crate) const ALL: [Self; 3] = [Self::Sans, Self::Bold, Self::Script];

    /// The name in the page's font dictionary.
    pub(crate) const fn resource(self) -> &'static str {
        match self {
            Self::Sans => "/H",
            Self::Bold => "/B",
            Self::Script => "/S",
        }
    }

    const fn file(self) -> &'static [u8] {
        match self {
            Self::Sans => SANS_FILE,
            Self::Bold => BOLD_FILE,
            Self::Script => SCRIPT_FILE,
        }
    }

    const fn pick<T>(self, faces: &[T; 3]) -> &T {
        let [sans, bold, script] = faces;
        match self {
            Self::Sans => sans,
            Self::Bold => bold,
            Self::Script => script,
        }
    }

    const fn pick_mut<T>(self, faces: &mut [T; 3]) -> &mut T {
        let [sans, bold, script] = faces;
        match self {
            Self::Sans => sans,
            Self::Bold => bold,
            Self::Script => script,
        }
    }
}

/// The byte of a character in Windows-1252.
pub(crate) fn windows_1252(character: char) -> Option<u8> {
    let code = u32::from(character);
    match code {
        0x20..=0x7e | 0xa0..=0xff => u8::try_from(code).ok(),
        _ => HIGH
            .iter()
            .find(|(known, _)| *known == character)
            .map(|(_, byte)| *byte),
    }
}

/// What Windows-1252 has between 0x80 and 0x9f.
const HIGH: [(char, u8); 27] = [
    ('€', 0x80),
    ('‚', 0x82),
    ('ƒ', 0x83),
    ('„', 0x84),
    ('…', 0x85),
    ('†', 0x86),
    ('‡', 0x87),
    ('ˆ', 0x88),
    ('‰', 0x89),
    ('Š', 0x8a),
    ('‹', 0x8b),
    ('Œ', 0x8c),
    ('Ž', 0x8e),
    ('‘', 0x91),
    ('’', 0x92),
    ('“', 0x93),
    ('”', 0x94),
    ('•', 0x95),
    ('–', 0x96),
    ('—', 0x97),
    ('˜', 0x98),
    ('™', 0x99),
    ('š', 0x9a),
    ('›', 0x9b),
    ('œ', 0x9c),
    ('ž', 0x9e),
    ('Ÿ', 0x9f),
];

/// Whether a page with this text needs the embedded fonts.
pub(crate) fn needs_embedding(text: &str) -> bool {
    let beyond = |character: char| {
        windows_1252(character).is_none() && !character.is_control() && !crate::text::is_adapted(character)
    };
    text.chars().filter(|character| !character.is_ascii()).any(beyond)
}

/// A script whose letters would stand in the wrong order, because nothing here reorders them.
const fn runs_right_to_left(character: char) -> bool {
    matches!(character, '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

/// A glyph of a font file.
#[derive(Clone, Copy, Debug)]
struct Glyph {
    number: u16,
    /// In thousandths of the type size.
    width: u16,
}

/// Characters below this are looked up once and kept: Latin, Greek, Cyrillic, punctuation.
const USUAL: usize = 0x2200;

/// An embeddable font: the file read once, with the names and figures its descriptor needs.
pub(crate) struct EmbeddableFont {
    font: FontRef<'static>,
    file: &'static [u8],
    usual: OnceLock<Vec<Option<Glyph>>>,
    /// The file without what a page has no use for, made when first embedded.
    lean: OnceLock<Option<Vec<u8>>>,
    pub(crate) name: &'static str,
    units: i64,
    pub(crate) ascent: i32,
    pub(crate) descent: i32,
    pub(crate) cap_height: i32,
    pub(crate) italic_angle: i32,
    pub(crate) stem: i32,
    pub(crate) bounds: [i32; 4],
}

impl EmbeddableFont {
    fn open(face: Face) -> Result<Self, RenderError> {
        let fault = |error: skrifa::raw::ReadError| RenderError::Template(format!("{face:?}: {error}"));
        let font = FontRef::new(face.file()).map_err(fault)?;
        let head = font.head().map_err(fault)?;
        let os2 = font.os2().map_err(fault)?;
        let units = i64::from(head.units_per_em());
        let scaled = |value: i16| per_mille(i64::from(value), units);
        let (name, italic_angle, stem) = match face {
            Face::Sans => ("LiberationSans", 0, 80),
            Face::Bold => ("LiberationSans-Bold", 0, 140),
            Face::Script => ("LiberationSerif-Italic", -16, 76),
        };
        Ok(Self {
            name,
            units,
            ascent: scaled(os2.s_typo_ascender()),
            descent: scaled(os2.s_typo_descender()),
            cap_height: scaled(os2.s_cap_height().unwrap_or(1409)),
            italic_angle,
            stem,
            bounds: [
                scaled(head.x_min()),
                scaled(head.y_min()),
                scaled(head.x_max()),
                scaled(head.y_max()),
            ],
            font,
            file: face.file(),
            usual: OnceLock::new(),
            lean: OnceLock::new(),
        })
    }

    /// The glyph of a character and its width in thousandths of the type size.
    fn glyph(&self, character: char) -> Option<Glyph> {
        let index = usize::try_from(u32::from(character)).ok()?;
        if index < USUAL {
            return *self.usual.get_or_init(|| self.usual()).get(index)?;
        }
        self.look_up(character)
    }

    /// The glyphs of the characters that names are written in.
    fn usual(&self) -> Vec<Option<Glyph>> {
        let mut usual = vec![None; USUAL];
        for (code, glyph) in self.font.charmap().mappings() {
            let slot = usize::try_from(code).ok().and_then(|code| usual.get_mut(code));
            if let (Some(slot), Some(character)) = (slot, char::from_u32(code)) {
                *slot = self.measured(character, glyph);
            }
        }
        usual
    }

    fn look_up(&self, character: char) -> Option<Glyph> {
        self.font
            .charmap()
            .map(character)
            .and_then(|glyph| self.measured(character, glyph))
    }

    fn measured(&self, character: char, glyph: GlyphId) -> Option<Glyph> {
        if runs_right_to_left(character) || character.is_control() || glyph.to_u32() == 0 {
            return None;
        }
        let advance = self.font.hmtx().ok()?.advance(glyph)?;
        let width = u16::try_from(per_mille(i64::from(advance), self.units)).ok()?;
        Some(Glyph {
            number: u16::try_from(glyph.to_u32()).ok()?,
            width,
        })
    }

    /// The file reduced to the glyphs of `remapper`.
    pub(crate) fn subset(&self, remapper: &GlyphRemapper) -> Result<Vec<u8>, RenderError> {
        let lean = self.lean.get_or_init(|| lean(self.file));
        let lean = lean
            .as_ref()
            .ok_or_else(|| RenderError::Template(format!("{} is not readable", self.name)))?;
        subsetter::subset(lean, 0, remapper)
            .map_err(|error| RenderError::Template(format!("{}: {error}", self.name)))
    }
}

/// Font units in thousandths of the type size, rounded as font metrics files round.
fn per_mille(value: i64, units: i64) -> i32 {
    let doubled = value * 2000 + if value < 0 { -units } else { units };
    i32::try_from(doubled / (2 * units)).unwrap_or(0)
}

fn embeddable() -> Result<&'static [EmbeddableFont; 3], RenderError> {
    static FONTS: OnceLock<[EmbeddableFont; 3]> = OnceLock::new();
    if let Some(fonts) = FONTS.get() {
        return Ok(fonts);
    }
    let [sans, bold, script] = Face::ALL;
    let opened = [
        EmbeddableFont::open(sans)?,
        EmbeddableFont::open(bold)?,
        EmbeddableFont::open(script)?,
    ];
    Ok(FONTS.get_or_init(|| opened))
}

/// Widths of the standard fonts by Windows-1252 byte; Liberation's are those of Helvetica and Times.
fn standard_widths() -> Result<&'static [[u16; 256]; 3], RenderError> {
    static WIDTHS: OnceLock<[[u16; 256]; 3]> = OnceLock::new();
    if let Some(widths) = WIDTHS.get() {
        return Ok(widths);
    }
    let mut widths = [[0; 256]; 3];
    for (font, table) in embeddable()?.iter().zip(&mut widths) {
        let plain = (0x20..=0xff_u8)
            .filter(|byte| !(0x7f..=0x9f).contains(byte))
            .map(|b| (char::from(b), b));
        for (character, byte) in plain.chain(HIGH) {
            if let (Some(glyph), Some(slot)) = (font.look_up(character), table.get_mut(usize::from(byte))) {
                *slot = glyph.width;
            }
        }
    }
    Ok(WIDTHS.get_or_init(|| widths))
}

/// The glyphs of one face that a document uses, in the order of first use.
#[derive(Default)]
pub(crate) struct Subset {
    pub(crate) remapper: GlyphRemapper,
    /// By new glyph number, from 1: the character and its width.
    pub(crate) used: Vec<(char, u16)>,
}

/// What the values of one document are set in.
pub(crate) enum Typeface {
    /// The viewer's own Helvetica and Times.
    Standard(&'static [[u16; 256]; 3]),
    /// Subsets that travel with the document.
    Embedded(Box<Embedded>),
}

/// Fonts, and what a document uses of them.
pub(crate) struct Embedded {
    pub(crate) fonts: &'static [EmbeddableFont; 3],
    pub(crate) subsets: [Subset; 3],
}

impl Typeface {
    pub(crate) fn standard() -> Result<Self, RenderError> {
        standard_widths().map(Self::Standard)
    }

    pub(crate) fn embedded() -> Result<Self, RenderError> {
        Ok(Self::Embedded(Box::new(Embedded {
            fonts: embeddable()?,
            subsets: Default::default(),
        })))
    }

    /// The advance of a character in thousandths of the type size.
    pub(crate) fn advance(&self, face: Face, character: char) -> Result<i64, RenderError> {
        let width = match self {
            // An ASCII character is its own code.
            Self::Standard(widths) => u8::try_from(character)
                .ok()
                .filter(u8::is_ascii)
                .or_else(|| windows_1252(character))
                .and_then(|byte| face.pick(widths).get(usize::from(byte)))
                .copied()
                .filter(|width| *width > 0),
            Self::Embedded(embedded) => face
                .pick(embedded.fonts)
                .glyph(character)
                .map(|glyph| glyph.width),
        };
        width.map(i64::from).ok_or(RenderError::Unprintable(character))
    }

    /// The width of a text in thousandths of the type size.
    pub(crate) fn measure(&self, face: Face, text: &str) -> Result<i64, RenderError> {
        if let Self::Standard(widths) = self
            && text.is_ascii()
        {
            // Most values are ASCII; their bytes are their codes.
            let widths = face.pick(widths);
            let width = |byte| widths.get(usize::from(byte)).copied().filter(|width| *width > 0);
            return text.bytes().try_fold(0, |sum, byte| match width(byte) {
                Some(width) => Ok(sum + i64::from(width)),
                None => Err(RenderError::Unprintable(char::from(byte))),
            });
        }
        text.chars()
            .try_fold(0, |sum, character| Ok(sum + self.advance(face, character)?))
    }

    /// Appends `text` as an operand of a text-showing operator.
    ///
    /// Nothing of the text can end the operand early: in a literal string parentheses and backslashes
    /// are escaped and everything else stands for itself, in a hexadecimal one there are only digits.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, face: Face, text: &str) -> Result<(), RenderError> {
        match self {
            Self::Standard(_) => {
                out.push(b'(');
                let plain = |byte: u8| matches!(byte, 0x20..=0x7e) && !matches!(byte, b'(' | b')' | b'\\');
                if text.bytes().all(plain) {
                    out.extend_from_slice(text.as_bytes());
                    out.push(b')');
                    return Ok(());
                }
                for character in text.chars() {
                    let byte = windows_1252(character).ok_or(RenderError::Unprintable(character))?;
                    if matches!(byte, b'(' | b')' | b'\\') {
                        out.push(b'\\');
                    }
                    out.push(byte);
                }
                out.push(b')');
            }
            Self::Embedded(embedded) => {
                let (font, subset) = (face.pick(embedded.fonts), face.pick_mut(&mut embedded.subsets));
                out.push(b'<');
                for character in text.chars() {
                    let glyph = font.glyph(character).ok_or(RenderError::Unprintable(character))?;
                    let new = subset.remapper.remap(glyph.number);
                    if usize::from(new) > subset.used.len() {
                        subset.used.push((character, glyph.width));
                    }
                    push_hex(out, new);
                }
                out.push(b'>');
            }
        }
        Ok(())
    }
}

/// Whether every face of the page has a letter for the character.
pub(crate) fn has_letter(character: char) -> bool {
    match embeddable() {
        Ok(fonts) => fonts.iter().all(|font| font.glyph(character).is_some()),
        Err(_) => windows_1252(character).is_some(),
    }
}

fn push_hex(out: &mut Vec<u8>, value: u16) {
    for shift in [12, 8, 4, 0] {
        let digit = u8::try_from((value >> shift) & 0xf).unwrap_or(0);
        out.push(if digit < 10 {
            b'0' + digit
        } else {
            b'a' + digit - 10
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widths_are_those_of_the_standard_fonts() {
        let typeface = Typeface::standard().unwrap();
        // From the metrics that every PDF viewer has for Helvetica, Helvetica-Bold and Times-Italic.
        for (face, character, width) in [
            (Face::Sans, 'A', 667),
            (Face::Sans, '0', 556),
            (Face::Sans, ' ', 278),
            (Face::Sans, 'é', 556),
            (Face::Sans, '—', 1000),
            (Face::Bold, 'A', 722),
            (Face::Bold, 'i', 278),
            (Face::Script, 'a', 500),
            (Face::Script, 'W', 833),
        ] {
            assert_eq!(
                typeface.advance(face, character).unwrap(),
                width,
                "{face:?} {character}"
            );
        }
    }

    #[test]
    fn every_character_of_windows_1252_has_a_width_in_every_face() {
        let typeface = Typeface::standard().unwrap();
        let all = (0x20..=0xff_u8)
            .filter(|b| !(0x7f..=0x9f).contains(b))
            .map(char::from);
        for character in all.chain(HIGH.map(|(c, _)| c)) {
            for face in Face::ALL {
                assert!(
                    typeface.advance(face, character).is_ok(),
                    "{face:?} {character:?}"
                );
            }
        }
    }

    #[test]
    fn a_script_that_runs_the_other_way_is_refused_rather_than_reversed() {
        let typeface = Typeface::embedded().unwrap();
        assert!(matches!(
            typeface.measure(Face::Sans, "שלום"),
            Err(RenderError::Unprintable('ש'))
        ));
    }
}
