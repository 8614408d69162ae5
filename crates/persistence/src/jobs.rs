//! The queue: a table of ours, claimed with a lease by any number of workers.
//!
//! Invariants: a job is written only by a record function, in the transaction of what causes it; a claim is
//! counted and committed before the work starts; whoever lost the lease can no longer end the job; a job
//! is never dropped, only finished or buried where staff see it.

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::authz::Permit;
use countersign_domain::authz::rules::RetryMail;
use countersign_domain::certificates::delivery::DeliveryState;
use countersign_domain::ids::{AgencyId, CertificateId, InsuredId, JobId};
use countersign_domain::jobs::retry::{About, BuriedJob, Retried};
use countersign_domain::jobs::{Job, JobKind, JobState};
use countersign_domain::text::EmailAddress;
use diesel::prelude::*;
use diesel::sql_types;
use diesel_async::RunQueryDsl;
use futures::future::poll_fn;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_postgres::AsyncMessage;
use uuid::Uuid;

use crate::db::{Db, Tx, insert};
use crate::error::broken;
use crate::page::{After, Page, PageRequest};
use crate::schema::{courtesy_notices, deliveries, jobs, password_links, worker_heartbeats};
use crate::{Error, audit};

/// Queues a job in the transaction of what causes it; workers hear of it at the commit.
pub(crate) async fn enqueue(tx: &mut Tx, job: &Job, id: JobId, run_at: DateTime<Utc>) -> Result<(), Error> {
    enqueue_all(tx, [(job, id, run_at)]).await
}

/// As [`enqueue`], for many at once.
pub(crate) async fn enqueue_all(
    tx: &mut Tx,
    queued: impl IntoIterator<Item = (&Job, JobId, DateTime<Utc>)>,
) -> Result<(), Error> {
    let mut rows = Vec::new();
    for (job, id, run_at) in queued {
        let run_at = tx.earliest().map_or(run_at, |earliest| run_at.max(earliest));
        let payload = serde_json::to_value(job).map_err(broken("jobs.payload"))?;
        rows.push((
            jobs::agency_id.eq(tx.agency().uuid()),
            jobs::id.eq(id.uuid()),
            jobs::kind.eq(job.kind().as_str()),
            jobs::payload.eq(payload),
            jobs::state.eq(JobState::Queued.as_str()),
            jobs::run_at.eq(run_at),
            jobs::created_at.eq(run_at),
            jobs::request_id.eq(tx.request()),
        ));
    }
    insert!(tx, jobs::table, rows);
    Ok(())
}

/// A job in the hands of one worker, until its lease ends.
#[derive(Clone, Debug)]
pub struct Claim {
    agency: AgencyId,
    id: JobId,
    job: Result<Job, String>,
    claims: u32,
    was_running: bool,
    first_claimed_at: DateTime<Utc>,
    fence: i64,
    unanswered: bool,
    request: Option<Uuid>,
}

impl Claim {
    /// The agency it belongs to.
    #[must_use]
    pub const fn agency(&self) -> AgencyId {
        self.agency
    }

    /// The job's id.
    #[must_use]
    pub const fn id(&self) -> JobId {
        self.id
    }

    /// What is to be done, or why the payload cannot be read.
    pub const fn job(&self) -> &Result<Job, String> {
        &self.job
    }

    /// Counts the claims of this job, this one included.
    #[must_use]
    pub const fn claims(&self) -> u32 {
        self.claims
    }

    /// The worker that held it before ended without a word, or was too slow to keep its lease.
    #[must_use]
    pub const fn was_running(&self) -> bool {
        self.was_running
    }

    /// An earlier attempt handed its whole message over and never heard the answer.
    #[must_use]
    pub const fn is_unanswered(&self) -> bool {
        self.unanswered
    }

    /// The request that caused the job.
    #[must_use]
    pub const fn request(&self) -> Option<Uuid> {
        self.request
    }

    /// When the first attempt began: patience counts from there, not from when the job was queued.
    #[must_use]
    pub const fn first_claimed_at(&self) -> DateTime<Utc> {
        self.first_claimed_at
    }
}

