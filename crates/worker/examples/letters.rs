//! Writes every letter into a folder, as HTML and as text, to be looked at:
//! `cargo run -p countersign-worker --example letters -- FOLDER ["#accent"]`.

use std::error::Error;
use std::path::Path;

use chrono::{DateTime, NaiveDate};
use countersign_domain::agency::{Agency, AgencyProfile, Zone};
use countersign_domain::authz::ActorKind;
use countersign_domain::certificates::deliver::Attempt;
use countersign_domain::certificates::delivery::{Channel, DeliveryKind};
use countersign_domain::ids::{AgencyId, CertificateId, DeliveryId, InsuredId, PasswordLinkId, QuestionId};
use countersign_domain::policies::notify::NoticeFacts;
use countersign_domain::portal::LinkPurpose;
use countersign_domain::text::{Address, Color, EmailAddress, NonBlank, Phone, PostalCode, Slug, UsState};
use countersign_persistence::deliveries::{Enclosure, Outgoing};
use countersign_persistence::mailing::{Addressee, ArmedLink, Person, UsedLink};
use countersign_persistence::questions::ToMail;
use countersign_persistence::sessions::Token;
use countersign_worker::mail::Letterhead;
use countersign_worker::mail::letters::{self, Letter};
use url::Url;
use uuid::Uuid;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("say into which folder")?;
    let accent = arguments.next().unwrap_or_else(|| "#1f5f4a".to_owned());
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let agency = agency(&accent)?;
    let head = Letterhead::of(&agency);

    let message = "Hi Marisol,\n\nhere is the certificate for the roof replacement at 1200 Kietzke Lane. \
                   The additional insured endorsement you asked for is listed.\n\nDana Whitfield\nAlder Creek Roofing";
    write(
        folder,
        "certificate",
        &letters::certificate(&head, &outgoing(message, DeliveryKind::Original)?)?,
    )?;
    write(
        folder,
        "certificate-plain",
        &letters::certificate(&head, &outgoing("", DeliveryKind::ExactCopy)?)?,
    )?;

    let to_page =
        Url::parse("https://portal.example.com/summit-ridge/certificate#token=AAAAAAAAAAAAAAAAAAAAAQ")?;
    let until = DateTime::from_timestamp(1_803_000_000, 0).ok_or("a moment")?;
    write(
        folder,
        "certificate-link",
        &letters::certificate_link(&head, &outgoing("", DeliveryKind::ExactCopy)?, &to_page, until)?,
    )?;

    let insured = Person::Portal {
        insured: "Alder Creek Roofing LLC".to_owned(),
    };
    let staff = Person::Staff {
        first_name: "Jonah".to_owned(),
    };
    let link = |person: &Person, purpose| armed(agency.id, person.clone(), purpose);
    let invitation = link(&insured, LinkPurpose::Invitation)?;
    write(
        folder,
        "invitation",
        &letters::password_link(&head, &invitation, &address(&invitation)?)?,
    )?;
    let welcome = link(&staff, LinkPurpose::Invitation)?;
    write(
        folder,
        "invitation-staff",
        &letters::password_link(&head, &welcome, &address(&welcome)?)?,
    )?;
    let reset = link(&insured, LinkPurpose::Reset)?;
    write(
        folder,
        "reset",
        &letters::password_link(&head, &reset, &address(&reset)?)?,
    )?;

    let used = UsedLink {
        id: reset.id,
        purpose: LinkPurpose::Reset,
        to: reset.to,
        used_at: DateTime::from_timestamp(1_795_455_700, 0).ok_or("a moment")?,
    };
    let sign_in = Url::parse("https://portal.example.com/summit-ridge/sign-in")?;
    write(
        folder,
        "password-changed",
        &letters::password_changed(&head, &used, &sign_in)?,
    )?;
    let facts = NoticeFacts {
        agency: "Summit Ridge Insurance".to_owned(),
        insured: "Alder Creek Roofing LLC".to_owned(),
        insurer: "Ponderosa Casualty Company".to_owned(),
        policy_number: "GL-4471-26".to_owned(),
        line: "Commercial General Liability".to_owned(),
        cancelled_on: NaiveDate::from_ymd_opt(2026, 11, 30).ok_or("a day")?,
        holder: "Granite Peak Builders, Inc.".to_owned(),
        certificates: vec!["26-000128".to_owned(), "26-000140, revision 1".to_owned()],
    };
    write(
        folder,
        "courtesy-notice",
        &letters::courtesy_notice(&head, &facts, "Priya Nandakumar")?,
    )?;
    let asked = ToMail {
        id: QuestionId::from_uuid(Uuid::from_u128(6)),
        insured_name: "Alder Creek Roofing LLC".to_owned(),
        to: vec![EmailAddress::parse("office@aldercreek.example")?],
        message: "The new term begins on March 1.".to_owned(),
        asked_by_name: "Priya Nandakumar".to_owned(),
        holders: 12,
        expires_at: until,
        token: Token::fresh(agency.id)?,
    };
    let link = Url::parse("https://portal.example.com/summit-ridge/renewal#token=AAAAAAAAAAAAAAAAAAAAAQ")?;
    write(
        folder,
        "renewal-question",
        &letters::renewal_question(&head, &asked, &link)?,
    )
}

