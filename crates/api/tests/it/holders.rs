//! The library of certificate holders.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::Right;
use serde_json::{Value, json};

use crate::support::{App, Browser, book, people};

fn body(name: &str) -> Value {
    json!({
        "name": name,
        "care_of": "Attn: Risk Management",
        "address": { "line1": "900 Harbor Way", "city": "Reno", "state": "NV", "postal_code": "89501" },
        "emails": ["certs@northgate.example.com", " "],
        "phone": "(775) 555-0144",
        "aliases": ["Northgate", "NORTHGATE", "NGB"],
    })
}

async fn add(staff: &Browser, body: &Value) -> Value {
    staff.post("/v1/holders", body).await.expect(201)
}

fn path(holder: &Value, act: &str) -> String {
    format!("/v1/holders/{}{act}", book::id(holder))
}

async fn names(staff: &Browser, query: &str) -> Vec<String> {
    let page = staff.get(format!("/v1/holders?{query}")).await.expect(200);
    let data = page["data"].as_array().unwrap().iter();
    data.map(|holder| holder["name"].as_str().unwrap().to_owned())
        .collect()
}

/// A2.21: a holder is added once, found under any of its names, and changed under its version.
#[tokio::test]
async fn a_holder_is_added_found_and_changed() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let created = staff
        .post("/v1/holders", body("Northgate Holdings LLC"))
        .key("once")
        .await;
    let again = staff
        .post("/v1/holders", body("Northgate Holdings LLC"))
        .key("once")
        .await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    let holder = created.expect(201);
    assert_eq!(again.expect(201), holder);
    assert_eq!(holder["emails"], json!(["certs@northgate.example.com"]));
    assert_eq!(holder["aliases"], json!(["Northgate", "NGB"]));
    assert_eq!(holder["may"], json!(["edit"]));
    assert_eq!(names(&staff, "q=ngb").await, ["Northgate Holdings LLC"]);

    let twin = staff.post("/v1/holders", body("NORTHGATE HOLDINGS LLC")).await;
    twin.refused(ProblemType::HolderExists);

    let one = path(&holder, "");
    let mut changed = body("Northgate Holdings Inc.");
    changed["aliases"] = json!([]);
    staff
        .put(&one, &changed)
        .await
        .refused(ProblemType::PreconditionRequired);
    let saved = staff.put(&one, &changed).if_match(1).await;
    assert_eq!(saved.header("etag"), "\"2\"");
    assert_eq!(saved.expect(200)["name"], "Northgate Holdings Inc.");
    let stale = staff.put(&one, &changed).if_match(1).await;
    assert_eq!(stale.refused(ProblemType::StaleVersion)["current_version"], 2);
    assert!(names(&staff, "q=ngb").await.is_empty());
    let trail = app
        .value("SELECT detail->>'changed' FROM audit_entries ORDER BY seq DESC LIMIT 1")
        .await;
    assert_eq!(trail, "[\"name\", \"aliases\"]");
}

#[tokio::test]
async fn a_faulty_holder_is_refused_at_its_fields() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let many: Vec<_> = (0..21).map(|n| format!("a{n}@example.com")).collect();
    let cases = [
        ("/name", json!(" "), "/name", "empty"),
        ("/address/state", json!("XX"), "/address/state", "not_a_state"),
        (
            "/emails",
            json!(["a@example.com", "nobody"]),
            "/emails/1",
            "not_an_email",
        ),
        ("/emails", json!(many), "/emails", "too_many"),
        ("/aliases", json!(["x".repeat(2000)]), "/aliases/0", "too_long"),
        ("/phone", json!("call me"), "/phone", "not_a_phone"),
    ];
    for (place, value, pointer, code) in cases {
        let mut faulty = body("Northgate Holdings LLC");
        *faulty.pointer_mut(place).unwrap() = value;
        let problem = staff
            .post("/v1/holders", &faulty)
            .await
            .refused(ProblemType::Validation);
        let found = (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]);
        assert_eq!(found, (&json!(pointer), &json!(code)), "{place}: {problem}");
    }
    assert!(
        names(&staff, "q=Northgate").await.is_empty(),
        "nothing was written"
    );
}

