//! Signing in and out, how long a session lives, and what ends it.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::{Permission, Right};
use reqwest::header::SET_COOKIE;
use serde_json::{Value, json};

use crate::support::app::PASSWORD;
use crate::support::{Answer, App, Browser, book, people};

async fn sign_in(browser: &Browser, app: &str, username: &str, password: &str) -> Answer {
    let body = json!({ "agency": "summit-ridge", "app": app, "username": username, "password": password });
    browser.post("/v1/session", body).await
}

/// What a caller can learn from an answer: everything but the ids that every request has of its own.
fn learned(answer: &Answer) -> (u16, Vec<(String, String)>, Value) {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id"))
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    headers.sort();
    let mut body = answer.json();
    body["instance"] = Value::Null;
    (answer.status, headers, body)
}

#[tokio::test]
async fn a_staff_user_signs_in_sees_who_they_are_and_signs_out() {
    let app = App::start().await;
    let browser = app.staff();
    let answer = sign_in(&browser, "staff", "Maren", PASSWORD).await;
    let cookie = answer.headers[SET_COOKIE].to_str().unwrap().to_owned();
    let session = answer.expect(200);
    assert_eq!(session["app"], "staff");
    assert_eq!(session["user"]["username"], "maren");
    assert_eq!(session["user"]["display_name"], "Maren Voss");
    assert_eq!(session["agency"]["slug"], "summit-ridge");
    assert_eq!(session["agency"]["time_zone"], "America/Los_Angeles");
    assert!(session.get("insured").is_none());
    let may: Vec<_> = session["may"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let all: Vec<_> = Permission::ALL
        .iter()
        .map(|permission| permission.as_str())
        .collect();
    assert_eq!(may, all);

    let attributes: Vec<_> = cookie.split("; ").skip(1).collect();
    for wanted in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=43200"] {
        assert!(attributes.contains(&wanted), "{wanted} is missing in {cookie}");
    }
    // The prefix promises that no other host, and no page without TLS, can have set it.
    assert!(cookie.starts_with("__Host-countersign_staff="), "{cookie}");
    assert!(!cookie.contains("Domain"), "{cookie}");
    let secret = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(secret.len() >= 43, "fewer than 256 bits: {secret}");

    assert_eq!(browser.get("/v1/session").await.expect(200), session);
    let kept = browser.cookie().unwrap();
    browser.delete("/v1/session").await.expect(204);
    assert_eq!(browser.cookie(), None);
    browser
        .get("/v1/session")
        .await
        .refused(ProblemType::SessionRequired);
    // A copy of the cookie is worth nothing either.
    browser.keep(kept);
    browser
        .get("/v1/session")
        .await
        .refused(ProblemType::SessionRequired);
}

/// A1.26: the portal's own sign-in, with a cookie of its own.
#[tokio::test]
async fn an_insured_signs_in_to_the_portal_and_to_nothing_else() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    people::account(&app, &insured, "active", &[Right::SendCertificates]).await;
    let browser = app.portal();
    let answer = sign_in(&browser, "portal", &insured.email, PASSWORD).await;
    let cookie = answer.headers[SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-countersign_portal="), "{cookie}");
    assert!(cookie.contains("Max-Age=86400"), "{cookie}");
    let session = answer.expect(200);
    assert_eq!(
        session["insured"],
        json!({ "id": insured.id, "name": insured.name })
    );
    assert_eq!(session["may"], json!(["send_certificates"]));
    browser.get("/v1/portal/home").await.expect(200);

    // The staff app's address does not look at the portal's cookie, nor the other way round.
    browser
        .at_app("staff")
        .get("/v1/session")
        .await
        .refused(ProblemType::SessionRequired);
    let staff = people::administrator(&app).await;
    staff
        .at_app("portal")
        .get("/v1/session")
        .await
        .refused(ProblemType::SessionRequired);
    // At the API's own address both are taken.
    staff.at_app("api").get("/v1/session").await.expect(200);
    browser.at_app("api").get("/v1/session").await.expect(200);
    // A staff session under the portal's name opens nothing.
    let forged = app.portal();
    forged.keep(
        staff
            .cookie()
            .unwrap()
            .replace("countersign_staff", "countersign_portal"),
    );
    forged
        .get("/v1/session")
        .await
        .refused(ProblemType::SessionRequired);
}

