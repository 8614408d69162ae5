//! Sending to many holders at once: looked at as a whole, sent row by row, followed, steered, taken out.

use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Browser, book, people};

/// An insured with a master and some holders in the library that nobody used before.
struct Desk {
    app: App,
    staff: Browser,
    insured: book::Insured,
    master: String,
    holders: Vec<Uuid>,
}

impl Desk {
    async fn with(names: &[&str]) -> Self {
        let app = App::start().await;
        let staff = people::administrator(&app).await;
        let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
        let master = book::id(&book::master(&staff, &insured).await);
        let mut holders = Vec::new();
        let mut sql = String::new();
        for (place, name) in names.iter().enumerate() {
            let id = app.id();
            holders.push(id);
            sql += &format!(
                "INSERT INTO holders (agency_id, id, name, line1, city, state, postal_code, emails, created_at) \
                 VALUES ('{}', '{id}', '{name}', '{place} Lakeside Drive', 'Reno', 'NV', '89501', \
                 '{{holder-{place}@example.com}}', '{}');",
                app.agency,
                app.now(),
            );
        }
        app.sql(app.agency, &sql).await;
        Self {
            app,
            staff,
            insured,
            master,
            holders,
        }
    }

    fn at(&self, rest: &str) -> String {
        format!("/v1/insureds/{}/{rest}", self.insured.id)
    }

    fn body(&self) -> Value {
        let rows: Vec<Value> = self
            .holders
            .iter()
            .enumerate()
            .map(|(place, id)| json!({ "holder_id": id, "to": [format!("holder-{place}@example.com")] }))
            .collect();
        json!({ "master_id": self.master, "rows": rows })
    }

    async fn start(&self) -> String {
        let started = self.staff.post(self.at("batches"), self.body()).await.expect(201);
        book::id(&started)
    }

    async fn batch(&self, id: &str) -> Value {
        self.staff.get(format!("/v1/batches/{id}")).await.expect(200)
    }

    async fn rows(&self, id: &str) -> Vec<Value> {
        let page = self
            .staff
            .get(format!("/v1/batches/{id}/rows?limit=200"))
            .await
            .expect(200);
        page["data"].as_array().unwrap().clone()
    }

    async fn log(&self, id: &str) -> Vec<Value> {
        let page = self
            .staff
            .get(format!("/v1/certificates?batch_id={id}&limit=200"))
            .await
            .expect(200);
        page["data"].as_array().unwrap().clone()
    }
}

fn states(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["state"].as_str().unwrap()).collect()
}

