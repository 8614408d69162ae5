//! What somebody must know who is about to start a batch: the same facts as for one certificate, read once for all
//! rows, and what was sent before.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::{SendCertificate, StartBatch};
use countersign_domain::certificates::batch::Facts;
use countersign_domain::certificates::payload::CertificatePayload;
use countersign_domain::certificates::send;
use countersign_domain::holders::{Holder, HolderStanding, LinkTerms};
use countersign_domain::ids::{CertificateId, HolderId, MasterId, PolicyId};
use countersign_domain::policies::Line;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::broken;
use crate::schema::{certificates as certificates_table, policies};
use crate::{Error, certificates, holders, masters};

/// The facts of every row of a batch.
#[derive(Clone, Debug)]
pub struct CheckFacts {
    /// Those of any row, without a holder.
    pub common: send::Facts,
    /// Those of the chosen holders that are in the library.
    pub holders: Vec<Holder>,
    /// What is written down about them and the insured.
    pub terms: HashMap<HolderId, LinkTerms>,
}

impl CheckFacts {
    /// The facts of the row of one holder; without any where the library has none of that id.
    #[must_use]
    pub fn of_holder(&self, id: HolderId) -> send::Facts {
        let terms = self.terms.get(&id);
        send::Facts {
            holder: self.holders.iter().find(|holder| holder.id == id).cloned(),
            requirements: terms.map(|terms| terms.requirements.clone()).unwrap_or_default(),
            ..self.common.clone()
        }
    }
}

/// What the gate must know for each of these holders: read as for one certificate, and the holders all at once.
///
/// # Errors
/// [`Error::NotFound`] for a master that is not this insured's.
pub async fn check_facts(
    tx: &mut Tx,
    permit: &Permit<SendCertificate>,
    wish: &send::Wish,
    chosen: &[HolderId],
    now: DateTime<Utc>,
) -> Result<CheckFacts, Error> {
    let common = certificates::send_facts(tx, permit, wish, now).await?;
    let terms = holders::terms_of(tx, permit.id, chosen).await?;
    let holders = holders::by_ids(tx, chosen).await?;
    Ok(CheckFacts {
        common,
        holders,
        terms,
    })
}

/// What starting must know.
///
/// # Errors
/// [`Error::NotFound`] for a master that does not exist.
pub async fn start_facts(
    tx: &mut Tx,
    permit: &Permit<StartBatch>,
    master: MasterId,
    chosen: &[HolderId],
    follows: &[CertificateId],
) -> Result<Facts, Error> {
    let master = masters::load(tx, master, false).await?;
    if master.insured != permit.id {
        return Err(Error::NotFound);
    }
    let holders = holders::by_ids(tx, chosen).await?;
    let followed: Vec<Uuid> = certificates_table::table
        .filter(certificates_table::agency_id.eq(tx.agency().uuid()))
        .filter(certificates_table::insured_id.eq(permit.id.uuid()))
        .filter(certificates_table::id.eq_any(follows.iter().map(|id| id.uuid()).collect::<Vec<_>>()))
        .select(certificates_table::id)
        .load(&mut tx.connection()?)
        .await?;
    Ok(Facts {
        master,
        holders,
        followed: followed.into_iter().map(CertificateId::from_uuid).collect(),
    })
}

/// Holders that bear one of these names or have one of these addresses, those that were archived too, for a list that was
/// typed elsewhere.
///
/// # Errors
/// [`Error`] of the database.
pub async fn holders_named(
    tx: &mut Tx,
    _permit: &Permit<StartBatch>,
    names: &[String],
    emails: &[String],
) -> Result<Vec<Holder>, Error> {
    holders::called(tx, names, emails).await
}

/// The newest certificate that a holder got for an insured, and to whom it was mailed last.
#[derive(Clone, Debug)]
pub struct LastSending {
    /// The certificate.
    pub certificate: Uuid,
    /// Its number.
    pub number: String,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// It was withdrawn since.
    pub withdrawn: bool,
    /// Recipients of its newest mail.
    pub to: Vec<String>,
    /// Recipients of a copy.
    pub cc: Vec<String>,
}

