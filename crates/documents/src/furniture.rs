//! The page's furniture – rules, boxes, labels and the standing sentences – drawn with genpdf.
//!
//! Invariant: nothing here knows a payload. Every section is drawn on a sheet of its own, so that
//! values can be stamped between sections in reading order.
//! The sheets are ten times as large as the page, because genpdf knows whole point sizes only and the
//! page has labels of 6.5 pt; `condense` brings them back to size.

use countersign_domain::policies::labels;
use genpdf::fonts::{Font, FontData, FontFamily};
use genpdf::render::Area as Canvas;
use genpdf::style::Style;
use genpdf::{Context, Document, Element, RenderResult, Size};
use printpdf::BuiltinFont;

use crate::RenderError;
use crate::pen::{Pen, Type, mm};
use crate::plan::{self, Area, Band, PAD, pt, tenths};
use crate::typeface::{BOLD_FILE, SANS_FILE, SCRIPT_FILE, TITLE_FILE};

/// A part of the furniture that is drawn as a whole, in reading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Head,
    Producer,
    Insurers,
    GeneralLiability,
    CommercialAuto,
    UmbrellaExcess,
    WorkersCompensation,
    Other,
    Closing,
    Remarks,
}

impl Section {
    pub(crate) const ALL: [Self; 10] = [
        Self::Head,
        Self::Producer,
        Self::Insurers,
        Self::GeneralLiability,
        Self::CommercialAuto,
        Self::UmbrellaExcess,
        Self::WorkersCompensation,
        Self::Other,
        Self::Closing,
        Self::Remarks,
    ];

    /// Its name among the page's resources.
    pub(crate) const fn resource(self) -> char {
        match self {
            Self::Head => 'a',
            Self::Producer => 'b',
            Self::Insurers => 'c',
            Self::GeneralLiability => 'd',
            Self::CommercialAuto => 'e',
            Self::UmbrellaExcess => 'f',
            Self::WorkersCompensation => 'g',
            Self::Other => 'h',
            Self::Closing => 'i',
            Self::Remarks => 'j',
        }
    }
}

const INFORMATION: &str = "It reports the policies below as of the date issued. It gives its holder no rights, \
    changes no policy, and is no contract with an insurer or the producer. Each policy\u{2019}s own terms, exclusions \
    and conditions decide what is covered; paid claims may have reduced the limits.";
const MARKS: &str = "A holder is an additional insured, or protected by a waiver of an insurer\u{2019}s rights of \
    recovery, only if an endorsement on the policy says so. A Y under ADDL INSD or SUBR WVD points to such an \
    endorsement, listed by form below; the mark alone gives nothing.";
const CANCELLATION: &str = "Whether anyone is told that a policy ends early, who, and how, is decided by that policy \
    alone. This page promises its holder no notice.";

/// Draws all sections and returns genpdf's file: one sheet per section, in the order of [`Section::ALL`].
pub(crate) fn draw() -> Result<Vec<u8>, RenderError> {
    let fault = |error: genpdf::error::Error| RenderError::Template(error.to_string());
    let data = |file: &[u8], font| FontData::new(file.to_vec(), Some(font));
    let sans = FontFamily {
        regular: data(SANS_FILE, BuiltinFont::Helvetica).map_err(fault)?,
        bold: data(BOLD_FILE, BuiltinFont::HelveticaBold).map_err(fault)?,
        italic: data(SANS_FILE, BuiltinFont::Helvetica).map_err(fault)?,
        bold_italic: data(BOLD_FILE, BuiltinFont::HelveticaBold).map_err(fault)?,
    };
    let title = data(TITLE_FILE, BuiltinFont::TimesBold).map_err(fault)?;
    let script = data(SCRIPT_FILE, BuiltinFont::TimesItalic).map_err(fault)?;
    let mut document = Document::new(sans);
    let serif = document.add_font_family(FontFamily {
        regular: title.clone(),
        bold: title,
        italic: script.clone(),
        bold_italic: script,
    });
    document.set_minimal_conformance();
    document.set_paper_size(Size::new(mm(plan::PAGE_WIDTH), mm(plan::PAGE_HEIGHT)));
    document.push(Sheets {
        left: Section::ALL.iter(),
        serif,
    });
    let mut file = Vec::new();
    document.render(&mut file).map_err(fault)?;
    Ok(file)
}

