//! Mail that was refused, put off, or given up: what the log says, and another try.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_worker::Drained;
use countersign_worker::mail::MailError;
use serde_json::{Value, json};

use crate::support::{App, Browser, book, people};

async fn delivery(staff: &Browser, certificate: &str) -> Value {
    staff
        .get(format!("/v1/certificates/{certificate}"))
        .await
        .expect(200)["delivery"]
        .clone()
}

/// A2.02, A2.13: given up means failed, with the relay's words; a person can try again.
#[tokio::test]
async fn mail_that_is_refused_is_listed_and_can_be_tried_again() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let refused = MailError::Permanent {
        reason: "550 no such mailbox".to_owned(),
    };
    app.mailer.refuse("certificates@northgate.example.com", refused);
    let sent = staff
        .post(
            format!("/v1/insureds/{}/certificates", insured.id),
            insured.send_body(&master),
        )
        .await
        .expect(201);
    let certificate = book::id(&sent);
    assert_eq!(
        app.work().await,
        Drained {
            done: 0,
            later: 0,
            buried: 1
        }
    );

    let state = delivery(&staff, &certificate).await;
    assert_eq!(
        (&state["state"], &state["sent_by_email"]),
        (&json!("failed"), &json!(false))
    );
    assert!(
        state["last_error"]
            .as_str()
            .unwrap()
            .contains("550 no such mailbox"),
        "{state}"
    );
    assert_eq!(staff.get("/v1/home").await.expect(200)["failed_jobs"], 1);
    let list = staff.get("/v1/failed-jobs").await.expect(200);
    let job = &list["data"][0];
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    assert_eq!(job["kind"], "deliver_certificate");
    assert_eq!(job["insured_id"], insured.id.to_string());
    assert!(job["summary"].as_str().unwrap().contains("26-000001"), "{job}");
    assert!(job["last_error"].as_str().unwrap().contains("550"), "{job}");
    assert_eq!(job["attempts"], 1);

    let elsewhere = people::administrator_elsewhere(&app).await;
    let retry = format!("/v1/failed-jobs/{}/retry", book::id(job));
    elsewhere.post(&retry, ()).await.refused(ProblemType::NotFound);
    assert_eq!(
        elsewhere.get("/v1/failed-jobs").await.expect(200)["data"],
        json!([])
    );

    app.mailer.refuse_nobody();
    staff.post(&retry, ()).key("again").await.expect(204);
    assert_eq!(delivery(&staff, &certificate).await["state"], "queued");
    let repeated = staff.post(&retry, ()).key("again").await;
    repeated.expect(204);
    assert_eq!(repeated.header("idempotency-replayed"), "true");
    let letter = app.letter().await;
    assert!(
        letter
            .header("Message-ID")
            .contains(sent["deliveries"][0]["id"].as_str().unwrap())
    );
    assert_eq!(delivery(&staff, &certificate).await["sent_by_email"], true);
    assert_eq!(staff.get("/v1/failed-jobs").await.expect(200)["data"], json!([]));
    staff.post(&retry, ()).await.refused(ProblemType::NotFound);

    let history = staff
        .get(format!("/v1/insureds/{}/activity", insured.id))
        .await
        .expect(200);
    let told: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["summary"].as_str())
        .collect();
    assert_eq!(told[0], "Certificate 26-000001 was accepted by the mail relay");
    assert!(told[1].starts_with("Tried again: "), "{told:?}");
    assert_eq!(told[2], "Certificate 26-000001 could not be mailed");
}

/// A2.02: what may pass is tried again by itself, ever more rarely.
#[tokio::test]
async fn mail_that_is_put_off_is_tried_again_by_itself() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let later = || MailError::Temporary {
        reason: "451 greylisted".to_owned(),
        unanswered: false,
    };
    app.mailer.fail_next(later());
    app.mailer.fail_next(later());
    let sent = staff
        .post(
            format!("/v1/insureds/{}/certificates", insured.id),
            insured.send_body(&master),
        )
        .await
        .expect(201);
    for _ in 0..2 {
        assert_eq!(
            app.work().await,
            Drained {
                done: 0,
                later: 1,
                buried: 0
            }
        );
        assert_eq!(app.work().await, Drained::default(), "not before its time");
        let state = delivery(&staff, &book::id(&sent)).await;
        assert_eq!(
            (&state["state"], &state["sent_by_email"]),
            (&json!("deferred"), &json!(false))
        );
        assert_eq!(staff.get("/v1/failed-jobs").await.expect(200)["data"], json!([]));
        app.wait(TimeDelta::minutes(1));
    }
    app.letter().await;
    let shown = staff
        .get(format!("/v1/certificates/{}", book::id(&sent)))
        .await
        .expect(200);
    assert_eq!(shown["deliveries"][0]["attempts"], 3);
    assert_eq!(shown["deliveries"][0]["state"], "accepted");
}

/// A2.02: the one gap that mail has is told, and both copies carry the same identity.
#[tokio::test]
async fn a_mail_whose_acceptance_was_not_heard_may_have_arrived_twice() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let unheard = MailError::Temporary {
        reason: "the answer was not heard".to_owned(),
        unanswered: true,
    };
    app.mailer.fail_next(unheard);
    let sent = staff
        .post(
            format!("/v1/insureds/{}/certificates", insured.id),
            insured.send_body(&master),
        )
        .await
        .expect(201);
    app.work().await;
    app.wait(TimeDelta::minutes(1));
    app.letter().await;
    let shown = staff
        .get(format!("/v1/certificates/{}", book::id(&sent)))
        .await
        .expect(200);
    assert_eq!(shown["deliveries"][0]["may_have_arrived_twice"], true);
    assert_eq!(shown["delivery"]["sent_by_email"], true);
}

/// A1.24: an invitation that could not be mailed is listed like any other mail.
#[tokio::test]
async fn an_invitation_that_failed_can_be_tried_again() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    app.mailer.fail_next(MailError::Permanent {
        reason: "554 refused".to_owned(),
    });
    let account = format!("/v1/insureds/{}/portal-user", insured.id);
    staff.post(&account, json!({ "rights": [] })).await.expect(201);
    assert_eq!(app.work().await.buried, 1);
    let list = staff.get("/v1/failed-jobs").await.expect(200);
    let job = &list["data"][0];
    assert_eq!(
        (&job["kind"], &job["insured_id"]),
        (&json!("mail_password_link"), &json!(insured.id))
    );
    staff
        .post(format!("/v1/failed-jobs/{}/retry", book::id(job)), ())
        .await
        .expect(204);
    let token = app.letter().await.token();
    app.portal()
        .post("/v1/password-links/inspect", json!({ "token": token }))
        .await
        .expect(200);
}
