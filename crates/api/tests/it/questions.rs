//! The insured is asked, before a renewal run, which holders still need a certificate, and answers once by a link.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use serde_json::{Value, json};

use crate::support::app::Letter;
use crate::support::{Answer, App, Browser, book, people, relay};

struct Desk {
    app: App,
    staff: Browser,
    insured: book::Insured,
    renewal: String,
}

/// An insured with one holder who has a certificate, and another one who got one too.
async fn desk() -> Desk {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let mut other = insured.send_body(&master);
    other["holder"] = json!({ "new": {
        "name": "City of Sparks",
        "address": { "line1": "431 Prater Way", "city": "Sparks", "state": "NV", "postal_code": "89431" },
    } });
    for body in [insured.send_body(&master), other] {
        staff.post(&path, body).await.expect(201);
    }
    assert_eq!(app.mail().await.len(), 2);
    let renewal = format!("/v1/insureds/{}/masters/{master}/renewal", insured.id);
    Desk {
        app,
        staff,
        insured,
        renewal,
    }
}

impl Desk {
    async fn ask(&self) -> String {
        self.ask_by_letter().await.token()
    }

    async fn ask_by_letter(&self) -> Letter {
        let body = json!({ "to": ["office@aldercreek.example.com"], "message": "Before the new term." });
        let asked = self
            .staff
            .post(format!("{}/question", self.renewal), body)
            .await
            .expect(201);
        assert_eq!((&asked["state"], &asked["holders"]), (&json!("asked"), &json!(2)));
        let letter = self.app.letter().await;
        assert_eq!(letter.to(), ["office@aldercreek.example.com"]);
        assert!(
            letter.text().contains("Before the new term."),
            "{}",
            letter.text()
        );
        assert!(
            letter.text().contains("/summit-ridge/renewal#token="),
            "{}",
            letter.text()
        );
        letter
    }

    async fn open(&self, token: &str) -> Answer {
        self.app
            .portal()
            .post("/v1/renewal-links/open", json!({ "token": token }))
            .await
    }

    async fn answer(&self, token: &str, holders: &[&str]) -> Answer {
        let body = json!({
            "token": token, "name": "Pat Rivera", "holder_ids": holders, "note": "The bridge job is done.",
        });
        self.app.portal().post("/v1/renewal-links/answer", body).await
    }

    async fn tasks(&self) -> Vec<Value> {
        let list = self.staff.get("/v1/tasks").await.expect(200);
        list["data"].as_array().unwrap().clone()
    }

    async fn newest_entry(&self) -> String {
        let path = format!("/v1/insureds/{}/activity", self.insured.id);
        let history = self.staff.get(path).await.expect(200);
        history["data"][0]["summary"].as_str().unwrap().to_owned()
    }

    async fn row(&self, name: &str) -> Value {
        let shown = self.staff.get(&self.renewal).await.expect(200);
        let mut rows = shown["rows"].as_array().unwrap().iter();
        rows.find(|row| row["holder_name"] == name).unwrap().clone()
    }
}

/// The mail's link shows the holders by name and city only, takes one answer, and the answer stands in the run.
#[tokio::test]
async fn an_insured_answers_once_who_still_needs_a_certificate() {
    let desk = desk().await;
    assert!(
        desk.staff
            .get(&desk.renewal)
            .await
            .expect(200)
            .get("question")
            .is_none()
    );
    let token = desk.ask().await;
    desk.app.wait(TimeDelta::days(2));
    let staff = people::administrator(&desk.app).await;
    let desk = Desk { staff, ..desk };
    for _ in 0..2 {
        let shown = desk.open(&token).await.expect(200);
        assert_eq!(shown["insured_name"], desk.insured.name);
        assert_eq!(shown["message"], "Before the new term.");
        let holders = shown["holders"].as_array().unwrap();
        let keys: Vec<_> = holders[0].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["city", "id", "name"], "nothing else of a holder is told");
        assert_eq!(
            (&holders[0]["name"], &holders[0]["city"]),
            (&json!("City of Sparks"), &json!("Sparks"))
        );
    }
    let shown = desk.open(&token).await.expect(200);
    let sparks = shown["holders"][0]["id"].as_str().unwrap().to_owned();
    let stranger = desk.app.id().to_string();
    let refused = desk
        .answer(&token, &[&stranger])
        .await
        .refused(ProblemType::Validation);
    assert_eq!(refused["errors"][0]["pointer"], "/holder_ids");
    desk.answer(&token, &[&sparks]).await.expect(204);
    desk.answer(&token, &[]).await.refused(ProblemType::LinkUsed);
    desk.open(&token).await.refused(ProblemType::LinkUsed);

    let question = desk.staff.get(&desk.renewal).await.expect(200)["question"].clone();
    assert_eq!(
        (&question["state"], &question["wanted"]),
        (&json!("answered"), &json!(1))
    );
    assert_eq!(question["answered_by_name"], "Pat Rivera");
    assert_eq!(question["note"], "The bridge job is done.");
    assert_eq!(desk.row("City of Sparks").await["wanted"], true);
    let path = format!("/v1/insureds/{}/activity", desk.insured.id);
    let history = desk.staff.get(path).await.expect(200);
    let (told, asked) = (&history["data"][0], &history["data"][1]);
    assert_eq!(
        (&told["action"], &told["actor"]["name"]),
        (&json!("renewal_answered"), &json!("Secure link"))
    );
    let said = told["summary"].as_str().unwrap();
    assert!(said.contains("Pat Rivera answered that 1 of 2 holders"), "{said}");
    assert_eq!(asked["action"], "renewal_asked");
}

