//! The audit trail: appended in the transaction of the change, chained by hash, never changed.

use std::time::Instant;

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};
use countersign_domain::audit::{ActKind, Action, Audited, Entry, chain};
use countersign_domain::authz::rules::{ViewActivity, ViewCertificateActivity, ViewPolicyHistory};
use countersign_domain::authz::{ActorKind, By, Permit};
use countersign_domain::exports::Exported;
use countersign_domain::ids::{AgencyId, InsuredId};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::db::{Db, Tx, insert};
use crate::error::broken;
use crate::page::{After, Page, PageRequest};
use crate::schema::{approvals, audit_entries, audit_heads};
use crate::{Error, agencies};

/// Appends an outcome's entry. Called last in a transaction: it locks the agency's head until the commit.
pub(crate) async fn append(tx: &mut Tx, outcome: &impl Audited, at: DateTime<Utc>) -> Result<(), Error> {
    append_entry(tx, &outcome.entry(), at).await
}

pub(crate) async fn append_entry(tx: &mut Tx, entry: &Entry, at: DateTime<Utc>) -> Result<(), Error> {
    append_all(tx, std::slice::from_ref(entry), at).await
}

/// Appends entries of one moment, each chained to the one before, with one look at the agency's head.
pub(crate) async fn append_all(tx: &mut Tx, entries: &[Entry], at: DateTime<Utc>) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let begun = Instant::now();
    let agency = tx.agency();
    let request = tx.request();
    let at = at.trunc_subsecs(6);
    let mut connection = tx.connection()?;
    let (mut seq, mut hash): (i64, Vec<u8>) = audit_heads::table
        .find(agency.uuid())
        .select((audit_heads::seq, audit_heads::hash))
        .for_update()
        .first(&mut connection)
        .await?;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        seq += 1;
        hash = chain(&hash, agency, seq, at, entry).to_vec();
        rows.push((
            audit_entries::agency_id.eq(agency.uuid()),
            audit_entries::seq.eq(seq),
            audit_entries::at.eq(at),
            audit_entries::actor_kind.eq(entry.by.kind.as_str()),
            audit_entries::actor_id.eq(entry.by.id),
            audit_entries::actor_name.eq(&entry.by.name),
            audit_entries::action.eq(entry.action.as_str()),
            audit_entries::insured_id.eq(entry.insured.map(InsuredId::uuid)),
            audit_entries::object_kind.eq(entry.object_kind),
            audit_entries::object_id.eq(entry.object_id),
            audit_entries::object_label.eq(&entry.object_label),
            audit_entries::detail.eq(&entry.detail),
            audit_entries::request_id.eq(request),
            audit_entries::hash.eq(hash.clone()),
        ));
    }
    insert!(tx, audit_entries::table, rows);
    diesel::update(audit_heads::table.find(agency.uuid()))
        .set((audit_heads::seq.eq(seq), audit_heads::hash.eq(&hash)))
        .execute(&mut connection)
        .await?;
    // The wait for the agency's head is in it: that is what grows when an agency writes much at once.
    metrics::histogram!("audit_append_duration_seconds").record(begun.elapsed().as_secs_f64());
    Ok(())
}

/// Notes that a list left the product as a file, before its first line does.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_exported(tx: &mut Tx, exported: &Exported, now: DateTime<Utc>) -> Result<(), Error> {
    append(tx, exported, now).await
}

/// One entry, for reading.
#[derive(Clone, Debug)]
pub struct Activity {
    /// Its place in the agency's chain.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; the name outlives the account.
    pub by: By,
    /// What.
    pub action: Action,
    /// Kind of the record that was touched.
    pub object_kind: String,
    /// The record that was touched.
    pub object_id: Option<Uuid>,
    /// The record's name at that time.
    pub object_label: String,
    /// Facts.
    pub detail: Value,
}

type Row = (
    i64,
    DateTime<Utc>,
    String,
    Option<Uuid>,
    String,
    String,
    Option<Uuid>,
    String,
    Option<Uuid>,
    String,
    Value,
    Vec<u8>,
);

fn columns() -> (
    audit_entries::seq,
    audit_entries::at,
    audit_entries::actor_kind,
    audit_entries::actor_id,
    audit_entries::actor_name,
    audit_entries::action,
    audit_entries::insured_id,
    audit_entries::object_kind,
    audit_entries::object_id,
    audit_entries::object_label,
    audit_entries::detail,
    audit_entries::hash,
) {
    (
        audit_entries::seq,
        audit_entries::at,
        audit_entries::actor_kind,
        audit_entries::actor_id,
        audit_entries::actor_name,
        audit_entries::action,
        audit_entries::insured_id,
        audit_entries::object_kind,
        audit_entries::object_id,
        audit_entries::object_label,
        audit_entries::detail,
        audit_entries::hash,
    )
}

