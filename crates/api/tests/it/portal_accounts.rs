//! Portal accounts of insureds, as staff open and manage them.

use chrono::TimeDelta;
use countersign_api::ProblemType;
use countersign_domain::authz::Right;
use countersign_domain::authz::capability::ACTION_VERBS;
use serde_json::{Value, json};

use crate::support::app::PASSWORD;
use crate::support::{App, Browser, book, people};

fn words(rights: &[Right]) -> Value {
    json!({ "rights": rights.iter().map(|right| right.as_str()).collect::<Vec<_>>() })
}

async fn may(staff: &Browser, insured: &book::Insured) -> Vec<String> {
    let profile = staff
        .get(format!("/v1/insureds/{}", insured.id))
        .await
        .expect(200);
    let may = profile["may"].as_array().unwrap().iter();
    may.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A1.03, A1.04, A1.05, A1.06, A1.12, A1.13, A1.14, A1.16: from the Actions menu to the queued mail.
#[tokio::test]
async fn staff_open_an_account_from_the_insureds_profile() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    assert!(
        may(&staff, &insured)
            .await
            .contains(&"create_user_account".to_owned())
    );
    let profile = staff
        .get(format!("/v1/insureds/{}", insured.id))
        .await
        .expect(200);
    assert_eq!(
        profile["email"], insured.email,
        "the dialog names the address the mail goes to"
    );

    // The dialog's list comes from the server, with the verb rule in it.
    let catalogue = staff.get("/v1/portal-rights").await.expect(200);
    let rights = catalogue["data"].as_array().unwrap();
    assert_eq!(rights.len(), Right::ALL.len());
    for right in rights {
        let first = right["label"].as_str().unwrap().split(' ').next().unwrap();
        let acts = ACTION_VERBS.contains(&first);
        assert_eq!(right["kind"], if acts { "act" } else { "read" }, "{right}");
        assert!(!right["description"].as_str().unwrap().is_empty());
    }

    // Nothing was sent by looking.
    assert!(app.mail().await.is_empty());
    let account = format!("/v1/insureds/{}/portal-user", insured.id);
    staff.get(&account).await.refused(ProblemType::NotFound);
    let granted = [Right::ViewPolicyInformation, Right::SendCertificates];
    let opened = staff.post(&account, words(&granted)).await.expect(201);
    assert_eq!(opened["username"], insured.username());
    assert_eq!(opened["email"], insured.email);
    assert_eq!(opened["state"], "invited");
    assert_eq!(
        opened["rights"],
        json!(["view_policy_information", "send_certificates"])
    );
    assert_eq!(staff.get(&account).await.expect(200), opened);
    assert_eq!(app.letter().await.to(), [insured.email.as_str()]);

    let after = may(&staff, &insured).await;
    assert!(after.contains(&"update_user".to_owned()) && !after.contains(&"create_user_account".to_owned()));
    let row = staff.get("/v1/insureds?q=alder").await.expect(200);
    assert_eq!(row["data"][0]["portal_state"], "invited");
}

/// A1.05, A1.14: all or nothing; a refusal says what to do and mails nobody.
#[tokio::test]
async fn an_account_that_cannot_be_opened_leaves_nothing_behind() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let account = format!("/v1/insureds/{}/portal-user", insured.id);
    app.sql(
        app.agency,
        &format!("UPDATE insureds SET email = NULL WHERE id = '{}'", insured.id),
    )
    .await;
    let problem = staff
        .post(&account, words(&[]))
        .await
        .refused(ProblemType::InsuredEmailMissing);
    assert!(
        problem["detail"].as_str().unwrap().contains("Edit insured"),
        "{problem}"
    );
    app.sql(
        app.agency,
        &format!(
            "UPDATE insureds SET email = '{}' WHERE id = '{}'",
            insured.email, insured.id
        ),
    )
    .await;

    let unknown = json!({ "rights": ["fly"] });
    staff
        .post(&account, unknown)
        .await
        .refused(ProblemType::Validation);
    staff.get(&account).await.refused(ProblemType::NotFound);
    assert!(
        app.mail().await.is_empty(),
        "nothing is mailed for a refused account"
    );

    staff.post(&account, words(&[])).await.expect(201);
    staff
        .post(&account, words(&[]))
        .await
        .refused(ProblemType::PortalUserExists);
    assert_eq!(app.mail().await.len(), 1);

    // Another insured with the same address: the username is taken in this agency.
    let twin = book::insured(&app, "Alder-Creek Roofing LLC").await;
    assert_eq!(twin.email, insured.email);
    let path = format!("/v1/insureds/{}/portal-user", twin.id);
    staff
        .post(&path, words(&[]))
        .await
        .refused(ProblemType::UsernameTaken);
    assert!(app.mail().await.is_empty());
}