fn write(folder: &Path, name: &str, letter: &Letter) -> Result<(), Box<dyn Error>> {
    std::fs::write(folder.join(format!("{name}.html")), &letter.html)?;
    std::fs::write(
        folder.join(format!("{name}.txt")),
        format!("Subject: {}\n\n{}", letter.subject, letter.text),
    )?;
    Ok(())
}

fn agency(accent: &str) -> Result<Agency, Box<dyn Error>> {
    Ok(Agency {
        id: AgencyId::from_uuid(Uuid::from_u128(1)),
        slug: Slug::parse("summit-ridge")?,
        version: 1,
        profile: AgencyProfile {
            name: NonBlank::parse("Summit Ridge Insurance")?,
            address: Some(Address {
                line1: NonBlank::parse("480 Plumb Lane")?,
                line2: Some(NonBlank::parse("Suite 210")?),
                city: NonBlank::parse("Reno")?,
                state: UsState::parse("NV")?,
                postal_code: PostalCode::parse("89509")?,
            }),
            phone: Some(Phone::parse("(775) 555-0142")?),
            fax: None,
            email: Some(EmailAddress::parse("service@summitridge.example")?),
            contact_name: None,
            reply_to: Some(EmailAddress::parse("certificates@summitridge.example")?),
            support_text: Some(NonBlank::parse(
                "Our office is open Monday to Friday, 8 AM to 5 PM.",
            )?),
            accent_color: Color::parse(accent)?,
            authorized_representative: None,
            zone: Zone::parse("America/Los_Angeles")?,
            portal_channel: Channel::Attachment,
        },
    })
}

fn outgoing(message: &str, kind: DeliveryKind) -> Result<Outgoing, Box<dyn Error>> {
    Ok(Outgoing {
        attempt: Attempt {
            delivery: DeliveryId::from_uuid(Uuid::from_u128(2)),
            number: 1,
            after_unanswered: false,
            certificate: CertificateId::from_uuid(Uuid::from_u128(3)),
            insured: InsuredId::from_uuid(Uuid::from_u128(4)),
            certificate_number: "26-000128".to_owned(),
            to: vec![EmailAddress::parse("m.ortega@granitepeak.example")?],
            cc: Vec::new(),
        },
        kind,
        subject:
            "Certificate of insurance 26-000128: Alder Creek Roofing LLC for Granite Peak Builders, Inc."
                .to_owned(),
        message: message.to_owned(),
        requested_by: "Priya Nandakumar".to_owned(),
        requested_by_kind: if message.is_empty() {
            ActorKind::Staff
        } else {
            ActorKind::Portal
        },
        insured_name: "Alder Creek Roofing LLC".to_owned(),
        holder_name: "Granite Peak Builders, Inc.".to_owned(),
        revision: 0,
        issued_on: NaiveDate::from_ymd_opt(2026, 11, 18).ok_or("a day")?,
        bytes: Vec::new(),
        pages: 1,
        enclosures: vec![Enclosure {
            file_name: "Endorsement-CG-20-10-04-13.pdf".to_owned(),
            title: "Additional Insured - Owners, Lessees or Contractors".to_owned(),
            bytes: Vec::new(),
        }],
        link: None,
    })
}

fn armed(agency: AgencyId, person: Person, purpose: LinkPurpose) -> Result<ArmedLink, Box<dyn Error>> {
    Ok(ArmedLink {
        id: PasswordLinkId::from_uuid(Uuid::from_u128(5)),
        purpose,
        to: Addressee {
            person,
            username: "dana@aldercreekroofing.example".to_owned(),
            email: EmailAddress::parse("dana@aldercreekroofing.example")?,
        },
        expires_at: DateTime::from_timestamp(1_795_455_700, 0).ok_or("a moment")?,
        token: Token::fresh(agency)?,
        mark: "00".to_owned(),
    })
}

fn address(armed: &ArmedLink) -> Result<Url, Box<dyn Error>> {
    let mut url = Url::parse("https://portal.example.com/summit-ridge/set-password")?;
    url.set_fragment(Some(&format!("token={}", armed.token.encode())));
    Ok(url)
}
