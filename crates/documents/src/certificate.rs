//! The certificate: the payload's values stamped between the furniture of page one.
//!
//! Invariant: values are drawn in the order in which the page is read.

use std::str;

use chrono::{Datelike as _, NaiveDate};
use countersign_domain::certificates::payload::{
    CertificatePayload, PrintedEndorsement, PrintedLine, PrintedParty, PrintedProducer, hex,
};
use countersign_domain::policies::Line;
use countersign_domain::policies::coverage::Excluded;
use countersign_domain::text::Address;
use sha2::{Digest as _, Sha256};

use crate::coverage::NOTHING;
use crate::file::{Builder, Packing};
use crate::furniture::Section;
use crate::plan::{self, Area, PAD, pt, tenths};
use crate::setting::{Piece, Remark, Setting, Stand, drop, leading};
use crate::template::{CATALOG, FONTS, FURNITURE, PAGES, template};
use crate::text::wrap;
use crate::typeface::{Face, Typeface, needs_embedding};
use crate::{RenderError, RenderedCertificate, TEMPLATE_VERSION, embed, remarks};

type Drawn = Result<(), RenderError>;

/// A date as Americans write it.
pub(crate) fn american(date: NaiveDate) -> String {
    format!("{:02}/{:02}/{:04}", date.month(), date.day(), date.year())
}

pub(crate) fn render(payload: &CertificatePayload, packing: Packing) -> Result<RenderedCertificate, RenderError> {
    check(payload)?;
    let fault = |error: &dyn std::fmt::Display| RenderError::Payload(error.to_string());
    let canonical = payload.canonical().map_err(|error| fault(&error))?;
    // What `CertificatePayload::fingerprint` gives, without writing the payload a second time.
    let fingerprint = hex(&Sha256::digest(&canonical));
    // The canonical form holds every text of the payload, so this decision cannot forget a field.
    let texts = str::from_utf8(&canonical).map_err(|error| fault(&error))?;
    let typeface = if needs_embedding(texts) { Typeface::embedded()? } else { Typeface::standard()? };

    let mut setting = Setting::new(typeface);
    front(&mut setting, payload)?;
    let continued = remarks::paginate(&setting)?;
    let pages = u16::try_from(1 + continued.len()).unwrap_or(u16::MAX);
    foot(&mut setting, &fingerprint, 1, pages)?;
    let mut contents = vec![setting.take_page()];
    for (number, lines) in (2..).zip(continued) {
        remarks::page(&mut setting, payload, lines, number == pages)?;
        foot(&mut setting, &fingerprint, number, pages)?;
        contents.push(setting.take_page());
    }
    let bytes = assemble(payload, &fingerprint, &setting.typeface, &contents, packing)?;
    Ok(RenderedCertificate { bytes, pages })
}

fn check(payload: &CertificatePayload) -> Drawn {
    if payload.template != TEMPLATE_VERSION {
        return Err(RenderError::UnknownTemplate { asked: payload.template, known: TEMPLATE_VERSION });
    }
    if payload.insurers.len() > 6 {
        return Err(RenderError::TooManyInsurers(payload.insurers.len()));
    }
    let used = [
        payload.general_liability.as_ref().map(|line| line.insurer),
        payload.commercial_auto.as_ref().map(|line| line.insurer),
        payload.umbrella_excess.as_ref().map(|line| line.insurer),
        payload.workers_compensation.as_ref().map(|line| line.insurer),
        payload.other.as_ref().map(|line| line.insurer),
    ];
    match used.into_iter().flatten().find(|letter| payload.insurers.iter().all(|i| i.letter != *letter)) {
        Some(letter) => Err(RenderError::UnlistedInsurer(letter)),
        None => Ok(()),
    }
}

