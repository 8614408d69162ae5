//! What the truth gate reads besides limits, terms and marks: the description's words, the state's rule, policies that
//! are not printed.

use countersign_api::ProblemType;
use countersign_domain::authz::Right;
use serde_json::{Value, json};

use crate::support::{App, Browser, book, people};

async fn preview(staff: &Browser, insured: &book::Insured, master: &str, description: &str) -> Value {
    let body = json!({
        "master_id": master, "holder": { "id": insured.holder }, "description": description,
    });
    let path = format!("/v1/insureds/{}/certificates/preview", insured.id);
    staff.post(path, body).await.expect(200)
}

/// A description that says more than the policies is found with its words, and mended by what the finding offers.
#[tokio::test]
async fn a_description_that_promises_is_found_and_mended() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let text = "Job 4471.\n30 days notice will be given.\nCG 20 10 11 85 applies.";
    let found = preview(&staff, &insured, &master, text).await;
    assert_eq!(found["sendable"], false);
    let findings = found["findings"].as_array().unwrap();
    let codes: Vec<_> = findings.iter().map(|finding| &finding["code"]).collect();
    assert_eq!(codes, ["notice_promised", "edition_differs"]);
    let notice = &findings[0];
    assert_eq!(notice["field"], "/description");
    assert_eq!(notice["liftable"], true);
    assert_eq!(
        notice["passage"],
        json!({ "words": "30 days notice", "start": 10, "end": 24 })
    );
    assert_eq!(
        notice["replacement"],
        json!({ "start": 10, "end": 39, "text": "" })
    );
    let edition = &findings[1];
    assert_eq!(edition["policy_value"], "CG 20 10 04 13");
    assert_eq!(edition["replacement"]["text"], "CG 20 10 04 13");

    // Nothing of it is sent, whoever asks the API.
    let mut body = insured.send_body(&master);
    body["description"] = json!(text);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let blocked = staff
        .post(&path, &body)
        .await
        .refused(ProblemType::CertificateBlocked);
    assert_eq!(blocked["findings"][0]["code"], "notice_promised");

    // A plain word about the job is nobody's business.
    let plain = "Job: 30-day roofing project at 12 Main St., contract no. 4471";
    let clean = preview(&staff, &insured, &master, plain).await;
    assert_eq!(
        (&clean["sendable"], &clean["findings"]),
        (&json!(true), &json!([]))
    );
}

/// The sentences that forms allow are offered with the preview, and none of them is found fault with.
#[tokio::test]
async fn wordings_are_built_from_the_forms_and_pass_the_gate() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let offered = preview(&staff, &insured, &master, "").await;
    let texts: Vec<_> = offered["wordings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|wording| wording["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts[0],
        "Additional insured (general liability): CG 20 10 04 13, additional_insured_ongoing, applies to Northgate \
         Builders, Inc."
    );
    assert_eq!(texts.len(), 5, "{texts:?}");
    let all = preview(&staff, &insured, &master, &texts.join("\n")).await;
    assert_eq!(all["findings"], json!([]));
}

/// In the portal the description is the agency's: what is wrong with it stops the insured with the word to ask.
#[tokio::test]
async fn an_insured_is_told_to_ask_the_agency_about_its_words() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let mut body = insured.master_body("Promising", &["general_liability"]);
    body["description"] = json!("30 days notice will be given.");
    let path = format!("/v1/insureds/{}", insured.id);
    let master = book::id(&staff.post(format!("{path}/masters"), body).await.expect(201));
    let portal = people::portal_user_of(&app, &insured, &[Right::SendCertificates]).await;
    let blocked = portal
        .post(format!("{path}/certificates"), insured.send_body(&master))
        .await
        .refused(ProblemType::CertificateBlocked);
    assert_eq!(blocked["findings"][0]["code"], "notice_promised");
    assert!(
        blocked["findings"][0]["fix"]
            .as_str()
            .unwrap()
            .starts_with("Ask the agency")
    );
}

