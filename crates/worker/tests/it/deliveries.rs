//! Certificates by mail: what arrives, and what is written about it.

use chrono::TimeDelta;
use countersign_domain::authz::rules::RetryMail;
use countersign_domain::jobs::retry::retry;
use countersign_persistence::jobs::{list_buried, lock_buried, record_retried};
use countersign_persistence::{Error, PageRequest, agencies, audit};
use countersign_worker::mail::MailError;
use mailparse::{MailHeaderMap as _, parse_mail};

use crate::support::{Office, PDF};

fn temporary(unanswered: bool) -> MailError {
    MailError::Temporary {
        reason: "451 4.7.1 try again later".into(),
        unanswered,
    }
}

#[tokio::test]
async fn a_certificate_arrives_with_the_stored_bytes() {
    let office = Office::new().await;
    let id = office
        .queue_delivery(1, "m.ortega@granite.example", "Hi <Marisol>,\n\nsee attached.")
        .await;
    assert_eq!(office.drain().await.done, 1);

    let [captured] = office.mailbox.take().try_into().unwrap();
    let mail = parse_mail(&captured.raw).unwrap();
    let header = |name: &str| mail.headers.get_first_value(name).unwrap();
    assert_eq!(header("Message-ID"), format!("<{id}@mail.example.com>"));
    assert_eq!(header("X-Idempotency-Key"), id.to_string());
    assert_eq!(header("Auto-Submitted"), "auto-generated");
    assert_eq!(
        header("From"),
        "\"Summit Ridge Insurance\" <no-reply@mail.example.com>"
    );
    assert!(header("Reply-To").ends_with("<certificates@summitridge.example>"));
    assert_eq!(header("To"), "m.ortega@granite.example");
    let [text, html] = &mail.subparts[0].subparts[..] else {
        panic!("two bodies")
    };
    let (text, html) = (text.get_body().unwrap(), html.get_body().unwrap());
    for fact in [
        "26-000128",
        "Alder Creek Roofing LLC",
        "November 18, 2026",
        "(775) 555-0142",
    ] {
        assert!(text.contains(fact), "{fact} is missing in {text}");
        assert!(html.contains(fact), "{fact} is missing in {html}");
    }
    assert!(text.contains("Hi <Marisol>,"));
    assert!(
        !html.contains("<Marisol>") && !html.contains("<Builders>"),
        "what people typed must be escaped"
    );
    assert!(
        !html.contains("<img") && !html.contains("http"),
        "nothing is fetched when the mail is read"
    );
    let file = &mail.subparts[1];
    assert_eq!(file.get_body_raw().unwrap(), PDF);
    assert_eq!(
        file.get_content_disposition().params["filename"],
        "Certificate-26-000128-Granite-Peak-Builders-Inc.pdf"
    );

    assert_eq!(office.delivery(id).await, "accepted/1");
    assert_eq!(
        office.text("SELECT accepted_at FROM deliveries").await,
        "2026-11-24 17:41:00+00"
    );
    assert_eq!(office.jobs().await, "");
    let trail = "SELECT string_agg(action || ' ' || actor_name || ' ' || object_label, '; ') FROM audit_entries \
                 WHERE insured_id = '00000000-0000-0000-0000-0000000000a1'";
    assert_eq!(office.text(trail).await, "delivery_accepted mailer 26-000128");
}