fn front(setting: &mut Setting, payload: &CertificatePayload) -> Drawn {
    setting.ink.furniture(Section::Head.resource());
    head(setting, payload)?;
    setting.ink.furniture(Section::Producer.resource());
    producer(setting, &payload.producer)?;
    label(setting, plan::INSURED_TOP + tenths(85), "INSURED")?;
    let pieces = party(&payload.insured, "Insured", plan::NAME, plan::VALUE, true);
    setting.block(&pieces, plan::FLOOR, plan::INSURED, Stand::Top)?;
    setting.ink.furniture(Section::Insurers.resource());
    insurers(setting, payload)?;
    setting.ink.furniture(Section::GeneralLiability.resource());
    setting.general_liability(payload.general_liability.as_ref())?;
    setting.ink.furniture(Section::CommercialAuto.resource());
    setting.commercial_auto(payload.commercial_auto.as_ref())?;
    setting.ink.furniture(Section::UmbrellaExcess.resource());
    setting.umbrella_excess(payload.umbrella_excess.as_ref())?;
    setting.ink.furniture(Section::WorkersCompensation.resource());
    setting.workers_compensation(payload.workers_compensation.as_ref())?;
    setting.ink.furniture(Section::Other.resource());
    setting.other(payload.other.as_ref())?;
    label(setting, plan::DESCRIPTION.top + tenths(85), "DESCRIPTION OF OPERATIONS, LOCATIONS AND VEHICLES")?;
    description(setting, payload)?;
    label(setting, plan::HOLDER.top + tenths(95), "CERTIFICATE HOLDER")?;
    holder(setting, &payload.holder)?;
    setting.ink.furniture(Section::Closing.resource());
    signature(setting, payload)
}

/// The label of a box that holds nothing else; it comes with the value, which costs less than a section
/// of the furniture would.
fn label(setting: &mut Setting, baseline: i32, text: &str) -> Drawn {
    setting.text(Face::Bold, plan::LABEL, plan::LEFT + PAD, baseline, text)
}

/// Date issued, certificate number and revision, as they stand on every page.
pub(crate) fn head(setting: &mut Setting, payload: &CertificatePayload) -> Drawn {
    let Area { bottom, .. } = plan::HEAD_VALUE;
    let baseline = bottom - tenths(45);
    setting.text(Face::Bold, plan::NAME, plan::DATE_LEFT + PAD, baseline, &american(payload.issued_on))?;
    let number = Piece::new(Face::Bold, plan::NAME, "Certificate number", payload.number.as_str());
    let area = Area::new(
        plan::NUMBER_LEFT + PAD,
        plan::HEAD_VALUE.top,
        plan::REVISION_LEFT - PAD,
        plan::HEAD_VALUE.bottom,
    );
    setting.block(&[number], plan::FLOOR, area, Stand::Middle)?;
    setting.text(Face::Bold, plan::NAME, plan::REVISION_LEFT + PAD, baseline, &payload.revision.to_string())
}

fn producer(setting: &mut Setting, producer: &PrintedProducer) -> Drawn {
    let name = Piece::new(Face::Bold, plan::NAME, "Producer", producer.name.as_str());
    setting.block(&[name], plan::FLOOR, plan::PRODUCER_NAME, Stand::Top)?;
    let address = [
        Piece::new(Face::Sans, plan::VALUE, "Producer, street", street(&producer.address)),
        Piece::new(Face::Sans, plan::VALUE, "Producer, town", town(&producer.address)),
    ];
    setting.block(&address, plan::FLOOR, plan::PRODUCER_ADDRESS, Stand::Top)?;
    let [upper, lower] = plan::CONTACT_BASELINES;
    let contact = producer.contact_name.as_ref().map_or(NOTHING, |name| name.as_str());
    let phone = producer.phone.as_ref().map_or(NOTHING, |phone| phone.as_str());
    let email = producer.email.as_ref().map_or(NOTHING, |email| email.as_str());
    let fax = producer.fax.as_ref().map_or(NOTHING, |fax| fax.as_str());
    for (name, text, place, baseline) in [
        ("Producer, contact", contact, plan::CONTACT_VALUE, upper),
        ("Producer, phone", phone, plan::PHONE_VALUE, upper),
        ("Producer, email", email, plan::CONTACT_VALUE, lower),
        ("Producer, fax", fax, plan::PHONE_VALUE, lower),
    ] {
        setting.line(&Piece::new(Face::Sans, pt(8), name, text), plan::FLOOR, place, baseline)?;
    }
    Ok(())
}

