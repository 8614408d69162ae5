//! Filters of the log and of the history, and both as files.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use serde_json::{Value, json};

use crate::support::{App, Browser, book, people};

async fn send(browser: &Browser, insured: &book::Insured, master: &str, holder: &str) -> Value {
    let mut body = insured.send_body(master);
    body["holder"] = json!({ "new": {
        "name": holder,
        "address": { "line1": "7 Yard Lane", "city": "Reno", "state": "NV", "postal_code": "89502" },
    }});
    browser
        .post(format!("/v1/insureds/{}/certificates", insured.id), body)
        .await
        .expect(201)
}

/// The cells of a file, line by line.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let (mut row, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = text.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(letter) = letters.next() {
        match (quoted, letter) {
            (true, '"') if letters.peek() == Some(&'"') => cell.extend(letters.next()),
            (_, '"') => quoted = !quoted,
            (false, ',') => row.push(std::mem::take(&mut cell)),
            (false, '\r') => {}
            (false, '\n') => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (_, letter) => cell.push(letter),
        }
    }
    rows
}

/// A2.24: beside days, holder, master and state the log is filtered by who sent it and through which door.
#[tokio::test]
async fn the_log_is_filtered_by_sender_and_source() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let colleague = people::csr(
        &app,
        &[Permission::ViewCertificates, Permission::SendCertificates],
    )
    .await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let portal = people::portal_user_of(&app, &insured, &[Right::SendCertificates]).await;
    for (browser, holder) in [
        (&staff, "By Maren"),
        (&colleague, "By Ines"),
        (&portal, "By the insured"),
    ] {
        app.wait(TimeDelta::minutes(1));
        send(browser, &insured, &master, holder).await;
    }
    assert_eq!(app.mail().await.len(), 3);
    let lists = [
        format!("/v1/insureds/{}/certificates", insured.id),
        "/v1/certificates".to_owned(),
    ];
    for list in &lists {
        let found = async |query: &str| -> Vec<String> {
            let page = staff.get(format!("{list}?{query}")).await.expect(200);
            let rows = page["data"].as_array().unwrap();
            rows.iter()
                .map(|row| row["holder_name"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(found("source=portal").await, ["By the insured"]);
        assert_eq!(found("source=staff").await, ["By Ines", "By Maren"]);
        assert_eq!(found("sent_by_contains=VOSS").await, ["By Maren"]);
        assert_eq!(found("sent_by_contains=calder&source=staff").await, ["By Ines"]);
        assert_eq!(found("sent_by_contains=calder&source=portal").await, [""; 0]);
        assert_eq!(found("sent_by_contains=%25").await, [""; 0]);
        assert_eq!(found("sent_by_contains=%20").await.len(), 3);
        // Pages go on within the filter, and only within it.
        let page = staff
            .get(format!("{list}?source=staff&limit=1"))
            .await
            .expect(200);
        let cursor = page["page"]["next_cursor"].as_str().unwrap();
        assert_eq!(
            found(&format!("source=staff&limit=1&cursor={cursor}")).await,
            ["By Maren"]
        );
        staff
            .get(format!("{list}?source=portal&limit=1&cursor={cursor}"))
            .await
            .refused(ProblemType::InvalidCursor);
        staff
            .get(format!("{list}?source=fax"))
            .await
            .refused(ProblemType::BadRequest);
    }
}

/// The log leaves as CSV, as the filter leaves it, with no cell that a spreadsheet would compute, and with a trace.
#[tokio::test]
async fn the_log_is_exported_as_csv() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let dangerous = [
        "=HYPERLINK(1)",
        "+1 Builders",
        "-2 Homes",
        "@SUM Corp",
        "Plain, \"quoted\" Inc",
    ];
    for holder in dangerous {
        app.wait(TimeDelta::minutes(1));
        send(&staff, &insured, &master, holder).await;
    }
    assert_eq!(app.mail().await.len(), 5);
    let path = format!("/v1/insureds/{}/certificates/export", insured.id);
    let file = staff.get(&path).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    let disposition = file.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename=\"certificates-sent-2026"),
        "{disposition}"
    );
    let rows = cells(&file.text());
    assert_eq!(rows[0][..4], ["number", "revision", "state", "issued_on"]);
    let holders: Vec<_> = rows[1..].iter().map(|row| row[6].as_str()).collect();
    assert_eq!(
        holders,
        [
            "Plain, \"quoted\" Inc",
            "'@SUM Corp",
            "'-2 Homes",
            "'+1 Builders",
            "'=HYPERLINK(1)"
        ]
    );
    assert!(rows.iter().all(|row| row.len() == rows[0].len()));
    assert_eq!(rows[1][..4], ["26-000005", "0", "issued", "2026-11-02"]);
    assert_eq!(rows[1][10..13], ["Maren Voss", "yes", "accepted"]);

    // While another sending of it waits, it was mailed all the same; the file says so as the screen does.
    let again = "UPDATE certificates SET delivery_state = 'queued', delivery_accepted_at = NULL \
                 WHERE number = '26-000005'";
    app.sql(app.agency, again).await;
    let waiting = cells(&staff.get(&path).await.text());
    assert_eq!(waiting[1][11..13], ["yes", "queued"]);

    let narrowed = staff
        .get(format!("{path}?holder_contains=homes&state=issued"))
        .await;
    assert_eq!(cells(&narrowed.text()).len(), 2);
    let all = staff.get("/v1/certificates/export?source=portal").await;
    assert_eq!(cells(&all.text()).len(), 1, "only the head");

    let history = staff
        .get(format!("/v1/insureds/{}/activity?kind=looks", insured.id))
        .await
        .expect(200);
    let entry = &history["data"][0];
    assert_eq!(entry["action"], "certificates_exported");
    assert_eq!(
        entry["detail"]["filter"],
        json!({ "holder_contains": "homes", "state": "issued" })
    );
    assert_eq!(history["data"].as_array().unwrap().len(), 3);

    for query in ["state=lost", "limit=5", "issued_from=x"] {
        staff
            .get(format!("{path}?{query}"))
            .await
            .refused(ProblemType::BadRequest);
    }
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    portal.get(&path).await.refused(ProblemType::Forbidden);
    portal
        .get("/v1/certificates/export")
        .await
        .refused(ProblemType::Forbidden);
}

