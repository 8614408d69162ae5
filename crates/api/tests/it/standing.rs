//! What becomes of a certificate: withdrawn with a reason, or superseded by its next revision; and what is told
//! about it afterwards.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use countersign_worker::mail::MailError;
use serde_json::{Value, json};

use crate::support::{App, Browser, book, people};

/// An insured with a certificate that was mailed, as staff see it.
async fn sent(app: &App, staff: &Browser) -> (book::Insured, String, Value) {
    let insured = book::insured(app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(staff, &insured).await);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let sent = staff.post(path, insured.send_body(&master)).await.expect(201);
    (insured, master, sent)
}

fn reason() -> Value {
    json!({ "reason": "Sent for the wrong project." })
}

/// A2.04: a certificate is taken back with a reason, who and when; it can no longer be sent, and stays to be seen.
#[tokio::test]
async fn a_certificate_is_withdrawn_with_a_reason() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, _, issued) = sent(&app, &staff).await;
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&issued));
    app.wait(TimeDelta::minutes(7));

    for (body, code) in [
        (json!({ "reason": " \n " }), "empty"),
        (json!({ "reason": "x".repeat(501) }), "too_long"),
    ] {
        let problem = staff
            .post(format!("{one}/withdrawal"), body)
            .await
            .refused(ProblemType::Validation);
        assert_eq!(problem["errors"][0]["pointer"], "/reason");
        assert_eq!(problem["errors"][0]["code"], code);
    }
    let ask = || staff.post(format!("{one}/withdrawal"), reason()).key("withdraw");
    let withdrawn = ask().await.expect(200);
    assert_eq!(withdrawn["state"], "withdrawn");
    assert_eq!(withdrawn["may"], json!(["preview", "download"]));
    let told = &withdrawn["withdrawal"];
    assert_eq!(told["by_name"], "Maren Voss");
    assert_eq!(told["reason"], "Sent for the wrong project.");
    assert_eq!(
        told["at"],
        app.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    );
    let again = ask().await;
    assert_eq!(again.header("idempotency-replayed"), "true");

    // Nothing more can be done with it, whoever asks.
    for (path, body) in [
        ("deliveries", json!({ "kind": "exact_copy" })),
        ("withdrawal", reason()),
        ("revisions", insured.send_body(&book::id(&issued["master"]))),
    ] {
        let problem = staff
            .post(format!("{one}/{path}"), body)
            .await
            .refused(ProblemType::CertificateNotStanding);
        assert!(problem.get("superseded_by").is_none(), "{problem}");
        assert!(
            problem["detail"].as_str().unwrap().contains("withdrawn"),
            "{problem}"
        );
    }
    assert!(app.mail().await.is_empty());

    // Staff still save the page; the log and the history tell what happened.
    let page = staff.get(format!("{one}/download")).await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "application/pdf")
    );
    let log = staff.get("/v1/certificates?state=withdrawn").await.expect(200);
    assert_eq!(
        log["data"][0]["withdrawal"]["reason"],
        "Sent for the wrong project."
    );
    let history = staff.get(format!("{one}/activity")).await.expect(200);
    assert_eq!(history["data"][1]["action"], "certificate_withdrawn");
    assert_eq!(
        history["data"][1]["summary"],
        "Withdrew certificate 26-000001: Sent for the wrong project."
    );

    // The insured sees that it was withdrawn, but not the agency's words about it.
    let portal = people::portal_user_of(&app, &insured, &[Right::SendCertificates]).await;
    let seen = portal.get(&one).await.expect(200);
    assert_eq!(seen["state"], "withdrawn");
    assert_eq!(seen["may"], json!(["preview", "download"]));
    assert!(seen["withdrawal"].get("reason").is_none(), "{seen}");
}

/// Withdrawing has a permission of its own.
#[tokio::test]
async fn who_may_send_may_not_withdraw() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, _, issued) = sent(&app, &staff).await;
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&issued));
    let sender = people::csr(
        &app,
        &[Permission::ViewCertificates, Permission::SendCertificates],
    )
    .await;
    assert_eq!(
        sender.get(&one).await.expect(200)["may"],
        json!(["preview", "download", "resend", "revise"])
    );
    let problem = sender
        .post(format!("{one}/withdrawal"), reason())
        .await
        .refused(ProblemType::Forbidden);
    assert_eq!(problem["rule"], "group_does_not_open");
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    for path in ["withdrawal", "revisions"] {
        let body = match path {
            "withdrawal" => reason(),
            _ => insured.send_body(&book::id(&issued["master"])),
        };
        portal
            .post(format!("{one}/{path}"), body)
            .await
            .refused(ProblemType::Forbidden);
    }
}

