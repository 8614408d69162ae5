//! What the mail relay tells of mails that it took, and what staff do about those that came back.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::Permission;
use serde_json::{Value, json};

use crate::support::app::RELAY_KEY;
use crate::support::{App, Browser, book, people, relay};

const TO: &str = "certificates@northgate.example.com";
const CC: &str = "pm@northgate.example.com";

struct Sent {
    app: App,
    staff: Browser,
    insured: book::Insured,
    certificate: Value,
}

/// A certificate that the relay took, to one address and with a copy to another.
async fn mailed() -> Sent {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let mut body = insured.send_body(&master);
    body["recipients"]["cc"] = json!([CC]);
    body["message"] = json!("As agreed.");
    let certificate = staff.post(path, body).await.expect(201);
    app.letter().await;
    // What is sent later is later, and what happened to the mail has happened when it is told.
    app.wait(TimeDelta::minutes(10));
    Sent {
        app,
        staff,
        insured,
        certificate,
    }
}

impl Sent {
    /// What happened so many minutes after the mail left, ten minutes ago.
    fn event(&self, recipient: &str, event: &str, minutes: i64) -> Value {
        let at = self.app.now() + TimeDelta::minutes(minutes - 10);
        relay::event(&self.certificate, recipient, event, at)
    }

    async fn tell(&self, events: &[Value]) -> Value {
        relay::tell(&self.app.staff(), events, self.app.now())
            .await
            .expect(202)
    }

    async fn detail(&self) -> Value {
        let path = format!("/v1/certificates/{}", book::id(&self.certificate));
        self.staff.get(path).await.expect(200)
    }

    async fn tasks(&self) -> Vec<Value> {
        let list = self.staff.get("/v1/tasks").await.expect(200);
        list["data"].as_array().unwrap().clone()
    }
}

fn states(detail: &Value) -> Vec<&str> {
    let steps = detail["deliveries"][0]["timeline"].as_array().unwrap().iter();
    steps.map(|step| step["state"].as_str().unwrap()).collect()
}

/// A2.02: events stand in the timeline in the order in which they happened, however late and often they are told; the
/// outcome is that of the worst recipient, and a task is made once.
#[tokio::test]
async fn events_are_taken_once_and_in_the_order_in_which_they_happened() {
    let sent = mailed().await;
    let bounce = sent.event(&TO.to_uppercase(), "bounced", 3);
    let answer = sent.tell(&[bounce.clone(), sent.event(CC, "delivered", 2)]).await;
    assert_eq!(answer, json!({ "taken": 2, "repeated": 0, "unknown": 0 }));
    let late = sent.event(TO, "deferred", 1);
    let answer = sent.tell(&[bounce, late]).await;
    assert_eq!(answer, json!({ "taken": 1, "repeated": 1, "unknown": 0 }));

    let detail = sent.detail().await;
    assert_eq!(
        states(&detail),
        ["queued", "accepted", "deferred", "delivered", "bounced"]
    );
    let last = &detail["deliveries"][0]["timeline"][4];
    assert_eq!(
        (&last["recipient"], &last["reason"]),
        (&json!(TO), &json!("550 no such user"))
    );
    assert_eq!(detail["deliveries"][0]["outcome"], "bounced");
    assert_eq!(detail["delivery"]["outcome"], "bounced");
    let tasks = sent.tasks().await;
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0]["about"]["address"], TO);
    assert_eq!(tasks[0]["about"]["number"], "26-000001");
    let checked = json!({ "recipients": [TO] });
    let checked = sent.staff.post("/v1/recipient-checks", checked).await.expect(200);
    assert_eq!(checked["concerns"][0]["code"], "bounced");
    // Whoever renews is told before anything is sent there again.
    let master = detail["master"]["id"].as_str().unwrap();
    let path = format!("/v1/insureds/{}/masters/{master}/renewal", sent.insured.id);
    let renewal = sent.staff.get(path).await.expect(200);
    assert_eq!(renewal["rows"][0]["concerns"][0]["code"], "bounced", "{renewal}");

    // It arrives after all: the task is settled and the address is good again.
    sent.tell(&[sent.event(TO, "delivered", 4)]).await;
    assert_eq!(sent.tasks().await, [] as [Value; 0]);
    assert_eq!(sent.detail().await["delivery"]["outcome"], "delivered");
    let checked = json!({ "recipients": [TO] });
    let checked = sent.staff.post("/v1/recipient-checks", checked).await.expect(200);
    assert_eq!(checked["concerns"], json!([]));

    // What is not ours is counted and passed over.
    let mut strange = sent.event(TO, "bounced", 5);
    strange["message_id"] = json!("<0193e5f0-7d2a-7b44-9c4e-2f6a3f1f0c11@mail.example.com>");
    let mut foreign = sent.event(TO, "bounced", 5);
    foreign["message_id"] = json!("newsletter@elsewhere.example.com");
    let stray = sent.event("stranger@elsewhere.example.com", "bounced", 5);
    let answer = sent.tell(&[strange, foreign, stray]).await;
    assert_eq!(answer, json!({ "taken": 0, "repeated": 0, "unknown": 3 }));
}