/// The sections one after the other, each on a sheet.
struct Sheets {
    left: std::slice::Iter<'static, Section>,
    serif: FontFamily<Font>,
}

impl Element for Sheets {
    fn render(
        &mut self,
        context: &Context,
        area: Canvas<'_>,
        style: Style,
    ) -> Result<RenderResult, genpdf::error::Error> {
        let size = area.size();
        if let Some(section) = self.left.next() {
            let mut pen = Pen {
                context,
                canvas: area,
                style,
                serif: self.serif,
                fault: None,
            };
            pen.section(*section);
            if let Some(fault) = pen.fault {
                return Err(fault);
            }
        }
        Ok(RenderResult {
            size,
            has_more: !self.left.as_slice().is_empty(),
        })
    }
}

impl Pen<'_, '_> {
    fn section(&mut self, section: Section) {
        match section {
            Section::Head => self.head(),
            Section::Producer => self.producer(),
            Section::Insurers => self.insurers(),
            Section::GeneralLiability => self.general_liability(),
            Section::CommercialAuto => self.commercial_auto(),
            Section::UmbrellaExcess => self.umbrella_excess(),
            Section::WorkersCompensation => self.workers_compensation(),
            Section::Other => self.other(),
            Section::Closing => self.closing(),
            Section::Remarks => self.remarks(),
        }
    }

    /// Title at the left, the three cells at the right: the same on every page.
    fn title(&mut self, title: &str) {
        self.text(Type::Serif, plan::TITLE, plan::LEFT, pt(55), title);
        for (left, label) in [
            (plan::DATE_LEFT, "DATE ISSUED"),
            (plan::NUMBER_LEFT, "CERTIFICATE NUMBER"),
            (plan::REVISION_LEFT, "REVISION"),
        ] {
            self.label(left + PAD, plan::HEAD_LABEL_BASELINE, label);
            self.down(plan::HAIRLINE, left, pt(39), plan::HEAD_BOTTOM);
        }
    }

    fn frame(&self) {
        let (left, right) = (plan::LEFT, plan::RIGHT);
        let (top, bottom) = (plan::HEAD_BOTTOM, plan::FRAME_BOTTOM);
        self.line(
            plan::GROUP_RULE,
            &[
                (left, top),
                (right, top),
                (right, bottom),
                (left, bottom),
                (left, top),
            ],
        );
    }

    fn head(&mut self) {
        self.title("Certificate of Insurance \u{2014} Liability");
        self.frame();
        let (top, bottom) = (plan::STATEMENT_TOP + tenths(30), plan::STATEMENT_BOTTOM);
        let inner = tenths(60);
        self.paragraph(
            Area::new(plan::LEFT + PAD, top, plan::MIDDLE - inner, bottom),
            plan::FINE,
            "This page is information.",
            INFORMATION,
        );
        self.paragraph(
            Area::new(plan::MIDDLE + PAD, top, plan::RIGHT - PAD, bottom),
            plan::FINE,
            "Additional insureds and waivers.",
            MARKS,
        );
        self.across(plan::GROUP_RULE, plan::LEFT, plan::RIGHT, plan::STATEMENT_BOTTOM);
    }

    fn producer(&mut self) {
        self.label(plan::LEFT + PAD, plan::PARTIES_TOP + tenths(85), "PRODUCER");
        let [upper, lower] = plan::CONTACT_BASELINES;
        for (left, baseline, label) in [
            (plan::CONTACT_LEFT, upper, "Contact"),
            (plan::PHONE_LEFT, upper, "Phone"),
            (plan::CONTACT_LEFT, lower, "Email"),
            (plan::PHONE_LEFT, lower, "Fax"),
        ] {
            self.label(left, baseline, label);
        }
        self.across(plan::HAIRLINE, plan::LEFT, plan::MIDDLE, plan::INSURED_TOP);
        self.down(
            plan::HAIRLINE,
            plan::MIDDLE,
            plan::PARTIES_TOP,
            plan::PARTIES_BOTTOM,
        );
    }

