//! Delivery status notifications: what a mail system writes back, as RFC 3464 has it.
//!
//! Only a `multipart/report` with a `message/delivery-status` part is read. The mail it speaks of is named by the
//! Message-ID in the part that returns the mail or its headers; prose for people is not guessed at.

use chrono::{DateTime, Utc};
use countersign_domain::certificates::report::MailEventKind;
use mailparse::{MailHeader, MailHeaderMap as _, ParsedMail, dateparse, parse_headers, parse_mail};

/// What a notification says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) recipient: String,
    pub(super) kind: MailEventKind,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) reason: String,
}

/// A notification about one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notification {
    pub(super) message_id: String,
    pub(super) notices: Vec<Notice>,
}

/// Why a message is not a notification that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DsnError {
    #[error("is not a mail that can be read")]
    Unreadable,
    #[error("is not a delivery status notification: no message/delivery-status part")]
    NoStatus,
    #[error("does not say which mail it is about: no part returns the mail or its headers with a Message-ID")]
    NoMessageId,
}

/// Reads a notification.
pub(super) fn read(bytes: &[u8]) -> Result<Notification, DsnError> {
    let mail = parse_mail(bytes).map_err(|_| DsnError::Unreadable)?;
    let status = find(
        &mail,
        &["message/delivery-status", "message/global-delivery-status"],
    )
    .ok_or(DsnError::NoStatus)?
    .get_body()
    .map_err(|_| DsnError::Unreadable)?;
    let returned = find(
        &mail,
        &[
            "message/rfc822",
            "text/rfc822-headers",
            "message/global",
            "message/global-headers",
        ],
    );
    let message_id = returned
        .and_then(|part| part.get_body_raw().ok())
        .and_then(|raw| {
            let (headers, _) = parse_headers(&raw).ok()?;
            headers.get_first_value("Message-ID")
        })
        .ok_or(DsnError::NoMessageId)?;
    let written = moment(mail.headers.get_first_value("Date"));
    let text = status.replace("\r\n", "\n");
    let notices = text
        .split("\n\n")
        .filter_map(|block| {
            let (fields, _) = parse_headers(block.trim_start().as_bytes()).ok()?;
            notice(&fields, written)
        })
        .collect();
    Ok(Notification { message_id, notices })
}

/// The first part of one of these types.
fn find<'a, 'b>(mail: &'a ParsedMail<'b>, types: &[&str]) -> Option<&'a ParsedMail<'b>> {
    if types.contains(&mail.ctype.mimetype.as_str()) {
        return Some(mail);
    }
    mail.subparts.iter().find_map(|part| find(part, types))
}

fn notice(fields: &[MailHeader<'_>], written: Option<DateTime<Utc>>) -> Option<Notice> {
    let kind = match fields.get_first_value("Action")?.trim().to_lowercase().as_str() {
        "failed" => MailEventKind::Bounced,
        "delayed" => MailEventKind::Deferred,
        "delivered" => MailEventKind::Delivered,
        // Handed on to somebody who tells no more.
        _ => return None,
    };
    // As it was addressed, before anybody passed it on.
    let recipient = fields
        .get_first_value("Original-Recipient")
        .or_else(|| fields.get_first_value("Final-Recipient"))?;
    let said = |name: &str| fields.get_first_value(name).map(|value| typed(&value).to_owned());
    let reason = match (said("Status"), said("Diagnostic-Code")) {
        (Some(status), Some(words)) if !words.contains(&status) => format!("{status} {words}"),
        (_, Some(words)) => words,
        (Some(status), None) => status,
        (None, None) => String::new(),
    };
    Some(Notice {
        recipient: typed(&recipient).trim_matches(['<', '>']).to_owned(),
        kind,
        at: moment(fields.get_first_value("Last-Attempt-Date")).or(written),
        reason: reason.split_whitespace().collect::<Vec<_>>().join(" "),
    })
}

/// What stands behind the type in `rfc822; name@example.com`.
fn typed(value: &str) -> &str {
    value.split_once(';').map_or(value, |(_, rest)| rest).trim()
}

fn moment(date: Option<String>) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(dateparse(&date?).ok()?, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(status: &str, returned: &str) -> String {
        format!(
            "From: MAILER-DAEMON@mx.example.com\r\nTo: certificates@mail.example.com\r\n\
             Date: Mon, 02 Nov 2026 18:05:00 +0000\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n{returned}--b--\r\n"
        )
    }

    const RETURNED: &str = "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
        Subject: Certificate\r\nMessage-ID: <0192aa@mail.example.com>\r\n\r\n";

    #[test]
    fn every_recipient_of_a_notification_is_read() {
        let status = "Reporting-MTA: dns; mx.example.com\r\n\r\n\
            Original-Recipient: rfc822;old@northgate.example.com\r\n\
            Final-Recipient: rfc822; <mailbox@inside.example.com>\r\nAction: failed\r\nStatus: 5.1.1\r\n\
            Diagnostic-Code: smtp; 550 no such\r\n user\r\n\r\n\
            Final-Recipient: rfc822; pm@northgate.example.com\r\nAction: delayed\r\nStatus: 4.4.1\r\n\
            Last-Attempt-Date: Mon, 02 Nov 2026 18:01:00 +0000\r\n\r\n\
            Final-Recipient: rfc822; x@northgate.example.com\r\nAction: relayed\r\nStatus: 2.0.0\r\n";
        let read = read(report(status, RETURNED).as_bytes()).unwrap();
        assert_eq!(read.message_id, "<0192aa@mail.example.com>");
        let at = |text: &str| Some(text.parse().unwrap());
        assert_eq!(
            read.notices,
            [
                Notice {
                    recipient: "old@northgate.example.com".to_owned(),
                    kind: MailEventKind::Bounced,
                    at: at("2026-11-02T18:05:00Z"),
                    reason: "5.1.1 550 no such user".to_owned(),
                },
                Notice {
                    recipient: "pm@northgate.example.com".to_owned(),
                    kind: MailEventKind::Deferred,
                    at: at("2026-11-02T18:01:00Z"),
                    reason: "4.4.1".to_owned(),
                },
            ]
        );
    }

    #[test]
    fn what_is_no_notification_or_names_no_mail_is_refused() {
        let plain = b"Subject: hello\r\n\r\nI am out of the office.\r\n";
        assert_eq!(read(plain), Err(DsnError::NoStatus));
        let status = "Final-Recipient: rfc822; a@example.com\r\nAction: failed\r\n";
        assert_eq!(read(report(status, "").as_bytes()), Err(DsnError::NoMessageId));
    }
}
