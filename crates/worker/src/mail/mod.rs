//! Mail: what a message is, how it is written, and the port through which it leaves.
//!
//! Invariants: nobody else in the product can send mail; every header is made of values that cannot hold a
//! line break; a message keeps its identity however often it is tried.

#[cfg(feature = "testing")]
pub mod captured;
mod color;
mod dial;
mod encode;
mod letterhead;
pub mod letters;
pub mod smtp;

use chrono::{DateTime, Utc};
use countersign_domain::text::EmailAddress;
use futures::future::BoxFuture;
use uuid::Uuid;

pub use dial::DialerError;
pub use encode::{EncodeError, Encoded, encode};
pub use letterhead::Letterhead;

/// A message, ready to be handed over.
#[derive(Clone, Debug)]
pub struct Message {
    /// What the Message-ID is derived from: the same for every attempt to send the same thing.
    pub identity: String,
    /// The name that the mail is sent under: the agency's.
    pub from_name: String,
    /// Our own address, which relays trust us to use.
    pub from: EmailAddress,
    /// Where a reply goes: to the agency.
    pub reply_to: Option<EmailAddress>,
    /// Recipients.
    pub to: Vec<EmailAddress>,
    /// Recipients of a copy.
    pub cc: Vec<EmailAddress>,
    /// The subject line.
    pub subject: String,
    /// The body as plain text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
    /// What is attached, in this order.
    pub attachments: Vec<Attachment>,
    /// When it is written.
    pub date: DateTime<Utc>,
    /// The request that caused it, as it stands in the log and in the trail.
    pub request: Option<Uuid>,
}

/// A file that goes with a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, fit for every file system.
    pub name: String,
    /// Its bytes, a PDF.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Attachment")
            .field("name", &self.name)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// The relay took responsibility for the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its own words, which often name the message in its queue.
    pub reply: String,
}

/// Why a message was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The same message would be refused again.
    #[error("{reason}")]
    Permanent {
        /// What was refused, in the relay's words.
        reason: String,
    },
    /// Another attempt may succeed.
    #[error("{reason}")]
    Temporary {
        /// What went wrong.
        reason: String,
        /// The whole message was handed over, but the answer was never read: it may have arrived.
        unanswered: bool,
    },
    /// The relay cannot be reached, does not let us in, or does not take mail from our address, which says
    /// nothing about the message.
    #[error("{reason}")]
    Unavailable {
        /// What went wrong.
        reason: String,
    },
}

impl MailError {
    /// Whether the message may have arrived all the same.
    #[must_use]
    pub const fn is_unanswered(&self) -> bool {
        matches!(self, Self::Temporary { unanswered: true, .. })
    }
}

/// The way out for mail.
pub trait Mailer: Send + Sync + std::fmt::Debug {
    /// Hands a message over; `Ok` only after the relay said that it accepted it for every recipient.
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<Accepted, MailError>>;
}
