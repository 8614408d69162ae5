//! Questions to insureds before a renewal run: asked, mailed with a link, answered once.
//!
//! Invariant: an answer is written while the question's row is held, so of two at once one comes too late.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::{AnswerRenewal, MailQueued, StartBatch};
use countersign_domain::certificates::master::Master;
use countersign_domain::certificates::question::{Answered, Asked, AskedHolder, Closed, Question};
use countersign_domain::certificates::report::{self, MailEvent};
use countersign_domain::ids::{HolderId, InsuredId, MasterId, QuestionId};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::broken;
use crate::link_secrets::{self, Opens};
use crate::schema::{renewal_question_holders, renewal_questions};
use crate::sessions::Token;
use crate::tasks::{self, Overtaken};
use crate::{Error, audit, batches, holders, jobs, masters, reports};

#[derive(Queryable, Selectable)]
#[diesel(table_name = renewal_questions)]
struct Row {
    id: Uuid,
    insured_id: Uuid,
    insured_name: String,
    master_id: Uuid,
    to_addresses: Vec<String>,
    message: String,
    asked_by_name: String,
    asked_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    replaced_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    answered_by_name: Option<String>,
    note: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = renewal_question_holders)]
struct HolderRow {
    holder_id: Uuid,
    holder_name: String,
    city: String,
    wanted: Option<bool>,
}

async fn holders_of(tx: &mut Tx, id: Uuid) -> Result<Vec<HolderRow>, Error> {
    Ok(renewal_question_holders::table
        .filter(renewal_question_holders::agency_id.eq(tx.agency().uuid()))
        .filter(renewal_question_holders::question_id.eq(id))
        .order(renewal_question_holders::ordinal)
        .select(HolderRow::as_select())
        .load(&mut tx.connection()?)
        .await?)
}

fn parse(row: &Row, holders: Vec<HolderRow>, tx: &Tx) -> Question {
    Question {
        agency: tx.agency(),
        id: QuestionId::from_uuid(row.id),
        insured: InsuredId::from_uuid(row.insured_id),
        insured_name: row.insured_name.clone(),
        master: MasterId::from_uuid(row.master_id),
        message: row.message.clone(),
        holders: holders
            .into_iter()
            .map(|holder| AskedHolder {
                id: HolderId::from_uuid(holder.holder_id),
                name: holder.holder_name,
                city: holder.city,
            })
            .collect(),
        expires_at: row.expires_at,
        answered_at: row.answered_at,
        replaced_at: row.replaced_at,
    }
}

/// A master, and those who hold a certificate from it, by name; of more than so many, those who were sent to longest ago.
///
/// # Errors
/// [`Error::NotFound`] for a master that does not exist.
pub async fn ask_facts(
    tx: &mut Tx,
    permit: &Permit<StartBatch>,
    master: MasterId,
    at_most: i64,
) -> Result<(Master, Vec<AskedHolder>), Error> {
    let found = masters::load(tx, master, false).await?;
    if found.insured != permit.id {
        return Err(Error::NotFound);
    }
    let held = batches::live_from_master(tx, permit, master, at_most).await?;
    let ids: Vec<HolderId> = held.iter().map(|each| each.holder).collect();
    let mut rows: Vec<AskedHolder> = holders::by_ids(tx, &ids)
        .await?
        .into_iter()
        .map(|holder| AskedHolder {
            id: holder.id,
            name: holder.profile.name.to_string(),
            city: holder.profile.address.city.to_string(),
        })
        .collect();
    rows.sort_by_key(|holder| (holder.name.to_lowercase(), holder.id));
    Ok((found, rows))
}

