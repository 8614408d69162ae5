//! A sending is undone before its mail has left.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::Permission;
use countersign_worker::Drained;
use serde_json::{Value, json};

use crate::support::app::UNDO;
use crate::support::{App, book, people};

const IDLE: Drained = Drained {
    done: 0,
    later: 0,
    buried: 0,
};

fn undo(certificate: &Value) -> String {
    let (id, delivery) = (book::id(certificate), book::id(&certificate["deliveries"][0]));
    format!("/v1/certificates/{id}/deliveries/{delivery}/undo")
}

/// A mail waits where that was asked for; undone, it never leaves, and the certificate keeps its number.
#[tokio::test]
async fn a_sending_is_undone_before_its_mail_left() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let send = format!("/v1/insureds/{}/certificates", insured.id);
    let mut body = insured.send_body(&master);
    body["undoable"] = json!(true);
    let sent = staff.post(&send, &body).await.expect(201);
    let until = (app.now() + UNDO).to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
    assert_eq!(sent["deliveries"][0]["undo_until"], json!(until));
    assert_eq!(app.work().await, IDLE, "the mail waits");

    let reader = people::csr(&app, &[Permission::ViewCertificates]).await;
    reader.post(undo(&sent), ()).await.refused(ProblemType::Forbidden);
    let undone = staff.post(undo(&sent), ()).key("undo").await.expect(200);
    assert_eq!(undone["number"], sent["number"]);
    assert_eq!(undone["state"], "issued");
    assert_eq!(
        (
            &undone["delivery"]["undone"],
            &undone["delivery"]["sent_by_email"]
        ),
        (&json!(true), &json!(false))
    );
    let delivery = &undone["deliveries"][0];
    assert_eq!(delivery["undone_by_name"], "Maren Voss");
    assert_eq!(delivery["undo_until"], Value::Null);
    assert_eq!(delivery["timeline"][1]["state"], "undone");
    // Asked for again, it stays undone, and nothing is written down twice.
    let again = staff.post(undo(&sent), ()).key("undo again").await.expect(200);
    assert_eq!(again["deliveries"], undone["deliveries"]);
    let trail = "SELECT count(*) FROM audit_entries WHERE action = 'delivery_undone'";
    assert_eq!(app.value(trail).await, "1");
    app.wait(UNDO);
    let done = Drained { done: 1, ..IDLE };
    assert_eq!(app.work().await, done, "the job ends");
    assert!(app.mail().await.is_empty(), "and no mail has left");
    assert_eq!(staff.get("/v1/failed-jobs").await.expect(200)["data"], json!([]));
    let activity = format!("/v1/certificates/{}/activity", book::id(&sent));
    let activity = staff.get(activity).await.expect(200);
    let first = activity["data"][0]["summary"].as_str().unwrap();
    assert!(first.contains("back before it left"), "{first}");
    // Who asks what the holder held is told that it never left.
    let held = format!("/v1/holders/{}/held?on=2026-11-02", insured.holder);
    let never_left = async || staff.get(&held).await.expect(200)["data"][0]["never_left"].clone();
    assert_eq!(never_left().await, true);

    // Nothing is lost: it is sent again, waits again, and leaves.
    let resend = format!("/v1/certificates/{}/deliveries", book::id(&sent));
    let again = json!({ "kind": "exact_copy", "undoable": true });
    let resent = staff.post(&resend, again).await.expect(201);
    app.wait(UNDO - TimeDelta::seconds(1));
    assert_eq!(app.work().await, IDLE);
    app.wait(TimeDelta::seconds(1));
    assert_eq!(app.letter().await.to(), ["certificates@northgate.example.com"]);
    assert_eq!(never_left().await, false);
    let late = staff.post(undo(&resent), ()).await;
    late.refused(ProblemType::DeliveryNotWaiting);
}

/// A2.13: what was mailed stays mailed: neither a further sending that waits nor one that was taken back changes that.
#[tokio::test]
async fn a_further_sending_that_is_undone_leaves_the_certificate_as_sent_as_it_was() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let send = format!("/v1/insureds/{}/certificates", insured.id);
    let sent = staff.post(&send, insured.send_body(&master)).await.expect(201);
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&sent));
    let accepted = staff.get(&one).await.expect(200)["delivery"].clone();
    assert_eq!(accepted["state"], "accepted");

    app.wait(TimeDelta::minutes(1));
    let again = json!({ "kind": "exact_copy", "undoable": true });
    let again = staff.post(format!("{one}/deliveries"), again).await.expect(201);
    let waiting = &staff.get(&one).await.expect(200)["delivery"];
    assert_eq!(
        (&waiting["state"], &waiting["sent_by_email"]),
        (&json!("queued"), &json!(true))
    );
    let undone = staff.post(undo(&again), ()).await.expect(200);
    assert_eq!(undone["delivery"], accepted);
    let log = staff.get("/v1/certificates").await.expect(200);
    assert_eq!(log["data"][0]["delivery"], accepted);
    app.wait(UNDO);
    app.work().await;
    assert!(app.mail().await.is_empty(), "the second one has not left");
}

/// Without asking nothing waits, and a sending of another certificate is not there.
#[tokio::test]
async fn a_mail_leaves_at_once_unless_it_was_asked_to_wait() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let send = format!("/v1/insureds/{}/certificates", insured.id);
    let first = staff.post(&send, insured.send_body(&master)).await.expect(201);
    assert_eq!(first["deliveries"][0]["undo_until"], Value::Null);
    let second = staff.post(&send, insured.send_body(&master)).await.expect(201);
    let (id, delivery) = (book::id(&first), book::id(&second["deliveries"][0]));
    let crossed = format!("/v1/certificates/{id}/deliveries/{delivery}/undo");
    staff.post(crossed, ()).await.refused(ProblemType::NotFound);
    assert_eq!(app.mail().await.len(), 2);
}