#[derive(QueryableByName)]
struct NewestRow {
    #[diesel(sql_type = sql_types::Uuid)]
    holder_id: Uuid,
    #[diesel(sql_type = sql_types::Uuid)]
    id: Uuid,
    #[diesel(sql_type = sql_types::Text)]
    number: String,
    #[diesel(sql_type = sql_types::Timestamptz)]
    issued_at: DateTime<Utc>,
    #[diesel(sql_type = sql_types::Bool)]
    withdrawn: bool,
}

#[derive(QueryableByName)]
struct MailRow {
    #[diesel(sql_type = sql_types::Uuid)]
    certificate_id: Uuid,
    #[diesel(sql_type = sql_types::Array<sql_types::Text>)]
    to_addresses: Vec<String>,
    #[diesel(sql_type = sql_types::Array<sql_types::Text>)]
    cc_addresses: Vec<String>,
}

async fn mailed_to(tx: &mut Tx, ids: &[Uuid]) -> Result<HashMap<Uuid, (Vec<String>, Vec<String>)>, Error> {
    let rows: Vec<MailRow> = diesel::sql_query(
        "SELECT DISTINCT ON (certificate_id) certificate_id, to_addresses, cc_addresses \
         FROM deliveries WHERE agency_id = $1 AND certificate_id = ANY($2) \
         ORDER BY certificate_id, queued_at DESC, id DESC",
    )
    .bind::<sql_types::Uuid, _>(tx.agency().uuid())
    .bind::<sql_types::Array<sql_types::Uuid>, _>(ids)
    .load(&mut tx.connection()?)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.certificate_id, (row.to_addresses, row.cc_addresses)))
        .collect())
}

/// For each of these holders that got a certificate for the insured, the newest one.
///
/// # Errors
/// [`Error`] of the database.
pub async fn last_sendings(
    tx: &mut Tx,
    permit: &Permit<StartBatch>,
    chosen: &[HolderId],
) -> Result<HashMap<HolderId, LastSending>, Error> {
    let chosen: Vec<Uuid> = chosen.iter().map(|id| id.uuid()).collect();
    let rows: Vec<NewestRow> = diesel::sql_query(
        "SELECT DISTINCT ON (holder_id) holder_id, id, number, issued_at, state = 'withdrawn' AS withdrawn \
         FROM certificates WHERE agency_id = $1 AND insured_id = $2 AND holder_id = ANY($3) \
         ORDER BY holder_id, issued_at DESC, id DESC",
    )
    .bind::<sql_types::Uuid, _>(tx.agency().uuid())
    .bind::<sql_types::Uuid, _>(permit.id.uuid())
    .bind::<sql_types::Array<sql_types::Uuid>, _>(&chosen)
    .load(&mut tx.connection()?)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut mails = mailed_to(tx, &ids).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let (to, cc) = mails.remove(&row.id).unwrap_or_default();
            let sending = LastSending {
                certificate: row.id,
                number: row.number,
                issued_at: row.issued_at,
                withdrawn: row.withdrawn,
                to,
                cc,
            };
            (HolderId::from_uuid(row.holder_id), sending)
        })
        .collect())
}

/// Somebody who holds a certificate from a master, with the page as it was frozen.
#[derive(Clone, Debug)]
pub struct HeldBefore {
    /// The holder as it is now; the one that took its place, where it was merged.
    pub holder: HolderId,
    /// The certificate.
    pub certificate: Uuid,
    /// Its number.
    pub number: String,
    /// Its day of issue.
    pub issued_on: NaiveDate,
    /// What it prints.
    pub payload: CertificatePayload,
}

#[derive(QueryableByName)]
struct HeldRow {
    #[diesel(sql_type = sql_types::Uuid)]
    holder_id: Uuid,
    #[diesel(sql_type = sql_types::Uuid)]
    id: Uuid,
    #[diesel(sql_type = sql_types::Text)]
    number: String,
    #[diesel(sql_type = sql_types::Date)]
    issued_on: NaiveDate,
    #[diesel(sql_type = sql_types::Jsonb)]
    payload: serde_json::Value,
}