/// Mail that still waits when its certificate is withdrawn does not go out any more, and is no failed mail.
#[tokio::test]
async fn mail_of_a_withdrawn_certificate_is_held_back() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (_, _, issued) = sent(&app, &staff).await;
    let one = format!("/v1/certificates/{}", book::id(&issued));
    staff
        .post(format!("{one}/withdrawal"), reason())
        .await
        .expect(200);
    assert!(app.mail().await.is_empty());
    let after = staff.get(&one).await.expect(200);
    let delivery = &after["deliveries"][0];
    assert_eq!(delivery["state"], "failed");
    assert_eq!(delivery["attempts"], 0);
    assert_eq!(
        delivery["timeline"][1]["reason"],
        "not mailed: the certificate was withdrawn before"
    );
    assert_eq!(staff.get("/v1/failed-jobs").await.expect(200)["data"], json!([]));
}

/// The next revision has the same number, a changed print, and takes the place of the one before.
#[tokio::test]
async fn a_certificate_is_revised() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, master, issued) = sent(&app, &staff).await;
    app.letter().await;
    let old = format!("/v1/certificates/{}", book::id(&issued));
    // What a revision begins with.
    assert_eq!(
        issued["choices"]["description"],
        "Roofing operations of the named insured."
    );
    assert!(
        issued["choices"]["additional_insured"]
            .as_array()
            .unwrap()
            .contains(&json!("general_liability"))
    );
    app.wait(TimeDelta::hours(1));
    let staff = people::administrator(&app).await;

    // From the policies as they are now.
    let policy = insured.policy("general_liability").id;
    let renew = format!("UPDATE policies SET expires_on = '2027-06-01' WHERE id = '{policy}'");
    app.sql(app.agency, &renew).await;
    let mut body = insured.send_body(&master);
    body["description"] = json!("Job 4471, second phase.");
    let mut draft = body.clone();
    draft.as_object_mut().unwrap().remove("recipients");
    let preview = staff
        .post(format!("{old}/revisions/preview"), &draft)
        .await
        .expect(200);
    assert_eq!(preview["sendable"], true);
    assert_eq!(
        staff.get(&old).await.expect(200)["state"],
        "issued",
        "a look changes nothing"
    );

    let ask = || staff.post(format!("{old}/revisions"), &body).key("revise");
    let revised = ask().await.expect(201);
    assert_eq!(ask().await.header("idempotency-replayed"), "true");
    assert_eq!(
        (&revised["number"], &revised["revision"]),
        (&issued["number"], &json!(1))
    );
    assert_eq!(revised["supersedes"], issued["id"]);
    assert_eq!(
        revised["payload"]["general_liability"]["expires_on"],
        "2027-06-01"
    );
    assert_eq!(revised["payload"]["description"], "Job 4471, second phase.");
    assert_ne!(revised["sha256"], issued["sha256"]);
    let letter = app.letter().await;
    assert!(
        letter.subject().contains("26-000001, revision 1"),
        "{}",
        letter.subject()
    );
    let page = staff
        .get(format!("/v1/certificates/{}/download", book::id(&revised)))
        .await;
    assert_eq!(
        page.header("content-disposition"),
        "attachment; filename=\"Certificate-26-000001-rev-1-Northgate-Builders-Inc.pdf\""
    );

    let before = staff.get(&old).await.expect(200);
    assert_eq!(before["state"], "superseded");
    assert_eq!(before["superseded_by"], revised["id"]);
    assert_eq!(before["may"], json!(["preview", "download"]));
    assert_eq!(
        before["sha256"], issued["sha256"],
        "what was issued stays as it was"
    );
    let revisions: Vec<_> = before["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| (&each["revision"], &each["state"], &each["id"]))
        .collect();
    assert_eq!(
        revisions,
        [
            (&json!(1), &json!("issued"), &revised["id"]),
            (&json!(0), &json!("superseded"), &issued["id"]),
        ]
    );
    for (path, body) in [
        ("deliveries", json!({ "kind": "exact_copy" })),
        ("withdrawal", reason()),
        ("revisions", body.clone()),
    ] {
        let problem = staff
            .post(format!("{old}/{path}"), body)
            .await
            .refused(ProblemType::CertificateNotStanding);
        assert_eq!(problem["superseded_by"], revised["id"], "{problem}");
    }
    // Numbers go on as if nothing had happened.
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let next = staff.post(path, insured.send_body(&master)).await.expect(201);
    assert_eq!(next["number"], "26-000002");
    app.letter().await;
    let history = staff
        .get(format!("/v1/insureds/{}/activity?kind=certificates", insured.id))
        .await
        .expect(200);
    assert_eq!(
        history["data"][1]["summary"],
        "Sent revision 1 of certificate 26-000001 for Northgate Builders, Inc. to \
         certificates@northgate.example.com"
    );
}

