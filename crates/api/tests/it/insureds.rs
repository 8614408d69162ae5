//! The Insureds section: list, search, profile, and the home pages.

use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use serde_json::{Value, json};

use crate::support::{App, book, people};

fn names(page: &Value) -> Vec<&str> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row["name"].as_str())
        .collect()
}

fn body(name: &str) -> Value {
    json!({
        "name": name,
        "kind": "commercial",
        "email": "Office@Example.com",
        "address": { "line1": "1 Main Street", "city": "Elko", "state": "NV", "postal_code": "89801" },
    })
}

/// A1.02: the Insureds section lists, searches, sorts and pages.
#[tokio::test]
async fn insureds_are_listed_searched_sorted_and_paged() {
    let app = App::start().await;
    let staff = people::service_staff(&app).await;
    let alder = book::insured(&app, "Alder Creek Roofing LLC").await;
    book::insured(&app, "basin electric inc").await;
    book::insured(&app, "Carson Paving Inc").await;
    staff
        .post("/v1/insureds", body("Desert Bloom 100% LLC"))
        .await
        .expect(201);

    let page = staff.get("/v1/insureds").await.expect(200);
    let all = [
        "Alder Creek Roofing LLC",
        "basin electric inc",
        "Carson Paving Inc",
        "Desert Bloom 100% LLC",
    ];
    assert_eq!(names(&page), all);
    let row = &page["data"][0];
    assert_eq!(row["policy_count"], 5);
    assert_eq!(row["next_expiration_on"], "2027-01-01");
    assert!(row.get("portal_state").is_none());

    let found = async |query: &str| -> Vec<String> {
        let page = staff.get(format!("/v1/insureds?{query}")).await.expect(200);
        names(&page).iter().map(|name| (*name).to_owned()).collect()
    };
    assert_eq!(found("q=ELECTRIC").await, ["basin electric inc"]);
    assert_eq!(found("q=office%40aldercreek").await, ["Alder Creek Roofing LLC"]);
    let number = insured_policy(&alder);
    assert_eq!(found(&format!("q={number}")).await, ["Alder Creek Roofing LLC"]);
    assert_eq!(found("q=%25").await, ["Desert Bloom 100% LLC"]);
    assert_eq!(found("q=nobody").await, [""; 0]);
    assert_eq!(found("sort=-name&limit=1").await, ["Desert Bloom 100% LLC"]);
    assert_eq!(found("sort=city&limit=1").await, ["Desert Bloom 100% LLC"]);
    assert_eq!(found("sort=-city&limit=1").await.len(), 1);
    assert_eq!(
        found("sort=next_expiration").await.last().unwrap(),
        "Desert Bloom 100% LLC"
    );
    // Either way, who has nothing in force comes last.
    assert_eq!(
        found("sort=-next_expiration").await.last().unwrap(),
        "Desert Bloom 100% LLC"
    );
    assert_eq!(found("state=NV").await.len(), 4);
    assert_eq!(found("state=CA").await.len(), 0);

    for sort in [
        "name",
        "-name",
        "city",
        "-city",
        "next_expiration",
        "-next_expiration",
    ] {
        let mut seen = Vec::new();
        let mut path = format!("/v1/insureds?sort={sort}&limit=1");
        loop {
            let page = staff.get(&path).await.expect(200);
            seen.extend(names(&page).iter().map(|name| (*name).to_owned()));
            let Some(cursor) = page["page"]["next_cursor"].as_str() else {
                break;
            };
            path = format!("/v1/insureds?sort={sort}&limit=1&cursor={cursor}");
        }
        seen.sort();
        let mut wanted = all.map(str::to_owned);
        wanted.sort();
        assert_eq!(seen, wanted, "{sort}");
    }
    let fault = staff
        .get("/v1/insureds?state=XX")
        .await
        .refused(ProblemType::Validation);
    assert_eq!(fault["errors"][0]["pointer"], "/state");
    staff
        .get("/v1/insureds?sort=size")
        .await
        .refused(ProblemType::BadRequest);
}

