//! Certificates Sent: the log, the page, sending again, and the history of it all.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{App, Browser, book, people};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sends one, for the holder used before or for a new one of this name.
async fn send(browser: &Browser, insured: &book::Insured, master: &str, holder: Option<&str>) -> Value {
    let mut body = insured.send_body(master);
    if let Some(name) = holder {
        body["holder"] = json!({ "new": {
            "name": name,
            "address": { "line1": "7 Yard Lane", "city": "Reno", "state": "NV", "postal_code": "89502" },
        }});
    }
    browser
        .post(format!("/v1/insureds/{}/certificates", insured.id), body)
        .await
        .expect(201)
}

fn field<'v>(page: &'v Value, name: &str) -> Vec<&'v str> {
    page["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|row| row[name].as_str())
        .collect()
}

/// A2.07, A2.08, A2.09, A2.10, A2.11, A2.12, A2.13, A2.14: the log on the profile, row by row.
#[tokio::test]
async fn the_log_shows_every_certificate_with_all_that_staff_ask_for() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let other = book::insured(&app, "Basin Electric Inc").await;
    let master = book::id(&book::master(&staff, &insured).await);
    for number in 0..5 {
        app.wait(TimeDelta::minutes(1));
        send(&staff, &insured, &master, Some(&format!("Holder {number} Inc"))).await;
    }
    let theirs = book::id(&book::master(&staff, &other).await);
    send(&staff, &other, &theirs, None).await;
    assert_eq!(app.mail().await.len(), 6);

    // Renamed since: the log keeps the name as it was, and still leads to the master.
    let mut renamed = insured.master_body("Renamed", &book::LINES);
    renamed["description"] = json!("Other words.");
    staff
        .put(format!("/v1/masters/{master}"), renamed)
        .if_match(1)
        .await
        .expect(200);

    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let first = staff.get(format!("{path}?limit=2")).await.expect(200);
    assert_eq!(field(&first, "holder_name"), ["Holder 4 Inc", "Holder 3 Inc"]);
    let row = &first["data"][0];
    assert_eq!(row["number"], "26-000005");
    assert_eq!(row["issued_on"], "2026-11-02");
    assert_eq!(row["master"], json!({ "id": master, "name": "All lines" }));
    assert_eq!(
        row["description_of_operations"],
        "Roofing operations of the named insured."
    );
    assert_eq!(row["delivery"]["sent_by_email"], true);
    assert_eq!(
        row["delivery"]["to"],
        json!(["certificates@northgate.example.com"])
    );
    assert_eq!(
        row["may"],
        json!(["preview", "download", "resend", "revise", "withdraw"])
    );

    // Page by page, nothing is lost and nothing comes twice, even while new ones are sent.
    let mut seen = field(&first, "number")
        .iter()
        .map(|n| (*n).to_owned())
        .collect::<Vec<_>>();
    send(&staff, &insured, &master, None).await;
    app.letter().await;
    let mut cursor = first["page"]["next_cursor"].as_str().map(str::to_owned);
    while let Some(next) = cursor {
        let page = staff
            .get(format!("{path}?limit=2&cursor={next}"))
            .await
            .expect(200);
        seen.extend(field(&page, "number").iter().map(|n| (*n).to_owned()));
        cursor = page["page"]["next_cursor"].as_str().map(str::to_owned);
        assert_eq!(page["page"]["has_more"], cursor.is_some());
    }
    assert_eq!(
        seen,
        ["26-000005", "26-000004", "26-000003", "26-000002", "26-000001"]
    );

    // The agency's list has both insureds'.
    let all = staff.get("/v1/certificates?limit=200").await.expect(200);
    assert_eq!(all["data"].as_array().unwrap().len(), 7);
    let portal = people::portal_user_of(&app, &other, &[Right::CertificatesSent]).await;
    let own = portal.get("/v1/certificates").await.expect(200);
    assert_eq!(field(&own, "insured_name"), ["Basin Electric Inc"]);
    let clamped = staff.get("/v1/certificates?limit=60000").await.expect(200);
    assert_eq!(clamped["data"].as_array().unwrap().len(), 7);
}

