//! A message as it travels: headers, both bodies and what is attached, in ASCII.

use countersign_domain::text::EmailAddress;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment as AttachedPart, Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message as Mime};

use super::{Attachment, Message};

/// A message in its final form.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// Who is told to the relay.
    pub(super) envelope: Envelope,
    /// What is handed over.
    pub bytes: Vec<u8>,
}

/// The message cannot be written; trying again would not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// An address that no relay would take.
    #[error("{0} is not an address that mail can be sent to")]
    Address(String),
    /// A header or a part was refused.
    #[error("the message could not be written: {0}")]
    Part(String),
}

/// Writes a message.
///
/// # Errors
/// [`EncodeError`].
pub fn encode(message: &Message) -> Result<Encoded, EncodeError> {
    let from = address(&message.from)?;
    let message_id = format!("<{}@{}>", message.identity, from.domain());
    let mut mime = Mime::builder()
        .from(Mailbox::new(Some(message.from_name.clone()), from.clone()))
        .subject(one_line(&message.subject))
        .date(message.date.into())
        .message_id(Some(message_id))
        .raw_header(plain("X-Idempotency-Key", &message.identity))
        // RFC 3834: written by a program, so that no other program answers it.
        .raw_header(plain("Auto-Submitted", "auto-generated"))
        .raw_header(plain("X-Auto-Response-Suppress", "OOF, AutoReply"));
    if let Some(reply_to) = &message.reply_to {
        mime = mime.reply_to(Mailbox::new(Some(message.from_name.clone()), address(reply_to)?));
    }
    if let Some(request) = message.request {
        mime = mime.raw_header(plain("X-Request-Id", &request.to_string()));
    }
    let mut recipients = Vec::new();
    for to in &message.to {
        let to = address(to)?;
        mime = mime.to(Mailbox::new(None, to.clone()));
        recipients.push(to);
    }
    for cc in &message.cc {
        let cc = address(cc)?;
        mime = mime.cc(Mailbox::new(None, cc.clone()));
        recipients.push(cc);
    }
    let part = |error: lettre::error::Error| EncodeError::Part(error.to_string());
    let envelope = Envelope::new(Some(from), recipients).map_err(part)?;
    let bodies = MultiPart::alternative()
        .singlepart(readable(&message.text, ContentType::TEXT_PLAIN)?)
        .singlepart(readable(&message.html, ContentType::TEXT_HTML)?);
    let mime = if message.attachments.is_empty() {
        mime.multipart(bodies)
    } else {
        let mut parts = MultiPart::mixed().multipart(bodies);
        for file in &message.attachments {
            parts = parts.singlepart(attached(file)?);
        }
        mime.multipart(parts)
    };
    Ok(Encoded {
        envelope,
        bytes: mime.map_err(part)?.formatted(),
    })
}

fn attached(file: &Attachment) -> Result<SinglePart, EncodeError> {
    let pdf = ContentType::parse("application/pdf").map_err(|error| EncodeError::Part(error.to_string()))?;
    let bytes = Body::new_with_encoding(file.bytes.clone(), ContentTransferEncoding::Base64)
        .map_err(|_| EncodeError::Part(file.name.clone()))?;
    Ok(AttachedPart::new(file.name.clone()).body(bytes, pdf))
}

/// A text as quoted-printable, whatever is in it: lines of any length pass every relay, and the source stays readable.
fn readable(text: &str, kind: ContentType) -> Result<SinglePart, EncodeError> {
    let body = Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| EncodeError::Part("a body".to_owned()))?;
    Ok(SinglePart::builder().header(kind).body(body))
}

/// The address with its domain in ASCII, so that every relay takes it.
fn address(address: &EmailAddress) -> Result<Address, EncodeError> {
    let refused = || EncodeError::Address(address.to_string());
    let (local, domain) = address.as_str().rsplit_once('@').ok_or_else(refused)?;
    match url::Host::parse(domain) {
        Ok(url::Host::Domain(domain)) => Address::new(local, domain).map_err(|_| refused()),
        _ => Err(refused()),
    }
}

