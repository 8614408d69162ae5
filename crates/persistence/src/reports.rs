//! What the mail system tells of a mail after the relay took it: of a certificate, a courtesy notice or a question.
//!
//! Invariant: an event is written once; with it go a delivery's outcome, what is known of the address, and the task.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::RecordMailEvents;
use countersign_domain::certificates::report::{Mail, MailEvent, MailEventKind, MailRef, Mailed, Reported};
use countersign_domain::ids::{
    AgencyId, CertificateId, DeliveryId, InsuredId, MailId, MasterId, NoticeId, PolicyId, QuestionId,
};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel::sql_types;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::broken;
use crate::schema::{
    bounced_addresses, certificates, courtesy_notices, deliveries, delivery_events, letter_events,
    renewal_questions,
};
use crate::{Error, audit, tasks};

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = sql_types::Uuid)]
    agency: Uuid,
    #[diesel(sql_type = sql_types::Text)]
    kind: String,
}

/// The mail that an id names, and the agency that sent it; `None` when there is no such mail.
///
/// # Errors
/// [`Error`] of the database.
pub async fn find(db: &Db, mail: MailId) -> Result<Option<(AgencyId, MailRef)>, Error> {
    let found: Option<Found> = db
        .outside(async |connection| {
            Ok(diesel::sql_query("SELECT agency, kind FROM mail_of_id($1)")
                .bind::<sql_types::Uuid, _>(mail.uuid())
                .get_result(connection)
                .await
                .optional()?)
        })
        .await?;
    let Some(found) = found else {
        return Ok(None);
    };
    let id = mail.uuid();
    let mail = match found.kind.as_str() {
        "certificate" => MailRef::Certificate(DeliveryId::from_uuid(id)),
        "notice" => MailRef::Notice(NoticeId::from_uuid(id)),
        "question" => MailRef::Question(QuestionId::from_uuid(id)),
        other => return Err(Error::Broken(format!("mail_of_id: {other}"))),
    };
    Ok(Some((AgencyId::from_uuid(found.agency), mail)))
}

type EventRow = (String, String, DateTime<Utc>, String);

fn event((recipient, kind, at, reason): EventRow) -> Result<MailEvent, Error> {
    Ok(MailEvent {
        recipient: EmailAddress::parse(&recipient).map_err(broken("recipient of a mail event"))?,
        kind: kind.parse().map_err(broken("kind of a mail event"))?,
        at,
        reason,
    })
}