/// A2.08: a cursor belongs to its list, its filter and its agency.
#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    for _ in 0..2 {
        send(&staff, &insured, &master, None).await;
    }
    app.mail().await;
    let page = staff.get("/v1/certificates?limit=1").await.expect(200);
    let cursor = page["page"]["next_cursor"].as_str().unwrap();
    staff
        .get(format!("/v1/certificates?limit=1&cursor={cursor}"))
        .await
        .expect(200);
    for path in [
        format!("/v1/certificates?cursor={cursor}&state=issued"),
        format!("/v1/certificates?cursor={cursor}&holder_contains=north"),
        format!("/v1/insureds/{}/certificates?cursor={cursor}", insured.id),
        format!("/v1/insureds?cursor={cursor}"),
        "/v1/certificates?cursor=x".to_owned(),
        format!("/v1/certificates?cursor={}", &cursor[1..]),
    ] {
        staff.get(path).await.refused(ProblemType::InvalidCursor);
    }
    let elsewhere = people::administrator_elsewhere(&app).await;
    elsewhere
        .get(format!("/v1/certificates?cursor={cursor}"))
        .await
        .refused(ProblemType::InvalidCursor);
    for query in [
        "limit=x",
        "limit=-1",
        "unknown=1",
        "state=lost",
        "issued_from=yesterday",
        "master_id=7",
    ] {
        staff
            .get(format!("/v1/certificates?{query}"))
            .await
            .refused(ProblemType::BadRequest);
    }
}

/// A2.23, A2.24: both ends of a range count, days are the agency's, and part of a name is enough.
#[tokio::test]
async fn the_log_is_filtered_by_day_and_searched_by_holder() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    // Ten in the morning of November 2 in Reno; then 23:59 of the same day, which is November 3 in UTC.
    send(&staff, &insured, &master, Some("Desert Bloom School District")).await;
    app.wait(TimeDelta::hours(13) + TimeDelta::minutes(59));
    let staff = people::administrator(&app).await;
    send(&staff, &insured, &master, Some("100% Organic Markets Inc")).await;
    app.wait(TimeDelta::minutes(2));
    send(&staff, &insured, &master, Some("O'Neill & Sons, Inc.")).await;
    assert_eq!(app.mail().await.len(), 3);

    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let found = async |query: &str| -> Vec<String> {
        let page = staff.get(format!("{path}?{query}")).await.expect(200);
        field(&page, "number")
            .iter()
            .map(|number| number[3..].trim_start_matches('0').to_owned())
            .collect()
    };
    assert_eq!(
        found("issued_from=2026-11-02&issued_to=2026-11-02").await,
        ["2", "1"]
    );
    assert_eq!(found("issued_from=2026-11-03").await, ["3"]);
    assert_eq!(found("issued_to=2026-11-01").await, [""; 0]);
    assert_eq!(
        found("issued_from=2026-11-02&issued_to=2026-11-03").await,
        ["3", "2", "1"]
    );
    assert_eq!(found("holder_contains=SCHOOL").await, ["1"]);
    assert_eq!(found("holder_contains=neill%20%26").await, ["3"]);
    assert_eq!(
        found("holder_contains=%25").await,
        ["2"],
        "a percent sign is a percent sign"
    );
    assert_eq!(found("holder_contains=_").await, [""; 0]);
    assert_eq!(found("holder_contains=%20%20").await, ["3", "2", "1"]);
    assert_eq!(found(&format!("master_id={master}&state=issued")).await.len(), 3);
    assert_eq!(found("state=superseded").await, [""; 0]);
    assert_eq!(found(&format!("master_id={}", app.id())).await, [""; 0]);
}

/// A2.03, A2.14, A2.15: preview, download, attachment and exact copy are the same bytes.
#[tokio::test]
async fn every_copy_of_a_certificate_is_the_same_bytes() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let sent = send(&staff, &insured, &master, None).await;
    let sha256 = sent["sha256"].as_str().unwrap();
    let original = app.letter().await;
    // Neither a changed policy form nor a renamed master reaches what was issued.
    app.sql(
        app.agency,
        "UPDATE masters SET name = 'Renamed', description = 'Other words'",
    )
    .await;

    let one = format!("/v1/certificates/{}", book::id(&sent));
    for (verb, disposition) in [("preview", "inline"), ("download", "attachment")] {
        let page = staff.get(format!("{one}/{verb}")).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("content-type"), "application/pdf");
        assert_eq!(page.header("etag"), format!("\"{sha256}\""));
        assert_eq!(
            page.header("content-disposition"),
            format!("{disposition}; filename=\"Certificate-26-000001-Northgate-Builders-Inc.pdf\"")
        );
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(hex(&Sha256::digest(&page.bytes)), sha256);
        assert_eq!(page.bytes.len() as u64, sent["size_bytes"].as_u64().unwrap());
    }
    app.wait(TimeDelta::days(10));
    let staff = people::administrator(&app).await;
    let resent = staff
        .post(format!("{one}/deliveries"), json!({ "kind": "exact_copy" }))
        .await
        .expect(201);
    assert_eq!(resent["number"], sent["number"]);
    assert_eq!(resent["deliveries"].as_array().unwrap().len(), 2);
    assert_eq!(resent["deliveries"][0]["kind"], "exact_copy");
    let copy = app.letter().await;
    assert_eq!(copy.pdf(), original.pdf());
    assert_eq!((copy.to(), copy.subject()), (original.to(), original.subject()));
    assert_ne!(
        copy.header("Message-ID"),
        original.header("Message-ID"),
        "a delivery of its own"
    );
}

