//! The template: everything of the file that no payload changes, made once and kept.
//!
//! Invariant: a template is complete and immutable once it is in the cell; certificates copy it.

use std::sync::OnceLock;

use crate::RenderError;
use crate::condense::condense;
use crate::file::{Builder, Packing};
use crate::furniture::{self, Section};

/// Object numbers that the template fixes. The page tree is written last, under its own number.
pub(crate) const CATALOG: u32 = 1;
pub(crate) const PAGES: u32 = 2;
pub(crate) const FONTS: u32 = 3;
pub(crate) const FURNITURE: u32 = 4;
const FIRST_FONT: u32 = 5;
const FIRST_SECTION: u32 = 9;

/// What is copied into every certificate.
pub(crate) struct Template {
    /// Header and objects of a certificate of one page.
    pub(crate) start: Builder,
    /// Object for the head of a remarks page, without its number.
    pub(crate) remarks: Vec<u8>,
}

/// The template, drawn by the first who asks.
pub(crate) fn template() -> Result<&'static Template, RenderError> {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    if let Some(template) = TEMPLATE.get() {
        return Ok(template);
    }
    let drawn = build()?;
    Ok(TEMPLATE.get_or_init(|| drawn))
}

/// The font dictionary's entries for the labels; the values' faces come with them or are embedded.
const FONT_NAMES: [(&str, &str); 4] = [
    ("/H", "Helvetica"),
    ("/B", "Helvetica-Bold"),
    ("/T", "Times-Bold"),
    ("/S", "Times-Italic"),
];

fn build() -> Result<Template, RenderError> {
    let sheets = condense(&furniture::draw()?)?;
    if sheets.len() != Section::ALL.len() {
        return Err(RenderError::Template(format!(
            "{} sheets were drawn",
            sheets.len()
        )));
    }
    let mut file = Builder::new();
    file.object(
        CATALOG,
        format!(
            "<</Type/Catalog/Pages {PAGES} 0 R/Lang(en-US)/PageLayout/SinglePage\
             /ViewerPreferences<</DisplayDocTitle true>>>>"
        )
        .as_bytes(),
    );
    let mut fonts = String::from("<<");
    for (number, (resource, base)) in (FIRST_FONT..).zip(FONT_NAMES) {
        fonts.push_str(&format!("{resource} {number} 0 R"));
        file.object(
            number,
            format!("<</Type/Font/Subtype/Type1/BaseFont/{base}/Encoding/WinAnsiEncoding>>").as_bytes(),
        );
    }
    fonts.push_str(">>");
    file.object(FONTS, fonts.as_bytes());

    let mut furniture = String::from("<<");
    let mut remarks = Vec::new();
    for (number, (section, sheet)) in (FIRST_SECTION..).zip(Section::ALL.iter().zip(&sheets)) {
        let dictionary = format!("/Subtype/Form/BBox[0 0 612 792]/Resources<</Font {FONTS} 0 R>>");
        if *section == Section::Remarks {
            remarks = Builder::stream(&dictionary, sheet, Packing::Smallest)?;
        } else {
            furniture.push_str(&format!("/{} {number} 0 R", section.resource()));
            file.object(number, &Builder::stream(&dictionary, sheet, Packing::Smallest)?);
        }
    }
    furniture.push_str(">>");
    file.object(FURNITURE, furniture.as_bytes());
    Ok(Template { start: file, remarks })
}
