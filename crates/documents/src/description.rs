//! The description of operations, with the forms that stand behind the page's marks below it.
//!
//! Invariant: of a text that does not fit, page one holds the beginning and the remarks hold the rest, to
//! the letter; space that stays free is ruled out.

use countersign_domain::certificates::payload::{CertificatePayload, PrintedEndorsement, PrintedLine};
use countersign_domain::policies::Line;
use countersign_domain::policies::coverage::Excluded;

use crate::RenderError;
use crate::parties::label;
use crate::plan::{self, Area, pt, tenths};
use crate::setting::{Piece, Remark, Setting, drop, leading};
use crate::text::{printable, wrap};
use crate::typeface::Face;

const fn short_label(line: Line) -> &'static str {
    match line {
        Line::GeneralLiability => "General liability",
        Line::CommercialAuto => "Automobile",
        Line::UmbrellaExcess => "Umbrella / excess",
        Line::WorkersCompensation => "Workers compensation",
        Line::Other => "Other coverage",
    }
}

/// A row of the list below the description.
struct Row {
    label: String,
    number: String,
    title: String,
}

/// The forms behind the marks, and who is excluded from workers compensation.
fn rows(payload: &CertificatePayload) -> Vec<Row> {
    fn marks<C>(line: Option<&PrintedLine<C>>) -> [Option<&PrintedEndorsement>; 2] {
        line.map_or([None, None], |line| {
            [line.additional_insured.as_ref(), line.waiver.as_ref()]
        })
    }
    let marked = [
        marks(payload.general_liability.as_ref()),
        marks(payload.commercial_auto.as_ref()),
        marks(payload.umbrella_excess.as_ref()),
        marks(payload.workers_compensation.as_ref()),
        marks(payload.other.as_ref()),
    ];
    let mut rows = Vec::new();
    if let Some(Excluded::Yes(who)) = payload
        .workers_compensation
        .as_ref()
        .map(|line| &line.coverage.excluded)
    {
        rows.push(Row {
            label: format!("{}: excluded", short_label(Line::WorkersCompensation)),
            number: String::new(),
            title: printable(who.as_str()).into_owned(),
        });
    }
    for form in payload.endorsements() {
        let behind = |mark: Option<&PrintedEndorsement>| mark.is_some_and(|other| other.id == form.id);
        let mark = match (
            marked.iter().any(|[ai, _]| behind(*ai)),
            marked.iter().any(|[_, wos]| behind(*wos)),
        ) {
            (true, true) => "additional insured, waiver",
            (true, false) => "additional insured",
            _ => "waiver of recovery",
        };
        rows.push(Row {
            label: format!("{}: {mark}", short_label(form.line)),
            number: printable(&format!("{} ({})", form.form_number, form.edition)).into_owned(),
            title: printable(form.title.as_str()).into_owned(),
        });
    }
    rows
}

/// The cells of a row and the places of its columns.
fn columns(row: &Row) -> [(Face, (i32, i32), &str); 3] {
    let gap = pt(4);
    let text = plan::DESCRIPTION_TEXT;
    [
        (
            Face::Sans,
            (text.left, plan::FORM_NUMBER_LEFT - gap),
            row.label.as_str(),
        ),
        (
            Face::Bold,
            (plan::FORM_NUMBER_LEFT, plan::FORM_TITLE_LEFT - gap),
            row.number.as_str(),
        ),
        (
            Face::Sans,
            (plan::FORM_TITLE_LEFT, text.right),
            row.title.as_str(),
        ),
    ]
}

pub(crate) fn description(setting: &mut Setting, payload: &CertificatePayload) -> Result<(), RenderError> {
    let baseline = plan::DESCRIPTION.top + tenths(85);
    label(
        setting,
        baseline,
        "DESCRIPTION OF OPERATIONS, LOCATIONS AND VEHICLES",
    )?;
    let area = plan::DESCRIPTION_TEXT;
    let rows = rows(payload);
    let list = List::plan(setting, &rows)?;
    let room = Area::new(area.left, area.top, area.right, list.top - pt(3));
    let piece = Piece::new(Face::Sans, plan::VALUE, "", payload.description.trim());
    let text = piece.text.as_ref();
    let mut end = room.top;
    if !text.is_empty() {
        end = paragraphs(setting, text, room)?;
    }
    // What is left free is ruled out.
    if room.bottom - end > pt(8) {
        let from = (area.left, room.bottom - pt(1));
        setting.ink.rule(plan::HAIRLINE, from, (area.right, end + pt(3)));
    }
    list.draw(setting)
}