fn parse(row: Row) -> Result<(Activity, Option<Uuid>, Vec<u8>), Error> {
    let (seq, at, kind, actor_id, name, action, insured, object_kind, object_id, object_label, detail, hash) =
        row;
    let kind: ActorKind = kind.parse().map_err(broken("audit_entries.actor_kind"))?;
    let activity = Activity {
        seq,
        at,
        by: By {
            kind,
            id: actor_id,
            name,
        },
        action: action.parse().map_err(broken("audit_entries.action"))?,
        object_kind,
        object_id,
        object_label,
        detail,
    };
    Ok((activity, insured, hash))
}

/// Which entries are wanted. Days are whole days of the agency's zone, both ends included.
#[derive(Clone, Copy, Debug, Default)]
pub struct ActivityFilter {
    /// Of one kind of act.
    pub kind: Option<ActKind>,
    /// On this day or later.
    pub from: Option<NaiveDate>,
    /// On this day or earlier.
    pub until: Option<NaiveDate>,
}

/// Whose history.
#[derive(Clone)]
enum Of {
    Insured(InsuredId),
    Objects(Vec<Uuid>),
}

type Found<'a> = audit_entries::BoxedQuery<'a, Pg>;

/// Entries by when it happened, the newest first.
///
/// An entry that tells of an earlier moment (as a demonstration's do) stands among its contemporaries, not where it
/// was written; its place in the chain decides between entries of one moment.
fn newest_first<'a>(tx: &Tx, page: &PageRequest) -> Result<Found<'a>, Error> {
    let query = audit_entries::table
        .filter(audit_entries::agency_id.eq(tx.agency().uuid()))
        .order((audit_entries::at.desc(), audit_entries::seq.desc()))
        .limit(page.probe())
        .into_boxed();
    let Some(after) = &page.after else {
        return Ok(query);
    };
    let (at, seq) = place(&after.key)
        .ok_or("no place in a history")
        .map_err(broken("cursor"))?;
    // The first condition is what the index begins with.
    Ok(query.filter(audit_entries::at.le(at)).filter(
        audit_entries::at
            .lt(at)
            .or(audit_entries::at.eq(at).and(audit_entries::seq.lt(seq))),
    ))
}

/// The moment and the sequence that a cursor holds.
fn place(key: &str) -> Option<(DateTime<Utc>, i64)> {
    let (at, seq) = key.split_once(' ')?;
    Some((
        DateTime::from_timestamp_micros(at.parse().ok()?)?,
        seq.parse().ok()?,
    ))
}

async fn page_of(tx: &mut Tx, query: Found<'_>, page: &PageRequest) -> Result<Page<Activity>, Error> {
    let rows: Vec<Row> = query.select(columns()).load(&mut tx.connection()?).await?;
    let parsed = rows
        .into_iter()
        .map(|row| parse(row).map(|(activity, ..)| activity));
    let activities = parsed.collect::<Result<Vec<_>, _>>()?;
    Ok(page.cut(activities, |last| After {
        key: format!("{} {}", last.at.timestamp_micros(), last.seq),
        id: Uuid::nil(),
    }))
}

/// What happened for an insured, newest first.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list(
    tx: &mut Tx,
    permit: &Permit<ViewActivity>,
    filter: &ActivityFilter,
    page: &PageRequest,
) -> Result<Page<Activity>, Error> {
    entries(tx, Of::Insured(permit.id), filter, page).await
}

/// What happened with a certificate, newest first; how a second person let it through is part of that.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list_of_certificate(
    tx: &mut Tx,
    permit: &Permit<ViewCertificateActivity>,
    filter: &ActivityFilter,
    page: &PageRequest,
) -> Result<Page<Activity>, Error> {
    let mut objects: Vec<Uuid> = approvals::table
        .filter(approvals::agency_id.eq(tx.agency().uuid()))
        .filter(approvals::certificate_id.eq(permit.id.uuid()))
        .select(approvals::id)
        .load(&mut tx.connection()?)
        .await?;
    objects.push(permit.id.uuid());
    entries(tx, Of::Objects(objects), filter, page).await
}

