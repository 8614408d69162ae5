//! The truth about each sending, as the mailer reads and writes it.
//!
//! Invariants: an attempt is counted and committed before the relay hears of it; "accepted" is written once
//! and never taken back; an attempt that another one overtook writes nothing but its acceptance.

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::rules::MailQueued;
use countersign_domain::authz::{ActorKind, Permit};
use countersign_domain::certificates::CertificateState;
use countersign_domain::certificates::deliver::{Accepted, Attempt, Deferred, GivenUp};
use countersign_domain::certificates::delivery::{DeliveryKind, DeliveryState};
use countersign_domain::certificates::link::{Gone, Link};
use countersign_domain::ids::{CertificateId, DeliveryId, InsuredId};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::certificates::attachments;
use crate::db::Tx;
use crate::error::broken;
use crate::link_secrets::Opens;
use crate::schema::{certificates, deliveries, delivery_setbacks, documents};
use crate::sessions::Token;
use crate::{Error, audit, link_secrets, recipients};

/// Everything that one certificate's mail is made of.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The attempt, counted.
    pub attempt: Attempt,
    /// Why this sending happened.
    pub kind: DeliveryKind,
    /// The subject line.
    pub subject: String,
    /// What the sender wrote, possibly nothing.
    pub message: String,
    /// Who asked for it.
    pub requested_by: String,
    /// What kind of person asked.
    pub requested_by_kind: ActorKind,
    /// The insured as printed.
    pub insured_name: String,
    /// The holder as printed.
    pub holder_name: String,
    /// The certificate's revision, from 0.
    pub revision: u16,
    /// The day it was issued, in the agency's zone.
    pub issued_on: NaiveDate,
    /// The stored bytes; exactly these are attached.
    pub bytes: Vec<u8>,
    /// How many pages they have.
    pub pages: u16,
    /// The files of the endorsements that go with them.
    pub enclosures: Vec<Enclosure>,
    /// The link that the mail carries in the place of the bytes.
    pub link: Option<LinkToMail>,
}

/// The file of an endorsement that goes with a certificate.
#[derive(Clone, Debug)]
pub struct Enclosure {
    /// What the file is called.
    pub file_name: String,
    /// The form's title.
    pub title: String,
    /// The stored bytes; none where the mail carries a link to them.
    pub bytes: Vec<u8>,
}

/// A link whose secret was just made, for one attempt.
#[derive(Clone, Debug)]
pub struct LinkToMail {
    /// The secret part.
    pub token: Token,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// What the mailer finds when it takes a delivery up.
#[derive(Clone, Debug)]
pub enum TakenUp {
    /// It is to be mailed; the attempt is counted.
    ToMail(Box<Outgoing>),
    /// The relay accepted it already.
    AcceptedBefore,
    /// It was taken back before it left: there is nothing to mail and nothing to try again.
    Undone,
    /// It was given up already, for this reason.
    GivenUpBefore(String),
    /// The link that it was to carry opens nothing any more. Not counted.
    LinkGone(Box<Attempt>, Gone),
    /// The certificate was withdrawn or superseded meanwhile and is no longer to be mailed. Not counted.
    NoLongerStands(Box<Attempt>, CertificateState),
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = deliveries)]
struct DeliveryRow {
    id: Uuid,
    certificate_id: Uuid,
    kind: String,
    to_addresses: Vec<String>,
    cc_addresses: Vec<String>,
    subject: String,
    message: String,
    state: String,
    claims: i32,
    may_have_arrived_twice: bool,
    last_error: Option<String>,
    requested_by_kind: String,
    requested_by_name: String,
    undone_at: Option<DateTime<Utc>>,
    link_expires_at: Option<DateTime<Utc>>,
    link_ended_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = certificates)]
struct CertificateRow {
    number: String,
    revision: i32,
    insured_id: Uuid,
    insured_name: String,
    holder_name: String,
    issued_on: NaiveDate,
    state: String,
}

fn addresses(texts: &[String], place: &'static str) -> Result<Vec<EmailAddress>, Error> {
    texts
        .iter()
        .map(|text| EmailAddress::parse(text))
        .collect::<Result<_, _>>()
        .map_err(broken(place))
}

fn attempt_of(
    row: &DeliveryRow,
    certificate: &CertificateRow,
    number: i32,
    after_unanswered: bool,
) -> Result<Attempt, Error> {
    Ok(Attempt {
        delivery: DeliveryId::from_uuid(row.id),
        number: u32::try_from(number).map_err(broken("deliveries.claims"))?,
        after_unanswered,
        certificate: CertificateId::from_uuid(row.certificate_id),
        insured: InsuredId::from_uuid(certificate.insured_id),
        certificate_number: certificate.number.clone(),
        to: addresses(&row.to_addresses, "deliveries.to_addresses")?,
        cc: addresses(&row.cc_addresses, "deliveries.cc_addresses")?,
    })
}