/// Writes a question with its trace and the job that mails it; one of the same master that waits is replaced.
///
/// # Errors
/// [`Error`] of the database; nobody is asked then.
pub async fn record_asked(tx: &mut Tx, asked: &Asked) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    diesel::update(renewal_questions::table)
        .filter(renewal_questions::agency_id.eq(agency))
        .filter(renewal_questions::master_id.eq(asked.master().uuid()))
        .filter(renewal_questions::answered_at.is_null())
        .filter(renewal_questions::replaced_at.is_null())
        .set(renewal_questions::replaced_at.eq(asked.at()))
        .execute(&mut tx.connection()?)
        .await?;
    let again = Overtaken::Master(asked.master());
    tasks::done(tx, again, asked.by(), asked.at(), "The insured was asked again.").await?;
    let to: Vec<&str> = asked.envelope().to().iter().map(EmailAddress::as_str).collect();
    diesel::insert_into(renewal_questions::table)
        .values((
            renewal_questions::agency_id.eq(agency),
            renewal_questions::id.eq(asked.id().uuid()),
            renewal_questions::insured_id.eq(asked.insured().uuid()),
            renewal_questions::insured_name.eq(asked.insured_name()),
            renewal_questions::master_id.eq(asked.master().uuid()),
            renewal_questions::to_addresses.eq(to),
            renewal_questions::message.eq(asked.envelope().message()),
            renewal_questions::asked_by_id.eq(asked.by().id),
            renewal_questions::asked_by_name.eq(&asked.by().name),
            renewal_questions::asked_at.eq(asked.at()),
            renewal_questions::expires_at.eq(asked.expires_at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    let mut rows = Vec::with_capacity(asked.holders().len());
    for (place, holder) in asked.holders().iter().enumerate() {
        let place = i32::try_from(place + 1).map_err(broken("renewal_question_holders.ordinal"))?;
        rows.push((
            renewal_question_holders::agency_id.eq(agency),
            renewal_question_holders::question_id.eq(asked.id().uuid()),
            renewal_question_holders::ordinal.eq(place),
            renewal_question_holders::holder_id.eq(holder.id.uuid()),
            renewal_question_holders::holder_name.eq(&holder.name),
            renewal_question_holders::city.eq(&holder.city),
        ));
    }
    diesel::insert_into(renewal_question_holders::table)
        .values(rows)
        .execute(&mut tx.connection()?)
        .await?;
    let (id, job) = asked.job();
    jobs::enqueue(tx, job, *id, asked.at()).await?;
    audit::append(tx, asked, asked.at()).await
}

/// The newest question about a master's holders, and what was said.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The question.
    pub question: Question,
    /// Whom it was mailed to.
    pub to: Vec<String>,
    /// Who asked; the name at that time.
    pub asked_by_name: String,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// Who answered, as they wrote it.
    pub answered_by_name: Option<String>,
    /// What else they said.
    pub note: String,
    /// Whether a holder still needs a certificate; empty until there is an answer.
    pub wanted: BTreeMap<HolderId, bool>,
    events: Vec<MailEvent>,
}

impl Asking {
    /// The addresses that it came back from, with the reasons.
    #[must_use]
    pub fn came_back(&self) -> Vec<&MailEvent> {
        report::came_back(&self.events)
    }
}

/// The newest question about a master's holders; none where nobody was asked.
///
/// # Errors
/// [`Error`] of the database.
pub async fn newest(
    tx: &mut Tx,
    permit: &Permit<StartBatch>,
    master: MasterId,
) -> Result<Option<Asking>, Error> {
    let row: Option<Row> = renewal_questions::table
        .filter(renewal_questions::agency_id.eq(tx.agency().uuid()))
        .filter(renewal_questions::insured_id.eq(permit.id.uuid()))
        .filter(renewal_questions::master_id.eq(master.uuid()))
        .order((renewal_questions::asked_at.desc(), renewal_questions::id.desc()))
        .select(Row::as_select())
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let holders = holders_of(tx, row.id).await?;
    let wanted = holders
        .iter()
        .filter_map(|holder| Some((HolderId::from_uuid(holder.holder_id), holder.wanted?)))
        .collect();
    let mut events = reports::of_letters(tx, &[row.id]).await?;
    Ok(Some(Asking {
        events: events.remove(&row.id).unwrap_or_default(),
        question: parse(&row, holders, tx),
        to: row.to_addresses,
        asked_by_name: row.asked_by_name,
        asked_at: row.asked_at,
        answered_by_name: row.answered_by_name,
        note: row.note,
        wanted,
    }))
}

/// The question that a secret opens, whether or not it can be answered any more; held until the end of the transaction
/// where it is about to be answered.
///
/// # Errors
/// [`Error::NotFound`] when nothing was ever mailed with this secret.
pub async fn by_link(tx: &mut Tx, token: &Token, hold: bool) -> Result<Permit<AnswerRenewal>, Error> {
    // A secret of something else opens no question.
    let (reader, Opens::Question(id)) = link_secrets::shown(tx, token).await? else {
        return Err(Error::NotFound);
    };
    let query = renewal_questions::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Row::as_select());
    let row: Row = if hold {
        query.for_update().first(&mut tx.connection()?).await?
    } else {
        query.first(&mut tx.connection()?).await?
    };
    let holders = holders_of(tx, id.uuid()).await?;
    let question = parse(&row, holders, tx);
    Ok(reader.request::<AnswerRenewal>(question)?)
}

