//! Putting a holder away, and bringing it back.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{AlreadyMerged, Holder};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditHolder;
use crate::authz::{By, Permit};

/// A holder was put away.
#[derive(Debug)]
pub struct Archived {
    holder: Holder,
    by: By,
    at: DateTime<Utc>,
}

/// A holder was brought back.
#[derive(Debug)]
pub struct Restored {
    holder: Holder,
    by: By,
}

/// Puts a holder away: it is offered no more. What was sent to it stays as it is.
///
/// # Errors
/// [`AlreadyMerged`].
pub fn archive(permit: Permit<EditHolder>, now: DateTime<Utc>) -> Result<Archived, AlreadyMerged> {
    permit.still_own()?;
    let by = permit.by();
    Ok(Archived {
        holder: permit.into_target(),
        by,
        at: now,
    })
}

/// Brings a holder back that was put away.
///
/// # Errors
/// [`AlreadyMerged`].
pub fn restore(permit: Permit<EditHolder>) -> Result<Restored, AlreadyMerged> {
    permit.still_own()?;
    let by = permit.by();
    Ok(Restored {
        holder: permit.into_target(),
        by,
    })
}

impl Archived {
    /// The holder as it was.
    #[must_use]
    pub const fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Since when.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }
}

impl Restored {
    /// The holder as it was.
    #[must_use]
    pub const fn holder(&self) -> &Holder {
        &self.holder
    }
}

fn entry(holder: &Holder, by: &By, action: Action) -> Entry {
    Entry {
        by: by.clone(),
        action,
        insured: None,
        object_kind: "holder",
        object_id: Some(holder.id.uuid()),
        object_label: holder.profile.name.to_string(),
        detail: json!({}),
    }
}

impl Audited for Archived {
    fn entry(&self) -> Entry {
        entry(&self.holder, &self.by, Action::HolderArchived)
    }
}

impl Audited for Restored {
    fn entry(&self) -> Entry {
        entry(&self.holder, &self.by, Action::HolderRestored)
    }
}