async fn entries(
    tx: &mut Tx,
    of: Of,
    filter: &ActivityFilter,
    page: &PageRequest,
) -> Result<Page<Activity>, Error> {
    let (since, before_day) = agencies::moments(tx, filter.from, filter.until).await?;
    let mut query = newest_first(tx, page)?;
    query = match of {
        Of::Insured(insured) => query.filter(audit_entries::insured_id.eq(insured.uuid())),
        Of::Objects(objects) => query.filter(audit_entries::object_id.eq_any(objects)),
    };
    if let Some(kind) = filter.kind {
        let actions = Action::ALL.iter().filter(|action| action.kind() == kind);
        query = query.filter(audit_entries::action.eq_any(actions.map(|action| action.as_str())));
    }
    if let Some(since) = since {
        query = query.filter(audit_entries::at.ge(since));
    }
    if let Some(before_day) = before_day {
        query = query.filter(audit_entries::at.lt(before_day));
    }
    page_of(tx, query, page).await
}

/// What was changed on a policy, newest first; how the term before was renewed into it is part of that.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list_of_policy(
    tx: &mut Tx,
    permit: &Permit<ViewPolicyHistory>,
    page: &PageRequest,
) -> Result<Page<Activity>, Error> {
    let own = permit.policy.id.uuid();
    let mut objects = vec![own];
    objects.extend(permit.prior.as_ref().map(|prior| prior.id.uuid()));
    let query = newest_first(tx, page)?
        .filter(audit_entries::object_kind.eq("policy"))
        .filter(audit_entries::object_id.eq_any(objects))
        .filter(
            audit_entries::object_id
                .eq(own)
                .or(audit_entries::action.eq(Action::PolicyRenewed.as_str())),
        );
    page_of(tx, query, page).await
}

/// What a walk along the chain found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainReport {
    /// Every entry fits the one before.
    Whole {
        /// How many entries there are.
        entries: i64,
    },
    /// The first entry that does not fit: it or its predecessor was changed, removed or swapped.
    BrokenAt {
        /// Its place.
        seq: i64,
    },
}

/// Walks an agency's chain from the first entry.
///
/// # Errors
/// [`Error`] of the database.
pub async fn verify(db: &Db, agency: AgencyId) -> Result<ChainReport, Error> {
    db.transaction(agency, async |tx| {
        let mut previous: Vec<u8> = Vec::new();
        let mut expected = 1_i64;
        let mut behind = i64::MIN;
        loop {
            let rows: Vec<Row> = audit_entries::table
                .filter(audit_entries::agency_id.eq(agency.uuid()))
                .filter(audit_entries::seq.gt(behind))
                .order(audit_entries::seq.asc())
                .limit(1_000)
                .select(columns())
                .load(&mut tx.connection()?)
                .await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let (seq, object_kind) = (row.0, row.7.clone());
                // A word that this product does not write was put there by somebody else.
                let Ok((activity, insured, hash)) = parse(row) else {
                    return Ok(ChainReport::BrokenAt {
                        seq: seq.min(expected),
                    });
                };
                let entry = Entry {
                    by: activity.by,
                    action: activity.action,
                    insured: insured.map(InsuredId::from_uuid),
                    // The chain hashes the word itself; leaking a copy would be needless for a check.
                    object_kind: known_kind(&object_kind),
                    object_id: activity.object_id,
                    object_label: activity.object_label,
                    detail: activity.detail,
                };
                let fits = activity.seq == expected
                    && chain(&previous, agency, activity.seq, activity.at, &entry).as_slice() == hash;
                if !fits {
                    return Ok(ChainReport::BrokenAt {
                        seq: activity.seq.min(expected),
                    });
                }
                previous = hash;
                behind = activity.seq;
                expected += 1;
            }
        }
        let head: (i64, Vec<u8>) = audit_heads::table
            .find(agency.uuid())
            .select((audit_heads::seq, audit_heads::hash))
            .first(&mut tx.connection()?)
            .await?;
        if head == (expected - 1, previous) {
            Ok(ChainReport::Whole {
                entries: expected - 1,
            })
        } else {
            Ok(ChainReport::BrokenAt { seq: expected })
        }
    })
    .await
}

/// The kinds of record that entries name; an unknown one cannot have been written by this product.
fn known_kind(kind: &str) -> &'static str {
    const KINDS: &[&str] = &[
        "agency",
        "insured",
        "policy",
        "holder",
        "template",
        "holder_group",
        "export",
        "portal_user",
        "staff_user",
        "master",
        "certificate",
        "delivery",
        "batch",
        "approval",
        "interest",
        "import",
        "job",
        "session",
    ];
    KINDS
        .iter()
        .find(|known| **known == kind)
        .copied()
        .unwrap_or("unknown")
}
