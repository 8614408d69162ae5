//! The courtesy notice of a cancellation: whom it may tell, what it says, and what becomes of it.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use countersign_worker::mail::MailError;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Browser, book, people, relay};

/// An insured with a certificate that was mailed to the holder used before.
pub(crate) async fn relied_on(app: &App, staff: &Browser) -> (book::Insured, Value) {
    let insured = book::insured(app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(staff, &insured).await);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let sent = staff.post(path, insured.send_body(&master)).await.expect(201);
    app.letter().await;
    (insured, sent)
}

pub(crate) async fn cancel(staff: &Browser, policy: &str, version: i32, day: &str) {
    let body = json!({ "effective_on": day, "reason": "Nonpayment of premium" });
    staff
        .put(format!("/v1/policies/{policy}/cancellation"), body)
        .if_match(version)
        .await
        .expect(200);
}

pub(crate) fn umbrella(insured: &book::Insured) -> String {
    insured.policy("umbrella_excess").id.to_string()
}

pub(crate) fn tell(holders: &[Uuid]) -> Value {
    json!({ "holder_ids": holders })
}

/// The holder of a live certificate is told once, by a mail that promises nothing and leaves its trace.
#[tokio::test]
async fn a_holder_is_told_once_and_promised_nothing() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, certificate) = relied_on(&app, &staff).await;
    let policy = umbrella(&insured);
    let notices = format!("/v1/policies/{policy}/courtesy-notices");
    staff
        .post(&notices, tell(&[insured.holder]))
        .await
        .refused(ProblemType::PolicyNotCancelled);
    staff
        .get(format!("{notices}/preview?holder_id={}", insured.holder))
        .await
        .refused(ProblemType::PolicyNotCancelled);
    cancel(&staff, &policy, 1, "2026-10-20").await;

    let preview = staff
        .get(format!("{notices}/preview?holder_id={}", insured.holder))
        .await
        .expect(200);
    assert_eq!(preview["to"], json!(["certificates@northgate.example.com"]));
    let sent = staff
        .post(&notices, tell(&[insured.holder]))
        .key("once")
        .await
        .expect(201);
    assert_eq!(sent, json!({ "queued": 1 }));
    // A double click carries the same key, a second person another one: neither mails it again.
    let replay = staff.post(&notices, tell(&[insured.holder])).key("once").await;
    assert_eq!(replay.header("idempotency-replayed"), "true");
    let again = staff
        .post(&notices, tell(&[insured.holder]))
        .await
        .refused(ProblemType::Validation);
    assert_eq!(again["errors"][0]["pointer"], "/holder_ids/0");
    assert_eq!(again["errors"][0]["code"], "told_already");

    let letter = app.letter().await;
    assert_eq!(letter.to(), ["certificates@northgate.example.com"]);
    assert_eq!(letter.subject(), preview["subject"].as_str().unwrap());
    for sentence in preview["disclaimers"].as_array().unwrap() {
        let sentence = sentence.as_str().unwrap();
        assert!(letter.text().contains(sentence), "{}", letter.text());
    }
    let number = insured.policy("umbrella_excess").number.to_string();
    for fact in [
        "Alder Creek Roofing LLC",
        number.as_str(),
        "Umbrella / Excess Liability",
        "October 20, 2026",
        "26-000001",
    ] {
        assert!(letter.text().contains(fact), "{fact}: {}", letter.text());
    }

    let holders = staff
        .get(format!("/v1/policies/{policy}/holders"))
        .await
        .expect(200);
    let notice = &holders["data"][0]["notice"];
    assert_eq!(
        (&notice["state"], &notice["sent_by_name"]),
        (&json!("accepted"), &json!("Maren Voss"))
    );
    let said = |history: Value| -> Vec<String> {
        let rows = history["data"].as_array().unwrap().clone();
        rows.iter()
            .map(|row| row["summary"].as_str().unwrap().to_owned())
            .collect()
    };
    let told = format!(
        "Sent a courtesy notice that policy {number} is cancelled to Northgate Builders, Inc. \
         (certificates@northgate.example.com)"
    );
    let of_certificate = staff
        .get(format!("/v1/certificates/{}/activity", book::id(&certificate)))
        .await
        .expect(200);
    assert!(said(of_certificate).contains(&told));
    let of_insured = said(
        staff
            .get(format!("/v1/insureds/{}/activity", insured.id))
            .await
            .expect(200),
    );
    assert!(of_insured.contains(&told), "{of_insured:?}");
    assert_eq!(
        of_insured[0],
        format!(
            "The courtesy notice of policy {number} to Northgate Builders, Inc. was accepted by the mail relay"
        )
    );

    // A corrected cancellation is another one, of which nobody was told yet.
    cancel(&staff, &policy, 2, "2026-10-25").await;
    let holders = staff
        .get(format!("/v1/policies/{policy}/holders"))
        .await
        .expect(200);
    assert!(holders["data"][0].get("notice").is_none(), "{holders}");
    staff.post(&notices, tell(&[insured.holder])).await.expect(201);
    // Corrected once more before the mail left: what it says is no longer so, and it is not mailed.
    cancel(&staff, &policy, 3, "2026-10-26").await;
    assert!(app.mail().await.is_empty());
}

