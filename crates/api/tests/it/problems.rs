//! Requests that are none of ours, or none at all: every refusal is a problem of a known type, and every
//! answer has the headers it must have.

use countersign_api::ProblemType;
use reqwest::Method;
use serde_json::json;

use crate::support::app::PASSWORD;
use crate::support::{App, book, people};

/// A page of another site cannot write here, whatever the browser sends along.
#[tokio::test]
async fn a_write_from_another_site_is_refused() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let body = json!({
        "name": "Elko Fence Co.", "kind": "commercial",
        "address": { "line1": "1 Main Street", "city": "Elko", "state": "NV", "postal_code": "89801" },
    });
    let ours = format!("http://staff.localhost:{}", app.port());
    let asks = [
        staff.post("/v1/insureds", &body).without("x-countersign"),
        staff
            .post("/v1/insureds", &body)
            .without("x-countersign")
            .header("origin", &ours),
        staff
            .post("/v1/insureds", &body)
            .header("sec-fetch-site", "cross-site"),
        staff
            .post("/v1/insureds", &body)
            .header("sec-fetch-site", "same-site"),
        staff
            .post("/v1/insureds", &body)
            .header("origin", "https://evil.example.com"),
        staff.post("/v1/insureds", &body).header("origin", "null"),
        staff
            .put("/v1/agency", &body)
            .without("x-countersign")
            .if_match(1),
        staff.delete("/v1/session").without("x-countersign"),
        staff.ask(Method::PATCH, "/v1/agency").without("x-countersign"),
    ];
    for ask in asks {
        ask.await.refused(ProblemType::CrossSiteRequest);
    }
    assert_eq!(staff.get("/v1/insureds").await.expect(200)["data"], json!([]));
    // Signing somebody in from outside is a write too.
    let session =
        json!({ "agency": "summit-ridge", "app": "staff", "username": "maren", "password": PASSWORD });
    app.staff()
        .post("/v1/session", session)
        .header("sec-fetch-site", "cross-site")
        .await
        .refused(ProblemType::CrossSiteRequest);
    // Reading needs no header, and our own pages may write.
    staff
        .get("/v1/insureds")
        .without("x-countersign")
        .await
        .expect(200);
    staff
        .post("/v1/insureds", &body)
        .header("sec-fetch-site", "same-origin")
        .header("origin", &ours)
        .await
        .expect(201);
    staff.get("/v1/session").await.expect(200);
}

/// No other origin is ever told that it may read or write.
#[tokio::test]
async fn no_other_origin_is_granted_anything() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    for (method, path) in [
        (Method::OPTIONS, "/v1/insureds"),
        (Method::GET, "/v1/insureds"),
        (Method::GET, "/livez"),
    ] {
        let answer = staff
            .ask(method, path)
            .header("origin", "https://evil.example.com")
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "x-countersign")
            .await;
        let granted: Vec<_> = answer
            .headers
            .keys()
            .filter(|name| name.as_str().starts_with("access-control-"))
            .collect();
        assert!(granted.is_empty(), "{granted:?}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_the_reason() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let post = |media_type: &str, body: &str| {
        staff
            .ask(Method::POST, "/v1/insureds")
            .bytes(media_type, body.as_bytes().to_vec())
    };
    post("application/json", "{")
        .await
        .refused(ProblemType::BadRequest);
    post("application/json", "")
        .await
        .refused(ProblemType::BadRequest);
    post("application/json", "\u{feff}{}")
        .await
        .refused(ProblemType::BadRequest);
    post("text/plain", "{}")
        .await
        .refused(ProblemType::UnsupportedMediaType);
    post("application/x-www-form-urlencoded", "name=x")
        .await
        .refused(ProblemType::UnsupportedMediaType);
    for shape in ["{}", "[]", "null", "7", r#"{"name": 7}"#] {
        let problem = post("application/json", shape)
            .await
            .refused(ProblemType::Validation);
        assert_eq!(problem["errors"][0]["code"], "wrong_shape", "{shape}");
    }
    // A field that nobody knows is a mistake, not something to pass over.
    let unknown = json!({
        "name": "Elko Fence Co.", "kind": "commercial", "colour": "red",
        "address": { "line1": "1 Main Street", "city": "Elko", "state": "NV", "postal_code": "89801" },
    });
    let problem = staff
        .post("/v1/insureds", unknown)
        .await
        .refused(ProblemType::Validation);
    assert!(
        problem["errors"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("colour"),
        "{problem}"
    );
    let large = format!("{{\"name\": \"{}\"}}", "x".repeat(300 * 1024));
    post("application/json", &large)
        .await
        .refused(ProblemType::PayloadTooLarge);
    // Deeply nested input does not take the server down.
    let deep = "[".repeat(100_000);
    assert_eq!(post("application/json", &deep).await.status, 422);
    staff.get("/livez").await.expect(200);
}

#[tokio::test]
async fn an_address_that_is_not_there_is_a_problem_as_well() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    for path in [
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/insureds/7",
        "/v1/insureds/not-an-id/policies",
        "/nothing.js",
    ] {
        staff.get(path).await.refused(ProblemType::NotFound);
    }
    staff
        .get(format!("/v1/insureds/{}", app.id()))
        .await
        .refused(ProblemType::NotFound);
    staff
        .get(format!("/v1/certificates/{}/preview", app.id()))
        .await
        .refused(ProblemType::NotFound);
    for (method, path, allowed) in [
        (Method::DELETE, "/v1/insureds", "GET"),
        (Method::PATCH, "/v1/agency", "GET"),
        (Method::POST, "/v1/home", "GET"),
        (Method::GET, "/v1/passwords", "POST"),
    ] {
        let answer = staff.ask(method, path).await;
        answer.refused(ProblemType::MethodNotAllowed);
        assert!(
            answer.header("allow").contains(allowed),
            "{path}: {:?}",
            answer.header("allow")
        );
    }
    let head = staff.ask(Method::HEAD, "/v1/nothing").await;
    assert_eq!((head.status, head.bytes.len()), (404, 0));
}