/// A2.21: a holder that is put away leaves the dropdown and keeps its past; writing it down again brings it back.
#[tokio::test]
async fn a_holder_is_put_away_and_comes_back() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let holder = staff
        .get(format!("/v1/holders/{}", insured.holder))
        .await
        .expect(200);
    assert_eq!(holder["insureds"][0]["name"], "Alder Creek Roofing LLC");
    let dropdown = async || {
        let path = format!("/v1/insureds/{}/holders", insured.id);
        staff.get(path).await.expect(200)["data"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(dropdown().await, 1);
    let away = staff
        .post(path(&holder, "/archive"), ())
        .if_match(1)
        .await
        .expect(200);
    assert!(away["archived_at"].is_string());
    assert_eq!(dropdown().await, 0);
    assert!(names(&staff, "q=Northgate").await.is_empty());
    assert_eq!(
        names(&staff, "archived=true").await,
        [holder["name"].as_str().unwrap()]
    );
    staff
        .post(path(&holder, "/restore"), ())
        .if_match(1)
        .await
        .refused(ProblemType::StaleVersion);

    let master = book::id(&book::master(&staff, &insured).await);
    let mut send = insured.send_body(&master);
    send["holder"] = json!({ "new": {
        "name": holder["name"], "care_of": holder["care_of"], "address": holder["address"],
    }});
    let certificates = format!("/v1/insureds/{}/certificates", insured.id);
    staff.post(certificates, send).await.expect(201);
    app.mail().await;
    assert_eq!(dropdown().await, 1);
    assert_eq!(names(&staff, "archived=true").await, Vec::<String>::new());
}

/// A2.21: a holder that is needed once is kept with its certificate, and offered neither in the dropdown nor in the
/// library, whoever sends to it; to bring it back is a step of one's own.
#[tokio::test]
async fn a_one_time_holder_is_not_offered_again() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    let master = book::id(&book::master(&staff, &insured).await);
    let certificates = format!("/v1/insureds/{}/certificates", insured.id);
    let offered = async |browser: &Browser| {
        let page = browser.get(format!("/v1/insureds/{}/holders", insured.id)).await;
        page.expect(200)["data"].as_array().unwrap().len()
    };
    let before = offered(&staff).await;
    for (browser, name) in [
        (&staff, "Fairground Trust"),
        (&portal, "Harvest Festival Committee"),
    ] {
        let mut send = insured.send_body(&master);
        send["holder"] = json!({
            "new": {
                "name": name,
                "address": { "line1": "1 Fair Street", "city": "Reno", "state": "NV", "postal_code": "89501" },
            },
            "one_time": true,
        });
        let look = json!({ "master_id": master, "holder": send["holder"] });
        browser
            .post(format!("/v1/insureds/{}/certificates/preview", insured.id), look)
            .await
            .expect(200);
        let sent = browser.post(&certificates, send).await.expect(201);
        assert_eq!(sent["holder_name"], name);
        app.letter().await;
        assert_eq!((offered(&staff).await, offered(&portal).await), (before, before));
        let query = format!("q={}", name.split(' ').next().unwrap());
        assert_eq!(names(&staff, &query).await, Vec::<String>::new());
        assert_eq!(names(&staff, &format!("{query}&archived=true")).await, [name]);
        // The certificate has its holder, and is sent again like any other.
        let holder = staff
            .get(format!("/v1/holders/{}", sent["holder_id"].as_str().unwrap()))
            .await
            .expect(200);
        assert_ne!(holder["archived_at"], Value::Null);
        // Nor does a renewal run take it along by itself.
        let renewal = staff
            .get(format!("/v1/insureds/{}/masters/{master}/renewal", insured.id))
            .await
            .expect(200);
        let rows = renewal["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["holder_name"] == name).unwrap();
        assert_eq!(row["renewals_stopped_at"], holder["archived_at"]);
        browser
            .post(
                format!("/v1/certificates/{}/deliveries", book::id(&sent)),
                json!({ "kind": "exact_copy" }),
            )
            .await
            .expect(201);
        app.letter().await;
    }
}

/// Before a holder is added, those that may be the same are shown: by the rule of the holder's page.
#[tokio::test]
async fn holders_that_may_be_the_same_are_found_before_one_is_added() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let known = add(&staff, &body("Northgate Holdings LLC")).await;
    add(&staff, &body("Lakeside Owners Association")).await;
    let similar = async |name: &str| {
        let found = staff.post("/v1/holders/similar", json!({ "name": name })).await;
        found.expect(200)["data"].take()
    };
    for name in [
        "Northgate Holdings LLC",
        "northgate holdings, llc",
        "Northgate Holding LLC",
    ] {
        let found = similar(name).await;
        assert_eq!(found[0]["id"], known["id"], "{name}: {found}");
        assert_eq!(found[0]["address"]["city"], "Reno");
        assert_eq!(found.as_array().unwrap().len(), 1, "{name}: {found}");
    }
    assert_eq!(similar("City of Sparks").await, json!([]));
    // It prevents nothing: another one at another address is added all the same.
    let mut twin = body("Northgate Holdings LLC");
    twin["address"]["line1"] = json!("1 Other Street");
    add(&staff, &twin).await;
    // One that was put away is told with the day, so that it is brought back and not written down twice.
    let archive = staff.post(path(&known, "/archive"), ()).if_match(1);
    archive.await.expect(200);
    let found = similar("Northgate Holdings LLC").await;
    let away: Vec<_> = found
        .as_array()
        .unwrap()
        .iter()
        .filter(|holder| holder.get("archived_at").is_some())
        .map(|holder| &holder["id"])
        .collect();
    assert_eq!(away, [&known["id"]], "{found}");

    for (name, code) in [(" ", "empty"), ("a\u{7}b", "control_characters")] {
        let problem = staff
            .post("/v1/holders/similar", json!({ "name": name }))
            .await
            .refused(ProblemType::Validation);
        assert_eq!(problem["errors"][0]["pointer"], "/name");
        assert_eq!(problem["errors"][0]["code"], code);
    }
}