/// A2.28, A2.06: many holders, one action, one row each; every certificate lands in the one log.
#[tokio::test]
async fn many_holders_get_one_certificate_each_by_one_action() {
    let desk = Desk::with(&["City of Sparks", "Northgate School", "Basin Water District"]).await;
    let looked = desk
        .staff
        .post(
            desk.at("batches/check"),
            json!({ "master_id": desk.master, "holder_ids": desk.holders }),
        )
        .await
        .expect(200);
    assert_eq!(looked["sendable"], 3);
    assert_eq!(looked["rows"][1]["holder_name"], "Northgate School");
    assert_eq!(looked["rows"][1]["to"], json!(["holder-1@example.com"]));

    let mut body = desk.body();
    body["message"] = json!("As every spring.");
    let started = desk
        .staff
        .post(desk.at("batches"), body.clone())
        .key("one batch")
        .await
        .expect(201);
    assert_eq!(started["state"], "running");
    assert_eq!(started["counts"]["waiting"], 3);
    assert_eq!(started["may"], json!(["pause", "cancel"]));
    let again = desk.staff.post(desk.at("batches"), body).key("one batch").await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.expect(201)["id"], started["id"]);

    let letters = desk.app.mail().await;
    let mut to: Vec<_> = letters.iter().flat_map(|letter| letter.to()).collect();
    to.sort_unstable();
    assert_eq!(
        to,
        [
            "holder-0@example.com",
            "holder-1@example.com",
            "holder-2@example.com"
        ]
    );
    assert!(
        letters
            .iter()
            .all(|letter| letter.text().contains("As every spring."))
    );

    let id = book::id(&started);
    let batch = desk.batch(&id).await;
    assert_eq!(batch["state"], "finished");
    assert_eq!(
        (&batch["counts"]["issued"], &batch["counts"]["total"]),
        (&json!(3), &json!(3))
    );
    let rows = desk.rows(&id).await;
    assert_eq!(states(&rows), ["issued"; 3]);
    assert_eq!(rows[0]["delivery"]["state"], "accepted");
    let log = desk.log(&id).await;
    assert_eq!(log.len(), 3);
    for row in &log {
        assert_eq!(row["source"], "bulk");
        assert_eq!(row["batch_id"], batch["id"]);
        assert_eq!(row["sent_by_name"], "Maren Voss");
    }
    let mut numbers: Vec<_> = log.iter().map(|row| row["number"].as_str().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["26-000001", "26-000002", "26-000003"]);
    // The holders stand in the insured's dropdown from now on.
    let used = desk.staff.get(desk.at("holders")).await.expect(200);
    assert_eq!(used["data"].as_array().unwrap().len(), 4);
    let history = desk
        .staff
        .get(desk.at("activity?kind=certificates"))
        .await
        .expect(200);
    let told: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["summary"].as_str().unwrap())
        .collect();
    assert_eq!(
        told[0],
        "Finished sending All lines: 3 issued, 0 set aside, 0 failed"
    );
    assert_eq!(told.last(), Some(&"Started sending All lines to 3 holders"));

    let list = desk.staff.get("/v1/batches").await.expect(200);
    assert_eq!(list["data"][0]["id"], batch["id"]);
    let of_insured = desk
        .staff
        .get(format!("/v1/batches?insured_id={}", desk.insured.id))
        .await
        .expect(200);
    assert_eq!(of_insured["data"].as_array().unwrap().len(), 1);
    let elsewhere = desk
        .staff
        .get(format!("/v1/batches?insured_id={}", desk.app.id()))
        .await
        .expect(200);
    assert_eq!(elsewhere["data"], json!([]));
}

/// A2.28: what the gate blocks is shown before, is set aside, and takes no number.
#[tokio::test]
async fn a_row_that_the_gate_blocks_is_set_aside_and_the_others_go() {
    let desk = Desk::with(&["City of Sparks", "House \u{1f3e0} Builders", "Basin Water"]).await;
    let looked = desk
        .staff
        .post(
            desk.at("batches/check"),
            json!({ "master_id": desk.master, "holder_ids": desk.holders }),
        )
        .await
        .expect(200);
    assert_eq!(looked["sendable"], 2);
    assert_eq!(looked["rows"][1]["sendable"], false);
    assert_eq!(
        looked["rows"][1]["findings"][0]["code"],
        "character_not_printable"
    );
    let id = desk.start().await;
    assert_eq!(desk.app.mail().await.len(), 2);
    let rows = desk.rows(&id).await;
    assert_eq!(states(&rows), ["issued", "set_aside", "issued"]);
    assert_eq!(rows[1]["findings"][0]["severity"], "block");
    let mut numbers: Vec<_> = desk
        .log(&id)
        .await
        .iter()
        .map(|row| row["number"].as_str().unwrap().to_owned())
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["26-000001", "26-000002"], "no number is missing");
    assert_eq!(desk.batch(&id).await["state"], "finished");
    let aside = desk
        .staff
        .get(format!("/v1/batches/{id}/rows?state=set_aside"))
        .await
        .expect(200);
    assert_eq!(aside["data"].as_array().unwrap().len(), 1);

    // Once what blocked it is put right it can be tried again, alone and through the gate.
    assert_eq!(desk.batch(&id).await["may"], json!(["retry", "download"]));
    let holder = &desk.holders[1];
    let named = format!("UPDATE holders SET name = 'House Builders' WHERE id = '{holder}'");
    desk.app.sql(desk.app.agency, &named).await;
    let retried = desk
        .staff
        .post(format!("/v1/batches/{id}/retry"), ())
        .await
        .expect(200);
    assert_eq!(retried["counts"]["waiting"], 1);
    assert_eq!(desk.app.mail().await.len(), 1);
    let rows = desk.rows(&id).await;
    assert_eq!(states(&rows), ["issued"; 3]);
    assert_eq!(rows[1]["findings"], json!([]));
}

