//! Accounts from the invitation to the sign-in, and how staff close them: what is written, what dies, and
//! what the very next request sees.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::authz::rules::{ListCertificates, MailQueued, ManagePortalUser, OpenPortalUser};
use countersign_domain::authz::{AccountState, Actor, Permit, Process, Right};
use countersign_domain::ids::{JobId, PasswordLinkId};
use countersign_domain::portal::change::{self, ChangeError, Changed};
use countersign_domain::portal::open::{self, OpenError};
use countersign_domain::portal::{AccountStanding, LinkPurpose};
use countersign_domain::testing::{self as cast, AGENCY, INSURED, OTHER_INSURED, PORTAL_USER};
use countersign_domain::text::{PersonName, Slug, Username};
use countersign_persistence::certificates::{self, CertificateFilter, CertificateRow};
use countersign_persistence::migrate::{self, StaffUser};
use countersign_persistence::sessions::{self, App, Candidate, Known, Shown, Token};
use countersign_persistence::throttles::Reservation;
use countersign_persistence::{Constraint, Error, Page, agencies, audit, insureds, mailing, portal};

use crate::cast::{Stage, first, id, wish_for};

const USERNAME: &str = "office@aldercreek.example.com";

fn username(text: &str) -> Username {
    Username::parse(text).unwrap()
}

fn job() -> JobId {
    JobId::from_uuid(id())
}

fn after(minutes: i64) -> DateTime<Utc> {
    cast::now() + TimeDelta::minutes(minutes)
}

impl Stage {
    /// What the worker does when it mails a link: makes its secret.
    async fn secret_of(&self, link: PasswordLinkId, at: DateTime<Utc>) -> Option<Token> {
        let mailer = cast::system(Process::Mailer);
        let taken = self
            .act(async |tx| {
                let permit = agencies::find::<MailQueued>(tx, &mailer).await?;
                mailing::arm_link(tx, &permit, link, at).await
            })
            .await
            .unwrap();
        match taken {
            mailing::TakenUp::Armed(armed) => Some(armed.token),
            _ => None,
        }
    }

    async fn choose_password(&self, token: &Token, hash: &str, at: DateTime<Utc>) -> Result<(), Error> {
        self.act(async |tx| {
            let link = sessions::lock_live_link(tx, token, at).await?;
            sessions::record_password_set(tx, &link, hash, job(), at).await
        })
        .await
    }

    async fn link_works(&self, token: &Token, at: DateTime<Utc>) -> bool {
        let found = self
            .act(async |tx| sessions::live_link(tx, token, at).await)
            .await;
        match found {
            Ok(_) => true,
            Err(Error::NotFound) => false,
            Err(other) => panic!("{other}"),
        }
    }

    async fn candidate(&self, app: App, name: &str) -> Option<Candidate> {
        let name = username(name);
        self.act(async |tx| sessions::candidate(tx, app, &name).await)
            .await
            .unwrap()
    }

    async fn sign_in(&self, app: App, name: &str, at: DateTime<Utc>) -> Token {
        let candidate = self.candidate(app, name).await.unwrap();
        assert!(
            candidate.open && candidate.password_hash.is_some(),
            "{name} may not sign in"
        );
        self.enter(app, &candidate, None, at)
            .await
            .unwrap_or_else(|| panic!("{name} is not in use"))
    }

    /// Opens a session for an account as it was read before.
    async fn enter(
        &self,
        app: App,
        candidate: &Candidate,
        upgraded: Option<&str>,
        at: DateTime<Utc>,
    ) -> Option<Token> {
        let attempt = Reservation::none();
        self.act(async |tx| sessions::record_signed_in(tx, app, candidate, &attempt, upgraded, at).await)
            .await
            .unwrap()
            .map(|signed_in| signed_in.token)
    }

    async fn actor(&self, app: App, token: &Token, at: DateTime<Utc>) -> Option<Actor> {
        self.act(async |tx| sessions::resolve(tx, app, token, at).await)
            .await
            .unwrap()
            .map(|resolved| resolved.actor)
    }

    async fn change(
        &self,
        at: DateTime<Utc>,
        act: impl FnOnce(Permit<ManagePortalUser>) -> Result<Changed, ChangeError>,
    ) -> Result<(), Error> {
        self.act(async |tx| {
            let permit = portal::lock(tx, &cast::administrator(), INSURED).await?;
            let changed = act(permit).unwrap();
            portal::record_changed(tx, &changed, job(), at).await
        })
        .await
    }

    async fn account(&self) -> countersign_domain::portal::PortalUser {
        self.act(async |tx| portal::lock(tx, &cast::administrator(), INSURED).await)
            .await
            .unwrap()
            .into_target()
    }

    /// An account in use.
    async fn with_account(rights: &[Right]) -> Self {
        let stage = Self::with_book().await;
        let link = stage.open_account(rights, cast::now()).await.unwrap();
        let token = stage.secret_of(link, cast::now()).await.unwrap();
        stage
            .choose_password(&token, "$argon2id$chosen", cast::now())
            .await
            .unwrap();
        stage
    }
}

fn state_of(actor: Option<Actor>) -> Option<AccountState> {
    match actor? {
        Actor::Staff(staff) => Some(staff.state),
        Actor::Portal(portal) => Some(portal.state),
        Actor::System { .. } => None,
    }
}

