//! Additional interests: written down, changed, ended, and sent certificates through the one code path.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::Right;
use serde_json::{Value, json};

use crate::support::{App, Browser, book, people};

/// A leasing company with a stake in everything on general liability.
fn lender(insured: &book::Insured) -> Value {
    let policy = insured.policy("general_liability");
    json!({
        "name": "Truckee Equipment Leasing, Inc.",
        "care_of": "Attn: Insurance Department",
        "address": { "line1": "900 Rail Spur", "city": "Sparks", "state": "NV", "postal_code": "89434" },
        "emails": ["proof@truckee.example.com"],
        "nature": "LS",
        "item": { "kind": "contract", "text": "Lease 88-104, two lifts" },
        "reference": "88-104",
        "from_on": "2026-03-01",
        "until_on": "2027-03-01",
        "policy_ids": [policy.id],
        "endorsement_ids": [policy.endorsements[0].id],
    })
}

fn path(insured: &book::Insured) -> String {
    format!("/v1/insureds/{}/interests", insured.id)
}

async fn added(staff: &Browser, insured: &book::Insured) -> Value {
    staff.post(path(insured), lender(insured)).await.expect(201)
}

/// A certificate for an interest.
fn send_to(insured: &book::Insured, master: &str, interest: &str) -> Value {
    let mut body = insured.send_body(master);
    body["holder"] = json!({ "interest_id": interest });
    body["recipients"] = json!({ "to": ["proof@truckee.example.com"] });
    body
}

/// An interest is written down with its nature, item, days and links, changed under its version, and ended once.
#[tokio::test]
async fn an_interest_is_added_changed_and_ended() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let policy = insured.policy("general_liability");
    let first = staff
        .post(path(&insured), lender(&insured))
        .key("once")
        .await
        .expect(201);
    let again = staff.post(path(&insured), lender(&insured)).key("once").await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(
        (&first["nature"], &first["nature_label"]),
        (&json!("LS"), &json!("Lessor of leased equipment"))
    );
    assert_eq!(
        first["item"],
        json!({ "kind": "contract", "text": "Lease 88-104, two lifts" })
    );
    assert_eq!(first["policies"][0]["number"], json!(policy.number));
    assert_eq!(
        first["endorsements"][0]["form_number"],
        json!(policy.endorsements[0].form_number)
    );
    assert_eq!(
        (&first["state"], &first["may"]),
        (&json!("current"), &json!(["edit", "end", "send"]))
    );

    // It is a holder of the library, and no choice of the dropdown before anything was sent to it.
    let holder = staff
        .get(format!("/v1/holders/{}", first["holder_id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(holder["name"], "Truckee Equipment Leasing, Inc.");
    let dropdown = staff
        .get(format!("/v1/insureds/{}/holders", insured.id))
        .await
        .expect(200);
    assert_eq!(dropdown["data"].as_array().unwrap().len(), 1, "{dropdown}");

    // A second stake of the same company points at the same holder.
    let mut second = lender(&insured);
    second["nature"] = json!("LP");
    second["item"] = json!({ "kind": "everything" });
    let second = staff.post(path(&insured), second).await.expect(201);
    assert_eq!(second["holder_id"], first["holder_id"]);

    let one = format!("{}/{}", path(&insured), book::id(&first));
    let mut changed = lender(&insured);
    changed["address"]["line1"] = json!("12 New Yard");
    changed["reference"] = json!("88-105");
    changed["policy_ids"] = json!([]);
    changed["endorsement_ids"] = json!([]);
    staff
        .put(&one, changed.clone())
        .await
        .refused(ProblemType::PreconditionRequired);
    let saved = staff.put(&one, changed.clone()).if_match(1).await.expect(200);
    assert_eq!(
        (&saved["version"], &saved["reference"]),
        (&json!(2), &json!("88-105"))
    );
    assert_eq!(
        (&saved["policies"], &saved["endorsements"]),
        (&json!([]), &json!([]))
    );
    assert_ne!(
        saved["holder_id"], first["holder_id"],
        "another address is another holder"
    );
    let stale = staff
        .put(&one, changed.clone())
        .if_match(1)
        .await
        .refused(ProblemType::StaleVersion);
    assert_eq!(stale["current_version"], 2);

    app.wait(TimeDelta::minutes(3));
    let ended = staff.post(format!("{one}/end"), ()).if_match(2).await.expect(200);
    assert_eq!(
        (&ended["state"], &ended["ended_by_name"]),
        (&json!("ended"), &json!("Maren Voss"))
    );
    assert_eq!(ended["may"], json!([]));
    for refused in [
        staff.post(format!("{one}/end"), ()).if_match(3).await,
        staff.put(&one, changed).if_match(3).await,
    ] {
        refused.refused(ProblemType::InterestEnded);
    }
    let list = staff.get(path(&insured)).await.expect(200);
    let states: Vec<_> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["state"])
        .collect();
    assert_eq!((states.len(), &list["may"]), (2, &json!(["add"])), "{list}");

    let history = staff
        .get(format!("/v1/insureds/{}/activity?kind=interests", insured.id))
        .await
        .expect(200);
    let said: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["summary"].as_str().unwrap())
        .collect();
    assert_eq!(
        said,
        [
            "Ended additional interest Truckee Equipment Leasing, Inc. (lessor of leased equipment)",
            "Changed additional interest Truckee Equipment Leasing, Inc.: address, reference, policies, endorsements",
            "Added additional interest Truckee Equipment Leasing, Inc. (loss payee)",
            "Added additional interest Truckee Equipment Leasing, Inc. (lessor of leased equipment)",
        ]
    );
}

