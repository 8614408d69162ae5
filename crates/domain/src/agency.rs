//! The agency itself: the tenant, and the producer on a certificate.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use crate::audit::{Action, Audited, Entry};
use crate::authz::rules::EditAgency;
use crate::authz::{Belongs, By, Permit};
use crate::certificates::delivery::Channel;
use crate::certificates::payload::PrintedProducer;
use crate::ids::AgencyId;
use crate::text::{Address, Color, EmailAddress, NonBlank, Phone, Slug};

/// An IANA time zone, e.g. `America/Los_Angeles`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(chrono_tz::Tz);

/// The name is not in the time zone database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be an IANA time zone such as America/Los_Angeles")]
pub struct NotAZone;

impl Zone {
    /// Takes an IANA name.
    ///
    /// # Errors
    /// [`NotAZone`] when the name is unknown.
    pub fn parse(name: &str) -> Result<Self, NotAZone> {
        name.parse().map(Self).map_err(|_| NotAZone)
    }

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The calendar day of a moment in this zone.
    #[must_use]
    pub fn day(self, moment: DateTime<Utc>) -> NaiveDate {
        moment.with_timezone(&self.0).date_naive()
    }

    /// The first moment of a calendar day in this zone: the earlier one where clocks turn back, the first
    /// after the gap where midnight does not exist.
    #[must_use]
    pub fn start_of(self, day: NaiveDate) -> DateTime<Utc> {
        use chrono::TimeZone as _;
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        (0..=24)
            .filter_map(|quarter| {
                let local = midnight + chrono::TimeDelta::minutes(15 * quarter);
                self.0.from_local_datetime(&local).earliest()
            })
            .next()
            .map_or_else(|| midnight.and_utc(), |local| local.with_timezone(&Utc))
    }
}

/// What staff write down about their agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyProfile {
    /// Legal or trade name.
    pub name: NonBlank,
    /// Mailing address; certificates cannot be issued without one.
    pub address: Option<Address>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Fax.
    pub fax: Option<Phone>,
    /// Email, printed and used in mails.
    pub email: Option<EmailAddress>,
    /// Whom to ask.
    pub contact_name: Option<NonBlank>,
    /// Where replies to mails go.
    pub reply_to: Option<EmailAddress>,
    /// How to reach support, shown in the portal and the staff app.
    pub support_text: Option<NonBlank>,
    /// Color of the portal and the mails.
    pub accent_color: Color,
    /// Who signs certificates unless the master says otherwise.
    pub authorized_representative: Option<NonBlank>,
    /// Zone of dates.
    pub zone: Zone,
    /// How mails carry certificates that insureds send in the portal to holders who prefer nothing.
    pub portal_channel: Channel,
}

/// The agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agency {
    /// Its id.
    pub id: AgencyId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Counts changes.
    pub version: i32,
    /// What staff wrote down.
    pub profile: AgencyProfile,
}

impl Belongs for Agency {
    fn agency(&self) -> AgencyId {
        self.id
    }
}

impl Agency {
    /// The producer as it is printed; `None` while the address is missing.
    #[must_use]
    pub fn producer(&self) -> Option<PrintedProducer> {
        let profile = &self.profile;
        Some(PrintedProducer {
            name: profile.name.clone(),
            address: profile.address.clone()?,
            contact_name: profile.contact_name.clone(),
            phone: profile.phone.clone(),
            fax: profile.fax.clone(),
            email: profile.email.clone(),
        })
    }
}

/// The agency's profile was changed.
#[derive(Debug)]
pub struct Edited {
    before: Agency,
    profile: AgencyProfile,
    by: By,
}

/// Changes the agency's profile.
#[must_use]
pub fn edit(permit: Permit<EditAgency>, profile: AgencyProfile) -> Edited {
    let by = permit.by();
    Edited {
        before: permit.into_target(),
        profile,
        by,
    }
}

impl Edited {
    /// The agency as it was.
    #[must_use]
    pub const fn before(&self) -> &Agency {
        &self.before
    }

    /// What is written down now.
    #[must_use]
    pub const fn profile(&self) -> &AgencyProfile {
        &self.profile
    }
}

impl Audited for Edited {
    fn entry(&self) -> Entry {
        Entry {
            by: self.by.clone(),
            action: Action::AgencyEdited,
            insured: None,
            object_kind: "agency",
            object_id: Some(self.before.id.uuid()),
            object_label: self.profile.name.to_string(),
            detail: json!({}),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_starts_where_the_zone_says() {
        let reno = Zone::parse("America/Los_Angeles").unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        // Clocks turn back on this day; it starts in daylight time and lasts 25 hours.
        assert_eq!(reno.start_of(day).to_rfc3339(), "2026-11-01T07:00:00+00:00");
        assert_eq!(
            reno.start_of(day.succ_opt().unwrap()).to_rfc3339(),
            "2026-11-02T08:00:00+00:00"
        );
        // Midnight does not exist on the day clocks go forward in Beirut.
        let beirut = Zone::parse("Asia/Beirut").unwrap();
        let gap = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
        assert_eq!(beirut.start_of(gap).to_rfc3339(), "2026-03-28T22:00:00+00:00");
        assert!(Zone::parse("Eastern").is_err());
    }
}
