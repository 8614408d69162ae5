//! A courtesy notice that came back goes to the right address, in the act that settles its task.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::Permission;
use serde_json::{Value, json};

use crate::notices::{cancel, relied_on, tell, umbrella};
use crate::support::browser::Ask;
use crate::support::{App, Browser, book, people, relay};

const OLD: &str = "certificates@northgate.example.com";
const OTHER: &str = "pm@northgate.example.com";
const RIGHT: &str = "office@northgate.example.com";

/// A holder with these addresses that was told of a cancellation.
struct Desk {
    app: App,
    staff: Browser,
    insured: book::Insured,
    certificate: Value,
    policy: String,
    message_id: String,
}

async fn told(addresses: &[&str]) -> Desk {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, certificate) = relied_on(&app, &staff).await;
    let emails = addresses.join(",");
    let given = format!(
        "UPDATE holders SET emails = '{{{emails}}}' WHERE id = '{}'",
        insured.holder
    );
    app.sql(app.agency, &given).await;
    let policy = umbrella(&insured);
    cancel(&staff, &policy, 1, "2026-10-20").await;
    let desk = Desk {
        app,
        staff,
        insured,
        certificate,
        policy,
        message_id: String::new(),
    };
    desk.send().await.expect(201);
    let message_id = desk.app.letter().await.header("Message-ID");
    desk.app.wait(TimeDelta::minutes(1));
    Desk { message_id, ..desk }
}

impl Desk {
    fn send(&self) -> Ask {
        let notices = format!("/v1/policies/{}/courtesy-notices", self.policy);
        self.staff.post(notices, tell(&[self.insured.holder]))
    }

    /// The notice came back from this address, and so did whatever else was mailed with this id.
    async fn came_back(&self, message_id: &str, from: &str) {
        let events = [relay::of(message_id, from, "bounced", self.app.now())];
        let answer = relay::tell(&self.app.staff(), &events, self.app.now()).await;
        assert_eq!(answer.expect(202)["taken"], 1);
    }

    async fn tasks(&self) -> Vec<Value> {
        let list = self.staff.get("/v1/tasks").await.expect(200);
        list["data"].as_array().unwrap().clone()
    }

    /// Where the task about what came back from this address is settled.
    async fn settle(&self, from: &str) -> String {
        let tasks = self.tasks().await;
        let about = |task: &&Value| task["about"]["address"] == from;
        let task = tasks.iter().find(about).expect("a task about it");
        format!("/v1/tasks/{}/settle", book::id(task))
    }

    async fn notice(&self) -> Value {
        let holders = self
            .staff
            .get(format!("/v1/policies/{}/holders", self.policy))
            .await;
        holders.expect(200)["data"][0]["notice"].clone()
    }

    async fn emails(&self) -> Value {
        let holder = format!("/v1/holders/{}", self.insured.holder);
        self.staff.get(holder).await.expect(200)["emails"].clone()
    }

