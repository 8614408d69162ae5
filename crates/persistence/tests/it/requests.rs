//! Requests that come twice, and guesses that come too fast.

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::passwords;
use countersign_domain::testing::{self as cast, AGENCY};
use countersign_persistence::idempotency::{self, Known, Request};
use countersign_persistence::sessions::{self, App};
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

/// Twins in flight: the second waits for the first and then answers as it did, or runs if the first failed.
#[tokio::test(flavor = "multi_thread")]
async fn a_twin_in_flight_waits_for_the_first() {
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
        let app = stage.app.clone();
        let mut second = tokio::spawn(async move {
            app.transaction(AGENCY, async |tx| carry_out(tx, &request("k", b"body")).await)
                .await
        });
        // The second one is seen waiting for the first one's row before that is let go.
        let sql = stage.owner_of(AGENCY).await;
        let waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'";
        while sql.number(waiting).await == 0 {
            assert!(!second.is_finished(), "{:?}", (&mut second).await);
        }
        go.send(()).unwrap();
        assert_eq!(first.await.unwrap().is_ok(), first_succeeds);
        assert_eq!(second.await.unwrap().unwrap().0, !first_succeeds);
    }
}

impl Stage {
    async fn fail(&self, bucket: &str, at: DateTime<Utc>) {
        self.act(async |tx| sessions::record_failure(tx, bucket, at, passwords::closed_until).await)
            .await
            .unwrap();
    }

    async fn closed(&self, buckets: &[&str], at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let buckets: Vec<_> = buckets.iter().map(|bucket| (*bucket).to_owned()).collect();
        self.act(async |tx| sessions::closed_until(tx, &buckets, at).await)
            .await
            .unwrap()
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
        stage.fail("staff:maren", at).await;
        let until = at + TimeDelta::seconds(seconds);
        let just_before = until - TimeDelta::milliseconds(1);
        assert_eq!(
            stage.closed(&["staff:maren"], just_before).await,
            Some(until),
            "failure {failure}"
        );
        assert_eq!(
            stage.closed(&["staff:maren"], until).await,
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
    stage.fail("staff:maren", cast::now()).await;
    sql.rows("UPDATE sign_in_throttles SET failures = 99").await;
    stage.fail("staff:maren", cast::now()).await;
    let midnight = cast::moment("2026-11-03T00:00:00Z");
    assert_eq!(stage.closed(&["staff:maren"], cast::now()).await, Some(midnight));
    let later = cast::now() + TimeDelta::days(1) + TimeDelta::seconds(1);
    stage.fail("staff:maren", later).await;
    assert_eq!(
        stage.closed(&["staff:maren"], later).await,
        Some(later + TimeDelta::seconds(1))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn buckets_are_closed_each_for_itself_and_the_longest_counts() {
    let stage = Stage::new().await;
    for _ in 0..3 {
        stage.fail("net:192.0.2.7", cast::now()).await;
    }
    stage.fail("staff:maren", cast::now()).await;
    let in_seconds = |seconds| Some(cast::now() + TimeDelta::seconds(seconds));
    assert_eq!(
        stage.closed(&["staff:maren", "net:192.0.2.7"], cast::now()).await,
        in_seconds(3)
    );
    assert_eq!(stage.closed(&["staff:maren"], cast::now()).await, in_seconds(1));
    assert_eq!(
        stage
            .closed(&["staff:tomas", "net:198.51.100.4"], cast::now())
            .await,
        None
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_at_the_same_time_are_all_counted() {
    let stage = Stage::new().await;
    let mut running = Vec::new();
    for _ in 0..10 {
        let app = stage.app.clone();
        running.push(tokio::spawn(async move {
            app.transaction(AGENCY, async |tx| {
                sessions::record_failure(tx, "staff:maren", cast::now(), passwords::closed_until).await
            })
            .await
        }));
    }
    for task in running {
        task.await.unwrap().unwrap();
    }
    let sql = stage.owner_of(AGENCY).await;
    assert_eq!(sql.number("SELECT failures FROM sign_in_throttles").await, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_password_forgets_the_failures_of_its_bucket_only() {
    let stage = Stage::new().await;
    stage.fail("staff:maren", cast::now()).await;
    stage.fail("net:192.0.2.7", cast::now()).await;
    stage
        .act(async |tx| {
            let name = countersign_domain::text::Username::parse("maren").unwrap();
            let candidate = sessions::candidate(tx, App::Staff, &name).await?.unwrap();
            sessions::record_signed_in(tx, App::Staff, &candidate, "staff:maren", None, cast::now()).await
        })
        .await
        .unwrap();
    assert_eq!(stage.closed(&["staff:maren"], cast::now()).await, None);
    assert!(stage.closed(&["net:192.0.2.7"], cast::now()).await.is_some());
}
