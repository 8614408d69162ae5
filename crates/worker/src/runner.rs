//! Takes jobs from the queue, does them beside one another, keeps their leases, and stops in good order.
//!
//! Invariants: what was claimed is ended by the worker or claimed anew after its lease; a worker that lost a
//! lease stops that work at once and writes nothing; a panic is a failed attempt; a worker that leaves jobs
//! lying although it has a free hand ends itself, because a fresh one may do better.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use countersign_persistence::jobs::{Claim, Queue};
use countersign_persistence::{Error, sweep};
use futures::FutureExt as _;
use tokio::sync::Notify;
use tokio::task::{JoinSet, LocalSet, spawn_local};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

use crate::Worker;
use crate::jobs::{Attempt, JobError};
use crate::patience::Ending;

/// For so long a claim holds without a word from its worker.
const LEASE: TimeDelta = TimeDelta::seconds(60);
/// How often a worker renews the leases of work that lasts.
const RENEWAL: Duration = Duration::from_secs(15);
/// How often the queue is asked without a call: for what becomes due, and when the listener is down.
const POLL: Duration = Duration::from_secs(1);
/// How often a worker says that it is alive.
const BEAT: Duration = Duration::from_secs(10);
/// Work that is under way at the end may take so long.
const FAREWELL: Duration = Duration::from_secs(30);
/// Nothing should wait for longer while a worker has a free hand.
const STALL: TimeDelta = TimeDelta::seconds(60);
/// After so many beats in a row that found jobs waiting for no reason, the worker ends itself.
const STALLS: u32 = 3;
/// How often what has served its time is taken away, and how long after the start for the first time.
const SWEEP: Duration = Duration::from_secs(60 * 60);
const FIRST_SWEEP: Duration = Duration::from_secs(5 * 60);

/// The worker ended itself: jobs waited although it had a free hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("jobs waited although the worker had a free hand")]
pub struct Stalled;

/// Works until `shutdown` is ready: then takes no new jobs, and lets those under way end, for 30 seconds.
///
/// All of it happens on the calling thread: jobs wait for the database and the relay, not for a processor,
/// and several worker processes may share a queue. So the future is not `Send`: block on it, or spawn it
/// locally.
///
/// # Errors
/// [`Stalled`] when it ended without being asked.
pub async fn run(worker: Worker, shutdown: impl Future<Output = ()>) -> Result<(), Stalled> {
    LocalSet::new().run_until(serve(worker, shutdown)).await
}

async fn serve(worker: Worker, shutdown: impl Future<Output = ()>) -> Result<(), Stalled> {
    let wake = Arc::new(Notify::new());
    // Local, like the jobs: nothing of this worker outlives it.
    let listener = spawn_local(listen(worker.queue.clone(), Arc::clone(&wake)));
    let sweeper = spawn_local(sweep_hourly(worker.clone()));
    let mut running = JoinSet::new();
    let mut poll = interval(POLL);
    poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut beat = interval(BEAT);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut reachable = true;
    let mut stalls = 0;
    tokio::pin!(shutdown);
    let ended = loop {
        while running.try_join_next().is_some() {}
        let hands = usize::from(worker.settings.concurrency.max(1));
        let free = hands.saturating_sub(running.len());
        if free > 0 {
            match claim(&worker, free).await {
                Ok(claims) => {
                    reachable = true;
                    for claim in claims {
                        let worker = worker.clone();
                        running.spawn_local(async move { work(&worker, &claim).await });
                    }
                }
                Err(error) => {
                    if reachable {
                        tracing::warn!(%error, "jobs cannot be claimed");
                    }
                    reachable = false;
                }
            }
        }
        let has_room = running.len() < hands;
        worker.pulse.beat(reachable);
        tokio::select! {
            biased;
            () = &mut shutdown => break Ok(()),
            _ = beat.tick() => {
                let stalled = heartbeat(&worker, has_room).await;
                stalls = if stalled { stalls + 1 } else { 0 };
                if stalls == STALLS {
                    break Err(Stalled);
                }
            }
            Some(_) = running.join_next() => {}
            () = wake.notified(), if has_room => {}
            _ = poll.tick(), if has_room => {}
        }
    };
    worker.pulse.beat(false);
    listener.abort();
    sweeper.abort();
    tracing::info!(running = running.len(), "the worker takes no more jobs");
    let farewell = timeout(FAREWELL, async { while running.join_next().await.is_some() {} }).await;
    if farewell.is_err() {
        tracing::warn!(
            running = running.len(),
            "work is left to another worker, after its lease"
        );
        running.shutdown().await;
    }
    if let Err(error) = worker.queue.retire(&worker.settings.name).await {
        tracing::warn!(%error, "the worker could not sign off");
    }
    ended
}

/// How [`drain`] left what it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drained {
    /// Jobs that are done.
    pub done: usize,
    /// Attempts after which the job waits for its next time.
    pub later: usize,
    /// Jobs that were given up.
    pub buried: usize,
}