/// Takes a delivery up: counts the attempt and marks it as being sent; where the mail carries a link, makes its secret.
/// To be committed before the relay is spoken to, so that an attempt which ends with its process has left this trace.
///
/// # Errors
/// [`Error::NotFound`] when there is no such delivery; [`Error::Unavailable`] when the system has no randomness.
pub async fn take_up(
    tx: &mut Tx,
    _permit: &Permit<MailQueued>,
    delivery: DeliveryId,
    now: DateTime<Utc>,
) -> Result<TakenUp, Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    let (row, certificate, bytes, pages): (DeliveryRow, CertificateRow, Vec<u8>, i32) = deliveries::table
        .inner_join(
            certificates::table.on(certificates::agency_id
                .eq(deliveries::agency_id)
                .and(certificates::id.eq(deliveries::certificate_id))),
        )
        .inner_join(
            documents::table.on(documents::agency_id
                .eq(certificates::agency_id)
                .and(documents::sha256.eq(certificates::document_sha256))),
        )
        .filter(deliveries::agency_id.eq(agency))
        .filter(deliveries::id.eq(delivery.uuid()))
        .select((
            DeliveryRow::as_select(),
            CertificateRow::as_select(),
            documents::bytes,
            documents::pages,
        ))
        .first(&mut connection)
        .await?;
    let state: DeliveryState = row.state.parse().map_err(broken("deliveries.state"))?;
    // An attempt that was neither accepted nor put back ended with its process: nobody knows how far it came.
    let lost = match state {
        DeliveryState::Accepted => return Ok(TakenUp::AcceptedBefore),
        DeliveryState::Failed if row.undone_at.is_some() => return Ok(TakenUp::Undone),
        DeliveryState::Failed => return Ok(TakenUp::GivenUpBefore(row.last_error.unwrap_or_default())),
        DeliveryState::Sending => true,
        DeliveryState::Queued | DeliveryState::Deferred => false,
    };
    let after_unanswered = row.may_have_arrived_twice || lost;
    let stands: CertificateState = certificate.state.parse().map_err(broken("certificates.state"))?;
    if stands != CertificateState::Issued {
        let attempt = attempt_of(&row, &certificate, row.claims, after_unanswered)?;
        return Ok(TakenUp::NoLongerStands(Box::new(attempt), stands));
    }
    if let Some(expires_at) = row.link_expires_at {
        let link = Link {
            delivery,
            to: Vec::new(),
            expires_at,
            ended_at: row.link_ended_at,
        };
        if let Err(gone) = link.works(now) {
            let attempt = attempt_of(&row, &certificate, row.claims, after_unanswered)?;
            return Ok(TakenUp::LinkGone(Box::new(attempt), gone));
        }
    }
    let number = row.claims + 1;
    let taken = diesel::update(deliveries::table.find((agency, row.id)))
        .filter(deliveries::claims.eq(row.claims))
        // Somebody may have undone it between the look and this word.
        .filter(deliveries::state.eq(&row.state))
        .filter(deliveries::link_ended_at.is_null())
        .set((
            deliveries::state.eq(DeliveryState::Sending.as_str()),
            deliveries::claims.eq(number),
            deliveries::may_have_arrived_twice.eq(after_unanswered),
        ))
        .execute(&mut connection)
        .await?;
    if taken == 0 {
        return Err(Error::Broken("deliveries: taken up twice at once".to_owned()));
    }
    let link = match row.link_expires_at {
        Some(expires_at) => Some(LinkToMail {
            token: link_secrets::make(tx, Opens::Delivery(delivery), now).await?,
            expires_at,
        }),
        None => None,
    };
    let certificate_id = CertificateId::from_uuid(row.certificate_id);
    let enclosures = enclosures(tx, certificate_id, link.is_none()).await?;
    Ok(TakenUp::ToMail(Box::new(Outgoing {
        attempt: attempt_of(&row, &certificate, number, after_unanswered)?,
        kind: row.kind.parse().map_err(broken("deliveries.kind"))?,
        subject: row.subject,
        message: row.message,
        requested_by: row.requested_by_name,
        requested_by_kind: row
            .requested_by_kind
            .parse()
            .map_err(broken("deliveries.requested_by_kind"))?,
        insured_name: certificate.insured_name,
        holder_name: certificate.holder_name,
        revision: u16::try_from(certificate.revision).map_err(broken("certificates.revision"))?,
        issued_on: certificate.issued_on,
        bytes,
        pages: u16::try_from(pages).map_err(broken("documents.pages"))?,
        enclosures,
        link,
    })))
}

/// The files that go with a certificate; with their bytes only where the mail carries them.
async fn enclosures(tx: &mut Tx, id: CertificateId, carried: bool) -> Result<Vec<Enclosure>, Error> {
    let files = match carried {
        true => attachments::bytes_of(tx, id).await?,
        false => {
            let named = attachments::of(tx, id).await?.into_iter();
            named.map(|row| (row, Vec::new())).collect()
        }
    };
    Ok(files
        .into_iter()
        .map(|(row, bytes)| Enclosure {
            file_name: row.file_name,
            title: row.title,
            bytes,
        })
        .collect())
}