/// Who holds no live certificate, cannot be reached or may not be told is refused with its place in the list.
#[tokio::test]
async fn only_a_holder_of_a_live_certificate_with_an_address_is_told() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, certificate) = relied_on(&app, &staff).await;
    let other = book::insured(&app, "Basin Electric Inc").await;
    let policy = umbrella(&insured);
    let notices = format!("/v1/policies/{policy}/courtesy-notices");
    cancel(&staff, &policy, 1, "2026-10-20").await;
    let refused = async |holders: &[Uuid]| {
        let problem = staff
            .post(&notices, tell(holders))
            .await
            .refused(ProblemType::Validation);
        let error = &problem["errors"][0];
        (
            error["pointer"].as_str().unwrap().to_owned(),
            error["code"].as_str().unwrap().to_owned(),
        )
    };
    let at = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(refused(&[]).await, at("/holder_ids", "empty"));
    let stranger = other.holder;
    assert_eq!(
        refused(&[insured.holder, stranger]).await,
        at("/holder_ids/1", "not_reliant")
    );
    app.sql(
        app.agency,
        &format!(
            "UPDATE holders SET emails = '{{}}' WHERE id = '{}'",
            insured.holder
        ),
    )
    .await;
    assert_eq!(
        refused(&[insured.holder]).await,
        at("/holder_ids/0", "no_address")
    );
    app.sql(
        app.agency,
        &format!(
            "UPDATE holders SET emails = '{{new@northgate.example.com}}' WHERE id = '{}'",
            insured.holder
        ),
    )
    .await;
    staff
        .post(
            format!("/v1/certificates/{}/withdrawal", book::id(&certificate)),
            json!({ "reason": "Sent for the wrong project." }),
        )
        .await
        .expect(200);
    assert_eq!(
        refused(&[insured.holder]).await,
        at("/holder_ids/0", "not_reliant")
    );

    let reader = people::csr(&app, &[Permission::ViewInsureds, Permission::ViewCertificates]).await;
    let problem = reader
        .post(&notices, tell(&[insured.holder]))
        .await
        .refused(ProblemType::Forbidden);
    assert_eq!(problem["rule"], "group_does_not_open");
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    portal
        .post(&notices, tell(&[insured.holder]))
        .await
        .refused(ProblemType::Forbidden);
    people::administrator_elsewhere(&app)
        .await
        .post(&notices, tell(&[insured.holder]))
        .await
        .refused(ProblemType::NotFound);
}

/// A notice that the relay refuses is a dead letter like any other; another try mails it.
#[tokio::test]
async fn a_refused_notice_is_among_the_failed_mail_and_can_be_tried_again() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, _) = relied_on(&app, &staff).await;
    let policy = umbrella(&insured);
    cancel(&staff, &policy, 1, "2026-10-20").await;
    app.mailer.fail_next(MailError::Permanent {
        reason: "550 no such mailbox".to_owned(),
    });
    let notices = format!("/v1/policies/{policy}/courtesy-notices");
    staff.post(&notices, tell(&[insured.holder])).await.expect(201);
    assert!(app.mail().await.is_empty());
    let holders = format!("/v1/policies/{policy}/holders");
    let row = staff.get(&holders).await.expect(200)["data"][0]["notice"].clone();
    assert_eq!(
        (&row["state"], &row["last_error"]),
        (&json!("failed"), &json!("550 no such mailbox"))
    );
    let failed = staff.get("/v1/failed-jobs").await.expect(200);
    let number = insured.policy("umbrella_excess").number.to_string();
    assert_eq!(
        failed["data"][0]["summary"],
        format!(
            "Courtesy notice of policy {number} for Northgate Builders, Inc., to certificates@northgate.example.com"
        )
    );
    assert_eq!(failed["data"][0]["insured_id"], json!(insured.id));
    app.wait(TimeDelta::minutes(5));
    let job = failed["data"][0]["id"].as_str().unwrap().to_owned();
    staff
        .post(format!("/v1/failed-jobs/{job}/retry"), ())
        .await
        .expect(204);
    assert!(app.letter().await.subject().contains(&number));
    let row = staff.get(&holders).await.expect(200)["data"][0]["notice"].clone();
    assert_eq!(row["state"], "accepted");
}