#[tokio::test]
async fn a_double_is_merged_into_the_one_that_stays() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let double = staff
        .get(format!("/v1/holders/{}", insured.holder))
        .await
        .expect(200);
    let stays = add(&staff, &body("Northgate Builders Incorporated")).await;
    let alike = staff.get(path(&stays, "")).await.expect(200);
    assert_eq!(alike["alike"][0]["id"], double["id"], "{alike}");

    let merge = |into: &Value| {
        staff
            .post(path(&double, "/merge"), json!({ "into": into }))
            .if_match(1)
    };
    let itself = merge(&double["id"]).await.refused(ProblemType::Validation);
    assert_eq!(itself["errors"][0]["code"], "itself");
    let unknown = merge(&json!(app.id())).await.refused(ProblemType::Validation);
    assert_eq!(unknown["errors"][0]["code"], "unknown");
    let merged = merge(&stays["id"]).await.expect(200);
    assert_eq!(merged["id"], stays["id"]);
    assert_eq!(merged["insureds"][0]["name"], "Alder Creek Roofing LLC");
    let aliases = merged["aliases"].as_array().unwrap();
    assert!(aliases.contains(&double["name"]), "{merged}");
    assert!(
        merged["emails"]
            .as_array()
            .unwrap()
            .contains(&double["emails"][0]),
        "{merged}"
    );

    assert_eq!(
        merged["merged"],
        json!([{
            "id": double["id"],
            "name": double["name"],
            "at": app.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
            "by_name": "Maren Voss",
        }])
    );

    let gone = staff.get(path(&double, "")).await.expect(200);
    assert_eq!(gone["merged_into"], stays["id"]);
    assert_eq!(gone["merged"], json!([]));
    for act in ["/archive", "/restore"] {
        staff
            .post(path(&double, act), ())
            .if_match(2)
            .await
            .refused(ProblemType::HolderMerged);
    }
    // Whoever writes the double down again gets the one that stays.
    let master = book::id(&book::master(&staff, &insured).await);
    let mut send = insured.send_body(&master);
    send["holder"] = json!({ "new": {
        "name": double["name"], "care_of": double["care_of"], "address": double["address"],
    }});
    let certificates = format!("/v1/insureds/{}/certificates", insured.id);
    staff.post(&certificates, send).await.expect(201);
    app.mail().await;
    let row = &staff.get(&certificates).await.expect(200)["data"][0];
    assert_eq!(row["holder_id"], stays["id"]);
    assert_eq!(
        row["holder_name"], double["name"],
        "the page says what was asked for"
    );
}

