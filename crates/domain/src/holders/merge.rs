//! Merging a double into the holder that stays.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{AlreadyMerged, Holder, HolderStanding, distinct};
use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditHolder;
use crate::authz::{By, Permit};
use crate::certificates::delivery::Channel;
use crate::ids::HolderId;
use crate::text::{EmailAddress, NonBlank};

/// Why two holders cannot be merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// It is the same one.
    #[error("is this holder itself; choose the one that stays")]
    Itself,
    /// The one that should stay is not in use itself.
    #[error("is archived or was merged itself; choose one that is in use")]
    NotListed,
    /// The double was merged before.
    #[error(transparent)]
    Already(#[from] AlreadyMerged),
}

/// A double was merged into the holder that stays.
#[derive(Debug)]
pub struct Merged {
    double: Holder,
    into: Holder,
    by: By,
    at: DateTime<Utc>,
}

/// Merges a double into another holder: that one takes over its insureds, addresses and names. Certificates keep
/// the name that they printed, and are found under both.
///
/// # Errors
/// [`MergeError`].
pub fn merge(
    double: Permit<EditHolder>,
    into: Permit<EditHolder>,
    now: DateTime<Utc>,
) -> Result<Merged, MergeError> {
    double.still_own()?;
    if double.id == into.id {
        return Err(MergeError::Itself);
    }
    if into.standing != HolderStanding::Listed {
        return Err(MergeError::NotListed);
    }
    let by = double.by();
    Ok(Merged {
        double: double.into_target(),
        into: into.into_target(),
        by,
        at: now,
    })
}

impl Merged {
    /// The double.
    #[must_use]
    pub const fn double(&self) -> &Holder {
        &self.double
    }

    /// The one that stays.
    #[must_use]
    pub const fn into(&self) -> HolderId {
        self.into.id
    }

    /// The version of the one that stays.
    #[must_use]
    pub const fn into_version(&self) -> i32 {
        self.into.version
    }

    /// When.
    #[must_use]
    pub const fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// Every name of both under which people look for the one that stays.
    #[must_use]
    pub fn aliases(&self) -> Vec<NonBlank> {
        let names = self.into.aliases.iter().cloned();
        let theirs =
            std::iter::once(self.double.profile.name.clone()).chain(self.double.aliases.iter().cloned());
        distinct(&self.into.profile.name, names.chain(theirs).collect())
    }

    /// The addresses of both, those of the one that stays first.
    #[must_use]
    pub fn emails(&self) -> Vec<EmailAddress> {
        let mut emails = self.into.profile.emails.clone();
        for email in &self.double.profile.emails {
            if !emails.contains(email) {
                emails.push(email.clone());
            }
        }
        emails
    }

    /// How the one that stays wants its mail, or else how its double did.
    #[must_use]
    pub fn channel(&self) -> Option<Channel> {
        self.into.profile.channel.or(self.double.profile.channel)
    }
}

impl Audited for Merged {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::HolderMerged,
            insured: None,
            object_kind: "holder",
            object_id: Some(self.double.id.uuid()),
            object_label: self.double.profile.name.to_string(),
            detail: json!({
                "into": self.into.id.uuid(),
                "into_name": self.into.profile.name,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing as cast;

    fn permit(holder: Holder) -> Permit<EditHolder> {
        cast::administrator().request(holder).unwrap()
    }

    fn other() -> Holder {
        let mut other = cast::holder();
        other.id = HolderId::from_uuid(uuid::Uuid::from_u128(77));
        other.profile.name = cast::text("Northgate Bldrs");
        other.profile.emails = vec![cast::email("ap@northgate.example.com")];
        other
    }

    #[test]
    fn the_one_that_stays_takes_over_names_and_addresses() {
        let mut stays = cast::holder();
        stays.profile.emails = vec![cast::email("certs@northgate.example.com")];
        let merged = merge(permit(other()), permit(stays), cast::now()).unwrap();
        assert_eq!(merged.aliases(), [cast::text("Northgate Bldrs")]);
        let emails: Vec<_> = merged.emails().iter().map(ToString::to_string).collect();
        assert_eq!(
            emails,
            ["certs@northgate.example.com", "ap@northgate.example.com"]
        );
        assert_eq!(merged.entry().object_label, "Northgate Bldrs");
    }

    #[test]
    fn the_one_that_stays_keeps_how_it_wants_its_mail_and_takes_it_over_where_it_said_nothing() {
        let preferring = |channel, holder: Holder| Holder {
            profile: crate::holders::HolderProfile {
                channel,
                ..holder.profile.clone()
            },
            ..holder
        };
        let kept = |double, stays| {
            let double = permit(preferring(double, other()));
            let stays = permit(preferring(stays, cast::holder()));
            merge(double, stays, cast::now()).unwrap().channel()
        };
        let (attached, link) = (Some(Channel::Attachment), Some(Channel::Link));
        assert_eq!(kept(link, attached), attached);
        assert_eq!(kept(link, None), link);
        assert_eq!(kept(None, attached), attached);
        assert_eq!(kept(None, None), None);
    }

    #[test]
    fn nothing_is_merged_into_itself_or_into_one_that_is_put_away_or_twice() {
        let refused = |double, into| merge(permit(double), permit(into), cast::now()).unwrap_err();
        assert_eq!(refused(cast::holder(), cast::holder()), MergeError::Itself);
        let mut away = other();
        away.standing = HolderStanding::Archived { at: cast::now() };
        assert_eq!(refused(cast::holder(), away), MergeError::NotListed);
        let mut gone = other();
        let into = cast::holder().id;
        gone.standing = HolderStanding::Merged {
            into,
            at: cast::now(),
        };
        assert_eq!(
            refused(gone, cast::holder()),
            MergeError::Already(AlreadyMerged { into })
        );
    }
}
