//! One sending of a certificate: queued → sending → accepted, or deferred and tried again, or failed.
//!
//! Invariant: "sent by email" is true only after the relay accepted the message.

use chrono::{DateTime, Utc};

use crate::authz::By;
use crate::ids::DeliveryId;
use crate::text::{EmailAddress, NonBlank, TextError, paragraphs};
use crate::vocabulary;

vocabulary! {
    /// Why this sending happened.
    pub enum DeliveryKind {
        /// The first sending.
        Original = "original",
        /// The same bytes to the same recipients.
        ExactCopy = "exact_copy",
        /// The same bytes to recipients or with a message that a person changed.
        Edited = "edited",
    }
}

vocabulary! {
    /// Where a sending stands.
    pub enum DeliveryState {
        /// Waits in the queue.
        Queued = "queued",
        /// Being handed to the relay.
        Sending = "sending",
        /// The relay accepted it.
        Accepted = "accepted",
        /// The relay could not take it; it is tried again.
        Deferred = "deferred",
        /// Given up.
        Failed = "failed",
    }
}

/// At most this many addresses in one mail, To and Cc together.
pub const MAX_RECIPIENTS: usize = 20;

/// Who receives a sending, and with which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    to: Vec<EmailAddress>,
    cc: Vec<EmailAddress>,
    subject: Option<NonBlank>,
    message: String,
}

/// Why an envelope was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Nobody to send to.
    #[error("needs at least one recipient")]
    NoRecipients,
    /// Too many addresses.
    #[error("takes at most {MAX_RECIPIENTS} addresses, To and Cc together")]
    TooManyRecipients,
    /// The message is not printable or too long.
    #[error("the message {0}")]
    Message(TextError),
}

impl Envelope {
    /// Checks recipients and words; an address that stands twice is kept once.
    ///
    /// # Errors
    /// [`EnvelopeError`].
    pub fn new(
        to: Vec<EmailAddress>,
        cc: Vec<EmailAddress>,
        subject: Option<NonBlank>,
        message: &str,
    ) -> Result<Self, EnvelopeError> {
        fn once(addresses: Vec<EmailAddress>, seen: &mut Vec<EmailAddress>) -> Vec<EmailAddress> {
            let mut kept = Vec::new();
            for address in addresses {
                if !seen.contains(&address) {
                    seen.push(address.clone());
                    kept.push(address);
                }
            }
            kept
        }
        let mut seen = Vec::new();
        let to = once(to, &mut seen);
        let cc = once(cc, &mut seen);
        if to.is_empty() {
            return Err(EnvelopeError::NoRecipients);
        }
        if seen.len() > MAX_RECIPIENTS {
            return Err(EnvelopeError::TooManyRecipients);
        }
        let message = paragraphs(message, 5_000).map_err(EnvelopeError::Message)?;
        Ok(Self {
            to,
            cc,
            subject,
            message,
        })
    }

    /// Recipients.
    #[must_use]
    pub fn to(&self) -> &[EmailAddress] {
        &self.to
    }

    /// Recipients of a copy.
    #[must_use]
    pub fn cc(&self) -> &[EmailAddress] {
        &self.cc
    }

    /// The subject, where a person wrote one.
    #[must_use]
    pub const fn subject(&self) -> Option<&NonBlank> {
        self.subject.as_ref()
    }

    /// The message, possibly empty.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// A sending that was just asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDelivery {
    /// Its id; the Message-ID is derived from it.
    pub id: DeliveryId,
    /// Why.
    pub kind: DeliveryKind,
    /// To whom.
    pub envelope: Envelope,
    /// The subject line as sent.
    pub subject: String,
    /// Who asked.
    pub by: By,
    /// When.
    pub queued_at: DateTime<Utc>,
}

/// The subject used when a person wrote none.
#[must_use]
pub fn default_subject(insured: &str, holder: &str, number: &str, revision: u16) -> String {
    let which = if revision == 0 {
        number.to_owned()
    } else {
        format!("{number}, revision {revision}")
    };
    format!("Certificate of insurance {which}: {insured} for {holder}")
}