/// Sets the description, or as much of it as there is room for; returns where it ends.
fn paragraphs(setting: &mut Setting, text: &str, room: Area) -> Result<i32, RenderError> {
    for size in [plan::VALUE, pt(8), tenths(75)] {
        let lines = wrap(&setting.typeface, Face::Sans, size, text, room.width())?;
        let count = i32::try_from(lines.len()).unwrap_or(i32::MAX / 10_000);
        if leading(size).saturating_mul(count) <= room.height() {
            return set_lines(setting, size, room, &lines);
        }
    }
    let size = plan::VALUE;
    let lines = wrap(&setting.typeface, Face::Sans, size, text, room.width())?;
    let pointer_height = leading(plan::FINE);
    let shown = usize::try_from((room.height() - pointer_height) / leading(size)).unwrap_or(0);
    let (here, rest) = lines.split_at_checked(shown).unwrap_or((&lines, &[]));
    let end = set_lines(setting, size, room, here)?;
    let place = (room.left, room.right);
    setting.right(
        Face::Bold,
        plan::FINE,
        place,
        end + drop(plan::FINE),
        "Continued on page 2",
    )?;
    // The rest starts where the first line that was not set starts.
    let offset = rest
        .first()
        .map_or(text.len(), |line| line.as_ptr().addr() - text.as_ptr().addr());
    setting.remarks.insert(
        0,
        Remark::new(
            "Description of operations, locations and vehicles, continued from page 1",
            text.get(offset..).unwrap_or_default(),
        ),
    );
    // Nothing is free: what could stand here stands on the next page.
    Ok(room.bottom)
}

fn set_lines(setting: &mut Setting, size: i32, room: Area, lines: &[&str]) -> Result<i32, RenderError> {
    let mut top = room.top;
    for line in lines {
        setting.text(Face::Sans, size, room.left, top + drop(size), line)?;
        top += leading(size);
    }
    Ok(top)
}

/// A row of the list broken into lines, with its height.
type BrokenRow<'r> = (i32, [(Face, i32, Vec<&'r str>); 3]);

fn break_row<'r>(setting: &Setting, row: &'r Row, size: i32) -> Result<BrokenRow<'r>, RenderError> {
    let broken = |(face, place, text): (Face, (i32, i32), &'r str)| {
        wrap(&setting.typeface, face, size, text, place.1 - place.0).map(|lines| (face, place.0, lines))
    };
    let [label, number, title] = columns(row);
    let cells = [broken(label)?, broken(number)?, broken(title)?];
    let lines = cells.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(1);
    Ok((
        leading(size) * i32::try_from(lines).unwrap_or(i32::MAX / 10_000),
        cells,
    ))
}

/// The list of forms at the foot of the description, broken into lines.
struct List<'r> {
    size: i32,
    top: i32,
    rows: Vec<BrokenRow<'r>>,
    /// Whether some of the rows stand in the remarks.
    continued: bool,
}

const LIST_HEADING: i32 = leading(plan::LABEL) + pt(1);

impl<'r> List<'r> {
    /// Finds the size and the rows for which there is room; the others go to the remarks.
    ///
    /// At least three lines stay for the description. The rows shrink to the floor before the last ones
    /// leave.
    fn plan(setting: &mut Setting, rows: &'r [Row]) -> Result<Self, RenderError> {
        let area = plan::DESCRIPTION_TEXT;
        let room = area.height() - 3 * leading(plan::VALUE) - LIST_HEADING - pt(3);
        let mut size = plan::FINE;
        let broken = loop {
            let broken = rows
                .iter()
                .map(|row| break_row(setting, row, size))
                .collect::<Result<Vec<_>, _>>()?;
            if broken.iter().map(|(tall, _)| tall).sum::<i32>() <= room || size <= plan::FLOOR {
                break broken;
            }
            size -= 25;
        };
        let mut height = 0;
        let mut shown = Vec::new();
        for (row, (tall, cells)) in rows.iter().zip(broken) {
            if height + tall <= room {
                height += tall;
                shown.push((tall, cells));
            } else {
                setting.remarks.push(Remark::new(
                    "Forms behind the marks and persons excluded, continued from page 1",
                    format!("{}: {} {}", row.label, row.number, row.title),
                ));
            }
        }
        let top = if rows.is_empty() {
            area.bottom
        } else {
            area.bottom - height - LIST_HEADING
        };
        Ok(Self {
            size,
            top,
            continued: shown.len() < rows.len(),
            rows: shown,
        })
    }

    fn draw(self, setting: &mut Setting) -> Result<(), RenderError> {
        if self.rows.is_empty() && !self.continued {
            return Ok(());
        }
        let area = plan::DESCRIPTION_TEXT;
        setting
            .ink
            .rule(plan::HAIRLINE, (plan::LEFT, self.top), (plan::RIGHT, self.top));
        let baseline = self.top + drop(plan::LABEL) + pt(1);
        label(setting, baseline, "FORMS BEHIND THE MARKS, AND PERSONS EXCLUDED")?;
        if self.continued {
            let place = (area.left, area.right);
            setting.right(
                Face::Bold,
                plan::FINE,
                place,
                baseline,
                "Continued in the remarks",
            )?;
        }
        let mut top = self.top + LIST_HEADING;
        for (tall, cells) in self.rows {
            for (face, left, lines) in cells {
                for (index, line) in (0..).zip(lines) {
                    let baseline = top + drop(self.size) + index * leading(self.size);
                    setting.text(face, self.size, left, baseline, line)?;
                }
            }
            top += tall;
        }
        Ok(())
    }
}