#[tokio::test]
async fn a_wrong_password_an_unknown_name_and_a_closed_account_get_the_same_answer() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let suspended = book::insured(&app, "Basin Electric Inc").await;
    let invited = book::insured(&app, "Carson Paving Inc").await;
    people::account(&app, &insured, "active", &[]).await;
    people::account(&app, &suspended, "suspended", &[]).await;
    people::account(&app, &invited, "invited", &[]).await;
    let _inactive = people::inactive_administrator(&app).await;
    let inactive = app
        .value("SELECT username FROM staff_users WHERE state = 'inactive'")
        .await;
    let names = [
        ("staff", "maren", "not the right password"),
        ("staff", "nobody", PASSWORD),
        ("staff", "", PASSWORD),
        ("staff", inactive.as_str(), PASSWORD),
        ("staff", insured.email.as_str(), PASSWORD),
        ("staff", "dana", PASSWORD),
        ("portal", insured.email.as_str(), "not the right password"),
        ("portal", suspended.email.as_str(), PASSWORD),
        ("portal", invited.email.as_str(), ""),
        ("portal", "maren", PASSWORD),
    ];
    let mut answers = Vec::new();
    for (door, name, password) in names {
        // Far enough apart that no ladder is in the way.
        app.wait(TimeDelta::minutes(1));
        let answer = sign_in(&app.staff(), door, name, password).await;
        answer.refused(ProblemType::SignInRefused);
        assert_eq!(answer.header("www-authenticate"), "Cookie realm=\"countersign\"");
        assert!(answer.headers.get(SET_COOKIE).is_none());
        answers.push((door, name, learned(&answer)));
    }
    // Staff are told whom to ask in other words than insureds are.
    for (door, name, answer) in &answers {
        let first = answers
            .iter()
            .find(|(other, ..)| other == door)
            .map(|(.., answer)| answer);
        assert_eq!(Some(answer), first, "{name} can be told from the others");
    }
    let elsewhere = json!({ "agency": "nobody", "app": "staff", "username": "maren", "password": PASSWORD });
    app.staff()
        .post("/v1/session", elsewhere)
        .await
        .refused(ProblemType::NotFound);
}

#[tokio::test]
async fn guessing_is_slowed_down_by_a_ladder_that_says_when_to_come_back() {
    // Each attempt from a network of its own, so that the name's ladder alone speaks.
    let app = App::start_behind(&["127.0.0.0/8"]).await;
    let attempt = async |from: String, name: &str, password: &str| {
        let body =
            json!({ "agency": "summit-ridge", "app": "staff", "username": name, "password": password });
        let ask = app.staff().post("/v1/session", body);
        ask.header("x-forwarded-for", &from).await
    };
    // Both names climb the same ladder, whether they exist or not.
    for (name, network) in [("maren", 1), ("nobody", 2)] {
        let mut waits = Vec::new();
        for number in 0..10 {
            let from = format!("198.51.{network}.{number}");
            let wrong = attempt(from.clone(), name, "not the right password").await;
            wrong.refused(ProblemType::SignInRefused);
            // Closed for everybody who comes now, with the right password too.
            let early = attempt(from, name, PASSWORD).await;
            let problem = early.refused(ProblemType::TooManyAttempts);
            let wait = problem["retry_after_seconds"].as_i64().unwrap();
            assert_eq!(early.header("retry-after"), wait.to_string());
            // Said once: the screens put the seconds into words.
            let detail = problem["detail"].as_str().unwrap();
            assert!(!detail.contains(|c: char| c.is_ascii_digit()), "{detail}");
            waits.push(wait);
            app.wait(TimeDelta::seconds(wait));
        }
        assert_eq!(waits, [1, 1, 3, 3, 3, 3, 3, 3, 5, 5], "{name}");
    }
    sign_in(&app.staff(), "staff", "maren", PASSWORD)
        .await
        .expect(200);
    // The right password forgets the failures: the ladder starts at its foot.
    sign_in(&app.staff(), "staff", "maren", "not the right password").await;
    let early = sign_in(&app.staff(), "staff", "maren", PASSWORD).await;
    assert_eq!(
        early.refused(ProblemType::TooManyAttempts)["retry_after_seconds"],
        1
    );
}

/// Of many guesses at once no more are answered than of one after the other.
#[tokio::test]
async fn guesses_that_come_at_once_are_counted_before_they_are_looked_at() {
    let app = App::start().await;
    let mut guesses = Vec::new();
    for number in 0..20 {
        let browser = app.staff();
        guesses.push(tokio::spawn(async move {
            let password = format!("not the right password {number}");
            sign_in(&browser, "staff", "maren", &password).await.status
        }));
    }
    let mut answers = Vec::new();
    for guess in guesses {
        answers.push(guess.await.unwrap());
    }
    answers.sort_unstable();
    assert_eq!(answers[0], 401);
    assert!(answers[1..].iter().all(|status| *status == 429), "{answers:?}");
}