#[derive(QueryableByName)]
struct ClaimRow {
    #[diesel(sql_type = sql_types::Uuid)]
    agency_id: Uuid,
    #[diesel(sql_type = sql_types::Uuid)]
    id: Uuid,
    #[diesel(sql_type = sql_types::Jsonb)]
    payload: Value,
    #[diesel(sql_type = sql_types::Integer)]
    claims: i32,
    #[diesel(sql_type = sql_types::Bool)]
    was_running: bool,
    #[diesel(sql_type = sql_types::Timestamptz)]
    first_claimed_at: DateTime<Utc>,
    #[diesel(sql_type = sql_types::BigInt)]
    fence: i64,
    #[diesel(sql_type = sql_types::Bool)]
    unanswered: bool,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Uuid>)]
    request_id: Option<Uuid>,
}

/// How the queue is doing, over all agencies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Health {
    /// Jobs that wait.
    pub queued: u64,
    /// Jobs in the hands of a worker.
    pub running: u64,
    /// Jobs that were given up.
    pub buried: u64,
    /// For how long the oldest job has been waiting whose time has come, or whose worker ended without a word.
    pub oldest_ready: TimeDelta,
    /// When a worker was last seen; `None` when none is known.
    pub worker_seen_at: Option<DateTime<Utc>>,
}

#[derive(QueryableByName)]
struct HealthRow {
    #[diesel(sql_type = sql_types::BigInt)]
    queued: i64,
    #[diesel(sql_type = sql_types::BigInt)]
    running: i64,
    #[diesel(sql_type = sql_types::BigInt)]
    buried: i64,
    #[diesel(sql_type = sql_types::Double)]
    oldest_ready_seconds: f64,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Timestamptz>)]
    worker_seen_at: Option<DateTime<Utc>>,
}

/// How the jobs of one kind are doing, over all agencies.
#[derive(Clone, Debug, PartialEq)]
pub struct KindHealth {
    /// The kind's word.
    pub kind: String,
    /// Jobs that wait.
    pub queued: u64,
    /// Jobs in the hands of a worker.
    pub running: u64,
    /// Jobs that were given up.
    pub buried: u64,
    /// As [`Health::oldest_ready`].
    pub oldest_ready: TimeDelta,
}

#[derive(QueryableByName)]
struct KindRow {
    #[diesel(sql_type = sql_types::Text)]
    kind: String,
    #[diesel(sql_type = sql_types::BigInt)]
    queued: i64,
    #[diesel(sql_type = sql_types::BigInt)]
    running: i64,
    #[diesel(sql_type = sql_types::BigInt)]
    buried: i64,
    #[diesel(sql_type = sql_types::Double)]
    oldest_ready_seconds: f64,
}

/// The queue as a worker holds it.
#[derive(Clone, Debug)]
pub struct Queue {
    db: Db,
}

impl Queue {
    /// The queue behind a pool.
    #[must_use]
    pub const fn new(db: Db) -> Self {
        Self { db }
    }

    /// Takes up to `at_most` jobs of any agency, those included whose lease ran out. The claims are counted
    /// and committed when this returns.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn claim(
        &self,
        worker: &str,
        at_most: u16,
        lease: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Vec<Claim>, Error> {
        let rows: Vec<ClaimRow> = self
            .db
            .outside(async |connection| {
                Ok(diesel::sql_query(
                    "SELECT agency_id, id, payload, claims, was_running, first_claimed_at, fence, unanswered, \
                     request_id \
                     FROM claim_jobs($1, $2, make_interval(secs => $3), $4)",
                )
                .bind::<sql_types::Text, _>(worker)
                .bind::<sql_types::Integer, _>(i32::from(at_most))
                .bind::<sql_types::Double, _>(seconds(lease))
                .bind::<sql_types::Timestamptz, _>(now)
                .load(connection)
                .await?)
            })
            .await?;
        let claims = rows.into_iter().map(|row| {
            let id = JobId::from_uuid(row.id);
            Ok(Claim {
                agency: AgencyId::from_uuid(row.agency_id),
                id,
                job: serde_json::from_value(row.payload).map_err(|error| error.to_string()),
                claims: u32::try_from(row.claims).map_err(broken("jobs.claims"))?,
                was_running: row.was_running,
                first_claimed_at: row.first_claimed_at,
                fence: row.fence,
                unanswered: row.unanswered,
                request: row.request_id,
            })
        });
        claims.collect()
    }

