//! Password links and notices: whose secret is where, and when nothing is mailed.

use chrono::TimeDelta;
use countersign_persistence::sessions::Token;
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
        "UPDATE password_links SET expires_at = '2026-11-24T17:41:00Z'",
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
