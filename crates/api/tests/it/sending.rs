//! Sending a certificate: what is shown before, what is refused, what leaves, and what is counted once.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use countersign_worker::Drained;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{App, Browser, book, people};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn codes(findings: &Value) -> Vec<&str> {
    findings
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|finding| finding["code"].as_str())
        .collect()
}

async fn issued(browser: &Browser, insured: &book::Insured) -> Vec<Value> {
    let list = browser
        .get(format!("/v1/insureds/{}/certificates", insured.id))
        .await
        .expect(200);
    list["data"].as_array().unwrap().clone()
}

/// A2.01, A2.02, A2.13, A2.20: staff send from the profile; the row says "by email" when the relay accepted.
#[tokio::test]
async fn a_certificate_is_issued_mailed_and_logged() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let mut body = insured.send_body(&master);
    body["recipients"]["cc"] = json!(["pm@northgate.example.com"]);
    body["message"] = json!("As agreed on Monday.");
    let sent = staff.post(&path, body).await.expect(201);
    assert_eq!(sent["number"], "26-000001");
    assert_eq!(sent["revision"], 0);
    assert_eq!(sent["holder_name"], "Northgate Builders, Inc.");
    assert_eq!(sent["issued_on"], "2026-11-02");
    assert_eq!(sent["source"], "staff");
    assert_eq!(sent["sent_by_name"], "Maren Voss");
    assert_eq!(
        sent["description_of_operations"],
        "Roofing operations of the named insured."
    );
    assert_eq!(sent["delivery"]["state"], "queued");
    assert_eq!(sent["delivery"]["sent_by_email"], false);
    assert_eq!(
        sent["payload"]["general_liability"]["policy_number"],
        insured.policy("general_liability").number.as_str()
    );

    let letter = app.letter().await;
    assert_eq!(letter.to(), ["certificates@northgate.example.com"]);
    assert_eq!(letter.cc(), ["pm@northgate.example.com"]);
    assert_eq!(
        letter.subject(),
        "Certificate of insurance 26-000001: Alder Creek Roofing LLC for Northgate Builders, Inc."
    );
    assert!(letter.text().contains("As agreed on Monday."));
    assert_eq!(
        hex(&Sha256::digest(letter.pdf())),
        sent["sha256"].as_str().unwrap()
    );
    let delivery = sent["deliveries"][0]["id"].as_str().unwrap();
    assert!(
        letter.header("Message-ID").contains(delivery),
        "{}",
        letter.header("Message-ID")
    );

    let one = format!("/v1/certificates/{}", book::id(&sent));
    let after = staff.get(&one).await.expect(200);
    assert_eq!(after["delivery"]["state"], "accepted");
    assert_eq!(after["delivery"]["sent_by_email"], true);
    assert_eq!(after["deliveries"][0]["attempts"], 1);
    assert_eq!(after["deliveries"][0]["may_have_arrived_twice"], false);
    assert_eq!(issued(&staff, &insured).await.len(), 1);
}

