//! Mail over a real socket: what the relay receives, and what its every refusal means.

use std::time::{Duration, Instant};

use chrono::DateTime;
use countersign_domain::text::EmailAddress;
use countersign_worker::mail::smtp::{SmtpMailer, SmtpSettings, Tls};
use countersign_worker::mail::{Attachment, DialerError, MailError, Mailer as _, Message, encode};
use secrecy::SecretString;

use crate::relay::{Line, Relay, Script};

fn message(to: &[&str]) -> Message {
    Message {
        identity: "0192aa".into(),
        from_name: "Summit Ridge Insurance".into(),
        from: EmailAddress::parse("no-reply@mail.example.com").unwrap(),
        reply_to: None,
        to: to.iter().map(|to| EmailAddress::parse(to).unwrap()).collect(),
        cc: Vec::new(),
        subject: "Certificate".into(),
        text: ".\n..two\nend".into(),
        html: "<p>.</p>".into(),
        attachments: vec![Attachment {
            name: "a.pdf".into(),
            bytes: vec![7; 9_000],
        }],
        date: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
        request: None,
    }
}

fn settings(relay: &Relay, tls: Tls) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".into(),
        port: relay.port,
        tls,
        credentials: None,
        trusted: (tls != Tls::None).then(|| relay.certificate.clone()),
        connections: 2,
    }
}

fn mailer(relay: &Relay) -> SmtpMailer {
    SmtpMailer::new(settings(relay, Tls::None)).unwrap()
}

