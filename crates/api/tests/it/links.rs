//! A certificate that goes out as a link: opened by whoever has the mail, told of in its history, and turned off.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::app::{Letter, UNDO};
use crate::support::{Answer, App, Browser, book, people};

async fn by_link(browser: &Browser, what: &str, token: &str) -> Answer {
    let body = json!({ "token": token });
    browser.post(format!("/v1/certificate-links/{what}"), body).await
}

/// A certificate that was mailed as a link, as staff see it, and the mail.
async fn linked(app: &App, staff: &Browser) -> (book::Insured, Value, Letter) {
    let insured = book::insured(app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(staff, &insured).await);
    let mut body = insured.send_body(&master);
    body["channel"] = json!("link");
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let sent = staff.post(path, body).await.expect(201);
    (insured, sent, app.letter().await)
}

/// Of the sending that went as a link: which of several is the newest, a clock that stands does not say.
fn turn_off(certificate: &Value) -> String {
    let sendings = certificate["deliveries"].as_array().unwrap();
    let linked = sendings.iter().find(|sending| sending["channel"] == "link");
    let (id, delivery) = (book::id(certificate), book::id(linked.unwrap()));
    format!("/v1/certificates/{id}/deliveries/{delivery}/turn-off-link")
}

fn steps(certificate: &Value) -> Vec<&str> {
    let timeline = certificate["deliveries"][0]["timeline"].as_array().unwrap();
    timeline
        .iter()
        .map(|step| step["state"].as_str().unwrap())
        .collect()
}

/// The mail carries no page; the link opens it without an account, each look is in the history, and what is saved are the
/// bytes that an attachment would have carried. An exact copy by link opens the same.
#[tokio::test]
async fn a_certificate_is_opened_and_saved_by_the_link_in_its_mail() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, sent, letter) = linked(&app, &staff).await;
    let one = format!("/v1/certificates/{}", book::id(&sent));
    assert_eq!(letter.attachments(), 0, "the page is not in the mail");
    let address = format!(
        "http://portal.localhost:{}/summit-ridge/certificate#token=",
        app.port()
    );
    assert!(letter.text().contains(&address), "{}", letter.text());
    assert!(letter.text().contains("January 31, 2027"), "{}", letter.text());
    let token = letter.token();
    let kept = app
        .value("SELECT count(*)::text FROM link_secrets WHERE encode(token_hash, 'escape') LIKE '%'")
        .await;
    assert_eq!(kept, "1");
    let delivery = &sent["deliveries"][0];
    assert_eq!(
        (&delivery["channel"], &delivery["link"]["state"]),
        (&json!("link"), &json!("on"))
    );

    // Whoever fetches addresses, as scanners of mail do, opens nothing.
    let reader = app.portal();
    for what in ["open", "view", "download"] {
        let fetched = reader.ask(Method::GET, format!("/v1/certificate-links/{what}"));
        fetched.await.refused(ProblemType::MethodNotAllowed);
    }
    assert_eq!(steps(&staff.get(&one).await.expect(200)), ["queued", "accepted"]);

    app.wait(TimeDelta::minutes(3));
    let shown = by_link(&reader, "open", &token).await.expect(200);
    assert_eq!(shown["agency"]["name"], "Summit Ridge Insurance");
    assert_eq!(shown["number"], sent["number"]);
    assert_eq!(shown["insured_name"], insured.name);
    assert_eq!(shown["state"], "issued");
    assert_eq!(shown["may"], json!(["view", "download"]));
    assert_eq!(reader.cookie(), None, "nobody is signed in by it");
    let page = by_link(&reader, "view", &token).await;
    let etag = format!("\"{}\"", sent["sha256"].as_str().unwrap());
    assert_eq!((page.status, page.header("etag")), (200, etag.as_str()));
    by_link(&reader, "open", &token).await.expect(200);
    app.wait(TimeDelta::minutes(1));
    let saved = by_link(&reader, "download", &token).await;
    assert_eq!((saved.status, saved.header("etag")), (200, etag.as_str()));
    assert!(
        saved
            .header("content-disposition")
            .contains("Certificate-26-000001-Northgate-Builders-Inc.pdf")
    );
    let seen = staff.get(&one).await.expect(200);
    assert_eq!(
        steps(&seen),
        ["queued", "accepted", "link_opened", "link_downloaded"],
        "the first time it was opened, and each time it was saved"
    );
    let activity = staff.get(format!("{one}/activity")).await.expect(200);
    let last = &activity["data"][0];
    assert_eq!(
        (&last["action"], &last["actor"]["name"]),
        (&json!("link_downloaded"), &json!("Secure link"))
    );

    // As it went last, unless somebody says otherwise.
    let again = json!({ "kind": "exact_copy" });
    let resent = staff.post(format!("{one}/deliveries"), again).await.expect(201);
    assert_eq!(resent["deliveries"][0]["channel"], "link");
    let second = app.letter().await.token();
    let copy = by_link(&reader, "download", &second).await;
    assert_eq!(copy.header("etag"), etag);
    let edited = json!({
        "kind": "edited", "channel": "attachment", "recipients": { "to": ["claims@northgate.example.com"] },
    });
    staff.post(format!("{one}/deliveries"), edited).await.expect(201);
    assert!(!app.letter().await.pdf().is_empty());
    by_link(&reader, "open", &token).await.expect(200);
}