/// A1.09, A1.28, A2.21: the insured sends one itself, for a holder that nobody knew before.
#[tokio::test]
async fn an_insured_sends_a_certificate_from_the_portal() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let portal = people::portal_user_of(&app, &insured, &[Right::SendCertificates]).await;
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let body = json!({
        "master_id": master,
        "holder": { "new": {
            "name": "Granite Peak Development LLC",
            "care_of": "Attn: Risk Management",
            "address": { "line1": "1 Summit Way", "city": "Truckee", "state": "CA", "postal_code": "96161" },
            "email": "coi@granitepeak.example.com",
        }},
        "recipients": { "to": ["coi@granitepeak.example.com"] },
    });
    let sent = portal.post(&path, body).await.expect(201);
    assert_eq!(sent["source"], "portal");
    assert_eq!(sent["may"], json!(["preview", "download", "resend"]));
    assert!(
        sent["sent_by_name"]
            .as_str()
            .unwrap()
            .contains("Alder Creek Roofing LLC")
    );
    assert_eq!(app.letter().await.to(), ["coi@granitepeak.example.com"]);

    // The new holder stands in the dropdown at once, before the one that was never used.
    let holders = portal
        .get(format!("/v1/insureds/{}/holders", insured.id))
        .await
        .expect(200);
    let names: Vec<_> = holders["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|holder| &holder["name"])
        .collect();
    assert_eq!(
        names,
        ["Granite Peak Development LLC", "Northgate Builders, Inc."]
    );
    assert!(holders["data"][0]["last_used_at"].is_string());
    // It is there after the term as well.
    app.wait(TimeDelta::days(400));
    let staff = people::administrator(&app).await;
    let later = staff
        .get(format!("/v1/insureds/{}/holders", insured.id))
        .await
        .expect(200);
    assert_eq!(later["data"][0]["name"], "Granite Peak Development LLC");

    // Without the right, nothing of it: neither to send nor to see what sending needs.
    let other = book::insured(&app, "Basin Electric Inc").await;
    let reader = people::portal_user_of(
        &app,
        &other,
        &[Right::CertificatesSent, Right::ViewPolicyInformation],
    )
    .await;
    let theirs = format!("/v1/insureds/{}", other.id);
    reader
        .post(format!("{theirs}/certificates"), other.send_body(&master))
        .await
        .refused(ProblemType::Forbidden);
    reader
        .get(format!("{theirs}/masters"))
        .await
        .refused(ProblemType::Forbidden);
    reader
        .get(format!("{theirs}/holders"))
        .await
        .refused(ProblemType::Forbidden);
}

/// A2.03: the page is seen before it is sent, with everything the truth gate finds; nothing is kept.
#[tokio::test]
async fn a_preview_shows_the_page_and_the_findings_and_keeps_nothing() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let path = format!("/v1/insureds/{}/certificates/preview", insured.id);
    let body = json!({ "master_id": master, "holder": { "id": insured.holder } });
    let preview = staff.post(&path, &body).await.expect(200);
    assert_eq!(preview["sendable"], true);
    assert_eq!(preview["findings"], json!([]));
    assert_eq!(preview["pages"], 1);
    let pdf = BASE64_STANDARD
        .decode(preview["pdf_base64"].as_str().unwrap())
        .unwrap();
    assert!(pdf.starts_with(b"%PDF-"));

    // A mark that no form on the policy supports is found at its place, with the fix.
    let mut marked = body.clone();
    marked["additional_insured"] = json!(["umbrella_excess"]);
    let preview = staff.post(&path, &marked).await.expect(200);
    assert_eq!(preview["sendable"], false);
    let finding = &preview["findings"][0];
    assert_eq!(finding["code"], "additional_insured_without_endorsement");
    assert_eq!(finding["severity"], "block");
    assert!(
        finding["field"].as_str().unwrap().starts_with("/umbrella_excess"),
        "{finding}"
    );
    assert!(!finding["message"].as_str().unwrap().is_empty() && !finding["fix"].as_str().unwrap().is_empty());

    let mut long = body.clone();
    long["description"] = json!("A long description of operations. ".repeat(120));
    assert_eq!(staff.post(&path, &long).await.expect(200)["pages"], 2);

    // A check mark pasted from elsewhere: the page is shown, and the finding says where, what and how to mend it.
    let mut pasted = body.clone();
    pasted["description"] = json!("Roof replaced \u{2713}");
    let preview = staff.post(&path, &pasted).await.expect(200);
    assert_eq!(preview["sendable"], false);
    let finding = &preview["findings"][0];
    assert_eq!(finding["code"], "character_not_printable");
    assert_eq!(finding["field"], "/description");
    assert_eq!(finding["printed_value"], "\u{2713} (U+2713)");
    assert!(finding["fix"].as_str().unwrap().contains("hyphen"), "{finding}");
    let mut pasted = insured.send_body(&master);
    pasted["description"] = json!("Roof replaced \u{1f3e0}");
    let refused = staff
        .post(format!("/v1/insureds/{}/certificates", insured.id), &pasted)
        .await
        .refused(ProblemType::CertificateBlocked);
    assert_eq!(codes(&refused["findings"]), ["character_not_printable"]);

    assert!(issued(&staff, &insured).await.is_empty());
    assert!(app.mail().await.is_empty());
    let sent = staff
        .post(
            format!("/v1/insureds/{}/certificates", insured.id),
            insured.send_body(&master),
        )
        .await
        .expect(201);
    assert_eq!(sent["number"], "26-000001", "previews use up no number");
    app.letter().await;
}