fn insured_policy(insured: &book::Insured) -> &str {
    insured.policy("general_liability").number.as_str()
}

/// A2.05: the global search and the Insureds menu end on the same profile.
#[tokio::test]
async fn the_global_search_reaches_the_profile_by_every_name_it_goes_by() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let sent = staff
        .post(
            format!("/v1/insureds/{}/certificates", insured.id),
            insured.send_body(&master),
        )
        .await
        .expect(201);
    app.letter().await;
    let listed = staff.get("/v1/insureds?q=alder").await.expect(200);
    let id = insured.id.to_string();
    assert_eq!(listed["data"][0]["id"], id);

    app.sql(
        app.agency,
        &format!("UPDATE insureds SET customer_id = 'Q-7741' WHERE id = '{id}'"),
    )
    .await;
    let listed = staff.get("/v1/insureds?q=q-77").await.expect(200);
    assert_eq!(listed["data"][0]["id"], id);
    let cases = [
        ("alder creek", "insured", "name"),
        ("q-7741", "insured", "customer_number"),
        ("office%40aldercreek", "insured", "email"),
        (insured_policy(&insured), "policy", "policy_number"),
        (
            sent["number"].as_str().unwrap(),
            "certificate",
            "certificate_number",
        ),
        ("northgate", "holder", "name"),
    ];
    for (text, kind, matched) in cases {
        let hits = staff
            .get(format!("/v1/search?q={}", text.replace(' ', "%20")))
            .await
            .expect(200);
        let hit = hits["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(|hit| hit["kind"] == kind);
        let hit = hit.unwrap_or_else(|| panic!("{text} finds no {kind}: {hits}"));
        assert_eq!(hit["insured_id"], id, "{text}");
        assert_eq!(hit["matched"], matched, "{text}");
        assert!(!hit["title"].as_str().unwrap().is_empty() && !hit["subtitle"].as_str().unwrap().is_empty());
    }
    for nothing in ["", "%20", "zzz", "%25%25"] {
        assert_eq!(
            staff.get(format!("/v1/search?q={nothing}")).await.expect(200)["data"],
            json!([])
        );
    }
    staff
        .get(format!("/v1/search?q={}", "x".repeat(201)))
        .await
        .refused(ProblemType::Validation);
    staff.get("/v1/search").await.refused(ProblemType::BadRequest);
    // What a list would not show, search does not find.
    let limited = people::csr(&app, &[Permission::ViewInsureds]).await;
    let hits = limited
        .get(format!("/v1/search?q={}", sent["number"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(hits["data"], json!([]));
    let elsewhere = people::administrator_elsewhere(&app).await;
    assert_eq!(
        elsewhere.get("/v1/search?q=alder").await.expect(200)["data"],
        json!([])
    );
}

/// A1.02, A2.04: the profile is created, shown and changed, and tells what can be done on it.
#[tokio::test]
async fn a_profile_is_created_shown_and_changed() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let mut wanted = body("  Elko Fence Co.  ");
    wanted["customer_id"] = json!("C-900");
    wanted["phone"] = json!("775-555-0101");
    let created = staff.post("/v1/insureds", &wanted).await.expect(201);
    assert_eq!(created["name"], "Elko Fence Co.");
    assert_eq!(created["version"], 1);
    assert_eq!(
        created["may"],
        json!(["edit", "create_user_account", "send_certificate", "create_master"])
    );
    let path = format!("/v1/insureds/{}", book::id(&created));
    let shown = staff.get(&path).await;
    assert_eq!(shown.header("etag"), "\"1\"");
    assert_eq!(shown.expect(200), created);

    let mut change = wanted.clone();
    change["trade"] = json!("Fencing");
    change["phone"] = Value::Null;
    staff
        .put(&path, &change)
        .await
        .refused(ProblemType::PreconditionRequired);
    let changed = staff.put(&path, &change).if_match(1).await;
    assert_eq!(changed.header("etag"), "\"2\"");
    let changed = changed.expect(200);
    assert_eq!(changed["trade"], "Fencing");
    assert!(changed.get("phone").is_none(), "fields left out are cleared");
    let stale = staff
        .put(&path, &change)
        .if_match(1)
        .await
        .refused(ProblemType::StaleVersion);
    assert_eq!(stale["current_version"], 2);

    staff
        .post("/v1/insureds", &wanted)
        .await
        .refused(ProblemType::CustomerIdTaken);
    let faulty = json!({
        "name": "", "kind": "commercial", "email": "nowhere", "phone": "x",
        "address": { "line1": "", "city": "", "state": "Nevada!", "postal_code": "1" },
    });
    let problem = staff
        .post("/v1/insureds", faulty)
        .await
        .refused(ProblemType::Validation);
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|error| error["pointer"].as_str())
        .collect();
    assert_eq!(
        pointers,
        [
            "/name",
            "/email",
            "/phone",
            "/address/line1",
            "/address/city",
            "/address/state",
            "/address/postal_code"
        ]
    );
    let history = staff.get(format!("{path}/activity")).await.expect(200);
    let told: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["summary"].as_str())
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("Changed the profile: ") && told[0].contains("trade"),
        "{told:?}"
    );
    assert_eq!(told[1], "Created the insured");

    let reader = people::csr(&app, &[Permission::ViewInsureds]).await;
    assert_eq!(reader.get(&path).await.expect(200)["may"], json!([]));
}

