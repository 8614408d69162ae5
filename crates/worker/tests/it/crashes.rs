//! Workers that end in the middle, and what the next one makes of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use countersign_worker::mail::captured::CapturedMailer;
use countersign_worker::mail::{Accepted, MailError, Mailer, Message};
use countersign_worker::{Clock as _, Drained, drain, run};
use futures::FutureExt as _;
use futures::future::{BoxFuture, pending};
use tokio::sync::{Notify, Semaphore};

use crate::support::Office;

/// Accepts so many messages, then takes each further one in and never answers.
#[derive(Debug)]
struct GoesSilent {
    mailbox: Arc<CapturedMailer>,
    accepts: AtomicUsize,
    silent: Notify,
}

impl Mailer for GoesSilent {
    fn send<'a>(&'a self, message: &'a Message) -> BoxFuture<'a, Result<Accepted, MailError>> {
        async move {
            let accepted = self.mailbox.send(message).await?;
            let left = self
                .accepts
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            if left.is_err() {
                // The relay has the message; the worker ends before it hears so.
                self.silent.notify_one();
                pending::<()>().await;
            }
            Ok(accepted)
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_worker_that_ends_in_the_middle_of_200_deliveries_loses_none() {
    let office = Office::new().await;
    let mut ids = BTreeMap::new();
    for number in 0..200 {
        let id = office.queue_delivery(number, "a@granite.example", "").await;
        ids.insert(id.to_string(), id);
    }
    let mailer = Arc::new(GoesSilent {
        mailbox: office.mailbox.clone(),
        accepts: AtomicUsize::new(70),
        silent: Notify::new(),
    });
    // Dropping the future in the middle is what a killed process looks like from outside: connections end,
    // nothing more is written.
    tokio::select! {
        _ = run(office.worker_with("killed", 8, mailer.clone()), pending()) => panic!("nobody asked it to end"),
        () = mailer.silent.notified() => {}
    }
    let accepted = "SELECT count(*) FROM deliveries WHERE state = 'accepted'";
    let before: usize = office.text(accepted).await.parse().unwrap();
    assert!((62..=70).contains(&before), "{before}");

    let nothing_yet = office.drain().await;
    assert_eq!(nothing_yet.later + nothing_yet.buried, 0);
    office.clock.advance(TimeDelta::seconds(61));
    office.drain().await;

    assert_eq!(office.text(accepted).await, "200");
    assert_eq!(office.jobs().await, "");
    let mut copies: BTreeMap<String, usize> = BTreeMap::new();
    for captured in office.mailbox.take() {
        *copies.entry(captured.message.identity).or_default() += 1;
    }
    assert!(
        copies.keys().eq(ids.keys()),
        "each mail carries the identity of its delivery, none is missing"
    );
    for (identity, copies) in copies {
        let twice = office.delivery(ids[&identity]).await.ends_with("/twice");
        assert!(
            copies == 1 || (copies == 2 && twice),
            "{identity}: {copies} copies, told: {twice}"
        );
    }
}

#[tokio::test]
async fn a_delivery_that_was_being_sent_says_that_it_may_have_arrived_twice() {
    let office = Office::new().await;
    let id = office.queue_delivery(1, "a@granite.example", "").await;
    let mailer = Arc::new(GoesSilent {
        mailbox: office.mailbox.clone(),
        accepts: AtomicUsize::new(0),
        silent: Notify::new(),
    });
    tokio::select! {
        _ = run(office.worker_with("killed", 1, mailer.clone()), pending()) => panic!("nobody asked it to end"),
        () = mailer.silent.notified() => {}
    }
    assert_eq!(office.delivery(id).await, "sending/1");
    assert_eq!(office.drain().await, Drained::default(), "the lease still holds");
    office.clock.advance(TimeDelta::seconds(61));
    assert_eq!(office.drain().await.done, 1);
    assert_eq!(office.delivery(id).await, "accepted/2/twice");
}

/// Answers when it is told to.
#[derive(Debug)]
struct Gate {
    begun: Notify,
    open: Semaphore,
}

impl Mailer for Gate {
    fn send<'a>(&'a self, _message: &'a Message) -> BoxFuture<'a, Result<Accepted, MailError>> {
        async move {
            self.begun.notify_one();
            let _turn = self.open.acquire().await.unwrap();
            Ok(Accepted { reply: "250".into() })
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_worker_that_is_asked_to_stop_ends_what_it_began_and_begins_nothing_more() {
    let office = Office::new().await;
    let first = office.queue_delivery(1, "a@granite.example", "").await;
    let second = office.queue_delivery(2, "b@granite.example", "").await;
    let gate = Arc::new(Gate {
        begun: Notify::new(),
        open: Semaphore::new(0),
    });
    let stop = Arc::new(Notify::new());
    let asked = Arc::clone(&stop);
    let worker = office.worker_with("polite", 1, gate.clone());
    let (ended, ()) = tokio::join!(run(worker, async move { asked.notified().await }), async {
        gate.begun.notified().await;
        stop.notify_one();
        gate.open.add_permits(2);
    });
    assert_eq!(ended, Ok(()));
    let states = [office.delivery(first).await, office.delivery(second).await];
    assert_eq!(states, ["accepted/1", "queued/0"]);
    assert_eq!(office.jobs().await, "queued/0");
}

/// Breaks off once.
#[derive(Debug)]
struct Panics(AtomicUsize);

impl Mailer for Panics {
    fn send<'a>(&'a self, _message: &'a Message) -> BoxFuture<'a, Result<Accepted, MailError>> {
        async move {
            assert!(
                self.0.fetch_add(1, Ordering::SeqCst) > 0,
                "the first attempt panics"
            );
            Ok(Accepted { reply: "250".into() })
        }
        .boxed()
    }
}

#[tokio::test]
async fn a_panic_is_a_failed_attempt() {
    let office = Office::new().await;
    let id = office.queue_delivery(1, "a@granite.example", "").await;
    let worker = office.worker_with("shaky", 1, Arc::new(Panics(AtomicUsize::new(0))));
    assert_eq!(drain(&worker).await.unwrap().later, 1);
    office.clock.advance(TimeDelta::minutes(1));
    assert_eq!(drain(&worker).await.unwrap().done, 1);
    assert_eq!(
        office.delivery(id).await,
        "accepted/2/twice",
        "nobody knows how far the first one came"
    );
}

/// Breaks off each time.
#[derive(Debug)]
struct AlwaysPanics;

impl Mailer for AlwaysPanics {
    fn send<'a>(&'a self, _message: &'a Message) -> BoxFuture<'a, Result<Accepted, MailError>> {
        async move { panic!("every attempt panics") }.boxed()
    }
}

/// A2.02: a job is not given up while its delivery goes on saying that it is being sent.
#[tokio::test]
async fn a_delivery_whose_every_attempt_panics_says_that_it_failed() {
    let office = Office::new().await;
    let id = office.queue_delivery(1, "a@granite.example", "").await;
    let worker = office.worker_with("shaky", 1, Arc::new(AlwaysPanics));
    for _ in 0..7 {
        assert_eq!(drain(&worker).await.unwrap().later, 1);
        office.clock.advance(TimeDelta::hours(3));
    }
    assert_eq!(drain(&worker).await.unwrap().buried, 1);
    assert_eq!(office.jobs().await, "buried/8");
    assert_eq!(office.delivery(id).await, "failed/8/twice");
    let trail = "SELECT string_agg(action || ' ' || object_label, '; ') FROM audit_entries WHERE action LIKE 'delivery%'";
    assert_eq!(office.text(trail).await, "delivery_failed 26-000128");
}

#[tokio::test]
async fn an_import_whose_job_is_given_up_says_that_it_failed() {
    let office = Office::new().await;
    office
        .run(
            "INSERT INTO imports (agency_id, id, state, created_at, created_by)
             SELECT id, '00000000-0000-0000-0000-0000000000e1', 'checking', now(), 'Ana Ruiz'
             FROM agencies WHERE id = current_setting('app.agency_id')::uuid",
        )
        .await;
    office
        .queue(
            1,
            r#"{"kind":"check_import","import":"00000000-0000-0000-0000-0000000000e1"}"#,
        )
        .await;
    for _ in 0..8 {
        let taken = office
            .queue_handle()
            .claim("doomed", 1, TimeDelta::seconds(60), office.clock.now())
            .await
            .unwrap();
        assert_eq!(taken.len(), 1);
        office.clock.advance(TimeDelta::seconds(61));
    }
    assert_eq!(office.drain().await.buried, 1);
    assert_eq!(office.jobs().await, "buried/9");
    assert_eq!(
        office.text("SELECT state FROM imports").await,
        "failed",
        "nobody is left waiting for a check that nobody does"
    );
}