/// A2.19: what the policies do not say cannot be sent; the refusal names field, values and fix.
#[tokio::test]
async fn what_the_policies_do_not_say_is_not_sent() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let mut marked = insured.send_body(&master);
    marked["waiver"] = json!(["other"]);
    let blocked = staff
        .post(&path, &marked)
        .key("first")
        .await
        .refused(ProblemType::CertificateBlocked);
    assert_eq!(codes(&blocked["findings"]), ["waiver_without_endorsement"]);
    // A refusal is not stored: the same key serves the corrected request.
    staff
        .post(&path, insured.send_body(&master))
        .key("first")
        .await
        .expect(201);
    app.letter().await;

    let policy = insured.policy("general_liability").id;
    app.sql(
        app.agency,
        &format!(
            "UPDATE policies SET status = 'cancelled', cancelled_on = '2026-10-15' WHERE id = '{policy}'"
        ),
    )
    .await;
    let blocked = staff
        .post(&path, insured.send_body(&master))
        .await
        .refused(ProblemType::CertificateBlocked);
    assert_eq!(codes(&blocked["findings"]), ["policy_cancelled"]);
    let finding = &blocked["findings"][0];
    assert!(
        finding["policy_value"].is_string() && finding["printed_value"].is_string(),
        "{finding}"
    );

    app.sql(
        app.agency,
        &format!(
            "UPDATE policies SET status = 'active', cancelled_on = NULL, effective_on = '2026-12-01', \
             expires_on = '2027-12-01' WHERE id = '{policy}'"
        ),
    )
    .await;
    let blocked = staff
        .post(&path, insured.send_body(&master))
        .await
        .refused(ProblemType::CertificateBlocked);
    assert_eq!(codes(&blocked["findings"]), ["policy_not_yet_effective"]);

    // On the last day of workers compensation it passes with a word of warning, on the day after it does not.
    app.sql(
        app.agency,
        &format!("UPDATE policies SET effective_on = '2026-03-01' WHERE id = '{policy}'"),
    )
    .await;
    app.wait(TimeDelta::days(59));
    let staff = people::administrator(&app).await;
    let sent = staff.post(&path, insured.send_body(&master)).await.expect(201);
    assert_eq!(codes(&sent["findings"]), ["policy_ends_soon"]);
    app.letter().await;
    app.wait(TimeDelta::days(1));
    let staff = people::administrator(&app).await;
    let blocked = staff
        .post(&path, insured.send_body(&master))
        .await
        .refused(ProblemType::CertificateBlocked);
    assert!(
        codes(&blocked["findings"]).contains(&"policy_expired"),
        "{blocked}"
    );
    assert_eq!(issued(&staff, &insured).await.len(), 2);
}