    fn insurers(&mut self) {
        self.label(plan::MIDDLE + PAD, plan::PARTIES_TOP + tenths(85), "INSURERS");
        self.centered_label(
            plan::NAIC_LEFT,
            plan::RIGHT,
            plan::PARTIES_TOP + tenths(85),
            plan::LABEL,
            "NAIC NO.",
        );
        for (row, letter) in (0..).zip(["A", "B", "C", "D", "E", "F"]) {
            let top = plan::INSURERS_TOP + row * plan::INSURER_ROW;
            self.across(plan::HAIRLINE, plan::MIDDLE, plan::RIGHT, top);
            self.text(
                Type::Bold,
                plan::VALUE,
                plan::MIDDLE + PAD + pt(1),
                top + tenths(125),
                letter,
            );
        }
        self.down(
            plan::HAIRLINE,
            plan::NAIC_LEFT,
            plan::PARTIES_TOP,
            plan::PARTIES_BOTTOM,
        );
        self.across(plan::GROUP_RULE, plan::LEFT, plan::RIGHT, plan::PARTIES_BOTTOM);
    }

    fn table_head(&mut self) {
        let (upper, lower) = (plan::TABLE_TOP + tenths(85), plan::TABLE_TOP + tenths(160));
        let single = plan::TABLE_TOP + tenths(122);
        let (size, narrow) = (plan::LABEL, pt(6));
        self.centered_label(plan::LETTER_LEFT, plan::TYPE_LEFT, single, narrow, "INSR");
        self.label(plan::TYPE_LEFT + PAD, single, &labels::KIND.to_uppercase());
        self.centered_label(plan::ADDITIONAL_LEFT, plan::WAIVER_LEFT, upper, narrow, "ADDL");
        self.centered_label(plan::ADDITIONAL_LEFT, plan::WAIVER_LEFT, lower, narrow, "INSD");
        self.centered_label(plan::WAIVER_LEFT, plan::POLICY_LEFT, upper, narrow, "SUBR");
        self.centered_label(plan::WAIVER_LEFT, plan::POLICY_LEFT, lower, narrow, "WVD");
        self.label(
            plan::POLICY_LEFT + PAD,
            single,
            &labels::POLICY_NUMBER.to_uppercase(),
        );
        self.centered_label(
            plan::EFFECTIVE_LEFT,
            plan::EXPIRES_LEFT,
            single,
            size,
            "EFFECTIVE",
        );
        self.centered_label(plan::EXPIRES_LEFT, plan::LIMITS_LEFT, single, size, "EXPIRES");
        self.label(plan::LIMITS_LEFT + PAD, single, &labels::LIMITS.to_uppercase());
        self.across(
            plan::GROUP_RULE,
            plan::LEFT,
            plan::RIGHT,
            plan::TABLE_TOP + plan::TABLE_HEAD,
        );
        for x in [
            plan::TYPE_LEFT,
            plan::ADDITIONAL_LEFT,
            plan::WAIVER_LEFT,
            plan::POLICY_LEFT,
            plan::EFFECTIVE_LEFT,
            plan::EXPIRES_LEFT,
            plan::LIMITS_LEFT,
        ] {
            self.down(plan::HAIRLINE, x, plan::TABLE_TOP, plan::TABLE_BOTTOM);
        }
        self.across(plan::GROUP_RULE, plan::LEFT, plan::RIGHT, plan::TABLE_BOTTOM);
    }

    fn band_title(&mut self, band: Band, row: i32, title: &str) {
        self.text(
            Type::Bold,
            tenths(75),
            plan::TYPE_LEFT + PAD,
            band.baseline(row),
            title,
        );
    }

