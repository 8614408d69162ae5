//! Issued certificates: found for an act, listed in a scope, written with their trace and their jobs.

pub(crate) mod attachments;
mod facts;
mod held;
mod links;
mod list;
mod record;
mod undo;

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::rules::{DownloadCertificate, PreviewCertificate, ViewCertificate};
use countersign_domain::authz::{Actor, Operation, Permit};
use countersign_domain::certificates::Certificate;
use countersign_domain::ids::{CertificateId, HolderId, InsuredId, InterestId, MasterId};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

pub use attachments::{AttachmentRow, attachment_by_link, attachment_to_preview, attachments_by_link};
pub use facts::{cover_ended, cover_ended_by_link, resend_facts, resend_refusal, send_facts};
pub use held::{Held, HeldCertificate, held};
pub use links::{
    Standing, by_link, document_by_link, link_facts, record_link_opened, record_link_saved,
    record_link_turned_off, standing,
};
pub use list::{CertificateFilter, CertificateRow, LatestDelivery, list, list_at_once, overrides};
pub use record::{
    next_number, next_numbers, record_all_sent, record_resent, record_revised, record_sent, record_viewed,
    record_withdrawn,
};
pub use undo::{record_undone, undo_facts};

use crate::Error;
use crate::db::Tx;
pub use crate::documents::Document;
use crate::error::broken;
use crate::insureds::contacts_of;
use crate::schema::{certificates, documents};

#[derive(Queryable, Selectable)]
#[diesel(table_name = certificates)]
struct Row {
    id: Uuid,
    number: String,
    revision: i32,
    insured_id: Uuid,
    insured_name: String,
    holder_id: Uuid,
    holder_name: String,
    interest_id: Option<Uuid>,
    master_id: Uuid,
    issued_on: NaiveDate,
    issued_at: DateTime<Utc>,
    state: String,
    superseded_by_id: Option<Uuid>,
}

fn parse(row: Row, tx: &Tx) -> Result<Certificate, Error> {
    Ok(Certificate {
        agency: tx.agency(),
        id: CertificateId::from_uuid(row.id),
        number: row.number,
        revision: u16::try_from(row.revision).map_err(broken("certificates.revision"))?,
        insured: InsuredId::from_uuid(row.insured_id),
        insured_name: row.insured_name,
        holder: HolderId::from_uuid(row.holder_id),
        holder_name: row.holder_name,
        interest: row.interest_id.map(InterestId::from_uuid),
        master: MasterId::from_uuid(row.master_id),
        issued_on: row.issued_on,
        issued_at: row.issued_at,
        state: row.state.parse().map_err(broken("certificates.state"))?,
        superseded_by: row.superseded_by_id.map(CertificateId::from_uuid),
    })
}

/// Asks for an operation on a certificate.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn find<O: Operation<Target = Certificate>>(
    tx: &mut Tx,
    actor: &Actor,
    id: CertificateId,
) -> Result<Permit<O>, Error> {
    let certificate = load(tx, id, false).await?;
    Ok(actor.request::<O>(certificate)?)
}

/// As [`find`], and holds the certificate's row until the end of the transaction, so that what is decided about
/// it is decided one after the other.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Denied`].
pub async fn lock<O: Operation<Target = Certificate>>(
    tx: &mut Tx,
    actor: &Actor,
    id: CertificateId,
) -> Result<Permit<O>, Error> {
    let certificate = load(tx, id, true).await?;
    Ok(actor.request::<O>(certificate)?)
}

async fn load(tx: &mut Tx, id: CertificateId, lock: bool) -> Result<Certificate, Error> {
    let query = certificates::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Row::as_select());
    let row: Row = if lock {
        query.for_no_key_update().first(&mut tx.connection()?).await?
    } else {
        query.first(&mut tx.connection()?).await?
    };
    parse(row, tx)
}

async fn document(tx: &mut Tx, id: CertificateId) -> Result<Document, Error> {
    let (bytes, sha256): (Vec<u8>, Vec<u8>) = certificates::table
        .inner_join(
            documents::table.on(documents::agency_id
                .eq(certificates::agency_id)
                .and(documents::sha256.eq(certificates::document_sha256))),
        )
        .filter(certificates::agency_id.eq(tx.agency().uuid()))
        .filter(certificates::id.eq(id.uuid()))
        .select((documents::bytes, documents::sha256))
        .first(&mut tx.connection()?)
        .await?;
    Ok(Document { bytes, sha256 })
}