/// A1.17: the old name stops working, the new one works, both stand in the history.
#[tokio::test]
async fn a_changed_username_replaces_the_old_one() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let other = book::insured(&app, "Basin Electric Inc").await;
    people::account(&app, &insured, "active", &[]).await;
    people::account(&app, &other, "active", &[]).await;
    let path = format!("/v1/insureds/{}/portal-user/username", insured.id);
    let renamed = staff
        .put(&path, json!({ "username": "Alder.Creek" }))
        .if_match(1)
        .await
        .expect(200);
    assert_eq!(
        (&renamed["username"], &renamed["version"]),
        (&json!("alder.creek"), &json!(2))
    );

    let sign_in = async |username: &str| {
        let body =
            json!({ "agency": "summit-ridge", "app": "portal", "username": username, "password": PASSWORD });
        app.portal().post("/v1/session", body).await
    };
    sign_in(&insured.email).await.refused(ProblemType::SignInRefused);
    sign_in("ALDER.CREEK").await.expect(200);

    let taken = json!({ "username": other.email });
    staff
        .put(&path, taken)
        .if_match(2)
        .await
        .refused(ProblemType::UsernameTaken);
    let blank = staff
        .put(&path, json!({ "username": " " }))
        .if_match(2)
        .await
        .refused(ProblemType::Validation);
    assert_eq!(blank["errors"][0]["pointer"], "/username");
    staff
        .put(&path, json!({ "username": "x" }))
        .if_match(1)
        .await
        .refused(ProblemType::StaleVersion);
    staff
        .put(&path, json!({ "username": "x" }))
        .await
        .refused(ProblemType::PreconditionRequired);

    let history = staff
        .get(format!("/v1/insureds/{}/activity", insured.id))
        .await
        .expect(200);
    let summaries: Vec<_> = history["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|entry| entry["summary"].as_str())
        .collect();
    let wanted = format!("Changed the username from {} to alder.creek", insured.username());
    assert!(summaries.contains(&wanted.as_str()), "{summaries:?}");
}

/// A1.15: rights and username can be changed in every state but the last.
#[tokio::test]
async fn an_account_can_be_changed_at_any_time_until_it_is_revoked() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    for (state, works) in [
        ("invited", true),
        ("active", true),
        ("suspended", true),
        ("revoked", false),
    ] {
        let insured = book::insured(&app, &format!("Insured {state} Inc")).await;
        people::account(&app, &insured, state, &[]).await;
        let account = format!("/v1/insureds/{}/portal-user", insured.id);
        let rights = staff
            .put(format!("{account}/rights"), words(&[Right::FileAccess]))
            .if_match(1)
            .await;
        let name = json!({ "username": format!("{state}.name") });
        let username = staff.put(format!("{account}/username"), name).if_match(2).await;
        if works {
            assert_eq!(rights.expect(200)["rights"], json!(["file_access"]));
            username.expect(200);
        } else {
            rights.refused(ProblemType::WrongAccountState);
        }
    }
}

