//! One sending of a certificate: queued → sending → accepted, or deferred and tried again, or failed.
//!
//! Invariant: "sent by email" is true only after the relay accepted the message.

use chrono::{DateTime, TimeDelta, Utc};

use crate::authz::{Actor, By};
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

vocabulary! {
    /// How a mail carries the page.
    pub enum Channel {
        /// The PDF is attached.
        Attachment = "attachment",
        /// A link to it, which can be turned off.
        Link = "link",
    }
}

/// How long a link to a certificate works.
pub const LINK_LIFE: TimeDelta = TimeDelta::days(90);

/// An insured chose how the mail carries the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("in the portal the agency has chosen how certificates are mailed; leave it out")]
pub struct ChannelNotOpen;

impl Channel {
    /// How the mail to a holder carries the page unless somebody says so: as the holder prefers, or else attached.
    #[must_use]
    pub const fn preferred(holder: Option<Self>) -> Self {
        match holder {
            Some(channel) => channel,
            None => Self::Attachment,
        }
    }

    /// What a mail is to carry: what staff asked for, or else `otherwise`; in the portal what the holder or the agency
    /// has chosen for it.
    ///
    /// # Errors
    /// [`ChannelNotOpen`].
    pub const fn decided(
        actor: &Actor,
        asked: Option<Self>,
        otherwise: Self,
        in_the_portal: Self,
    ) -> Result<Self, ChannelNotOpen> {
        match (actor, asked) {
            (Actor::Portal(_), Some(_)) => Err(ChannelNotOpen),
            (Actor::Portal(_), None) => Ok(in_the_portal),
            (Actor::Staff(_) | Actor::System { .. }, Some(asked)) => Ok(asked),
            (Actor::Staff(_) | Actor::System { .. }, None) => Ok(otherwise),
        }
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
    channel: Option<Channel>,
    endorsements: bool,
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
            channel: None,
            endorsements: true,
        })
    }

    /// Says how the mail is to carry the page.
    #[must_use]
    pub fn through(self, channel: Option<Channel>) -> Self {
        Self { channel, ..self }
    }

    /// Says whether the files of the endorsements go along that the certificate rests on; they do unless told otherwise.
    #[must_use]
    pub fn with_endorsements(self, endorsements: bool) -> Self {
        Self { endorsements, ..self }
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

    /// How the mail is to carry the page, where somebody said so.
    #[must_use]
    pub const fn channel(&self) -> Option<Channel> {
        self.channel
    }

    /// Whether the files of the endorsements go along. What is sent again carries what it carried at first.
    #[must_use]
    pub const fn has_endorsements(&self) -> bool {
        self.endorsements
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
    /// How the mail carries the page.
    pub channel: Channel,
    /// Who asked.
    pub by: By,
    /// When.
    pub queued_at: DateTime<Utc>,
}

impl NewDelivery {
    /// Until when the link in the mail works, where there is one.
    #[must_use]
    pub fn link_expires_at(&self) -> Option<DateTime<Utc>> {
        match self.channel {
            Channel::Attachment => None,
            Channel::Link => Some(self.queued_at + LINK_LIFE),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authz::Right;
    use crate::testing as cast;

    #[test]
    fn staff_choose_how_a_mail_carries_the_page_and_for_insureds_the_agency_does() {
        let staff =
            |asked| Channel::decided(&cast::administrator(), asked, Channel::Attachment, Channel::Link);
        assert_eq!(staff(None), Ok(Channel::Attachment));
        assert_eq!(staff(Some(Channel::Link)), Ok(Channel::Link));
        let insured = |asked| {
            let actor = cast::portal_with(Right::ALL);
            Channel::decided(&actor, asked, Channel::Attachment, Channel::Link)
        };
        assert_eq!(insured(None), Ok(Channel::Link));
        assert_eq!(insured(Some(Channel::Link)), Err(ChannelNotOpen));
    }
}