/// What staff call a holder among themselves is not for the portal.
#[tokio::test]
async fn a_portal_user_sees_no_library() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    portal
        .get(format!("/v1/holders/{}", insured.holder))
        .await
        .refused(ProblemType::NotFound);
    let own = portal
        .get(format!("/v1/insureds/{}/holders", insured.id))
        .await
        .expect(200);
    assert!(own["data"][0].get("aliases").is_none(), "{own}");
}

async fn held(staff: &Browser, holder: &str, on: &str) -> Value {
    let page = staff.get(format!("/v1/holders/{holder}/held?on={on}")).await;
    page.expect(200)["data"].take()
}

/// What a holder held on a day is told from what was printed, whatever became of policies and certificates later.
#[tokio::test]
async fn what_a_holder_held_on_a_day_is_told_from_what_was_printed() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let sent = staff.post(&path, insured.send_body(&master)).await.expect(201);
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&sent));
    let holder = insured.holder.to_string();

    assert_eq!(
        held(&staff, &holder, "2026-11-01").await,
        json!([]),
        "not issued yet"
    );
    let on_the_day = held(&staff, &holder, "2026-11-02").await;
    let [certificate] = on_the_day.as_array().unwrap().as_slice() else {
        panic!("one certificate: {on_the_day}");
    };
    assert_eq!(certificate["number"], sent["number"]);
    assert_eq!(certificate["insured_name"], "Alder Creek Roofing LLC");
    let lines = certificate["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0]["line"], "general_liability");
    assert_eq!(lines[0]["additional_insured"], "CG 20 10 04 13");
    assert_eq!(lines[0]["covered"], true);
    assert_eq!(
        lines[0]["limits"][0],
        json!({ "label": "Each occurrence", "amount": { "amount": "1000000.00", "currency": "USD" } })
    );
    assert_eq!(certificate["never_left"], false);
    assert_eq!(
        held(&staff, &holder, "2031-01-01").await,
        json!([]),
        "every term has ended"
    );

    // A policy that is cancelled from a day on: what the page said stays, and what was true is told beside it.
    app.wait(TimeDelta::days(3));
    let staff = people::administrator(&app).await;
    let umbrella = format!("/v1/policies/{}", insured.policy("umbrella_excess").id);
    let cancellation = json!({ "effective_on": "2026-11-04", "reason": "Nonpayment of premium" });
    staff
        .put(format!("{umbrella}/cancellation"), &cancellation)
        .if_match(1)
        .await
        .expect(200);
    for (on, covered) in [("2026-11-03", true), ("2026-11-04", false)] {
        let told = held(&staff, &holder, on).await;
        let line = told[0]["lines"]
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["line"] == "umbrella_excess")
            .unwrap()
            .clone();
        assert_eq!(line["cancelled_on"], "2026-11-04");
        assert_eq!(line["covered"], covered, "{on}");
    }

    // Withdrawn on the fifth: held until the fourth.
    let reason = json!({ "reason": "Sent for the wrong project." });
    staff.post(format!("{one}/withdrawal"), reason).await.expect(200);
    assert_eq!(held(&staff, &holder, "2026-11-05").await, json!([]));
    assert_eq!(
        held(&staff, &holder, "2026-11-04").await[0]["number"],
        sent["number"]
    );

    // A holder that takes the place of a double takes over what that one held.
    let stays = book::id(&add(&staff, &body("Lakeside Owners Association")).await);
    let merge = staff.post(format!("/v1/holders/{holder}/merge"), json!({ "into": stays }));
    merge.if_match(1).await.expect(200);
    assert_eq!(
        held(&staff, &stays, "2026-11-04").await[0]["number"],
        sent["number"]
    );

    staff
        .get(format!("/v1/holders/{holder}/held?on=yesterday"))
        .await
        .refused(ProblemType::BadRequest);
    staff
        .get(format!("/v1/holders/{holder}/held"))
        .await
        .refused(ProblemType::BadRequest);
}

