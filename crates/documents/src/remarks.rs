//! Remarks pages: what did not fit page one, in full.
//!
//! Invariant: they exist exactly when something did not fit, and each says whose certificate it belongs to.

use countersign_domain::certificates::payload::CertificatePayload;

use crate::RenderError;
use crate::furniture::Section;
use crate::parties::head;
use crate::plan::{self, Area, PAD, pt, tenths};
use crate::setting::{Piece, Setting, Stand, drop, leading};
use crate::text::wrap;
use crate::typeface::Face;

/// A line of a remarks page.
pub(crate) struct RemarkLine {
    face: Face,
    space_above: i32,
    text: String,
}

const SIZE: i32 = plan::VALUE;

/// Most pages of one document; a description is far below.
const MOST: usize = 500;

/// Breaks the remarks into lines and the lines into pages.
pub(crate) fn paginate(setting: &Setting) -> Result<Vec<Vec<RemarkLine>>, RenderError> {
    let area = plan::REMARKS;
    let room = area.height() - leading(SIZE);
    let mut pages = Vec::new();
    let mut page = Vec::new();
    let mut used = 0;
    let mut heading = "";
    for remark in &setting.remarks {
        let mut lines = Vec::new();
        if remark.heading != heading {
            heading = &remark.heading;
            lines.push((Face::Bold, pt(8), heading));
        }
        for line in wrap(&setting.typeface, Face::Sans, SIZE, &remark.text, area.width())? {
            lines.push((Face::Sans, 0, line));
        }
        for (index, (face, space_above, text)) in lines.into_iter().enumerate() {
            // A heading does not stand alone at the foot of a page.
            let needed = leading(SIZE) * if face == Face::Bold && index == 0 { 2 } else { 1 };
            if used + space_above + needed > room {
                pages.push(std::mem::take(&mut page));
                used = 0;
                // A sheet that went astray says where its beginning is. The first of these pages is page 2.
                if face != Face::Bold {
                    used += leading(SIZE);
                    page.push(RemarkLine {
                        face: Face::Bold,
                        space_above: 0,
                        text: format!("Continued from page {}", pages.len() + 1),
                    });
                }
            }
            let space_above = if page.is_empty() { 0 } else { space_above };
            used += space_above + leading(SIZE);
            page.push(RemarkLine {
                face,
                space_above,
                text: text.to_owned(),
            });
        }
        if pages.len() >= MOST {
            return Err(RenderError::TooLong(500));
        }
    }
    if !page.is_empty() {
        pages.push(page);
    }
    Ok(pages)
}

/// Draws one remarks page, which the page of this number continues.
pub(crate) fn page(
    setting: &mut Setting,
    payload: &CertificatePayload,
    lines: Vec<RemarkLine>,
    next: Option<u16>,
) -> Result<(), RenderError> {
    setting.ink.furniture(Section::Remarks.resource());
    head(setting, payload)?;
    let (top, bottom) = (
        plan::REMARKS_PARTIES_TOP + tenths(115),
        plan::REMARKS_PARTIES_BOTTOM - pt(1),
    );
    for (left, right, name, text) in [
        (plan::LEFT, plan::MIDDLE, "Insured", payload.insured.name.as_str()),
        (
            plan::MIDDLE,
            plan::RIGHT,
            "Certificate holder",
            payload.holder.name.as_str(),
        ),
    ] {
        let area = Area::new(left + PAD, top, right - PAD, bottom);
        setting.block(
            &[Piece::new(Face::Bold, plan::NAME, name, text)],
            plan::FLOOR,
            area,
            Stand::Top,
        )?;
    }
    let area = plan::REMARKS;
    let mut y = area.top;
    for line in lines {
        y += line.space_above;
        setting.text(line.face, SIZE, area.left, y + drop(SIZE), &line.text)?;
        y += leading(SIZE);
    }
    if let Some(next) = next {
        // The line that is kept free for the end.
        let place = (area.left, area.right);
        let said = format!("Continued on page {next}");
        setting.right(Face::Bold, plan::FINE, place, y + drop(SIZE), &said)?;
    } else {
        setting.center(
            Face::Sans,
            plan::FINE,
            (area.left, area.right),
            y + drop(SIZE),
            "End of remarks",
        )?;
        let end = y + leading(SIZE) + pt(4);
        if area.bottom - end > pt(8) {
            setting
                .ink
                .rule(plan::HAIRLINE, (area.left, area.bottom), (area.right, end));
        }
    }
    Ok(())
}