/// A2.04: policies are shown as they are today, with forms and limits.
#[tokio::test]
async fn policies_are_shown_as_they_are_today() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let list = staff
        .get(format!("/v1/insureds/{}/policies", insured.id))
        .await
        .expect(200);
    let policies = list["data"].as_array().unwrap();
    assert_eq!(policies.len(), 5);
    let general = policies
        .iter()
        .find(|policy| policy["line"] == "general_liability")
        .unwrap();
    assert_eq!(general["state"], "in_force");
    assert_eq!(general["carrier"]["naic"], "90011");
    assert_eq!(general["endorsements"].as_array().unwrap().len(), 2);
    let limits = general["coverage"]["limits"].as_array().unwrap();
    assert!(limits.contains(&json!({
        "label": limits[0]["label"], "amount": { "amount": "1000000.00", "currency": "USD" }
    })));
    // Read-only for everybody: no method but GET.
    for method in [
        reqwest::Method::POST,
        reqwest::Method::PUT,
        reqwest::Method::DELETE,
    ] {
        let path = format!("/v1/insureds/{}/policies", insured.id);
        staff
            .ask(method, path)
            .await
            .refused(ProblemType::MethodNotAllowed);
    }
}

#[tokio::test]
async fn the_home_page_shows_what_ends_soon_what_was_sent_and_what_failed() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let other = book::insured(&app, "Basin Electric Inc").await;
    let soon = other.policy("commercial_auto").id;
    app.sql(
        app.agency,
        &format!("UPDATE policies SET expires_on = '2026-12-02' WHERE id = '{soon}'"),
    )
    .await;
    let master = book::id(&book::master(&staff, &insured).await);
    staff
        .post(
            format!("/v1/insureds/{}/certificates", insured.id),
            insured.send_body(&master),
        )
        .await
        .expect(201);
    app.letter().await;
    let home = staff.get("/v1/home").await.expect(200);
    assert_eq!(
        home["counts"],
        json!({ "insureds": 2, "policies_in_force": 10, "certificates_30_days": 1 })
    );
    assert_eq!(home["expiring"].as_array().unwrap().len(), 1);
    assert_eq!(home["expiring"][0]["insured_name"], "Basin Electric Inc");
    assert_eq!(home["expiring"][0]["expires_on"], "2026-12-02");
    assert!(home["expiring"][0].get("cancelled_on").is_none());
    assert_eq!(home["recent_certificates"][0]["number"], "26-000001");
    assert_eq!(home["failed_jobs"], 0);

    // A cancellation that is ahead ends a policy too, whenever its term would have ended; one past the thirty days
    // is no news yet, and one that took effect is none any more.
    for (line, day) in [
        ("umbrella_excess", "2026-11-20"),
        ("workers_compensation", "2027-01-15"),
        ("general_liability", "2026-11-02"),
    ] {
        let id = other.policy(line).id;
        app.sql(
            app.agency,
            &format!("UPDATE policies SET status = 'cancelled', cancelled_on = '{day}' WHERE id = '{id}'"),
        )
        .await;
    }
    let home = staff.get("/v1/home").await.expect(200);
    let ends: Vec<_> = home["expiring"]
        .as_array()
        .unwrap()
        .iter()
        .map(|policy| (policy["line"].clone(), policy["cancelled_on"].clone()))
        .collect();
    assert_eq!(
        ends,
        [
            (json!("umbrella_excess"), json!("2026-11-20")),
            (json!("commercial_auto"), json!(null)),
        ]
    );

    // What is renewed by a term that is bound is no news either; a quote renews nothing yet.
    for (status, left) in [("quoted", 2), ("bound", 1)] {
        let next = other.policy("other").id;
        app.sql(
            app.agency,
            &format!("UPDATE policies SET prior_id = '{soon}', status = '{status}' WHERE id = '{next}'"),
        )
        .await;
        let home = staff.get("/v1/home").await.expect(200);
        assert_eq!(
            home["expiring"].as_array().unwrap().len(),
            left,
            "{status}: {home}"
        );
    }

    let limited = people::csr(&app, &[Permission::ViewInsureds]).await;
    let home = limited.get("/v1/home").await.expect(200);
    assert_eq!(home["recent_certificates"], json!([]));
    assert!(home.get("failed_jobs").is_none());
}

