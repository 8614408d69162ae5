//! Loading an agency's book: upload, check, look at the faults, apply, correct what was rejected.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::imports::File;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::browser::Ask;
use crate::support::{App, Browser, people};

fn upload(browser: &Browser, import: &str, file: File, text: &str) -> Ask {
    let path = format!("/v1/imports/{import}/files/{file}");
    browser
        .ask(Method::PUT, path)
        .bytes("text/csv", text.as_bytes().to_vec())
}

async fn create(browser: &Browser) -> String {
    let import = browser.post("/v1/imports", ()).await.expect(201);
    assert_eq!(import["state"], "draft");
    import["id"].as_str().unwrap().to_owned()
}

async fn checked(app: &App, browser: &Browser, import: &str) -> Value {
    let asked = browser
        .post(format!("/v1/imports/{import}/check"), ())
        .await
        .expect(202);
    assert_eq!(asked["state"], "checking");
    app.work().await;
    browser.get(format!("/v1/imports/{import}")).await.expect(200)
}

async fn applied(app: &App, browser: &Browser, import: &str, take_good_rows: bool) -> Value {
    let body = json!({ "take_good_rows": take_good_rows });
    let asked = browser
        .post(format!("/v1/imports/{import}/apply"), body)
        .await
        .expect(202);
    assert_eq!(asked["state"], "applying");
    app.work().await;
    browser.get(format!("/v1/imports/{import}")).await.expect(200)
}

fn file<'v>(import: &'v Value, name: &str) -> &'v Value {
    let files = import["files"].as_array().unwrap();
    files
        .iter()
        .find(|file| file["file"] == name)
        .unwrap_or_else(|| panic!("{name} is not in {import:#}"))
}

const INSUREDS: &str = "customer_id,name,email,address_line1,city,state,postal_code\n\
    C-1,Alder Creek Roofing LLC,office@aldercreek.example.com,1480 Valley Road,Reno,NV,89512\n\
    C-2,Silver Range Electric,=HYPERLINK(x),2255 Larkin Circle,Sparks,Nevada,89431\n";

#[tokio::test]
async fn a_book_is_uploaded_checked_and_applied_and_what_was_rejected_is_corrected() {
    let app = App::start().await;
    let admin = people::administrator(&app).await;
    let import = create(&admin).await;
    upload(&admin, &import, File::Insureds, INSUREDS)
        .await
        .expect(200);
    let seen = checked(&app, &admin, &import).await;
    assert_eq!(
        (&seen["state"], &seen["fault_count"], &seen["can_apply"]),
        (&json!("checked"), &json!(2), &json!(true))
    );
    let rows = file(&seen, "insureds");
    assert_eq!(
        (&rows["rows"], &rows["good"], &rows["faulty"], &rows["new"]),
        (&json!(2), &json!(1), &json!(1), &json!(1))
    );

    let faults = admin
        .get(format!("/v1/imports/{import}/faults?limit=1"))
        .await
        .expect(200);
    assert_eq!(
        faults["data"],
        json!([{
            "file": "insureds", "line": 3, "column": "email", "value": "=HYPERLINK(x)",
            "reason": "must be an email address such as name@example.com"
        }])
    );
    let cursor = faults["page"]["next_cursor"].as_str().unwrap();
    let more = admin
        .get(format!("/v1/imports/{import}/faults?limit=1&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(
        more["data"][0]["reason"],
        "must be a two-letter US state code such as NV"
    );
    assert_eq!(more["page"]["has_more"], false);

    // Nothing is written until the person chooses.
    let body = json!({ "take_good_rows": false });
    let refused = admin.post(format!("/v1/imports/{import}/apply"), body).await;
    assert!(
        refused.refused(ProblemType::WrongImportState)["detail"]
            .as_str()
            .unwrap()
            .contains("take the good rows")
    );
    assert_eq!(app.value("SELECT count(*) FROM insureds").await, "0");
    let done = applied(&app, &admin, &import, true).await;
    assert_eq!(
        (&done["state"], &done["can_apply"]),
        (&json!("applied"), &json!(false))
    );
    assert_eq!(
        app.value("SELECT string_agg(name, ';') FROM insureds").await,
        "Alder Creek Roofing LLC"
    );

    // The rejected row comes as a file, cannot be computed by a spreadsheet, and goes back corrected.
    let rejected = admin.get(format!("/v1/imports/{import}/rejected/insureds")).await;
    assert_eq!(rejected.status, 200);
    assert_eq!(
        rejected.header("content-disposition"),
        "attachment; filename=\"rejected-insureds.csv\""
    );
    let text = rejected.text();
    assert_eq!(
        text,
        "\u{feff}customer_id,name,email,address_line1,city,state,postal_code,file_line,reason\r\n\
         C-2,Silver Range Electric,'=HYPERLINK(x),2255 Larkin Circle,Sparks,Nevada,89431,3,\
         email: must be an email address such as name@example.com; state: must be a two-letter US state code such as NV\r\n"
    );
    let corrected = text
        .replace("'=HYPERLINK(x)", "office@silverrange.example.com")
        .replace(",Nevada,", ",NV,");
    app.wait(TimeDelta::minutes(1));
    let second = create(&admin).await;
    upload(&admin, &second, File::Insureds, &corrected)
        .await
        .expect(200);
    let seen = checked(&app, &admin, &second).await;
    assert_eq!(seen["fault_count"], 0, "{seen:#}");
    applied(&app, &admin, &second, false).await;
    assert_eq!(app.value("SELECT count(*) FROM insureds").await, "2");

    // The list has both runs, the newest first.
    let list = admin.get("/v1/imports").await.expect(200);
    let ids: Vec<_> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, [second.as_str(), import.as_str()]);
}