/// A2.17: the right address is noted and the certificate goes there, in one act; the holder's record follows.
#[tokio::test]
async fn a_task_is_done_by_the_right_address() {
    let sent = mailed().await;
    sent.tell(&[sent.event(TO, "bounced", 1)]).await;
    let task = format!("/v1/tasks/{}", book::id(&sent.tasks().await[0]));
    let settle = format!("{task}/settle");
    for (address, code) in [("nobody", "not_an_email"), (TO, "same")] {
        let refused = sent.staff.post(&settle, json!({ "address": address })).await;
        let refused = refused.refused(ProblemType::Validation);
        assert_eq!(refused["errors"][0]["pointer"], "/address");
        assert_eq!(refused["errors"][0]["code"], code);
    }
    let elsewhere = people::administrator_elsewhere(&sent.app).await;
    let right = json!({ "address": "office@northgate.example.com" });
    elsewhere
        .post(&settle, &right)
        .await
        .refused(ProblemType::NotFound);
    let reader = people::csr(&sent.app, &[Permission::ViewCertificates]).await;
    assert_eq!(
        reader.get("/v1/tasks").await.expect(200)["data"][0]["may"],
        json!([])
    );
    reader.post(&settle, &right).await.refused(ProblemType::Forbidden);

    let again = sent.staff.post(&settle, &right).key("once").await.expect(201);
    assert_eq!(again["kind"], "certificate");
    let again = &again["certificate"];
    assert_eq!(
        again["deliveries"][0]["to"],
        json!(["office@northgate.example.com"])
    );
    assert_eq!(
        again["deliveries"][1]["to"],
        json!([TO]),
        "the wrong one stays in the history"
    );
    let letter = sent.app.letter().await;
    assert_eq!(letter.to(), ["office@northgate.example.com"]);
    assert!(letter.cc().is_empty(), "whoever has it gets it no second time");
    assert!(letter.text().contains("As agreed."));
    assert_eq!(sent.tasks().await, [] as [Value; 0]);
    let holder = format!("/v1/holders/{}", sent.insured.holder);
    let holder = sent.staff.get(holder).await.expect(200);
    assert_eq!(holder["emails"], json!(["office@northgate.example.com"]));
    let repeated = sent.staff.post(&settle, &right).await;
    repeated.refused(ProblemType::TaskSettled);
    let activity = format!("/v1/certificates/{}/activity", book::id(&sent.certificate));
    let activity = sent.staff.get(activity).await.expect(200);
    let told = activity["data"].as_array().unwrap().iter();
    let told: Vec<_> = told.map(|entry| entry["summary"].as_str().unwrap()).collect();
    assert!(
        told.iter()
            .any(|line| line.contains("came back from certificates@northgate.example.com"))
    );
    assert!(
        told.iter()
            .any(|line| line.starts_with("Replaced certificates@northgate.example.com"))
    );
}

/// A task is dismissed with a reason; one whose certificate no longer stands can only be dismissed.
#[tokio::test]
async fn a_task_is_dismissed_with_a_reason() {
    let sent = mailed().await;
    sent.tell(&[sent.event(TO, "bounced", 1)]).await;
    let task = format!("/v1/tasks/{}", book::id(&sent.tasks().await[0]));
    let withdraw = format!("/v1/certificates/{}/withdrawal", book::id(&sent.certificate));
    let gone = json!({ "reason": "Sent for the wrong project." });
    sent.staff.post(withdraw, gone).await.expect(200);
    let right = json!({ "address": "office@northgate.example.com" });
    let refused = sent.staff.post(format!("{task}/settle"), &right).await;
    refused.refused(ProblemType::CertificateNotStanding);
    assert_eq!(sent.tasks().await.len(), 1, "nothing was settled");
    let unsaid = sent
        .staff
        .post(format!("{task}/dismiss"), json!({ "reason": " " }))
        .await;
    assert_eq!(
        unsaid.refused(ProblemType::Validation)["errors"][0]["pointer"],
        "/reason"
    );
    let said = json!({ "reason": "It was withdrawn." });
    sent.staff
        .post(format!("{task}/dismiss"), &said)
        .await
        .expect(204);
    assert_eq!(sent.tasks().await, [] as [Value; 0]);
    let twice = sent.staff.post(format!("{task}/dismiss"), &said).await;
    twice.refused(ProblemType::TaskSettled);
}

