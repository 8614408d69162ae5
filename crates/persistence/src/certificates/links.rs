//! Certificates behind a link: found by the secret, read, and turned off.
//!
//! Invariant: a secret is compared by its hash, within the agency that it names; it opens the one sending that it was
//! made for.

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::{ReadByLink, TurnOffLink};
use countersign_domain::certificates::CertificateState;
use countersign_domain::certificates::link::{Link, Opened, Saved, TurnedOff};
use countersign_domain::ids::{CertificateId, DeliveryId};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::{Document, document, load};
use crate::db::Tx;
use crate::error::broken;
use crate::link_secrets::{self, Opens};
use crate::schema::{certificates, deliveries, documents, link_events};
use crate::sessions::Token;
use crate::{Error, audit};

#[derive(Queryable, Selectable)]
#[diesel(table_name = deliveries)]
struct Row {
    id: Uuid,
    certificate_id: Uuid,
    to_addresses: Vec<String>,
    link_expires_at: Option<DateTime<Utc>>,
    link_ended_at: Option<DateTime<Utc>>,
}

/// The link of a sending; none where the page itself was mailed.
fn parse(row: &Row) -> Result<Option<Link>, Error> {
    let Some(expires_at) = row.link_expires_at else {
        return Ok(None);
    };
    let to = row.to_addresses.iter().map(|text| EmailAddress::parse(text));
    Ok(Some(Link {
        delivery: DeliveryId::from_uuid(row.id),
        to: to
            .collect::<Result<_, _>>()
            .map_err(broken("deliveries.to_addresses"))?,
        expires_at,
        ended_at: row.link_ended_at,
    }))
}

/// The certificate that a secret opens, and how its link stands, whether or not it works any more.
///
/// # Errors
/// [`Error::NotFound`] when nothing was ever mailed with this secret.
pub async fn by_link(tx: &mut Tx, token: &Token) -> Result<(Permit<ReadByLink>, Link), Error> {
    // A secret of something else opens no certificate.
    let (reader, Opens::Delivery(delivery)) = link_secrets::shown(tx, token).await? else {
        return Err(Error::NotFound);
    };
    let row: Row = deliveries::table
        .find((tx.agency().uuid(), delivery.uuid()))
        .select(Row::as_select())
        .first(&mut tx.connection()?)
        .await?;
    let link = parse(&row)?.ok_or_else(|| Error::Broken("link_secrets: of no link".to_owned()))?;
    let certificate = load(tx, CertificateId::from_uuid(row.certificate_id), false).await?;
    Ok((reader.request::<ReadByLink>(certificate)?, link))
}

/// The newest revision under a certificate's number.
#[derive(Clone, Copy, Debug)]
pub struct Newest {
    /// Which one it is.
    pub revision: i32,
    /// When it was withdrawn, so that nothing stands under the number.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// What stands of a certificate now, beyond what decides about it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The first day on which one of the printed policies no longer covers.
    pub cover_ends_on: NaiveDate,
    /// When its state changed last.
    pub changed_at: Option<DateTime<Utc>>,
    /// The newest revision, where another one took its place.
    pub replaced_by: Option<Newest>,
    /// Pages of the print.
    pub pages: i32,
}

/// What stands of a certificate now.
///
/// # Errors
/// [`Error`] of the database.
pub async fn standing(tx: &mut Tx, permit: &Permit<ReadByLink>) -> Result<Standing, Error> {
    let agency = tx.agency().uuid();
    let (changed_at, sha256, cover_ends_on): (Option<DateTime<Utc>>, Vec<u8>, NaiveDate) =
        certificates::table
            .find((agency, permit.id.uuid()))
            .select((
                certificates::state_changed_at,
                certificates::document_sha256,
                certificates::cover_ends_on,
            ))
            .first(&mut tx.connection()?)
            .await?;
    let pages = documents::table
        .find((agency, sha256))
        .select(documents::pages)
        .first(&mut tx.connection()?)
        .await?;
    let replaced_by = match permit.superseded_by {
        Some(_) => {
            let (revision, state, changed_at): (i32, String, Option<DateTime<Utc>>) = certificates::table
                .filter(certificates::agency_id.eq(agency))
                .filter(certificates::number.eq(&permit.number))
                .order(certificates::revision.desc())
                .select((
                    certificates::revision,
                    certificates::state,
                    certificates::state_changed_at,
                ))
                .first(&mut tx.connection()?)
                .await?;
            let withdrawn = state == CertificateState::Withdrawn.as_str();
            Some(Newest {
                revision,
                withdrawn_at: changed_at.filter(|_| withdrawn),
            })
        }
        None => None,
    };
    Ok(Standing {
        cover_ends_on,
        changed_at,
        replaced_by,
        pages,
    })
}

/// The page, for whoever showed the link's secret.
///
/// # Errors
/// [`Error`] of the database.
pub async fn document_by_link(tx: &mut Tx, permit: &Permit<ReadByLink>) -> Result<Document, Error> {
    document(tx, permit.id).await
}

/// Notes that a link was opened, the first time.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_link_opened(tx: &mut Tx, opened: &Opened) -> Result<(), Error> {
    if note(tx, opened.delivery(), "opened", opened.at()).await? {
        audit::append(tx, opened, opened.at()).await?;
    }
    Ok(())
}

/// Notes that the page was saved through its link.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_link_saved(tx: &mut Tx, saved: &Saved) -> Result<(), Error> {
    if note(tx, saved.delivery(), "downloaded", saved.at()).await? {
        audit::append(tx, saved, saved.at()).await?;
    }
    Ok(())
}

/// Whether it was not known already.
async fn note(tx: &mut Tx, delivery: DeliveryId, what: &str, at: DateTime<Utc>) -> Result<bool, Error> {
    let noted = diesel::insert_into(link_events::table)
        .values((
            link_events::agency_id.eq(tx.agency().uuid()),
            link_events::delivery_id.eq(delivery.uuid()),
            link_events::kind.eq(what),
            link_events::at.eq(at),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.connection()?)
        .await?;
    Ok(noted == 1)
}

/// The link of a certificate's sending, and holds the sending's row: a worker that is about to mail it waits for what is
/// decided. None where the page itself was mailed.
///
/// # Errors
/// [`Error::NotFound`] when the certificate has no such sending.
pub async fn link_facts(
    tx: &mut Tx,
    permit: &Permit<TurnOffLink>,
    delivery: DeliveryId,
) -> Result<Option<Link>, Error> {
    let row: Row = deliveries::table
        .find((tx.agency().uuid(), delivery.uuid()))
        .filter(deliveries::certificate_id.eq(permit.id.uuid()))
        .select(Row::as_select())
        .for_update()
        .first(&mut tx.connection()?)
        .await?;
    parse(&row)
}

/// Writes that a link was turned off.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_link_turned_off(tx: &mut Tx, off: &TurnedOff) -> Result<(), Error> {
    diesel::update(deliveries::table.find((tx.agency().uuid(), off.delivery().uuid())))
        .filter(deliveries::link_ended_at.is_null())
        .set((
            deliveries::link_ended_at.eq(off.at()),
            deliveries::link_ended_by_name.eq(&off.by().name),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, off, off.at()).await
}