/// The page, to look at.
///
/// # Errors
/// [`Error`] of the database.
pub async fn document_to_preview(
    tx: &mut Tx,
    permit: &Permit<PreviewCertificate>,
) -> Result<Document, Error> {
    document(tx, permit.id).await
}

/// The page, to save.
///
/// # Errors
/// [`Error`] of the database.
pub async fn document_to_download(
    tx: &mut Tx,
    permit: &Permit<DownloadCertificate>,
) -> Result<Document, Error> {
    document(tx, permit.id).await
}

/// What a certificate's page shows beyond its row.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The row of the log.
    pub row: CertificateRow,
    /// The nature of the additional interest that it was sent to, as it is now.
    pub interest_nature: Option<String>,
    /// What is printed.
    pub payload: Value,
    /// What the gate found at issue.
    pub findings: Value,
    /// What a second person lifted.
    pub overrides: Value,
    /// SHA-256 of the canonical payload, as the foot of the page shows its ends.
    pub fingerprint: String,
    /// SHA-256 of the page.
    pub sha256: Vec<u8>,
    /// Size of the page.
    pub size_bytes: i64,
    /// Pages.
    pub pages: i32,
    /// The files that went with it, in their order.
    pub attachments: Vec<AttachmentRow>,
    /// Every sending, the newest first.
    pub deliveries: Vec<DeliveryRow>,
    /// The attempts to mail it that did not succeed, the oldest first.
    pub setbacks: Vec<SetbackRow>,
    /// What the mail system told of them, the oldest first.
    pub events: Vec<EventRow>,
    /// What was done with their links, the oldest first.
    pub link_events: Vec<LinkEventRow>,
    /// Every revision of the number, the newest first.
    pub revisions: Vec<RevisionRow>,
    /// Whom one could send it to: name and email.
    pub contacts: Vec<(String, String)>,
}

/// One sending.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::schema::deliveries)]
pub struct DeliveryRow {
    /// Its id.
    pub id: Uuid,
    /// Why it was sent.
    pub kind: String,
    /// To.
    pub to_addresses: Vec<String>,
    /// Cc.
    pub cc_addresses: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Message.
    pub message: String,
    /// Where it stands.
    pub state: String,
    /// Attempts.
    pub claims: i32,
    /// Whether a crash may have sent it twice.
    pub may_have_arrived_twice: bool,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// Who asked.
    pub requested_by_name: String,
    /// When it was asked for.
    pub queued_at: DateTime<Utc>,
    /// When the relay accepted it.
    pub accepted_at: Option<DateTime<Utc>>,
    /// What the events of all recipients come to.
    pub outcome: Option<String>,
    /// It was not to leave before.
    pub held_until: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub undone_at: Option<DateTime<Utc>>,
    /// Who took it back.
    pub undone_by_name: Option<String>,
    /// How the mail carries the page.
    pub channel: String,
    /// Until when its link works.
    pub link_expires_at: Option<DateTime<Utc>>,
    /// When its link was turned off.
    pub link_ended_at: Option<DateTime<Utc>>,
    /// Who turned it off.
    pub link_ended_by_name: Option<String>,
}

/// What the mail system told of a sending.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::schema::delivery_events)]
pub struct EventRow {
    /// Of which sending.
    pub delivery_id: Uuid,
    /// At which recipient.
    pub recipient: String,
    /// What happened.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What the other side said.
    pub reason: String,
}