fn street(address: &Address) -> String {
    match &address.line2 {
        Some(line2) => format!("{}, {line2}", address.line1),
        None => address.line1.to_string(),
    }
}

fn town(address: &Address) -> String {
    format!("{}, {} {}", address.city, address.state, address.postal_code)
}

/// Name and address, below one another; `short` puts both lines of the street on one.
fn party<'p>(party: &'p PrintedParty, name: &'static str, bold: i32, size: i32, short: bool) -> Vec<Piece<'p>> {
    let mut pieces = vec![Piece::new(Face::Bold, bold, name, party.name.as_str())];
    if let Some(care_of) = &party.care_of {
        pieces.push(Piece::new(Face::Sans, size, name, format!("c/o {care_of}")));
    }
    if short {
        pieces.push(Piece::new(Face::Sans, size, name, street(&party.address)));
    } else {
        pieces.push(Piece::new(Face::Sans, size, name, party.address.line1.as_str()));
        pieces.extend(party.address.line2.as_ref().map(|line| Piece::new(Face::Sans, size, name, line.as_str())));
    }
    pieces.push(Piece::new(Face::Sans, size, name, town(&party.address)));
    pieces
}

fn insurers(setting: &mut Setting, payload: &CertificatePayload) -> Drawn {
    for (row, letter) in (0..).zip('A'..='F') {
        let top = plan::INSURERS_TOP + row * plan::INSURER_ROW;
        let bottom = top + plan::INSURER_ROW;
        let area = Area::new(plan::INSURER_NAME_LEFT, top, plan::NAIC_LEFT - PAD, bottom);
        let naic = (plan::NAIC_LEFT + PAD, plan::RIGHT - PAD);
        let (name, code) = match payload.insurers.iter().find(|insurer| insurer.letter == letter) {
            Some(insurer) => (insurer.name.as_str(), insurer.naic.as_str()),
            None => (NOTHING, NOTHING),
        };
        setting.block(&[Piece::new(Face::Sans, plan::VALUE, "Insurer", name)], plan::FLOOR, area, Stand::Middle)?;
        setting.center(Face::Sans, plan::VALUE, naic, top + tenths(125), code)?;
    }
    Ok(())
}

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
        line.map_or([None, None], |line| [line.additional_insured.as_ref(), line.waiver.as_ref()])
    }
    let marked = [
        marks(payload.general_liability.as_ref()),
        marks(payload.commercial_auto.as_ref()),
        marks(payload.umbrella_excess.as_ref()),
        marks(payload.workers_compensation.as_ref()),
        marks(payload.other.as_ref()),
    ];
    let mut rows = Vec::new();
    if let Some(Excluded::Yes(who)) = payload.workers_compensation.as_ref().map(|line| &line.coverage.excluded) {
        rows.push(Row {
            label: format!("{}: excluded", short_label(Line::WorkersCompensation)),
            number: String::new(),
            title: who.to_string(),
        });
    }
    for form in payload.endorsements() {
        let behind = |mark: Option<&PrintedEndorsement>| mark.is_some_and(|other| other.id == form.id);
        let mark = match (marked.iter().any(|[ai, _]| behind(*ai)), marked.iter().any(|[_, wos]| behind(*wos))) {
            (true, true) => "additional insured, waiver",
            (true, false) => "additional insured",
            _ => "waiver of recovery",
        };
        rows.push(Row {
            label: format!("{}: {mark}", short_label(form.line)),
            number: format!("{} ({})", form.form_number, form.edition),
            title: form.title.to_string(),
        });
    }
    rows
}

/// The cells of a row and the places of its columns.
fn columns(row: &Row) -> [(Face, (i32, i32), &str); 3] {
    let gap = pt(4);
    let text = plan::DESCRIPTION_TEXT;
    [
        (Face::Sans, (text.left, plan::FORM_NUMBER_LEFT - gap), row.label.as_str()),
        (Face::Bold, (plan::FORM_NUMBER_LEFT, plan::FORM_TITLE_LEFT - gap), row.number.as_str()),
        (Face::Sans, (plan::FORM_TITLE_LEFT, text.right), row.title.as_str()),
    ]
}