/// What does not fit is refused, with its field: an unknown nature, reversed dates, what another insured has.
#[tokio::test]
async fn an_interest_that_contradicts_itself_is_refused() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let other = book::insured(&app, "Basin Electric Inc").await;
    let unused = insured.policy("umbrella_excess");
    let cases: [(&str, Value, &str, &str); 9] = [
        ("until_on", json!("2026-02-28"), "/until_on", "before_from"),
        (
            "policy_ids",
            json!([other.policy("general_liability").id]),
            "/policy_ids",
            "unknown",
        ),
        (
            "endorsement_ids",
            json!([other.policy("general_liability").endorsements[0].id]),
            "/endorsement_ids",
            "unknown",
        ),
        ("policy_ids", json!([unused.id]), "/endorsement_ids", "unknown"),
        (
            "item",
            json!({ "kind": "vehicle", "vehicle_id": app.id() }),
            "/item/vehicle_id",
            "unknown",
        ),
        ("item", json!({ "kind": "vehicle" }), "/item/vehicle_id", "empty"),
        (
            "item",
            json!({ "kind": "location", "text": " " }),
            "/item/text",
            "empty",
        ),
        (
            "item",
            json!({ "kind": "everything", "text": "the yard" }),
            "/item/kind",
            "unfit",
        ),
        ("emails", json!(["nobody"]), "/emails/0", "not_an_email"),
    ];
    for (field, value, pointer, code) in cases {
        let mut body = lender(&insured);
        body[field] = value;
        let problem = staff
            .post(path(&insured), body)
            .await
            .refused(ProblemType::Validation);
        assert_eq!(
            (
                problem["errors"][0]["pointer"].as_str(),
                problem["errors"][0]["code"].as_str()
            ),
            (Some(pointer), Some(code)),
            "{problem}"
        );
    }
    for nature in ["XX", "CH"] {
        let mut body = lender(&insured);
        body["nature"] = json!(nature);
        let refused = staff.post(path(&insured), body).await;
        assert_eq!(refused.status, 422, "{nature}: {}", refused.text());
    }
    // Through another insured it is as if it were not there, and so it is in another agency.
    let one = book::id(&added(&staff, &insured).await);
    let elsewhere = people::administrator_elsewhere(&app).await;
    for (browser, owner) in [(&staff, &other), (&elsewhere, &insured)] {
        let at = format!("{}/{one}", path(owner));
        browser.get(&at).await.refused(ProblemType::NotFound);
        let body = lender(owner);
        browser
            .put(&at, body)
            .if_match(1)
            .await
            .refused(ProblemType::NotFound);
        browser
            .post(format!("{at}/end"), ())
            .if_match(1)
            .await
            .refused(ProblemType::NotFound);
    }
}