    /// Keeps a claim alive while its work lasts; `false` when another worker has it by now.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn extend(&self, claim: &Claim, until: DateTime<Utc>) -> Result<bool, Error> {
        self.db
            .transaction(claim.agency, async |tx| {
                let held = diesel::update(jobs::table.find((claim.agency.uuid(), claim.id.uuid())))
                    .filter(held_by(claim))
                    .set(jobs::lease_until.eq(until))
                    .execute(&mut tx.connection()?)
                    .await?;
                Ok(held == 1)
            })
            .await
    }

    /// Says that a worker is alive, and forgets workers that have not been seen for a day.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn beat(&self, worker: &str, now: DateTime<Utc>) -> Result<(), Error> {
        self.db
            .outside(async |connection| {
                diesel::insert_into(worker_heartbeats::table)
                    .values((
                        worker_heartbeats::worker.eq(worker),
                        worker_heartbeats::seen_at.eq(now),
                    ))
                    .on_conflict(worker_heartbeats::worker)
                    .do_update()
                    .set(worker_heartbeats::seen_at.eq(now))
                    .execute(connection)
                    .await?;
                diesel::delete(worker_heartbeats::table)
                    .filter(worker_heartbeats::seen_at.lt(now - TimeDelta::days(1)))
                    .execute(connection)
                    .await?;
                Ok(())
            })
            .await
    }

    /// Says that a worker has ended in good order.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn retire(&self, worker: &str) -> Result<(), Error> {
        self.db
            .outside(async |connection| {
                diesel::delete(worker_heartbeats::table.find(worker))
                    .execute(connection)
                    .await?;
                Ok(())
            })
            .await
    }

    /// How the queue is doing; open to the server too, for readiness and metrics.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn health(&self, now: DateTime<Utc>) -> Result<Health, Error> {
        let row: HealthRow = self
            .db
            .outside(async |connection| {
                Ok(diesel::sql_query(
                    "SELECT q.*, (SELECT max(seen_at) FROM worker_heartbeats) AS worker_seen_at \
                     FROM queue_health($1) q",
                )
                .bind::<sql_types::Timestamptz, _>(now)
                .get_result(connection)
                .await?)
            })
            .await?;
        let count = |number: i64| u64::try_from(number).map_err(broken("queue_health"));
        Ok(Health {
            queued: count(row.queued)?,
            running: count(row.running)?,
            buried: count(row.buried)?,
            oldest_ready: moments(row.oldest_ready_seconds),
            worker_seen_at: row.worker_seen_at,
        })
    }

    /// Measures queue and mail for the metrics of this process, and tells how the queue is doing.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn measure(&self, now: DateTime<Utc>) -> Result<Health, Error> {
        let kinds = self.by_kind(now).await?;
        let known = JobKind::ALL.iter().map(|kind| kind.as_str());
        let strange = kinds
            .iter()
            .map(|kind| kind.kind.as_str())
            .filter(|kind| kind.parse::<JobKind>().is_err());
        // A kind without jobs is measured too: its gauges would stay at what they were last.
        for word in known.chain(strange) {
            let found = kinds.iter().find(|kind| kind.kind == word);
            let depth = |state: &'static str, jobs: Option<u64>| {
                metrics::gauge!("job_queue_depth", "kind" => word.to_owned(), "state" => state)
                    .set(float(jobs.unwrap_or_default()));
            };
            depth("queued", found.map(|kind| kind.queued));
            depth("running", found.map(|kind| kind.running));
            depth("buried", found.map(|kind| kind.buried));
            metrics::gauge!("job_queue_oldest_ready_seconds", "kind" => word.to_owned())
                .set(found.map_or(0.0, |kind| kind.oldest_ready.as_seconds_f64()));
        }
        let deliveries = self.deliveries_by_state().await?;
        for state in DeliveryState::ALL {
            if *state != DeliveryState::Accepted {
                let number = deliveries.iter().find(|(word, _)| word == state.as_str());
                metrics::gauge!("deliveries", "state" => state.as_str())
                    .set(float(number.map_or(0, |(_, number)| *number)));
            }
        }
        self.health(now).await
    }

    /// The queue by kind of job; open to the server too, for metrics.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn by_kind(&self, now: DateTime<Utc>) -> Result<Vec<KindHealth>, Error> {
        let rows: Vec<KindRow> = self
            .db
            .outside(async |connection| {
                Ok(diesel::sql_query("SELECT * FROM queue_by_kind($1)")
                    .bind::<sql_types::Timestamptz, _>(now)
                    .load(connection)
                    .await?)
            })
            .await?;
        let count = |number: i64| u64::try_from(number).map_err(broken("queue_by_kind"));
        let kinds = rows.into_iter().map(|row| {
            Ok(KindHealth {
                kind: row.kind,
                queued: count(row.queued)?,
                running: count(row.running)?,
                buried: count(row.buried)?,
                oldest_ready: moments(row.oldest_ready_seconds),
            })
        });
        kinds.collect()
    }

    /// How many deliveries are in each state but "accepted", over all agencies.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub async fn deliveries_by_state(&self) -> Result<Vec<(String, u64)>, Error> {
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = sql_types::Text)]
            state: String,
            #[diesel(sql_type = sql_types::BigInt)]
            number: i64,
        }
        let rows: Vec<Row> = self
            .db
            .outside(async |connection| {
                Ok(diesel::sql_query("SELECT * FROM deliveries_by_state()")
                    .load(connection)
                    .await?)
            })
            .await?;
        rows.into_iter()
            .map(|row| {
                let number = u64::try_from(row.number).map_err(broken("deliveries_by_state"))?;
                Ok((row.state, number))
            })
            .collect()
    }

    /// Hears of jobs as they are queued, on a connection of its own.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the connection cannot be made.
    pub async fn listen(&self) -> Result<Listener, Error> {
        let unavailable = |error: tokio_postgres::Error| Error::Unavailable(error.to_string());
        let (client, mut connection) = tokio_postgres::connect(self.db.url(), tokio_postgres::NoTls)
            .await
            .map_err(unavailable)?;
        // One place is enough: a call that was not answered yet says all that a second one would.
        let (call, calls) = mpsc::channel(1);
        let driver = tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                if matches!(message, AsyncMessage::Notification(_)) {
                    let _ = call.try_send(());
                }
            }
        });
        client
            .batch_execute("LISTEN countersign_jobs")
            .await
            .map_err(unavailable)?;
        Ok(Listener {
            calls,
            _client: client,
            driver,
        })
    }
}