/// Does every job that is due now, of all agencies, one after the other, until none is left.
///
/// # Errors
/// [`Error`] when the queue cannot be asked.
pub async fn drain(worker: &Worker) -> Result<Drained, Error> {
    let mut drained = Drained::default();
    loop {
        let claims = claim(worker, usize::from(worker.settings.concurrency.max(1))).await?;
        if claims.is_empty() {
            return Ok(drained);
        }
        for claim in claims {
            match work(worker, &claim).await {
                Some(Ending::Done) => drained.done += 1,
                Some(Ending::Later { .. }) => drained.later += 1,
                Some(Ending::Buried { .. }) => drained.buried += 1,
                None => {}
            }
        }
    }
}

async fn claim(worker: &Worker, at_most: usize) -> Result<Vec<Claim>, Error> {
    let at_most = u16::try_from(at_most).unwrap_or(u16::MAX);
    worker
        .queue
        .claim(&worker.settings.name, at_most, LEASE, worker.clock.now())
        .await
}

/// One attempt at one job, from claim to ending. `None` when another worker has the job by now, or the
/// ending could not be written: then the lease runs out and the job is claimed again.
async fn work(worker: &Worker, claim: &Claim) -> Option<Ending> {
    let kind = claim.job().as_ref().map_or("unknown", |job| job.kind().as_str());
    let id = claim.id();
    let started = Instant::now();
    if claim.was_running() {
        tracing::warn!(%id, kind, claims = claim.claims(), "taken over from a worker that did not end it");
    }
    let attempt = Attempt { worker, claim };
    let ended = tokio::select! {
        ended = AssertUnwindSafe(attempt.run()).catch_unwind() => ended,
        () = lose(worker, claim) => {
            tracing::warn!(%id, kind, "the lease was lost; the work was stopped");
            metrics::histogram!("job_duration_seconds", "kind" => kind, "outcome" => "lost")
                .record(started.elapsed().as_secs_f64());
            return None;
        }
    };
    let ended = ended.unwrap_or_else(|_| {
        tracing::error!(%id, kind, "a job panicked");
        Err(JobError::Retry {
            reason: "the work broke off unexpectedly".to_owned(),
        })
    });
    let ending = match ended {
        Ok(ending) => Some(ending),
        Err(error) => {
            // Reasons of mail name people; what is logged here comes from the database and from ourselves.
            tracing::warn!(%id, kind, ?error, "an attempt failed");
            match attempt.end(attempt.ending(error)).await {
                Ok(ending) => Some(ending),
                Err(error) => {
                    tracing::error!(%id, kind, ?error, "the end of an attempt could not be written");
                    None
                }
            }
        }
    };
    let outcome = ending.as_ref().map_or("unwritten", Ending::word);
    tracing::info!(%id, kind, outcome, claims = claim.claims(), "an attempt ended");
    metrics::histogram!("job_duration_seconds", "kind" => kind, "outcome" => outcome)
        .record(started.elapsed().as_secs_f64());
    ending
}

/// Renews the lease until it is lost.
async fn lose(worker: &Worker, claim: &Claim) {
    loop {
        sleep(RENEWAL).await;
        match worker.queue.extend(claim, worker.clock.now() + LEASE).await {
            Ok(true) => {}
            Ok(false) => return,
            // The work goes on; should the lease run out meanwhile, the next renewal tells.
            Err(error) => tracing::warn!(%error, id = %claim.id(), "a lease could not be renewed"),
        }
    }
}

/// Says that the worker is alive, measures the queue, and complains when work waits for no reason; `true` then.
async fn heartbeat(worker: &Worker, has_room: bool) -> bool {
    let now = worker.clock.now();
    if let Err(error) = worker.queue.beat(&worker.settings.name, now).await {
        tracing::warn!(%error, "the worker could not say that it is alive");
        return false;
    }
    let Ok(health) = worker.queue.measure(now).await else {
        return false;
    };
    let waiting = health.oldest_ready;
    let stalled = has_room && waiting > STALL;
    if stalled {
        tracing::error!(
            seconds = waiting.num_seconds(),
            "jobs wait although the worker has a free hand"
        );
        metrics::counter!("job_queue_stalls_total").increment(1);
    }
    stalled
}

/// Takes away what has served its time, in every agency, once an hour.
async fn sweep_hourly(worker: Worker) {
    sleep(FIRST_SWEEP).await;
    loop {
        if let Err(error) = sweep_all(&worker).await {
            tracing::warn!(%error, "sweeping broke off; the next one goes on");
        }
        sleep(SWEEP).await;
    }
}

async fn sweep_all(worker: &Worker) -> Result<(), Error> {
    for agency in sweep::agencies(&worker.db).await? {
        for (what, rows) in sweep::sweep(&worker.db, agency, worker.clock.now()).await? {
            tracing::info!(%agency, what, rows, "swept");
            metrics::counter!("swept_rows_total", "table" => what)
                .increment(u64::try_from(rows).unwrap_or_default());
        }
    }
    Ok(())
}

/// Wakes the worker when a job was queued. While there is no listener, polling finds the jobs.
async fn listen(queue: Queue, wake: Arc<Notify>) {
    loop {
        match queue.listen().await {
            Ok(mut listener) => {
                while listener.heard().await {
                    wake.notify_one();
                }
                tracing::warn!("the connection that hears of jobs was lost");
            }
            Err(error) => tracing::warn!(%error, "jobs are found by polling only"),
        }
        sleep(Duration::from_secs(5)).await;
    }
}