/// A revision says no more than the policies either, and a refused one leaves everything as it was.
#[tokio::test]
async fn a_revision_passes_the_truth_gate() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, master, issued) = sent(&app, &staff).await;
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&issued));
    let policy = insured.policy("general_liability").id;
    let end = format!("UPDATE policies SET status = 'quoted' WHERE id = '{policy}'");
    app.sql(app.agency, &end).await;
    let problem = staff
        .post(format!("{one}/revisions"), insured.send_body(&master))
        .await
        .refused(ProblemType::CertificateBlocked);
    assert_eq!(problem["findings"][0]["code"], "policy_not_bound");
    assert_eq!(staff.get(&one).await.expect(200)["state"], "issued");

    let other = book::insured(&app, "Basin Electric Inc").await;
    let theirs = book::id(&book::master(&staff, &other).await);
    let problem = staff
        .post(format!("{one}/revisions"), insured.send_body(&theirs))
        .await
        .refused(ProblemType::Validation);
    assert_eq!(problem["errors"][0]["pointer"], "/master_id");
}

/// A2.02: each sending tells how it went, step by step.
#[tokio::test]
async fn a_delivery_tells_each_step_of_its_way() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    app.mailer.fail_next(MailError::Temporary {
        reason: "451 greylisted, come back later".to_owned(),
        unanswered: false,
    });
    let (_, _, issued) = sent(&app, &staff).await;
    let one = format!("/v1/certificates/{}", book::id(&issued));
    assert_eq!(app.work().await.later, 1);
    app.wait(TimeDelta::hours(1));
    app.letter().await;
    let staff = people::administrator(&app).await;
    let shown = staff.get(&one).await.expect(200);
    let steps: Vec<_> = shown["deliveries"][0]["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            (
                step["state"].as_str().unwrap(),
                step["reason"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(steps.len(), 3, "{steps:?}");
    assert_eq!(steps[0], ("queued", ""));
    assert_eq!(steps[1].0, "deferred");
    assert!(steps[1].1.contains("451 greylisted"), "{steps:?}");
    assert_eq!(steps[2], ("accepted", ""));
}

/// A2.22: a certificate's own page tells who did what with it, and when; nothing of others.
#[tokio::test]
async fn a_certificate_has_a_history_of_its_own() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, master, issued) = sent(&app, &staff).await;
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    staff.post(path, insured.send_body(&master)).await.expect(201);
    assert_eq!(app.mail().await.len(), 2);
    let one = format!("/v1/certificates/{}", book::id(&issued));
    staff.get(format!("{one}/preview")).await.expect(200);
    staff.get(format!("{one}/download")).await.expect(200);
    staff
        .post(format!("{one}/deliveries"), json!({ "kind": "exact_copy" }))
        .await
        .expect(201);
    app.letter().await;
    let mut seen = Vec::new();
    let mut next = format!("{one}/activity?limit=2");
    loop {
        let page = staff.get(&next).await.expect(200);
        for entry in page["data"].as_array().unwrap() {
            assert_eq!(entry["object"]["id"], issued["id"]);
            assert!(entry["at"].is_string() && entry["actor"]["name"].is_string());
            seen.push(entry["action"].as_str().unwrap().to_owned());
        }
        let Some(cursor) = page["page"]["next_cursor"].as_str() else {
            break;
        };
        next = format!("{one}/activity?limit=2&cursor={cursor}");
    }
    assert_eq!(
        seen,
        [
            "delivery_accepted",
            "certificate_resent",
            "certificate_downloaded",
            "certificate_previewed",
            "delivery_accepted",
            "certificate_sent"
        ]
    );
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    portal
        .get(format!("{one}/activity"))
        .await
        .refused(ProblemType::Forbidden);
}

/// Of two people who revise at once one is told that the other was first; there is one next revision.
#[tokio::test]
async fn two_revisions_at_once_leave_one() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, master, issued) = sent(&app, &staff).await;
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&issued));
    let body = insured.send_body(&master);
    let ask = || async { staff.post(format!("{one}/revisions"), &body).await };
    let (first, second) = futures::join!(ask(), ask());
    let (won, lost) = if first.status == 201 {
        (first, second)
    } else {
        (second, first)
    };
    let revised = won.expect(201);
    let problem = lost.refused(ProblemType::CertificateNotStanding);
    assert_eq!(problem["superseded_by"], revised["id"]);
    assert_eq!(revised["revisions"].as_array().unwrap().len(), 2);
    app.letter().await;
}