fn met(requirements: &Value) -> Vec<(&str, bool)> {
    let all = requirements.as_array().unwrap().iter();
    all.map(|each| (each["kind"].as_str().unwrap(), each["met"].as_bool().unwrap()))
        .collect()
}

/// A2.20: what a holder asks of an insured is written down once, told before sending and never in the way of it.
#[tokio::test]
async fn what_a_holder_asks_for_is_held_against_what_would_be_sent() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let link = format!("/v1/insureds/{}/holders/{}", insured.id, insured.holder);
    let blank = staff.get(&link).await.expect(200);
    assert_eq!(
        (&blank["version"], &blank["receives_renewals"]),
        (&json!(1), &json!(true))
    );
    assert!(blank.get("check").is_none(), "nothing is asked for: {blank}");

    let usd = |amount: &str| json!({ "amount": amount, "currency": "USD" });
    let asked = json!({
        "contract_reference": "Subcontract 4471",
        "receives_renewals": false,
        "requirements": {
            "limits": [
                { "limit": "gl_each_occurrence", "minimum": usd("1000000") },
                { "limit": "umb_each_occurrence", "minimum": usd("25000000.00") },
            ],
            "additional_insured_ongoing": true,
            "additional_insured_completed": true,
            "waiver": ["general_liability"],
            "forms": [{ "form_number": "CG 20 10", "edition": "0413" }],
        },
    });
    let cases = [
        (
            "/requirements/limits/0/minimum/amount",
            json!("1M"),
            "not_an_amount",
        ),
        ("/requirements/limits/0/minimum/amount", json!("0"), "zero"),
        ("/requirements/limits/0/minimum/currency", json!("EUR"), "not_usd"),
        (
            "/requirements/limits/1/limit",
            json!("gl_each_occurrence"),
            "twice",
        ),
        (
            "/requirements/forms/0/edition",
            json!("last year"),
            "not_an_edition",
        ),
        ("/requirements/forms/0/form_number", json!(" "), "empty"),
        ("/contract_reference", json!("x".repeat(2000)), "too_long"),
    ];
    for (place, value, code) in cases {
        let mut faulty = asked.clone();
        *faulty.pointer_mut(place).unwrap() = value;
        let problem = staff
            .put(&link, &faulty)
            .if_match(1)
            .await
            .refused(ProblemType::Validation);
        let found = (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]);
        assert_eq!(found, (&json!(place), &json!(code)), "{problem}");
    }
    staff
        .put(&link, &asked)
        .await
        .refused(ProblemType::PreconditionRequired);
    let saved = staff.put(&link, &asked).if_match(1).await;
    assert_eq!(saved.header("etag"), "\"2\"");
    let saved = saved.expect(200);
    assert_eq!(saved["requirements"]["forms"][0]["edition"], "04 13");
    assert_eq!(
        saved["requirements"]["limits"][0]["minimum"]["amount"],
        "1000000.00"
    );
    assert_eq!(saved["receives_renewals"], false);
    let stale = staff.put(&link, &asked).if_match(1).await;
    assert_eq!(stale.refused(ProblemType::StaleVersion)["current_version"], 2);
    let dropdown = staff
        .get(format!("/v1/insureds/{}/holders", insured.id))
        .await
        .expect(200);
    assert_eq!(dropdown["data"][0]["contract_reference"], "Subcontract 4471");

    // Told with the page before sending, and no reason not to send.
    let draft = json!({ "master_id": master, "holder": { "id": insured.holder } });
    let preview = format!("/v1/insureds/{}/certificates/preview", insured.id);
    let page = staff.post(&preview, &draft).await.expect(200);
    let told = [
        ("minimum_limit", true),
        ("minimum_limit", false),
        ("additional_insured_ongoing", true),
        ("additional_insured_completed", false),
        ("waiver", true),
        ("form", true),
    ];
    assert_eq!(met(&page["requirements"]), told, "{}", page["requirements"]);
    assert_eq!(page["requirements"][3]["fix"], "Ask the carrier for CG 20 37.");
    assert_eq!(page["sendable"], true);
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    let theirs = portal.post(&preview, &draft).await.expect(200);
    assert_eq!(theirs["requirements"], json!([]));
    portal.get(&link).await.refused(ProblemType::NotFound);
    let check = json!({ "master_id": master, "holder_ids": [insured.holder] });
    let rows = staff
        .post(format!("/v1/insureds/{}/batches/check", insured.id), check)
        .await
        .expect(200);
    assert_eq!(met(&rows["rows"][0]["requirements"]), told);
    let certificates = format!("/v1/insureds/{}/certificates", insured.id);
    let sent = staff
        .post(&certificates, insured.send_body(&master))
        .await
        .expect(201);
    app.letter().await;

    // The holder's page tells the same of what it has; the renewal run leaves it out and says since when.
    let shown = staff.get(&link).await.expect(200);
    assert_eq!(shown["check"]["certificate_number"], sent["number"]);
    assert_eq!(met(&shown["check"]["requirements"]), told);
    let renewal = staff
        .get(format!("/v1/insureds/{}/masters/{master}/renewal", insured.id))
        .await
        .expect(200);
    assert!(renewal["rows"][0]["renewals_stopped_at"].is_string(), "{renewal}");
    assert_eq!(renewal["rows"][0]["contract_reference"], "Subcontract 4471");
    assert_eq!(met(&renewal["rows"][0]["requirements"]), told);

    // A link that was never made is made by writing it, once; a merge carries what the double says.
    let stays = add(&staff, &body("Northgate Builders Incorporated")).await;
    let fresh = format!("/v1/insureds/{}/holders/{}", insured.id, book::id(&stays));
    assert_eq!(staff.get(&fresh).await.expect(200)["version"], 0);
    let unlinked = staff.get(path(&stays, "")).await.expect(200);
    assert_eq!(unlinked["insureds"], json!([]));
    staff
        .put(&fresh, json!({ "contract_reference": null }))
        .if_match(0)
        .await
        .expect(200);
    let again = staff
        .put(&fresh, json!({ "contract_reference": "Job 1" }))
        .if_match(0)
        .await;
    again.refused(ProblemType::StaleVersion);
    let double = staff
        .get(format!("/v1/holders/{}", insured.holder))
        .await
        .expect(200);
    let merge = staff.post(path(&double, "/merge"), json!({ "into": stays["id"] }));
    let merged = merge.if_match(1).await.expect(200);
    assert_eq!(merged["insureds"][0]["contract_reference"], "Subcontract 4471");
    let taken_over = staff.get(&fresh).await.expect(200);
    assert_eq!(taken_over["requirements"], saved["requirements"]);
    assert_eq!(taken_over["version"], 2);
    assert_eq!(taken_over["check"]["certificate_number"], sent["number"]);
    let kept = taken_over["receives_renewals"] == true;
    assert!(
        kept,
        "whether renewals go there is as it was with the one that stays"
    );
    staff
        .put(&link, &asked)
        .if_match(0)
        .await
        .refused(ProblemType::HolderMerged);
    let trail = app
        .value("SELECT detail->>'changed' FROM audit_entries WHERE action = 'holder_link_edited' ORDER BY seq LIMIT 1")
        .await;
    assert_eq!(
        trail,
        "[\"contract_reference\", \"receives_renewals\", \"requirements\"]"
    );
}

