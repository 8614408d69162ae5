//! Reports of the mail system about mails that it took: they arrived, they wait, they came back.
//!
//! Invariant: nothing is read of a request that is not signed with the installation's key, or whose moment is not now.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post, web};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::TimeDelta;
use countersign_domain::authz::rules::RecordMailEvents;
use countersign_domain::authz::{Actor, Process};
use countersign_domain::certificates::report::{Ignored, MailEvent, MailEventKind, report};
use countersign_domain::ids::{MailId, TaskId};
use countersign_domain::text::EmailAddress;
use countersign_persistence::{agencies, reports};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use utoipa::ToSchema;

use super::dsn;
use crate::context::Stranger;
use crate::faults::Faults;
use crate::problem::{Problem, ProblemType, Problems};
use crate::wire::{DateTime, Utc, wire_enum};

/// Where reports are taken; not for browsers, so the guard against other sites lets it pass.
pub(crate) const PATH: &str = "/v1/mail-events";

/// A signature is good for so long, before and after its moment.
const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// At most this many events in one report.
const MOST: usize = 500;

/// A report in JSON.
const JSON_LIMIT: usize = 512 * 1024;

/// A notification may return the whole mail, with what was attached.
const MAIL_LIMIT: usize = 16 * 1024 * 1024;

wire_enum! {
    /// What happened to a mail.
    MailEventWord for MailEventKind {
        Deferred = "deferred",
        Delivered = "delivered",
        Bounced = "bounced",
        Complained = "complained",
    }
}

/// One thing that happened to a mail at one recipient.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MailEventBody {
    /// The mail's Message-ID, with or without angle brackets.
    #[schema(example = "<0193e5f0-7d2a-7b44-9c4e-2f6a3f1f0c11@mail.example.com>")]
    message_id: String,
    /// The address that it went to.
    recipient: String,
    /// `bounced` is for good; what is tried again is `deferred`.
    event: MailEventWord,
    /// What the other side said.
    #[serde(default)]
    reason: String,
    /// When it happened.
    at: DateTime<Utc>,
}

/// What happened to mails.
#[derive(Deserialize, ToSchema)]
pub(crate) struct MailEventsBody {
    /// In any order, at most 500. Telling the same again does no harm.
    events: Vec<MailEventBody>,
}

/// What became of a report.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct MailEventsTaken {
    /// Events that were written.
    taken: usize,
    /// Events that were told before.
    repeated: usize,
    /// Events about mails that are not of this installation, or did not go to that recipient.
    unknown: usize,
}

/// Takes reports of the mail relay about mails that it took: certificates, courtesy notices and questions to insureds.
///
/// Either as JSON, or a delivery status notification (RFC 3464) as it came, as `message/rfc822`. Signed as Standard
/// Webhooks: `webhook-id`, `webhook-timestamp` (seconds), and in `webhook-signature` one or more of `v1,` and the base64
/// of HMAC-SHA-256 over id, timestamp and body with a dot between them. A signature is good for five minutes. Events of
/// unknown mails are counted and passed over, so that a relay does not try them again for ever.
#[utoipa::path(tag = "mail", security(()), params(
    ("webhook-id" = String, Header, description = "Names the report"),
    ("webhook-timestamp" = i64, Header, description = "Seconds since 1970"),
    ("webhook-signature" = String, Header, description = "`v1,` and the signature; several with blanks between them")),
    request_body(content((MailEventsBody = "application/json"), (String = "message/rfc822"))),
    responses((status = 202, body = MailEventsTaken), Problems))]
