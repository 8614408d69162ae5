//! Requests that come twice, and guesses that come too fast.

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::passwords::{self, Pace};
use countersign_domain::testing::{self as cast, AGENCY};
use countersign_domain::text::Username;
use countersign_persistence::idempotency::{self, Known, Request};
use countersign_persistence::sessions::{self, App};
use countersign_persistence::throttles::{self, Bucket, Reserved};
use countersign_persistence::{Error, Tx};
use serde_json::json;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::cast::Stage;

fn request<'a>(key: &'a str, sha256: &'a [u8]) -> Request<'a> {
    Request {
        principal: Uuid::from_u128(1),
        operation: "POST /v1/insureds",
        key,
        sha256,
    }
}

/// Carries a request out unless it is known; tells the reply and whether it was carried out now.
async fn carry_out(tx: &mut Tx, request: &Request<'_>) -> Result<(bool, Option<serde_json::Value>), Error> {
    match idempotency::begin(tx, request, cast::now()).await? {
        Known::Fresh => {
            let reply = json!({ "id": 7 });
            idempotency::finish(tx, request, 201, Some(&reply)).await?;
            Ok((true, Some(reply)))
        }
        Known::Done { status, body } => {
            assert_eq!(status, 201);
            Ok((false, body))
        }
        Known::OtherRequest => Err(Error::Broken("another request".to_owned())),
        Known::InFlight => Err(Error::Broken("in flight".to_owned())),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_is_answered_and_not_carried_out_again() {
    let stage = Stage::new().await;
    let ask = || stage.act(async |tx| carry_out(tx, &request("k", b"body")).await);
    let reply = Some(json!({ "id": 7 }));
    assert_eq!(ask().await.unwrap(), (true, reply.clone()));
    assert_eq!(ask().await.unwrap(), (false, reply));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_stands_for_one_request_only() {
    let stage = Stage::new().await;
    let begin = |request: Request<'static>| {
        let stage = &stage;
        async move {
            stage
                .act(async |tx| idempotency::begin(tx, &request, cast::now()).await)
                .await
                .unwrap()
        }
    };
    assert!(matches!(begin(request("k", b"body")).await, Known::Fresh));
    assert!(matches!(
        begin(request("k", b"other body")).await,
        Known::OtherRequest
    ));
    assert!(matches!(begin(request("l", b"other body")).await, Known::Fresh));
    let somebody_else = Request {
        principal: Uuid::from_u128(2),
        ..request("k", b"other body")
    };
    assert!(matches!(begin(somebody_else).await, Known::Fresh));
    let elsewhere = Request {
        operation: "POST /v1/certificates",
        ..request("k", b"other body")
    };
    assert!(matches!(begin(elsewhere).await, Known::Fresh));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_request_leaves_no_key_behind() {
    let stage = Stage::new().await;
    let failed: Result<(), Error> = stage
        .act(async |tx| {
            carry_out(tx, &request("k", b"body")).await?;
            Err(Error::NotFound)
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(stage.count("idempotency_keys").await, 0);
    let again = stage
        .act(async |tx| carry_out(tx, &request("k", b"body")).await)
        .await
        .unwrap();
    assert!(again.0, "it runs again");
}

/// Twins in flight: the second is told so at once, and may come again when the first has ended.
#[tokio::test(flavor = "multi_thread")]
async fn a_twin_in_flight_is_told_so_and_does_not_wait() {
    for first_succeeds in [true, false] {
        let stage = Stage::new().await;
        let (begun, has_begun) = oneshot::channel();
        let (go, may_go) = oneshot::channel::<()>();
        let app = stage.app.clone();
        let first = tokio::spawn(async move {
            app.transaction(AGENCY, async |tx| {
                let done = carry_out(tx, &request("k", b"body")).await?;
                begun.send(()).unwrap();
                may_go.await.unwrap();
                if first_succeeds {
                    Ok(done)
                } else {
                    Err(Error::NotFound)
                }
            })
            .await
        });
        has_begun.await.unwrap();
        let second = stage
            .act(async |tx| idempotency::begin(tx, &request("k", b"body"), cast::now()).await)
            .await
            .unwrap();
        assert!(matches!(second, Known::InFlight), "{second:?}");
        // Another key is another matter, and so is the same key of somebody else.
        let somebody_else = Request {
            principal: Uuid::from_u128(2),
            ..request("k", b"body")
        };
        for other in [request("l", b"body"), somebody_else] {
            let fresh = stage
                .act(async |tx| idempotency::begin(tx, &other, cast::now()).await)
                .await
                .unwrap();
            assert!(matches!(fresh, Known::Fresh), "{fresh:?}");
        }
        go.send(()).unwrap();
        assert_eq!(first.await.unwrap().is_ok(), first_succeeds);
        let again = stage
            .act(async |tx| carry_out(tx, &request("k", b"body")).await)
            .await
            .unwrap();
        assert_eq!(again.0, !first_succeeds);
    }
}

fn maren() -> Bucket {
    let name = Username::parse("maren").unwrap();
    Bucket::of_name(App::Staff, &name, Pace::Ladder(passwords::closed_until))
}

fn network(address: &str) -> Bucket {
    Bucket::new("net", address, Pace::Tokens { cost: 1 })
}

impl Stage {
    async fn fail(&self, bucket: Bucket, at: DateTime<Utc>) {
        let reserved = self
            .act(async |tx| throttles::reserve(tx, vec![bucket], at).await)
            .await
            .unwrap();
        assert!(matches!(reserved, Reserved::Open(_)), "{reserved:?}");
    }

    /// Until when an attempt would be refused; it is not made.
    async fn closed(&self, buckets: Vec<Bucket>, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut closed = None;
        let undone: Result<(), Error> = self
            .act(async |tx| {
                if let Reserved::Closed(until) = throttles::reserve(tx, buckets, at).await? {
                    closed = Some(until);
                }
                Err(Error::NotFound)
            })
            .await;
        assert!(matches!(undone, Err(Error::NotFound)), "{undone:?}");
        closed
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_closes_its_bucket_for_as_long_as_the_ladder_says() {
    let stage = Stage::new().await;
    let mut at = cast::now();
    for (failure, seconds) in (1..=26).zip(
        std::iter::repeat_n(1, 2)
            .chain(std::iter::repeat_n(3, 6))
            .chain(std::iter::repeat_n(5, 16))
            .chain(std::iter::repeat_n(10, 2)),
    ) {
        stage.fail(maren(), at).await;
        let until = at + TimeDelta::seconds(seconds);
        let just_before = until - TimeDelta::milliseconds(1);
        assert_eq!(
            stage.closed(vec![maren()], just_before).await,
            Some(until),
            "failure {failure}"
        );
        assert_eq!(
            stage.closed(vec![maren()], until).await,
            None,
            "failure {failure}"
        );
        at = until;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hundredth_failure_closes_to_the_end_of_the_day_and_a_quiet_day_starts_anew() {
    let stage = Stage::new().await;
    let sql = stage.owner_of(AGENCY).await;
    stage.fail(maren(), cast::now()).await;
    sql.rows("UPDATE sign_in_throttles SET failures = 99, blocked_until = last_failure_at")
        .await;
    stage.fail(maren(), cast::now()).await;
    let midnight = cast::moment("2026-11-03T00:00:00Z");
    assert_eq!(stage.closed(vec![maren()], cast::now()).await, Some(midnight));
    let later = cast::now() + TimeDelta::days(1) + TimeDelta::seconds(1);
    stage.fail(maren(), later).await;
    assert_eq!(
        stage.closed(vec![maren()], later).await,
        Some(later + TimeDelta::seconds(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn buckets_are_closed_each_for_itself_and_the_longest_counts() {
    let stage = Stage::new().await;
    for _ in 0..10 {
        stage.fail(network("192.0.2.7"), cast::now()).await;
    }
    stage.fail(maren(), cast::now()).await;
    let in_seconds = |seconds| Some(cast::now() + TimeDelta::seconds(seconds));
    let both = vec![network("192.0.2.7"), maren()];
    assert_eq!(stage.closed(both, cast::now()).await, in_seconds(20));
    assert_eq!(stage.closed(vec![maren()], cast::now()).await, in_seconds(1));
    let others = vec![
        network("198.51.100.4"),
        Bucket::new("device", "maren", Pace::Ladder(passwords::closed_until)),
    ];
    assert_eq!(stage.closed(others, cast::now()).await, None);
}

/// What is refused is not counted, not even in the buckets that were open.
#[tokio::test(flavor = "multi_thread")]
async fn of_attempts_at_the_same_time_one_gets_through() {
    let stage = Stage::new().await;
    let mut running = Vec::new();
    for _ in 0..10 {
        let app = stage.app.clone();
        running.push(tokio::spawn(async move {
            app.transaction(AGENCY, async |tx| {
                match throttles::reserve(tx, vec![network("192.0.2.7"), maren()], cast::now()).await? {
                    Reserved::Open(_) => Ok(true),
                    Reserved::Closed(_) => Err(Error::NotFound),
                }
            })
            .await
        }));
    }
    let mut open = 0;
    for task in running {
        match task.await.unwrap() {
            Ok(true) => open += 1,
            Err(Error::NotFound) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(open, 1);
    let sql = stage.owner_of(AGENCY).await;
    assert_eq!(
        sql.column("SELECT failures FROM sign_in_throttles").await,
        ["1", "1"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_password_forgets_the_failures_of_the_name_and_gives_the_token_back() {
    let stage = Stage::new().await;
    for _ in 0..9 {
        stage.fail(network("192.0.2.7"), cast::now()).await;
    }
    let signed_in = stage
        .act(async |tx| {
            let buckets = vec![network("192.0.2.7"), maren()];
            let Reserved::Open(attempt) = throttles::reserve(tx, buckets, cast::now()).await? else {
                panic!("closed");
            };
            let name = Username::parse("maren").unwrap();
            let candidate = sessions::candidate(tx, App::Staff, &name).await?.unwrap();
            sessions::record_signed_in(tx, App::Staff, &candidate, &attempt, None, cast::now()).await
        })
        .await
        .unwrap();
    assert!(signed_in.is_some());
    assert_eq!(stage.closed(vec![maren()], cast::now()).await, None);
    stage.fail(network("192.0.2.7"), cast::now()).await;
    assert!(
        stage
            .closed(vec![network("192.0.2.7")], cast::now())
            .await
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_was_never_made_counts_for_nothing() {
    let stage = Stage::new().await;
    for _ in 0..30 {
        stage
            .act(async |tx| {
                let buckets = vec![network("192.0.2.7"), maren()];
                let Reserved::Open(attempt) = throttles::reserve(tx, buckets, cast::now()).await? else {
                    panic!("closed");
                };
                throttles::give_back(tx, &attempt, cast::now()).await
            })
            .await
            .unwrap();
    }
    stage.fail(maren(), cast::now()).await;
    let until = cast::now() + TimeDelta::seconds(1);
    assert_eq!(stage.closed(vec![maren()], cast::now()).await, Some(until));
}

/// Thirty names within ten minutes, each counted once however often it failed.
#[tokio::test(flavor = "multi_thread")]
async fn names_that_are_tried_one_after_the_other_are_noticed() {
    let stage = Stage::new().await;
    let sprayed = |at| stage.act(async move |tx| throttles::is_sprayed(tx, at).await);
    for number in 0..29 {
        let name = Username::parse(&format!("name-{number}")).unwrap();
        let bucket = Bucket::of_name(App::Portal, &name, Pace::Ladder(|_, last| last));
        stage.fail(bucket.clone(), cast::now()).await;
        stage.fail(bucket, cast::now()).await;
        stage
            .fail(network(&format!("192.0.2.{number}")), cast::now())
            .await;
    }
    assert!(!sprayed(cast::now()).await.unwrap());
    stage.fail(maren(), cast::now()).await;
    assert!(sprayed(cast::now()).await.unwrap());
    assert!(!sprayed(cast::now() + TimeDelta::minutes(10)).await.unwrap());
}