/// A connection that hears of queued jobs; closed when dropped.
#[derive(Debug)]
pub struct Listener {
    calls: mpsc::Receiver<()>,
    _client: tokio_postgres::Client,
    driver: tokio::task::JoinHandle<()>,
}

impl Listener {
    /// Waits until a job was queued; `false` when the connection was lost.
    pub async fn heard(&mut self) -> bool {
        self.calls.recv().await.is_some()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
fn float(number: u64) -> f64 {
    number as f64
}

fn moments(seconds: f64) -> TimeDelta {
    TimeDelta::milliseconds((seconds * 1000.0) as i64)
}

#[expect(clippy::cast_precision_loss, reason = "leases are seconds to minutes")]
fn seconds(duration: TimeDelta) -> f64 {
    duration.num_milliseconds() as f64 / 1000.0
}

type HeldBy = diesel::dsl::And<
    diesel::dsl::Eq<jobs::state, &'static str>,
    diesel::dsl::Eq<jobs::fence, i64>,
    sql_types::Bool,
>;

/// The fence shuts out a worker that lost its lease: every later claim has a higher one, also after a person
/// tried the job again.
fn held_by(claim: &Claim) -> HeldBy {
    jobs::state
        .eq(JobState::Running.as_str())
        .and(jobs::fence.eq(claim.fence))
}

/// Ends a job that did its work; `false` when another worker has it by now.
///
/// # Errors
/// [`Error`] of the database.
pub async fn finish(tx: &mut Tx, claim: &Claim) -> Result<bool, Error> {
    let ended = diesel::delete(jobs::table.find((claim.agency.uuid(), claim.id.uuid())))
        .filter(held_by(claim))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(ended == 1)
}

/// Whether a failed attempt speaks against the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// It does: after some claims the job is buried.
    Counted,
    /// It does, and its message may have arrived all the same.
    Unanswered,
    /// It does not: what the job needs is away, and the process lives to say so. The claim is given back.
    GivenBack,
}

/// Puts a job back into the queue for later; `false` when another worker has it by now.
///
/// # Errors
/// [`Error`] of the database.
pub async fn put_back(
    tx: &mut Tx,
    claim: &Claim,
    run_at: DateTime<Utc>,
    reason: &str,
    counting: Counting,
) -> Result<bool, Error> {
    let back = match counting {
        Counting::Counted | Counting::Unanswered => 0,
        Counting::GivenBack => 1,
    };
    let put = diesel::update(jobs::table.find((claim.agency.uuid(), claim.id.uuid())))
        .filter(held_by(claim))
        .set((
            jobs::state.eq(JobState::Queued.as_str()),
            jobs::run_at.eq(run_at),
            jobs::claims.eq(jobs::claims - back),
            jobs::unanswered.eq(claim.unanswered || counting == Counting::Unanswered),
            jobs::claimed_by.eq(None::<String>),
            jobs::lease_until.eq(None::<DateTime<Utc>>),
            jobs::last_error.eq(reason),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(put == 1)
}

/// Gives a job up; it stays where staff can see it and try it again. `false` when another worker has it.
///
/// # Errors
/// [`Error`] of the database.
pub async fn bury(tx: &mut Tx, claim: &Claim, reason: &str, now: DateTime<Utc>) -> Result<bool, Error> {
    let buried = diesel::update(jobs::table.find((claim.agency.uuid(), claim.id.uuid())))
        .filter(held_by(claim))
        .set((
            jobs::state.eq(JobState::Buried.as_str()),
            jobs::buried_at.eq(now),
            jobs::claimed_by.eq(None::<String>),
            jobs::lease_until.eq(None::<DateTime<Utc>>),
            jobs::last_error.eq(reason),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    Ok(buried == 1)
}

#[derive(QueryableByName)]
struct BuriedRow {
    #[diesel(sql_type = sql_types::Uuid)]
    id: Uuid,
    #[diesel(sql_type = sql_types::Text)]
    kind: String,
    #[diesel(sql_type = sql_types::Jsonb)]
    payload: Value,
    #[diesel(sql_type = sql_types::Integer)]
    claims: i32,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    last_error: Option<String>,
    #[diesel(sql_type = sql_types::Timestamptz)]
    buried_at: DateTime<Utc>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Uuid>)]
    certificate_id: Option<Uuid>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    number: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    holder_name: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Array<sql_types::Text>>)]
    to_addresses: Option<Vec<String>>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    notice_policy: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    asked: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    purpose: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    username: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Uuid>)]
    insured_id: Option<Uuid>,
}

