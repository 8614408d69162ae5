//! How a holder wants its mail: written down once, and followed wherever nobody says otherwise.

use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use serde_json::{Value, json};

use crate::support::{App, Browser, book, people};

fn holder(name: &str, channel: Value) -> Value {
    json!({
        "name": name,
        "address": { "line1": "900 Harbor Way", "city": "Reno", "state": "NV", "postal_code": "89501" },
        "emails": ["certs@northgate.example.com"],
        "channel": channel,
    })
}

async fn add(staff: &Browser, name: &str, channel: Value) -> Value {
    staff.post("/v1/holders", holder(name, channel)).await.expect(201)
}

/// Writes down how the holder that the insured used before wants its mail.
async fn prefers(app: &App, insured: &book::Insured, channel: &str) {
    let sql = format!(
        "UPDATE holders SET channel = {channel} WHERE id = '{}'",
        insured.holder
    );
    app.sql(app.agency, &sql).await;
}

fn carried(certificate: &Value) -> &str {
    certificate["deliveries"][0]["channel"].as_str().unwrap()
}

#[tokio::test]
async fn how_a_holder_wants_its_mail_is_written_down_shown_changed_and_cleared() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let created = add(&staff, "Northgate Holdings LLC", json!("link")).await;
    assert_eq!(created["channel"], "link");
    let listed = staff.get("/v1/holders?q=northgate").await.expect(200);
    assert_eq!(listed["data"][0]["channel"], "link");

    let one = format!("/v1/holders/{}", book::id(&created));
    let change = |channel| staff.put(&one, holder("Northgate Holdings LLC", channel));
    let attached = change(json!("attachment")).if_match(1).await.expect(200);
    assert_eq!(attached["channel"], "attachment");
    let trail = "SELECT detail->>'changed' FROM audit_entries ORDER BY seq DESC LIMIT 1";
    assert_eq!(app.value(trail).await, "[\"delivery\"]");
    let cleared = change(Value::Null).if_match(2).await.expect(200);
    assert!(cleared.get("channel").is_none(), "{cleared}");

    for nonsense in ["fax", ""] {
        let refused = change(json!(nonsense)).if_match(3).await;
        let fault = &refused.refused(ProblemType::Validation)["errors"][0];
        assert_eq!(fault["code"], "wrong_shape");
        let detail = fault["detail"].as_str().unwrap();
        assert!(detail.contains("`attachment` or `link`"), "{detail}");
    }
    let kept = staff.get(&one).await.expect(200);
    assert_eq!(kept["version"], 3, "nothing was written");
}

#[tokio::test]
async fn the_holder_that_stays_keeps_its_preference_and_takes_over_one_where_it_has_none() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let linked = add(&staff, "Northgate Holdings LLC", json!("link")).await;
    let attached = add(&staff, "Northgate Holdings Inc", json!("attachment")).await;
    let silent = add(&staff, "Northgate Holdings", Value::Null).await;
    let merge = async |double: &Value, version: i32, into: &Value| {
        let path = format!("/v1/holders/{}/merge", book::id(double));
        let ask = staff.post(path, json!({ "into": into["id"] })).if_match(version);
        ask.await.expect(200)
    };
    assert_eq!(merge(&linked, 1, &silent).await["channel"], "link");
    assert_eq!(merge(&silent, 2, &attached).await["channel"], "attachment");
}