/// A1.14: Save writes the account, its rights, the invitation, the job that mails it, and the trace.
#[tokio::test(flavor = "multi_thread")]
async fn opening_an_account_writes_everything_at_once() {
    let stage = Stage::with_book().await;
    let rights = [Right::CertificatesSent, Right::SendCertificates];
    stage.open_account(&rights, cast::now()).await.unwrap();
    let user = stage.account().await;
    assert_eq!(user.standing, AccountStanding::Invited);
    assert_eq!(user.username.as_str(), USERNAME);
    assert_eq!(user.email.as_str(), "Office@aldercreek.example.com");
    assert_eq!(user.rights, rights.into());
    assert!(!user.has_password);
    assert_eq!(user.link_expires_at, Some(cast::now() + TimeDelta::hours(72)));
    let sql = stage.owner_of(AGENCY).await;
    assert_eq!(sql.column("SELECT kind FROM jobs").await, ["mail_password_link"]);
    assert_eq!(
        sql.one("SELECT action FROM audit_entries ORDER BY seq DESC LIMIT 1")
            .await,
        "portal_user_opened"
    );
}

/// A1.14: all or nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_opening_that_fails_at_the_last_moment_leaves_nothing() {
    let stage = Stage::with_book().await;
    let traces = stage.count("audit_entries").await;
    let failed: Result<(), Error> = stage
        .act(async |tx| {
            let permit = insureds::lock::<OpenPortalUser>(tx, &cast::administrator(), INSURED).await?;
            let link = PasswordLinkId::from_uuid(id());
            let opened =
                open::open(permit, PORTAL_USER, link, [Right::FileAccess].into(), cast::now()).unwrap();
            portal::record_opened(tx, &opened, job()).await?;
            Err(Error::NotFound)
        })
        .await;
    assert!(matches!(failed, Err(Error::NotFound)));
    for table in ["portal_users", "password_links", "jobs"] {
        assert_eq!(stage.count(table).await, 0, "{table}");
    }
    assert_eq!(stage.count("audit_entries").await, traces);
    // And nothing stands in the way of the next attempt.
    stage.open_account(&[], cast::now()).await.unwrap();
}