/// What was done with the link of a sending.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::schema::link_events)]
pub struct LinkEventRow {
    /// Of which sending.
    pub delivery_id: Uuid,
    /// Whether it was opened, for the first time, or the page was saved.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// An attempt to mail a certificate that did not succeed.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = crate::schema::delivery_setbacks)]
pub struct SetbackRow {
    /// Of which sending.
    pub delivery_id: Uuid,
    /// Which attempt.
    pub attempt: i32,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// What it led to: another try, or giving up.
    pub state: String,
    /// Why.
    pub reason: String,
}

/// One revision of a number.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = certificates)]
pub struct RevisionRow {
    /// The certificate.
    pub id: Uuid,
    /// Counts from 0.
    pub revision: i32,
    /// What became of it.
    pub state: String,
    /// Moment of issue.
    pub issued_at: DateTime<Utc>,
    /// Who issued it.
    pub issued_by_name: String,
}

/// A certificate with everything its page shows.
///
/// # Errors
/// [`Error`] of the database.
pub async fn detail(tx: &mut Tx, permit: &Permit<ViewCertificate>) -> Result<Detail, Error> {
    use crate::schema::{deliveries, delivery_events, delivery_setbacks, interests, link_events};
    let agency = tx.agency().uuid();
    let id = permit.id.uuid();
    let row = list::one(tx, permit.id).await?;
    let mut connection = tx.connection()?;
    type Own = (Value, Value, Value, String, Vec<u8>);
    let (payload, findings, overrides, fingerprint, sha256): Own = certificates::table
        .find((agency, id))
        .select((
            certificates::payload,
            certificates::findings,
            certificates::overrides,
            certificates::fingerprint,
            certificates::document_sha256,
        ))
        .first(&mut connection)
        .await?;
    let (pages, size_bytes): (i32, i32) = documents::table
        .find((agency, &sha256))
        .select((documents::pages, octet_length(documents::bytes)))
        .first(&mut connection)
        .await?;
    let deliveries: Vec<DeliveryRow> = deliveries::table
        .filter(deliveries::agency_id.eq(agency))
        .filter(deliveries::certificate_id.eq(id))
        .order((deliveries::queued_at.desc(), deliveries::id.desc()))
        .limit(200)
        .select(DeliveryRow::as_select())
        .load(&mut connection)
        .await?;
    let sent: Vec<Uuid> = deliveries.iter().map(|delivery| delivery.id).collect();
    let setbacks: Vec<SetbackRow> = delivery_setbacks::table
        .filter(delivery_setbacks::agency_id.eq(agency))
        .filter(delivery_setbacks::delivery_id.eq_any(&sent))
        .order((delivery_setbacks::at, delivery_setbacks::attempt))
        .select(SetbackRow::as_select())
        .load(&mut connection)
        .await?;
    let events: Vec<EventRow> = delivery_events::table
        .filter(delivery_events::agency_id.eq(agency))
        .filter(delivery_events::delivery_id.eq_any(&sent))
        .order((
            delivery_events::at,
            delivery_events::recipient,
            delivery_events::kind,
        ))
        .limit(2_000)
        .select(EventRow::as_select())
        .load(&mut connection)
        .await?;
    let link_events: Vec<LinkEventRow> = link_events::table
        .filter(link_events::agency_id.eq(agency))
        .filter(link_events::delivery_id.eq_any(&sent))
        .order((link_events::at, link_events::kind.desc()))
        .limit(2_000)
        .select(LinkEventRow::as_select())
        .load(&mut connection)
        .await?;
    let revisions: Vec<RevisionRow> = certificates::table
        .filter(certificates::agency_id.eq(agency))
        .filter(certificates::number.eq(&row.certificate.number))
        .order(certificates::revision.desc())
        .limit(200)
        .select(RevisionRow::as_select())
        .load(&mut connection)
        .await?;
    let interest_nature: Option<String> = match row.certificate.interest_id {
        Some(interest) => {
            let nature = interests::table
                .find((agency, interest))
                .select(interests::nature);
            Some(nature.first(&mut connection).await?)
        }
        None => None,
    };
    let attachments = attachments::of(tx, permit.id).await?;
    let mut contacts = facts::holder_addresses(tx, permit.id).await?;
    if matches!(permit.actor(), Actor::Staff(_)) {
        let people = contacts_of(tx, permit.insured).await?;
        contacts.extend(
            people
                .into_iter()
                .filter_map(|c| c.email.map(|email| (c.name.to_string(), email.to_string()))),
        );
    }
    Ok(Detail {
        row,
        interest_nature,
        payload,
        findings,
        overrides,
        fingerprint,
        sha256,
        size_bytes: i64::from(size_bytes),
        pages,
        attachments,
        deliveries,
        setbacks,
        events,
        link_events,
        revisions,
        contacts,
    })
}

diesel::define_sql_function! {
    /// Length of a byte string.
    fn octet_length(bytes: diesel::sql_types::Binary) -> diesel::sql_types::Integer;
}
