//! Fonts that travel with a document, and texts outside its pages.
//!
//! Invariant: only the glyphs that a document uses are embedded, and each can be turned back into its
//! character, so that the text can be searched and copied.

use crate::RenderError;
use crate::file::{Builder, Packing};
use crate::typeface::{EmbeddableFont, Embedded, Face, Subset};

/// Writes the subsets and returns the number of the font dictionary.
pub(crate) fn embed(file: &mut Builder, embedded: &Embedded, fingerprint: &str) -> Result<u32, RenderError> {
    let mut dictionary = String::from("<<");
    for (face, (font, subset)) in Face::ALL.iter().zip(embedded.fonts.iter().zip(&embedded.subsets)) {
        if subset.used.is_empty() {
            continue;
        }
        let number = embed_one(file, font, subset, &tag(fingerprint))?;
        dictionary.push_str(&format!("{} {number} 0 R", face.resource()));
    }
    dictionary.push_str(">>");
    Ok(file.append(dictionary.as_bytes()))
}

/// Six letters that keep two documents' subsets apart where documents are put together
/// (ISO 32000-1, 9.6.4).
fn tag(fingerprint: &str) -> String {
    fingerprint
        .bytes()
        .take(6)
        .map(|digit| char::from(b'A' + digit % 26))
        .collect()
}

fn embed_one(
    file: &mut Builder,
    font: &EmbeddableFont,
    subset: &Subset,
    tag: &str,
) -> Result<u32, RenderError> {
    let data = font.subset(&subset.remapper)?;
    let length = format!("/Length1 {}", data.len());
    let program = file.append(&Builder::stream(&length, &data, Packing::Deflated)?);
    let name = format!("{tag}+{}", font.name);
    let [left, bottom, right, top] = font.bounds;
    let flags = if font.italic_angle == 0 { 4 } else { 4 + 64 };
    let descriptor = file.append(
        format!(
            "<</Type/FontDescriptor/FontName/{name}/Flags {flags}/FontBBox[{left} {bottom} {right} {top}]\
             /ItalicAngle {}/Ascent {}/Descent {}/CapHeight {}/StemV {}/FontFile2 {program} 0 R>>",
            font.italic_angle, font.ascent, font.descent, font.cap_height, font.stem
        )
        .as_bytes(),
    );
    let widths = subset
        .used
        .iter()
        .map(|(_, width)| width.to_string())
        .collect::<Vec<_>>()
        .join(" ");
    let descendant = file.append(
        format!(
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}\
             /CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
             /FontDescriptor {descriptor} 0 R/DW 1000/W[1[{widths}]]/CIDToGIDMap/Identity>>"
        )
        .as_bytes(),
    );
    let unicode = file.append(&Builder::stream(
        "",
        to_unicode(subset).as_bytes(),
        Packing::Deflated,
    )?);
    Ok(file.append(
        format!(
            "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H\
             /DescendantFonts[{descendant} 0 R]/ToUnicode {unicode} 0 R>>"
        )
        .as_bytes(),
    ))
}

/// The table from glyph to character (ISO 32000-1, 9.10.3).
fn to_unicode(subset: &Subset) -> String {
    let mut map = String::from(
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n\
         /CMapName/Adobe-Identity-UCS def/CMapType 2 def\n\
         1 begincodespacerange<0000><ffff>endcodespacerange\n",
    );
    // A section holds at most a hundred entries.
    for (section, characters) in subset.used.chunks(100).enumerate() {
        map.push_str(&format!("{} beginbfchar\n", characters.len()));
        for (index, (character, _)) in characters.iter().enumerate() {
            let utf16: String = character
                .encode_utf16(&mut [0; 2])
                .iter()
                .map(|unit| format!("{unit:04x}"))
                .collect();
            map.push_str(&format!("<{:04x}><{utf16}>\n", section * 100 + index + 1));
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap CMapName currentdict/CMap defineresource pop end end\n");
    map
}

/// Appends a text string object: plain where it is ASCII, else UTF-16 (ISO 32000-1, 7.9.2).
pub(crate) fn push_text(out: &mut Vec<u8>, text: &str) {
    if text.bytes().all(|byte| matches!(byte, 0x20..=0x7e)) {
        out.push(b'(');
        for byte in text.bytes() {
            if matches!(byte, b'(' | b')' | b'\\') {
                out.push(b'\\');
            }
            out.push(byte);
        }
        out.push(b')');
    } else {
        out.extend_from_slice(b"<feff");
        for unit in text.encode_utf16() {
            out.extend_from_slice(format!("{unit:04x}").as_bytes());
        }
        out.push(b'>');
    }
}
