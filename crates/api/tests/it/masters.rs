//! Master certificates.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::Right;
use serde_json::{Value, json};

use crate::support::{App, book, people};

/// A2.25: created once, changed under its version, shown with what it selects.
#[tokio::test]
async fn a_master_is_created_changed_and_used_again() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let path = format!("/v1/insureds/{}/masters", insured.id);
    let body = insured.master_body(
        "General contractors",
        &["general_liability", "workers_compensation"],
    );
    let created = staff.post(&path, &body).key("once").await;
    let again = staff.post(&path, &body).key("once").await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    for answer in [&created, &again] {
        assert_eq!(answer.header("etag"), "\"1\"");
    }
    let master = created.expect(201);
    assert_eq!(again.expect(201), master);
    assert_eq!(master["sections"], body["sections"]);
    assert_eq!(master["state"], "current");
    assert_eq!(master["earliest_expiration_on"], "2027-01-01");
    assert_eq!(master["may"], json!(["edit"]));
    let numbers: Vec<_> = master["policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["number"])
        .collect();
    assert_eq!(numbers.len(), 2);

    let one = format!("/v1/masters/{}", book::id(&master));
    let shown = staff.get(&one).await;
    assert_eq!(shown.header("etag"), "\"1\"");
    assert_eq!(shown.expect(200), master);

    let mut other = insured.master_body("Owners", &["general_liability"]);
    other["description"] = json!("Work at 12 Front Street.\n\nSecond paragraph.");
    staff
        .put(&one, &other)
        .await
        .refused(ProblemType::PreconditionRequired);
    staff
        .put(&one, &other)
        .header("if-match", "1")
        .await
        .refused(ProblemType::BadRequest);
    let changed = staff.put(&one, &other).if_match(1).await;
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!(changed.expect(200)["description"], other["description"]);
    let stale = staff.put(&one, &other).if_match(1).await;
    assert_eq!(stale.header("etag"), "\"2\"");
    assert_eq!(stale.refused(ProblemType::StaleVersion)["current_version"], 2);

    let list = staff.get(&path).await.expect(200);
    let names: Vec<_> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| &m["name"])
        .collect();
    assert_eq!(names, ["Owners"]);
}