fn description(setting: &mut Setting, payload: &CertificatePayload) -> Drawn {
    let area = plan::DESCRIPTION_TEXT;
    let rows = rows(payload);
    let list_top = list(setting, &rows)?;
    let room = Area::new(area.left, area.top, area.right, list_top - pt(3));
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
    Ok(())
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
    setting.right(Face::Bold, plan::FINE, place, end + drop(plan::FINE), "Continued on page 2")?;
    // The rest starts where the first line that was not set starts.
    let offset = rest.first().map_or(text.len(), |line| line.as_ptr().addr() - text.as_ptr().addr());
    setting.remarks.insert(
        0,
        Remark {
            heading: "Description of operations, locations and vehicles, continued from page 1".to_owned(),
            text: text.get(offset..).unwrap_or_default().to_owned(),
        },
    );
    Ok(end + pointer_height)
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
    Ok((leading(size) * i32::try_from(lines).unwrap_or(i32::MAX / 10_000), cells))
}

/// Sets the list of forms at the foot of the description; returns its upper edge.
///
/// At least three lines stay for the description. The rows shrink to the floor before the last ones
/// leave for the remarks.
fn list(setting: &mut Setting, rows: &[Row]) -> Result<i32, RenderError> {
    let area = plan::DESCRIPTION_TEXT;
    if rows.is_empty() {
        return Ok(area.bottom);
    }
    let heading = leading(plan::LABEL) + pt(1);
    let room = area.height() - 3 * leading(plan::VALUE) - heading - pt(3);
    let mut size = plan::FINE;
    let broken = loop {
        let broken = rows.iter().map(|row| break_row(setting, row, size)).collect::<Result<Vec<_>, _>>()?;
        if broken.iter().map(|(tall, _)| tall).sum::<i32>() <= room || size <= plan::FLOOR {
            break broken;
        }
        size -= 25;
    };
    let mut height = 0;
    let fitting = broken.iter().take_while(|(tall, _)| {
        height += tall;
        height <= room
    });
    let shown = fitting.count();
    for row in rows.iter().skip(shown) {
        setting.remarks.push(Remark {
            heading: "Forms behind the marks and exclusions, continued from page 1".to_owned(),
            text: format!("{}: {} {}", row.label, row.number, row.title),
        });
    }
    let height: i32 = broken.iter().take(shown).map(|(tall, _)| tall).sum();
    let list_top = area.bottom - height - heading;
    setting.ink.rule(plan::HAIRLINE, (plan::LEFT, list_top), (plan::RIGHT, list_top));
    let baseline = list_top + drop(plan::LABEL) + pt(1);
    label(setting, baseline, "FORMS BEHIND THE MARKS, AND EXCLUSIONS")?;
    if shown < rows.len() {
        setting.right(Face::Bold, plan::FINE, (area.left, area.right), baseline, "Continued on page 2")?;
    }
    let mut top = list_top + heading;
    for (tall, cells) in broken.iter().take(shown) {
        for (face, left, lines) in cells {
            for (index, line) in (0..).zip(lines) {
                setting.text(*face, size, *left, top + drop(size) + index * leading(size), line)?;
            }
        }
        top += tall;
    }
    Ok(list_top)
}

fn holder(setting: &mut Setting, holder: &PrintedParty) -> Drawn {
    let area = plan::HOLDER;
    let area = Area::new(area.left + PAD, area.top + pt(16), area.right - PAD, area.bottom - pt(3));
    let pieces = party(holder, "Certificate holder", pt(10), tenths(95), false);
    setting.block(&pieces, plan::FLOOR, area, Stand::Top)
}