/// A2.20: faults of the form stand at their fields; nobody is mailed.
#[tokio::test]
async fn a_faulty_form_is_refused_at_its_fields() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let other = book::insured(&app, "Basin Electric Inc").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let theirs = book::id(&book::master(&staff, &other).await);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let many: Vec<_> = (0..21).map(|n| format!("to{n}@example.com")).collect();
    let cases = [
        ("/recipients/to", json!([]), "/recipients/to", "empty"),
        ("/recipients/to", json!(many), "/recipients/to", "too_many"),
        (
            "/recipients/to",
            json!(["a@example.com", "no address"]),
            "/recipients/to/1",
            "not_an_email",
        ),
        (
            "/recipients/to",
            json!(["a@example.com\r\nBcc: b@example.com"]),
            "/recipients/to/0",
            "control_characters",
        ),
        ("/recipients/cc", json!(["@"]), "/recipients/cc/0", "not_an_email"),
        ("/holder", json!({}), "/holder", "choose_one"),
        ("/holder", json!({ "id": app.id() }), "/holder/id", "unknown"),
        (
            "/holder",
            json!({ "id": app.id(), "one_time": true }),
            "/holder/one_time",
            "new_only",
        ),
        ("/master_id", json!(theirs), "/master_id", "unknown"),
        ("/master_id", json!(app.id()), "/master_id", "unknown"),
        (
            "/subject",
            json!("a\r\nBcc: b@example.com"),
            "/subject",
            "control_characters",
        ),
        ("/message", json!("bell \u{7}"), "/message", "control_characters"),
        ("/message", json!("x".repeat(5_001)), "/message", "too_long"),
        (
            "/description",
            json!("bell \u{7}"),
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
            "/holder",
            json!({ "new": { "name": "", "address": { "line1": "1 A St", "city": "Reno", "state": "XX", "postal_code": "9" } } }),
            "/holder/new/name",
            "empty",
        ),
    ];
    for (place, value, pointer, code) in cases {
        let mut body = insured.send_body(&master);
        body["recipients"]["cc"] = json!([]);
        body["subject"] = json!("Subject");
        body["message"] = json!("");
        body["description"] = json!("Description");
        *body.pointer_mut(place).unwrap() = value;
        let problem = staff.post(&path, &body).await.refused(ProblemType::Validation);
        let found = (
            problem["errors"][0]["pointer"].as_str(),
            problem["errors"][0]["code"].as_str(),
        );
        assert_eq!(found, (Some(pointer), Some(code)), "{body}: {problem}");
    }
    // What a certificate says of operations is the agency's word: an insured cannot write any, not even a preview.
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    let mut body = insured.send_body(&master);
    body["description"] = json!("The holder is additional insured on every policy.");
    let sent = portal.post(&path, &body).await.refused(ProblemType::Validation);
    let draft = json!({
        "master_id": master,
        "holder": { "id": insured.holder },
        "description": "The holder is additional insured on every policy.",
    });
    let seen = portal
        .post(format!("{path}/preview"), &draft)
        .await
        .refused(ProblemType::Validation);
    for problem in [sent, seen] {
        assert_eq!(problem["errors"][0]["pointer"], "/description");
        assert_eq!(problem["errors"][0]["code"], "not_open");
    }

    // In the portal another insured's holder is unknown; to staff the whole library is open.
    let mut body = insured.send_body(&master);
    body["holder"] = json!({ "id": other.holder });
    let problem = portal.post(&path, &body).await.refused(ProblemType::Validation);
    assert_eq!(problem["errors"][0]["pointer"], "/holder/id");
    staff.post(&path, &body).await.expect(201);
    app.letter().await;

    app.sql(
        app.agency,
        "UPDATE agencies SET line1 = NULL, city = NULL, state = NULL, postal_code = NULL",
    )
    .await;
    let problem = staff
        .post(&path, insured.send_body(&master))
        .await
        .refused(ProblemType::AgencyIncomplete);
    assert!(problem["detail"].as_str().unwrap().contains("Settings > Agency"));
}