/// A newer question ends the one before; after two weeks neither is answered; a link opens what it was made for.
#[tokio::test]
async fn a_question_ends_with_the_next_one_or_with_its_time() {
    let desk = desk().await;
    let looks = people::csr(
        &desk.app,
        &[Permission::ViewCertificates, Permission::ViewInsureds],
    )
    .await;
    let ask = format!("{}/question", desk.renewal);
    let to = json!({ "to": ["office@aldercreek.example.com"] });
    looks.post(&ask, &to).await.refused(ProblemType::Forbidden);
    let portal = people::portal_user_of(&desk.app, &desk.insured, Right::ALL).await;
    portal.post(&ask, &to).await.refused(ProblemType::Forbidden);
    let nobody = desk
        .staff
        .post(&ask, json!({ "to": [] }))
        .await
        .refused(ProblemType::Validation);
    assert_eq!(nobody["errors"][0]["pointer"], "/to");

    let first = desk.ask().await;
    desk.app.wait(TimeDelta::minutes(1));
    let second = desk.ask().await;
    desk.open(&first).await.refused(ProblemType::LinkTurnedOff);
    desk.answer(&first, &[]).await.refused(ProblemType::LinkTurnedOff);
    let crossed = json!({ "token": second });
    desk.app
        .portal()
        .post("/v1/certificate-links/open", &crossed)
        .await
        .refused(ProblemType::LinkUnknown);
    desk.open("cut-off").await.refused(ProblemType::LinkUnknown);
    desk.app.wait(TimeDelta::days(14));
    desk.open(&second).await.refused(ProblemType::LinkExpired);
    desk.answer(&second, &[]).await.refused(ProblemType::LinkExpired);
    let staff = people::administrator(&desk.app).await;
    let shown = staff.get(&desk.renewal).await.expect(200);
    assert_eq!(shown["question"]["state"], "expired");
}

/// A question that came back says so in the run and is to be done by somebody, until the insured is asked again.
#[tokio::test]
async fn a_question_that_came_back_is_to_be_done() {
    const TO: &str = "office@aldercreek.example.com";
    let desk = desk().await;
    let letter = desk.ask_by_letter().await;
    let message_id = letter.header("Message-ID");
    let report = async |event: &str, minutes: i64| {
        let at = desk.app.now() + TimeDelta::minutes(minutes - 60);
        let events = [relay::of(&message_id, TO, event, at)];
        relay::tell(&desk.app.staff(), &events, desk.app.now())
            .await
            .expect(202)
    };
    let question = async || desk.staff.get(&desk.renewal).await.expect(200)["question"].clone();
    assert_eq!(question().await["came_back"], json!([]));
    assert_eq!(report("bounced", 1).await["taken"], 1);
    let shown = question().await;
    assert_eq!(shown["state"], "asked", "whoever has the link can answer still");
    let back = &shown["came_back"];
    assert_eq!(
        (&back[0]["address"], &back[0]["reason"]),
        (&json!(TO), &json!("550 no such user"))
    );
    let open = desk.tasks().await;
    assert_eq!(open.len(), 1);
    let about = &open[0]["about"];
    assert_eq!(
        (&about["kind"], &about["address"], &open[0]["insured_name"]),
        (&json!("question"), &json!(TO), &json!(desk.insured.name))
    );
    assert!(desk.renewal.contains(about["master_id"].as_str().unwrap()));
    assert_eq!(
        desk.newest_entry().await,
        format!(
            "The question to Alder Creek Roofing LLC who still needs a certificate came back from {TO}: 550 no such user"
        )
    );
    let checked = json!({ "recipients": [TO] });
    let checked = desk.staff.post("/v1/recipient-checks", checked).await.expect(200);
    assert_eq!(checked["concerns"][0]["code"], "bounced");

    // It arrives after all, and then comes back once more.
    report("delivered", 2).await;
    assert_eq!(desk.tasks().await, [] as [Value; 0]);
    assert_eq!(question().await["came_back"], json!([]));

    desk.app.wait(TimeDelta::minutes(1));
    let second = desk.ask_by_letter().await;
    let back = [relay::of(
        &second.header("Message-ID"),
        TO,
        "bounced",
        desk.app.now(),
    )];
    relay::tell(&desk.app.staff(), &back, desk.app.now())
        .await
        .expect(202);
    assert_eq!(desk.tasks().await.len(), 1);
    // Asked again, it is done.
    desk.app.wait(TimeDelta::minutes(1));
    let token = desk.ask().await;
    assert_eq!(desk.tasks().await, [] as [Value; 0]);
    assert_eq!(question().await["came_back"], json!([]));
    desk.answer(&token, &[]).await.expect(204);
    assert_eq!(desk.tasks().await[0]["about"]["kind"], "answer");
}