#[post("/v1/mail-events")]
pub(crate) async fn receive_mail_events(
    stranger: Stranger,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, Problem> {
    let key = stranger
        .mail_events_key()
        .ok_or_else(|| Problem::new(ProblemType::NotFound).detail("This installation takes no reports."))?;
    let signed = Signed::read(&request, stranger.now())?;
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let limit = match kind.as_str() {
        "application/json" => JSON_LIMIT,
        "message/rfc822" => MAIL_LIMIT,
        _ => {
            return Err(Problem::new(ProblemType::UnsupportedMediaType)
                .detail("Send application/json or message/rfc822."));
        }
    };
    let body = payload
        .to_bytes_limited(limit)
        .await
        .map_err(|_| Problem::new(ProblemType::PayloadTooLarge))?
        .map_err(|error| Problem::new(ProblemType::BadRequest).detail(error.to_string()))?;
    signed.check(key, &body)?;
    let events = if kind == "application/json" {
        of_json(&body)?
    } else {
        of_notification(&body, stranger.now())?
    };
    let mut answer = MailEventsTaken::default();
    for (mail, event) in events {
        match take(&stranger, mail, event).await? {
            Taken::Written => answer.taken += 1,
            Taken::Repeated => answer.repeated += 1,
            Taken::Unknown => answer.unknown += 1,
        }
    }
    Ok(HttpResponse::Accepted().json(answer))
}

/// What became of one event.
enum Taken {
    Written,
    Repeated,
    Unknown,
}

type Told = (Option<MailId>, MailEvent);

async fn take(stranger: &Stranger, named: Option<MailId>, event: MailEvent) -> Result<Taken, Problem> {
    let found = match named {
        Some(named) => stranger.mail(named).await?,
        None => None,
    };
    let Some((agency, mail)) = found else {
        tracing::info!(event = %event.kind, "a report about a mail that is not of this installation");
        return Ok(Taken::Unknown);
    };
    let task = TaskId::from_uuid(stranger.fresh_id());
    let kind = event.kind;
    let taken = stranger
        .transaction(agency, async |tx| {
            let mailer = Actor::System {
                agency,
                process: Process::Mailer,
            };
            let permit = agencies::find::<RecordMailEvents>(tx, &mailer).await?;
            let mailed = reports::lock_mailed(tx, &permit, mail).await?;
            match report(&permit, mailed, event, task, stranger.now()) {
                Ok(reported) => {
                    reports::record(tx, &reported).await?;
                    Ok(Taken::Written)
                }
                Err(Ignored::ToldBefore) => Ok(Taken::Repeated),
                Err(Ignored::NotARecipient) => {
                    tracing::info!(?mail, event = %kind, "a report about a recipient whom the mail did not go to");
                    Ok(Taken::Unknown)
                }
            }
        })
        .await?;
    metrics::counter!("countersign_mail_events_total", "event" => kind.as_str()).increment(1);
    Ok(taken)
}

fn of_json(body: &[u8]) -> Result<Vec<Told>, Problem> {
    let body: MailEventsBody = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            Problem::field("", "wrong_shape", error)
        } else {
            Problem::new(ProblemType::BadRequest).detail(error.to_string())
        }
    })?;
    let mut faults = Faults::default();
    if body.events.len() > MOST {
        faults.add("/events", "too_many", format!("takes at most {MOST}"));
    }
    let mut events = Vec::with_capacity(body.events.len().min(MOST));
    for (place, event) in body.events.into_iter().enumerate().take(MOST) {
        let pointer = format!("/events/{place}/recipient");
        let Some(recipient) = faults.text(&pointer, &event.recipient, EmailAddress::parse) else {
            continue;
        };
        let told = MailEvent {
            recipient,
            kind: event.event.into(),
            at: event.at,
            reason: tidy(&event.reason),
        };
        events.push((mail_of(&event.message_id), told));
    }
    faults.finish(Some(events))
}

fn of_notification(body: &[u8], now: DateTime<Utc>) -> Result<Vec<Told>, Problem> {
    let read = dsn::read(body).map_err(|error| Problem::field("", "not_a_notification", error))?;
    let mail = mail_of(&read.message_id);
    let told = read.notices.into_iter().filter_map(|notice| {
        // What is no address went to nobody of ours.
        let recipient = EmailAddress::parse(&notice.recipient).ok()?;
        let event = MailEvent {
            recipient,
            kind: notice.kind,
            at: notice.at.unwrap_or(now),
            reason: tidy(&notice.reason),
        };
        Some((mail, event))
    });
    Ok(told.collect())
}

/// On one line and without control characters, as far as it is kept.
fn tidy(reason: &str) -> String {
    let words = reason.split(|c: char| c.is_whitespace() || c.is_control());
    let line = words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    line.chars().take(1_000).collect()
}

/// What a Message-ID of ours was made from.
fn mail_of(message_id: &str) -> Option<MailId> {
    let id = message_id.trim().trim_start_matches('<').split('@').next()?;
    id.parse().ok()
}

/// What a request says of its signature.
struct Signed<'a> {
    id: &'a str,
    timestamp: &'a str,
    signatures: &'a str,
}

impl<'a> Signed<'a> {
    fn read(request: &'a HttpRequest, now: DateTime<Utc>) -> Result<Self, Problem> {
        let header = |name: &str| {
            let value = request.headers().get(name).and_then(|value| value.to_str().ok());
            value.ok_or_else(|| {
                refused("The headers webhook-id, webhook-timestamp and webhook-signature are needed.")
            })
        };
        let signed = Self {
            id: header("webhook-id")?,
            timestamp: header("webhook-timestamp")?,
            signatures: header("webhook-signature")?,
        };
        let moment = signed.timestamp.parse::<i64>().ok();
        let moment = moment.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        match moment {
            Some(moment) if (now - moment).abs() <= TOLERANCE => Ok(signed),
            _ => Err(refused(
                "The moment of the signature is not within five minutes of now.",
            )),
        }
    }

    fn check(&self, key: &[u8], body: &[u8]) -> Result<(), Problem> {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).map_err(Problem::internal)?;
        for part in [self.id.as_bytes(), b".", self.timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        let good = self.signatures.split(' ').any(|signature| {
            let bytes = signature
                .strip_prefix("v1,")
                .and_then(|text| BASE64_STANDARD.decode(text).ok());
            // Compared in constant time.
            bytes.is_some_and(|bytes| mac.clone().verify_slice(&bytes).is_ok())
        });
        if good {
            Ok(())
        } else {
            Err(refused("The signature does not fit this body."))
        }
    }
}

fn refused(detail: &str) -> Problem {
    Problem::new(ProblemType::SignatureRefused).detail(detail)
}
