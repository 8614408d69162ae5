//! A TrueType font reduced to its outlines.
//!
//! Invariant: outlines, widths and glyph numbers stay as they are; only what a printed page has no use
//! for goes: programs that move outlines onto a screen's grid, names, kerning, character tables. They
//! are two thirds of an embedded subset.

/// The font without hinting; nothing where the file is not a TrueType font of the usual build.
pub(crate) fn lean(file: &[u8]) -> Option<Vec<u8>> {
    let head = table(file, b"head")?;
    let long = u16_at(head, 50)? != 0;
    let (glyf, loca) = (table(file, b"glyf")?, table(file, b"loca")?);
    let offset = |glyph: usize| {
        if long {
            u32_at(loca, glyph * 4)
        } else {
            u16_at(loca, glyph * 2).map(|half| u32::from(half) * 2)
        }
    };
    let count = usize::from(u16_at(table(file, b"maxp")?, 4)?);
    let mut outlines = Vec::with_capacity(glyf.len());
    let mut places = Vec::with_capacity(count * 4 + 4);
    for glyph in 0..count {
        places.extend_from_slice(&u32::try_from(outlines.len()).ok()?.to_be_bytes());
        let (from, to) = (
            usize::try_from(offset(glyph)?).ok()?,
            usize::try_from(offset(glyph + 1)?).ok()?,
        );
        let data = glyf.get(from..to)?;
        if !data.is_empty() {
            push_outline(&mut outlines, data)?;
        }
        outlines.resize(outlines.len().next_multiple_of(4), 0);
    }
    places.extend_from_slice(&u32::try_from(outlines.len()).ok()?.to_be_bytes());

    let mut head = head.to_vec();
    head.splice(50..52, [0, 1]);
    // The shortest tables of the kind: no names, no glyph names.
    let names = [0, 0, 0, 0, 0, 6];
    let mut post = vec![0, 3, 0, 0];
    post.extend_from_slice(table(file, b"post")?.get(4..32)?);
    Some(assemble(&[
        (b"glyf", &outlines),
        (b"head", &head),
        (b"hhea", table(file, b"hhea")?),
        (b"hmtx", table(file, b"hmtx")?),
        (b"loca", &places),
        (b"maxp", table(file, b"maxp")?),
        (b"name", &names),
        (b"post", &post),
    ]))
}

/// Appends a glyph without its program (OpenType 1.9, `glyf`).
fn push_outline(out: &mut Vec<u8>, data: &[u8]) -> Option<()> {
    let contours = u16_at(data, 0)?;
    if contours < 0x8000 {
        let points = 10 + usize::from(contours) * 2;
        let program = usize::from(u16_at(data, points)?);
        out.extend_from_slice(data.get(..points)?);
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(data.get(points + 2 + program..)?);
        return Some(());
    }
    const WORDS: u16 = 0x0001;
    const SCALE: u16 = 0x0008;
    const MORE: u16 = 0x0020;
    const TWO_SCALES: u16 = 0x0040;
    const MATRIX: u16 = 0x0080;
    const PROGRAM: u16 = 0x0100;
    out.extend_from_slice(data.get(..10)?);
    let mut at = 10;
    loop {
        let flags = u16_at(data, at)?;
        let transform = match flags & (SCALE | TWO_SCALES | MATRIX) {
            0 => 0,
            SCALE => 2,
            TWO_SCALES => 4,
            _ => 8,
        };
        let length = 4 + if flags & WORDS == 0 { 2 } else { 4 } + transform;
        out.extend_from_slice(&(flags & !PROGRAM).to_be_bytes());
        out.extend_from_slice(data.get(at + 2..at + length)?);
        at += length;
        if flags & MORE == 0 {
            return Some(());
        }
    }
}

fn assemble(tables: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let count = u16::try_from(tables.len()).unwrap_or(0);
    let mut out = vec![0, 1, 0, 0];
    // The search hints that follow the count speed up readers that search; none here does.
    for value in [count, 0, 0, 0] {
        out.extend_from_slice(&value.to_be_bytes());
    }
    let mut offset = 12 + 16 * tables.len();
    for (tag, data) in tables {
        out.extend_from_slice(*tag);
        out.extend_from_slice(&[0; 4]);
        for value in [offset, data.len()] {
            out.extend_from_slice(&u32::try_from(value).unwrap_or(0).to_be_bytes());
        }
        offset += data.len().next_multiple_of(4);
    }
    for (_, data) in tables {
        out.extend_from_slice(data);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

fn table<'f>(file: &'f [u8], tag: &[u8; 4]) -> Option<&'f [u8]> {
    let count = usize::from(u16_at(file, 4)?);
    let record = (0..count)
        .map(|index| 12 + 16 * index)
        .find(|at| file.get(*at..at + 4) == Some(tag))?;
    let (offset, length) = (u32_at(file, record + 8)?, u32_at(file, record + 12)?);
    file.get(usize::try_from(offset).ok()?..)?
        .get(..usize::try_from(length).ok()?)
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at + 2)?.try_into().ok().map(u16::from_be_bytes)
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typeface::{BOLD_FILE, SANS_FILE, SCRIPT_FILE};
    use skrifa::outline::{DrawSettings, OutlinePen};
    use skrifa::prelude::{LocationRef, Size};
    use skrifa::{FontRef, GlyphId, MetadataProvider as _};

    #[derive(Default, PartialEq, Debug)]
    struct Path(Vec<(char, Vec<u32>)>);

    impl OutlinePen for Path {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0.push(('m', vec![x.to_bits(), y.to_bits()]));
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0.push(('l', vec![x.to_bits(), y.to_bits()]));
        }
        fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
            self.0.push(('q', [cx, cy, x, y].map(f32::to_bits).to_vec()));
        }
        fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {
            unreachable!("TrueType has no cubic curves");
        }
        fn close(&mut self) {
            self.0.push(('z', Vec::new()));
        }
    }

    #[test]
    fn every_outline_stays_as_it_was() {
        for file in [SANS_FILE, BOLD_FILE, SCRIPT_FILE] {
            let lean = lean(file).unwrap();
            assert!(
                lean.len() < file.len() * 2 / 3,
                "{} of {}",
                lean.len(),
                file.len()
            );
            let (before, after) = (FontRef::new(file).unwrap(), FontRef::new(&lean).unwrap());
            let count = u16_at(table(file, b"maxp").unwrap(), 4).unwrap();
            for glyph in 0..count {
                let path = |font: &FontRef<'_>| {
                    let mut path = Path::default();
                    let outline = font.outline_glyphs().get(GlyphId::from(glyph)).unwrap();
                    outline
                        .draw(
                            DrawSettings::unhinted(Size::unscaled(), LocationRef::default()),
                            &mut path,
                        )
                        .unwrap();
                    path
                };
                assert_eq!(path(&before), path(&after), "glyph {glyph}");
            }
        }
    }
}
