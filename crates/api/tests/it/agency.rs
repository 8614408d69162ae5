//! The agency's own profile.

use countersign_api::ProblemType;
use serde_json::{Value, json};

use crate::support::{App, book, people};

#[tokio::test]
async fn an_administrator_changes_the_agencys_profile() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let shown = staff.get("/v1/agency").await;
    assert_eq!(shown.header("etag"), "\"1\"");
    let agency = shown.expect(200);
    assert_eq!(agency["may"], json!(["edit"]));
    let wanted = json!({
        "name": "Summit Ridge Insurance Services",
        "address": { "line1": "500 Court Street", "line2": "Suite 4", "city": "Reno", "state": "NV", "postal_code": "89501" },
        "phone": "(775) 555-0199",
        "email": "service@summit-ridge.example.com",
        "reply_to": "coi@summit-ridge.example.com",
        "support_text": "Call us from 8 to 5.",
        "accent_color": "#224466",
        "time_zone": "America/Denver",
    });
    staff
        .put("/v1/agency", &wanted)
        .await
        .refused(ProblemType::PreconditionRequired);
    let changed = staff.put("/v1/agency", &wanted).if_match(1).await;
    assert_eq!(changed.header("etag"), "\"2\"");
    let changed = changed.expect(200);
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&changed[name], value, "{name}");
    }
    assert!(changed.get("fax").is_none());
    staff
        .put("/v1/agency", &wanted)
        .if_match(1)
        .await
        .refused(ProblemType::StaleVersion);
    let card = app.portal().get("/v1/agencies/summit-ridge").await.expect(200);
    assert_eq!(
        (&card["name"], &card["accent_color"]),
        (&wanted["name"], &wanted["accent_color"])
    );
    assert_eq!(card["support_text"], "Call us from 8 to 5.");

    let faulty = json!({
        "name": " ", "accent_color": "green", "time_zone": "Reno", "email": "x", "reply_to": "y", "phone": "z",
        "address": { "line1": "", "city": "Reno", "state": "NV", "postal_code": "89501" },
    });
    let problem = staff
        .put("/v1/agency", faulty)
        .if_match(2)
        .await
        .refused(ProblemType::Validation);
    let found: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|error| error["pointer"].as_str())
        .collect();
    assert_eq!(
        found,
        [
            "/name",
            "/address/line1",
            "/phone",
            "/email",
            "/reply_to",
            "/accent_color",
            "/time_zone"
        ]
    );
    let reader = people::service_staff(&app).await;
    assert_eq!(reader.get("/v1/agency").await.expect(200)["may"], json!([]));
    reader
        .put("/v1/agency", &wanted)
        .if_match(2)
        .await
        .refused(ProblemType::Forbidden);
}

/// A2.10: the day of issue is a day in the agency's zone.
#[tokio::test]
async fn the_agencys_zone_decides_which_day_it_is() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    // 06:30 on November 3 in UTC: still November 2 in Reno, already November 3 in New York.
    app.wait(chrono::TimeDelta::minutes(12 * 60 + 30));
    let staff = people::administrator(&app).await;
    let send = async || -> Value {
        let path = format!("/v1/insureds/{}/certificates", insured.id);
        let sent = staff.post(path, insured.send_body(&master)).await.expect(201);
        app.letter().await;
        sent["issued_on"].clone()
    };
    assert_eq!(send().await, "2026-11-02");
    let agency = staff.get("/v1/agency").await.expect(200);
    let mut body = agency.clone();
    for name in ["id", "version", "slug", "may"] {
        body.as_object_mut().unwrap().remove(name);
    }
    body["time_zone"] = json!("America/New_York");
    staff.put("/v1/agency", body).if_match(1).await.expect(200);
    assert_eq!(send().await, "2026-11-03");
}
