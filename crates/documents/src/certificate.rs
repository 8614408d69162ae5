//! The certificate: the payload's values stamped between the furniture of page one.
//!
//! Invariant: values are drawn in the order in which the page is read.

use std::str;

use chrono::{Datelike as _, NaiveDate};
use countersign_domain::certificates::payload::{CertificatePayload, hex};
use sha2::{Digest as _, Sha256};

use crate::file::{Builder, Packing};
use crate::furniture::Section;
use crate::plan::{self, pt};
use crate::setting::Setting;
use crate::template::{CATALOG, FONTS, FURNITURE, PAGES, template};
use crate::typeface::{Face, Typeface, needs_embedding};
use crate::{RenderError, RenderedCertificate, TEMPLATE_VERSION, embed, parties, remarks};

pub(crate) type Drawn = Result<(), RenderError>;

/// A date as Americans write it.
pub(crate) fn american(date: NaiveDate) -> String {
    format!("{:02}/{:02}/{:04}", date.month(), date.day(), date.year())
}

pub(crate) fn render(
    payload: &CertificatePayload,
    packing: Packing,
) -> Result<RenderedCertificate, RenderError> {
    check(payload)?;
    let fault = |error: &dyn std::fmt::Display| RenderError::Payload(error.to_string());
    let canonical = payload.canonical().map_err(|error| fault(&error))?;
    // What `CertificatePayload::fingerprint` gives, without writing the payload a second time.
    let fingerprint = hex(&Sha256::digest(&canonical));
    // The canonical form holds every text of the payload, so this decision cannot forget a field.
    let texts = str::from_utf8(&canonical).map_err(|error| fault(&error))?;
    let typeface = if needs_embedding(texts) {
        Typeface::embedded()?
    } else {
        Typeface::standard()?
    };

    let mut setting = Setting::new(typeface);
    front(&mut setting, payload)?;
    let continued = remarks::paginate(&setting)?;
    let pages = u16::try_from(1 + continued.len()).unwrap_or(u16::MAX);
    foot(&mut setting, &fingerprint, 1, pages)?;
    let mut contents = vec![setting.take_page()];
    for (number, lines) in (2..).zip(continued) {
        let next = (number < pages).then_some(number + 1);
        remarks::page(&mut setting, payload, lines, next)?;
        foot(&mut setting, &fingerprint, number, pages)?;
        contents.push(setting.take_page());
    }
    let bytes = assemble(payload, &fingerprint, &setting.typeface, &contents, packing)?;
    Ok(RenderedCertificate { bytes, pages })
}

fn check(payload: &CertificatePayload) -> Drawn {
    if payload.template != TEMPLATE_VERSION {
        return Err(RenderError::UnknownTemplate {
            asked: payload.template,
            known: TEMPLATE_VERSION,
        });
    }
    if payload.insurers.len() > 6 {
        return Err(RenderError::TooManyInsurers(payload.insurers.len()));
    }
    let mut letters = Vec::with_capacity(6);
    for insurer in &payload.insurers {
        if !('A'..='F').contains(&insurer.letter) || letters.contains(&insurer.letter) {
            return Err(RenderError::InsurerLetter(insurer.letter));
        }
        letters.push(insurer.letter);
    }
    let used = [
        payload.general_liability.as_ref().map(|line| line.insurer),
        payload.commercial_auto.as_ref().map(|line| line.insurer),
        payload.umbrella_excess.as_ref().map(|line| line.insurer),
        payload.workers_compensation.as_ref().map(|line| line.insurer),
        payload.other.as_ref().map(|line| line.insurer),
    ];
    match used
        .into_iter()
        .flatten()
        .find(|letter| !letters.contains(letter))
    {
        Some(letter) => Err(RenderError::UnlistedInsurer(letter)),
        None => Ok(()),
    }
}

fn front(setting: &mut Setting, payload: &CertificatePayload) -> Drawn {
    setting.ink.furniture(Section::Head.resource());
    parties::head(setting, payload)?;
    setting.ink.furniture(Section::Producer.resource());
    parties::producer(setting, &payload.producer)?;
    parties::insured(setting, &payload.insured)?;
    setting.ink.furniture(Section::Insurers.resource());
    parties::insurers(setting, payload)?;
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
    crate::description::description(setting, payload)?;
    parties::holder(setting, &payload.holder)?;
    setting.ink.furniture(Section::Closing.resource());
    parties::signature(setting, payload)
}

fn foot(setting: &mut Setting, fingerprint: &str, page: u16, pages: u16) -> Drawn {
    let baseline = plan::FOOT_BASELINE;
    setting.text(
        Face::Sans,
        plan::FINE,
        plan::LEFT,
        baseline,
        &format!("Page {page} of {pages}"),
    )?;
    let version = format!("Countersign liability certificate, template version {TEMPLATE_VERSION}");
    setting.center(
        Face::Sans,
        plan::FINE,
        (plan::LEFT + pt(60), plan::RIGHT - pt(60)),
        baseline,
        &version,
    )?;
    let (first, last) = (
        fingerprint.get(..8),
        fingerprint.get(fingerprint.len().saturating_sub(8)..),
    );
    let shown = format!(
        "Fingerprint of the facts {} \u{2026} {}",
        first.unwrap_or_default(),
        last.unwrap_or_default()
    );
    setting.right(
        Face::Sans,
        plan::FINE,
        (plan::MIDDLE, plan::RIGHT),
        baseline,
        &shown,
    )
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
        Typeface::Embedded(embedded) => embed::embed(&mut file, embedded, fingerprint)?,
    };
    let remarks = if contents.len() > 1 {
        file.append(&template.remarks)
    } else {
        0
    };
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
    let tree = format!(
        "<</Type/Pages/Count {}/Kids[{}]>>",
        contents.len(),
        kids.trim_end()
    );
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
    let subject = format!(
        "Liability insurance of {}, for {}",
        payload.insured.name, payload.holder.name
    );
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