/// A1.05: two insureds with one address cannot both have it as their username.
#[tokio::test(flavor = "multi_thread")]
async fn a_username_that_is_taken_is_refused_and_nothing_is_left() {
    let stage = Stage::with_account(&[]).await;
    let mut twin = cast::insured().profile;
    twin.customer_id = None;
    stage.insured(AGENCY, OTHER_INSURED, twin).await.unwrap();
    let before = (stage.count("jobs").await, stage.count("audit_entries").await);
    let refused = stage
        .act(async |tx| {
            let permit = insureds::lock::<OpenPortalUser>(tx, &cast::administrator(), OTHER_INSURED).await?;
            let user = countersign_domain::ids::PortalUserId::from_uuid(id());
            let link = PasswordLinkId::from_uuid(id());
            let opened = open::open(permit, user, link, [].into(), cast::now()).unwrap();
            portal::record_opened(tx, &opened, job()).await
        })
        .await;
    assert!(matches!(
        refused,
        Err(Error::Conflict(Constraint::PortalUserUsernameUnique))
    ));
    assert_eq!(
        (stage.count("jobs").await, stage.count("audit_entries").await),
        before
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_people_who_open_an_account_at_once_one_is_told_that_it_exists() {
    let stage = Stage::with_book().await;
    let open = || async {
        stage
            .act(async |tx| {
                let permit = insureds::lock::<OpenPortalUser>(tx, &cast::administrator(), INSURED).await?;
                let user = countersign_domain::ids::PortalUserId::from_uuid(id());
                let link = PasswordLinkId::from_uuid(id());
                match open::open(permit, user, link, [].into(), cast::now()) {
                    Ok(opened) => {
                        portal::record_opened(tx, &opened, job()).await?;
                        Ok(true)
                    }
                    Err(error) => {
                        assert_eq!(error, OpenError::Exists);
                        Ok(false)
                    }
                }
            })
            .await
            .unwrap()
    };
    let (one, other) = tokio::join!(open(), open());
    assert!(one != other, "exactly one of two openings goes through");
    assert_eq!(stage.count("portal_users").await, 1);
}

/// A1.24, A1.26: invitation, single-use link, password, sign-in, and a session that says who is asking.
#[tokio::test(flavor = "multi_thread")]
async fn an_invited_insured_chooses_a_password_and_signs_in() {
    let stage = Stage::with_book().await;
    let link = stage
        .open_account(&[Right::SendCertificates], cast::now())
        .await
        .unwrap();
    let before = stage.candidate(App::Portal, USERNAME).await.unwrap();
    assert!(!before.open && before.password_hash.is_none());

    let token = stage.secret_of(link, after(1)).await.unwrap();
    // Looking, as mail scanners do, burns nothing.
    assert!(stage.link_works(&token, after(2)).await && stage.link_works(&token, after(3)).await);
    stage
        .choose_password(&token, "$argon2id$chosen", after(4))
        .await
        .unwrap();
    assert!(!stage.link_works(&token, after(5)).await, "a link works once");

    let user = stage.account().await;
    assert_eq!(
        (user.standing, user.activated_at, user.has_password),
        (AccountStanding::Active, Some(after(4)), true)
    );
    let session = stage.sign_in(App::Portal, USERNAME, after(6)).await;
    let resolved = stage
        .act(async |tx| sessions::resolve(tx, App::Portal, &session, after(7)).await)
        .await
        .unwrap()
        .unwrap();
    let Actor::Portal(actor) = &resolved.actor else {
        panic!("{:?}", resolved.actor);
    };
    assert_eq!(
        (actor.agency, actor.insured, actor.id),
        (AGENCY, INSURED, PORTAL_USER)
    );
    assert_eq!(actor.state, AccountState::Active);
    assert_eq!(actor.rights, [Right::SendCertificates].into());
    assert_eq!(resolved.insured_name.as_deref(), Some("Alder Creek Roofing LLC"));
    assert_eq!(stage.account().await.last_sign_in_at, Some(after(6)));
    let sql = stage.owner_of(AGENCY).await;
    assert_eq!(
        sql.column("SELECT action FROM audit_entries WHERE insured_id IS NOT NULL ORDER BY seq DESC LIMIT 3")
            .await,
        ["signed_in", "password_set", "portal_user_opened"]
    );
    assert_eq!(
        sql.column("SELECT kind FROM jobs ORDER BY created_at").await,
        ["mail_password_link", "mail_password_notice"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_secret_only_its_hash_is_stored() {
    let stage = Stage::with_account(&[]).await;
    let session = stage.sign_in(App::Portal, USERNAME, after(1)).await;
    let sql = stage.owner_of(AGENCY).await;
    let stored = sql.one("SELECT encode(token_hash, 'hex') FROM sessions").await;
    let hash: String = session.hash().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(stored, hash);
    assert!(!format!("{session:?}").contains(&session.encode()));
    let read = Token::parse(&session.encode()).unwrap();
    assert_eq!((read.hash(), read.agency()), (session.hash(), AGENCY));
    for bad in [
        "",
        "!",
        "AAAA",
        &session.encode()[1..],
        &format!("{}AA", session.encode()),
    ] {
        assert!(Token::parse(bad).is_none(), "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_works_for_72_hours_and_not_a_moment_longer() {
    let stage = Stage::with_book().await;
    let link = stage.open_account(&[], cast::now()).await.unwrap();
    let token = stage.secret_of(link, cast::now()).await.unwrap();
    let end = cast::now() + TimeDelta::hours(72);
    assert!(stage.link_works(&token, end - TimeDelta::microseconds(1)).await);
    assert!(!stage.link_works(&token, end).await);
    assert!(
        stage.secret_of(link, end).await.is_none(),
        "nothing is mailed for it any more"
    );
}

/// A1.20: login is refused, and so is the very next request of a session that was open.
#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_bites_on_the_next_request_and_ends_with_a_click() {
    let stage = Stage::with_account(&[Right::FileAccess]).await;
    let session = stage.sign_in(App::Portal, USERNAME, after(1)).await;
    assert_eq!(
        state_of(stage.actor(App::Portal, &session, after(2)).await),
        Some(AccountState::Active)
    );
    stage
        .change(after(3), |permit| change::suspend(permit, after(3)))
        .await
        .unwrap();
    // The session is still found, so that the refusal can be a clear one.
    assert_eq!(
        state_of(stage.actor(App::Portal, &session, after(3)).await),
        Some(AccountState::Suspended)
    );
    assert!(!stage.candidate(App::Portal, USERNAME).await.unwrap().open);
    assert_eq!(stage.account().await.suspended_at, Some(after(3)));

    stage.change(after(4), change::resume).await.unwrap();
    let user = stage.account().await;
    assert_eq!(
        (user.standing, user.suspended_at),
        (AccountStanding::Active, None)
    );
    // Who was signed in before signs in anew.
    assert!(stage.actor(App::Portal, &session, after(5)).await.is_none());
}

/// A1.20: a link that is on its way dies with the suspension, and resuming does not wake it.
#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_invitation_does_not_open_the_account() {
    let stage = Stage::with_book().await;
    let link = stage.open_account(&[], cast::now()).await.unwrap();
    let token = stage.secret_of(link, cast::now()).await.unwrap();
    stage
        .change(after(1), |permit| change::suspend(permit, after(1)))
        .await
        .unwrap();
    assert!(!stage.link_works(&token, after(2)).await);
    assert!(stage.secret_of(link, after(2)).await.is_none());
    stage.change(after(3), change::resume).await.unwrap();
    assert_eq!(stage.account().await.standing, AccountStanding::Invited);
    assert!(!stage.link_works(&token, after(4)).await);
}

/// A1.21: revoking destroys sessions, links and the password; only a new invitation starts over.
#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_account_starts_over_with_a_new_invitation() {
    let stage = Stage::with_account(&[Right::FileAccess]).await;
    let session = stage.sign_in(App::Portal, USERNAME, after(1)).await;
    stage
        .change(after(2), |permit| change::suspend(permit, after(2)))
        .await
        .unwrap();
    stage
        .change(after(3), |permit| change::revoke(permit, after(3)))
        .await
        .unwrap();
    assert!(stage.actor(App::Portal, &session, after(4)).await.is_none());
    let candidate = stage.candidate(App::Portal, USERNAME).await.unwrap();
    assert!(!candidate.open && candidate.password_hash.is_none());

    let link = PasswordLinkId::from_uuid(id());
    stage
        .change(after(5), |permit| change::invite(permit, link, after(5)))
        .await
        .unwrap();
    let user = stage.account().await;
    assert_eq!(
        (
            user.standing,
            user.suspended_at,
            user.invited_at,
            user.has_password
        ),
        (AccountStanding::Invited, None, after(5), false)
    );
    assert_eq!(user.rights, [Right::FileAccess].into());
    let token = stage.secret_of(link, after(6)).await.unwrap();
    stage
        .choose_password(&token, "$argon2id$second", after(7))
        .await
        .unwrap();
    let session = stage.sign_in(App::Portal, USERNAME, after(8)).await;
    assert_eq!(
        state_of(stage.actor(App::Portal, &session, after(9)).await),
        Some(AccountState::Active)
    );
}

/// A1.17: the old name stops working, the new one works, and names are the agency's own.
#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_account_signs_in_under_its_new_name_only() {
    let stage = Stage::with_account(&[]).await;
    let version = stage.account().await.version;
    stage
        .change(after(1), |permit| change::rename(permit, username("Alder.Creek")))
        .await
        .unwrap();
    assert!(stage.candidate(App::Portal, USERNAME).await.is_none());
    assert!(stage.candidate(App::Portal, "ALDER.creek").await.unwrap().open);
    assert_eq!(stage.account().await.version, version + 1);

    let mut other = cast::insured().profile;
    other.customer_id = None;
    other.email = Some(cast::email("taken@example.com"));
    stage.insured(AGENCY, OTHER_INSURED, other).await.unwrap();
    stage
        .act(async |tx| {
            let permit = insureds::lock::<OpenPortalUser>(tx, &cast::administrator(), OTHER_INSURED).await?;
            let user = countersign_domain::ids::PortalUserId::from_uuid(id());
            let link = PasswordLinkId::from_uuid(id());
            let opened = open::open(permit, user, link, [].into(), cast::now()).unwrap();
            portal::record_opened(tx, &opened, job()).await
        })
        .await
        .unwrap();
    let refused = stage
        .change(after(2), |permit| {
            change::rename(permit, username("taken@example.com"))
        })
        .await;
    assert!(matches!(
        refused,
        Err(Error::Conflict(Constraint::PortalUserUsernameUnique))
    ));
}

/// A1.22: other rights hold on the next request of a session that is open.
#[tokio::test(flavor = "multi_thread")]
async fn changed_rights_hold_on_the_next_request() {
    let stage = Stage::with_account(&[Right::FileAccess]).await;
    let session = stage.sign_in(App::Portal, USERNAME, after(1)).await;
    let rights = [Right::SendCertificates, Right::CertificatesSent].into();
    stage
        .change(after(2), |permit| change::grant(permit, rights))
        .await
        .unwrap();
    let Some(Actor::Portal(actor)) = stage.actor(App::Portal, &session, after(2)).await else {
        panic!("the session is gone");
    };
    assert_eq!(
        actor.rights,
        [Right::SendCertificates, Right::CertificatesSent].into()
    );
}

/// A1.12: the catalogue grows without a change of the schema; what this release does not know is refused, not dropped.
#[tokio::test(flavor = "multi_thread")]
async fn a_right_of_a_newer_release_is_stored_and_refused_by_this_one() {
    let stage = Stage::with_account(&[]).await;
    let session = stage.sign_in(App::Portal, USERNAME, after(1)).await;
    stage.as_owner_of(
        AGENCY,
        "UPDATE portal_users SET rights = '{file_access,fly_to_the_moon}'",
    );
    let refused = stage
        .act(async |tx| sessions::resolve(tx, App::Portal, &session, after(2)).await)
        .await;
    assert!(matches!(refused, Err(Error::Broken(reason)) if reason.contains("fly_to_the_moon")));
}

/// A1.19: the newest link is the only one that works.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_link_ends_the_one_before() {
    let stage = Stage::with_account(&[]).await;
    let order = |link, at| stage.change(at, move |permit| change::mail_reset(permit, link, at));
    let (first, second) = (PasswordLinkId::from_uuid(id()), PasswordLinkId::from_uuid(id()));
    order(first, after(1)).await.unwrap();
    let first_token = stage.secret_of(first, after(1)).await.unwrap();
    assert!(stage.link_works(&first_token, after(2)).await);
    order(second, after(3)).await.unwrap();
    let second_token = stage.secret_of(second, after(3)).await.unwrap();
    assert!(!stage.link_works(&first_token, after(4)).await);
    assert!(stage.link_works(&second_token, after(62)).await);
    assert!(
        !stage.link_works(&second_token, after(63)).await,
        "a reset link works for an hour"
    );
}

/// A1.19: a password that was chosen anew ends every session.
#[tokio::test(flavor = "multi_thread")]
async fn a_reset_ends_every_session() {
    let stage = Stage::with_account(&[]).await;
    let (desk, phone) = (
        stage.sign_in(App::Portal, USERNAME, after(1)).await,
        stage.sign_in(App::Portal, USERNAME, after(2)).await,
    );
    let link = PasswordLinkId::from_uuid(id());
    stage
        .change(after(3), |permit| change::mail_reset(permit, link, after(3)))
        .await
        .unwrap();
    let token = stage.secret_of(link, after(4)).await.unwrap();
    assert!(
        stage.actor(App::Portal, &desk, after(4)).await.is_some(),
        "asking ends nothing"
    );
    stage
        .choose_password(&token, "$argon2id$new", after(5))
        .await
        .unwrap();
    for session in [desk, phone] {
        assert!(stage.actor(App::Portal, &session, after(6)).await.is_none());
    }
    assert_eq!(
        stage
            .candidate(App::Portal, USERNAME)
            .await
            .unwrap()
            .password_hash
            .as_deref(),
        Some("$argon2id$new")
    );
}

/// Whoever asks for a link learns nothing, and only an account in use gets one.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_ordered_only_for_an_account_in_use() {
    let stage = Stage::with_account(&[]).await;
    let request = |app, name: &'static str| {
        let stage = &stage;
        async move {
            let before = stage.count("password_links").await;
            stage
                .act(async |tx| {
                    let link = PasswordLinkId::from_uuid(id());
                    sessions::record_link_requested(tx, app, &username(name), link, job(), after(1)).await
                })
                .await
                .unwrap();
            stage.count("password_links").await - before
        }
    };
    assert_eq!(request(App::Portal, "nobody@example.com").await, 0);
    assert_eq!(request(App::Staff, USERNAME).await, 0);
    assert_eq!(request(App::Portal, USERNAME).await, 1);
    assert_eq!(request(App::Staff, "maren").await, 1);
    // The link that is on its way is left alone.
    assert_eq!(request(App::Portal, USERNAME).await, 0);
    assert_eq!(request(App::Staff, "maren").await, 0);
    stage
        .change(after(2), |permit| change::suspend(permit, after(2)))
        .await
        .unwrap();
    assert_eq!(request(App::Portal, USERNAME).await, 0);
    let sql = stage.owner_of(AGENCY).await;
    let live = "SELECT count(*) FROM password_links WHERE used_at IS NULL AND ended_at IS NULL";
    assert_eq!(sql.number(live).await, 1, "the staff user's");
    // What a person asked for stands on the profile that it concerns; who that was, nobody knows.
    assert_eq!(
        sql.column(
            "SELECT DISTINCT actor_kind || ':' || actor_name FROM audit_entries WHERE action = 'password_link_requested'"
        )
        .await,
        ["system:sign-in page"]
    );
    assert_eq!(
        sql.column(
            "SELECT insured_id FROM audit_entries WHERE action = 'password_link_requested' ORDER BY seq"
        )
        .await,
        [INSURED.to_string(), String::new()]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lives_while_it_is_used_and_at_most_so_long() {
    for (app, hours) in [(App::Portal, 24), (App::Staff, 12)] {
        let stage = Stage::with_account(&[]).await;
        let name = if app == App::Portal { USERNAME } else { "maren" };
        let idle = stage.sign_in(app, name, cast::now()).await;
        assert!(stage.actor(app, &idle, after(29)).await.is_some());
        assert!(
            stage.actor(app, &idle, after(58)).await.is_some(),
            "a request keeps it alive"
        );
        assert!(
            stage.actor(app, &idle, after(58 + 30)).await.is_none(),
            "{app} after half an hour"
        );

        let busy = stage.sign_in(app, name, cast::now()).await;
        let mut minute = 0;
        while minute + 25 < hours * 60 {
            minute += 25;
            assert!(
                stage.actor(app, &busy, after(minute)).await.is_some(),
                "{app} at minute {minute}"
            );
        }
        assert!(
            stage.actor(app, &busy, after(hours * 60)).await.is_none(),
            "{app} after {hours} hours"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ends_of_a_session_are_told_and_never_later_than_they_are() {
    let stage = Stage::with_account(&[]).await;
    let session = stage.sign_in(App::Portal, USERNAME, cast::now()).await;
    let session = &session;
    let resolve = |at| stage.act(async move |tx| sessions::resolve(tx, App::Portal, session, at).await);
    let early = resolve(after(10)).await.unwrap().unwrap();
    assert_eq!(
        (early.idle_expires_at, early.expires_at),
        (after(40), after(24 * 60))
    );
    // Within a minute nothing is written, and nothing else is told.
    let moments_later = after(10) + TimeDelta::seconds(50);
    let again = resolve(moments_later).await.unwrap().unwrap();
    assert_eq!(again.idle_expires_at, after(40));
    let glance = |now| {
        let shown = Shown {
            app: App::Portal,
            token: session,
            now,
            used: false,
        };
        sessions::transaction(&stage.app, shown, async |_, found| Ok::<_, Error>(found))
    };
    assert_eq!(
        glance(after(39)).await.unwrap().unwrap().idle_expires_at,
        after(40)
    );
    assert!(
        glance(after(40)).await.unwrap().is_none(),
        "a glance keeps nothing alive"
    );
}

/// What a server remembers of a session is a guess, which another server's word ends at once.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_remembered_of_a_session_counts_only_while_it_is_so() {
    let stage = Stage::with_account(&[]).await;
    let session = stage.sign_in(App::Portal, USERNAME, after(1)).await;
    let shown = Shown {
        app: App::Portal,
        token: &session,
        now: after(1) + TimeDelta::seconds(30),
        used: true,
    };
    let known = Known::new(10);
    let done = AtomicUsize::new(0);
    let read = async || {
        let state = sessions::read(&stage.app, shown, &known, async |_, found| {
            done.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Error>(match found.map(|session| &session.actor) {
                Some(Actor::Portal(portal)) => Some(portal.state),
                _ => None,
            })
        });
        (state.await.unwrap(), done.swap(0, Ordering::Relaxed))
    };
    assert_eq!(read().await, (Some(AccountState::Active), 1));
    assert_eq!(read().await, (Some(AccountState::Active), 1));
    let sql = stage.owner_of(AGENCY).await;
    sql.rows("UPDATE portal_users SET state = 'suspended'").await;
    assert_eq!(
        read().await,
        (Some(AccountState::Suspended), 2),
        "what was read for the guess is thrown away"
    );
    assert_eq!(read().await, (Some(AccountState::Suspended), 1));
    sql.rows("DELETE FROM sessions").await;
    assert_eq!(read().await, (None, 2));
    assert_eq!(read().await, (None, 1));
}

/// The log in one statement: it tells what a transaction tells, and nothing once anything behind the session changed,
/// whoever changed it.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_at_once_is_told_only_while_the_session_is_what_it_was() {
    let stage = Stage::with_account(&[Right::SendCertificates]).await;
    stage
        .send(
            &cast::administrator(),
            wish_for("Granite Peak Builders"),
            cast::now(),
        )
        .await
        .unwrap();
    let sql = stage.owner_of(AGENCY).await;
    let known = Known::new(10);
    let now = after(1) + TimeDelta::seconds(30);
    for (app, name, changes) in [
        (
            App::Staff,
            "maren",
            [
                "UPDATE staff_users SET state = 'inactive'",
                "UPDATE staff_users SET state = 'active', last_name = 'Lind'",
                "UPDATE staff_groups SET permissions = '{view_insureds,view_certificates}'",
                "UPDATE sessions SET last_seen_at = last_seen_at",
                "DELETE FROM sessions WHERE app = 'staff'",
            ],
        ),
        (
            App::Portal,
            USERNAME,
            [
                "UPDATE portal_users SET state = 'suspended'",
                "UPDATE portal_users SET state = 'active', rights = '{send_certificates,view_policy_information}'",
                "UPDATE insureds SET name = 'Alder Creek Roofing Inc.'",
                "UPDATE sessions SET last_seen_at = last_seen_at",
                "DELETE FROM sessions",
            ],
        ),
    ] {
        let session = stage.sign_in(app, name, after(1)).await;
        let shown = |now| Shown {
            app,
            token: &session,
            now,
            used: false,
        };
        let at_once = async |now| {
            let scope = cast::administrator().scope::<ListCertificates>().unwrap();
            let told = sessions::at_once(&stage.app, shown(now), &known, async |door, _| {
                certificates::list_at_once(&door, &scope, &CertificateFilter::default(), &first(20)).await
            });
            let page: Option<Page<CertificateRow>> = told.await.unwrap();
            page.map(|page| page.rows.len())
        };
        let asks = async || {
            sessions::read(&stage.app, shown(now), &known, async |_, found| {
                Ok::<_, Error>(found.is_some())
            })
            .await
            .unwrap()
        };
        assert_eq!(at_once(now).await, None, "nobody is remembered yet");
        assert!(asks().await);
        assert_eq!(at_once(now).await, Some(1));
        assert_eq!(
            at_once(after(31)).await,
            None,
            "{app}: nobody was there for half an hour"
        );
        let other = match app {
            App::Staff => App::Portal,
            App::Portal => App::Staff,
        };
        let mistaken = Shown {
            app: other,
            ..shown(now)
        };
        let scope = cast::administrator().scope::<ListCertificates>().unwrap();
        let told: Option<Page<CertificateRow>> =
            sessions::at_once(&stage.app, mistaken, &known, async |door, _| {
                certificates::list_at_once(&door, &scope, &CertificateFilter::default(), &first(20)).await
            })
            .await
            .unwrap();
        assert!(told.is_none(), "{app}: a session belongs to one app");
        for change in changes {
            sql.rows(change).await;
            assert_eq!(at_once(now).await, None, "{change}");
            let stands = asks().await;
            assert_eq!(stands, !change.starts_with("DELETE"), "{change}");
            assert_eq!(at_once(now).await, stands.then_some(1), "{change}");
        }
    }
}

/// Whether the session is remembered or not, and whether its use is noted or not.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_says_that_it_reads_cannot_write() {
    let stage = Stage::with_account(&[]).await;
    let session = stage.sign_in(App::Portal, USERNAME, after(1)).await;
    let known = Known::new(10);
    for (now, ends) in [
        (after(1) + TimeDelta::seconds(30), after(31)),
        (after(1) + TimeDelta::seconds(40), after(31)),
        (after(5), after(35)),
        (after(5) + TimeDelta::seconds(10), after(35)),
    ] {
        let shown = Shown {
            app: App::Portal,
            token: &session,
            now,
            used: true,
        };
        let told = sessions::read(&stage.app, shown, &known, async |_, found| {
            Ok::<_, Error>(found.unwrap().idle_expires_at)
        });
        assert_eq!(told.await.unwrap(), ends);
        let written = sessions::read(&stage.app, shown, &known, async |tx, found| {
            let actor = &found.unwrap().actor;
            sessions::record_signed_out(tx, &session, actor, now).await
        });
        let refused = written.await.unwrap_err();
        assert!(refused.to_string().contains("read-only"), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_belongs_to_one_app() {
    let stage = Stage::with_account(&[]).await;
    let portal = stage.sign_in(App::Portal, USERNAME, after(1)).await;
    let staff = stage.sign_in(App::Staff, "maren", after(1)).await;
    assert!(stage.actor(App::Staff, &portal, after(2)).await.is_none());
    assert!(stage.actor(App::Portal, &staff, after(2)).await.is_none());
    assert!(stage.actor(App::Staff, &staff, after(2)).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_out_is_out() {
    let stage = Stage::with_account(&[]).await;
    let here = stage.sign_in(App::Portal, USERNAME, after(1)).await;
    let there = stage.sign_in(App::Portal, USERNAME, after(1)).await;
    stage
        .act(async |tx| {
            let resolved = sessions::resolve(tx, App::Portal, &here, after(2))
                .await?
                .unwrap();
            sessions::record_signed_out(tx, &here, &resolved.actor, after(2)).await
        })
        .await
        .unwrap();
    let sql = stage.owner_of(AGENCY).await;
    assert_eq!(
        sql.rows("SELECT action, insured_id FROM audit_entries ORDER BY seq DESC LIMIT 1")
            .await,
        [["signed_out".to_owned(), INSURED.to_string()]]
    );
    assert!(stage.actor(App::Portal, &here, after(2)).await.is_none());
    assert!(stage.actor(App::Portal, &there, after(2)).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_hash_of_the_password_replaces_the_old_one_at_sign_in() {
    let stage = Stage::with_account(&[]).await;
    for (app, name) in [(App::Portal, USERNAME), (App::Staff, "maren")] {
        let candidate = stage.candidate(app, name).await.unwrap();
        stage
            .enter(app, &candidate, Some("$argon2id$newer"), after(1))
            .await
            .unwrap();
        assert_eq!(
            stage.candidate(app, name).await.unwrap().password_hash.as_deref(),
            Some("$argon2id$newer")
        );
    }
}

/// A password is verified between two transactions; what happened meanwhile counts.
#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_was_overtaken_opens_nothing_and_undoes_nothing() {
    let stage = Stage::with_account(&[]).await;
    let read = stage.candidate(App::Portal, USERNAME).await.unwrap();
    let link = PasswordLinkId::from_uuid(id());
    stage
        .change(after(1), |permit| change::mail_reset(permit, link, after(1)))
        .await
        .unwrap();
    let token = stage.secret_of(link, after(1)).await.unwrap();
    stage
        .choose_password(&token, "$argon2id$new", after(2))
        .await
        .unwrap();
    // By a reset: neither does the old password get in, nor does its better hash come back.
    let late = stage
        .enter(App::Portal, &read, Some("$argon2id$newer"), after(3))
        .await;
    assert!(late.is_none());
    let now = stage.candidate(App::Portal, USERNAME).await.unwrap();
    assert_eq!(now.password_hash.as_deref(), Some("$argon2id$new"));
    // By a suspension.
    stage
        .change(after(4), |permit| change::suspend(permit, after(4)))
        .await
        .unwrap();
    assert!(stage.enter(App::Portal, &now, None, after(5)).await.is_none());
    // By an account that was closed.
    let maren = stage.candidate(App::Staff, "maren").await.unwrap();
    stage.as_owner_of(AGENCY, "UPDATE staff_users SET state = 'inactive'");
    assert!(stage.enter(App::Staff, &maren, None, after(6)).await.is_none());
    assert_eq!(stage.count("sessions").await, 0);
}

/// Choosing a password and closing the account both touch the account and its link; neither may wait for the other
/// while it holds what that one needs.
#[tokio::test(flavor = "multi_thread")]
async fn a_suspension_waits_for_a_password_that_is_being_chosen() {
    let stage = Stage::with_book().await;
    let link = stage.open_account(&[], cast::now()).await.unwrap();
    let token = stage.secret_of(link, cast::now()).await.unwrap();
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (go, may_go) = tokio::sync::oneshot::channel::<()>();
    let app = stage.app.clone();
    let choosing = tokio::spawn(async move {
        app.transaction::<_, Error>(AGENCY, async |tx| {
            let link = sessions::lock_live_link(tx, &token, after(1)).await?;
            begun.send(()).unwrap();
            may_go.await.unwrap();
            sessions::record_password_set(tx, &link, "$argon2id$chosen", job(), after(1)).await
        })
        .await
    });
    has_begun.await.unwrap();
    let app = stage.app.clone();
    let mut suspending = tokio::spawn(async move {
        app.transaction::<_, Error>(AGENCY, async |tx| {
            let permit = portal::lock(tx, &cast::administrator(), INSURED).await?;
            let changed = change::suspend(permit, after(2)).unwrap();
            portal::record_changed(tx, &changed, job(), after(2)).await
        })
        .await
    });
    // The second one is seen waiting before the first one goes on.
    let sql = stage.owner_of(AGENCY).await;
    let waiting =
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')";
    while sql.number(waiting).await == 0 {
        assert!(!suspending.is_finished(), "{:?}", (&mut suspending).await);
    }
    go.send(()).unwrap();
    choosing.await.unwrap().unwrap();
    suspending.await.unwrap().unwrap();
    let user = stage.account().await;
    assert_eq!(
        (user.standing, user.has_password),
        (AccountStanding::Suspended, true)
    );
}

/// A staff user is read afresh too: other permissions and an inactive account hold on the next request.
#[tokio::test(flavor = "multi_thread")]
async fn a_staff_user_is_read_afresh_for_every_request() {
    let stage = Stage::new().await;
    let session = stage.sign_in(App::Staff, "maren", cast::now()).await;
    let Some(Actor::Staff(before)) = stage.actor(App::Staff, &session, after(1)).await else {
        panic!("the session is gone");
    };
    assert_eq!(before.name, "Maren Voss");
    assert_eq!(
        before.permissions.len(),
        countersign_domain::authz::Permission::ALL.len()
    );
    stage.as_owner_of(
        AGENCY,
        "UPDATE staff_groups SET permissions = '{view_insureds}' WHERE name = 'Administrators'",
    );
    let Some(Actor::Staff(after_change)) = stage.actor(App::Staff, &session, after(1)).await else {
        panic!("the session is gone");
    };
    assert_eq!(after_change.permissions.len(), 1);
    stage.as_owner_of(AGENCY, "UPDATE staff_users SET state = 'inactive'");
    assert_eq!(
        state_of(stage.actor(App::Staff, &session, after(1)).await),
        Some(AccountState::Suspended)
    );
    assert!(!stage.candidate(App::Staff, "maren").await.unwrap().open);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agency_begins_with_two_groups_and_a_first_administrator() {
    let stage = Stage::new().await;
    let found = agencies::id_of(&stage.app, &Slug::parse("summit-ridge").unwrap())
        .await
        .unwrap();
    assert_eq!(found, AGENCY);
    let unknown = agencies::id_of(&stage.app, &Slug::parse("nobody").unwrap()).await;
    assert!(matches!(unknown, Err(Error::NotFound)));
    let sql = stage.owner_of(AGENCY).await;
    assert_eq!(
        sql.column("SELECT name FROM staff_groups ORDER BY name").await,
        ["Administrators", "Service staff"]
    );
    assert!(stage.candidate(App::Staff, "Maren").await.unwrap().open);
    let report = audit::verify(&stage.app, AGENCY).await.unwrap();
    assert_eq!(report, audit::ChainReport::Whole { entries: 1 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_that_is_taken_founds_nothing() {
    let stage = Stage::new().await;
    let refused = stage.bootstrap(cast::OTHER_AGENCY, "summit-ridge").await;
    assert!(matches!(
        refused,
        Err(Error::Conflict(Constraint::AgencySlugUnique))
    ));
    let sql = stage.owner_of(cast::OTHER_AGENCY).await;
    for table in [
        "staff_groups",
        "staff_users",
        "audit_heads",
        "certificate_counters",
    ] {
        assert_eq!(
            sql.number(&format!("SELECT count(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
    assert_eq!(sql.column("SELECT slug FROM agencies").await, ["summit-ridge"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_without_a_password_is_invited() {
    let stage = Stage::new().await;
    let plan = migrate::Bootstrap {
        agency: cast::OTHER_AGENCY,
        slug: Slug::parse("harbor-point").unwrap(),
        name: cast::text("Harbor Point Agency"),
        zone: countersign_domain::agency::Zone::parse("America/New_York").unwrap(),
        admin: countersign_domain::ids::StaffUserId::from_uuid(id()),
        first_name: PersonName::parse("Ines").unwrap(),
        last_name: PersonName::parse("Okafor").unwrap(),
        username: username("ines"),
        email: cast::email("ines@harborpoint.example.com"),
        password_hash: None,
        administrators: id(),
        service_staff: id(),
        link: PasswordLinkId::from_uuid(id()),
        job: job(),
    };
    migrate::bootstrap(&stage.db.owner_url(), &plan, cast::now())
        .await
        .unwrap();
    let mailer = cast::elsewhere(cast::system(Process::Mailer));
    let taken = stage
        .app
        .transaction(cast::OTHER_AGENCY, async |tx| {
            let permit = agencies::find::<MailQueued>(tx, &mailer).await?;
            mailing::arm_link(tx, &permit, plan.link, after(1)).await
        })
        .await
        .unwrap();
    let mailing::TakenUp::Armed(armed) = taken else {
        panic!("{taken:?}");
    };
    assert_eq!(armed.purpose, LinkPurpose::Invitation);
    assert_eq!(armed.to.email, plan.email);
    stage
        .app
        .transaction(cast::OTHER_AGENCY, async |tx| {
            let link = sessions::lock_live_link(tx, &armed.token, after(2)).await?;
            assert_eq!(
                (link.app, link.display_name.as_str()),
                (App::Staff, "Ines Okafor")
            );
            sessions::record_password_set(tx, &link, "$argon2id$ines", job(), after(2)).await?;
            let candidate = sessions::candidate(tx, App::Staff, &username("ines"))
                .await?
                .unwrap();
            assert!(candidate.open);
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_staff_user_joins_a_group_once() {
    let stage = Stage::new().await;
    let mut user = StaffUser {
        id: countersign_domain::ids::StaffUserId::from_uuid(id()),
        group: "Service staff".to_owned(),
        first_name: PersonName::parse("Tomas").unwrap(),
        last_name: PersonName::parse("Reyes").unwrap(),
        username: username("tomas"),
        email: cast::email("tomas@summitridge.example.com"),
        password_hash: "$argon2id$tomas".to_owned(),
    };
    for _ in 0..2 {
        migrate::add_staff_user(&stage.app, AGENCY, &user, cast::now())
            .await
            .unwrap();
        user.id = countersign_domain::ids::StaffUserId::from_uuid(id());
    }
    assert_eq!(stage.count("staff_users").await, 2);
    let session = stage.sign_in(App::Staff, "tomas", after(1)).await;
    let Some(Actor::Staff(actor)) = stage.actor(App::Staff, &session, after(2)).await else {
        panic!("the session is gone");
    };
    assert_eq!(
        actor.permissions,
        migrate::SERVICE_STAFF.iter().copied().collect()
    );
    user.group = "Nobody's".to_owned();
    let refused = migrate::add_staff_user(&stage.app, AGENCY, &user, cast::now()).await;
    assert!(matches!(refused, Err(Error::NotFound)));
}