/// A notice that came back says so where it is listed, is to be done by somebody, makes its address a doubtful one, and
/// can be sent again; the task goes with the next notice, with a reason, or when it arrives after all.
#[tokio::test]
async fn a_notice_that_came_back_is_to_be_done() {
    const TO: &str = "certificates@northgate.example.com";
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, _) = relied_on(&app, &staff).await;
    let policy = umbrella(&insured);
    let number = insured.policy("umbrella_excess").number.to_string();
    cancel(&staff, &policy, 1, "2026-10-20").await;
    let notices = format!("/v1/policies/{policy}/courtesy-notices");
    staff.post(&notices, tell(&[insured.holder])).await.expect(201);
    let message_id = app.letter().await.header("Message-ID");
    app.wait(TimeDelta::minutes(1));
    let report = async |event: &str, minutes: i64| {
        let at = app.now() + TimeDelta::minutes(minutes - 60);
        let events = [relay::of(&message_id, TO, event, at)];
        relay::tell(&app.staff(), &events, app.now()).await.expect(202)
    };
    let notice = async || {
        let holders = staff.get(format!("/v1/policies/{policy}/holders")).await;
        holders.expect(200)["data"][0]["notice"].clone()
    };
    let tasks = async || staff.get("/v1/tasks").await.expect(200)["data"].clone();

    assert_eq!(report("deferred", 1).await["taken"], 1);
    assert_eq!(notice().await["outcome"], "deferred");
    assert_eq!(tasks().await, json!([]));
    assert_eq!(report("bounced", 2).await["taken"], 1);
    assert_eq!(
        report("bounced", 2).await,
        json!({ "taken": 0, "repeated": 1, "unknown": 0 })
    );
    let stray = [relay::of(
        &message_id,
        "stranger@elsewhere.example.com",
        "bounced",
        app.now(),
    )];
    let stray = relay::tell(&app.staff(), &stray, app.now()).await.expect(202);
    assert_eq!(stray["unknown"], 1);

    let shown = notice().await;
    assert_eq!(
        (&shown["state"], &shown["outcome"], &shown["reached_nobody"]),
        (&json!("accepted"), &json!("bounced"), &json!(true))
    );
    let back = &shown["came_back"];
    assert_eq!(
        (&back[0]["address"], &back[0]["reason"]),
        (&json!(TO), &json!("550 no such user"))
    );
    let open = tasks().await;
    assert_eq!(open.as_array().unwrap().len(), 1);
    assert_eq!(
        open[0]["about"],
        json!({
            "kind": "notice", "policy_id": policy, "policy_number": number, "holder_id": insured.holder,
            "holder_name": "Northgate Builders, Inc.", "address": TO, "reason": "550 no such user",
        })
    );
    assert_eq!(
        (&open[0]["insured_id"], &open[0]["may"]),
        (&json!(insured.id), &json!(["settle", "dismiss"]))
    );
    assert_eq!(back[0]["task_id"], open[0]["id"]);
    let checked = staff
        .post("/v1/recipient-checks", json!({ "recipients": [TO] }))
        .await;
    assert_eq!(checked.expect(200)["concerns"][0]["code"], "bounced");
    let said = async || {
        let history = staff
            .get(format!("/v1/insureds/{}/activity", insured.id))
            .await
            .expect(200);
        history["data"][0]["summary"].as_str().unwrap().to_owned()
    };
    let what = format!("courtesy notice of policy {number} to Northgate Builders, Inc. came back from {TO}");
    assert_eq!(said().await, format!("The {what}: 550 no such user"));

    // Where nothing is sent, it goes for a reason only.
    let task = format!("/v1/tasks/{}", book::id(&open[0]));
    let dismiss = format!("{task}/dismiss");
    let unsaid = staff.post(&dismiss, json!({ "reason": "" })).await;
    assert_eq!(
        unsaid.refused(ProblemType::Validation)["errors"][0]["pointer"],
        "/reason"
    );
    people::administrator_elsewhere(&app)
        .await
        .post(&dismiss, json!({ "reason": "Not ours." }))
        .await
        .refused(ProblemType::NotFound);

    // It can be sent again from the policy: the holder was not told yet. The old task has gone then.
    staff.post(&notices, tell(&[insured.holder])).await.expect(201);
    let again = app.letter().await.header("Message-ID");
    assert_eq!(tasks().await, json!([]));
    assert_eq!(notice().await["reached_nobody"], false);
    let told = staff.post(&notices, tell(&[insured.holder])).await;
    assert_eq!(
        told.refused(ProblemType::Validation)["errors"][0]["code"],
        "told_already"
    );
    let back = [relay::of(&again, TO, "bounced", app.now())];
    relay::tell(&app.staff(), &back, app.now()).await.expect(202);
    let task = book::id(&tasks().await[0]);
    let reason = json!({ "reason": "Told by telephone." });
    staff
        .post(format!("/v1/tasks/{task}/dismiss"), reason)
        .await
        .expect(204);
    assert_eq!(tasks().await, json!([]));
    assert_eq!(
        said().await,
        format!("Dismissed that the {what}: Told by telephone.")
    );
}