/// A certificate stays as issued when a policy on it ends; everywhere it is told that what it says is no longer in
/// force, since when and why.
#[tokio::test]
async fn a_certificate_of_a_cancelled_policy_says_that_it_is_no_longer_in_force() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let log = format!("/v1/insureds/{}/certificates", insured.id);
    let mut body = insured.send_body(&master);
    body["channel"] = json!("link");
    let issued = staff.post(&log, body).await.expect(201);
    let token = app.letter().await.token();
    let one = format!("/v1/certificates/{}", book::id(&issued));
    // The first of the printed terms to end.
    let printed = issued["payload"].as_object().unwrap().values();
    let term = printed
        .filter_map(|band| band["expires_on"].as_str())
        .min()
        .unwrap();
    assert_eq!(issued["cover_ends_on"], term);
    assert_eq!(issued["cover_ended"], json!([]));
    let portal = people::portal_user_of(&app, &insured, &[Right::CertificatesSent]).await;

    let umbrella = insured.policy("umbrella_excess");
    let path = format!("/v1/policies/{}", umbrella.id);
    let cancel = async |day: &str, version: i32| {
        let body = json!({ "effective_on": day, "reason": "Nonpayment of premium" });
        let answer = staff.put(format!("{path}/cancellation"), &body).if_match(version);
        answer.await.expect(200)
    };
    let by_link = async || {
        let body = json!({ "token": token });
        app.portal()
            .post("/v1/certificate-links/open", body)
            .await
            .expect(200)
    };
    // A cancellation that is ahead has its day, and nothing has ended yet.
    cancel("2026-11-20", 1).await;
    let seen = staff.get(&one).await.expect(200);
    assert_eq!(seen["cover_ends_on"], "2026-11-20");
    assert_eq!(seen["cover_ended"], json!([]));
    assert_eq!(by_link().await["cover_ended"], json!([]));

    let cancelled = cancel("2026-11-02", 2).await;
    let ended = json!({
        "line": "umbrella_excess",
        "policy_id": umbrella.id.to_string(),
        "policy_number": umbrella.number,
        "on": "2026-11-02",
        "reason": "cancelled",
    });
    for browser in [&staff, &portal] {
        for list in [log.as_str(), "/v1/certificates"] {
            let rows = browser.get(list).await.expect(200);
            assert_eq!(rows["data"][0]["cover_ends_on"], "2026-11-02");
            assert_eq!(rows["data"][0]["state"], "issued");
        }
        let seen = browser.get(&one).await.expect(200);
        assert_eq!(seen["cover_ends_on"], "2026-11-02");
        assert_eq!(seen["cover_ended"], json!([ended]));
    }
    let shown = by_link().await;
    assert_eq!(
        (&shown["state"], &shown["cover_ends_on"]),
        (&json!("issued"), &json!("2026-11-02"))
    );
    let mut told = ended.clone();
    told.as_object_mut().unwrap().remove("policy_id");
    assert_eq!(shown["cover_ended"], json!([told]));

    // They are found by it.
    for (day, found) in [("2026-11-01", 0), ("2026-11-02", 1)] {
        for list in [log.as_str(), "/v1/certificates"] {
            let page = staff.get(format!("{list}?cover_ends_to={day}")).await.expect(200);
            assert_eq!(page["data"].as_array().unwrap().len(), found, "{day}");
        }
    }
    staff
        .get("/v1/certificates?cover_ends_to=soon")
        .await
        .refused(ProblemType::BadRequest);

    // Reinstated, the policy covers again, and the certificate says nothing against it.
    let mut terms = cancelled["terms"].clone();
    terms["status"] = json!("active");
    staff.put(&path, &terms).if_match(3).await.expect(200);
    let seen = staff.get(&one).await.expect(200);
    assert_eq!(seen["cover_ends_on"], term);
    assert_eq!(seen["cover_ended"], json!([]));
}

/// What a certificate printed has a last day; after it the page tells which policies have expired.
#[tokio::test]
async fn a_certificate_whose_term_is_over_says_so() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (_, _, issued) = sent(&app, &staff).await;
    app.letter().await;
    let one = format!("/v1/certificates/{}", book::id(&issued));
    let last: chrono::NaiveDate = issued["cover_ends_on"].as_str().unwrap().parse().unwrap();
    app.wait(last - app.now().date_naive() + TimeDelta::days(1));
    let staff = people::administrator(&app).await;
    let seen = staff.get(&one).await.expect(200);
    assert_eq!(
        (&seen["state"], &seen["cover_ends_on"]),
        (&json!("issued"), &issued["cover_ends_on"])
    );
    let ended = seen["cover_ended"].as_array().unwrap();
    assert!(!ended.is_empty());
    for policy in ended {
        assert_eq!(
            (&policy["on"], &policy["reason"]),
            (&issued["cover_ends_on"], &json!("expired"))
        );
    }
}