/// A doubt over the page's layout, about which an insured can do nothing, is kept with the certificate for the agency
/// and not told in the portal.
#[tokio::test]
async fn what_an_insured_is_not_told_is_kept_for_the_agency() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let moved = format!(
        "UPDATE insureds SET state = 'CA', postal_code = '96161' WHERE id = '{}'",
        insured.id
    );
    app.sql(app.agency, &moved).await;
    let rights = [Right::SendCertificates];
    let portal = people::portal_user_of(&app, &insured, &rights).await;
    let draft = json!({ "master_id": master, "holder": { "id": insured.holder } });
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let seen = portal.post(format!("{path}/preview"), draft).await.expect(200);
    assert_eq!((&seen["sendable"], &seen["findings"]), (&json!(true), &json!([])));
    let sent = portal.post(&path, insured.send_body(&master)).await.expect(201);
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&sent));
    assert_eq!(portal.get(&one).await.expect(200)["findings"], json!([]));
    let kept = staff.get(&one).await.expect(200);
    assert_eq!(
        (&kept["findings"][0]["code"], &kept["findings"][0]["severity"]),
        (&json!("layout_not_filed"), &json!("warn"))
    );
}

/// What each state asks of the form is listed with its source, and the gate asks it about the insured's state.
#[tokio::test]
async fn the_states_rules_are_listed_and_asked() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let rules = staff.get("/v1/state-rules").await.expect(200);
    assert_eq!(rules["unknown_state"], "warn");
    let texas = rules["data"]
        .as_array()
        .unwrap()
        .iter()
        .find(|rule| rule["state"] == "TX")
        .unwrap()
        .clone();
    assert_eq!(
        (&texas["rule"], &texas["severity"]),
        (&json!("filed_form"), &json!("block"))
    );
    assert!(texas["source"].as_str().unwrap().contains("1811.052"));

    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let moved = async |state: &str, zip: &str| {
        app.sql(
            app.agency,
            &format!(
                "UPDATE insureds SET state = '{state}', postal_code = '{zip}' WHERE id = '{}'",
                insured.id
            ),
        )
        .await;
        preview(&staff, &insured, &master, "Job 4471.").await
    };
    let blocked = moved("TX", "75001").await;
    assert_eq!(blocked["sendable"], false);
    assert_eq!(blocked["findings"][0]["code"], "layout_not_filed");
    assert_eq!(blocked["findings"][0]["field"], "/insured/address/state");
    assert_eq!(blocked["findings"][0]["policy_value"], texas["source"]);
    let listed = moved("WI", "53202").await;
    assert_eq!(
        (&listed["sendable"], &listed["findings"][0]["severity"]),
        (&json!(true), &json!("warn"))
    );
    let unknown = moved("CA", "96161").await;
    assert_eq!(
        (
            &unknown["findings"][0]["code"],
            &unknown["findings"][0]["severity"]
        ),
        (&json!("layout_not_filed"), &json!("warn"))
    );
    assert_eq!(moved("RI", "02903").await["findings"], json!([]));
}