/// Buried jobs with what they were about. Imports and batches tell of their failure on their own page; a link that was
/// used or replaced is past helping, so its mail is no longer shown. One that has expired is shown: trying it
/// again gives it its whole life anew.
const BURIED: &str = "\
    SELECT j.id, j.kind, j.payload, j.claims, j.last_error, j.buried_at, \
           c.id AS certificate_id, c.number, coalesce(c.holder_name, n.holder_name) AS holder_name, \
           coalesce(d.to_addresses, n.to_addresses, q.to_addresses) AS to_addresses, q.insured_name AS asked, \
           n.policy_number AS notice_policy, \
           l.purpose, coalesce(p.username, s.username) AS username, \
           coalesce(c.insured_id, n.insured_id, p.insured_id, q.insured_id) AS insured_id \
    FROM jobs j \
    LEFT JOIN deliveries d ON d.agency_id = j.agency_id \
         AND d.id = CASE WHEN j.kind = 'deliver_certificate' THEN (j.payload ->> 'delivery')::uuid END \
    LEFT JOIN certificates c ON c.agency_id = d.agency_id AND c.id = d.certificate_id \
    LEFT JOIN courtesy_notices n ON n.agency_id = j.agency_id \
         AND n.id = CASE WHEN j.kind = 'mail_courtesy_notice' THEN (j.payload ->> 'notice')::uuid END \
    LEFT JOIN renewal_questions q ON q.agency_id = j.agency_id \
         AND q.id = CASE WHEN j.kind = 'mail_renewal_question' THEN (j.payload ->> 'question')::uuid END \
    LEFT JOIN password_links l ON l.agency_id = j.agency_id \
         AND l.id = CASE WHEN j.kind IN ('mail_password_link', 'mail_password_notice') \
                         THEN (j.payload ->> 'link')::uuid END \
    LEFT JOIN portal_users p ON p.agency_id = l.agency_id AND p.id = l.portal_user_id \
    LEFT JOIN staff_users s ON s.agency_id = l.agency_id AND s.id = l.staff_user_id \
    WHERE j.agency_id = $1 AND j.state = 'buried' \
      AND j.kind NOT IN ('check_import', 'apply_import', 'send_batch') \
      AND (j.kind <> 'mail_password_link' \
           OR (l.used_at IS NULL AND l.ended_at IS NULL))";