fn signature(setting: &mut Setting, payload: &CertificatePayload) -> Drawn {
    let name = payload.authorized_representative.as_str();
    let place = (plan::SIGNATURE_LEFT + pt(4), plan::SIGNATURE_RIGHT);
    let signed = Piece::new(Face::Script, pt(16), "Authorized representative", name);
    setting.line(&signed, plan::FLOOR, place, plan::SIGNATURE_LINE - pt(4))?;
    let place = (plan::SIGNATURE_LEFT, plan::SIGNATURE_RIGHT);
    let printed = Piece::new(Face::Sans, pt(8), "Authorized representative", name);
    setting.line(&printed, plan::FLOOR, place, plan::PRINTED_NAME_BASELINE)
}

fn foot(setting: &mut Setting, fingerprint: &str, page: u16, pages: u16) -> Drawn {
    let baseline = plan::FOOT_BASELINE;
    setting.text(Face::Sans, plan::FINE, plan::LEFT, baseline, &format!("Page {page} of {pages}"))?;
    let version = format!("Countersign liability certificate, template version {TEMPLATE_VERSION}");
    setting.center(Face::Sans, plan::FINE, (plan::LEFT + pt(60), plan::RIGHT - pt(60)), baseline, &version)?;
    let (first, last) = (fingerprint.get(..8), fingerprint.get(fingerprint.len().saturating_sub(8)..));
    let shown = format!("Fingerprint {} \u{2026} {}", first.unwrap_or_default(), last.unwrap_or_default());
    setting.right(Face::Sans, plan::FINE, (plan::MIDDLE, plan::RIGHT), baseline, &shown)
}

/// Puts the pages' contents into a file.
fn assemble(
    payload: &CertificatePayload,
    fingerprint: &str,
    typeface: &Typeface,
    contents: &[Vec<u8>],
    packing: Packing,
) -> Result<Vec<u8>, RenderError> {
    let template = template()?;
    let mut file = template.start.continued();
    let fonts = match typeface {
        Typeface::Standard(_) => FONTS,
        Typeface::Embedded { fonts, subsets } => embed::embed(&mut file, fonts, subsets, fingerprint)?,
    };
    let remarks = if contents.len() > 1 { file.append(&template.remarks) } else { 0 };
    let mut kids = String::new();
    for (index, content) in contents.iter().enumerate() {
        let content = file.append(&Builder::stream("", content, packing)?);
        let furniture = if index == 0 {
            format!("{FURNITURE} 0 R")
        } else {
            format!("<</{} {remarks} 0 R>>", Section::Remarks.resource())
        };
        let page = format!(
            "<</Type/Page/Parent {PAGES} 0 R/MediaBox[0 0 612 792]\
             /Resources<</Font {fonts} 0 R/XObject {furniture}>>/Contents {content} 0 R>>"
        );
        kids.push_str(&format!("{} 0 R ", file.append(page.as_bytes())));
    }
    let tree = format!("<</Type/Pages/Count {}/Kids[{}]>>", contents.len(), kids.trim_end());
    file.object(PAGES, tree.as_bytes());
    let info = file.append(&information(payload));
    Ok(file.finish(CATALOG, info, fingerprint.get(..32).unwrap_or_default()))
}

/// The document's properties, as viewers show them.
fn information(payload: &CertificatePayload) -> Vec<u8> {
    let title = format!(
        "Certificate of Insurance {}, revision {}: {}",
        payload.number, payload.revision, payload.insured.name
    );
    let subject = format!("Liability insurance of {}, for {}", payload.insured.name, payload.holder.name);
    // Noon in London is the same day from Maine to Hawaii, so that no viewer shows the day before.
    let date = payload.issued_on.format("D:%Y%m%d120000Z").to_string();
    let mut out = b"<<".to_vec();
    for (key, text) in [
        ("/Title", title.as_str()),
        ("/Author", payload.producer.name.as_str()),
        ("/Subject", subject.as_str()),
        ("/Creator", "Countersign"),
        ("/Producer", "Countersign"),
        ("/CreationDate", date.as_str()),
        ("/ModDate", date.as_str()),
    ] {
        out.extend_from_slice(key.as_bytes());
        embed::push_text(&mut out, text);
    }
    out.extend_from_slice(b">>");
    out
}