/// What was told of these notices or questions, each with its own.
///
/// # Errors
/// [`Error`] of the database.
pub(crate) async fn of_letters(tx: &mut Tx, of: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<MailEvent>>, Error> {
    let rows: Vec<(Uuid, String, String, DateTime<Utc>, String)> = letter_events::table
        .filter(letter_events::agency_id.eq(tx.agency().uuid()))
        .filter(letter_events::letter_id.eq_any(of))
        .select((
            letter_events::letter_id,
            letter_events::recipient,
            letter_events::kind,
            letter_events::at,
            letter_events::reason,
        ))
        .load(&mut tx.connection()?)
        .await?;
    let mut events: BTreeMap<Uuid, Vec<MailEvent>> = BTreeMap::new();
    for (letter, recipient, kind, at, reason) in rows {
        let told = event((recipient, kind, at, reason))?;
        events.entry(letter).or_default().push(told);
    }
    Ok(events)
}

/// The addresses of a row.
pub(crate) fn addresses(texts: &[String], place: &'static str) -> Result<Vec<EmailAddress>, Error> {
    texts
        .iter()
        .map(|text| EmailAddress::parse(text))
        .collect::<Result<_, _>>()
        .map_err(broken(place))
}

/// A mail with everything that was told of it, and holds its row, so that reports are taken one after the other.
///
/// # Errors
/// [`Error::NotFound`] when there is no such mail.
pub async fn lock_mailed(
    tx: &mut Tx,
    _permit: &Permit<RecordMailEvents>,
    mail: MailRef,
) -> Result<Mailed, Error> {
    match mail {
        MailRef::Certificate(delivery) => lock_certificate(tx, delivery).await,
        MailRef::Notice(notice) => lock_notice(tx, notice).await,
        MailRef::Question(question) => lock_question(tx, question).await,
    }
}

async fn lock_certificate(tx: &mut Tx, delivery: DeliveryId) -> Result<Mailed, Error> {
    let agency = tx.agency().uuid();
    let (certificate, mut recipients, cc): (Uuid, Vec<String>, Vec<String>) = deliveries::table
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
    recipients.extend(cc);
    Ok(Mailed {
        mail: Mail::Certificate {
            delivery,
            certificate: CertificateId::from_uuid(certificate),
            number,
        },
        insured: InsuredId::from_uuid(insured),
        recipients: addresses(&recipients, "deliveries.to_addresses")?,
        events: rows.into_iter().map(event).collect::<Result<_, _>>()?,
    })
}

async fn lock_notice(tx: &mut Tx, notice: NoticeId) -> Result<Mailed, Error> {
    type Row = (Uuid, String, Uuid, String, Vec<String>);
    let (policy, policy_number, insured, holder, to): Row = courtesy_notices::table
        .find((tx.agency().uuid(), notice.uuid()))
        .select((
            courtesy_notices::policy_id,
            courtesy_notices::policy_number,
            courtesy_notices::insured_id,
            courtesy_notices::holder_name,
            courtesy_notices::to_addresses,
        ))
        .for_update()
        .first(&mut tx.connection()?)
        .await?;
    let mut events = of_letters(tx, &[notice.uuid()]).await?;
    Ok(Mailed {
        mail: Mail::Notice {
            notice,
            policy: PolicyId::from_uuid(policy),
            policy_number,
            holder,
        },
        insured: InsuredId::from_uuid(insured),
        recipients: addresses(&to, "courtesy_notices.to_addresses")?,
        events: events.remove(&notice.uuid()).unwrap_or_default(),
    })
}

async fn lock_question(tx: &mut Tx, question: QuestionId) -> Result<Mailed, Error> {
    let (master, insured, insured_name, to): (Uuid, Uuid, String, Vec<String>) = renewal_questions::table
        .find((tx.agency().uuid(), question.uuid()))
        .select((
            renewal_questions::master_id,
            renewal_questions::insured_id,
            renewal_questions::insured_name,
            renewal_questions::to_addresses,
        ))
        .for_update()
        .first(&mut tx.connection()?)
        .await?;
    let mut events = of_letters(tx, &[question.uuid()]).await?;
    Ok(Mailed {
        mail: Mail::Question {
            question,
            master: MasterId::from_uuid(master),
            insured_name,
        },
        insured: InsuredId::from_uuid(insured),
        recipients: addresses(&to, "renewal_questions.to_addresses")?,
        events: events.remove(&question.uuid()).unwrap_or_default(),
    })
}

/// Writes the event of a sending with what all its events come to.
async fn write_of_delivery(tx: &mut Tx, delivery: DeliveryId, reported: &Reported) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let event = reported.event();
    diesel::insert_into(delivery_events::table)
        .values((
            delivery_events::agency_id.eq(agency),
            delivery_events::delivery_id.eq(delivery.uuid()),
            delivery_events::recipient.eq(event.recipient.as_str()),
            delivery_events::kind.eq(event.kind.as_str()),
            delivery_events::at.eq(event.at),
            delivery_events::reason.eq(&event.reason),
            delivery_events::told_at.eq(reported.at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    diesel::update(deliveries::table.find((agency, delivery.uuid())))
        .set(deliveries::outcome.eq(reported.outcome().map(MailEventKind::as_str)))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Writes the event of a notice or a question; what its events come to is computed where it is shown.
async fn write_of_letter(
    tx: &mut Tx,
    (notice, question): (Option<Uuid>, Option<Uuid>),
    reported: &Reported,
) -> Result<(), Error> {
    let Some(letter) = notice.or(question) else {
        return Err(Error::Broken("letter_events: of no letter".to_owned()));
    };
    let event = reported.event();
    diesel::insert_into(letter_events::table)
        .values((
            letter_events::agency_id.eq(tx.agency().uuid()),
            letter_events::letter_id.eq(letter),
            letter_events::notice_id.eq(notice),
            letter_events::question_id.eq(question),
            letter_events::recipient.eq(event.recipient.as_str()),
            letter_events::kind.eq(event.kind.as_str()),
            letter_events::at.eq(event.at),
            letter_events::reason.eq(&event.reason),
            letter_events::told_at.eq(reported.at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Writes a report.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record(tx: &mut Tx, reported: &Reported) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let event = reported.event();
    match &reported.mailed().mail {
        Mail::Certificate { delivery, .. } => write_of_delivery(tx, *delivery, reported).await?,
        Mail::Notice { notice, .. } => write_of_letter(tx, (Some(notice.uuid()), None), reported).await?,
        Mail::Question { question, .. } => {
            write_of_letter(tx, (None, Some(question.uuid())), reported).await?;
        }
    }
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
        tasks::open(tx, task, reported).await?;
    }
    if reported.arrived() {
        tasks::arrived(tx, reported).await?;
    }
    audit::append(tx, reported, reported.at()).await
}