/// What the agency has found out for its own layout answers the rule, is shown with who said so, and can be taken back.
#[tokio::test]
async fn an_agency_states_what_holds_for_its_layout() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    app.sql(
        app.agency,
        &format!(
            "UPDATE insureds SET state = 'TX', postal_code = '75001' WHERE id = '{}'",
            insured.id
        ),
    )
    .await;
    let put = async |state: &str, standing: &str, reference: &str, day: &str| {
        let body = json!({ "standing": standing, "reference": reference, "checked_on": day });
        staff.put(format!("/v1/state-rules/{state}/layout"), body).await
    };

    // The rule of Texas asks for a filing: having looked it up is no answer to that.
    let refused = put("TX", "not_required", "Insurance Code", "2026-10-01").await;
    let refused = refused.refused(ProblemType::Validation);
    assert_eq!(refused["errors"][0]["pointer"], "/standing");
    assert_eq!(refused["errors"][0]["code"], "filing_required");
    let blank = put("TX", "filed", " ", "2026-10-01").await;
    assert_eq!(
        blank.refused(ProblemType::Validation)["errors"][0]["pointer"],
        "/reference"
    );
    let later = put("TX", "filed", "SERFF CNTR-133", "2030-01-01").await;
    assert_eq!(
        later.refused(ProblemType::Validation)["errors"][0]["code"],
        "later_than_today"
    );
    put("Texas", "filed", "SERFF CNTR-133", "2026-10-01")
        .await
        .refused(ProblemType::NotFound);
    let blocked = preview(&staff, &insured, &master, "Job 4471.").await;
    assert_eq!(blocked["findings"][0]["code"], "layout_not_filed");

    let stated = put("TX", "filed", "SERFF CNTR-133", "2026-10-01")
        .await
        .expect(200);
    assert_eq!(
        (&stated["state"], &stated["standing"]),
        (&json!("TX"), &json!("filed"))
    );
    let clean = preview(&staff, &insured, &master, "Job 4471.").await;
    assert_eq!(
        (&clean["sendable"], &clean["findings"]),
        (&json!(true), &json!([]))
    );
    // Said again it is put in the place of what stood before.
    put("TX", "filed", "SERFF CNTR-134", "2026-10-02")
        .await
        .expect(200);
    let rules = staff.get("/v1/state-rules").await.expect(200);
    assert_eq!(rules["may_state"], true);
    assert_eq!(rules["layouts"].as_array().unwrap().len(), 1);
    assert_eq!(rules["layouts"][0]["reference"], "SERFF CNTR-134");
    assert_eq!(rules["layouts"][0]["by_name"], "Maren Voss");

    staff.delete("/v1/state-rules/TX/layout").await.expect(204);
    staff
        .delete("/v1/state-rules/TX/layout")
        .await
        .refused(ProblemType::NotFound);
    let again = preview(&staff, &insured, &master, "Job 4471.").await;
    assert_eq!(again["sendable"], false);
    assert_eq!(
        app.value("SELECT string_agg(detail->'after'->>'reference', ', ' ORDER BY seq) FROM audit_entries WHERE action = 'layout_stated'").await,
        "SERFF CNTR-133, SERFF CNTR-134"
    );
}

/// A second policy of a printed line is good to know: the page has room for one.
#[tokio::test]
async fn another_policy_of_the_same_line_is_told() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    app.sql(
        app.agency,
        &format!(
            "INSERT INTO policies (agency_id, id, insured_id, carrier_id, number, line, named_insured, effective_on, \
             expires_on, status, coverage) SELECT agency_id, '{}', insured_id, carrier_id, 'GL-SECOND', line, \
             named_insured, effective_on, expires_on, status, coverage FROM policies WHERE id = '{}'",
            app.id(),
            insured.policy("general_liability").id,
        ),
    )
    .await;
    let found = preview(&staff, &insured, &master, "Job 4471.").await;
    assert_eq!(found["sendable"], true);
    assert_eq!(found["findings"][0]["code"], "another_policy_of_line");
    assert_eq!(found["findings"][0]["policy_value"], "GL-SECOND");

    // In the place of a term that has ended it is no second policy.
    app.sql(
        app.agency,
        &format!(
            "UPDATE policies SET effective_on = '2025-01-01', expires_on = '2026-01-01' WHERE id = '{}'",
            insured.policy("general_liability").id,
        ),
    )
    .await;
    let found = preview(&staff, &insured, &master, "Job 4471.").await;
    let codes: Vec<_> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| &each["code"])
        .collect();
    assert!(codes.contains(&&json!("policy_expired")), "{codes:?}");
    assert!(!codes.contains(&&json!("another_policy_of_line")), "{codes:?}");
}
