//! What the truth gate blocks is lifted by a second person, with a reason that stands with the certificate.

use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use serde_json::{Value, json};

use crate::support::{App, Browser, book, people};

/// An asker, a second person, and a certificate that is blocked for the notice that it promises.
struct Stage {
    app: App,
    asker: Browser,
    second: Browser,
    insured: book::Insured,
    body: Value,
}

impl Stage {
    async fn set() -> Self {
        let app = App::start().await;
        let second = people::administrator(&app).await;
        let asker = people::csr(
            &app,
            &[
                Permission::ViewInsureds,
                Permission::ViewCertificates,
                Permission::SendCertificates,
            ],
        )
        .await;
        let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
        let master = book::id(&book::master(&second, &insured).await);
        let mut body = insured.send_body(&master);
        body["description"] = json!("30 days notice will be given.");
        body["message"] = json!("As agreed on Monday.");
        Self {
            app,
            asker,
            second,
            insured,
            body,
        }
    }

    fn path(&self) -> String {
        format!("/v1/insureds/{}/approvals", self.insured.id)
    }

    async fn asked(&self) -> Value {
        let ask = json!({ "draft": self.body, "note": "The carrier has confirmed it by mail." });
        self.asker.post(self.path(), ask).await.expect(201)
    }

    async fn looked(&self, id: &str) -> Value {
        self.second.get(format!("/v1/approvals/{id}")).await.expect(200)
    }
}

fn approval_of(looked: &Value, reason: &str) -> Value {
    json!({
        "reason": reason,
        "seen_page": looked["page"]["seen_page"],
        "seen_findings": looked["page"]["seen_findings"],
    })
}

