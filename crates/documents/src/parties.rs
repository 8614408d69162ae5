//! The parties on the page: producer, insured, insurers, holder, and who signs for the producer.
//!
//! Invariant: an empty place for a party or its contact is closed with a dash.

use countersign_domain::certificates::payload::{CertificatePayload, PrintedParty, PrintedProducer};
use countersign_domain::text::Address;

use crate::certificate::{Drawn, american};
use crate::coverage::NOTHING;
use crate::plan::{self, Area, PAD, pt, tenths};
use crate::setting::{Piece, Setting, Stand};
use crate::typeface::Face;

/// The label of a box that holds nothing else; it comes with the value, which costs less than a section
/// of the furniture would.
pub(crate) fn label(setting: &mut Setting, baseline: i32, text: &str) -> Drawn {
    setting.text(Face::Bold, plan::LABEL, plan::LEFT + PAD, baseline, text)
}

/// Date issued, certificate number and revision, as they stand on every page.
pub(crate) fn head(setting: &mut Setting, payload: &CertificatePayload) -> Drawn {
    let baseline = plan::HEAD_VALUE_BASELINE;
    setting.text(
        Face::Bold,
        plan::NAME,
        plan::DATE_LEFT + PAD,
        baseline,
        &american(payload.issued_on),
    )?;
    let number = Piece::new(
        Face::Bold,
        plan::NAME,
        "Certificate number",
        payload.number.as_str(),
    );
    setting.block(&[number], plan::FLOOR, plan::HEAD_VALUE, Stand::Top)?;
    setting.text(
        Face::Bold,
        plan::NAME,
        plan::REVISION_LEFT + PAD,
        baseline,
        &payload.revision.to_string(),
    )
}

pub(crate) fn producer(setting: &mut Setting, producer: &PrintedProducer) -> Drawn {
    let name = Piece::new(Face::Bold, plan::NAME, "Producer", producer.name.as_str());
    setting.block(&[name], plan::FLOOR, plan::PRODUCER_NAME, Stand::Top)?;
    let address = [
        Piece::new(
            Face::Sans,
            plan::VALUE,
            "Producer, street",
            street(&producer.address),
        ),
        Piece::new(Face::Sans, plan::VALUE, "Producer, town", town(&producer.address)),
    ];
    setting.block(&address, plan::FLOOR, plan::PRODUCER_ADDRESS, Stand::Top)?;
    let [upper, lower] = plan::CONTACT_BASELINES;
    let contact = producer
        .contact_name
        .as_ref()
        .map_or(NOTHING, |name| name.as_str());
    let phone = producer.phone.as_ref().map_or(NOTHING, |phone| phone.as_str());
    let email = producer.email.as_ref().map_or(NOTHING, |email| email.as_str());
    let fax = producer.fax.as_ref().map_or(NOTHING, |fax| fax.as_str());
    for (name, text, place, baseline) in [
        ("Producer, contact", contact, plan::CONTACT_VALUE, upper),
        ("Producer, phone", phone, plan::PHONE_VALUE, upper),
        ("Producer, email", email, plan::CONTACT_VALUE, lower),
        ("Producer, fax", fax, plan::PHONE_VALUE, lower),
    ] {
        setting.line(
            &Piece::new(Face::Sans, pt(8), name, text),
            plan::FLOOR,
            place,
            baseline,
        )?;
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
fn party<'p>(
    party: &'p PrintedParty,
    name: &'static str,
    bold: i32,
    size: i32,
    short: bool,
) -> Vec<Piece<'p>> {
    let mut pieces = vec![Piece::new(Face::Bold, bold, name, party.name.as_str())];
    if let Some(care_of) = &party.care_of {
        // "Attn" or "c/o" is the sender's to say: it is another thing to send something to somebody's attention.
        pieces.push(Piece::new(Face::Sans, size, name, care_of.as_str()));
    }
    if short {
        pieces.push(Piece::new(Face::Sans, size, name, street(&party.address)));
    } else {
        pieces.push(Piece::new(Face::Sans, size, name, party.address.line1.as_str()));
        pieces.extend(
            party
                .address
                .line2
                .as_ref()
                .map(|line| Piece::new(Face::Sans, size, name, line.as_str())),
        );
    }
    pieces.push(Piece::new(Face::Sans, size, name, town(&party.address)));
    pieces
}

pub(crate) fn insurers(setting: &mut Setting, payload: &CertificatePayload) -> Drawn {
    for (row, letter) in (0..).zip('A'..='F') {
        let top = plan::INSURERS_TOP + row * plan::INSURER_ROW;
        let bottom = top + plan::INSURER_ROW;
        let area = Area::new(plan::INSURER_NAME_LEFT, top, plan::NAIC_LEFT - PAD, bottom);
        let naic = (plan::NAIC_LEFT + PAD, plan::RIGHT - PAD);
        let (name, code) = match payload.insurers.iter().find(|insurer| insurer.letter == letter) {
            Some(insurer) => (insurer.name.as_str(), insurer.naic.as_str()),
            None => (NOTHING, NOTHING),
        };
        setting.block(
            &[Piece::new(
                Face::Sans,
                plan::VALUE,
                format!("Insurer {letter}"),
                name,
            )],
            plan::FLOOR,
            area,
            Stand::Middle,
        )?;
        setting.center(Face::Sans, plan::VALUE, naic, top + tenths(125), code)?;
    }
    Ok(())
}

pub(crate) fn holder(setting: &mut Setting, holder: &PrintedParty) -> Drawn {
    label(setting, plan::HOLDER.top + tenths(95), "CERTIFICATE HOLDER")?;
    let area = plan::HOLDER;
    let area = Area::new(
        area.left + PAD,
        area.top + pt(16),
        area.right - PAD,
        area.bottom - pt(3),
    );
    let pieces = party(holder, "Certificate holder", pt(10), tenths(95), false);
    setting.block(&pieces, plan::FLOOR, area, Stand::Top)
}

pub(crate) fn signature(setting: &mut Setting, payload: &CertificatePayload) -> Drawn {
    let name = payload.authorized_representative.as_str();
    let place = (plan::SIGNATURE_LEFT + pt(4), plan::SIGNATURE_RIGHT);
    let signed = Piece::new(Face::Script, pt(16), "Authorized representative", name);
    setting.line(&signed, plan::FLOOR, place, plan::SIGNATURE_LINE - pt(4))?;
    let place = (plan::SIGNATURE_LEFT, plan::SIGNATURE_RIGHT);
    let printed = Piece::new(Face::Sans, pt(8), "Authorized representative", name);
    setting.line(&printed, plan::FLOOR, place, plan::PRINTED_NAME_BASELINE)
}

pub(crate) fn insured(setting: &mut Setting, insured: &PrintedParty) -> Drawn {
    label(setting, plan::INSURED_TOP + tenths(85), "INSURED")?;
    let pieces = party(insured, "Insured", plan::NAME, plan::VALUE, true);
    setting.block(&pieces, plan::FLOOR, plan::INSURED, Stand::Top)
}