/// A2.01, A2.06: certificates sent by hand, in bulk and through an additional interest are in one list.
/// A2.27: an additional interest receives a certificate.
#[tokio::test]
async fn an_interest_receives_certificates_that_stand_in_the_one_log() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let interest = added(&staff, &insured).await;
    let id = book::id(&interest);
    let certificates = format!("/v1/insureds/{}/certificates", insured.id);

    staff
        .post(&certificates, insured.send_body(&master))
        .await
        .expect(201);
    app.wait(TimeDelta::minutes(1));
    let row = json!({ "holder_id": insured.holder, "to": ["certificates@northgate.example.com"] });
    staff
        .post(
            format!("/v1/insureds/{}/batches", insured.id),
            json!({ "master_id": master, "rows": [row] }),
        )
        .await
        .expect(201);
    assert_eq!(app.mail().await.len(), 2);
    app.wait(TimeDelta::minutes(1));
    let body = send_to(&insured, &master, &id);
    let preview = staff
        .post(
            format!("{certificates}/preview"),
            json!({ "master_id": master, "holder": body["holder"] }),
        )
        .await
        .expect(200);
    assert_eq!(preview["sendable"], true);
    let sent = staff.post(&certificates, body).await.expect(201);
    let letter = app.letter().await;
    assert_eq!(letter.to(), ["proof@truckee.example.com"]);
    assert!(letter.pdf().starts_with(b"%PDF"));

    assert_eq!(sent["holder_name"], "Truckee Equipment Leasing, Inc.");
    assert_eq!(sent["payload"]["holder"]["care_of"], "Attn: Insurance Department");
    assert_eq!(
        (&sent["source"], &sent["interest_id"], &sent["interest_nature"]),
        (&json!("additional_interest"), &json!(id), &json!("LS"))
    );
    let log = staff.get(&certificates).await.expect(200);
    let sources: Vec<_> = log["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["source"])
        .collect();
    assert_eq!(sources, ["additional_interest", "bulk", "staff"]);
    let filtered = staff
        .get(format!("{certificates}?source=additional_interest"))
        .await
        .expect(200);
    assert_eq!(filtered["data"].as_array().unwrap().len(), 1);
    assert_eq!(filtered["data"][0]["delivery"]["sent_by_email"], true);

    // A used holder stays in the dropdown, whoever it is.
    let dropdown = staff
        .get(format!("/v1/insureds/{}/holders", insured.id))
        .await
        .expect(200);
    assert_eq!(dropdown["data"][0]["id"], interest["holder_id"]);

    // Its next revision is still the interest's.
    let mut revision = insured.send_body(&master);
    revision["holder"] = json!({ "id": interest["holder_id"] });
    revision["description"] = json!("Two lifts.");
    let revised = staff
        .post(
            format!("/v1/certificates/{}/revisions", book::id(&sent)),
            revision,
        )
        .await
        .expect(201);
    assert_eq!(
        (&revised["source"], &revised["interest_id"]),
        (&sent["source"], &sent["interest_id"])
    );
    app.letter().await;

    // The insured sees the certificate, and nothing of the agency's record of the interest.
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    let seen = portal
        .get(format!("/v1/certificates/{}", book::id(&sent)))
        .await
        .expect(200);
    assert!(
        seen.get("interest_id").is_none() && seen.get("interest_nature").is_none(),
        "{seen}"
    );
    let tried = portal
        .post(&certificates, send_to(&insured, &master, &id))
        .await
        .refused(ProblemType::Validation);
    assert_eq!(tried["errors"][0]["pointer"], "/holder/interest_id");
}

/// An interest that is over, ended or another insured's is sent nothing; links to forms open no mark.
#[tokio::test]
async fn an_interest_that_does_not_stand_is_sent_nothing() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let other = book::insured(&app, "Basin Electric Inc").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let send = async |id: &str| {
        let problem = staff
            .post(
                format!("/v1/insureds/{}/certificates", insured.id),
                send_to(&insured, &master, id),
            )
            .await
            .refused(ProblemType::Validation);
        assert_eq!(problem["errors"][0]["pointer"], "/holder/interest_id");
        problem["errors"][0]["code"].as_str().unwrap().to_owned()
    };
    let theirs = book::id(&added(&staff, &other).await);
    assert_eq!(send(&theirs).await, "unknown");

    let mut past = lender(&insured);
    past["until_on"] = json!("2026-11-01");
    let past = staff.post(path(&insured), past).await.expect(201);
    assert_eq!(
        (&past["state"], &past["may"]),
        (&json!("over"), &json!(["edit", "end"]))
    );
    assert_eq!(send(&book::id(&past)).await, "not_current");

    let ended = added(&staff, &insured).await;
    let one = format!("{}/{}", path(&insured), book::id(&ended));
    staff.post(format!("{one}/end"), ()).if_match(1).await.expect(200);
    assert_eq!(send(&book::id(&ended)).await, "not_current");

    // The form names another party now: it does not reach the interest, though the interest is linked to it.
    let linked = book::id(&added(&staff, &insured).await);
    app.sql(
        app.agency,
        "UPDATE endorsements SET scope = 'scheduled', scheduled_parties = '{Northgate Builders}'",
    )
    .await;
    let refused = staff
        .post(
            format!("/v1/insureds/{}/certificates", insured.id),
            send_to(&insured, &master, &linked),
        )
        .await
        .refused(ProblemType::CertificateBlocked);
    let codes: Vec<_> = refused["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| &finding["code"])
        .collect();
    assert!(
        codes.contains(&&json!("additional_insured_without_endorsement")),
        "{codes:?}"
    );
}

/// A merged double takes its interests along, and a form that leaves the policy takes its links along.
#[tokio::test]
async fn interests_follow_their_holder_and_lose_a_form_that_is_gone() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let interest = added(&staff, &insured).await;
    staff
        .post(
            format!("/v1/holders/{}/merge", interest["holder_id"].as_str().unwrap()),
            json!({ "into": insured.holder }),
        )
        .if_match(1)
        .await
        .expect(200);
    let one = format!("{}/{}", path(&insured), book::id(&interest));
    let now = staff.get(&one).await.expect(200);
    assert_eq!(
        (&now["holder_id"], &now["name"]),
        (&json!(insured.holder), &json!("Northgate Builders, Inc."))
    );
    let policy = insured.policy("general_liability");
    staff
        .delete(format!(
            "/v1/policies/{}/endorsements/{}",
            policy.id, policy.endorsements[0].id
        ))
        .if_match(1)
        .await
        .expect(200);
    let now = staff.get(&one).await.expect(200);
    assert_eq!(
        (&now["endorsements"], now["policies"].as_array().unwrap().len()),
        (&json!([]), 1)
    );
}