/// Turned off, a link opens nothing and says so; so does one whose time is over, and one that never was.
#[tokio::test]
async fn a_link_that_opens_nothing_says_why() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (_, sent, letter) = linked(&app, &staff).await;
    let (reader, token) = (app.portal(), letter.token());
    let one = format!("/v1/certificates/{}", book::id(&sent));

    let looks = people::csr(&app, &[Permission::ViewCertificates]).await;
    looks
        .post(turn_off(&sent), ())
        .await
        .refused(ProblemType::Forbidden);
    assert_eq!(
        looks.get(&one).await.expect(200)["deliveries"][0]["link"]["may"],
        json!([])
    );
    let sends = people::csr(
        &app,
        &[Permission::ViewCertificates, Permission::SendCertificates],
    )
    .await;
    let off = sends.post(turn_off(&sent), ()).key("off").await.expect(200);
    let link = &off["deliveries"][0]["link"];
    assert_eq!(
        (&link["state"], &link["turned_off_by_name"]),
        (&json!("off"), &json!("Ines Calder"))
    );
    assert_eq!(steps(&off), ["queued", "accepted", "link_turned_off"]);
    staff
        .post(turn_off(&sent), ())
        .await
        .refused(ProblemType::LinkNotOn);
    for what in ["open", "view", "download"] {
        by_link(&reader, what, &token)
            .await
            .refused(ProblemType::LinkTurnedOff);
    }
    let seen = staff.get(&one).await.expect(200);
    assert_eq!(
        steps(&seen).last(),
        Some(&"link_turned_off"),
        "nothing was opened"
    );

    // The next one is another link, and its time is over after ninety days. It is the newest by its moment.
    app.wait(TimeDelta::minutes(1));
    staff
        .post(format!("{one}/deliveries"), json!({ "kind": "exact_copy" }))
        .await
        .expect(201);
    let second = app.letter().await.token();
    by_link(&reader, "open", &second).await.expect(200);
    app.wait(TimeDelta::days(90));
    by_link(&reader, "open", &second)
        .await
        .refused(ProblemType::LinkExpired);
    let staff = people::administrator(&app).await;
    assert_eq!(
        staff.get(&one).await.expect(200)["deliveries"][0]["link"]["state"],
        "expired"
    );

    // Another agency's secret, an agency that is none, and what is no secret at all.
    let mut moved = BASE64_URL_SAFE_NO_PAD.decode(&second).unwrap();
    moved[..16].copy_from_slice(app.elsewhere.uuid().as_bytes());
    let mut nowhere = moved.clone();
    nowhere[..16].fill(7);
    for token in [
        BASE64_URL_SAFE_NO_PAD.encode(moved),
        BASE64_URL_SAFE_NO_PAD.encode(nowhere),
        "cut-off".to_owned(),
    ] {
        by_link(&reader, "open", &token)
            .await
            .refused(ProblemType::LinkUnknown);
    }
    // Trying on is slowed down; a good link costs nothing.
    app.sql(app.agency, "DELETE FROM sign_in_throttles").await;
    let fresh = BASE64_URL_SAFE_NO_PAD.encode([app.agency.uuid().as_bytes().as_slice(), &[9; 32]].concat());
    for _ in 0..10 {
        by_link(&reader, "open", &fresh)
            .await
            .refused(ProblemType::LinkUnknown);
    }
    let problem = by_link(&reader, "open", &fresh)
        .await
        .refused(ProblemType::TooManyAttempts);
    assert!(problem["retry_after_seconds"].as_u64().unwrap() > 0);
}