    fn general_liability(&mut self) {
        use plan::general_liability as words;
        self.table_head();
        let [commercial, others @ ..] = words::ALL;
        self.choice(commercial, Type::Bold, tenths(75));
        self.choices(&others);
        let band = plan::GENERAL_LIABILITY;
        self.text(
            Type::Sans,
            plan::FINE,
            plan::TYPE_LEFT + PAD,
            band.baseline(words::QUESTION_ROW),
            labels::general_liability::AGGREGATE_PER,
        );
        self.choices(&words::EXTRA);
        self.limits(band, 0, &words::LIMITS);
    }

    fn commercial_auto(&mut self) {
        use plan::commercial_auto as words;
        self.band_title(plan::COMMERCIAL_AUTO, 0, labels::commercial_auto::AUTO);
        self.choices(&words::ALL);
        self.choices(&words::EXTRA);
        self.limits(plan::COMMERCIAL_AUTO, 0, &words::LIMITS);
    }

    fn umbrella_excess(&mut self) {
        use plan::umbrella_excess as words;
        let [umbrella, excess, others @ ..] = words::ALL;
        self.choice(umbrella, Type::Bold, tenths(75));
        self.choice(excess, Type::Bold, tenths(75));
        self.choices(&others);
        self.limits(plan::UMBRELLA_EXCESS, 0, &words::LIMITS);
    }

    fn workers_compensation(&mut self) {
        use plan::workers_compensation as words;
        let band = plan::WORKERS_COMPENSATION;
        self.band_title(band, 0, "Workers compensation and");
        self.band_title(band, 1, "employers\u{2019} liability");
        let question = labels::workers_compensation::EXCLUDED;
        self.text(
            Type::Sans,
            plan::FINE,
            plan::TYPE_LEFT + PAD,
            band.baseline(2),
            question,
        );
        self.choices(&words::ALL);
        self.limits(band, words::FIRST_LIMIT_ROW, &words::LIMITS);
    }

    fn other(&mut self) {
        for row in 1..plan::OTHER.rows {
            self.across(
                plan::HAIRLINE / 2,
                plan::LIMITS_LEFT,
                plan::RIGHT,
                plan::OTHER.row_top(row),
            );
        }
    }

    fn closing(&mut self) {
        let top = plan::HOLDER.top;
        self.across(plan::GROUP_RULE, plan::LEFT, plan::RIGHT, top);
        self.down(plan::HAIRLINE, plan::MIDDLE, top, plan::FRAME_BOTTOM);
        self.label(plan::MIDDLE + PAD, top + tenths(95), "CANCELLATION");
        let area = Area::new(
            plan::MIDDLE + PAD,
            top + pt(12),
            plan::RIGHT - PAD,
            plan::CANCELLATION_BOTTOM,
        );
        self.paragraph(area, plan::FINE, "", CANCELLATION);
        self.across(
            plan::HAIRLINE,
            plan::MIDDLE,
            plan::RIGHT,
            plan::CANCELLATION_BOTTOM,
        );
        self.label(
            plan::MIDDLE + PAD,
            plan::CANCELLATION_BOTTOM + tenths(95),
            "AUTHORIZED REPRESENTATIVE OF THE PRODUCER",
        );
        self.across(
            plan::HAIRLINE,
            plan::SIGNATURE_LEFT,
            plan::SIGNATURE_RIGHT,
            plan::SIGNATURE_LINE,
        );
    }

    fn remarks(&mut self) {
        self.title("Certificate of Insurance \u{2014} Remarks");
        self.frame();
        for (left, label) in [(plan::LEFT, "INSURED"), (plan::MIDDLE, "CERTIFICATE HOLDER")] {
            self.label(left + PAD, plan::REMARKS_PARTIES_TOP + tenths(95), label);
        }
        self.down(
            plan::HAIRLINE,
            plan::MIDDLE,
            plan::REMARKS_PARTIES_TOP,
            plan::REMARKS_PARTIES_BOTTOM,
        );
        self.across(
            plan::GROUP_RULE,
            plan::LEFT,
            plan::RIGHT,
            plan::REMARKS_PARTIES_BOTTOM,
        );
    }
}