impl TryFrom<BuriedRow> for BuriedJob {
    type Error = Error;

    fn try_from(row: BuriedRow) -> Result<Self, Error> {
        let to = row.to_addresses.unwrap_or_default();
        let to: Vec<EmailAddress> = to
            .iter()
            .map(|address| EmailAddress::parse(address))
            .collect::<Result<_, _>>()
            .map_err(broken("deliveries.to_addresses"))?;
        let about = match (
            row.certificate_id,
            row.number,
            row.holder_name,
            row.purpose,
            row.username,
        ) {
            (Some(id), Some(number), Some(holder), _, _) => About::Certificate {
                id: CertificateId::from_uuid(id),
                number,
                holder,
                to,
            },
            (None, _, Some(holder), ..) => match row.notice_policy {
                Some(policy_number) => About::CourtesyNotice {
                    policy_number,
                    holder,
                    to,
                },
                None => About::Unknown,
            },
            (.., Some(_), Some(username)) if row.kind == JobKind::MailPasswordNotice.as_str() => {
                About::Notice { username }
            }
            (.., Some(purpose), Some(username)) => About::Link {
                purpose: purpose.parse().map_err(broken("password_links.purpose"))?,
                username,
            },
            _ => match row.asked {
                Some(insured) => About::RenewalQuestion { insured, to },
                None => About::Unknown,
            },
        };
        Ok(Self {
            id: JobId::from_uuid(row.id),
            kind: row.kind,
            job: serde_json::from_value(row.payload).ok(),
            about,
            insured: row.insured_id.map(InsuredId::from_uuid),
            failed_at: row.buried_at,
            attempts: u32::try_from(row.claims).map_err(broken("jobs.claims"))?,
            last_error: row.last_error.unwrap_or_default(),
        })
    }
}

