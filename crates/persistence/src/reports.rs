//! What the mail system tells of a mail after the relay took it.
//!
//! Invariant: an event is written once; with it go the delivery's outcome, what is known of the address, and the task.

use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::RecordMailEvents;
use countersign_domain::certificates::report::{MailEvent, MailEventKind, Mailed, Reported};
use countersign_domain::ids::{AgencyId, CertificateId, DeliveryId, InsuredId};
use countersign_domain::tasks::TaskState;
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel::sql_types;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::broken;
use crate::schema::{bounced_addresses, certificates, deliveries, delivery_events, tasks};
use crate::{Error, audit};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = sql_types::Nullable<sql_types::Uuid>)]
    agency: Option<Uuid>,
}

/// The agency that a delivery belongs to; `None` when there is no such delivery.
///
/// # Errors
/// [`Error`] of the database.
pub async fn agency_of(db: &Db, delivery: DeliveryId) -> Result<Option<AgencyId>, Error> {
    let found: Found = db
        .outside(async |connection| {
            Ok(diesel::sql_query("SELECT agency_id_of_delivery($1) AS agency")
                .bind::<sql_types::Uuid, _>(delivery.uuid())
                .get_result(connection)
                .await?)
        })
        .await?;
    Ok(found.agency.map(AgencyId::from_uuid))
}

type EventRow = (String, String, chrono::DateTime<chrono::Utc>, String);

/// A mail with everything that was told of it, and holds its row, so that reports are taken one after the other.
///
/// # Errors
/// [`Error::NotFound`] when there is no such delivery.
pub async fn lock_mailed(
    tx: &mut Tx,
    _permit: &Permit<RecordMailEvents>,
    delivery: DeliveryId,
) -> Result<Mailed, Error> {
    let agency = tx.agency().uuid();
    let (certificate, to, cc): (Uuid, Vec<String>, Vec<String>) = deliveries::table
        .find((agency, delivery.uuid()))
        .select((
            deliveries::certificate_id,
            deliveries::to_addresses,
            deliveries::cc_addresses,
        ))
        .for_update()
        .first(&mut tx.connection()?)
        .await?;
    let (number, insured): (String, Uuid) = certificates::table
        .find((agency, certificate))
        .select((certificates::number, certificates::insured_id))
        .first(&mut tx.connection()?)
        .await?;
    let rows: Vec<EventRow> = delivery_events::table
        .filter(delivery_events::agency_id.eq(agency))
        .filter(delivery_events::delivery_id.eq(delivery.uuid()))
        .select((
            delivery_events::recipient,
            delivery_events::kind,
            delivery_events::at,
            delivery_events::reason,
        ))
        .load(&mut tx.connection()?)
        .await?;
    let address = |text: &str| EmailAddress::parse(text).map_err(broken("deliveries.to_addresses"));
    Ok(Mailed {
        delivery,
        certificate: CertificateId::from_uuid(certificate),
        number,
        insured: InsuredId::from_uuid(insured),
        recipients: to
            .iter()
            .chain(&cc)
            .map(|text| address(text))
            .collect::<Result<_, _>>()?,
        events: rows
            .into_iter()
            .map(|(recipient, kind, at, reason)| {
                Ok(MailEvent {
                    recipient: address(&recipient)?,
                    kind: kind.parse().map_err(broken("delivery_events.kind"))?,
                    at,
                    reason,
                })
            })
            .collect::<Result<_, Error>>()?,
    })
}

/// Writes a report.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record(tx: &mut Tx, reported: &Reported) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let (mailed, event) = (reported.mailed(), reported.event());
    diesel::insert_into(delivery_events::table)
        .values((
            delivery_events::agency_id.eq(agency),
            delivery_events::delivery_id.eq(mailed.delivery.uuid()),
            delivery_events::recipient.eq(event.recipient.as_str()),
            delivery_events::kind.eq(event.kind.as_str()),
            delivery_events::at.eq(event.at),
            delivery_events::reason.eq(&event.reason),
            delivery_events::told_at.eq(reported.at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    diesel::update(deliveries::table.find((agency, mailed.delivery.uuid())))
        .set(deliveries::outcome.eq(reported.outcome().map(MailEventKind::as_str)))
        .execute(&mut tx.connection()?)
        .await?;
    let address = event.recipient.as_str().to_lowercase();
    match event.kind {
        MailEventKind::Bounced => {
            diesel::insert_into(bounced_addresses::table)
                .values((
                    bounced_addresses::agency_id.eq(agency),
                    bounced_addresses::address.eq(&address),
                    bounced_addresses::at.eq(event.at),
                    bounced_addresses::reason.eq(&event.reason),
                ))
                .on_conflict((bounced_addresses::agency_id, bounced_addresses::address))
                .do_update()
                .set((
                    bounced_addresses::at.eq(excluded(bounced_addresses::at)),
                    bounced_addresses::reason.eq(excluded(bounced_addresses::reason)),
                ))
                .execute(&mut tx.connection()?)
                .await?;
        }
        MailEventKind::Delivered => {
            diesel::delete(bounced_addresses::table.find((agency, &address)))
                .filter(bounced_addresses::at.lt(event.at))
                .execute(&mut tx.connection()?)
                .await?;
        }
        MailEventKind::Deferred | MailEventKind::Complained => {}
    }
    if let Some(task) = reported.task() {
        diesel::insert_into(tasks::table)
            .values((
                tasks::agency_id.eq(agency),
                tasks::id.eq(task.uuid()),
                tasks::delivery_id.eq(mailed.delivery.uuid()),
                tasks::address.eq(event.recipient.as_str()),
                tasks::certificate_id.eq(mailed.certificate.uuid()),
                tasks::reason.eq(&event.reason),
                tasks::created_at.eq(reported.at()),
            ))
            .on_conflict_do_nothing()
            .execute(&mut tx.connection()?)
            .await?;
    }
    if reported.arrived() {
        diesel::update(tasks::table)
            .filter(tasks::agency_id.eq(agency))
            .filter(tasks::delivery_id.eq(mailed.delivery.uuid()))
            .filter(tasks::address.eq(event.recipient.as_str()))
            .filter(tasks::state.eq(TaskState::Open.as_str()))
            .set((
                tasks::state.eq(TaskState::Done.as_str()),
                tasks::settled_at.eq(reported.at()),
                tasks::settled_by_name.eq(&reported.by().name),
                tasks::settled_reason.eq("It arrived after all."),
            ))
            .execute(&mut tx.connection()?)
            .await?;
    }
    audit::append(tx, reported, reported.at()).await
}