/// A2.25: every fault of a master stands at its field, with a word for programs.
#[tokio::test]
async fn a_faulty_master_is_refused_at_its_fields() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let other = book::insured(&app, "Basin Electric Inc").await;
    let path = format!("/v1/insureds/{}/masters", insured.id);
    let base = insured.master_body("All lines", &book::LINES);
    let general = &base["sections"]["general_liability"];
    let auto = &base["sections"]["commercial_auto"];
    let foreign = other.master_body("", &book::LINES)["sections"]["general_liability"].clone();
    let cases: [(&str, Value, &str, &str); 11] = [
        ("/name", json!("  "), "/name", "empty"),
        (
            "/authorized_representative",
            json!(""),
            "/authorized_representative",
            "empty",
        ),
        ("/sections", json!({}), "/sections", "empty"),
        (
            "/sections/general_liability",
            foreign,
            "/sections/general_liability/policy_id",
            "not_of_this_insured",
        ),
        (
            "/sections/general_liability",
            auto.clone(),
            "/sections/general_liability/policy_id",
            "wrong_line",
        ),
        (
            "/sections/general_liability/additional_insured",
            general["waiver"].clone(),
            "/sections/general_liability/additional_insured",
            "not_such_a_form",
        ),
        (
            "/sections/general_liability/waiver",
            general["additional_insured"].clone(),
            "/sections/general_liability/waiver",
            "not_such_a_form",
        ),
        (
            "/sections/workers_compensation",
            json!({
                "policy_id": base["sections"]["workers_compensation"]["policy_id"],
                "additional_insured": base["sections"]["workers_compensation"]["waiver"],
            }),
            "/sections/workers_compensation/additional_insured",
            "not_on_this_line",
        ),
        (
            "/description",
            json!("a\u{7}bell"),
            "/description",
            "control_characters",
        ),
        (
            "/description",
            json!("x".repeat(10_001)),
            "/description",
            "too_long",
        ),
        (
            "/description",
            json!("\u{f0b7} a bullet of Word"),
            "/description",
            "not_printable",
        ),
    ];
    for (place, value, pointer, code) in cases {
        let mut body = base.clone();
        *body.pointer_mut(place).unwrap() = value;
        let problem = staff.post(&path, &body).await.refused(ProblemType::Validation);
        let found = (
            problem["errors"][0]["pointer"].as_str(),
            problem["errors"][0]["code"].as_str(),
        );
        assert_eq!(found, (Some(pointer), Some(code)), "{place}: {problem}");
    }
    let mut backward = base.clone();
    backward["valid_from"] = json!("2026-12-01");
    backward["valid_until"] = json!("2026-11-30");
    let problem = staff
        .post(&path, &backward)
        .await
        .refused(ProblemType::Validation);
    assert_eq!(problem["errors"][0]["pointer"], "/valid_until");
    // Two fields at once are told at once.
    let mut both = base.clone();
    both["name"] = json!("");
    both["authorized_representative"] = json!("");
    let problem = staff.post(&path, &both).await.refused(ProblemType::Validation);
    assert_eq!(problem["errors"].as_array().unwrap().len(), 2);

    assert_eq!(staff.get(&path).await.expect(200)["data"], json!([]));
    staff.post(&path, &base).await.expect(201);
    staff
        .post(&path, &base)
        .await
        .refused(ProblemType::MasterNameTaken);
    let theirs = format!("/v1/insureds/{}/masters", other.id);
    staff
        .post(&theirs, other.master_body("All lines", &["other"]))
        .await
        .expect(201);
}

/// A2.25, A1.09: the portal knows only the masters that were opened to it.
#[tokio::test]
async fn the_portal_knows_only_masters_that_were_opened_to_it() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let path = format!("/v1/insureds/{}/masters", insured.id);
    let open = insured.master_body("Open", &["general_liability"]);
    let mut closed = insured.master_body("Closed", &["general_liability"]);
    closed["portal_usable"] = json!(false);
    let open = book::id(&staff.post(&path, &open).await.expect(201));
    let closed = book::id(&staff.post(&path, &closed).await.expect(201));
    let portal = people::portal_user_of(&app, &insured, &[Right::SendCertificates]).await;

    let list = portal.get(&path).await.expect(200);
    let ids: Vec<_> = list["data"].as_array().unwrap().iter().map(book::id).collect();
    assert_eq!(ids, std::slice::from_ref(&open));
    let shown = portal.get(format!("/v1/masters/{open}")).await.expect(200);
    assert_eq!(shown["may"], json!([]));
    portal
        .get(format!("/v1/masters/{closed}"))
        .await
        .refused(ProblemType::NotFound);
    let certificates = format!("/v1/insureds/{}/certificates", insured.id);
    let problem = portal
        .post(&certificates, insured.send_body(&closed))
        .await
        .refused(ProblemType::Validation);
    assert_eq!(problem["errors"][0]["pointer"], "/master_id");
    portal
        .post(
            format!("{certificates}/preview"),
            json!({ "master_id": closed, "holder": { "id": insured.holder } }),
        )
        .await
        .refused(ProblemType::Validation);
}

#[tokio::test]
async fn a_master_says_when_its_policies_end() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = format!("/v1/masters/{}", book::id(&book::master(&staff, &insured).await));
    // Workers compensation ends first, on 2027-01-01; the cast acts on 2026-11-02.
    for (days, state) in [(29, "current"), (1, "expiring"), (29, "expiring"), (1, "expired")] {
        app.wait(TimeDelta::days(days));
        let staff = people::administrator(&app).await;
        assert_eq!(
            staff.get(&master).await.expect(200)["state"],
            state,
            "{}",
            app.now()
        );
    }
}