#[tokio::test]
async fn a_message_travels_whole_and_the_answer_comes_back() {
    let relay = Relay::open(Line::Clear, Script::default()).await;
    let message = message(&["ana@example.com", "lee@bücher.example"]);
    let accepted = mailer(&relay).send(&message).await.unwrap();
    assert_eq!(accepted.reply, "250 2.0.0 Ok: queued as 4F00D");
    let [received] = relay.messages().try_into().unwrap();
    let sent = encode(&message).unwrap().bytes;
    let headers = |bytes: &[u8]| {
        String::from_utf8_lossy(bytes)
            .split("boundary")
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(headers(&received), headers(&sent));
    let text = String::from_utf8(received).unwrap();
    assert!(
        text.contains("\r\n.\r\n..two\r\nend"),
        "dots at the start of a line survive"
    );
    let commands = relay.seen.lock().unwrap().commands.join("\n");
    assert!(
        commands.contains("MAIL FROM:<no-reply@mail.example.com>"),
        "{commands}"
    );
    assert!(
        commands.contains("RCPT TO:<lee@xn--bcher-kva.example>"),
        "{commands}"
    );
}

#[tokio::test]
async fn one_refused_recipient_refuses_the_message_for_all_and_spares_the_connection() {
    let script = Script {
        bad_recipient: Some("550 5.1.1 no such user"),
        ..Script::default()
    };
    let relay = Relay::open(Line::Clear, script).await;
    let mailer = mailer(&relay);
    let refused = mailer
        .send(&message(&["ana@example.com", "bad@example.com"]))
        .await
        .unwrap_err();
    let MailError::Permanent { reason } = refused else {
        panic!("{refused:?}")
    };
    assert!(
        reason.contains("bad@example.com") && reason.contains("550") && reason.contains("no such user"),
        "{reason}"
    );
    assert!(relay.messages().is_empty(), "nobody received it");
    mailer.send(&message(&["ana@example.com"])).await.unwrap();
    assert_eq!(relay.connections(), 1);
    assert!(relay.seen.lock().unwrap().commands.contains(&"RSET".to_owned()));
}

#[tokio::test]
async fn a_temporary_answer_is_a_sure_answer() {
    let scripts = [
        Script {
            bad_recipient: Some("450 4.2.0 greylisted"),
            ..Script::default()
        },
        Script {
            message: Some("452 4.3.1 disk full"),
            ..Script::default()
        },
        Script {
            mail: Some("451 4.7.1 slow down"),
            ..Script::default()
        },
    ];
    for script in scripts {
        let relay = Relay::open(Line::Clear, script.clone()).await;
        let refused = mailer(&relay)
            .send(&message(&["bad@example.com"]))
            .await
            .unwrap_err();
        assert!(
            matches!(
                refused,
                MailError::Temporary {
                    unanswered: false,
                    ..
                }
            ),
            "{script:?}: {refused:?}"
        );
    }
}

/// The sender is the one address that was configured, so its refusal is nobody's fault but the operator's.
#[tokio::test]
async fn a_refused_sender_is_the_operators_matter_and_the_mail_waits() {
    let relay = Relay::open(
        Line::Clear,
        Script {
            mail: Some("553 5.7.1 sender address rejected"),
            ..Script::default()
        },
    )
    .await;
    let mailer = mailer(&relay);
    let refused = mailer.send(&message(&["ana@example.com"])).await.unwrap_err();
    let MailError::Unavailable { reason } = refused else {
        panic!("{refused:?}")
    };
    assert!(reason.contains("the sender's address"), "{reason}");
    relay.follow(Script::default());
    mailer.send(&message(&["ana@example.com"])).await.unwrap();
    assert_eq!(relay.messages().len(), 1);
}

#[tokio::test]
async fn a_message_refused_for_what_it_says_is_refused_for_good() {
    let relay = Relay::open(
        Line::Clear,
        Script {
            message: Some("554 5.7.1 spam"),
            ..Script::default()
        },
    )
    .await;
    let refused = mailer(&relay)
        .send(&message(&["ana@example.com"]))
        .await
        .unwrap_err();
    assert!(matches!(refused, MailError::Permanent { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_relay_that_hangs_up_after_the_message_leaves_it_open_whether_it_arrived() {
    let relay = Relay::open(
        Line::Clear,
        Script {
            hangs_up: true,
            ..Script::default()
        },
    )
    .await;
    let mailer = mailer(&relay);
    let lost = mailer.send(&message(&["ana@example.com"])).await.unwrap_err();
    assert!(
        matches!(lost, MailError::Temporary { unanswered: true, .. }),
        "{lost:?}"
    );
    relay.follow(Script::default());
    mailer.send(&message(&["ana@example.com"])).await.unwrap();
    assert_eq!(relay.connections(), 2, "a broken connection is not used again");
}

#[tokio::test]
async fn a_connection_that_went_stale_is_replaced_unnoticed() {
    let relay = Relay::open(
        Line::Clear,
        Script {
            tires_after: Some(1),
            ..Script::default()
        },
    )
    .await;
    let mailer = mailer(&relay);
    for _ in 0..3 {
        mailer.send(&message(&["ana@example.com"])).await.unwrap();
    }
    assert_eq!((relay.messages().len(), relay.connections()), (3, 3));
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_left_alone_for_a_while() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let relay = Relay::open(Line::Clear, Script::default()).await;
    let mailer = SmtpMailer::new(SmtpSettings {
        port,
        ..settings(&relay, Tls::None)
    })
    .unwrap();
    for _ in 0..2 {
        let away = mailer.send(&message(&["ana@example.com"])).await.unwrap_err();
        assert!(matches!(away, MailError::Unavailable { .. }), "{away:?}");
    }
}

#[tokio::test]
async fn the_line_is_protected_and_the_sign_in_kept_from_a_stranger() {
    for (line, tls) in [(Line::Upgrade, Tls::StartTls), (Line::Secure, Tls::Implicit)] {
        let relay = Relay::open(line, Script::default()).await;
        let credentials = Some(("user".to_owned(), SecretString::from("pass")));
        let with = |trusted| SmtpSettings {
            credentials: credentials.clone(),
            trusted,
            ..settings(&relay, tls)
        };
        let trusting = SmtpMailer::new(with(Some(relay.certificate.clone()))).unwrap();
        trusting.send(&message(&["ana@example.com"])).await.unwrap();
        let signed_in = |relay: &Relay| {
            relay
                .seen
                .lock()
                .unwrap()
                .commands
                .iter()
                .filter(|c| c.starts_with("AUTH"))
                .count()
        };
        assert_eq!(signed_in(&relay), 1, "{tls}");

        let wary = SmtpMailer::new(with(None)).unwrap();
        let refused = wary.send(&message(&["ana@example.com"])).await.unwrap_err();
        assert!(
            matches!(refused, MailError::Unavailable { .. }),
            "{tls}: {refused:?}"
        );
        assert_eq!(
            signed_in(&relay),
            1,
            "{tls}: nothing was said to a relay with an unknown certificate"
        );
    }
}

#[tokio::test]
async fn a_relay_that_offers_no_upgrade_gets_no_mail() {
    let relay = Relay::open(Line::Clear, Script::default()).await;
    let refused = SmtpMailer::new(settings(&relay, Tls::StartTls))
        .unwrap()
        .send(&message(&["ana@example.com"]))
        .await;
    assert!(
        matches!(refused, Err(MailError::Unavailable { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_wrong_sign_in_is_the_operators_matter_not_the_mails() {
    let relay = Relay::open(
        Line::Secure,
        Script {
            auth: Some("535 5.7.8 wrong"),
            ..Script::default()
        },
    )
    .await;
    let credentials = Some(("user".to_owned(), SecretString::from("pass")));
    let mailer = SmtpMailer::new(SmtpSettings {
        credentials,
        ..settings(&relay, Tls::Implicit)
    })
    .unwrap();
    let refused = mailer.send(&message(&["ana@example.com"])).await.unwrap_err();
    assert!(matches!(refused, MailError::Unavailable { .. }), "{refused:?}");
}

#[tokio::test]
async fn a_password_never_travels_in_clear() {
    let relay = Relay::open(Line::Clear, Script::default()).await;
    let credentials = Some(("user".to_owned(), SecretString::from("pass")));
    let refused = SmtpMailer::new(SmtpSettings {
        credentials,
        ..settings(&relay, Tls::None)
    });
    assert_eq!(refused.unwrap_err(), DialerError::PasswordInClear);
}

/// A client whose socket has delay waits some 40 ms for each message: body and final dot travel apart.
#[tokio::test]
async fn no_message_waits_for_a_delayed_acknowledgement() {
    for (line, tls) in [(Line::Clear, Tls::None), (Line::Secure, Tls::Implicit)] {
        let relay = Relay::open(line, Script::default()).await;
        let mailer = SmtpMailer::new(settings(&relay, tls)).unwrap();
        let started = Instant::now();
        for _ in 0..150 {
            mailer.send(&message(&["ana@example.com"])).await.unwrap();
        }
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{tls}: {:?}",
            started.elapsed()
        );
        assert_eq!(relay.connections(), 1);
    }
}