fn plain(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// The subject as one line, whatever was stored.
fn one_line(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use mailparse::{MailHeaderMap as _, parse_mail};

    use super::*;

    fn message() -> Message {
        Message {
            identity: "0192aa".into(),
            from_name: "Summit Ridge, \"Insurance\" Agéncy".into(),
            from: EmailAddress::parse("no-reply@mail.example.com").unwrap(),
            reply_to: Some(EmailAddress::parse("certs@summit.example.com").unwrap()),
            to: vec![EmailAddress::parse("ana@example.com").unwrap()],
            cc: vec![EmailAddress::parse("lee@bücher.example").unwrap()],
            subject: "Certificate 26-1: Söhne & Co\r\nBcc: thief@example.com".into(),
            text: "Grüße\n.\nend".into(),
            html: "<p>Grüße</p>".into(),
            attachments: vec![
                Attachment {
                    name: "Certificate-26-1.pdf".into(),
                    bytes: vec![0, 255, 13, 10, 46],
                },
                Attachment {
                    name: "Endorsement-CG-20-10-04-13.pdf".into(),
                    bytes: vec![37, 80],
                },
            ],
            date: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
            request: Some(uuid::Uuid::from_u128(0x7e57)),
        }
    }

    use chrono::DateTime;

    #[test]
    fn a_written_message_reads_back_whole() {
        let encoded = encode(&message()).unwrap();
        assert!(encoded.bytes.is_ascii());
        let mail = parse_mail(&encoded.bytes).unwrap();
        let header = |name: &str| mail.headers.get_first_value(name).unwrap();
        assert_eq!(header("Message-ID"), "<0192aa@mail.example.com>");
        assert_eq!(header("X-Idempotency-Key"), "0192aa");
        assert_eq!(header("Auto-Submitted"), "auto-generated");
        assert_eq!(header("X-Request-Id"), "00000000-0000-0000-0000-000000007e57");
        assert!(header("From").contains("Summit Ridge"), "{}", header("From"));
        assert!(header("Reply-To").contains("certs@summit.example.com"));
        assert_eq!(header("Cc"), "lee@xn--bcher-kva.example");
        let bodies = &mail.subparts[0];
        assert_eq!(bodies.ctype.mimetype, "multipart/alternative");
        assert_eq!(bodies.subparts[0].get_body().unwrap(), "Grüße\r\n.\r\nend");
        assert_eq!(bodies.subparts[1].ctype.mimetype, "text/html");
        let file = &mail.subparts[1];
        assert_eq!(file.ctype.mimetype, "application/pdf");
        assert_eq!(file.get_body_raw().unwrap(), vec![0, 255, 13, 10, 46]);
        let disposition = file.get_content_disposition();
        assert_eq!(disposition.params["filename"], "Certificate-26-1.pdf");
        let second = &mail.subparts[2];
        assert_eq!(second.get_body_raw().unwrap(), vec![37, 80]);
        assert_eq!(
            second.get_content_disposition().params["filename"],
            "Endorsement-CG-20-10-04-13.pdf"
        );
        assert_eq!(mail.subparts.len(), 3);
    }

    #[test]
    fn a_long_line_arrives_as_one_line() {
        let line = "certificates@summit-ridge-insurance.example, ".repeat(60);
        let encoded = encode(&Message {
            text: format!("{line}\r\nend"),
            ..message()
        })
        .unwrap();
        let longest = encoded.bytes.split(|byte| *byte == b'\n').map(<[u8]>::len).max();
        assert!(longest <= Some(998), "{longest:?}");
        let mail = parse_mail(&encoded.bytes).unwrap();
        let text = &mail.subparts[0].subparts[0];
        assert_eq!(
            text.headers.get_first_value("Content-Transfer-Encoding").unwrap(),
            "quoted-printable"
        );
        assert_eq!(text.get_body().unwrap(), format!("{line}\r\nend"));
    }

    #[test]
    fn a_line_break_in_a_stored_subject_adds_no_header() {
        let encoded = encode(&message()).unwrap();
        let mail = parse_mail(&encoded.bytes).unwrap();
        assert!(mail.headers.get_first_value("Bcc").is_none());
        assert_eq!(
            mail.headers.get_first_value("Subject").unwrap(),
            "Certificate 26-1: Söhne & Co Bcc: thief@example.com"
        );
    }
}