/// Locks a name to strangers for the rest of the day.
async fn guess_a_hundred_times(app: &App, name: &str) {
    let until = app.now() + TimeDelta::hours(6);
    app.sql(
        app.agency,
        &format!(
            "INSERT INTO sign_in_throttles (agency_id, bucket, failures, last_failure_at, blocked_until) \
             VALUES ('{}', 'staff:{name}', 100, '{}', '{until}')",
            app.agency,
            app.now()
        ),
    )
    .await;
}

#[tokio::test]
async fn strangers_cannot_lock_the_owner_of_a_name_out_of_a_device_that_is_known() {
    let app = App::start().await;
    let (desk, stranger) = (app.staff(), app.staff());
    let answer = sign_in(&desk, "staff", "maren", PASSWORD).await;
    answer.expect(200);
    let cookies: Vec<_> = answer
        .headers
        .get_all(SET_COOKIE)
        .iter()
        .map(|cookie| cookie.to_str().unwrap())
        .collect();
    let device = cookies.last().unwrap();
    for wanted in ["HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=31536000"] {
        assert!(device.contains(wanted), "{wanted} is missing in {device}");
    }
    assert!(device.starts_with("__Host-countersign_device_staff="), "{device}");
    desk.leave();
    guess_a_hundred_times(&app, "maren").await;
    sign_in(&stranger, "staff", "maren", PASSWORD)
        .await
        .refused(ProblemType::TooManyAttempts);
    // The device opens nothing, climbs a ladder of its own, and is known for one name only.
    sign_in(&desk, "staff", "maren", "not the right password")
        .await
        .refused(ProblemType::SignInRefused);
    let early = sign_in(&desk, "staff", "maren", PASSWORD).await;
    assert_eq!(
        early.refused(ProblemType::TooManyAttempts)["retry_after_seconds"],
        1
    );
    app.wait(TimeDelta::seconds(1));
    sign_in(&desk, "staff", "maren", PASSWORD).await.expect(200);
    guess_a_hundred_times(&app, "dana").await;
    sign_in(&desk, "staff", "dana", PASSWORD)
        .await
        .refused(ProblemType::TooManyAttempts);
}

#[tokio::test]
async fn many_names_that_fail_slow_down_whoever_is_not_known() {
    let app = App::start().await;
    let desk = app.staff();
    sign_in(&desk, "staff", "maren", PASSWORD).await.expect(200);
    desk.leave();
    let fail = async |names: std::ops::Range<u32>| {
        for number in names {
            app.sql(
                app.agency,
                &format!(
                    "INSERT INTO sign_in_throttles (agency_id, bucket, failures, last_failure_at, blocked_until) \
                     VALUES ('{}', 'portal:name-{number}', 1, '{now}', '{now}')",
                    app.agency,
                    now = app.now()
                ),
            )
            .await;
        }
    };
    let wait_after = async |browser: &Browser, name: &str| {
        sign_in(browser, "staff", name, "not the right password")
            .await
            .refused(ProblemType::SignInRefused);
        let early = sign_in(browser, "staff", name, PASSWORD).await;
        early.refused(ProblemType::TooManyAttempts)["retry_after_seconds"].clone()
    };
    // This guess is the 29th name that failed.
    fail(0..28).await;
    assert_eq!(wait_after(&app.staff(), "theo").await, 1);
    fail(28..29).await;
    assert_eq!(wait_after(&app.staff(), "ines").await, 10);
    // An attempt takes three of its network's ten tokens now.
    assert_eq!(wait_after(&app.staff(), "lena").await, 10);
    assert_eq!(wait_after(&app.staff(), "omar").await, 20);
    assert_eq!(wait_after(&desk, "maren").await, 1);
    let alarms = "SELECT count(*) FROM sign_in_throttles WHERE bucket = 'alarm:spray'";
    assert_eq!(app.value(alarms).await, "1");
    // It passes.
    app.wait(TimeDelta::minutes(11));
    assert_eq!(wait_after(&app.staff(), "theo").await, 1);
}