/// A delivery that nothing was decided about yet, as its last attempt left it, and holds its row. `None` when
/// it was accepted or given up, or is gone.
///
/// # Errors
/// [`Error`] of the database.
pub async fn find_unsettled(
    tx: &mut Tx,
    _permit: &Permit<MailQueued>,
    delivery: DeliveryId,
) -> Result<Option<Attempt>, Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    let row: Option<DeliveryRow> = deliveries::table
        .find((agency, delivery.uuid()))
        .select(DeliveryRow::as_select())
        .for_update()
        .first(&mut connection)
        .await
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let state: DeliveryState = row.state.parse().map_err(broken("deliveries.state"))?;
    let sending = match state {
        DeliveryState::Accepted | DeliveryState::Failed => return Ok(None),
        DeliveryState::Sending => true,
        DeliveryState::Queued | DeliveryState::Deferred => false,
    };
    let certificate: CertificateRow = certificates::table
        .find((agency, row.certificate_id))
        .select(CertificateRow::as_select())
        .first(&mut connection)
        .await?;
    let after_unanswered = row.may_have_arrived_twice || sending;
    attempt_of(&row, &certificate, row.claims, after_unanswered).map(Some)
}

fn number(attempt: &Attempt) -> Result<i32, Error> {
    i32::try_from(attempt.number).map_err(broken("deliveries.claims"))
}

/// Writes that the relay accepted the message. What it says holds even when a later attempt has begun.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_accepted(tx: &mut Tx, accepted: &Accepted) -> Result<(), Error> {
    let attempt = accepted.attempt();
    let overtaken = deliveries::claims.ne(number(attempt)?);
    let written = diesel::update(deliveries::table.find((tx.agency().uuid(), attempt.delivery.uuid())))
        .filter(deliveries::state.ne(DeliveryState::Accepted.as_str()))
        .set((
            deliveries::state.eq(DeliveryState::Accepted.as_str()),
            deliveries::accepted_at.eq(accepted.at()),
            deliveries::may_have_arrived_twice.eq(deliveries::may_have_arrived_twice.or(overtaken)),
            deliveries::last_error.eq(None::<String>),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if written == 1 {
        recipients::note_mailed(tx, attempt.to.iter().chain(&attempt.cc), accepted.at()).await?;
        return audit::append(tx, accepted, accepted.at()).await;
    }
    // Two attempts were accepted: the row says so, and the trail has its entry from the first.
    diesel::update(deliveries::table.find((tx.agency().uuid(), attempt.delivery.uuid())))
        .set(deliveries::may_have_arrived_twice.eq(true))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Writes that the attempt failed for now.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_deferred(tx: &mut Tx, deferred: &Deferred) -> Result<(), Error> {
    let state = DeliveryState::Deferred;
    end(
        tx,
        deferred.attempt(),
        &[DeliveryState::Sending],
        state,
        deferred.reason(),
        deferred.unanswered(),
        deferred.at(),
    )
    .await?;
    Ok(())
}

/// Writes that the sending was given up.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_given_up(tx: &mut Tx, given_up: &GivenUp) -> Result<(), Error> {
    let state = DeliveryState::Failed;
    if end(
        tx,
        given_up.attempt(),
        // An attempt may have failed before it was taken up.
        &[
            DeliveryState::Queued,
            DeliveryState::Deferred,
            DeliveryState::Sending,
        ],
        state,
        given_up.reason(),
        given_up.unanswered(),
        given_up.at(),
    )
    .await?
    {
        audit::append(tx, given_up, given_up.at()).await?;
    }
    Ok(())
}

/// Ends an attempt that did not succeed; `false` when another one has overtaken it.
async fn end(
    tx: &mut Tx,
    attempt: &Attempt,
    from: &[DeliveryState],
    state: DeliveryState,
    reason: &str,
    unanswered: bool,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    let written = diesel::update(deliveries::table.find((tx.agency().uuid(), attempt.delivery.uuid())))
        .filter(deliveries::state.eq_any(from.iter().map(|state| state.as_str())))
        .filter(deliveries::claims.eq(number(attempt)?))
        .set((
            deliveries::state.eq(state.as_str()),
            deliveries::last_error.eq(reason),
            deliveries::may_have_arrived_twice.eq(attempt.after_unanswered || unanswered),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if written == 0 {
        return Ok(false);
    }
    // Two endings of one attempt at the same moment are one setback.
    diesel::insert_into(delivery_setbacks::table)
        .values((
            delivery_setbacks::agency_id.eq(tx.agency().uuid()),
            delivery_setbacks::delivery_id.eq(attempt.delivery.uuid()),
            delivery_setbacks::attempt.eq(number(attempt)?),
            delivery_setbacks::at.eq(at),
            delivery_setbacks::state.eq(state.as_str()),
            delivery_setbacks::reason.eq(reason),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.connection()?)
        .await?;
    Ok(true)
}