/// Staff may say otherwise for one sending; a new holder and one that prefers nothing get an attachment.
#[tokio::test]
async fn a_certificate_is_mailed_as_its_holder_prefers_unless_the_sender_says_otherwise() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let body = insured.send_body(&master);
    let plain = staff.post(&path, &body).await.expect(201);
    assert_eq!(carried(&plain), "attachment");
    app.letter().await.pdf();

    prefers(&app, &insured, "'link'").await;
    let linked = staff.post(&path, &body).await.expect(201);
    assert_eq!(carried(&linked), "link");
    assert!(!app.letter().await.token().is_empty());
    let mut otherwise = body.clone();
    otherwise["channel"] = json!("attachment");
    let otherwise = staff.post(&path, otherwise).await.expect(201);
    assert_eq!(carried(&otherwise), "attachment");
    app.letter().await.pdf();

    // The next revision goes by the same rule.
    let revisions = format!("/v1/certificates/{}/revisions", book::id(&linked));
    let revised = staff.post(revisions, &body).await.expect(201);
    assert_eq!(carried(&revised), "link");
    app.letter().await.token();
    let mut new = body;
    new["holder"] = json!({ "new": {
        "name": "Basin Water District", "address": holder("", Value::Null)["address"],
    }});
    let new = staff.post(&path, new).await.expect(201);
    assert_eq!(carried(&new), "attachment");
    app.letter().await.pdf();
}

/// In the portal nobody is asked: the holder's word goes before the agency's, and the insured is told neither.
#[tokio::test]
async fn what_an_insured_sends_goes_as_the_holder_prefers() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    prefers(&app, &insured, "'link'").await;
    let sent = portal.post(&path, insured.send_body(&master)).await.expect(201);
    assert_eq!(carried(&sent), "link");
    app.letter().await.token();
    let holders = portal
        .get(format!("/v1/insureds/{}/holders", insured.id))
        .await
        .expect(200);
    assert!(holders["data"][0].get("channel").is_none(), "{holders}");
    let seen = staff
        .get(format!("/v1/insureds/{}/holders", insured.id))
        .await
        .expect(200);
    assert_eq!(seen["data"][0]["channel"], "link");

    // Sent again, it goes as the holder prefers by then; that goes before what the agency chose for the portal.
    app.sql(app.agency, "UPDATE agencies SET portal_channel = 'link'")
        .await;
    prefers(&app, &insured, "'attachment'").await;
    let again = format!("/v1/certificates/{}/deliveries", book::id(&sent));
    let copy = json!({ "kind": "exact_copy" });
    portal.post(&again, &copy).await.expect(201);
    app.letter().await.pdf();
    prefers(&app, &insured, "NULL").await;
    portal.post(&again, &copy).await.expect(201);
    app.letter().await.token();
}

/// An additional interest is a holder, so its certificates go as that holder prefers.
#[tokio::test]
async fn an_additional_interest_is_mailed_as_the_holder_that_it_is_prefers() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let party = holder("Alta Sierra Bank", Value::Null);
    let interests = format!("/v1/insureds/{}/interests", insured.id);
    let added = json!({
        "name": party["name"], "address": party["address"], "emails": party["emails"],
        "nature": "LS", "item": { "kind": "everything" }, "from_on": "2026-01-01",
        "policy_ids": [], "endorsement_ids": [],
    });
    let interest = staff.post(&interests, added).await.expect(201);
    let sql = format!(
        "UPDATE holders SET channel = 'link' WHERE id = '{}'",
        interest["holder_id"].as_str().unwrap()
    );
    app.sql(app.agency, &sql).await;
    let seen = staff.get(&interests).await.expect(200);
    assert_eq!(seen["data"][0]["channel"], "link");
    let mut body = insured.send_body(&master);
    body["holder"] = json!({ "interest_id": interest["id"] });
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let sent = staff.post(path, body).await.expect(201);
    assert_eq!(carried(&sent), "link");
    app.letter().await.token();
}