/// From behind a proxy that is trusted, everybody has a bucket of their own.
#[tokio::test]
async fn two_clients_behind_one_proxy_do_not_pay_for_each_other() {
    let app = App::start_behind(&["127.0.0.0/8"]).await;
    let from = async |forwarded: &str, name: &str| {
        let body =
            json!({ "agency": "summit-ridge", "app": "staff", "username": name, "password": PASSWORD });
        let ask = app.staff().post("/v1/session", body);
        ask.header("x-forwarded-for", forwarded).await
    };
    for number in 0..10 {
        // Whatever the client claims stands further left.
        let forwarded = format!("192.0.2.{number}, 198.51.100.7");
        from(&forwarded, &format!("guess-{number}"))
            .await
            .refused(ProblemType::SignInRefused);
    }
    from("198.51.100.7", "maren")
        .await
        .refused(ProblemType::TooManyAttempts);
    from("198.51.100.8", "maren").await.expect(200);
}

#[tokio::test]
async fn a_client_that_is_no_proxy_cannot_choose_its_address() {
    let app = App::start().await;
    for number in 0..=10 {
        let name = format!("guess-{number}");
        let body =
            json!({ "agency": "summit-ridge", "app": "staff", "username": name, "password": PASSWORD });
        let ask = app.staff().post("/v1/session", body);
        let answer = ask.header("x-forwarded-for", &format!("192.0.2.{number}")).await;
        match number {
            10 => answer.refused(ProblemType::TooManyAttempts),
            _ => answer.refused(ProblemType::SignInRefused),
        };
    }
}

/// Which app is asked is the address's own matter; a header that says otherwise is not believed.
#[tokio::test]
async fn a_forwarded_host_does_not_choose_the_app() {
    let app = App::start_behind(&["127.0.0.0/8"]).await;
    let staff = people::administrator(&app).await;
    let portal = format!("portal.localhost:{}", app.port());
    staff
        .get("/v1/session")
        .header("x-forwarded-host", &portal)
        .await
        .expect(200);
    let own = format!("staff.localhost:{}", app.port());
    staff
        .at_app("portal")
        .get("/v1/session")
        .header("x-forwarded-host", &own)
        .await
        .refused(ProblemType::SessionRequired);
}

#[tokio::test]
async fn ten_failures_from_one_network_slow_down_every_name_from_there() {
    let app = App::start().await;
    for number in 0..10 {
        let name = format!("guess-{number}");
        sign_in(&app.staff(), "staff", &name, PASSWORD)
            .await
            .refused(ProblemType::SignInRefused);
    }
    let early = sign_in(&app.staff(), "staff", "maren", PASSWORD).await;
    assert_eq!(
        early.refused(ProblemType::TooManyAttempts)["retry_after_seconds"],
        20
    );
    app.wait(TimeDelta::seconds(20));
    sign_in(&app.staff(), "staff", "maren", PASSWORD)
        .await
        .expect(200);
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    for _ in 0..3 {
        app.wait(TimeDelta::minutes(29));
        let session = staff.get("/v1/session").await.expect(200);
        let end = (app.now() + TimeDelta::minutes(30))
            .format("%Y-%m-%dT%H:%M:%SZ")
            .to_string();
        assert_eq!(session["idle_expires_at"], end);
    }
    app.wait(TimeDelta::minutes(30));
    staff
        .get("/v1/session")
        .await
        .refused(ProblemType::SessionRequired);
}

/// A page that asks by itself is not a person at work.
#[tokio::test]
async fn what_a_page_asks_by_itself_keeps_no_session_alive() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let end = (app.now() + TimeDelta::minutes(30))
        .format("%Y-%m-%dT%H:%M:%SZ")
        .to_string();
    for _ in 0..2 {
        app.wait(TimeDelta::minutes(14));
        let polled = staff.get("/v1/session").header("x-countersign-background", "1");
        assert_eq!(polled.await.expect(200)["idle_expires_at"], end);
    }
    app.wait(TimeDelta::minutes(2));
    staff
        .get("/v1/session")
        .header("x-countersign-background", "1")
        .await
        .refused(ProblemType::SessionRequired);
}

#[tokio::test]
async fn a_session_ends_however_much_it_is_used() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let staff = people::administrator(&app).await;
    let portal = people::portal_user_of(&app, &insured, &[]).await;
    for hours in 0..24 {
        for _ in 0..3 {
            let answer = staff.get("/v1/session").await;
            assert_eq!(answer.status == 200, hours < 12, "staff after {hours} hours");
            portal.get("/v1/portal/home").await.expect(200);
            app.wait(TimeDelta::minutes(20));
        }
    }
    portal
        .get("/v1/portal/home")
        .await
        .refused(ProblemType::SessionRequired);
}