/// A stranger learns nothing but that somebody must sign in; a broken cookie is no cookie.
#[tokio::test]
async fn a_broken_cookie_is_no_session() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let cookie = staff.cookie().unwrap();
    let (name, secret) = cookie.split_once('=').unwrap();
    let elsewhere = people::administrator_elsewhere(&app).await.cookie().unwrap();
    let foreign = elsewhere.split_once('=').unwrap().1;
    // The agency of one, the secret of another.
    let mixed = format!("{}{}", &secret[..22], &foreign[22..]);
    for value in [
        "",
        "x",
        &secret[1..],
        &mixed,
        &"A".repeat(64),
        "%00",
        &format!("{secret}A"),
    ] {
        let browser = app.staff();
        browser.keep(format!("{name}={value}"));
        browser
            .get("/v1/session")
            .await
            .refused(ProblemType::SessionRequired);
        browser
            .get("/v1/insureds")
            .await
            .refused(ProblemType::SessionRequired);
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_that_keep_a_browser_safe() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let data = staff.get("/v1/insureds").await;
    let refused = staff.get("/v1/nothing").await;
    let cross = staff.delete("/v1/session").without("x-countersign").await;
    let alive = staff.get("/livez").await;
    assert_eq!(
        alive.header("content-security-policy"),
        "default-src 'none'; frame-ancestors 'none'; sandbox",
        "what is no page runs nothing"
    );
    for answer in [&data, &refused, &cross] {
        assert_eq!(
            answer.header("content-security-policy"),
            "default-src 'none'; frame-ancestors 'none'; sandbox"
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert!(answer.header("permissions-policy").contains("camera=()"));
    }
    for app in ["staff", "portal"] {
        let elsewhere = staff.at_app(app).get("/docs/").await;
        elsewhere.refused(ProblemType::NotFound);
    }
    let page = staff.at_app("api").get("/docs/").await;
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    let scripts = policy
        .split(';')
        .find(|part| part.trim().starts_with("script-src"))
        .unwrap();
    assert_eq!(scripts.trim(), "script-src 'self'");
    for answer in [&data, &page] {
        assert!(answer.headers.get("server").is_none());
        // Not over plain HTTP, where a browser would ignore it anyway.
        assert!(answer.headers.get("strict-transport-security").is_none());
    }
    let ids: std::collections::BTreeSet<_> = [&data, &refused, &page]
        .iter()
        .map(|answer| answer.header("x-request-id").to_owned())
        .collect();
    assert_eq!(ids.len(), 3);
}

#[tokio::test]
async fn the_process_tells_whether_it_lives_and_whether_it_can_work() {
    let app = App::start().await;
    let live = app.staff().get("/livez").await;
    assert_eq!((live.status, live.text().as_str()), (200, "alive\n"));
    // A probe is told within 250 ms, and asks again when that was too short for a busy machine.
    let mut ready = app.staff().get("/readyz").await;
    for _ in 0..100 {
        if ready.status != 200 || ready.json()["oldest_ready_job_seconds"].is_null() {
            ready = app.staff().get("/readyz").await;
        }
    }
    let ready = ready.expect(200);
    assert_eq!(
        (&ready["database"], &ready["schema"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(ready["worker_age_seconds"], json!(null), "no worker was seen yet");
    // A schema of another release is not one this server can work on.
    app.sql(app.agency, "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)")
        .await;
    let unready = app.staff().get("/readyz").await;
    assert_eq!(unready.status, 503);
}

#[tokio::test]
async fn the_contract_is_served_with_a_page_to_read_it() {
    let app = App::start().await;
    let served = app.staff().get("/v1/openapi.json").await;
    assert_eq!(served.header("content-type"), "application/json");
    let committed = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/countersign.json");
    let committed = std::fs::read_to_string(committed).unwrap();
    assert_eq!(
        served.json(),
        serde_json::from_str::<serde_json::Value>(&committed).unwrap()
    );
    let page = app.staff().at_app("api").get("/docs/").await;
    assert_eq!(page.status, 200, "{}", page.text());
}

/// The id on the answer stands in the audit trail, as it stands on the log line.
#[tokio::test]
async fn a_request_is_known_by_one_id_from_header_to_history() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let body = insured.master_body("All lines", &["general_liability"]);
    let answer = staff
        .post(format!("/v1/insureds/{}/masters", insured.id), body)
        .await;
    let id = app
        .value("SELECT request_id::text FROM audit_entries WHERE action = 'master_created'")
        .await;
    assert_eq!(answer.header("x-request-id"), id);
}

/// A limit above the largest page gives the largest page, and no text holds a NUL.
#[tokio::test]
async fn what_no_list_can_give_is_told_and_breaks_nothing() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    for limit in ["0", "201", "99999", "4000000000"] {
        staff.get(format!("/v1/insureds?limit={limit}")).await.expect(200);
    }
    for path in [
        "/v1/insureds?q=%00",
        "/v1/holders?q=a%00b",
        "/v1/certificates?holder_contains=%00",
        "/v1/search?q=acme%00",
        "/v1/agencies/%00",
    ] {
        staff.get(path).await.refused(ProblemType::BadRequest);
    }
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let named = json!({ "rows": [{ "name": "City\u{0}of Sparks" }] });
    staff
        .post(format!("/v1/insureds/{}/batches/holders", insured.id), named)
        .await
        .expect(200);
}