/// A2.01: a request that is repeated is answered, not carried out again.
#[tokio::test]
async fn a_repeated_request_is_answered_and_not_carried_out_again() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let body = insured.send_body(&master);
    let first = staff.post(&path, &body).key("intent").await;
    let second = staff.post(&path, &body).key("intent").await;
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(second.header("idempotency-replayed"), "true");
    let first = first.expect(201);
    assert_eq!(second.expect(201), first);
    app.letter().await;
    assert_eq!(issued(&staff, &insured).await.len(), 1);

    let mut other = body.clone();
    other["message"] = json!("Something else.");
    staff
        .post(&path, &other)
        .key("intent")
        .await
        .refused(ProblemType::IdempotencyKeyReused);
    // The same words for another insured are another request.
    let neighbor = book::insured(&app, "Basin Electric Inc").await;
    let theirs = format!("/v1/insureds/{}/certificates", neighbor.id);
    staff
        .post(&theirs, &body)
        .key("intent")
        .await
        .refused(ProblemType::IdempotencyKeyReused);
    // A key is a person's own, and an operation's own.
    let colleague = people::csr(&app, Permission::ALL).await;
    let theirs = colleague.post(&path, &body).key("intent").await;
    assert_eq!(theirs.header("idempotency-replayed"), "");
    theirs.expect(201);
    let resend = format!("/v1/certificates/{}/deliveries", book::id(&first));
    let resent = staff
        .post(&resend, json!({ "kind": "exact_copy" }))
        .key("intent")
        .await;
    assert_eq!(resent.header("idempotency-replayed"), "");
    resent.expect(201);
    assert_eq!(app.mail().await.len(), 2);
    for key in ["", &"k".repeat(129)] {
        staff
            .post(&path, &body)
            .key(key)
            .await
            .refused(ProblemType::BadRequest);
    }
}

/// A2.08: numbers are distinct however many send at once, and twins of one request make one certificate.
#[tokio::test]
async fn certificates_sent_at_once_have_numbers_of_their_own() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let other = book::insured(&app, "Basin Electric Inc").await;
    let mut requests = Vec::new();
    for insured in [&insured, &other] {
        let master = book::id(&book::master(&staff, insured).await);
        let path = format!("/v1/insureds/{}/certificates", insured.id);
        for number in 0..4 {
            // Two of the same insured share a key: twins in flight at the same time.
            let (staff, path, body) = (staff.clone(), path.clone(), insured.send_body(&master));
            let key = format!("{}-{}", insured.id, number / 2);
            requests.push(tokio::spawn(async move {
                loop {
                    let answer = staff.post(&path, &body).key(&key).await;
                    if answer.status != 409 {
                        return answer;
                    }
                    answer.refused(ProblemType::RequestInFlight);
                    assert_eq!(answer.header("retry-after"), "1");
                }
            }));
        }
    }
    let mut numbers = Vec::new();
    for request in requests {
        numbers.push(
            request.await.unwrap().expect(201)["number"]
                .as_str()
                .unwrap()
                .to_owned(),
        );
    }
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers, ["26-000001", "26-000002", "26-000003", "26-000004"]);
    assert_eq!(
        app.work().await,
        Drained {
            done: 4,
            later: 0,
            buried: 0
        }
    );
    assert_eq!(app.mail().await.len(), 4);
}

/// A2.25, A2.20: the sender's own words and marks replace the master's for this one certificate.
#[tokio::test]
async fn the_sender_may_say_less_or_other_than_the_master() {
    let app = App::start().await;
    let staff = people::service_staff(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let mut body = insured.send_body(&master);
    body["description"] = json!("");
    body["additional_insured"] = json!([]);
    body["waiver"] = json!(["workers_compensation"]);
    body["subject"] = json!("Proof of insurance for job 4471");
    let sent = staff.post(&path, body).await.expect(201);
    assert!(sent.get("description_of_operations").is_none(), "blank when none");
    let payload = &sent["payload"];
    assert!(
        payload["general_liability"]
            .get("additional_insured")
            .is_none_or(Value::is_null)
    );
    assert!(
        payload["general_liability"]
            .get("waiver")
            .is_none_or(Value::is_null)
    );
    assert!(payload["workers_compensation"]["waiver"].is_object());
    assert_eq!(app.letter().await.subject(), "Proof of insurance for job 4471");
    let used = staff.get(format!("/v1/masters/{master}")).await.expect(200);
    assert!(used["last_used_at"].is_string());
    assert_eq!(used["version"], 1, "using a master does not change it");
}
