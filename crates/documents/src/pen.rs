//! What furniture is drawn with: texts, lines and boxes on a sheet of genpdf.
//!
//! Invariant: places are given in hundredths of a point on the page; nobody else knows how large a sheet is.

use genpdf::elements::Paragraph;
use genpdf::fonts::{Font, FontFamily};
use genpdf::render::Area as Canvas;
use genpdf::style::{LineStyle, Style};
use genpdf::{Context, Element as _, Mm, Position, Size};

use crate::plan::{self, Area, Band, Choice, PAD, pt};

/// How much larger than the page a sheet is.
pub(crate) const SCALE: i32 = 10;

/// By how much a line of a standing sentence may come out longer than genpdf measures it.
const KERNING: i32 = pt(5);

/// Hundredths of a point on the page as millimeters on the sheet.
pub(crate) fn mm(hundredths: i32) -> Mm {
    #[expect(
        clippy::cast_precision_loss,
        reason = "the page measures 79,200 hundredths, which f32 holds exactly"
    )]
    let points = (hundredths * SCALE) as f32 / 100.0;
    Mm::from(points * 25.4 / 72.0)
}

/// What a label is set in.
#[derive(Clone, Copy)]
pub(crate) enum Type {
    Sans,
    Bold,
    Serif,
}

pub(crate) struct Pen<'c, 'p> {
    pub(crate) context: &'c Context,
    pub(crate) canvas: Canvas<'p>,
    pub(crate) style: Style,
    pub(crate) serif: FontFamily<Font>,
    /// The first fault; drawing goes on and the fault is returned at the end of the sheet.
    pub(crate) fault: Option<genpdf::error::Error>,
}

impl Pen<'_, '_> {
    fn style(&self, face: Type, size: i32) -> Style {
        let size = u8::try_from(size * SCALE / 100).unwrap_or(u8::MAX);
        let style = self.style.with_font_size(size);
        match face {
            Type::Sans => style,
            Type::Bold => style.bold(),
            Type::Serif => style.with_font_family(self.serif),
        }
    }

    pub(crate) fn text(&mut self, face: Type, size: i32, left: i32, baseline: i32, text: &str) {
        let style = self.style(face, size);
        let fonts = &self.context.font_cache;
        // genpdf sets the first letter's ink, not its origin, at the position; values are set by origin.
        let bearing = text
            .chars()
            .next()
            .map_or(Mm::from(0), |c| style.char_left_side_bearing(fonts, c));
        let position = Position::new(mm(left) + bearing, mm(baseline) - style.metrics(fonts).ascent);
        if let Err(fault) = self.canvas.print_str(fonts, position, style, text) {
            self.fault.get_or_insert(fault);
        }
    }

    pub(crate) fn label(&mut self, left: i32, baseline: i32, text: &str) {
        self.text(Type::Bold, plan::LABEL, left, baseline, text);
    }

    pub(crate) fn centered_label(&mut self, left: i32, right: i32, baseline: i32, size: i32, text: &str) {
        let style = self.style(Type::Bold, size);
        // genpdf's own width of a text counts kerning, which standard fonts are set without.
        let width: Mm = text
            .chars()
            .map(|c| style.char_width(&self.context.font_cache, c))
            .sum();
        let position = Position::new(
            (mm(left) + mm(right) - width) / 2.0,
            mm(baseline) - style.metrics(&self.context.font_cache).ascent,
        );
        if let Err(fault) = self
            .canvas
            .print_str(&self.context.font_cache, position, style, text)
        {
            self.fault.get_or_insert(fault);
        }
    }

    /// A paragraph that genpdf breaks into lines: a bold opening, then plain text.
    pub(crate) fn paragraph(&mut self, area: Area, size: i32, opening: &str, text: &str) {
        let mut paragraph = Paragraph::default();
        if !opening.is_empty() {
            paragraph.push_styled(format!("{opening} "), self.style(Type::Bold, size));
        }
        paragraph.push_styled(text, self.style(Type::Sans, size));
        let mut canvas = self.canvas.clone();
        canvas.add_offset(Position::new(mm(area.left), mm(area.top)));
        // genpdf breaks lines by widths that count kerning; set without it, lines come out a little longer.
        canvas.set_size(Size::new(mm(area.width() - KERNING), mm(area.height())));
        let style = self.style.with_line_spacing(1.06);
        match paragraph.render(self.context, canvas, style) {
            Ok(done) if done.has_more => {
                self.fault.get_or_insert(genpdf::error::Error::new(
                    format!("\"{opening}\" does not fit its place"),
                    genpdf::error::ErrorKind::PageSizeExceeded,
                ));
            }
            Ok(_) => {}
            Err(fault) => {
                self.fault.get_or_insert(fault);
            }
        }
    }

    pub(crate) fn line(&self, weight: i32, points: &[(i32, i32)]) {
        self.canvas.draw_line(
            points
                .iter()
                .map(|(x, y)| Position::new(mm(*x), mm(*y)))
                .collect::<Vec<_>>(),
            LineStyle::new().with_thickness(mm(weight)),
        );
    }

    pub(crate) fn across(&self, weight: i32, left: i32, right: i32, y: i32) {
        self.line(weight, &[(left, y), (right, y)]);
    }

    pub(crate) fn down(&self, weight: i32, x: i32, top: i32, bottom: i32) {
        self.line(weight, &[(x, top), (x, bottom)]);
    }

    pub(crate) fn choice(&mut self, choice: Choice, face: Type, size: i32) {
        let (left, right) = (choice.left, choice.left + plan::BOX);
        let (top, bottom) = (choice.top(), choice.top() + plan::BOX);
        self.line(
            plan::HAIRLINE,
            &[
                (left, top),
                (right, top),
                (right, bottom),
                (left, bottom),
                (left, top),
            ],
        );
        // The words of some boxes come with the policy.
        if !choice.label.is_empty() {
            self.text(
                face,
                size,
                choice.left + plan::BOX_TO_LABEL,
                choice.baseline(),
                choice.label,
            );
        }
    }

    pub(crate) fn choices(&mut self, choices: &[Choice]) {
        for choice in choices {
            self.choice(*choice, Type::Sans, plan::FINE);
        }
    }

    /// Labels of the limits with a hairline between each two, and the rule below the band.
    pub(crate) fn limits(&mut self, band: Band, first_row: i32, labels: &[&str]) {
        for (row, label) in (first_row..).zip(labels) {
            self.text(
                Type::Sans,
                plan::FINE,
                plan::LIMITS_LEFT + PAD,
                band.baseline(row),
                label,
            );
        }
        for row in 1..band.rows {
            self.across(
                plan::HAIRLINE / 2,
                plan::LIMITS_LEFT,
                plan::RIGHT,
                band.row_top(row),
            );
        }
        self.across(plan::HAIRLINE, plan::LEFT, plan::RIGHT, band.bottom());
    }
}