/// Whoever halts a batch while its last rows are on their way finds it finished, not halted for good.
#[tokio::test]
async fn a_batch_that_was_halted_after_its_last_row_is_finished() {
    let desk = Desk::with(&["City of Sparks", "Basin Water"]).await;
    let id = desk.start().await;
    desk.staff
        .post(format!("/v1/batches/{id}/pause"), ())
        .await
        .expect(200);
    let settled = format!(
        "UPDATE batch_rows SET state = 'not_sent', settled_at = '{}'",
        desk.app.now()
    );
    desk.app.sql(desk.app.agency, &settled).await;
    assert!(desk.app.mail().await.is_empty());
    assert_eq!(desk.batch(&id).await["state"], "finished");
}

#[tokio::test]
async fn a_batch_that_cannot_be_is_refused_at_its_fields() {
    let desk = Desk::with(&["City of Sparks", "Basin Water"]).await;
    let refused = async |change: &dyn Fn(&mut Value)| {
        let mut body = desk.body();
        change(&mut body);
        let answer = desk.staff.post(desk.at("batches"), body).await;
        let problem = answer.refused(ProblemType::Validation);
        problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| {
                format!(
                    "{} {}",
                    fault["pointer"].as_str().unwrap(),
                    fault["code"].as_str().unwrap()
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(refused(&|body| body["rows"] = json!([])).await, ["/rows empty"]);
    assert_eq!(
        refused(&|body| {
            body["rows"][1]["holder_id"] = body["rows"][0]["holder_id"].clone();
        })
        .await,
        ["/rows/1/holder_id twice"]
    );
    let stranger = desk.app.id();
    assert_eq!(
        refused(&|body| body["rows"][1]["holder_id"] = json!(stranger)).await,
        ["/rows/1/holder_id unknown"]
    );
    assert_eq!(
        refused(&|body| body["rows"][0]["to"] = json!(["", "nobody"])).await,
        ["/rows/0/to/1 not_an_email", "/rows/0/to empty"]
    );
    assert_eq!(
        refused(&|body| body["rows"][0]["follows"] = json!(stranger)).await,
        ["/rows/0/follows unknown"]
    );
    assert_eq!(
        refused(&|body| body["master_id"] = json!(stranger)).await,
        ["/master_id unknown"]
    );
    assert_eq!(
        refused(&|body| body["description"] = json!("a\u{7}b")).await,
        ["/description control_characters"]
    );
    let row = desk.body()["rows"][0].clone();
    assert_eq!(
        refused(&|body| body["rows"] = json!(vec![row.clone(); 501])).await,
        ["/rows too_many"]
    );
    let check = |ids: Value| {
        desk.staff.post(
            desk.at("batches/check"),
            json!({ "master_id": desk.master, "holder_ids": ids }),
        )
    };
    let problem = check(json!([])).await.refused(ProblemType::Validation);
    assert_eq!(problem["errors"][0]["pointer"], "/holder_ids");
    let problem = check(json!([desk.holders[0], stranger]))
        .await
        .refused(ProblemType::Validation);
    assert_eq!(problem["errors"][0]["pointer"], "/holder_ids/1");
    assert_eq!(desk.app.value("SELECT count(*)::text FROM batches").await, "0");
}

/// A batch that is halted sends nothing; who lets it go on sends the rest; what is called off is not sent.
#[tokio::test]
async fn a_batch_is_halted_goes_on_in_another_name_and_is_called_off() {
    let desk = Desk::with(&["City of Sparks", "Basin Water"]).await;
    let id = desk.start().await;
    let act = |who: &Browser, act: &str| who.post(format!("/v1/batches/{id}/{act}"), ());
    let paused = act(&desk.staff, "pause").await.expect(200);
    assert_eq!(paused["state"], "paused");
    assert_eq!(paused["may"], json!(["resume", "cancel"]));
    assert!(desk.app.mail().await.is_empty());
    act(&desk.staff, "pause")
        .await
        .refused(ProblemType::WrongBatchState);
    act(&desk.staff, "retry")
        .await
        .refused(ProblemType::WrongBatchState);

    let other = people::csr(
        &desk.app,
        &[Permission::SendCertificates, Permission::ViewCertificates],
    )
    .await;
    act(&other, "resume").await.expect(200);
    assert_eq!(desk.app.mail().await.len(), 2);
    let log = desk.log(&id).await;
    assert_eq!(log[0]["sent_by_name"], "Ines Calder");
    assert_eq!(desk.batch(&id).await["started_by_name"], "Maren Voss");
    act(&desk.staff, "cancel")
        .await
        .refused(ProblemType::WrongBatchState);

    let second = desk.start().await;
    desk.staff
        .post(format!("/v1/batches/{second}/cancel"), ())
        .await
        .expect(200);
    assert!(desk.app.mail().await.is_empty());
    assert_eq!(states(&desk.rows(&second).await), ["not_sent"; 2]);
    assert_eq!(desk.batch(&second).await["may"], json!([]));

    let looker = people::csr(&desk.app, &[Permission::ViewCertificates]).await;
    let seen = looker.get(format!("/v1/batches/{id}")).await.expect(200);
    assert_eq!(seen["may"], json!(["download"]));
    looker
        .post(format!("/v1/batches/{id}/retry"), ())
        .await
        .refused(ProblemType::Forbidden);
    let portal = people::portal_user_of(&desk.app, &desk.insured, Right::ALL).await;
    portal
        .post(desk.at("batches"), desk.body())
        .await
        .refused(ProblemType::Forbidden);
}

/// Rights are asked anew for each transaction of rows: whoever lost them sends nothing more.
#[tokio::test]
async fn a_sender_who_may_no_longer_send_stops_the_batch() {
    let desk = Desk::with(&["City of Sparks", "Basin Water"]).await;
    let sender = people::csr(
        &desk.app,
        &[Permission::SendCertificates, Permission::ViewCertificates],
    )
    .await;
    let started = sender.post(desk.at("batches"), desk.body()).await.expect(201);
    let id = book::id(&started);
    desk.app
        .sql(
            desk.app.agency,
            "UPDATE staff_groups SET permissions = '{view_certificates}' WHERE name LIKE 'Group %'",
        )
        .await;
    assert!(desk.app.mail().await.is_empty());
    let batch = desk.batch(&id).await;
    assert_eq!(batch["state"], "paused");
    assert_eq!(
        batch["halted_reason"],
        "Who sends it may no longer send certificates."
    );
    assert_eq!(batch["counts"]["waiting"], 2);

    // The same holds for an account that was closed; somebody else may take it over.
    desk.staff
        .post(format!("/v1/batches/{id}/resume"), ())
        .await
        .expect(200);
    assert_eq!(desk.app.mail().await.len(), 2);
    let batch = desk.batch(&id).await;
    assert_eq!(batch["state"], "finished");
    assert_eq!(batch["halted_reason"], Value::Null);
}

/// Several hands at once on one batch: each row is in one of them.
#[tokio::test]
async fn two_hands_on_one_batch_send_no_row_twice() {
    let names: Vec<String> = (0..24).map(|n| format!("Holder number {n}")).collect();
    let desk = Desk::with(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let id = desk.start().await;
    // Each time it goes on, one more job is there.
    for act in ["pause", "resume", "pause", "resume"] {
        desk.staff
            .post(format!("/v1/batches/{id}/{act}"), ())
            .await
            .expect(200);
    }
    tokio::join!(desk.app.work(), desk.app.work(), desk.app.work());
    assert_eq!(desk.app.mail().await.len(), 24);
    assert_eq!(states(&desk.rows(&id).await), ["issued"; 24]);
    let log = desk.log(&id).await;
    let holders: std::collections::BTreeSet<_> = log.iter().map(|row| row["holder_id"].to_string()).collect();
    assert_eq!((log.len(), holders.len()), (24, 24));
    assert_eq!(desk.batch(&id).await["state"], "finished");
}

/// What failed says why, and only that is tried again.
#[tokio::test]
async fn only_what_failed_is_tried_again() {
    let desk = Desk::with(&["City of Sparks", "Basin Water"]).await;
    let id = desk.start().await;
    let address = "UPDATE agencies SET line1 =";
    desk.app
        .sql(
            desk.app.agency,
            &format!("{address} NULL, city = NULL, state = NULL, postal_code = NULL"),
        )
        .await;
    assert!(desk.app.mail().await.is_empty());
    let rows = desk.rows(&id).await;
    assert_eq!(states(&rows), ["failed"; 2]);
    assert_eq!(
        rows[0]["reason"],
        "The agency has no mailing address yet; add it under Settings > Agency."
    );
    let batch = desk.batch(&id).await;
    assert_eq!(
        (&batch["state"], &batch["may"]),
        (&json!("finished"), &json!(["retry"]))
    );
    desk.staff
        .get(format!("/v1/batches/{id}/zip"))
        .await
        .refused(ProblemType::WrongBatchState);

    desk.app
        .sql(
            desk.app.agency,
            &format!("{address} '410 Mill Street', city = 'Reno', state = 'NV', postal_code = '89501'"),
        )
        .await;
    // One of them was sent alone meanwhile; the row of the other one is all that is left.
    desk.app
        .sql(
            desk.app.agency,
            "UPDATE batch_rows SET state = 'not_sent', reason = NULL WHERE ordinal = 1",
        )
        .await;
    let retried = desk
        .staff
        .post(format!("/v1/batches/{id}/retry"), ())
        .await
        .expect(200);
    assert_eq!(retried["counts"]["waiting"], 1);
    assert_eq!(desk.app.letter().await.to(), ["holder-1@example.com"]);
    assert_eq!(states(&desk.rows(&id).await), ["not_sent", "issued"]);
    desk.staff
        .post(format!("/v1/batches/{id}/retry"), ())
        .await
        .refused(ProblemType::WrongBatchState);
}

/// Waits until the first of two holders has its mail, and tells why the second one got none.
async fn why_the_second_failed(desk: &Desk, batch: &str) -> Value {
    assert_eq!(desk.app.letter().await.to(), ["holder-0@example.com"]);
    let rows = desk.rows(batch).await;
    assert_eq!(states(&rows), ["issued", "failed"]);
    rows[1]["reason"].clone()
}

/// A holder that was merged into another one meanwhile is not printed under its old name.
#[tokio::test]
async fn a_holder_that_is_gone_meanwhile_fails_with_its_reason() {
    let desk = Desk::with(&["City of Sparks", "Sparks, City of"]).await;
    let id = desk.start().await;
    let (double, kept) = (desk.holders[1], desk.holders[0]);
    desk.staff
        .post(format!("/v1/holders/{double}/merge"), json!({ "into": kept }))
        .if_match(1)
        .await
        .expect(200);
    assert_eq!(
        why_the_second_failed(&desk, &id).await,
        "This holder was merged into another one meanwhile; send to that one."
    );
}

/// A holder that was archived meanwhile gets nothing either, until somebody brings it back and tries again.
#[tokio::test]
async fn a_holder_that_was_archived_meanwhile_gets_nothing() {
    let desk = Desk::with(&["City of Sparks", "Elko Schools"]).await;
    let id = desk.start().await;
    let gone = desk.holders[1];
    let archived = desk
        .staff
        .post(format!("/v1/holders/{gone}/archive"), ())
        .if_match(1)
        .await
        .expect(200);
    assert_eq!(
        why_the_second_failed(&desk, &id).await,
        "This holder was archived meanwhile; bring it back and try again, or leave it out."
    );
    desk.staff
        .post(format!("/v1/holders/{gone}/restore"), ())
        .if_match(archived["version"].as_i64().unwrap())
        .await
        .expect(200);
    let rename = format!("UPDATE holders SET name = 'Elko County Schools' WHERE id = '{gone}'");
    desk.app.sql(desk.app.agency, &rename).await;
    desk.staff
        .post(format!("/v1/batches/{id}/retry"), ())
        .await
        .expect(200);
    assert_eq!(desk.app.letter().await.to(), ["holder-1@example.com"]);
    // The row bears the name that its page does.
    assert_eq!(desk.rows(&id).await[1]["holder_name"], "Elko County Schools");
}

/// A holder whose newest certificate was withdrawn is shown as one that has none.
#[tokio::test]
async fn a_withdrawn_certificate_is_not_taken_for_one_that_stands() {
    let desk = Desk::with(&["City of Sparks"]).await;
    let id = desk.start().await;
    desk.app.letter().await;
    let check = json!({ "master_id": desk.master, "holder_ids": desk.holders });
    let before = async || {
        let looked = desk.staff.post(desk.at("batches/check"), &check).await;
        looked.expect(200)["rows"][0]["sent_before"].take()
    };
    assert_eq!(before().await["withdrawn"], false);
    let issued = book::id(&desk.log(&id).await[0]);
    desk.staff
        .post(
            format!("/v1/certificates/{issued}/withdrawal"),
            json!({ "reason": "Sent for the wrong project." }),
        )
        .await
        .expect(200);
    assert_eq!(before().await["withdrawn"], true);
}

/// The certificates of a batch that has ended are taken out as one file, and the history says so.
#[tokio::test]
async fn a_batch_that_has_ended_is_taken_out_as_one_file() {
    let desk = Desk::with(&["City of Sparks", "Basin/Water", "Elko Schools"]).await;
    let id = desk.start().await;
    desk.staff
        .get(format!("/v1/batches/{id}/pdf"))
        .await
        .refused(ProblemType::WrongBatchState);
    assert_eq!(desk.app.mail().await.len(), 3);

    let zip = desk.staff.get(format!("/v1/batches/{id}/zip")).await;
    assert_eq!(zip.header("content-type"), "application/zip");
    assert!(zip.bytes.starts_with(b"PK\x03\x04"));
    let entries = zip.bytes.windows(4).filter(|four| four == b"PK\x01\x02").count();
    assert_eq!(entries, 3);
    let text = zip.text();
    assert!(text.contains("City of Sparks.pdf") && text.contains("Basin-Water.pdf"));
    // The very bytes that were issued, whole, are in it.
    let log = desk.log(&id).await;
    for row in &log {
        let page = desk
            .staff
            .get(format!(
                "/v1/certificates/{}/download",
                row["id"].as_str().unwrap()
            ))
            .await;
        let found = zip
            .bytes
            .windows(page.bytes.len())
            .any(|window| window == page.bytes);
        assert!(found, "{} is not in the archive as it was issued", row["number"]);
    }

    let pdf = desk.staff.get(format!("/v1/batches/{id}/pdf")).await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert!(
        pdf.header("content-disposition")
            .starts_with("attachment; filename=\"Certificates-")
    );
    assert!(pdf.bytes.starts_with(b"%PDF-1.7") && pdf.bytes.ends_with(b"%%EOF\n"));
    assert!(pdf.text().contains("/Count 3"));
    let history = desk.staff.get(desk.at("activity?kind=looks")).await.expect(200);
    let told: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["summary"].as_str().unwrap())
        .filter(|told| told.contains("as one"))
        .collect();
    assert_eq!(
        told,
        [
            "Downloaded the certificates sent from All lines as one PDF",
            "Downloaded the certificates sent from All lines as one ZIP"
        ]
    );
}

/// Many people follow a batch at once: none of them holds a connection, and all are told of its end.
#[tokio::test]
async fn a_batch_is_followed_by_many_without_holding_the_database() {
    let desk = Desk::with(&["City of Sparks", "Basin Water"]).await;
    let id = desk.start().await;
    desk.staff
        .post(format!("/v1/batches/{id}/pause"), ())
        .await
        .expect(200);
    assert!(desk.app.mail().await.is_empty());
    // More than the server has connections.
    let followers: Vec<_> = (0..24)
        .map(|_| {
            let (staff, path) = (desk.staff.clone(), format!("/v1/batches/{id}/events"));
            tokio::spawn(async move { staff.get(path).await })
        })
        .collect();
    desk.batch(&id).await;
    desk.staff
        .post(format!("/v1/batches/{id}/cancel"), ())
        .await
        .expect(200);
    for follower in followers {
        let stream = follower.await.unwrap();
        assert_eq!(stream.header("content-type"), "text/event-stream");
        let text = stream.text();
        let last = text
            .lines()
            .rfind(|line| line.starts_with("data: {\"state\""))
            .unwrap();
        let progress: Value = serde_json::from_str(last.trim_start_matches("data: ")).unwrap();
        assert_eq!(progress["state"], "cancelled");
        assert_eq!(progress["counts"]["not_sent"], 2);
        assert!(text.ends_with("event: end\ndata: {}\n\n"), "{text}");
    }
    let portal = people::portal_user_of(&desk.app, &desk.insured, Right::ALL).await;
    portal
        .get(format!("/v1/batches/{id}/events"))
        .await
        .refused(ProblemType::Forbidden);
}

/// A list from elsewhere is matched by name, alias or address; what means several or nobody says so.
#[tokio::test]
async fn a_list_of_names_and_addresses_finds_its_holders() {
    let desk = Desk::with(&["City of Sparks", "Basin Water", "Basin Water"]).await;
    let matched = desk
        .staff
        .post(
            desk.at("batches/holders"),
            json!({ "rows": [
                { "name": "city of  SPARKS" },
                { "name": "Basin Water" },
                { "name": "Basin Water", "emails": ["holder-2@example.com"] },
                { "emails": ["holder-0@example.com"] },
                { "name": "Nobody we know" },
            ] }),
        )
        .await
        .expect(200);
    let found: Vec<usize> = matched["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["holders"].as_array().unwrap().len())
        .collect();
    assert_eq!(found, [1, 2, 1, 1, 0]);
    assert_eq!(
        matched["rows"][2]["holders"][0]["id"],
        json!(desk.holders[2].to_string())
    );
    let problem = desk
        .staff
        .post(
            desk.at("batches/holders"),
            json!({ "rows": [{ "name": "City of Sparks", "emails": ["nobody"] }, {}] }),
        )
        .await
        .refused(ProblemType::Validation);
    let pointers: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/rows/0/emails/0", "/rows/1"]);

    // One that was archived is not meant, and is told to be there.
    let gone = desk.holders[0];
    desk.staff
        .post(format!("/v1/holders/{gone}/archive"), ())
        .if_match(1)
        .await
        .expect(200);
    let named = json!({ "rows": [{ "name": "City of Sparks" }] });
    let matched = desk
        .staff
        .post(desk.at("batches/holders"), named)
        .await
        .expect(200);
    assert_eq!(matched["rows"][0]["holders"], json!([]));
    assert_eq!(matched["rows"][0]["archived"][0]["id"], json!(gone.to_string()));
}

/// The new term for those who hold the old one: what changes is told for each, and its own words stay.
#[tokio::test]
async fn the_new_term_goes_to_those_who_hold_the_old_one() {
    let desk = Desk::with(&["City of Sparks", "Basin Water"]).await;
    let send = async |holder: Uuid, description: &str| {
        let body = json!({
            "master_id": desk.master,
            "holder": { "id": holder },
            "description": description,
            "waiver": [],
            "recipients": { "to": ["a@example.com"] },
        });
        desk.staff.post(desk.at("certificates"), body).await.expect(201)
    };
    let held = send(desk.holders[0], "Job 4471, roof replacement.").await;
    send(desk.holders[1], "Job 12.").await;
    assert_eq!(desk.app.mail().await.len(), 2);
    let path = desk.at(&format!("masters/{}/renewal", desk.master));
    let before = desk.staff.get(&path).await.expect(200);
    assert_eq!(before["not_followed"], json!([]));
    assert_eq!(before["rows"][0]["changes"], json!([]), "nothing has changed yet");

    // A next term is there, and the master does not follow it yet.
    let old = desk.insured.policy("general_liability");
    let terms = json!({
        "number": "GL-NEXT", "insurer": { "naic": "90011", "name": "Ponderosa Casualty Company" },
        "named_insured": desk.insured.name, "effective_on": "2027-03-01", "expires_on": "2028-03-01",
        "coverage": {
            "line": "general_liability", "trigger": "occurrence", "aggregate_per": "project",
            "each_occurrence": { "amount": "2000000.00", "currency": "USD" }, "extra_boxes": [],
        },
    });
    desk.staff
        .post(
            format!("/v1/policies/{}/renewal", old.id),
            json!({ "terms": terms, "endorsements": [], "vehicles": false }),
        )
        .await
        .expect(201);
    let waiting = desk.staff.get(&path).await.expect(200);
    assert_eq!(waiting["not_followed"][0]["next_number"], "GL-NEXT");
    assert_eq!(waiting["not_followed"][0]["line"], "general_liability");

    // The policy's own limits change under the master: each holder is told what reads otherwise.
    desk.app
        .sql(
            desk.app.agency,
            &format!(
                "UPDATE policies SET coverage = jsonb_set(coverage, '{{each_occurrence}}', '200000000') \
                 WHERE id = '{}'",
                old.id
            ),
        )
        .await;
    let shown = desk.staff.get(&path).await.expect(200);
    let row = shown["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["holder_name"] == "City of Sparks")
        .unwrap()
        .clone();
    assert_eq!(row["certificate_id"], held["id"]);
    let kinds: Vec<_> = row["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["limit_up"]);
    assert_eq!(row["changes"][0]["label"], "Each occurrence");
    assert_eq!(row["changes"][0]["takes_away"], false);

    // The newest one counts: a clock that stands would make two of them the newest.
    desk.app.wait(chrono::TimeDelta::minutes(1));
    let body = json!({
        "kind": "renewal",
        "master_id": desk.master,
        "rows": [{ "holder_id": desk.holders[0], "follows": held["id"], "to": ["b@example.com"] }],
    });
    let started = desk.staff.post(desk.at("batches"), body).await.expect(201);
    assert_eq!(desk.app.letter().await.to(), ["b@example.com"]);
    let log = desk.log(&book::id(&started)).await;
    assert_eq!(log.len(), 1);
    assert_eq!(
        log[0]["description_of_operations"], "Job 4471, roof replacement.",
        "what was written for this holder stays"
    );
    let renewed = desk
        .staff
        .get(format!("/v1/certificates/{}", log[0]["id"].as_str().unwrap()))
        .await
        .expect(200);
    assert_eq!(
        renewed["payload"]["general_liability"]["waiver"],
        Value::Null,
        "a mark that the holder did not have does not come with the master"
    );
    let after = desk.staff.get(&path).await.expect(200);
    let row = after["rows"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["holder_name"] == "City of Sparks")
        .unwrap()
        .clone();
    assert_eq!(row["changes"], json!([]), "it holds what would be printed now");
}