/// Mail that was given up, newest first.
///
/// # Errors
/// [`Error`] of the database.
pub async fn list_buried(
    tx: &mut Tx,
    _permit: &Permit<RetryMail>,
    page: &PageRequest,
    now: DateTime<Utc>,
) -> Result<Page<BuriedJob>, Error> {
    let (before, id) = match &page.after {
        Some(after) => {
            let micros: i64 = after.key.parse().map_err(broken("cursor"))?;
            let moment = DateTime::from_timestamp_micros(micros);
            (
                moment.ok_or_else(|| Error::Broken("cursor: not a moment".to_owned()))?,
                after.id,
            )
        }
        None => (
            DateTime::<Utc>::MAX_UTC.min(now + TimeDelta::days(1)),
            Uuid::max(),
        ),
    };
    let query =
        format!("{BURIED} AND (j.buried_at, j.id) < ($2, $3) ORDER BY j.buried_at DESC, j.id DESC LIMIT $4");
    let rows: Vec<BuriedRow> = diesel::sql_query(query)
        .bind::<sql_types::Uuid, _>(tx.agency().uuid())
        .bind::<sql_types::Timestamptz, _>(before)
        .bind::<sql_types::Uuid, _>(id)
        .bind::<sql_types::BigInt, _>(page.probe())
        .load(&mut tx.connection()?)
        .await?;
    let buried = rows
        .into_iter()
        .map(BuriedJob::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(page.cut(buried, |last| After {
        key: last.failed_at.timestamp_micros().to_string(),
        id: last.id.uuid(),
    }))
}

/// How much mail was given up, as the home page counts it.
///
/// # Errors
/// [`Error`] of the database.
pub async fn count_buried(tx: &mut Tx, _permit: &Permit<RetryMail>) -> Result<u64, Error> {
    #[derive(QueryableByName)]
    struct Count {
        #[diesel(sql_type = sql_types::BigInt)]
        count: i64,
    }
    let row: Count = diesel::sql_query(format!("SELECT count(*) AS count FROM ({BURIED}) buried"))
        .bind::<sql_types::Uuid, _>(tx.agency().uuid())
        .get_result(&mut tx.connection()?)
        .await?;
    u64::try_from(row.count).map_err(broken("jobs"))
}

/// One buried job, locked against a second retry.
///
/// # Errors
/// [`Error::NotFound`] when it is not buried (any more), or its mail is past helping.
pub async fn lock_buried(tx: &mut Tx, _permit: &Permit<RetryMail>, id: JobId) -> Result<BuriedJob, Error> {
    let row: BuriedRow = diesel::sql_query(format!("{BURIED} AND j.id = $2 FOR UPDATE OF j"))
        .bind::<sql_types::Uuid, _>(tx.agency().uuid())
        .bind::<sql_types::Uuid, _>(id.uuid())
        .get_result(&mut tx.connection()?)
        .await?;
    row.try_into()
}

/// Puts a buried job back into the queue, its delivery back to "queued", and gives its link a new life.
///
/// # Errors
/// [`Error::NotFound`] when it is not buried any more.
pub async fn record_retried(tx: &mut Tx, retried: &Retried) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    let put = diesel::update(jobs::table.find((agency, retried.buried().id.uuid())))
        .filter(jobs::state.eq(JobState::Buried.as_str()))
        .set((
            jobs::state.eq(JobState::Queued.as_str()),
            jobs::buried_at.eq(None::<DateTime<Utc>>),
            jobs::claims.eq(0),
            jobs::run_at.eq(retried.at()),
            jobs::first_claimed_at.eq(None::<DateTime<Utc>>),
            jobs::unanswered.eq(false),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    if put == 0 {
        return Err(Error::NotFound);
    }
    if let Some(Job::DeliverCertificate { delivery }) = retried.buried().job {
        diesel::update(deliveries::table.find((agency, delivery.uuid())))
            .filter(deliveries::state.eq("failed"))
            .set(deliveries::state.eq("queued"))
            .execute(&mut tx.connection()?)
            .await?;
    }
    if let Some(Job::MailCourtesyNotice { notice }) = retried.buried().job {
        diesel::update(courtesy_notices::table.find((agency, notice.uuid())))
            .filter(courtesy_notices::state.eq("failed"))
            .set(courtesy_notices::state.eq("queued"))
            .execute(&mut tx.connection()?)
            .await?;
    }
    if let (Some(Job::MailPasswordLink { link }), About::Link { purpose, .. }) =
        (retried.buried().job, &retried.buried().about)
    {
        // As if it had just been ordered. Whatever secret was made for it before stays dead.
        diesel::update(password_links::table.find((agency, link.uuid())))
            .filter(password_links::used_at.is_null())
            .filter(password_links::ended_at.is_null())
            .set((
                password_links::token_hash.eq(None::<Vec<u8>>),
                password_links::mailed_at.eq(None::<DateTime<Utc>>),
                password_links::expires_at.eq(retried.at() + purpose.lifetime()),
            ))
            .execute(&mut tx.connection()?)
            .await?;
    }
    audit::append(tx, retried, retried.at()).await
}