/// The newest standing certificate from a master for each holder, at most so many: those who were sent to longest ago, so
/// that whoever sends to them finds the next ones afterwards.
///
/// # Errors
/// [`Error`] of the database.
pub async fn live_from_master(
    tx: &mut Tx,
    permit: &Permit<StartBatch>,
    master: MasterId,
    at_most: i64,
) -> Result<Vec<HeldBefore>, Error> {
    let rows: Vec<HeldRow> = diesel::sql_query(
        "SELECT * FROM (SELECT DISTINCT ON (holder_id) holder_id, id, number, issued_on, issued_at, payload \
             FROM certificates WHERE agency_id = $1 AND insured_id = $2 AND master_id = $3 AND state = 'issued' \
             ORDER BY holder_id, issued_at DESC, id DESC) newest \
         ORDER BY issued_at, id LIMIT $4",
    )
    .bind::<sql_types::Uuid, _>(tx.agency().uuid())
    .bind::<sql_types::Uuid, _>(permit.id.uuid())
    .bind::<sql_types::Uuid, _>(master.uuid())
    .bind::<sql_types::BigInt, _>(at_most)
    .load(&mut tx.connection()?)
    .await?;
    let ids: Vec<HolderId> = rows
        .iter()
        .map(|row| HolderId::from_uuid(row.holder_id))
        .collect();
    let merged: HashMap<HolderId, HolderId> = holders::by_ids(tx, &ids)
        .await?
        .into_iter()
        .filter_map(|holder| match holder.standing {
            HolderStanding::Merged { into, .. } => Some((holder.id, into)),
            HolderStanding::Listed | HolderStanding::Archived { .. } => None,
        })
        .collect();
    let mut held: Vec<HeldBefore> = Vec::with_capacity(rows.len());
    for row in rows {
        let id = HolderId::from_uuid(row.holder_id);
        let holder = merged.get(&id).copied().unwrap_or(id);
        let found = HeldBefore {
            holder,
            certificate: row.id,
            number: row.number,
            issued_on: row.issued_on,
            payload: serde_json::from_value(row.payload).map_err(broken("certificates.payload"))?,
        };
        // A double and the one that took its place are one holder: its newer certificate counts.
        match held.iter_mut().find(|each| each.holder == holder) {
            Some(known) if known.issued_on < found.issued_on => *known = found,
            Some(_) => {}
            None => held.push(found),
        }
    }
    Ok(held)
}

/// The term that follows one which a master selects.
#[derive(Clone, Debug)]
pub struct NextTerm {
    /// The line.
    pub line: Line,
    /// The policy that the master selects.
    pub selected: String,
    /// The number of the next term.
    pub number: String,
    /// Its first day.
    pub effective_on: NaiveDate,
    /// Its last day.
    pub expires_on: NaiveDate,
}

/// Which of the policies that a master selects have been renewed, so that the master does not follow yet.
///
/// # Errors
/// [`Error::NotFound`] for a master that is not this insured's.
pub async fn next_terms(
    tx: &mut Tx,
    permit: &Permit<StartBatch>,
    master: MasterId,
) -> Result<Vec<NextTerm>, Error> {
    type TermRow = (Option<Uuid>, String, NaiveDate, NaiveDate);
    let master = masters::load(tx, master, false).await?;
    if master.insured != permit.id {
        return Err(Error::NotFound);
    }
    let lines = &master.selection.lines;
    let selected: Vec<Uuid> = lines.values().map(|line| line.policy.uuid()).collect();
    let agency = tx.agency().uuid();
    let terms: Vec<TermRow> = policies::table
        .filter(policies::agency_id.eq(agency))
        .filter(policies::prior_id.eq_any(&selected))
        .select((
            policies::prior_id,
            policies::number,
            policies::effective_on,
            policies::expires_on,
        ))
        .load(&mut tx.connection()?)
        .await?;
    let numbers: HashMap<Uuid, String> = policies::table
        .filter(policies::agency_id.eq(agency))
        .filter(policies::id.eq_any(&selected))
        .select((policies::id, policies::number))
        .load::<(Uuid, String)>(&mut tx.connection()?)
        .await?
        .into_iter()
        .collect();
    let next = |policy: PolicyId| terms.iter().find(|(prior, ..)| *prior == Some(policy.uuid()));
    Ok(lines
        .iter()
        .filter_map(|(line, section)| {
            let (_, number, effective_on, expires_on) = next(section.policy)?;
            Some(NextTerm {
                line: *line,
                selected: numbers.get(&section.policy.uuid()).cloned().unwrap_or_default(),
                number: number.clone(),
                effective_on: *effective_on,
                expires_on: *expires_on,
            })
        })
        .collect())
}
