//! Taking a sending back before its mail was handed over.
//!
//! The certificate stays as it was issued, under its number: only the mail does not leave. Invariant: what a worker has
//! taken up cannot be undone, whatever became of it.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::Certificate;
use super::delivery::DeliveryState;
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::UndoDelivery;
use crate::authz::{By, Permit};
use crate::ids::DeliveryId;
use crate::text::EmailAddress;

/// A sending as it stands now.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Which.
    pub delivery: DeliveryId,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often a worker took it up.
    pub attempts: u32,
    /// Whether somebody took it back before.
    pub undone: bool,
    /// Whom it was to go to.
    pub to: Vec<EmailAddress>,
}

/// The mail has left, or is about to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this mail has left already, or is leaving now")]
pub struct TooLate;

/// A sending was taken back.
#[derive(Debug)]
pub struct Undone {
    certificate: Certificate,
    waiting: Waiting,
    by: By,
    at: DateTime<Utc>,
}

/// Takes a sending back; `None` where it was taken back before, so that nothing is left to do.
///
/// # Errors
/// [`TooLate`].
pub fn undo(
    permit: Permit<UndoDelivery>,
    waiting: Waiting,
    now: DateTime<Utc>,
) -> Result<Option<Undone>, TooLate> {
    if waiting.undone {
        return Ok(None);
    }
    if waiting.state != DeliveryState::Queued || waiting.attempts > 0 {
        return Err(TooLate);
    }
    let by = permit.by();
    Ok(Some(Undone {
        certificate: permit.into_target(),
        waiting,
        by,
        at: now,
    }))
}

impl Undone {
    /// Which sending.
    #[must_use]
    pub const fn delivery(&self) -> DeliveryId {
        self.waiting.delivery
    }

    /// Who took it back.
    #[must_use]
    pub const fn by(&self) -> &By {
        &self.by
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Audited for Undone {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::DeliveryUndone,
            insured: Some(self.certificate.insured),
            object_kind: "certificate",
            object_id: Some(self.certificate.id.uuid()),
            object_label: self.certificate.number.clone(),
            detail: json!({ "to": self.waiting.to, "delivery": self.waiting.delivery }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn tried(state: DeliveryState, attempts: u32, undone: bool) -> Result<Option<Undone>, TooLate> {
        let waiting = Waiting {
            delivery: DeliveryId::from_uuid(uuid::Uuid::from_u128(1)),
            state,
            attempts,
            undone,
            to: vec![cast::email("certs@northgate.example.com")],
        };
        let permit = cast::administrator().request(cast::certificate()).unwrap();
        undo(permit, waiting, cast::now())
    }

    #[test]
    fn only_a_mail_that_nobody_took_up_is_undone() {
        let entry = tried(DeliveryState::Queued, 0, false).unwrap().unwrap().entry();
        assert_eq!(entry.action, Action::DeliveryUndone);
        assert_eq!(entry.detail["to"], json!(["certs@northgate.example.com"]));
        assert_eq!(tried(DeliveryState::Queued, 1, false).unwrap_err(), TooLate);
        for state in DeliveryState::ALL {
            if *state != DeliveryState::Queued {
                assert_eq!(tried(*state, 0, false).unwrap_err(), TooLate, "{state}");
            }
        }
    }

    #[test]
    fn what_was_undone_stays_undone_and_is_written_down_once() {
        assert!(tried(DeliveryState::Failed, 0, true).unwrap().is_none());
    }
}