/// An answer is among what is to be done until somebody looked at it or the run was started.
#[tokio::test]
async fn an_answer_is_to_be_looked_at() {
    let desk = desk().await;
    let letter = desk.ask_by_letter().await;
    // It came back from one address, and was answered all the same.
    let back = [relay::of(
        &letter.header("Message-ID"),
        "office@aldercreek.example.com",
        "bounced",
        desk.app.now(),
    )];
    relay::tell(&desk.app.staff(), &back, desk.app.now())
        .await
        .expect(202);
    let token = letter.token();
    let shown = desk.open(&token).await.expect(200);
    let sparks = shown["holders"][0]["id"].as_str().unwrap().to_owned();
    desk.answer(&token, &[&sparks]).await.expect(204);
    let open = desk.tasks().await;
    assert_eq!(open.len(), 1, "that it came back matters no more: {open:?}");
    let about = &open[0]["about"];
    assert_eq!(
        (&about["kind"], &about["wanted"], &about["holders"]),
        (&json!("answer"), &json!(1), &json!(2))
    );
    assert_eq!(
        (&about["answered_by_name"], &about["note"]),
        (&json!("Pat Rivera"), &json!("The bridge job is done."))
    );
    assert_eq!(open[0]["insured_id"], json!(desk.insured.id));
    assert_eq!(open[0]["may"], json!(["dismiss"]));
    let right = json!({ "address": "office@aldercreek.example.com" });
    let settle = format!("/v1/tasks/{}/settle", book::id(&open[0]));
    let refused = desk
        .staff
        .post(settle, right)
        .await
        .refused(ProblemType::Validation);
    assert_eq!(refused["errors"][0]["code"], "not_sent_from_here");

    let dismiss = format!("/v1/tasks/{}/dismiss", book::id(&open[0]));
    let looks = people::csr(&desk.app, &[Permission::ViewCertificates]).await;
    assert_eq!(
        looks.get("/v1/tasks").await.expect(200)["data"][0]["may"],
        json!([])
    );
    looks
        .post(&dismiss, json!({ "reason": "" }))
        .await
        .refused(ProblemType::Forbidden);
    let long = json!({ "reason": "x".repeat(501) });
    let long = desk.staff.post(&dismiss, long).await;
    assert_eq!(
        long.refused(ProblemType::Validation)["errors"][0]["pointer"],
        "/reason"
    );
    desk.staff
        .post(&dismiss, json!({ "reason": "" }))
        .await
        .expect(204);
    assert_eq!(desk.tasks().await, [] as [Value; 0]);
    assert_eq!(
        desk.newest_entry().await,
        "Looked at the answer of Pat Rivera for Alder Creek Roofing LLC"
    );
    let twice = desk.staff.post(&dismiss, json!({ "reason": "" })).await;
    twice.refused(ProblemType::TaskSettled);

    // The next one goes when the run is started; another sending to many says nothing about it.
    desk.app.wait(TimeDelta::minutes(1));
    let token = desk.ask().await;
    desk.answer(&token, &[&sparks]).await.expect(204);
    let master = desk.tasks().await[0]["about"]["master_id"].clone();
    let batches = format!("/v1/insureds/{}/batches", desk.insured.id);
    let start = async |kind: &str| {
        let body = json!({
            "kind": kind, "master_id": master,
            "rows": [{ "holder_id": sparks, "to": ["office@sparks.example.com"], "cc": [] }],
        });
        desk.staff.post(&batches, body).await.expect(201);
        desk.app.mail().await;
        desk.tasks().await.len()
    };
    assert_eq!(start("bulk").await, 1);
    assert_eq!(start("renewal").await, 0);
}
