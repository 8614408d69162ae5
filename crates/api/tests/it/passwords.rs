//! Links for choosing a password: invitations, resets, and what a chosen password must be.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::Right;
use serde_json::{Value, json};

use crate::support::app::{Letter, PASSWORD};
use crate::support::{Answer, App, Browser, book, people};

const CHOSEN: &str = "sparrow ladder copper nine";

async fn inspect(browser: &Browser, token: &str) -> Answer {
    browser
        .post("/v1/password-links/inspect", json!({ "token": token }))
        .await
}

async fn choose(browser: &Browser, token: &str, password: &str) -> Answer {
    browser
        .post("/v1/passwords", json!({ "token": token, "password": password }))
        .await
}

async fn ask_for_link(browser: &Browser, app: &str, username: &str) -> Answer {
    let body = json!({ "agency": "summit-ridge", "app": app, "username": username });
    browser.post("/v1/password-links", body).await
}

async fn sign_in(browser: &Browser, app: &str, username: &str, password: &str) -> Answer {
    let body = json!({ "agency": "summit-ridge", "app": app, "username": username, "password": password });
    browser.post("/v1/session", body).await
}

/// Opens an account and takes the invitation out of the mailbox.
async fn invited(app: &App, staff: &Browser, insured: &book::Insured, rights: &[Right]) -> Letter {
    let words: Vec<_> = rights.iter().map(|right| right.as_str()).collect();
    staff
        .post(
            format!("/v1/insureds/{}/portal-user", insured.id),
            json!({ "rights": words }),
        )
        .await
        .expect(201);
    app.letter().await
}

/// A1.14, A1.24, A1.26: the mail, its single-use link, the password, the sign-in.
#[tokio::test]
async fn an_invited_insured_chooses_a_password_and_signs_in() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let letter = invited(&app, &staff, &insured, &[Right::SendCertificates]).await;
    assert_eq!(letter.to(), [insured.email.as_str()]);
    let address = format!(
        "http://portal.localhost:{}/summit-ridge/set-password#token=",
        app.port()
    );
    assert!(letter.text().contains(&address), "{}", letter.text());
    assert!(
        !letter.text().to_lowercase().contains("temporary password"),
        "no password is ever mailed"
    );
    let token = letter.token();

    // Looking at it burns nothing, however often.
    let browser = app.portal();
    for _ in 0..3 {
        let link = inspect(&browser, &token).await.expect(200);
        assert_eq!(link["purpose"], "invitation");
        assert_eq!(link["app"], "portal");
        assert_eq!(link["username"], insured.username());
        assert_eq!(link["display_name"], insured.name);
        assert_eq!(link["agency"]["name"], "Summit Ridge Insurance");
        assert_eq!(link["min_length"], 15);
        let end = (app.now() + TimeDelta::hours(72))
            .format("%Y-%m-%dT%H:%M:%SZ")
            .to_string();
        assert_eq!(link["expires_at"], end);
    }
    sign_in(&browser, "portal", &insured.email, CHOSEN)
        .await
        .refused(ProblemType::SignInRefused);

    choose(&browser, &token, CHOSEN).await.expect(204);
    assert_eq!(browser.cookie(), None, "choosing a password signs nobody in");
    let notice = app.letter().await;
    assert_eq!(notice.to(), [insured.email.as_str()]);
    assert!(!notice.text().contains(CHOSEN));
    app.wait(TimeDelta::seconds(1));
    sign_in(&browser, "portal", &insured.email, CHOSEN)
        .await
        .expect(200);
    let account = staff
        .get(format!("/v1/insureds/{}/portal-user", insured.id))
        .await
        .expect(200);
    assert_eq!(account["state"], "active");
    assert!(
        account["activated_at"].is_string() && account["last_sign_in_at"].is_string(),
        "{account}"
    );

    choose(&browser, &token, "another long password")
        .await
        .refused(ProblemType::LinkUsedOrExpired);
    inspect(&browser, &token)
        .await
        .refused(ProblemType::LinkUsedOrExpired);
}

/// A1.24: what a password must be, each refusal at the field and with its own word.
#[tokio::test]
async fn a_password_is_refused_with_the_reason_and_the_link_survives() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let token = invited(&app, &staff, &insured, &[]).await.token();
    let browser = app.portal();
    let long = "é".repeat(257);
    let cases = [
        ("short but odd", "too_short"),
        ("passwordpassword", "too_common"),
        ("PasswordPassword", "too_common"),
        ("abcabcabcabcabcabc", "too_common"),
        ("AlderCreekRoofing", "contains_context"),
        ("SummitRidgeInsurance", "contains_context"),
        (long.as_str(), "too_long"),
    ];
    for (password, code) in cases {
        let problem = choose(&browser, &token, password)
            .await
            .refused(ProblemType::Validation);
        assert_eq!(problem["errors"][0]["pointer"], "/password", "{password}");
        assert_eq!(problem["errors"][0]["code"], code, "{password}");
        assert!(
            !problem.to_string().contains(password),
            "a password is not repeated"
        );
    }
    // 256 characters of any kind, blanks at both ends included, and nothing of it is cut off.
    let kinds = (100..).flat_map(|n| format!("é語 🔑{n}").chars().collect::<Vec<_>>());
    let password = format!(" {} ", kinds.take(254).collect::<String>());
    choose(&browser, &token, &password).await.expect(204);
    app.letter().await;
    let cut: String = password.chars().take(255).collect();
    sign_in(&browser, "portal", &insured.email, &cut)
        .await
        .refused(ProblemType::SignInRefused);
    sign_in(&browser, "portal", &insured.email, password.trim())
        .await
        .refused(ProblemType::TooManyAttempts);
    app.wait(TimeDelta::seconds(1));
    sign_in(&browser, "portal", &insured.email, &password)
        .await
        .expect(200);
}