/// Writes an answer with its trace and the task to look at it; that the mail came back from somebody else matters no more.
/// The question's row is held by who answers.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_answered(tx: &mut Tx, answered: &Answered) -> Result<(), Error> {
    let (agency, id) = (tx.agency().uuid(), answered.question().uuid());
    let said = answered.answer();
    diesel::update(renewal_questions::table.find((agency, id)))
        .set((
            renewal_questions::answered_at.eq(answered.at()),
            renewal_questions::answered_by_name.eq(said.name.as_str()),
            renewal_questions::note.eq(&said.note),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    let wanted: Vec<Uuid> = said.wanted.iter().map(|holder| holder.uuid()).collect();
    diesel::update(renewal_question_holders::table)
        .filter(renewal_question_holders::agency_id.eq(agency))
        .filter(renewal_question_holders::question_id.eq(id))
        .set(
            renewal_question_holders::wanted
                .eq(renewal_question_holders::holder_id.eq_any(wanted).nullable()),
        )
        .execute(&mut tx.connection()?)
        .await?;
    let which = Overtaken::Answered(answered.question());
    tasks::done(
        tx,
        which,
        answered.by(),
        answered.at(),
        "The question was answered.",
    )
    .await?;
    tasks::open_answer(tx, answered).await?;
    audit::append(tx, answered, answered.at()).await
}

/// A question whose link's secret was just made.
#[derive(Clone, Debug)]
pub struct ToMail {
    /// Which.
    pub id: QuestionId,
    /// Who is asked.
    pub insured_name: String,
    /// Whom the mail goes to.
    pub to: Vec<EmailAddress>,
    /// The agency's own words, possibly none.
    pub message: String,
    /// Who asked.
    pub asked_by_name: String,
    /// About how many holders.
    pub holders: usize,
    /// Until when it can be answered.
    pub expires_at: DateTime<Utc>,
    /// The secret part of the link.
    pub token: Token,
}

/// What the mailer finds when it takes a question up.
#[derive(Clone, Debug)]
pub enum TakenUp {
    /// It is to be mailed; the secret of its link was just made.
    ToMail(Box<ToMail>),
    /// It cannot be answered any more, so there is nothing to mail.
    Closed(Closed),
}

/// Takes a question up to be mailed.
///
/// # Errors
/// [`Error::NotFound`] when there is no such question; [`Error::Unavailable`] when the system has no randomness.
pub async fn take_up(
    tx: &mut Tx,
    _permit: &Permit<MailQueued>,
    id: QuestionId,
    now: DateTime<Utc>,
) -> Result<TakenUp, Error> {
    let row: Row = renewal_questions::table
        .find((tx.agency().uuid(), id.uuid()))
        .select(Row::as_select())
        .first(&mut tx.connection()?)
        .await?;
    let holders = holders_of(tx, row.id).await?;
    let question = parse(&row, holders, tx);
    if let Err(closed) = question.open(now) {
        return Ok(TakenUp::Closed(closed));
    }
    let token = link_secrets::make(tx, Opens::Question(id), now).await?;
    let to = row.to_addresses.iter().map(|text| EmailAddress::parse(text));
    Ok(TakenUp::ToMail(Box::new(ToMail {
        id,
        insured_name: question.insured_name,
        to: to
            .collect::<Result<_, _>>()
            .map_err(broken("renewal_questions.to_addresses"))?,
        message: row.message,
        asked_by_name: row.asked_by_name,
        holders: question.holders.len(),
        expires_at: question.expires_at,
        token,
    })))
}
