//! Buckets of attempts: how guessing is slowed down, across servers.
//!
//! Invariant: an attempt is counted before it is made, under the bucket's lock, so that of many at once no more
//! get through than one after the other would. Whoever holds several buckets took them in the order given.

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::passwords::{Pace, SPRAY_NAMES, SPRAY_WINDOW};
use countersign_domain::text::Username;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::Error;
use crate::db::Tx;
use crate::schema::sign_in_throttles;
use crate::sessions::App;

/// A bucket and its pace.
#[derive(Clone, Debug)]
pub struct Bucket {
    name: String,
    pace: Pace,
}

impl Bucket {
    /// A bucket of some kind: the kinds keep their names apart.
    #[must_use]
    pub fn new(kind: &'static str, name: impl std::fmt::Display, pace: Pace) -> Self {
        Self {
            name: format!("{kind}:{name}"),
            pace,
        }
    }

    /// The bucket of everybody who tries one name without being known; the same whether or not there is such a name.
    #[must_use]
    pub fn of_name(app: App, username: &Username, pace: Pace) -> Self {
        Self {
            name: name_of(app, username.as_str()),
            pace,
        }
    }
}

fn name_of(app: App, username: &str) -> String {
    format!("{app}:{username}")
}

/// Attempts that are counted as failures for as long as nobody says otherwise.
#[derive(Clone, Debug)]
#[must_use = "an attempt that succeeded must be settled"]
pub struct Reservation {
    buckets: Vec<Bucket>,
}

impl Reservation {
    /// Nothing was counted: for whoever is let in without having tried.
    pub const fn none() -> Self {
        Self { buckets: Vec::new() }
    }
}

/// What asking for an attempt came to.
#[derive(Clone, Debug)]
pub enum Reserved {
    /// It may be made; it is counted already.
    Open(Reservation),
    /// It may not be made before this moment, and was not counted. The transaction should be rolled back.
    Closed(DateTime<Utc>),
}

/// Counts an attempt in every bucket, unless one of them is closed.
///
/// # Errors
/// [`Error`] of the database.
pub async fn reserve(tx: &mut Tx, buckets: Vec<Bucket>, now: DateTime<Utc>) -> Result<Reserved, Error> {
    type Row = (i32, DateTime<Utc>, DateTime<Utc>);
    let agency = tx.agency().uuid();
    let mut rows: Vec<Row> = Vec::with_capacity(buckets.len());
    for bucket in &buckets {
        // The update changes nothing but holds the row, whether or not it was there.
        let row = diesel::insert_into(sign_in_throttles::table)
            .values((
                sign_in_throttles::agency_id.eq(agency),
                sign_in_throttles::bucket.eq(&bucket.name),
                sign_in_throttles::failures.eq(0),
                sign_in_throttles::last_failure_at.eq(now),
                sign_in_throttles::blocked_until.eq(now - TimeDelta::days(1)),
            ))
            .on_conflict((sign_in_throttles::agency_id, sign_in_throttles::bucket))
            .do_update()
            .set(sign_in_throttles::failures.eq(sign_in_throttles::failures))
            .returning((
                sign_in_throttles::failures,
                sign_in_throttles::last_failure_at,
                sign_in_throttles::blocked_until,
            ))
            .get_result(&mut tx.connection()?)
            .await?;
        rows.push(row);
    }
    let closed = rows.iter().map(|(.., until)| *until).max();
    if let Some(until) = closed.filter(|until| *until > now) {
        return Ok(Reserved::Closed(until));
    }
    for (bucket, (failures, last, before)) in buckets.iter().zip(rows) {
        // Failures in a row: a day without one starts anew.
        let quiet = last < now - TimeDelta::days(1);
        let failures = if quiet { 1 } else { failures.saturating_add(1) };
        let attempts = u32::try_from(failures).unwrap_or(u32::MAX);
        diesel::update(sign_in_throttles::table.find((agency, &bucket.name)))
            .set((
                sign_in_throttles::failures.eq(failures),
                sign_in_throttles::last_failure_at.eq(now),
                sign_in_throttles::blocked_until.eq(bucket.pace.closed_until(attempts, before, now)),
            ))
            .execute(&mut tx.connection()?)
            .await?;
    }
    Ok(Reserved::Open(Reservation { buckets }))
}

/// Takes an attempt back that was never made, because the server had no time for it.
///
/// # Errors
/// [`Error`] of the database.
pub async fn give_back(tx: &mut Tx, reservation: &Reservation, now: DateTime<Utc>) -> Result<(), Error> {
    for bucket in &reservation.buckets {
        reopen(tx, bucket, now).await?;
    }
    Ok(())
}

/// Ends an attempt that succeeded: the failures in a row are over, and tokens come back.
///
/// # Errors
/// [`Error`] of the database.
pub(crate) async fn settle(tx: &mut Tx, reservation: &Reservation, now: DateTime<Utc>) -> Result<(), Error> {
    for bucket in &reservation.buckets {
        match bucket.pace {
            Pace::Ladder(_) => forget(tx, &bucket.name).await?,
            Pace::Tokens { .. } => reopen(tx, bucket, now).await?,
        }
    }
    Ok(())
}

async fn reopen(tx: &mut Tx, bucket: &Bucket, now: DateTime<Utc>) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let row = sign_in_throttles::table.find((agency, &bucket.name));
    let found: Option<(i32, DateTime<Utc>)> = row
        .select((sign_in_throttles::failures, sign_in_throttles::blocked_until))
        .for_update()
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let Some((failures, until)) = found else {
        return Ok(());
    };
    diesel::update(sign_in_throttles::table.find((agency, &bucket.name)))
        .set((
            sign_in_throttles::failures.eq(failures.saturating_sub(1).max(0)),
            sign_in_throttles::blocked_until.eq(bucket.pace.reopened(until, now)),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

async fn forget(tx: &mut Tx, name: &str) -> Result<(), Error> {
    diesel::delete(sign_in_throttles::table.find((tx.agency().uuid(), name)))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(())
}

/// Forgets what strangers guessed at a name: whoever chose a new password must get in with it.
pub(crate) async fn forget_name(tx: &mut Tx, app: App, username: &str) -> Result<(), Error> {
    forget(tx, &name_of(app, username)).await
}

/// Whether so many names of the agency failed lately that they are being tried one after the other.
///
/// # Errors
/// [`Error`] of the database.
pub async fn is_sprayed(tx: &mut Tx, now: DateTime<Utc>) -> Result<bool, Error> {
    let [staff, portal] = [App::Staff, App::Portal].map(|app| name_of(app, "%"));
    let names: Vec<String> = sign_in_throttles::table
        .filter(sign_in_throttles::agency_id.eq(tx.agency().uuid()))
        .filter(sign_in_throttles::last_failure_at.gt(now - SPRAY_WINDOW))
        .filter(sign_in_throttles::failures.gt(0))
        .filter(
            sign_in_throttles::bucket
                .like(staff)
                .or(sign_in_throttles::bucket.like(portal)),
        )
        .select(sign_in_throttles::bucket)
        .limit(i64::from(SPRAY_NAMES))
        .load(&mut tx.connection()?)
        .await?;
    Ok(names.len() >= usize::try_from(SPRAY_NAMES).unwrap_or(usize::MAX))
}
