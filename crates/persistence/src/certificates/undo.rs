//! Taking a sending back before its mail was handed over.

use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::UndoDelivery;
use countersign_domain::certificates::delivery::{Channel, DeliveryState};
use countersign_domain::certificates::undo::{Undone, Waiting};
use countersign_domain::ids::DeliveryId;
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::db::Tx;
use crate::error::broken;
use crate::schema::deliveries;
use crate::{Error, audit};

/// A sending of a certificate as it stands now, and holds its row: a worker that comes now waits for what is decided.
///
/// # Errors
/// [`Error::NotFound`] when the certificate has no such sending.
pub async fn undo_facts(
    tx: &mut Tx,
    permit: &Permit<UndoDelivery>,
    delivery: DeliveryId,
) -> Result<Waiting, Error> {
    let (state, claims, undone, to): (String, i32, bool, Vec<String>) = deliveries::table
        .find((tx.agency().uuid(), delivery.uuid()))
        .filter(deliveries::certificate_id.eq(permit.id.uuid()))
        .select((
            deliveries::state,
            deliveries::claims,
            deliveries::undone_at.is_not_null(),
            deliveries::to_addresses,
        ))
        .for_update()
        .first(&mut tx.connection()?)
        .await?;
    let to = to.iter().map(|text| EmailAddress::parse(text));
    Ok(Waiting {
        delivery,
        state: state.parse().map_err(broken("deliveries.state"))?,
        attempts: u32::try_from(claims).map_err(broken("deliveries.claims"))?,
        undone,
        to: to
            .collect::<Result<_, _>>()
            .map_err(broken("deliveries.to_addresses"))?,
    })
}

/// Writes that a sending was taken back. Its job finds that and ends without a mail.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_undone(tx: &mut Tx, undone: &Undone) -> Result<(), Error> {
    let ended = diesel::update(deliveries::table.find((tx.agency().uuid(), undone.delivery().uuid())))
        .filter(deliveries::state.eq(DeliveryState::Queued.as_str()))
        .set((
            deliveries::state.eq(DeliveryState::Failed.as_str()),
            deliveries::last_error.eq("not sent: it was undone"),
            deliveries::undone_at.eq(undone.at()),
            deliveries::undone_by_name.eq(&undone.by().name),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if ended == 0 {
        return Err(Error::Broken(
            "deliveries: one that does not wait was undone".to_owned(),
        ));
    }
    // Nobody has its secret, which is made with the mail; and none is ever made now.
    diesel::update(deliveries::table.find((tx.agency().uuid(), undone.delivery().uuid())))
        .filter(deliveries::channel.eq(Channel::Link.as_str()))
        .filter(deliveries::link_ended_at.is_null())
        .set((
            deliveries::link_ended_at.eq(undone.at()),
            deliveries::link_ended_by_name.eq(&undone.by().name),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    audit::append(tx, undone, undone.at()).await
}