    async fn said(&self, of: String) -> Vec<String> {
        let history = self.staff.get(format!("/v1/{of}/activity")).await.expect(200);
        let rows = history["data"].as_array().unwrap().iter();
        rows.map(|row| row["summary"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn right(address: &str) -> Value {
    json!({ "address": address })
}

fn code(problem: &Value) -> (&str, &str) {
    let error = &problem["errors"][0];
    (
        error["pointer"].as_str().unwrap(),
        error["code"].as_str().unwrap(),
    )
}

/// The right address is told, the holder's record follows, and the task is done: all of it in one act, once.
#[tokio::test]
async fn a_notice_goes_to_the_right_address_and_its_task_is_done() {
    let desk = told(&[OLD]).await;
    desk.came_back(&desk.message_id, OLD).await;
    let settle = desk.settle(OLD).await;
    for (address, fault) in [("nobody", "not_an_email"), (OLD, "same")] {
        let refused = desk.staff.post(&settle, right(address)).await;
        let refused = refused.refused(ProblemType::Validation);
        assert_eq!(code(&refused), ("/address", fault));
    }
    let elsewhere = people::administrator_elsewhere(&desk.app).await;
    let unknown = elsewhere.post(&settle, right(RIGHT)).await;
    unknown.refused(ProblemType::NotFound);
    let reader = people::csr(&desk.app, &[Permission::ViewCertificates]).await;
    let forbidden = reader.post(&settle, right(RIGHT)).await;
    forbidden.refused(ProblemType::Forbidden);
    assert_eq!(desk.tasks().await.len(), 1);

    let sent = desk
        .staff
        .post(&settle, right(RIGHT))
        .key("once")
        .await
        .expect(201);
    assert_eq!(
        sent,
        json!({
            "kind": "notice", "policy_id": desk.policy, "holder_id": desk.insured.holder, "to": RIGHT,
            "queued_at": sent["queued_at"],
        })
    );
    let replay = desk.staff.post(&settle, right(RIGHT)).key("once").await;
    assert_eq!(replay.header("idempotency-replayed"), "true");
    let twice = desk.staff.post(&settle, right(RIGHT)).await;
    twice.refused(ProblemType::TaskSettled);

    let letter = desk.app.letter().await;
    assert_eq!(letter.to(), [RIGHT]);
    assert!(letter.text().contains("October 20, 2026"), "{}", letter.text());
    assert_eq!(desk.tasks().await, [] as [Value; 0]);
    assert_eq!(desk.emails().await, json!([RIGHT]));
    let notice = desk.notice().await;
    assert_eq!(
        (&notice["to"], &notice["came_back"], &notice["reached_nobody"]),
        (&json!([RIGHT]), &json!([]), &json!(false))
    );
    let again = desk.send().await.refused(ProblemType::Validation);
    assert_eq!(code(&again), ("/holder_ids/0", "told_already"));

    let number = desk.insured.policy("umbrella_excess").number.to_string();
    let of_insured = desk.said(format!("insureds/{}", desk.insured.id)).await;
    let replaced = format!(
        "Replaced {OLD} with {RIGHT} and sent the courtesy notice of policy {number} to Northgate Builders, Inc. there"
    );
    assert!(of_insured.contains(&replaced), "{of_insured:?}");
    let of_certificate = desk
        .said(format!("certificates/{}", book::id(&desk.certificate)))
        .await;
    let told = format!(
        "Sent a courtesy notice that policy {number} is cancelled to Northgate Builders, Inc. ({RIGHT})"
    );
    assert!(of_certificate.contains(&told), "{of_certificate:?}");

    // It comes back from there, too: nobody has it, and that is to be done.
    let second = letter.header("Message-ID");
    desk.came_back(&second, RIGHT).await;
    assert_eq!(desk.notice().await["reached_nobody"], true);
    assert_eq!(desk.tasks().await.len(), 1);
}

/// One address of several has it and the other one not: the right one is told alone, and whoever has it is told no
/// second time.
#[tokio::test]
async fn an_address_that_was_not_told_is_told_though_another_one_was() {
    let desk = told(&[OLD, OTHER]).await;
    desk.came_back(&desk.message_id, OLD).await;
    let settle = desk.settle(OLD).await;
    let refused = desk.staff.post(&settle, right(&OTHER.to_uppercase())).await;
    let refused = refused.refused(ProblemType::Validation);
    assert_eq!(code(&refused), ("/address", "told_already"));
    desk.staff.post(&settle, right(RIGHT)).await.expect(201);
    let letter = desk.app.letter().await;
    assert_eq!(letter.to(), [RIGHT]);
    assert_eq!(desk.emails().await, json!([RIGHT, OTHER]));

    // The newest notice comes back as well. The first one still has reached somebody, so the holder was told.
    desk.app.wait(TimeDelta::minutes(1));
    desk.came_back(&letter.header("Message-ID"), RIGHT).await;
    let notice = desk.notice().await;
    assert_eq!(notice["reached_nobody"], false);
    let again = desk.send().await.refused(ProblemType::Validation);
    assert_eq!(code(&again), ("/holder_ids/0", "told_already"));

    // Until the first one comes back from there, too: both are to be done, and stand where it is listed.
    desk.app.wait(TimeDelta::minutes(1));
    desk.came_back(&desk.message_id, OTHER).await;
    let notice = desk.notice().await;
    assert_eq!(notice["reached_nobody"], true);
    let tasks = desk.tasks().await;
    let open = |address: &str| tasks.iter().find(|task| task["about"]["address"] == address);
    let listed = notice["came_back"].as_array().unwrap();
    let listed: Vec<_> = listed
        .iter()
        .map(|back| (&back["address"], &back["task_id"]))
        .collect();
    assert_eq!(
        listed,
        [
            (&json!(RIGHT), &open(RIGHT).unwrap()["id"]),
            (&json!(OTHER), &open(OTHER).unwrap()["id"]),
        ]
    );

    // Settling one leaves the other to be done.
    let settle = desk.settle(OTHER).await;
    let site = "site@northgate.example.com";
    desk.staff.post(&settle, right(site)).await.expect(201);
    assert_eq!(desk.app.letter().await.to(), [site]);
    assert_eq!(desk.tasks().await.len(), 1);
    assert_eq!(desk.notice().await["came_back"][0]["address"], RIGHT);
}

/// What is told is so now: of a corrected cancellation its new day, and of none that was taken back or that nobody
/// relies on any more. A refusal settles nothing.
#[tokio::test]
async fn only_what_is_so_is_sent_to_the_right_address() {
    let desk = told(&[OLD]).await;
    desk.came_back(&desk.message_id, OLD).await;
    let settle = desk.settle(OLD).await;
    let policy = format!("/v1/policies/{}", desk.policy);
    let record = desk.staff.get(&policy).await.expect(200);
    let mut terms = record["terms"].clone();
    terms["status"] = json!("active");
    desk.staff.put(&policy, &terms).if_match(2).await.expect(200);
    let refused = desk.staff.post(&settle, right(RIGHT)).await;
    refused.refused(ProblemType::PolicyNotCancelled);
    assert_eq!((desk.tasks().await.len(), desk.emails().await), (1, json!([OLD])));

    cancel(&desk.staff, &desk.policy, 3, "2026-10-25").await;
    desk.staff.post(&settle, right(RIGHT)).await.expect(201);
    let letter = desk.app.letter().await;
    assert!(letter.text().contains("October 25, 2026"), "{}", letter.text());
    assert_eq!(desk.notice().await["to"], json!([RIGHT]));

    // The holder is put away, and its record stays as it is; what was sent to it came back all the same.
    desk.app.wait(TimeDelta::minutes(1));
    desk.came_back(&letter.header("Message-ID"), RIGHT).await;
    let holder = format!("/v1/holders/{}", desk.insured.holder);
    let version = desk.staff.get(&holder).await.expect(200)["version"].clone();
    let archive = desk.staff.post(format!("{holder}/archive"), ());
    archive.if_match(version).await.expect(200);
    let settle = desk.settle(RIGHT).await;
    let site = "site@northgate.example.com";
    desk.staff.post(&settle, right(site)).await.expect(201);
    let letter = desk.app.letter().await;
    assert_eq!(letter.to(), [site]);
    assert_eq!(desk.emails().await, json!([RIGHT]));

    desk.came_back(&letter.header("Message-ID"), site).await;
    let withdraw = format!("/v1/certificates/{}/withdrawal", book::id(&desk.certificate));
    let gone = json!({ "reason": "Sent for the wrong project." });
    desk.staff.post(withdraw, gone).await.expect(200);
    let settle = desk.settle(site).await;
    let refused = desk.staff.post(&settle, right(OTHER)).await;
    let refused = refused.refused(ProblemType::Validation);
    assert_eq!(code(&refused), ("", "not_reliant"));
    assert_eq!(desk.tasks().await.len(), 1);
}

/// Somebody settles the task while somebody else sends the notice again from the policy: one of them is too late.
#[tokio::test]
async fn two_people_at_once_send_one_mail() {
    let desk = told(&[OLD]).await;
    desk.came_back(&desk.message_id, OLD).await;
    let settle = desk.settle(OLD).await;
    let settling = desk.staff.post(&settle, right(RIGHT)).into_future();
    let (settled, sent) = futures::join!(settling, desk.send().into_future());
    if settled.status == 201 {
        let refused = sent.refused(ProblemType::Validation);
        assert_eq!(code(&refused), ("/holder_ids/0", "told_already"));
    } else {
        settled.refused(ProblemType::TaskSettled);
        sent.expect(201);
    }
    desk.app.letter().await;
    assert_eq!(desk.tasks().await, [] as [Value; 0]);
}
