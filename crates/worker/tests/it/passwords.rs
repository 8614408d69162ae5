//! Password links and notices: whose secret is where, and when nothing is mailed.

use chrono::TimeDelta;
use countersign_domain::authz::rules::RetryMail;
use countersign_domain::jobs::retry::retry;
use countersign_persistence::jobs::{count_buried, list_buried, lock_buried, record_retried};
use countersign_persistence::sessions::Token;
use countersign_persistence::{PageRequest, agencies};
use countersign_worker::Clock as _;
use countersign_worker::mail::MailError;
use countersign_worker::mail::captured::Captured;

use crate::support::Office;

fn link_of(captured: &Captured) -> String {
    let line = captured
        .message
        .text
        .lines()
        .find(|line| line.starts_with("https://"))
        .unwrap();
    assert!(
        captured.message.html.contains(line),
        "both bodies carry the same link"
    );
    line.to_owned()
}

/// The text part without its line breaks.
fn words(captured: &Captured) -> String {
    captured
        .message
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn token_of(link: &str) -> Token {
    let (page, token) = link.split_once("#token=").unwrap();
    assert_eq!(page, "https://portal.example.com/summit-ridge/set-password");
    Token::parse(token).unwrap()
}

async fn stored_hash(office: &Office) -> String {
    office
        .text("SELECT encode(token_hash, 'hex') FROM password_links")
        .await
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn an_invitation_carries_a_secret_of_which_only_the_hash_is_kept() {
    let office = Office::new().await;
    office
        .queue_link("invited", "invitation", TimeDelta::hours(72))
        .await;
    assert_eq!(office.drain().await.done, 1);
    let [captured] = office.mailbox.take().try_into().unwrap();
    assert_eq!(captured.message.to[0].as_str(), "dana@aldercreek.example");
    let text = words(&captured);
    assert!(text.contains("for Alder Creek Roofing LLC"), "{text}");
    assert!(
        text.contains("Friday, November 27, 2026 at 9:41 AM PST"),
        "{text}"
    );
    let token = token_of(&link_of(&captured));
    assert_eq!(token.agency(), office.agency);
    assert_eq!(stored_hash(&office).await, hex(&token.hash()));
    assert_eq!(
        office.text("SELECT mailed_at FROM password_links").await,
        "2026-11-24 17:41:00+00"
    );
    let headers = captured
        .raw
        .split(|byte| *byte == b'\n')
        .take(12)
        .flatten()
        .copied()
        .collect::<Vec<_>>();
    let headers = String::from_utf8(headers).unwrap();
    assert!(
        !headers.contains(&token.encode()) && !headers.contains(&hex(&token.hash())),
        "{headers}"
    );
}

#[tokio::test]
async fn another_attempt_makes_another_secret_under_another_identity() {
    let office = Office::new().await;
    office.queue_link("active", "reset", TimeDelta::minutes(60)).await;
    office.mailbox.fail_next(MailError::Temporary {
        reason: "lost".into(),
        unanswered: true,
    });
    assert_eq!(office.drain().await.later, 1);
    let before = stored_hash(&office).await;
    office.clock.advance(TimeDelta::minutes(1));
    assert_eq!(office.drain().await.done, 1);
    let [captured] = office.mailbox.take().try_into().unwrap();
    assert_ne!(stored_hash(&office).await, before);
    assert_eq!(
        stored_hash(&office).await,
        hex(&token_of(&link_of(&captured)).hash())
    );
    assert!(
        captured
            .message
            .identity
            .starts_with("00000000-0000-0000-0000-00000000111c.")
    );
    assert!(captured.message.text.contains("Choose a new password"));
}

#[tokio::test]
async fn a_link_that_no_longer_works_is_not_mailed() {
    for end in [
        "UPDATE password_links SET used_at = now()",
        "UPDATE password_links SET ended_at = now()",
        "UPDATE portal_users SET state = 'suspended'",
        "UPDATE portal_users SET state = 'revoked'",
    ] {
        let office = Office::new().await;
        office.queue_link("active", "reset", TimeDelta::minutes(60)).await;
        office.run(end).await;
        assert_eq!(office.drain().await.done, 1, "{end}");
        assert!(office.mailbox.take().is_empty(), "{end}");
        assert_eq!(stored_hash(&office).await, "", "{end}");
    }
}

/// A2.02: neither an invitation nor a reset vanishes while the relay is away, and its reader has its whole life.
#[tokio::test]
async fn a_link_that_waited_in_the_queue_lives_from_when_it_is_mailed() {
    for (state, purpose, lifetime) in [
        ("invited", "invitation", TimeDelta::hours(72)),
        ("active", "reset", TimeDelta::minutes(60)),
    ] {
        let office = Office::new().await;
        office.queue_link(state, purpose, lifetime).await;
        // Nobody worked for days; then the relay is away for as long as a job has patience.
        office.clock.advance(TimeDelta::days(4));
        for _ in 0..2 {
            office.mailbox.fail_next(MailError::Unavailable {
                reason: "connection refused".into(),
            });
            assert_eq!(office.drain().await.later, 1);
            assert_eq!(stored_hash(&office).await, "", "what did not leave is forgotten");
            office.clock.advance(TimeDelta::hours(35));
        }
        assert_eq!(office.drain().await.done, 1);
        let [captured] = office.mailbox.take().try_into().unwrap();
        token_of(&link_of(&captured));
        let left = office
            .text("SELECT extract(epoch FROM expires_at - mailed_at)::int FROM password_links")
            .await;
        assert_eq!(left, lifetime.num_seconds().to_string());
    }
}

#[tokio::test]
async fn a_link_that_expired_before_its_fate_was_known_is_listed_and_can_be_mailed_anew() {
    let office = Office::new().await;
    office.queue_link("active", "reset", TimeDelta::minutes(60)).await;
    office.mailbox.fail_next(MailError::Temporary {
        reason: "lost".into(),
        unanswered: true,
    });
    assert_eq!(office.drain().await.later, 1);
    office.clock.advance(TimeDelta::minutes(61));
    assert_eq!(office.drain().await.buried, 1);
    assert!(office.mailbox.take().is_empty());

    let actor = office.staff();
    let now = office.clock.now();
    let page = PageRequest {
        limit: 20,
        after: None,
    };
    office
        .test
        .app()
        .transaction(office.agency, async |tx| {
            let permit = agencies::find::<RetryMail>(tx, &actor).await?;
            assert_eq!(count_buried(tx, &permit).await?, 1);
            let buried = list_buried(tx, &permit, &page, now).await?;
            let [job] = &buried.rows[..] else {
                panic!("one job")
            };
            assert!(
                job.last_error.starts_with("the link expired"),
                "{}",
                job.last_error
            );
            let job = lock_buried(tx, &permit, job.id).await?;
            record_retried(tx, &retry(&permit, job, now)).await
        })
        .await
        .unwrap();
    assert_eq!(stored_hash(&office).await, "", "the secret of before stays dead");
    assert_eq!(office.drain().await.done, 1);
    let [captured] = office.mailbox.take().try_into().unwrap();
    assert_eq!(
        stored_hash(&office).await,
        hex(&token_of(&link_of(&captured)).hash())
    );
}

/// Each copy is one more mail with a link; two are what an answer that was lost is worth.
#[tokio::test]
async fn a_link_whose_answer_is_lost_twice_is_not_mailed_a_third_time() {
    let office = Office::new().await;
    office.queue_link("active", "reset", TimeDelta::minutes(60)).await;
    for buried in [0, 1] {
        office.mailbox.fail_next(MailError::Temporary {
            reason: "lost".into(),
            unanswered: true,
        });
        assert_eq!(office.drain().await.buried, buried);
        office.clock.advance(TimeDelta::minutes(1));
    }
    assert_eq!(office.jobs().await, "buried/2");
}

#[tokio::test]
async fn staff_are_led_to_the_staff_app() {
    let office = Office::new().await;
    office
        .run(
            "INSERT INTO password_links (agency_id, id, app, staff_user_id, purpose, created_at, expires_at)
             SELECT agency_id, '00000000-0000-0000-0000-00000000111d', 'staff', id, 'invitation',
                 '2026-11-24T17:41:00Z', '2026-11-27T17:41:00Z' FROM staff_users",
        )
        .await;
    office
        .queue(
            7,
            r#"{"kind":"mail_password_link","link":"00000000-0000-0000-0000-00000000111d"}"#,
        )
        .await;
    assert_eq!(office.drain().await.done, 1);
    let [captured] = office.mailbox.take().try_into().unwrap();
    assert!(link_of(&captured).starts_with("https://staff.example.com/summit-ridge/set-password#token="));
    assert!(captured.message.text.contains("Welcome, Ana"));
}

#[tokio::test]
async fn a_changed_password_is_told_to_its_owner() {
    let office = Office::new().await;
    let link = office.queue_link("active", "reset", TimeDelta::minutes(60)).await;
    office
        .run("UPDATE password_links SET used_at = '2026-11-24T17:45:00Z'")
        .await;
    office
        .queue(
            8,
            &format!(r#"{{"kind":"mail_password_notice","link":"{link}"}}"#),
        )
        .await;
    assert_eq!(office.drain().await.done, 2);
    let [captured] = office.mailbox.take().try_into().unwrap();
    assert_eq!(
        captured.message.subject,
        "Your password was changed: Summit Ridge Insurance"
    );
    let text = words(&captured);
    assert!(
        text.contains("Tuesday, November 24, 2026 at 9:45 AM PST"),
        "{text}"
    );
    assert!(text.contains("call us at once at (775) 555-0142"), "{text}");
    assert_eq!(
        link_of(&captured),
        "https://portal.example.com/summit-ridge/sign-in"
    );
}
