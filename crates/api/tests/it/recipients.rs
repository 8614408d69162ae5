//! What is said about recipients before something is sent to them.

use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use serde_json::{Value, json};

use crate::support::{App, Browser, book, people};

async fn concerns(staff: &Browser, body: Value) -> Vec<(String, String)> {
    let answer = staff.post("/v1/recipient-checks", body).await.expect(200);
    let found = answer["concerns"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    found
        .map(|concern| (text(&concern["code"]), text(&concern["address"])))
        .collect()
}

fn told(code: &str, address: &str) -> (String, String) {
    (code.to_owned(), address.to_owned())
}

/// A domain is new until a relay took mail for it; a look-alike, a mailbox that sent mail back and another address than
/// last time are said; nothing of it prevents sending.
#[tokio::test]
async fn what_is_odd_about_recipients_is_said_before_sending() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let ask = |address: &str| json!({ "recipients": [address], "holder_id": insured.holder });
    let new = "risk@harborview-builders.com";
    assert_eq!(concerns(&staff, ask(new)).await, [told("new_domain", new)]);

    let send = format!("/v1/insureds/{}/certificates", insured.id);
    let mut body = insured.send_body(&master);
    body["recipients"]["to"] = json!([new]);
    staff.post(&send, &body).await.expect(201);
    assert_eq!(
        concerns(&staff, ask(new)).await,
        [told("new_domain", new)],
        "nothing has left yet"
    );
    app.letter().await;
    assert_eq!(concerns(&staff, ask(new)).await, []);

    let slip = "risk@harborveiw-builders.com";
    assert_eq!(
        concerns(&staff, ask(slip)).await,
        [told("lookalike_domain", slip), told("differs_from_last", slip)]
    );
    app.sql(
        app.agency,
        &format!(
            "INSERT INTO bounced_addresses (agency_id, address, at, reason) \
             VALUES ('{}', 'old@harborview-builders.com', '2026-11-02 04:30:00+00', '550 no such user')",
            app.agency
        ),
    )
    .await;
    let old = "Old@harborview-builders.com";
    assert_eq!(
        concerns(&staff, json!({ "recipients": [old, "not an address"] })).await,
        [told("bounced", old)]
    );
    // The day is the agency's, where it was still the evening before.
    let said = staff
        .post("/v1/recipient-checks", json!({ "recipients": [old] }))
        .await
        .expect(200);
    let message = said["concerns"][0]["message"].as_str().unwrap();
    assert!(message.contains("came back on 11/01/2026"), "{message}");

    // The same is said of each row of a sending to many.
    let check = format!("/v1/insureds/{}/batches/check", insured.id);
    let checked = staff
        .post(
            &check,
            json!({ "master_id": master, "holder_ids": [insured.holder] }),
        )
        .await
        .expect(200);
    let row = &checked["rows"][0];
    assert_eq!(row["to"], json!(["certificates@northgate.example.com"]));
    assert_eq!(row["concerns"][0]["code"], "differs_from_last");
    assert_eq!(row["concerns"][0]["severity"], "info");

    // What another agency wrote is not known here.
    let elsewhere = people::administrator_elsewhere(&app).await;
    assert_eq!(
        concerns(&elsewhere, json!({ "recipients": [new] })).await,
        [told("new_domain", new)]
    );
}

#[tokio::test]
async fn recipients_are_checked_for_whoever_may_send() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let body = json!({ "recipients": ["a@northgate.example.com"] });
    let path = "/v1/recipient-checks";
    let reader = people::csr(&app, &[Permission::ViewCertificates]).await;
    reader.post(path, &body).await.refused(ProblemType::Forbidden);
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    portal.post(path, &body).await.refused(ProblemType::Forbidden);
    let staff = people::csr(&app, &[Permission::SendCertificates]).await;
    let many: Vec<_> = (0..21).map(|n| format!("a{n}@example.com")).collect();
    let faulty = staff.post(path, json!({ "recipients": many })).await;
    assert_eq!(
        faulty.refused(ProblemType::Validation)["errors"][0]["code"],
        "too_many"
    );
    let unknown = json!({ "recipients": [], "holder_id": app.id() });
    let faulty = staff.post(path, unknown).await.refused(ProblemType::Validation);
    assert_eq!(faulty["errors"][0]["pointer"], "/holder_id");
}
