//! The cast: people of the agency and of its insureds, signed in.
//!
//! They are signed in through the same function as everybody; only the password is not asked for, because
//! hashing takes longer than most tests. The journeys about signing in do it with the password.

use countersign_domain::authz::{Permission, Right};
use countersign_domain::ids::AgencyId;
use countersign_domain::testing as cast;
use countersign_domain::text::Username;
use countersign_persistence::Error;
use countersign_persistence::sessions::{self, App as Door, SignedIn};
use countersign_persistence::throttles::Reservation;

use super::App;
use super::app::PASSWORD_HASH;
use super::book::Insured;
use super::browser::Browser;

/// Signs in whoever has this name.
async fn signed_in(app: &App, agency: AgencyId, door: Door, username: &str) -> Browser {
    let name = Username::parse(username).expect("a username");
    let now = app.now();
    let signed_in = app
        .db()
        .transaction::<_, Error>(agency, async |tx| {
            let candidate = sessions::candidate(tx, door, &name)
                .await?
                .ok_or(Error::NotFound)?;
            sessions::record_signed_in(tx, door, &candidate, &Reservation::none(), None, now).await
        })
        .await
        .unwrap_or_else(|error| panic!("{username} cannot sign in: {error}"));
    let Some(SignedIn { token }) = signed_in else {
        panic!("{username} is not in use");
    };
    let (browser, cookie) = match door {
        Door::Staff => (app.staff(), "__Host-countersign_staff"),
        Door::Portal => (app.portal(), "__Host-countersign_portal"),
    };
    browser.keep(format!("{cookie}={}", token.encode()));
    browser
}

/// The agency's first administrator, Maren Voss.
pub(crate) async fn administrator(app: &App) -> Browser {
    signed_in(app, app.agency, Door::Staff, "maren").await
}

/// The administrator of the agency next door.
pub(crate) async fn administrator_elsewhere(app: &App) -> Browser {
    signed_in(app, app.elsewhere, Door::Staff, "dana").await
}

/// A staff user of the group that every agency begins with beside its administrators.
pub(crate) async fn service_staff(app: &App) -> Browser {
    let group = "SELECT id FROM staff_groups WHERE name = 'Service staff'".to_owned();
    staff_user(app, "theo", "Theo Brandt", &group).await
}

/// A staff user whose group opens exactly these.
pub(crate) async fn csr(app: &App, permissions: &[Permission]) -> Browser {
    let (group, words) = (
        app.id(),
        permissions
            .iter()
            .map(|p| p.as_str())
            .collect::<Vec<_>>()
            .join(","),
    );
    app.sql(
        app.agency,
        &format!(
            "INSERT INTO staff_groups (agency_id, id, name, permissions) \
             VALUES ('{}', '{group}', 'Group {group}', '{{{words}}}')",
            app.agency
        ),
    )
    .await;
    let username = format!("csr-{}", group.simple());
    staff_user(app, &username, "Ines Calder", &format!("SELECT '{group}'::uuid")).await
}

async fn staff_user(app: &App, username: &str, name: &str, group: &str) -> Browser {
    let (first, last) = name.split_once(' ').expect("two names");
    app.sql(
        app.agency,
        &format!(
            "INSERT INTO staff_users (agency_id, id, group_id, username, first_name, last_name, email, state, \
             password_hash, created_at) VALUES ('{agency}', '{id}', ({group}), '{username}', '{first}', '{last}', \
             '{username}@summit-ridge.example.com', 'active', '{hash}', '{now}') ON CONFLICT DO NOTHING",
            agency = app.agency,
            id = app.id(),
            hash = *PASSWORD_HASH,
            now = app.now(),
        ),
    )
    .await;
    signed_in(app, app.agency, Door::Staff, username).await
}

/// A staff user with every permission whose account was made inactive after the sign-in.
pub(crate) async fn inactive_administrator(app: &App) -> Browser {
    let browser = csr(app, Permission::ALL).await;
    app.sql(
        app.agency,
        "UPDATE staff_users SET state = 'inactive' WHERE username LIKE 'csr-%'",
    )
    .await;
    browser
}

/// The insured's portal account, in use, with exactly these rights.
pub(crate) async fn portal_user_of(app: &App, insured: &Insured, rights: &[Right]) -> Browser {
    account(app, insured, "active", rights).await;
    portal_session_of(app, insured).await
}

/// A further session of the insured's account, which is there already.
pub(crate) async fn portal_session_of(app: &App, insured: &Insured) -> Browser {
    signed_in(app, app.agency, Door::Portal, &insured.username()).await
}

/// Writes an account as it would stand, without its history.
pub(crate) async fn account(app: &App, insured: &Insured, state: &str, rights: &[Right]) {
    let words = rights
        .iter()
        .map(|right| right.as_str())
        .collect::<Vec<_>>()
        .join(",");
    let hash = match state {
        "active" | "suspended" => format!("'{}'", *PASSWORD_HASH),
        _ => "NULL".to_owned(),
    };
    app.sql(
        app.agency,
        &format!(
            "INSERT INTO portal_users (agency_id, id, insured_id, username, email, state, password_hash, rights, \
             invited_at) VALUES ('{agency}', '{id}', '{insured}', '{username}', '{username}', '{state}', {hash}, \
             '{{{words}}}', '{now}')",
            agency = app.agency,
            id = app.id(),
            insured = insured.id,
            username = insured.username(),
            now = cast::moment("2026-10-01T17:00:00Z"),
        ),
    )
    .await;
}

/// Suspends an account as the operation would, for browsers that are signed in already.
pub(crate) async fn suspend(app: &App, insured: &Insured) {
    app.sql(
        app.agency,
        &format!(
            "UPDATE portal_users SET state = 'suspended', suspended_at = '{}' WHERE insured_id = '{}'",
            app.now(),
            insured.id
        ),
    )
    .await;
}