/// A holder with a second address that has the notice was told; where it arrives after all, nothing is to be done.
#[tokio::test]
async fn a_notice_that_reached_somebody_is_not_sent_again() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, _) = relied_on(&app, &staff).await;
    let (old, other) = ("certificates@northgate.example.com", "pm@northgate.example.com");
    app.sql(
        app.agency,
        &format!(
            "UPDATE holders SET emails = '{{{old},{other}}}' WHERE id = '{}'",
            insured.holder
        ),
    )
    .await;
    let policy = umbrella(&insured);
    cancel(&staff, &policy, 1, "2026-10-20").await;
    let notices = format!("/v1/policies/{policy}/courtesy-notices");
    staff.post(&notices, tell(&[insured.holder])).await.expect(201);
    let message_id = app.letter().await.header("Message-ID");
    let report = async |to: &str, event: &str, minutes: i64| {
        let at = app.now() + TimeDelta::minutes(minutes - 60);
        let events = [relay::of(&message_id, to, event, at)];
        relay::tell(&app.staff(), &events, app.now()).await.expect(202);
        let holders = staff.get(format!("/v1/policies/{policy}/holders")).await;
        holders.expect(200)["data"][0]["notice"].clone()
    };
    assert_eq!(report(old, "bounced", 1).await["reached_nobody"], false);
    let told = staff.post(&notices, tell(&[insured.holder])).await;
    assert_eq!(
        told.refused(ProblemType::Validation)["errors"][0]["code"],
        "told_already"
    );
    report(other, "delivered", 2).await;
    let notice = report(old, "delivered", 3).await;
    assert_eq!(
        (&notice["outcome"], &notice["came_back"]),
        (&json!("delivered"), &json!([]))
    );
    assert_eq!(staff.get("/v1/tasks").await.expect(200)["data"], json!([]));
}

/// Where the policy is reinstated, it still shows what its holders were told of last, until a new certificate tells them
/// otherwise.
#[tokio::test]
async fn what_a_holder_was_told_is_still_shown_where_the_policy_was_reinstated() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, sent) = relied_on(&app, &staff).await;
    let policy = format!("/v1/policies/{}", umbrella(&insured));
    for (version, day) in [(1, "2026-10-20"), (2, "2026-10-25")] {
        cancel(&staff, &umbrella(&insured), version, day).await;
        let notices = format!("{policy}/courtesy-notices");
        staff.post(notices, tell(&[insured.holder])).await.expect(201);
        app.letter().await;
        app.wait(TimeDelta::minutes(5));
    }
    let mut terms = staff.get(&policy).await.expect(200)["terms"].clone();
    terms["status"] = json!("active");
    staff.put(&policy, &terms).if_match(3).await.expect(200);
    let told = async || {
        let holders = staff.get(format!("{policy}/holders")).await.expect(200);
        let notice = &holders["data"][0]["notice"];
        (
            notice["cancelled_on"].clone(),
            notice["certificate_since"].clone(),
        )
    };
    assert_eq!(told().await, (json!("2026-10-25"), json!(false)));

    let master = sent["master"]["id"].as_str().unwrap();
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    staff.post(path, insured.send_body(master)).await.expect(201);
    app.letter().await;
    assert_eq!(told().await, (json!("2026-10-25"), json!(true)));

    // Cancelled anew, it is another cancellation, of which nobody was told yet.
    cancel(&staff, &umbrella(&insured), 4, "2026-11-02").await;
    assert_eq!(told().await, (Value::Null, Value::Null));
}
