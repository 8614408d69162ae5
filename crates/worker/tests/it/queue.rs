//! The queue itself: claims, leases, fences, and several workers.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use countersign_domain::authz::rules::RetryMail;
use countersign_domain::jobs::Job;
use countersign_domain::jobs::retry::retry;
use countersign_persistence::jobs::{Counting, bury, finish, lock_buried, put_back, record_retried};
use countersign_persistence::{Error, agencies};
use countersign_worker::mail::{Accepted, MailError, Mailer, Message};
use countersign_worker::{Clock as _, Stalled, run};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Notify;

use crate::support::Office;

const LEASE: TimeDelta = TimeDelta::seconds(60);

#[tokio::test]
async fn a_claim_is_counted_and_committed_before_the_work_starts() {
    let office = Office::new().await;
    let id = office.queue_delivery(1, "a@granite.example", "").await;
    let claims = office
        .queue_handle()
        .claim("one", 10, LEASE, office.clock.now())
        .await
        .unwrap();
    let [claim] = &claims[..] else { panic!("one job") };
    assert_eq!(claim.job(), &Ok(Job::DeliverCertificate { delivery: id }));
    assert_eq!(
        (claim.claims(), claim.was_running(), claim.agency()),
        (1, false, office.agency)
    );
    assert_eq!(office.jobs().await, "running/1");
    let again = office
        .queue_handle()
        .claim("two", 10, LEASE, office.clock.now())
        .await
        .unwrap();
    assert!(again.is_empty(), "a claimed job is not claimed again");
}