/// Who has the link of a withdrawn certificate is told so and gets no page; of a replaced one, both.
#[tokio::test]
async fn a_link_tells_what_stands_of_its_certificate() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let (insured, sent, letter) = linked(&app, &staff).await;
    let (reader, first) = (app.portal(), letter.token());
    let token = first.clone();
    let one = format!("/v1/certificates/{}", book::id(&sent));
    let revision = insured.send_body(&book::id(&sent["master"]));
    let newer = staff.post(format!("{one}/revisions"), revision).await.expect(201);
    app.letter().await.pdf();
    let shown = by_link(&reader, "open", &token).await.expect(200);
    assert_eq!(
        (&shown["state"], &shown["replaced_by_revision"]),
        (&json!("superseded"), &json!(1))
    );
    assert_eq!(shown["replacement_withdrawn_at"], Value::Null);
    let saved = by_link(&reader, "download", &token).await;
    assert!(
        saved
            .header("content-disposition")
            .contains("Replaced-Certificate-26-000001-Northgate-Builders-Inc.pdf")
    );

    // The revision went out attached, and is sent once more as a link.
    let two = format!("/v1/certificates/{}", book::id(&newer));
    let again = json!({ "kind": "exact_copy", "channel": "link" });
    staff.post(format!("{two}/deliveries"), again).await.expect(201);
    let token = app.letter().await.token();
    by_link(&reader, "view", &token).await;
    let reason = json!({ "reason": "Sent for the wrong project." });
    staff.post(format!("{two}/withdrawal"), reason).await.expect(200);
    let shown = by_link(&reader, "open", &token).await.expect(200);
    assert_eq!(
        (&shown["state"], &shown["may"]),
        (&json!("withdrawn"), &json!([]))
    );
    assert!(shown["state_changed_at"].is_string());
    assert!(
        !shown.to_string().contains("wrong project"),
        "the agency's own words stay its own"
    );
    // Whoever has the page before learns that what took its place is gone as well.
    let before = by_link(&reader, "open", &first).await.expect(200);
    assert_eq!(
        (&before["state"], &before["replaced_by_revision"]),
        (&json!("superseded"), &json!(1))
    );
    assert_eq!(before["replacement_withdrawn_at"], shown["state_changed_at"]);
    for what in ["view", "download"] {
        by_link(&reader, what, &token)
            .await
            .refused(ProblemType::CertificateNotStanding);
    }
    // What no longer stands can still be turned off.
    staff
        .post(turn_off(&staff.get(&two).await.expect(200)), ())
        .await
        .expect(200);
    by_link(&reader, "open", &token)
        .await
        .refused(ProblemType::LinkTurnedOff);
}

/// The insured sends as the agency has chosen, and whatever becomes of the account, the link is the holder's.
#[tokio::test]
async fn the_agency_chooses_how_mail_from_the_portal_carries_the_page() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let attached = portal.post(&path, insured.send_body(&master)).await.expect(201);
    assert_eq!(attached["deliveries"][0]["channel"], "attachment");
    app.letter().await.pdf();
    let mut chosen = insured.send_body(&master);
    chosen["channel"] = json!("link");
    let problem = portal.post(&path, &chosen).await.refused(ProblemType::Validation);
    assert_eq!(problem["errors"][0]["pointer"], "/channel");

    let agency = staff.get("/v1/agency").await.expect(200);
    let mut profile = agency.clone();
    for extra in ["id", "version", "slug", "may"] {
        profile.as_object_mut().unwrap().remove(extra);
    }
    profile["portal_channel"] = json!("link");
    let changed = staff
        .put("/v1/agency", profile)
        .if_match(&agency["version"])
        .await
        .expect(200);
    assert_eq!(changed["portal_channel"], "link");
    let sent = portal.post(&path, insured.send_body(&master)).await.expect(201);
    let token = app.letter().await.token();
    people::suspend(&app, &insured).await;
    let reader = app.portal();
    by_link(&reader, "download", &token).await;
    let seen = staff
        .get(format!("/v1/certificates/{}", book::id(&sent)))
        .await
        .expect(200);
    assert_eq!(steps(&seen), ["queued", "accepted", "link_downloaded"]);
}

/// A sending that is undone, or whose link is turned off while it waits, is never mailed.
#[tokio::test]
async fn no_link_is_mailed_that_opens_nothing() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let master = book::id(&book::master(&staff, &insured).await);
    let mut body = insured.send_body(&master);
    body["channel"] = json!("link");
    body["undoable"] = json!(true);
    let path = format!("/v1/insureds/{}/certificates", insured.id);
    let undone = staff.post(&path, &body).await.expect(201);
    let (id, delivery) = (book::id(&undone), book::id(&undone["deliveries"][0]));
    let undo = format!("/v1/certificates/{id}/deliveries/{delivery}/undo");
    let undone = staff.post(undo, ()).await.expect(200);
    assert_eq!(undone["deliveries"][0]["link"]["state"], "off");
    assert_eq!(steps(&undone), ["queued", "undone"]);
    let off = staff.post(&path, &body).await.expect(201);
    staff.post(turn_off(&off), ()).await.expect(200);
    app.wait(UNDO);
    assert!(app.mail().await.is_empty());
    assert_eq!(app.value("SELECT count(*)::text FROM link_secrets").await, "0");
    let seen = staff
        .get(format!("/v1/certificates/{}", book::id(&off)))
        .await
        .expect(200);
    let reason = seen["deliveries"][0]["last_error"].as_str().unwrap();
    assert!(reason.contains("turned off"), "{reason}");
    assert_eq!(staff.get("/v1/failed-jobs").await.expect(200)["data"], json!([]));

    // Many at once go the same way.
    let row = json!({ "holder_id": insured.holder, "to": ["certificates@northgate.example.com"] });
    let batch = json!({ "master_id": master, "channel": "link", "rows": [row] });
    let batch = staff
        .post(format!("/v1/insureds/{}/batches", insured.id), batch)
        .await
        .expect(201);
    assert_eq!(batch["channel"], "link");
    let mails = app.mail().await;
    let token = mails.first().expect("the mail of the row").token();
    by_link(&app.portal(), "open", &token).await.expect(200);
}
