//! The insured is asked, before a renewal run, which holders still need a certificate, and answers once by a link.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use serde_json::{Value, json};

use crate::support::{Answer, App, Browser, book, people};

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
        letter.token()
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