#[tokio::test]
async fn whoever_lost_the_lease_can_no_longer_end_the_job() {
    let office = Office::new().await;
    office.queue_delivery(1, "a@granite.example", "").await;
    let queue = office.queue_handle();
    let slow = queue
        .claim("slow", 1, LEASE, office.clock.now())
        .await
        .unwrap()
        .remove(0);
    assert!(queue.extend(&slow, office.clock.now() + LEASE).await.unwrap());
    office.clock.advance(TimeDelta::seconds(61));
    let quick = queue
        .claim("quick", 1, LEASE, office.clock.now())
        .await
        .unwrap()
        .remove(0);
    assert_eq!((quick.claims(), quick.was_running()), (2, true));

    assert!(!queue.extend(&slow, office.clock.now() + LEASE).await.unwrap());
    let now = office.clock.now();
    let (slow, quick) = (&slow, &quick);
    office
        .db
        .transaction(office.agency, async |tx| {
            assert!(!finish(tx, slow).await?);
            assert!(!put_back(tx, slow, now, "late", Counting::Counted).await?);
            assert!(!bury(tx, slow, "late", now).await?);
            assert!(finish(tx, quick).await?);
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    assert_eq!(office.jobs().await, "");
}

/// The count of claims begins anew when a person tries a buried job again; what fences claims off does not.
#[tokio::test]
async fn a_claim_from_before_a_retry_ends_nothing_after_it() {
    let office = Office::new().await;
    office.queue_delivery(1, "a@granite.example", "").await;
    let queue = office.queue_handle();
    let claim = async |worker: &str| {
        let now = office.clock.now();
        queue.claim(worker, 1, LEASE, now).await.unwrap().remove(0)
    };
    let lost = claim("lost").await;
    office.clock.advance(TimeDelta::seconds(61));
    let burying = claim("burying").await;
    let (actor, now) = (office.staff(), office.clock.now());
    office
        .test
        .worker()
        .transaction(office.agency, async |tx| {
            assert!(bury(tx, &burying, "no", now).await?);
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    office
        .test
        .app()
        .transaction(office.agency, async |tx| {
            let permit = agencies::find::<RetryMail>(tx, &actor).await?;
            let job = lock_buried(tx, &permit, burying.id()).await?;
            record_retried(tx, &retry(&permit, job, now)).await
        })
        .await
        .unwrap();
    let fresh = claim("fresh").await;
    assert_eq!((fresh.claims(), lost.claims()), (1, 1));
    office
        .db
        .transaction(office.agency, async |tx| {
            assert!(!finish(tx, &lost).await?);
            assert!(finish(tx, &fresh).await?);
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_claim_given_back_is_not_counted() {
    let office = Office::new().await;
    office.queue_delivery(1, "a@granite.example", "").await;
    let queue = office.queue_handle();
    let claim = queue
        .claim("one", 1, LEASE, office.clock.now())
        .await
        .unwrap()
        .remove(0);
    let (claim, now) = (&claim, office.clock.now());
    office
        .db
        .transaction(office.agency, async |tx| {
            put_back(tx, claim, now, "away", Counting::GivenBack).await
        })
        .await
        .unwrap();
    assert_eq!(office.jobs().await, "queued/0");
}

#[tokio::test]
async fn a_job_that_ends_its_process_each_time_is_buried() {
    let office = Office::new().await;
    let id = office.queue_delivery(1, "a@granite.example", "").await;
    for _ in 0..8 {
        let taken = office
            .queue_handle()
            .claim("doomed", 1, LEASE, office.clock.now())
            .await
            .unwrap();
        assert_eq!(taken.len(), 1);
        office.clock.advance(TimeDelta::seconds(61));
    }
    assert_eq!(office.drain().await.buried, 1);
    assert!(office.mailbox.take().is_empty());
    assert_eq!(office.jobs().await, "buried/9");
    assert!(
        office.delivery(id).await.starts_with("failed/"),
        "the delivery tells it too"
    );
}

#[tokio::test]
async fn a_job_of_another_version_is_buried_not_dropped() {
    let office = Office::new().await;
    office
        .queue(1, r#"{"kind":"fold_paper_cranes","count":1000}"#)
        .await;
    assert_eq!(office.drain().await.buried, 1);
    assert_eq!(office.jobs().await, "buried/1");
    let error = office.text("SELECT last_error FROM jobs").await;
    assert!(error.starts_with("this version cannot read the job"), "{error}");
}

#[tokio::test]
async fn a_record_that_is_gone_buries_its_job() {
    let office = Office::new().await;
    office
        .queue(
            1,
            r#"{"kind":"deliver_certificate","delivery":"00000000-0000-0000-0000-0000000000ff"}"#,
        )
        .await;
    assert_eq!(office.drain().await.buried, 1);
}

#[tokio::test]
async fn health_tells_depth_age_and_when_a_worker_was_seen() {
    let office = Office::new().await;
    let queue = office.queue_handle();
    assert_eq!(
        queue.health(office.clock.now()).await.unwrap().worker_seen_at,
        None
    );
    office.queue_delivery(1, "a@granite.example", "").await;
    office.clock.advance(TimeDelta::seconds(90));
    queue.beat("desk", office.clock.now()).await.unwrap();
    let from_the_server = countersign_persistence::jobs::Queue::new(office.test.app());
    let health = from_the_server.health(office.clock.now()).await.unwrap();
    assert_eq!((health.queued, health.running, health.buried), (1, 0, 0));
    assert_eq!(health.oldest_ready, TimeDelta::seconds(90));
    assert_eq!(health.worker_seen_at, Some(office.clock.now()));
    let kinds = from_the_server.by_kind(office.clock.now()).await.unwrap();
    assert_eq!(
        kinds
            .iter()
            .map(|kind| (kind.kind.as_str(), kind.queued))
            .collect::<Vec<_>>(),
        [("deliver_certificate", 1)]
    );
    assert_eq!(
        from_the_server.deliveries_by_state().await.unwrap(),
        [("queued".to_owned(), 1)]
    );
    // A job whose worker ended without a word waits from the end of its lease on.
    queue.claim("gone", 1, LEASE, office.clock.now()).await.unwrap();
    office.clock.advance(TimeDelta::seconds(100));
    let health = from_the_server.measure(office.clock.now()).await.unwrap();
    assert_eq!((health.running, health.oldest_ready), (1, TimeDelta::seconds(40)));
    queue.retire("desk").await.unwrap();
    assert_eq!(
        queue.health(office.clock.now()).await.unwrap().worker_seen_at,
        None
    );
}

/// Somebody holds the row of the job, so that no claim ever takes it: whatever the reason, a fresh worker may do
/// better. Takes three beats.
#[tokio::test]
async fn a_worker_that_leaves_jobs_lying_ends_itself() {
    let office = Office::new().await;
    office.queue_delivery(1, "a@granite.example", "").await;
    office.clock.advance(TimeDelta::seconds(90));
    office.run("BEGIN; SELECT FROM jobs FOR UPDATE").await;
    let worker = office.worker();
    let pulse = worker.pulse();
    assert!(!pulse.works(), "it has not begun");
    let ended = run(worker, async { std::future::pending().await }).await;
    assert_eq!(ended, Err(Stalled));
    assert!(pulse.lives() && !pulse.works());
    office.run("ROLLBACK").await;
    assert_eq!(office.drain().await.done, 1);
}

#[tokio::test]
async fn a_listener_hears_a_committed_job() {
    let office = Office::new().await;
    let mut listener = office.queue_handle().listen().await.unwrap();
    office.queue_delivery(1, "a@granite.example", "").await;
    assert!(listener.heard().await);
}

/// Notes who is being mailed, complains of company, and stops the show after so many.
#[derive(Debug)]
struct Watchful {
    underway: Mutex<BTreeMap<String, u32>>,
    crowded: AtomicBool,
    until: usize,
    enough: Notify,
}

impl Mailer for Watchful {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<Accepted, MailError>> {
        async move {
            {
                let mut underway = self.underway.lock().unwrap();
                let times = underway.entry(message.identity.clone()).or_default();
                *times += 1;
                if *times > 1 {
                    self.crowded.store(true, Ordering::SeqCst);
                }
                if underway.len() == self.until {
                    self.enough.notify_waiters();
                    self.enough.notify_one();
                }
            }
            tokio::task::yield_now().await;
            Ok(Accepted { reply: "250".into() })
        }
        .boxed()
    }
}

#[tokio::test]
async fn two_workers_never_do_one_job_both() {
    let office = Office::new().await;
    for number in 0..100 {
        office.queue_delivery(number, "a@granite.example", "").await;
    }
    let mailer = Arc::new(Watchful {
        underway: Mutex::default(),
        crowded: AtomicBool::new(false),
        until: 100,
        enough: Notify::new(),
    });
    let stop = Arc::new(Notify::new());
    let workers = ["one", "two"].map(|name| {
        let (worker, stop) = (office.worker_with(name, 4, mailer.clone()), Arc::clone(&stop));
        async move { run(worker, async move { stop.notified().await }).await.unwrap() }
    });
    let [one, two] = workers;
    tokio::join!(one, two, async {
        mailer.enough.notified().await;
        stop.notify_waiters();
    });
    assert!(!mailer.crowded.load(Ordering::SeqCst), "a job was done twice");
    assert_eq!(office.jobs().await, "");
    assert_eq!(
        office
            .text("SELECT count(*) FROM deliveries WHERE state = 'accepted' AND claims = 1")
            .await,
        "100"
    );
    let seen = office.text("SELECT count(*) FROM worker_heartbeats").await;
    assert_eq!(seen, "0", "workers that end in good order sign off");
}