#[tokio::test]
async fn an_invitation_works_for_three_days_and_the_newest_only() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let first = invited(&app, &staff, &insured, &[]).await.token();
    let again = format!("/v1/insureds/{}/portal-user/invite", insured.id);
    staff.post(&again, ()).await.expect(200);
    let second = app.letter().await.token();
    let browser = app.portal();
    inspect(&browser, &first)
        .await
        .refused(ProblemType::LinkUsedOrExpired);
    app.wait(TimeDelta::hours(72) - TimeDelta::seconds(1));
    inspect(&browser, &second).await.expect(200);
    app.wait(TimeDelta::seconds(1));
    inspect(&browser, &second)
        .await
        .refused(ProblemType::LinkUsedOrExpired);
    choose(&browser, &second, CHOSEN)
        .await
        .refused(ProblemType::LinkUsedOrExpired);
    for token in ["", "no-token", &second[..40], &format!("{second}A")] {
        inspect(&browser, token)
            .await
            .refused(ProblemType::LinkUsedOrExpired);
        choose(&browser, token, CHOSEN)
            .await
            .refused(ProblemType::LinkUsedOrExpired);
    }
}

/// A1.19: whoever lost a password asks for a link; the answer tells nobody who has an account.
#[tokio::test]
async fn a_lost_password_is_reset_by_mail_and_the_answer_is_the_same_for_every_name() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let portal = people::portal_user_of(&app, &insured, &[]).await;
    let browser = app.portal();
    let known = ask_for_link(&browser, "portal", &insured.email).await;
    let unknown = ask_for_link(&browser, "portal", "nobody@example.com").await;
    let unfit = ask_for_link(&browser, "portal", "").await;
    for answer in [&known, &unknown, &unfit] {
        assert_eq!((answer.status, answer.bytes.as_slice()), (202, [].as_slice()));
        let names: Vec<_> = answer.headers.keys().collect();
        assert_eq!(names, known.headers.keys().collect::<Vec<_>>());
    }
    // Exactly one mail left, and it is the known one's.
    let letter = app.letter().await;
    assert_eq!(letter.to(), [insured.username().as_str()]);
    let token = letter.token();
    let link = inspect(&browser, &token).await.expect(200);
    assert_eq!(link["purpose"], "reset");
    app.wait(TimeDelta::minutes(60) - TimeDelta::seconds(1));
    portal
        .get("/v1/session")
        .await
        .refused(ProblemType::SessionRequired);
    let portal = app.portal();
    sign_in(&portal, "portal", &insured.email, PASSWORD)
        .await
        .expect(200);

    choose(&browser, &token, CHOSEN).await.expect(204);
    portal
        .get("/v1/session")
        .await
        .refused(ProblemType::SessionRequired);
    app.letter().await;
    sign_in(&portal, "portal", &insured.email, PASSWORD)
        .await
        .refused(ProblemType::SignInRefused);
    app.wait(TimeDelta::seconds(1));
    sign_in(&portal, "portal", &insured.email, CHOSEN)
        .await
        .expect(200);
}

/// A1.19: a reset link works for an hour, one is alive at a time, and nobody's mailbox can be flooded.
#[tokio::test]
async fn a_reset_link_dies_after_an_hour_and_when_a_newer_one_is_asked_for() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    people::account(&app, &insured, "active", &[]).await;
    let browser = app.portal();
    for _ in 0..3 {
        ask_for_link(&browser, "portal", &insured.email).await.expect(202);
    }
    let first = app.letter().await.token();
    // While it is young it is left alone: whoever asks twice finds the link in the first mail working.
    app.wait(TimeDelta::minutes(4));
    ask_for_link(&browser, "portal", &insured.email).await.expect(202);
    assert_eq!(app.mail().await.len(), 0);
    inspect(&browser, &first).await.expect(200);
    app.wait(TimeDelta::minutes(1));
    // However the name is written, it is one name.
    let written = format!("  {} ", insured.email.to_uppercase());
    ask_for_link(&browser, "portal", &written).await.expect(202);
    let second = app.letter().await.token();
    let asked = "SELECT failures FROM sign_in_throttles WHERE bucket LIKE 'link:%'";
    assert_eq!(app.value(asked).await, "3");
    inspect(&browser, &first)
        .await
        .refused(ProblemType::LinkUsedOrExpired);
    app.wait(TimeDelta::minutes(60));
    choose(&browser, &second, CHOSEN)
        .await
        .refused(ProblemType::LinkUsedOrExpired);
}

