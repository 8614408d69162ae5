//! A sending that carries a link in the place of the page.
//!
//! Invariants: a link opens one certificate and nothing else; once it is turned off or its time is over it opens nothing,
//! and whoever comes then is told which of the two it was.

mod read;
mod turn_off;

use chrono::{DateTime, Utc};

use crate::ids::DeliveryId;
use crate::text::EmailAddress;

pub use read::{NotForSaving, Opened, Saved, look, open, save};
pub use turn_off::{TurnOffError, TurnedOff, turn_off};

/// A link as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The sending that carries it.
    pub delivery: DeliveryId,
    /// Whom that went to.
    pub to: Vec<EmailAddress>,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// Since when it is turned off.
    pub ended_at: Option<DateTime<Utc>>,
}

/// Why a link opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Gone {
    /// Somebody turned it off.
    #[error("this link was turned off by the agency")]
    TurnedOff,
    /// Its time is over.
    #[error("this link has expired")]
    Expired,
}

impl Link {
    /// Whether it opens anything.
    ///
    /// # Errors
    /// [`Gone`].
    pub fn works(&self, now: DateTime<Utc>) -> Result<(), Gone> {
        if self.ended_at.is_some() {
            Err(Gone::TurnedOff)
        } else if self.expires_at <= now {
            Err(Gone::Expired)
        } else {
            Ok(())
        }
    }
}