/// Asked with a note, looked at with its page and its findings, approved with a reason: the certificate goes out, and
/// what was lifted stands with it, in the log as a file, and in the history.
#[tokio::test]
async fn a_second_person_lifts_a_block_and_it_stands_with_the_certificate() {
    let stage = Stage::set().await;
    let asked = stage.asked().await;
    let id = book::id(&asked);
    assert_eq!(
        (&asked["state"], &asked["own"]),
        (&json!("waiting"), &json!(true))
    );
    assert_eq!(asked["may"], json!([]), "nobody decides what they asked for");
    assert_eq!(asked["draft"]["message"], "As agreed on Monday.");
    assert_eq!(asked["findings"][0]["code"], "notice_promised");

    let home = stage.second.get("/v1/home").await.expect(200);
    assert_eq!(home["waiting_approvals"], 1);
    let home = stage.asker.get("/v1/home").await.expect(200);
    assert!(
        home.get("waiting_approvals").is_none(),
        "not for whoever may not decide"
    );

    let list = stage.second.get("/v1/approvals?state=waiting").await.expect(200);
    assert_eq!(list["data"][0]["id"], asked["id"]);
    assert_eq!(list["data"][0]["may"], json!(["approve", "decline"]));
    let looked = stage.looked(&id).await;
    assert!(looked["page"]["pdf_base64"].as_str().unwrap().len() > 1_000);
    assert_eq!(looked["page"]["findings"][0]["code"], "notice_promised");

    let approved = stage
        .second
        .post(
            format!("/v1/approvals/{id}/approve"),
            approval_of(&looked, "Confirmed with the carrier on the phone."),
        )
        .await
        .expect(200);
    assert_eq!(approved["state"], "approved");
    assert_eq!(approved["decision"]["by_name"], "Maren Voss");
    let letter = stage.app.letter().await;
    assert!(letter.text().contains("As agreed on Monday."));
    let certificate = approved["decision"]["certificate_id"].as_str().unwrap();
    let issued = stage
        .asker
        .get(format!("/v1/certificates/{certificate}"))
        .await
        .expect(200);
    let lifted = &issued["overrides"][0];
    assert_eq!(lifted["finding"]["code"], "notice_promised");
    assert_eq!(lifted["asked_by_name"], "Ines Calder");
    assert_eq!(lifted["approved_by_name"], "Maren Voss");
    assert_eq!(lifted["reason"], "Confirmed with the carrier on the phone.");

    let file = stage.second.get("/v1/certificates/export").await.text();
    assert!(
        file.contains("asked by Ines Calder, approved by Maren Voss at 2026-11-02T18:00:00Z: Confirmed"),
        "{file}"
    );
    let history = stage
        .second
        .get(format!("/v1/insureds/{}/activity", stage.insured.id))
        .await
        .expect(200);
    let acts: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect();
    for act in ["approval_asked", "approval_given", "certificate_sent"] {
        assert!(acts.contains(&act), "{acts:?}");
    }
    // The certificate's own history tells it too.
    let own = stage
        .second
        .get(format!("/v1/certificates/{certificate}/activity"))
        .await
        .expect(200);
    let own: Vec<_> = own["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].clone())
        .collect();
    for act in ["approval_asked", "approval_given", "certificate_sent"] {
        assert!(own.contains(&json!(act)), "{own:?}");
    }
    // The asker sees on their own list what became of it.
    let own = stage.asker.get("/v1/approvals?own=true").await.expect(200);
    assert_eq!(own["data"][0]["state"], "approved");
    // It is decided once.
    let decline = json!({ "reason": "Too late" });
    stage
        .second
        .post(format!("/v1/approvals/{id}/decline"), decline)
        .await
        .refused(ProblemType::ApprovalDecided);
    // The insured sees the certificate and nothing of what the agency said to itself.
    let portal = people::portal_user_of(&stage.app, &stage.insured, &[Right::CertificatesSent]).await;
    let seen = portal
        .get(format!("/v1/certificates/{certificate}"))
        .await
        .expect(200);
    assert_eq!(seen["overrides"], json!([]));
}

/// A block that was not looked at stops the approval, and nothing is sent; so does a page that says something else.
#[tokio::test]
async fn what_was_not_looked_at_is_not_approved() {
    let stage = Stage::set().await;
    let id = book::id(&stage.asked().await);
    let looked = stage.looked(&id).await;
    let path = format!("/v1/approvals/{id}/approve");
    stage
        .app
        .sql(
            stage.app.agency,
            &format!(
                "UPDATE policies SET status = 'quoted' WHERE id = '{}'",
                stage.insured.policy("umbrella_excess").id
            ),
        )
        .await;
    let approve = approval_of(&looked, "Confirmed.");
    stage
        .second
        .post(&path, &approve)
        .await
        .refused(ProblemType::ApprovalChanged);
    assert_eq!(stage.app.mail().await.len(), 0);
    let again = stage.looked(&id).await;
    assert_eq!(again["state"], "waiting");
    assert_eq!(again["page"]["findings"].as_array().unwrap().len(), 2);
    // Looked at anew, it may be sent.
    stage
        .second
        .post(
            &path,
            approval_of(&again, "The umbrella is bound since this morning."),
        )
        .await
        .expect(200);
    assert_eq!(stage.app.mail().await.len(), 1);
}

/// A declined request says why, and keeps its draft; a task tells whoever asked, who looks at it once.
#[tokio::test]
async fn a_declined_request_keeps_the_draft_and_says_why() {
    let stage = Stage::set().await;
    let id = book::id(&stage.asked().await);
    let path = format!("/v1/approvals/{id}/decline");
    let blank = stage
        .second
        .post(&path, json!({ "reason": "  " }))
        .await
        .refused(ProblemType::Validation);
    assert_eq!(blank["errors"][0]["pointer"], "/reason");
    stage
        .second
        .post(&path, json!({ "reason": "Take the sentence out." }))
        .await
        .expect(200);
    let seen = stage.asker.get(format!("/v1/approvals/{id}")).await.expect(200);
    assert_eq!(seen["decision"]["reason"], "Take the sentence out.");
    assert_eq!(seen["draft"]["description"], "30 days notice will be given.");
    assert!(seen.get("page").is_none());
    assert_eq!(stage.app.mail().await.len(), 0);
    let tasks = stage.asker.get("/v1/tasks").await.expect(200);
    let task = &tasks["data"][0];
    assert_eq!(
        task["about"],
        json!({
            "kind": "declined",
            "approval_id": id,
            "holder_name": seen["holder_name"],
            "asked_by_name": "Ines Calder",
            "declined_by_name": "Maren Voss",
            "reason": "Take the sentence out.",
        })
    );
    assert_eq!(task["may"], json!(["dismiss"]));
    let see = format!("/v1/tasks/{}/dismiss", book::id(task));
    stage.asker.post(see, json!({ "reason": "" })).await.expect(204);
    let tasks = stage.asker.get("/v1/tasks").await.expect(200);
    assert_eq!(tasks["data"], json!([]));
    let history = stage
        .second
        .get(format!("/v1/insureds/{}/activity", stage.insured.id))
        .await
        .expect(200);
    let newest = history["data"][0]["summary"].as_str().unwrap();
    assert!(
        newest.starts_with("Looked at why the request of Ines Calder for "),
        "{newest}"
    );
}

/// The asker decides nothing of their own, with every permission there is; a portal user cannot even ask.
#[tokio::test]
async fn nobody_approves_their_own_and_an_insured_does_not_ask() {
    let stage = Stage::set().await;
    let ask = json!({ "draft": stage.body, "note": "I am sure." });
    let own = stage.second.post(stage.path(), &ask).await.expect(201);
    let looked = stage.looked(&book::id(&own)).await;
    let refused = stage
        .second
        .post(
            format!("/v1/approvals/{}/approve", book::id(&own)),
            approval_of(&looked, "Yes"),
        )
        .await
        .refused(ProblemType::Forbidden);
    assert_eq!(refused["rule"], "own_request");
    let service = people::service_staff(&stage.app).await;
    service
        .post(
            format!("/v1/approvals/{}/approve", book::id(&own)),
            approval_of(&looked, "Yes"),
        )
        .await
        .refused(ProblemType::Forbidden);
    let portal = people::portal_user_of(&stage.app, &stage.insured, Right::ALL).await;
    portal
        .post(stage.path(), &ask)
        .await
        .refused(ProblemType::Forbidden);
    portal
        .get(format!("/v1/approvals/{}", book::id(&own)))
        .await
        .refused(ProblemType::NotFound);
}

/// Nobody is asked for what no person can make true, for nothing, or without a word.
#[tokio::test]
async fn what_cannot_be_lifted_is_not_asked_for() {
    let stage = Stage::set().await;
    let mut marked = stage.body.clone();
    marked["additional_insured"] = json!(["umbrella_excess"]);
    let refused = stage
        .asker
        .post(stage.path(), json!({ "draft": marked, "note": "Please" }))
        .await
        .refused(ProblemType::CertificateBlocked);
    assert!(
        refused["detail"]
            .as_str()
            .unwrap()
            .starts_with("Nobody can approve this")
    );
    let mut plain = stage.body.clone();
    plain["description"] = json!("Job 4471.");
    stage
        .asker
        .post(stage.path(), json!({ "draft": plain, "note": "Please" }))
        .await
        .refused(ProblemType::NothingToApprove);
    let wordless = stage
        .asker
        .post(stage.path(), json!({ "draft": stage.body, "note": " " }))
        .await
        .refused(ProblemType::Validation);
    assert_eq!(wordless["errors"][0]["pointer"], "/note");
}

/// A revision waits and is approved like a first sending, and takes the place of the one before.
#[tokio::test]
async fn a_blocked_revision_is_approved_too() {
    let stage = Stage::set().await;
    let mut plain = stage.body.clone();
    plain["description"] = json!("Job 4471.");
    let sent = stage
        .asker
        .post(format!("/v1/insureds/{}/certificates", stage.insured.id), plain)
        .await
        .expect(201);
    stage.app.letter().await;
    let ask = json!({ "draft": stage.body, "revises": sent["id"], "note": "Confirmed by mail." });
    let id = book::id(&stage.asker.post(stage.path(), ask).await.expect(201));
    let looked = stage.looked(&id).await;
    let approved = stage
        .second
        .post(
            format!("/v1/approvals/{id}/approve"),
            approval_of(&looked, "Confirmed."),
        )
        .await
        .expect(200);
    stage.app.letter().await;
    let issued = stage
        .asker
        .get(format!(
            "/v1/certificates/{}",
            approved["decision"]["certificate_id"].as_str().unwrap()
        ))
        .await
        .expect(200);
    assert_eq!(
        (&issued["number"], &issued["revision"]),
        (&sent["number"], &json!(1))
    );
    assert_eq!(issued["supersedes"], sent["id"]);

    // One whose certificate no longer stands says so instead of showing a page.
    let ask = json!({ "draft": stage.body, "revises": issued["id"], "note": "Once more." });
    let late = book::id(&stage.asker.post(stage.path(), ask).await.expect(201));
    stage
        .second
        .post(
            format!("/v1/certificates/{}/withdrawal", book::id(&issued)),
            json!({ "reason": "Called off." }),
        )
        .await
        .expect(200);
    let gone = stage.looked(&late).await;
    assert!(gone.get("page").is_none());
    assert!(gone["gone"].as_str().unwrap().contains("withdrawn"));
}