/// A long log leaves piece by piece, and nothing of it is lost or told twice.
#[tokio::test]
async fn a_long_log_is_exported_whole() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    send(&staff, &insured, &master, "The first").await;
    app.letter().await;
    // Two and a half pieces more, of the same print.
    app.sql(
        app.agency,
        "INSERT INTO certificates (agency_id, id, number, revision, insured_id, insured_name, master_id, master_name, \
             holder_id, holder_name, description, issued_on, issued_at, source, issued_by_name, payload, fingerprint, \
             document_sha256, findings, state, cover_ends_on) \
         SELECT agency_id, gen_random_uuid(), 'X-' || n, 0, insured_id, insured_name, master_id, master_name, holder_id, \
             'Holder ' || n, description, issued_on, issued_at - make_interval(secs => n / 7), source, issued_by_name, \
             payload, fingerprint, document_sha256, findings, state, cover_ends_on \
         FROM certificates, generate_series(1, 1249) n",
    )
    .await;
    let file = staff.get("/v1/certificates/export").await;
    let rows = cells(&file.text());
    let numbers: std::collections::BTreeSet<_> = rows[1..].iter().map(|row| row[0].clone()).collect();
    assert_eq!((rows.len(), numbers.len()), (1251, 1250));
}

/// A2.22: the history by kind of act and by days, and as a file.
#[tokio::test]
async fn the_history_is_filtered_and_exported() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    send(&staff, &insured, &master, "First day Inc").await;
    app.letter().await;
    app.wait(TimeDelta::days(1));
    let staff = people::administrator(&app).await;
    send(&staff, &insured, &master, "Second day Inc").await;
    app.letter().await;
    let path = format!("/v1/insureds/{}/activity", insured.id);
    let found = async |query: &str| -> Vec<String> {
        let page = staff.get(format!("{path}?{query}")).await.expect(200);
        let rows = page["data"].as_array().unwrap();
        rows.iter()
            .map(|row| row["action"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(found("kind=masters").await, ["master_created"]);
    assert_eq!(found("kind=certificates").await.len(), 2);
    assert_eq!(
        found("done_from=2026-11-03").await,
        ["delivery_accepted", "certificate_sent"]
    );
    assert_eq!(
        found("done_to=2026-11-02&kind=certificates").await,
        ["certificate_sent"]
    );
    assert_eq!(found("done_to=2026-11-01").await, [""; 0]);
    for query in ["kind=gossip", "done_from=monday"] {
        staff
            .get(format!("{path}?{query}"))
            .await
            .refused(ProblemType::BadRequest);
    }

    let file = staff.get(format!("{path}/export?kind=certificates")).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        file.header("content-disposition")
            .starts_with("attachment; filename=\"activity-history-")
    );
    let rows = cells(&file.text());
    assert_eq!(
        rows[0],
        ["at", "who", "as", "what", "action", "object_kind", "object"]
    );
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1][1..3], ["Maren Voss", "staff"]);
    assert_eq!(
        rows[1][3],
        "Sent certificate 26-000002 for Second day Inc to certificates@northgate.example.com"
    );
    assert_eq!(found("kind=looks").await, ["activity_exported"]);
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    portal
        .get(format!("{path}/export"))
        .await
        .refused(ProblemType::Forbidden);
}