/// A1.26, A1.28: the portal's home shows each part only where it was granted.
#[tokio::test]
async fn the_portals_home_shows_only_what_was_granted() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    staff
        .post(
            format!("/v1/insureds/{}/certificates", insured.id),
            insured.send_body(&master),
        )
        .await
        .expect(201);
    app.letter().await;
    let portal = people::portal_user_of(&app, &insured, &[]).await;
    let rights = async |rights: &[Right]| {
        let words: Vec<_> = rights.iter().map(|right| right.as_str()).collect();
        let account = format!("/v1/insureds/{}/portal-user", insured.id);
        let version = staff.get(&account).await.expect(200)["version"].clone();
        staff
            .put(format!("{account}/rights"), json!({ "rights": words }))
            .if_match(version)
            .await
            .expect(200);
        portal.get("/v1/portal/home").await.expect(200)
    };
    let bare = rights(&[]).await;
    assert_eq!(bare["insured"]["name"], insured.name);
    assert_eq!(bare["agency"]["phone"], "(775) 555-0142");
    assert!(bare.get("policies").is_none());
    assert_eq!(bare["recent_certificates"], json!([]));
    let covered = rights(&[Right::ViewPolicyInformation]).await;
    assert_eq!(covered["policies"].as_array().unwrap().len(), 5);
    assert_eq!(covered["recent_certificates"], json!([]));
    let sender = rights(&[Right::SendCertificates]).await;
    assert!(sender.get("policies").is_none());
    assert_eq!(sender["recent_certificates"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_agencys_holders_are_listed_by_name() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    book::insured(&app, "Basin Electric Inc").await;
    let page = staff.get("/v1/holders?q=NORTHGATE&limit=1").await.expect(200);
    assert_eq!(names(&page), ["Northgate Builders, Inc."]);
    let cursor = page["page"]["next_cursor"].as_str().unwrap();
    let next = staff
        .get(format!("/v1/holders?q=NORTHGATE&limit=1&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(next["page"]["has_more"], false);
    assert_ne!(next["data"][0]["id"], page["data"][0]["id"]);
    assert_eq!(
        page["data"][0]["emails"],
        json!(["certificates@northgate.example.com"])
    );
    assert_eq!(staff.get("/v1/holders?q=_").await.expect(200)["data"], json!([]));
    let own = staff
        .get(format!("/v1/insureds/{}/holders", insured.id))
        .await
        .expect(200);
    assert_eq!(own["data"].as_array().unwrap().len(), 1);
}