/// A1.19: the answer comes no sooner for a name that nobody has, and no later for one that somebody has.
#[tokio::test]
async fn the_time_of_the_answer_does_not_tell_who_has_an_account() {
    let app = App::start().await;
    let step = std::time::Duration::from_millis(200);
    for name in ["maren", "nobody", ""] {
        let begun = std::time::Instant::now();
        ask_for_link(&app.staff(), "staff", name).await.expect(202);
        assert!(begun.elapsed() >= step, "{name:?}");
    }
    app.letter().await;
}

#[tokio::test]
async fn one_network_cannot_ask_for_everybodys_links() {
    let app = App::start().await;
    let mut asked = Vec::new();
    for number in 0..11 {
        let browser = app.staff();
        asked.push(tokio::spawn(async move {
            ask_for_link(&browser, "staff", &format!("guess-{number}")).await
        }));
    }
    let mut answers = Vec::new();
    for answer in asked {
        answers.push(answer.await.unwrap().status);
    }
    answers.sort_unstable();
    assert_eq!(answers[..10], [202; 10]);
    assert_eq!(answers[10], 429);
    // Signing in is another matter.
    sign_in(&app.staff(), "staff", "maren", PASSWORD)
        .await
        .expect(200);
}

/// A1.19: whoever was locked out by other people's guesses gets in with a new password.
#[tokio::test]
async fn a_reset_opens_a_name_that_strangers_had_locked() {
    let app = App::start().await;
    app.sql(
        app.agency,
        &format!(
            "INSERT INTO sign_in_throttles (agency_id, bucket, failures, last_failure_at, blocked_until) \
             VALUES ('{}', 'staff:maren', 100, '{now}', '{now}'::timestamptz + interval '6 hours')",
            app.agency,
            now = app.now()
        ),
    )
    .await;
    ask_for_link(&app.staff(), "staff", "maren").await.expect(202);
    let token = app.letter().await.token();
    sign_in(&app.staff(), "staff", "maren", PASSWORD)
        .await
        .refused(ProblemType::TooManyAttempts);
    choose(&app.staff(), &token, CHOSEN).await.expect(204);
    app.letter().await;
    sign_in(&app.staff(), "staff", "maren", CHOSEN).await.expect(200);
}

/// A1.19: staff send the request; it reaches the account's own address and nobody else.
#[tokio::test]
async fn staff_mail_a_reset_to_an_account_in_use() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let portal = people::portal_user_of(&app, &insured, &[]).await;
    let path = format!("/v1/insureds/{}/portal-user/password-link", insured.id);
    let key = "reset-once";
    let first = staff.post(&path, ()).key(key).await;
    assert_eq!(first.status, 200);
    let again = staff.post(&path, ()).key(key).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    let letter = app.letter().await;
    assert_eq!(letter.to(), [insured.username().as_str()]);
    // The password stays until the link is used.
    portal.get("/v1/session").await.expect(200);
    choose(&app.portal(), &letter.token(), CHOSEN).await.expect(204);
    portal
        .get("/v1/session")
        .await
        .refused(ProblemType::SessionRequired);
    app.letter().await;
}

#[tokio::test]
async fn a_link_of_a_closed_account_is_dead() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let token = invited(&app, &staff, &insured, &[]).await.token();
    staff
        .post(format!("/v1/insureds/{}/portal-user/suspend", insured.id), ())
        .await
        .expect(200);
    inspect(&app.portal(), &token)
        .await
        .refused(ProblemType::LinkUsedOrExpired);
    choose(&app.portal(), &token, CHOSEN)
        .await
        .refused(ProblemType::LinkUsedOrExpired);
}

#[tokio::test]
async fn a_staff_user_resets_the_password_through_the_staff_app() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    ask_for_link(&app.staff(), "staff", "maren").await.expect(202);
    let letter = app.letter().await;
    assert_eq!(letter.to(), ["maren@summit-ridge.example.com"]);
    assert!(letter.text().contains(&format!(
        "http://staff.localhost:{}/summit-ridge/set-password#",
        app.port()
    )));
    choose(&app.staff(), &letter.token(), CHOSEN).await.expect(204);
    app.letter().await;
    staff
        .get("/v1/session")
        .await
        .refused(ProblemType::SessionRequired);
    sign_in(&staff, "staff", "maren", CHOSEN).await.expect(200);
}

#[tokio::test]
async fn an_agencys_public_face_is_there_before_anybody_signs_in() {
    let app = App::start().await;
    let card = app.portal().get("/v1/agencies/summit-ridge").await.expect(200);
    assert_eq!(card["name"], "Summit Ridge Insurance");
    assert_eq!(card["accent_color"], "#1f5f4a");
    assert_eq!(card.get("id"), None::<&Value>, "ids are nobody's business");
    for slug in ["nobody", "Summit-Ridge", "a%2Fb", "x'%20or%20'1"] {
        app.portal()
            .get(format!("/v1/agencies/{slug}"))
            .await
            .refused(ProblemType::NotFound);
    }
}
