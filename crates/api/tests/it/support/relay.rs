//! The mail relay: it tells what became of mails, and signs it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::app::RELAY_KEY;
use super::browser::{Ask, Browser};

/// What happened to the first sending of a certificate.
pub(crate) fn event(certificate: &Value, recipient: &str, event: &str, at: DateTime<Utc>) -> Value {
    let delivery = certificate["deliveries"][0]["id"].as_str().expect("a sending");
    of(&format!("<{delivery}@mail.example.com>"), recipient, event, at)
}

/// What happened to the mail with a Message-ID.
pub(crate) fn of(message_id: &str, recipient: &str, event: &str, at: DateTime<Utc>) -> Value {
    json!({
        "message_id": message_id, "recipient": recipient, "event": event, "reason": "550 no such user", "at": at,
    })
}

/// The signature of a body at a moment.
pub(crate) fn signature(key: &[u8], id: &str, at: DateTime<Utc>, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(format!("{id}.{}.", at.timestamp()).as_bytes());
    mac.update(body);
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

/// A signed report of any kind.
pub(crate) fn send(browser: &Browser, media_type: &str, body: Vec<u8>, at: DateTime<Utc>) -> Ask {
    let signed = signature(RELAY_KEY, "report-1", at, &body);
    browser
        .post("/v1/mail-events", ())
        .without("x-countersign")
        .without("content-type")
        .header("webhook-id", "report-1")
        .header("webhook-timestamp", &at.timestamp().to_string())
        .header("webhook-signature", &signed)
        .bytes(media_type, body)
}

/// A signed report in JSON.
pub(crate) fn tell(browser: &Browser, events: &[Value], at: DateTime<Utc>) -> Ask {
    let body = serde_json::to_vec(&json!({ "events": events })).expect("events are JSON");
    send(browser, "application/json", body, at)
}