/// A1.21: revoked is suspended for good; only a new invitation opens the account again.
#[tokio::test]
async fn a_revoked_account_needs_a_new_invitation() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let portal = people::portal_user_of(&app, &insured, Right::ALL).await;
    let account = format!("/v1/insureds/{}/portal-user", insured.id);
    let revoked = staff.post(format!("{account}/revoke"), ()).await.expect(200);
    assert_eq!(revoked["state"], "revoked");
    assert_eq!(revoked["may"], json!(["invite"]));
    portal
        .get("/v1/portal/home")
        .await
        .refused(ProblemType::SessionRequired);
    for verb in ["resume", "suspend", "revoke", "password-link"] {
        staff
            .post(format!("{account}/{verb}"), ())
            .await
            .refused(ProblemType::WrongAccountState);
    }
    let body =
        json!({ "agency": "summit-ridge", "app": "portal", "username": insured.email, "password": PASSWORD });
    portal
        .post("/v1/session", &body)
        .await
        .refused(ProblemType::SignInRefused);

    let invited = staff.post(format!("{account}/invite"), ()).await.expect(200);
    assert_eq!(invited["state"], "invited");
    app.wait(TimeDelta::seconds(1));
    portal
        .post("/v1/session", &body)
        .await
        .refused(ProblemType::SignInRefused);
    let token = app.letter().await.token();
    let chosen = json!({ "token": token, "password": "sparrow ladder copper nine" });
    portal.post("/v1/passwords", chosen).await.expect(204);
    app.letter().await;
    assert_eq!(staff.get(&account).await.expect(200)["state"], "active");
}

/// A1.23: no request of the portal raises the insured's own rights, whatever it holds.
#[tokio::test]
async fn an_insured_cannot_touch_its_own_account() {
    let app = App::start().await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    let portal = people::portal_user_of(&app, &insured, &[Right::SendCertificates]).await;
    let account = format!("/v1/insureds/{}/portal-user", insured.id);
    portal.get(&account).await.refused(ProblemType::Forbidden);
    portal
        .post(&account, words(Right::ALL))
        .await
        .refused(ProblemType::Forbidden);
    for verb in ["suspend", "resume", "revoke", "invite", "password-link"] {
        portal
            .post(format!("{account}/{verb}"), ())
            .await
            .refused(ProblemType::Forbidden);
    }
    portal
        .put(format!("{account}/rights"), words(Right::ALL))
        .if_match(1)
        .await
        .refused(ProblemType::Forbidden);
    let name = json!({ "username": "other" });
    portal
        .put(format!("{account}/username"), name)
        .if_match(1)
        .await
        .refused(ProblemType::Forbidden);
    assert_eq!(
        portal.get("/v1/session").await.expect(200)["may"],
        json!(["send_certificates"])
    );
}

/// A1.16: what Update User offers is what fits the account's state.
#[tokio::test]
async fn update_user_offers_what_fits_the_accounts_state() {
    let app = App::start().await;
    let staff = people::administrator(&app).await;
    let insured = book::insured(&app, "Alder Creek Roofing LLC").await;
    people::account(&app, &insured, "active", &[]).await;
    let account = format!("/v1/insureds/{}/portal-user", insured.id);
    let active = staff.get(&account).await;
    assert_eq!(active.header("etag"), "\"1\"");
    assert_eq!(
        active.expect(200)["may"],
        json!(["change_rights", "rename", "mail_reset", "suspend", "revoke"])
    );
    staff
        .post(format!("{account}/resume"), ())
        .await
        .refused(ProblemType::WrongAccountState);
    staff
        .post(format!("{account}/invite"), ())
        .await
        .refused(ProblemType::WrongAccountState);
    let suspended = staff.post(format!("{account}/suspend"), ()).await.expect(200);
    assert_eq!(
        suspended["may"],
        json!(["change_rights", "rename", "resume", "revoke"])
    );
    staff
        .post(format!("{account}/suspend"), ())
        .await
        .refused(ProblemType::WrongAccountState);
    staff
        .post(format!("{account}/password-link"), ())
        .await
        .refused(ProblemType::WrongAccountState);
}