/// A2.16, A2.17, A2.18: to another address or another contact; the print stays, the old address stays in the history.
#[tokio::test]
async fn a_certificate_is_resent_with_edited_recipients() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let sent = send(&staff, &insured, &master, None).await;
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&sent));
    let shown = staff.get(&one).await.expect(200);
    let contacts = shown["contacts"].as_array().unwrap();
    let ada = contacts
        .iter()
        .find(|contact| contact["name"] == "Ada Kilner")
        .expect("the insured's contact");

    let edited = json!({
        "kind": "edited",
        "recipients": { "to": [ada["email"]], "cc": ["pm@northgate.example.com"] },
        "subject": "Corrected address",
        "message": "Sorry for the detour.",
    });
    // The newest sending is told by its moment, and the clock of this test stands still.
    app.wait(chrono::TimeDelta::minutes(1));
    let resent = staff.post(format!("{one}/deliveries"), &edited).await.expect(201);
    let letter = app.letter().await;
    assert_eq!(letter.to(), [ada["email"].as_str().unwrap()]);
    assert_eq!(letter.cc(), ["pm@northgate.example.com"]);
    assert_eq!(letter.subject(), "Corrected address");
    assert!(letter.text().contains("Sorry for the detour."));
    assert_eq!(
        hex(&Sha256::digest(letter.pdf())),
        sent["sha256"].as_str().unwrap()
    );
    let deliveries = resent["deliveries"].as_array().unwrap();
    assert_eq!(deliveries[0]["to"], json!([ada["email"]]));
    assert_eq!(
        deliveries[1]["to"],
        json!(["certificates@northgate.example.com"]),
        "the old address is kept"
    );
    assert_eq!(resent["payload"], sent["payload"]);

    // An exact copy goes where the last one went.
    staff
        .post(format!("{one}/deliveries"), json!({ "kind": "exact_copy" }))
        .await
        .expect(201);
    assert_eq!(app.letter().await.to(), [ada["email"].as_str().unwrap()]);

    let mut faulty = edited.clone();
    faulty["recipients"]["to"] = json!(["not an address"]);
    let problem = staff
        .post(format!("{one}/deliveries"), &faulty)
        .await
        .refused(ProblemType::Validation);
    assert_eq!(problem["errors"][0]["pointer"], "/recipients/to/0");
    // Coverage, limits and dates are no part of a resend.
    let mut print = edited.clone();
    print["description"] = json!("More cover");
    staff
        .post(format!("{one}/deliveries"), &print)
        .await
        .refused(ProblemType::Validation);
}

/// A2.19: once a term has ended, was renewed into other dates, or a policy says something else, a new
/// certificate is sent instead.
#[tokio::test]
async fn an_old_certificate_is_not_reused_after_its_term() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let sent = send(&staff, &insured, &master, None).await;
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&sent));
    assert!(sent.get("resend_refused").is_none());
    let copy = json!({ "kind": "exact_copy" });
    let edited = json!({ "kind": "edited", "recipients": { "to": ["new@northgate.example.com"] } });

    let policy = insured.policy("general_liability").id;
    app.sql(
        app.agency,
        &format!("UPDATE policies SET expires_on = '2027-06-01' WHERE id = '{policy}'"),
    )
    .await;
    staff
        .post(format!("{one}/deliveries"), &copy)
        .await
        .refused(ProblemType::CertificateTermEnded);
    app.sql(
        app.agency,
        &format!("UPDATE policies SET expires_on = '2027-03-01' WHERE id = '{policy}'"),
    )
    .await;

    // Workers compensation ends on January 1: on December 31 it still goes, on the next day it does not.
    app.wait(TimeDelta::days(59));
    let staff = people::administrator(&app).await;
    staff.post(format!("{one}/deliveries"), &copy).await.expect(201);
    app.letter().await;
    app.wait(TimeDelta::days(1));
    let staff = people::administrator(&app).await;
    for body in [&copy, &edited] {
        let problem = staff
            .post(format!("{one}/deliveries"), body)
            .await
            .refused(ProblemType::CertificateTermEnded);
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains(insured.policy("workers_compensation").number.as_str()),
            "{detail}"
        );
        assert!(detail.contains("send a new certificate"), "{detail}");
    }
    let shown = staff.get(&one).await.expect(200);
    assert!(
        shown["resend_refused"].as_str().unwrap().contains("ended"),
        "{}",
        shown["resend_refused"]
    );
    assert_eq!(app.mail().await.len(), 0);
    // What was issued can still be looked at, and the holder is still in the dropdown.
    staff.get(format!("{one}/preview")).await.expect(200);
    let holders = staff
        .get(format!("/v1/insureds/{}/holders", insured.id))
        .await
        .expect(200);
    assert_eq!(holders["data"][0]["name"], "Northgate Builders, Inc.");
}