/// A master whose policies were renewed says so, shows what differs, and follows the sections that are confirmed.
#[tokio::test]
async fn a_master_follows_a_renewal_after_a_look_at_what_differs() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::master(&staff, &insured).await;
    let id = book::id(&master);
    assert_eq!(master["new_term_lines"], json!([]));
    let policy = insured.policy("general_liability");
    let renewal = json!({
        "terms": {
            "number": "GL-NEXT", "insurer": { "naic": "90011", "name": "Ponderosa Casualty Company" },
            "named_insured": insured.name, "effective_on": "2027-03-01", "expires_on": "2028-03-01",
            "status": "active",
            "coverage": {
                "line": "general_liability", "trigger": "occurrence", "aggregate_per": "project",
                "each_occurrence": { "amount": "2000000.00", "currency": "USD" }, "extra_boxes": [],
            },
        },
        // The waiver is not carried over.
        "endorsements": [policy.endorsements[0].id], "vehicles": true,
    });
    staff
        .post(format!("/v1/policies/{}/renewal", policy.id), renewal)
        .await
        .expect(201);

    let path = format!("/v1/masters/{id}/new-terms");
    let shown = staff.get(format!("/v1/masters/{id}")).await.expect(200);
    assert_eq!(shown["new_term_lines"], json!(["general_liability"]));
    let terms = staff.get(&path).await.expect(200);
    let term = &terms["data"][0];
    assert_eq!(term["after"]["number"], "GL-NEXT");
    assert_eq!(
        (&term["additional_insured_lost"], &term["waiver_lost"]),
        (&json!(false), &json!(true))
    );
    let changes = term["changes"].as_array().unwrap();
    let of = |label: &str| changes.iter().find(|change| change["label"] == label).unwrap();
    assert_eq!(of("Expires")["after"], "03/01/2028");
    assert_eq!(of("Each occurrence")["way"], "up");
    assert_eq!(of("General aggregate")["way"], "lost");
    assert_eq!(of("Endorsement")["way"], "lost");

    let next = &term["after"]["policy_id"];
    let chosen = json!({ "sections": [{ "line": "general_liability", "policy_id": next }] });
    staff
        .post(&path, &chosen)
        .await
        .refused(ProblemType::PreconditionRequired);
    staff
        .post(&path, &chosen)
        .if_match(7)
        .await
        .refused(ProblemType::StaleVersion);
    let nothing = staff
        .post(&path, json!({ "sections": [] }))
        .if_match(1)
        .await
        .refused(ProblemType::Validation);
    assert_eq!(nothing["errors"][0]["pointer"], "/sections");
    let followed = staff.post(&path, &chosen).if_match(1).await.expect(200);
    assert_eq!(followed["version"], 2);
    assert_eq!(&followed["sections"]["general_liability"]["policy_id"], next);
    assert!(followed["sections"]["general_liability"].get("waiver").is_none());
    assert_eq!(
        followed["sections"]["umbrella_excess"],
        master["sections"]["umbrella_excess"]
    );
    assert_eq!(followed["new_term_lines"], json!([]));
    let gone = staff
        .post(&path, &chosen)
        .if_match(2)
        .await
        .refused(ProblemType::Validation);
    assert_eq!(gone["errors"][0]["code"], "not_the_new_term");
    let history = staff
        .get(format!("/v1/insureds/{}/activity?kind=masters", insured.id))
        .await
        .expect(200);
    assert_eq!(
        history["data"][0]["summary"],
        "Moved master certificate All lines to the new term of GL-NEXT"
    );
    // Nobody who may not change the master is told.
    let reader = people::csr(&app, &[countersign_domain::authz::Permission::ViewCertificates]).await;
    reader.get(&path).await.refused(ProblemType::Forbidden);
}
