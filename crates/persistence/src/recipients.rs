//! What an agency knows about addresses: which domains it wrote to, and which mailboxes sent mail back.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::CheckRecipients;
use countersign_domain::certificates::recipients::{Bounce, KnownAddresses, domain_of};
use countersign_domain::holders::Holder;
use countersign_domain::ids::HolderId;
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::broken;
use crate::schema::{bounced_addresses, certificates, deliveries, recipient_domains};
use crate::{Error, agencies, holders};

/// An address that is not known is held against at most this many domains.
const MOST: i64 = 20_000;

/// What is known about these addresses. All of the agency's domains come along where one of them is new, since it may
/// look like any of them.
///
/// # Errors
/// [`Error`] of the database.
pub async fn known(
    tx: &mut Tx,
    _permit: &Permit<CheckRecipients>,
    addresses: &[EmailAddress],
) -> Result<KnownAddresses, Error> {
    let agency = tx.agency().uuid();
    let profile = agencies::current(tx).await?.profile;
    let zone = profile.zone;
    let own = [profile.email, profile.reply_to];
    let mut domains: BTreeSet<String> = own
        .iter()
        .flatten()
        .map(|own| domain_of(own).to_owned())
        .collect();
    let asked: BTreeSet<String> = addresses
        .iter()
        .map(|address| domain_of(address).to_owned())
        .collect();
    let written: Vec<String> = recipient_domains::table
        .filter(recipient_domains::agency_id.eq(agency))
        .filter(recipient_domains::domain.eq_any(&asked))
        .select(recipient_domains::domain)
        .load(&mut tx.connection()?)
        .await?;
    domains.extend(written);
    let mut returning = BTreeSet::new();
    if asked.iter().any(|domain| !domains.contains(domain)) {
        let back: Vec<String> = bounced_addresses::table
            .filter(bounced_addresses::agency_id.eq(agency))
            .select(bounced_addresses::address)
            .limit(MOST)
            .load(&mut tx.connection()?)
            .await?;
        let domain = |address: &str| address.rsplit_once('@').map(|(_, domain)| domain.to_owned());
        returning.extend(back.iter().filter_map(|address| domain(address)));
        let all: Vec<String> = recipient_domains::table
            .filter(recipient_domains::agency_id.eq(agency))
            .select(recipient_domains::domain)
            .limit(MOST)
            .load(&mut tx.connection()?)
            .await?;
        domains.extend(all);
    }
    let folded: BTreeSet<String> = addresses
        .iter()
        .map(|address| address.as_str().to_lowercase())
        .collect();
    let bounced: Vec<(String, DateTime<Utc>, String)> = bounced_addresses::table
        .filter(bounced_addresses::agency_id.eq(agency))
        .filter(bounced_addresses::address.eq_any(&folded))
        .select((
            bounced_addresses::address,
            bounced_addresses::at,
            bounced_addresses::reason,
        ))
        .load(&mut tx.connection()?)
        .await?;
    let bounced: BTreeMap<String, Bounce> = bounced
        .into_iter()
        .map(|(address, at, reason)| {
            let on = zone.day(at);
            (address, Bounce { on, reason })
        })
        .collect();
    Ok(KnownAddresses::new(domains, bounced).with_returning(returning))
}

/// A holder, and whom its newest certificate was mailed to last; `None` when it is not in the library.
///
/// # Errors
/// [`Error`] of the database.
pub async fn holder(
    tx: &mut Tx,
    _permit: &Permit<CheckRecipients>,
    id: HolderId,
) -> Result<Option<(Holder, Vec<EmailAddress>)>, Error> {
    let agency = tx.agency().uuid();
    let Some(holder) = holders::by_id(tx, id).await? else {
        return Ok(None);
    };
    let newest: Option<Uuid> = certificates::table
        .filter(certificates::agency_id.eq(agency))
        .filter(certificates::holder_id.eq(id.uuid()))
        .order((certificates::issued_at.desc(), certificates::id.desc()))
        .select(certificates::id)
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let Some(newest) = newest else {
        return Ok(Some((holder, Vec::new())));
    };
    let mail: Option<(Vec<String>, Vec<String>)> = deliveries::table
        .filter(deliveries::agency_id.eq(agency))
        .filter(deliveries::certificate_id.eq(newest))
        .order((deliveries::queued_at.desc(), deliveries::id.desc()))
        .select((deliveries::to_addresses, deliveries::cc_addresses))
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let last = mail.into_iter().flat_map(|(to, cc)| to.into_iter().chain(cc));
    let last: Result<Vec<_>, _> = last.map(|address| EmailAddress::parse(&address)).collect();
    Ok(Some((holder, last.map_err(broken("deliveries.to_addresses"))?)))
}

/// Notes that the relay took a mail to these addresses.
pub(crate) async fn note_mailed<'a>(
    tx: &mut Tx,
    addresses: impl Iterator<Item = &'a EmailAddress>,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    // In order, so that two mails at once never wait for each other.
    let domains: BTreeSet<&str> = addresses.map(domain_of).collect();
    let rows: Vec<_> = domains
        .into_iter()
        .map(|domain| {
            (
                recipient_domains::agency_id.eq(agency),
                recipient_domains::domain.eq(domain),
                recipient_domains::first_mailed_at.eq(at),
            )
        })
        .collect();
    diesel::insert_into(recipient_domains::table)
        .values(rows)
        .on_conflict_do_nothing()
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}