#[tokio::test]
async fn a_delivery_is_deferred_ever_longer_then_buried_and_a_person_can_retry_it() {
    let office = Office::new().await;
    let id = office.queue_delivery(1, "a@granite.example", "").await;
    for attempt in 1..=7 {
        office.mailbox.fail_next(temporary(false));
        assert_eq!(office.drain().await.later, 1, "attempt {attempt}");
        assert_eq!(office.delivery(id).await, format!("deferred/{attempt}"));
        assert_eq!(office.drain().await.later, 0, "not tried before its time");
        office.clock.advance(TimeDelta::hours(3));
    }
    office.mailbox.fail_next(temporary(false));
    assert_eq!(office.drain().await.buried, 1);
    assert_eq!(office.delivery(id).await, "failed/8");
    assert_eq!(office.jobs().await, "buried/8");

    let actor = office.staff();
    let now = countersign_worker::Clock::now(office.clock.as_ref());
    let page = PageRequest {
        limit: 20,
        after: None,
    };
    office
        .test
        .app()
        .transaction(office.agency, async |tx| {
            let permit = agencies::find::<RetryMail>(tx, &actor).await?;
            let buried = list_buried(tx, &permit, &page, now).await?;
            assert_eq!(buried.rows.len(), 1);
            let [job] = &buried.rows[..] else {
                panic!("one job")
            };
            assert_eq!(
                job.summary(),
                "Certificate 26-000128 for Granite Peak <Builders>, Inc., to a@granite.example"
            );
            assert_eq!(job.insured, Some(office.insured()));
            assert_eq!(
                (job.attempts, job.last_error.as_str()),
                (8, "451 4.7.1 try again later")
            );
            let job = lock_buried(tx, &permit, job.id).await?;
            record_retried(tx, &retry(&permit, job.clone(), now)).await?;
            let again = lock_buried(tx, &permit, job.id).await;
            assert!(
                matches!(again, Err(Error::NotFound)),
                "a second click finds nothing to retry"
            );
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    assert_eq!(office.delivery(id).await, "queued/8");
    assert_eq!(office.drain().await.done, 1);
    assert_eq!(office.delivery(id).await, "accepted/9");
    let whole = audit::verify(&office.db, office.agency).await.unwrap();
    assert!(matches!(whole, audit::ChainReport::Whole { .. }));
    let trail = office
        .text("SELECT string_agg(action, ' ' ORDER BY seq) FROM audit_entries WHERE seq > 1")
        .await;
    assert_eq!(trail, "delivery_failed job_retried delivery_accepted");
}

#[tokio::test]
async fn a_refused_recipient_fails_at_once() {
    let office = Office::new().await;
    let good = office.queue_delivery(1, "good@granite.example", "").await;
    let bad = office.queue_delivery(2, "gone@granite.example", "").await;
    let refusal = MailError::Permanent {
        reason: "gone@granite.example: 550 5.1.1 no such user".into(),
    };
    office.mailbox.refuse("gone@granite.example", refusal);
    let drained = office.drain().await;
    assert_eq!((drained.done, drained.buried), (1, 1));
    assert_eq!(office.delivery(good).await, "accepted/1");
    assert_eq!(office.delivery(bad).await, "failed/1");
    let error = office
        .text(&format!("SELECT last_error FROM deliveries WHERE id = '{bad}'"))
        .await;
    assert!(error.contains("550 5.1.1"), "{error}");
}

#[tokio::test]
async fn an_unreachable_relay_is_not_held_against_the_mail() {
    let office = Office::new().await;
    let id = office.queue_delivery(1, "a@granite.example", "").await;
    for _ in 0..20 {
        office.mailbox.fail_next(MailError::Unavailable {
            reason: "connection refused".into(),
        });
        assert_eq!(office.drain().await.later, 1);
        assert_eq!(office.jobs().await, "queued/0");
        office.clock.advance(TimeDelta::minutes(13));
    }
    assert_eq!(office.drain().await.done, 1);
    assert_eq!(office.delivery(id).await, "accepted/21");

    // Queued days ago, but tried only now: patience counts from the first attempt.
    let late = office.queue_delivery(2, "a@granite.example", "").await;
    office.clock.advance(TimeDelta::days(4));
    let away = || MailError::Unavailable {
        reason: "connection refused".into(),
    };
    office.mailbox.fail_next(away());
    assert_eq!(office.drain().await.later, 1);
    office.clock.advance(TimeDelta::hours(71));
    office.mailbox.fail_next(away());
    assert_eq!(office.drain().await.later, 1);
    office.clock.advance(TimeDelta::hours(1));
    office.mailbox.fail_next(away());
    assert_eq!(office.drain().await.buried, 1, "patience ends after three days");
    assert_eq!(office.delivery(late).await, "failed/3");
}

#[tokio::test]
async fn an_unanswered_hand_over_is_repeated_once_under_the_same_identity() {
    let office = Office::new().await;
    let first = office.queue_delivery(1, "a@granite.example", "").await;
    office.mailbox.fail_next(temporary(true));
    assert_eq!(office.drain().await.later, 1);
    office.clock.advance(TimeDelta::minutes(1));
    assert_eq!(office.drain().await.done, 1);
    assert_eq!(office.delivery(first).await, "accepted/2/twice");
    let [captured] = office.mailbox.take().try_into().unwrap();
    assert_eq!(captured.message.identity, first.to_string());

    let second = office.queue_delivery(2, "b@granite.example", "").await;
    office.mailbox.fail_next(temporary(true));
    office.drain().await;
    office.clock.advance(TimeDelta::minutes(1));
    office.mailbox.fail_next(temporary(true));
    assert_eq!(
        office.drain().await.buried,
        1,
        "a third copy would be one too many"
    );
    assert_eq!(office.delivery(second).await, "failed/2/twice");
}

#[tokio::test]
async fn each_agency_writes_under_its_own_name() {
    let office = Office::new().await;
    office.queue_delivery(1, "a@granite.example", "").await;
    let other = crate::support::open_agency(&office.test, 9, "harbor-light", "Harbor Light Agency").await;
    office.within(other).await;
    office.seed().await;
    office.queue_delivery(2, "b@granite.example", "").await;
    assert_eq!(office.drain().await.done, 2);
    let mut names: Vec<_> = office
        .mailbox
        .take()
        .into_iter()
        .map(|captured| (captured.message.to[0].to_string(), captured.message.from_name))
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            (
                "a@granite.example".to_owned(),
                "Summit Ridge Insurance".to_owned()
            ),
            ("b@granite.example".to_owned(), "Harbor Light Agency".to_owned())
        ]
    );
}