#[tokio::test]
async fn the_same_file_a_second_time_changes_nothing() {
    let app = App::start().await;
    let admin = people::administrator(&app).await;
    let good = INSUREDS.replace("=HYPERLINK(x)", "").replace("Nevada", "NV");
    for (new, unchanged) in [(2, 0), (0, 2)] {
        let import = create(&admin).await;
        upload(&admin, &import, File::Insureds, &good).await.expect(200);
        for seen in [
            checked(&app, &admin, &import).await,
            applied(&app, &admin, &import, false).await,
        ] {
            let rows = file(&seen, "insureds");
            assert_eq!(
                (&rows["new"], &rows["changed"], &rows["unchanged"]),
                (&json!(new), &json!(0), &json!(unchanged))
            );
        }
    }
    assert_eq!(
        app.value("SELECT string_agg(version::text, ',') FROM insureds")
            .await,
        "1,1"
    );
}

#[tokio::test]
async fn every_template_is_a_file_that_the_importer_takes() {
    let app = App::start().await;
    let admin = people::administrator(&app).await;
    let templates = admin.get("/v1/import-templates").await.expect(200);
    let files: Vec<_> = templates["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["file"].clone())
        .collect();
    assert_eq!(
        files,
        File::ALL.iter().map(|file| json!(file)).collect::<Vec<_>>()
    );
    assert_eq!(templates["data"][2]["columns"][0]["name"], "naic");

    let import = create(&admin).await;
    for name in File::ALL {
        let template = admin.get(format!("/v1/import-templates/{name}")).await;
        assert_eq!(template.status, 200);
        upload(&admin, &import, *name, &template.text()).await.expect(200);
    }
    let seen = checked(&app, &admin, &import).await;
    // The examples speak of customers and policies that the one row of each file does not have.
    let faults = admin
        .get(format!("/v1/imports/{import}/faults"))
        .await
        .expect(200);
    for fault in faults["data"].as_array().unwrap() {
        assert!(
            fault["reason"].as_str().unwrap().contains("is not in"),
            "{fault:#}"
        );
    }
    assert_eq!(file(&seen, "policies")["good"], 1);
    assert_eq!(file(&seen, "endorsements")["good"], 1);
}

#[tokio::test]
async fn what_an_import_does_not_take_is_refused_with_the_reason() {
    let app = App::start().await;
    let admin = people::administrator(&app).await;
    let import = create(&admin).await;
    let apply = format!("/v1/imports/{import}/apply");
    let body = json!({ "take_good_rows": true });
    admin
        .post(&apply, &body)
        .await
        .refused(ProblemType::WrongImportState);
    let nothing = admin.post(format!("/v1/imports/{import}/check"), ()).await;
    assert!(
        nothing.refused(ProblemType::WrongImportState)["detail"]
            .as_str()
            .unwrap()
            .contains("has no file")
    );
    let path = format!("/v1/imports/{import}/files/insureds");
    admin
        .ask(Method::PUT, &path)
        .bytes("application/vnd.ms-excel", b"x".to_vec())
        .await
        .refused(ProblemType::UnsupportedMediaType);
    upload(&admin, &import, File::Insureds, "")
        .await
        .refused(ProblemType::Validation);
    let unknown = format!("/v1/imports/{import}/files/policy");
    admin
        .ask(Method::PUT, unknown)
        .bytes("text/csv", b"x".to_vec())
        .await
        .refused(ProblemType::NotFound);

    // While the worker is at it, files stay as they are; an upload makes the check void.
    upload(&admin, &import, File::Insureds, INSUREDS)
        .await
        .expect(200);
    admin
        .post(format!("/v1/imports/{import}/check"), ())
        .await
        .expect(202);
    let busy = upload(&admin, &import, File::Insureds, INSUREDS).await;
    assert!(
        busy.refused(ProblemType::WrongImportState)["detail"]
            .as_str()
            .unwrap()
            .contains("worked on")
    );
    app.work().await;
    let again = upload(&admin, &import, File::Insureds, INSUREDS)
        .await
        .expect(200);
    assert_eq!(
        (&again["state"], &again["fault_count"]),
        (&json!("draft"), &json!(0))
    );
    admin
        .post(&apply, &body)
        .await
        .refused(ProblemType::WrongImportState);
}

#[tokio::test]
async fn imports_are_of_their_agency_and_for_those_who_may() {
    let app = App::start().await;
    let admin = people::administrator(&app).await;
    let import = create(&admin).await;
    let neighbor = people::administrator_elsewhere(&app).await;
    let staff = people::service_staff(&app).await;
    for path in [
        format!("/v1/imports/{import}"),
        format!("/v1/imports/{import}/changes"),
        format!("/v1/imports/{import}/faults"),
        format!("/v1/imports/{import}/rejected/insureds"),
    ] {
        neighbor.get(&path).await.refused(ProblemType::NotFound);
        staff.get(&path).await.refused(ProblemType::Forbidden);
    }
    upload(&neighbor, &import, File::Insureds, INSUREDS)
        .await
        .refused(ProblemType::NotFound);
    upload(&staff, &import, File::Insureds, INSUREDS)
        .await
        .refused(ProblemType::Forbidden);
    staff
        .post("/v1/imports", ())
        .await
        .refused(ProblemType::Forbidden);
    assert_eq!(neighbor.get("/v1/imports").await.expect(200)["data"], json!([]));
}

/// Runs a file of holders through an import; returns the run.
async fn holders_again(app: &App, browser: &Browser, text: &str) -> (String, Value) {
    app.wait(TimeDelta::minutes(1));
    let import = create(browser).await;
    upload(browser, &import, File::Holders, text).await.expect(200);
    let seen = checked(app, browser, &import).await;
    (import, seen)
}

const LIBRARY: &str = "name,address_line1,city,state,postal_code,emails,delivery,customer_ids\n\
    City of Sparks,431 Prater Way,Sparks,NV,89431,risk@sparks.example.com; clerk@sparks.example.com,Link,C-1\n\
    =Sum Builders,2 Main Street,Elko,NV,89801,,attachment,\n\
    \"Northgate Builders, Inc.\",900 Harbor Way,Reno,NV,89501,,,\n";

/// The library goes out as a file and comes back: unedited it changes nothing, edited it changes those holders.
#[tokio::test]
async fn the_library_of_holders_is_taken_out_edited_and_brought_back() {
    let app = App::start().await;
    let admin = people::administrator(&app).await;
    let import = create(&admin).await;
    upload(
        &admin,
        &import,
        File::Insureds,
        &INSUREDS[..INSUREDS.find("C-2").unwrap()],
    )
    .await
    .expect(200);
    upload(&admin, &import, File::Holders, LIBRARY).await.expect(200);
    checked(&app, &admin, &import).await;
    applied(&app, &admin, &import, false).await;

    let taken = admin.get("/v1/holders/export").await;
    assert_eq!(taken.status, 200);
    assert!(
        taken
            .header("content-disposition")
            .starts_with("attachment; filename=\"holders-2")
    );
    let text = taken.text();
    let head = "\u{feff}holder_id,name,care_of,address_line1,address_line2,city,state,postal_code,emails,phone,\
                delivery,customer_ids\r\n";
    assert!(text.starts_with(head), "{text}");
    assert!(
        text.contains(",'=Sum Builders,"),
        "no cell begins as a formula would: {text}"
    );
    assert!(
        text.contains(",risk@sparks.example.com; clerk@sparks.example.com,,link,C-1\r\n"),
        "{text}"
    );
    let some = admin.get("/v1/holders/export?q=northgate").await.text();
    assert_eq!(some.lines().count(), 2);

    let (_, seen) = holders_again(&app, &admin, &text).await;
    let rows = file(&seen, "holders");
    assert_eq!(
        (
            &rows["unchanged"],
            &rows["changed"],
            &rows["new"],
            &rows["faulty"]
        ),
        (&json!(3), &json!(0), &json!(0), &json!(0)),
        "{seen:#}"
    );

    // Edited: one holder under another name, a new one, and nothing of it while a row is faulty.
    let edited = text.replace(
        "City of Sparks,,431 Prater Way",
        "City of Sparks Nevada,Attn: Risk,431 Prater Way",
    );
    let edited = edited.replace(
        "clerk@sparks.example.com,,link,",
        "clerk@sparks.example.com,,attachment,",
    ) + ",Lakeside Owners Association,,1 Lake Road,,Reno,NV,89501,,,,\r\n";
    let faulty = format!(
        "{edited}{},Nobody,,1 Lake Road,,Reno,NV,89501,,,,\r\n\
         nonsense,Nobody Else,,1 Lake Road,,Reno,NV,89501,,,,\r\n\
         ,Nobody Whom We Mail,,1 Lake Road,,Reno,NV,89501,,,fax,\r\n",
        app.id()
    );
    let (import, seen) = holders_again(&app, &admin, &faulty).await;
    assert_eq!(seen["fault_count"], 3);
    let faults = admin
        .get(format!("/v1/imports/{import}/faults"))
        .await
        .expect(200);
    for (place, line, column) in [(0, 6, "holder_id"), (1, 7, "holder_id"), (2, 8, "delivery")] {
        let fault = &faults["data"][place];
        assert_eq!(
            (&fault["line"], &fault["column"]),
            (&json!(line), &json!(column)),
            "{fault}"
        );
    }
    let reason = faults["data"][2]["reason"].as_str().unwrap();
    assert!(reason.contains("attachment, link"), "{reason}");
    let body = json!({ "take_good_rows": false });
    let refused = admin.post(format!("/v1/imports/{import}/apply"), body).await;
    refused.refused(ProblemType::WrongImportState);
    let known = "SELECT string_agg(name, ';' ORDER BY name COLLATE \"C\") FROM holders";
    assert_eq!(
        app.value(known).await,
        "=Sum Builders;City of Sparks;Northgate Builders, Inc."
    );

    let (import, seen) = holders_again(&app, &admin, &edited).await;
    let rows = file(&seen, "holders");
    assert_eq!(
        (&rows["unchanged"], &rows["changed"], &rows["new"]),
        (&json!(2), &json!(1), &json!(1)),
        "{seen:#}"
    );
    // Which record would change is told before it does; afterwards there is nothing left to tell.
    let changes = format!("/v1/imports/{import}/changes");
    let told = admin.get(&changes).await.expect(200);
    let line = edited
        .lines()
        .position(|line| line.contains("Attn: Risk"))
        .unwrap()
        + 1;
    assert_eq!(
        (&told["data"].as_array().unwrap().len(), &told["data"][0]["line"]),
        (&1, &json!(line)),
        "{told}"
    );
    assert_eq!(told["data"][0]["cells"][1], "City of Sparks Nevada");
    assert_eq!(told["data"][0]["name"], "City of Sparks");
    assert_eq!(
        told["data"][0]["changes"],
        json!([
            {"field": "name", "label": "Name", "before": "City of Sparks", "after": "City of Sparks Nevada"},
            {"field": "care_of", "label": "Attention or care of", "after": "Attn: Risk"},
            {"field": "delivery", "label": "Delivery", "before": "link", "after": "attachment"},
        ])
    );
    applied(&app, &admin, &import, false).await;
    assert_eq!(admin.get(&changes).await.expect(200)["data"], json!([]));
    assert_eq!(
        app.value("SELECT string_agg(name || '/' || version, ';' ORDER BY name COLLATE \"C\") FROM holders")
            .await,
        "=Sum Builders/1;City of Sparks Nevada/2;Lakeside Owners Association/1;Northgate Builders, Inc./1"
    );
    let kept = "SELECT care_of || '/' || array_to_string(emails, ',') || '/' || channel FROM holders \
                WHERE name LIKE 'City%'";
    assert_eq!(
        app.value(kept).await,
        "Attn: Risk/risk@sparks.example.com,clerk@sparks.example.com/attachment"
    );

    // One holder in two rows, another one's name, and a double that took its leave.
    let lines: Vec<&str> = text.lines().collect();
    let own = |name: &str| {
        lines
            .iter()
            .find(|line| line.contains(name))
            .unwrap()
            .split(',')
            .next()
            .unwrap()
    };
    let (sparks, northgate) = (own("City of Sparks"), own("Northgate"));
    let row = |id: &str, name: &str| format!("{id},{name},,900 Harbor Way,,Reno,NV,89501,,,,\r\n");
    let northgate_name = "\"Northgate Builders, Inc.\"";
    let cases = [
        format!("{}{}", row(sparks, "One"), row(sparks, "Other")),
        row(sparks, northgate_name),
        format!("{}{}", row(northgate, "North"), row("", northgate_name)),
    ];
    let head = head.trim_start_matches('\u{feff}');
    for (case, expected) in cases.iter().zip([2, 1, 1]) {
        let (_, seen) = holders_again(&app, &admin, &format!("{head}{case}")).await;
        assert_eq!(seen["fault_count"], expected, "{case}: {seen:#}");
    }
    let version = app
        .value("SELECT version FROM holders WHERE name LIKE 'City%'")
        .await;
    let merge = json!({ "into": northgate });
    let request = admin.post(format!("/v1/holders/{sparks}/merge"), merge);
    request.if_match(version).await.expect(200);
    let (_, seen) = holders_again(&app, &admin, &format!("{head}{}", row(sparks, "One"))).await;
    assert_eq!(seen["fault_count"], 1, "a double is changed no more");
    let trail = app
        .value("SELECT count(*) FROM audit_entries WHERE action = 'holders_exported'")
        .await;
    assert_eq!(trail, "2");
}