/// A1.20: the insured's next request is refused, on any page, and says clearly why.
#[tokio::test]
async fn a_suspended_account_is_refused_on_its_next_request() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let staff = people::administrator(&app).await;
    let master = book::master(&staff, &insured).await;
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    let account = format!("/v1/insureds/{}/portal-user", insured.id);
    portal.get("/v1/portal/home").await.expect(200);

    let suspended = staff.post(format!("{account}/suspend"), ()).await.expect(200);
    assert_eq!(suspended["state"], "suspended");
    assert!(suspended["suspended_at"].is_string());
    let send = format!("/v1/insureds/{}/certificates", insured.id);
    let requests = [
        portal.get("/v1/portal/home"),
        portal.get("/v1/session"),
        portal.get("/v1/certificates"),
        portal.get(format!("/v1/insureds/{}/policies", insured.id)),
        portal.post(&send, insured.send_body(&book::id(&master))),
    ];
    for request in requests {
        let problem = request.await.refused(ProblemType::AccountSuspended);
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains("suspended") && detail.contains("contact your agency"),
            "{detail}"
        );
    }
    let refused = sign_in(&app.portal(), "portal", &insured.email, PASSWORD).await;
    refused.refused(ProblemType::SignInRefused);

    let resumed = staff.post(format!("{account}/resume"), ()).await.expect(200);
    assert_eq!(resumed["state"], "active");
    app.wait(TimeDelta::minutes(1));
    sign_in(&app.portal(), "portal", &insured.email, PASSWORD)
        .await
        .expect(200);
}

/// A staff user whose account was made inactive is refused likewise, and may still leave.
#[tokio::test]
async fn an_inactive_staff_user_is_refused_on_the_next_request() {
    let app = App::start().await;
    let inactive = people::inactive_administrator(&app).await;
    for path in ["/v1/session", "/v1/home", "/v1/insureds", "/v1/agency"] {
        inactive.get(path).await.refused(ProblemType::AccountSuspended);
    }
}

/// A1.22: granted and removed rights take effect on the next request; nobody has to sign in again.
#[tokio::test]
async fn changed_rights_bite_on_the_next_request() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let staff = people::administrator(&app).await;
    let portal = people::portal_user_of(&app, &insured, &[]).await;
    let policies = format!("/v1/insureds/{}/policies", insured.id);
    let rights = format!("/v1/insureds/{}/portal-user/rights", insured.id);
    let refused = portal.get(&policies).await.refused(ProblemType::Forbidden);
    assert_eq!(refused["rule"], "right_not_granted");

    let body = json!({ "rights": ["view_policy_information"] });
    let user = staff.put(&rights, body).if_match(1).await.expect(200);
    assert_eq!(user["version"], 2);
    portal.get(&policies).await.expect(200);
    assert_eq!(
        portal.get("/v1/session").await.expect(200)["may"],
        json!(["view_policy_information"])
    );

    staff
        .put(&rights, json!({ "rights": [] }))
        .if_match(2)
        .await
        .expect(200);
    portal.get(&policies).await.refused(ProblemType::Forbidden);
    assert_eq!(portal.get("/v1/session").await.expect(200)["may"], json!([]));
}

/// A1.20: a suspension at one server is a suspension at all of them, at once.
#[tokio::test]
async fn two_servers_see_each_others_suspensions_and_sessions() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let staff = people::administrator(&app).await;
    let portal = people::portal_user_of(&app, &insured, &[]).await;
    let neighbor = app.second_server();
    let (staff_there, portal_there) = (neighbor.visited_by(&staff), neighbor.visited_by(&portal));
    portal_there.get("/v1/portal/home").await.expect(200);
    let account = format!("/v1/insureds/{}/portal-user", insured.id);

    staff.post(format!("{account}/suspend"), ()).await.expect(200);
    portal_there
        .get("/v1/portal/home")
        .await
        .refused(ProblemType::AccountSuspended);
    staff_there
        .post(format!("{account}/resume"), ())
        .await
        .expect(200);
    // The old session ended with the suspension, at both.
    portal
        .get("/v1/portal/home")
        .await
        .refused(ProblemType::SessionRequired);

    staff_there.delete("/v1/session").await.expect(204);
    staff.keep(people::administrator(&app).await.cookie().unwrap());
    staff_there.get("/v1/session").await.expect(200);

    // A cursor and an idempotency key of one server are known to the other.
    for name in ["Basin Electric Inc", "Carson Paving Inc"] {
        book::insured(&app, name).await;
    }
    let first = staff.get("/v1/insureds?limit=1").await.expect(200);
    let cursor = first["page"]["next_cursor"].as_str().unwrap();
    let second = staff_there
        .get(format!("/v1/insureds?limit=1&cursor={cursor}"))
        .await
        .expect(200);
    assert_eq!(second["data"][0]["name"], "Basin Electric Inc");
}