async fn group(staff: &Browser, name: &str) -> Value {
    staff
        .post("/v1/holder-groups", json!({ "name": name }))
        .await
        .expect(201)
}

/// A2.28: holders are gathered in groups of the agency's own, which filter the library that a sending picks from.
#[tokio::test]
async fn holders_are_gathered_in_groups() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let [school, water, city] = [
        add(&staff, &body("Washoe School District")).await,
        add(&staff, &body("Truckee Water Authority")).await,
        add(&staff, &body("City of Sparks")).await,
    ];
    let public = group(&staff, "Public bodies").await;
    assert_eq!(
        (&public["holders"], &public["may"]),
        (&json!(0), &json!(["edit"]))
    );
    let twin = staff
        .post("/v1/holder-groups", json!({ "name": "PUBLIC BODIES" }))
        .await;
    twin.refused(ProblemType::HolderGroupNameTaken);
    let blank = staff.post("/v1/holder-groups", json!({ "name": " " })).await;
    blank.refused(ProblemType::Validation);

    let one = format!("/v1/holder-groups/{}", book::id(&public));
    let members = format!("{one}/holders");
    let unknown = json!({ "add": [school["id"], app.id()] });
    let problem = staff
        .put(&members, unknown)
        .await
        .refused(ProblemType::Validation);
    assert_eq!(problem["errors"][0]["pointer"], "/add/1");
    let many: Vec<_> = (0..501).map(|_| app.id()).collect();
    let problem = staff
        .put(&members, json!({ "remove": many }))
        .await
        .refused(ProblemType::Validation);
    assert_eq!(problem["errors"][0]["code"], "too_many");
    let joined = json!({ "add": [school["id"], water["id"], school["id"]] });
    for _ in 0..2 {
        let changed = staff.put(&members, &joined).await.expect(200);
        assert_eq!(changed["holders"], 2, "who is in it stays");
    }
    let of_group = format!("group={}", book::id(&public));
    let both = ["Truckee Water Authority", "Washoe School District"];
    assert_eq!(names(&staff, &of_group).await, both);
    assert_eq!(names(&staff, &format!("{of_group}&q=water")).await, [both[0]]);
    let shown = staff.get(path(&school, "")).await.expect(200);
    assert_eq!(
        shown["groups"],
        json!([{ "id": public["id"], "name": "Public bodies" }])
    );

    // The one that stays takes the place of its double; one that was put away is counted no more.
    let merge = staff.post(path(&water, "/merge"), json!({ "into": city["id"] }));
    merge.if_match(1).await.expect(200);
    assert_eq!(names(&staff, &of_group).await, ["City of Sparks", both[1]]);
    let double = staff.put(&members, json!({ "add": [water["id"]] })).await;
    double.refused(ProblemType::Validation);
    staff
        .post(path(&school, "/archive"), ())
        .if_match(1)
        .await
        .expect(200);
    let listed = staff.get("/v1/holder-groups").await.expect(200);
    assert_eq!(listed["data"][0]["holders"], 1);
    let left = staff
        .put(&members, json!({ "remove": [city["id"], water["id"]] }))
        .await
        .expect(200);
    assert_eq!(left["holders"], 0);

    let lenders = group(&staff, "Lenders").await;
    let taken = staff.put(&one, json!({ "name": "lenders" })).if_match(1).await;
    taken.refused(ProblemType::HolderGroupNameTaken);
    let renamed = staff
        .put(&one, json!({ "name": "Government" }))
        .if_match(1)
        .await
        .expect(200);
    assert_eq!(
        (&renamed["name"], &renamed["version"]),
        (&json!("Government"), &json!(2))
    );
    let stale = staff.put(&one, json!({ "name": "Again" })).if_match(1).await;
    stale.refused(ProblemType::StaleVersion);
    let away = format!("/v1/holder-groups/{}", book::id(&lenders));
    staff.delete(&away).await.expect(204);
    staff.delete(&away).await.refused(ProblemType::NotFound);
    staff.delete(&one).await.expect(204);
    assert_eq!(
        staff.get("/v1/holder-groups").await.expect(200)["data"],
        json!([])
    );
    assert_eq!(
        names(&staff, "q=sparks").await,
        ["City of Sparks"],
        "its holders stay"
    );
}