/// A notification as a mail server writes it back is read like a report.
#[tokio::test]
async fn a_delivery_status_notification_is_read() {
    let sent = mailed().await;
    let delivery = sent.certificate["deliveries"][0]["id"].as_str().unwrap();
    let mail = format!(
        "From: MAILER-DAEMON@mx.example.com\r\nDate: Mon, 02 Nov 2026 18:05:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n\
         Final-Recipient: rfc822; {TO}\r\nAction: failed\r\nStatus: 5.1.1\r\n\
         Diagnostic-Code: smtp; 550 no such user\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{delivery}@mail.example.com>\r\n\r\n--b--\r\n"
    );
    let relay = sent.app.staff();
    let told = relay::send(&relay, "message/rfc822", mail.into_bytes(), sent.app.now()).await;
    assert_eq!(told.expect(202)["taken"], 1);
    let tasks = sent.tasks().await;
    assert_eq!(tasks[0]["about"]["reason"], "5.1.1 550 no such user");
    let plain = b"Subject: hello\r\n\r\nI am out of the office.\r\n".to_vec();
    let refused = relay::send(&relay, "message/rfc822", plain, sent.app.now()).await;
    assert_eq!(
        refused.refused(ProblemType::Validation)["errors"][0]["code"],
        "not_a_notification"
    );
}

/// Nothing is believed that is not signed with the key, for this body, now.
#[tokio::test]
async fn a_report_is_believed_only_when_it_is_signed() {
    let sent = mailed().await;
    let (relay, now) = (sent.app.staff(), sent.app.now());
    let body = serde_json::to_vec(&json!({ "events": [sent.event(TO, "bounced", 1)] })).unwrap();
    let ask = |id: &str, at: chrono::DateTime<chrono::Utc>, signature: &str| {
        relay
            .post("/v1/mail-events", ())
            .without("x-countersign")
            .without("content-type")
            .header("webhook-id", id)
            .header("webhook-timestamp", &at.timestamp().to_string())
            .header("webhook-signature", signature)
            .bytes("application/json", body.clone())
    };
    let good = relay::signature(RELAY_KEY, "1", now, &body);
    let forged = relay::signature(b"another key", "1", now, &body);
    let other = relay::signature(RELAY_KEY, "1", now, b"{\"events\":[]}");
    let old = now - TimeDelta::minutes(6);
    let stale = relay::signature(RELAY_KEY, "1", old, &body);
    for (id, at, signature) in [
        ("1", now, &forged),
        ("1", now, &other),
        ("2", now, &good),
        ("1", now + TimeDelta::seconds(1), &good),
        ("1", old, &stale),
        ("1", now, &"v1,!".to_owned()),
    ] {
        ask(id, at, signature)
            .await
            .refused(ProblemType::SignatureRefused);
    }
    let unsigned = relay.post("/v1/mail-events", json!({ "events": [] })).await;
    unsigned.refused(ProblemType::SignatureRefused);
    let text = relay::send(&relay, "text/plain", b"hello".to_vec(), now).await;
    text.refused(ProblemType::UnsupportedMediaType);
    let shape = relay::send(&relay, "application/json", b"{\"events\":[{}]}".to_vec(), now).await;
    shape.refused(ProblemType::Validation);
    let faulty = relay::tell(&relay, &[sent.event("nobody", "bounced", 1)], now).await;
    assert_eq!(
        faulty.refused(ProblemType::Validation)["errors"][0]["pointer"],
        "/events/0/recipient"
    );
    assert_eq!(sent.tasks().await, [] as [Value; 0]);
    // Two keys while one is replaced: one good signature is enough.
    let both = format!("{forged} {good}");
    assert_eq!(ask("1", now, &both).await.expect(202)["taken"], 1);
}