/// A2.22: a certificate's own history by kind of act and by days, page by page, and as a file that keeps the names of
/// people who are gone.
#[tokio::test]
async fn the_history_of_a_certificate_is_filtered_and_exported() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let issued = send(&staff, &insured, &master, "First day Inc").await;
    send(&staff, &insured, &master, "Somebody else Inc").await;
    assert_eq!(app.mail().await.len(), 2);
    let one = format!("/v1/certificates/{}", book::id(&issued));
    let path = format!("{one}/activity");
    app.wait(TimeDelta::days(1));
    let leaver = people::csr(&app, &[Permission::ViewCertificates]).await;
    app.sql(
        app.agency,
        "UPDATE staff_users SET first_name = '=1+1' WHERE username LIKE 'csr-%'",
    )
    .await;
    leaver.get(format!("{one}/preview")).await.expect(200);
    leaver.get(format!("{one}/download")).await.expect(200);
    app.sql(
        app.agency,
        "DELETE FROM sessions; DELETE FROM staff_users WHERE username LIKE 'csr-%'",
    )
    .await;

    let staff = people::administrator(&app).await;
    let found = async |query: &str| -> Vec<String> {
        let page = staff.get(format!("{path}?{query}")).await.expect(200);
        let rows = page["data"].as_array().unwrap();
        rows.iter()
            .map(|row| row["action"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(found("kind=certificates").await, ["certificate_sent"]);
    assert_eq!(found("kind=mail").await, ["delivery_accepted"]);
    assert_eq!(found("kind=masters").await, [""; 0]);
    assert_eq!(
        found("done_from=2026-11-03").await,
        ["certificate_downloaded", "certificate_previewed"]
    );
    assert_eq!(
        found("done_to=2026-11-02").await,
        ["delivery_accepted", "certificate_sent"]
    );
    assert_eq!(found("kind=looks&done_to=2026-11-02").await, [""; 0]);

    // Pages go on within the filter, and only within it.
    let page = staff.get(format!("{path}?kind=looks&limit=1")).await.expect(200);
    let cursor = page["page"]["next_cursor"].as_str().unwrap();
    assert_eq!(
        found(&format!("kind=looks&limit=1&cursor={cursor}")).await,
        ["certificate_previewed"]
    );
    for other in ["kind=mail", "done_from=2026-11-02", "limit=1"] {
        staff
            .get(format!("{path}?{other}&cursor={cursor}"))
            .await
            .refused(ProblemType::InvalidCursor);
    }
    for query in ["kind=gossip", "done_from=monday"] {
        for path in [path.clone(), format!("{path}/export")] {
            staff
                .get(format!("{path}?{query}"))
                .await
                .refused(ProblemType::BadRequest);
        }
    }

    let file = staff.get(format!("{path}/export?kind=looks")).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        file.header("content-disposition")
            .starts_with("attachment; filename=\"activity-history-")
    );
    let rows = cells(&file.text());
    assert_eq!(
        rows[0],
        ["at", "who", "as", "what", "action", "object_kind", "object"]
    );
    let told: Vec<_> = rows[1..].iter().map(|row| row[1..4].to_vec()).collect();
    assert_eq!(
        told,
        [
            ["'=1+1 Calder", "staff", "Downloaded certificate 26-000001"],
            ["'=1+1 Calder", "staff", "Looked at certificate 26-000001"],
        ]
    );

    // That it left is told by the certificate and by its insured.
    assert_eq!(found("kind=looks&limit=1").await, ["activity_exported"]);
    let of_insured = format!("/v1/insureds/{}/activity?limit=1", insured.id);
    for path in [format!("{path}?limit=1"), of_insured] {
        let history = staff.get(path).await.expect(200);
        let entry = &history["data"][0];
        assert_eq!(
            entry["summary"],
            "Exported the activity history of certificate 26-000001"
        );
        assert_eq!(entry["detail"]["filter"], json!({ "kind": "looks" }));
        assert_eq!(entry["object"]["id"], issued["id"]);
    }
    let all = cells(&staff.get(format!("{path}/export")).await.text());
    assert_eq!(all.len(), 6, "the head, four acts and the export before");

    // Nobody else gets it, and who is refused leaves no trace.
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    let elsewhere = people::administrator_elsewhere(&app).await;
    for path in [path.clone(), format!("{path}/export")] {
        portal.get(&path).await.refused(ProblemType::Forbidden);
        elsewhere.get(&path).await.refused(ProblemType::NotFound);
    }
    assert_eq!(found("kind=looks").await.len(), 4);
}