/// A2.28: unless the sender says so for all, each row goes as its holder prefers; the check shows it, and the row keeps
/// what was settled at the start.
#[tokio::test]
async fn the_rows_of_a_batch_go_as_each_holder_prefers() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let linked = add(&staff, "City of Sparks", json!("link")).await;
    let silent = add(&staff, "Basin Water District", Value::Null).await;
    let at = |rest: &str| format!("/v1/insureds/{}/{rest}", insured.id);
    let ids = json!([linked["id"], silent["id"]]);
    let check = json!({ "master_id": master, "holder_ids": ids });
    let looked = staff.post(at("batches/check"), check).await.expect(200);
    let channels = |rows: &Value| -> Vec<String> {
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| row["channel"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(channels(&looked["rows"]), ["link", "attachment"]);

    let rows = [&linked, &silent]
        .map(|holder| json!({ "holder_id": holder["id"], "to": ["certs@northgate.example.com"] }));
    let mut body = json!({ "master_id": master, "rows": rows });
    let started = staff.post(at("batches"), &body).await.expect(201);
    assert!(started.get("channel").is_none(), "{started}");
    let one = format!("/v1/batches/{}", book::id(&started));
    // What was settled at the start stays, whatever the holder prefers when its turn comes.
    let sql = format!(
        "UPDATE holders SET channel = 'attachment' WHERE id = '{}'",
        book::id(&linked)
    );
    app.sql(app.agency, &sql).await;
    let letters = app.mail().await;
    assert_eq!(
        letters.iter().map(|letter| letter.attachments()).sum::<usize>(),
        1,
        "one is attached, one is linked"
    );
    let sent = staff.get(format!("{one}/rows")).await.expect(200);
    assert_eq!(channels(&sent["data"]), ["link", "attachment"]);
    let log = staff.get(at("certificates")).await.expect(200);
    for row in log["data"].as_array().unwrap() {
        let id = book::id(row);
        let certificate = staff.get(format!("/v1/certificates/{id}")).await.expect(200);
        let wanted = match row["holder_name"].as_str() {
            Some("City of Sparks") => "link",
            _ => "attachment",
        };
        assert_eq!(carried(&certificate), wanted);
    }

    // The renewal run shows the same, and one word for all goes before it.
    let renewal = staff
        .get(at(&format!("masters/{master}/renewal")))
        .await
        .expect(200);
    assert_eq!(channels(&renewal["rows"]), ["attachment"; 2]);
    body["channel"] = json!("link");
    let started = staff.post(at("batches"), &body).await.expect(201);
    assert_eq!(started["channel"], "link");
    assert!(app.mail().await.iter().all(|letter| letter.attachments() == 0));
    let rows = format!("/v1/batches/{}/rows", book::id(&started));
    // A row that the release before wrote says nothing of its own.
    app.sql(app.agency, "UPDATE batch_rows SET channel = NULL").await;
    let sent = staff.get(rows).await.expect(200);
    assert_eq!(channels(&sent["data"]), ["link"; 2]);
    body["channel"] = json!("fax");
    let refused = staff.post(at("batches"), body).await;
    refused.refused(ProblemType::Validation);
}

/// What would be mailed in another way than was looked at is not approved.
#[tokio::test]
async fn an_approval_is_of_the_page_and_of_how_it_is_mailed() {
    let app = App::start().await;
    let second = people::administrator(&app).await;
    let rights = [
        Permission::ViewInsureds,
        Permission::ViewCertificates,
        Permission::SendCertificates,
    ];
    let asker = people::csr(&app, &rights).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&second, &insured).await);
    let mut draft = insured.send_body(&master);
    draft["description"] = json!("30 days notice will be given.");
    let ask = json!({ "draft": draft, "note": "The carrier has confirmed it." });
    let asked = asker
        .post(format!("/v1/insureds/{}/approvals", insured.id), ask)
        .await
        .expect(201);
    let one = format!("/v1/approvals/{}", book::id(&asked));
    let look = async || second.get(&one).await.expect(200)["page"].take();
    let approve = |page: &Value| {
        let body = json!({
            "reason": "Confirmed.", "seen_page": page["seen_page"], "seen_findings": page["seen_findings"],
        });
        second.post(format!("{one}/approve"), body)
    };
    let looked = look().await;
    assert_eq!(looked["channel"], "attachment");
    prefers(&app, &insured, "'link'").await;
    approve(&looked).await.refused(ProblemType::ApprovalChanged);
    assert!(app.mail().await.is_empty());
    let again = look().await;
    assert_eq!(again["channel"], "link");
    approve(&again).await.expect(200);
    app.letter().await.token();
}