/// A2.14: each of the three actions has its own permission.
#[tokio::test]
async fn looking_saving_and_resending_are_permitted_one_by_one() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let sent = send(&staff, &insured, &master, None).await;
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&sent));
    let copy = json!({ "kind": "exact_copy" });

    let reader = people::csr(&app, &[Permission::ViewInsureds, Permission::ViewCertificates]).await;
    assert_eq!(
        reader.get(&one).await.expect(200)["may"],
        json!(["preview", "download"])
    );
    reader.get(format!("{one}/download")).await.expect(200);
    let problem = reader
        .post(format!("{one}/deliveries"), &copy)
        .await
        .refused(ProblemType::Forbidden);
    assert_eq!(problem["rule"], "group_does_not_open");

    let portal = people::portal_user_of(&app, &insured, &[Right::CertificatesSent]).await;
    assert_eq!(
        portal.get(&one).await.expect(200)["may"],
        json!(["preview", "download"])
    );
    portal.get(format!("{one}/preview")).await.expect(200);
    portal
        .post(format!("{one}/deliveries"), &copy)
        .await
        .refused(ProblemType::Forbidden);

    let blind = people::csr(&app, &[Permission::ViewInsureds]).await;
    for path in [
        one.clone(),
        format!("{one}/preview"),
        format!("{one}/download"),
        "/v1/certificates".to_owned(),
    ] {
        blind.get(path).await.refused(ProblemType::Forbidden);
    }
}

/// A2.04, A2.22: who did what and when, under names that survive their users.
#[tokio::test]
async fn the_activity_history_tells_every_step_with_names_and_times() {
    let app = App::start().await;
    let admin = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&admin, &insured).await);
    let staff = people::csr(&app, Permission::ALL).await;
    app.wait(TimeDelta::minutes(1));
    let sent = send(&staff, &insured, &master, None).await;
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&sent));
    app.wait(TimeDelta::minutes(1));
    staff.get(format!("{one}/preview")).await.expect(200);
    staff.get(format!("{one}/download")).await.expect(200);
    app.wait(TimeDelta::minutes(1));
    let edited = json!({ "kind": "edited", "recipients": { "to": ["new@northgate.example.com"] } });
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    portal.post(format!("{one}/deliveries"), edited).await.expect(201);
    app.letter().await;
    // The person leaves and is renamed; what was done keeps the name of the day.
    app.sql(
        app.agency,
        "UPDATE staff_users SET first_name = 'Former', last_name = 'User', state = 'inactive' WHERE username LIKE 'csr-%'",
    )
    .await;

    let path = format!("/v1/insureds/{}/activity", insured.id);
    let history = admin.get(&path).await.expect(200);
    let told: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let actor = entry["actor"]["name"].as_str().unwrap();
            (actor.to_owned(), entry["summary"].as_str().unwrap().to_owned())
        })
        .collect();
    let insured_name = format!("Alder Creek Roofing LLC ({})", insured.username());
    let wanted = [
        (
            "Mail delivery",
            "Certificate 26-000001 was accepted by the mail relay",
        ),
        (
            &insured_name,
            "Resent certificate 26-000001 with changes to new@northgate.example.com",
        ),
        ("Alder Creek Roofing LLC", "Signed in"),
        ("Ines Calder", "Downloaded certificate 26-000001"),
        ("Ines Calder", "Looked at certificate 26-000001"),
        (
            "Mail delivery",
            "Certificate 26-000001 was accepted by the mail relay",
        ),
        (
            "Ines Calder",
            "Sent certificate 26-000001 for Northgate Builders, Inc. to certificates@northgate.example.com",
        ),
        ("Maren Voss", "Created master certificate All lines"),
    ];
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    assert_eq!(told, wanted);
    assert_eq!(history["data"][7]["at"], "2026-11-02T18:00:00Z");
    assert_eq!(history["data"][6]["at"], "2026-11-02T18:01:00Z");
    assert_eq!(history["data"][6]["object"]["id"], sent["id"]);
    assert_eq!(history["data"][1]["actor"]["kind"], "portal");

    let page = admin.get(format!("{path}?limit=3")).await.expect(200);
    let cursor = page["page"]["next_cursor"].as_str().unwrap();
    let next = admin
        .get(format!("{path}?limit=3&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(next["data"][0]["summary"], "Downloaded certificate 26-000001");
}
