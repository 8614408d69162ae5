//! The door for callers who are not yet known: sign in, resolve a session, redeem a link.
//!
//! A secret carries its agency: `base64url(agency || 32 random bytes)`. So row-level security holds from
//! the first statement on, and nothing has to be looked up across agencies. Only hashes are stored.

use std::collections::BTreeSet;
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::audit::{Action, Entry};
use countersign_domain::authz::{AccountState, Actor, ActorKind, By, Permission, Portal, Staff};
use countersign_domain::ids::{AgencyId, InsuredId, JobId, PasswordLinkId, PortalUserId, StaffUserId};
use countersign_domain::jobs::Job;
use countersign_domain::passwords::LINK_IS_FRESH;
use countersign_domain::portal::{LinkOrder, LinkPurpose};
use countersign_domain::text::Username;
use countersign_domain::vocabulary;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::admission::{self, Door};
use crate::db::{Access, Db, Question, Tx};
use crate::error::broken;
use crate::schema::{insureds, password_links, portal_users, sessions, staff_groups, staff_users};
use crate::throttles::Reservation;
use crate::{Error, audit, jobs, portal, throttles};

vocabulary! {
    /// One of the two apps; each has its own sessions.
    pub enum App {
        /// The agency's people.
        Staff = "staff",
        /// The insureds.
        Portal = "portal",
    }
}

impl App {
    /// How long a session lives without a request.
    #[must_use]
    pub const fn idle(self) -> TimeDelta {
        TimeDelta::minutes(30)
    }

    /// How long a session lives at most.
    #[must_use]
    pub const fn absolute(self) -> TimeDelta {
        match self {
            Self::Staff => TimeDelta::hours(12),
            Self::Portal => TimeDelta::hours(24),
        }
    }
}

/// A secret that names its agency: a session's, or a link's.
#[derive(Clone)]
pub struct Token {
    agency: AgencyId,
    secret: [u8; 32],
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token")
            .field("agency", &self.agency)
            .finish_non_exhaustive()
    }
}

impl Token {
    /// Makes a secret of 256 random bits.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the system has no randomness.
    pub fn fresh(agency: AgencyId) -> Result<Self, Error> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self { agency, secret })
    }

    /// Reads what [`Self::encode`] wrote; anything else is `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let (agency, secret) = bytes.split_at_checked(16)?;
        Some(Self {
            agency: AgencyId::from_uuid(Uuid::from_slice(agency).ok()?),
            secret: secret.try_into().ok()?,
        })
    }

    /// The text that goes into a cookie or a link.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut bytes = self.agency.uuid().as_bytes().to_vec();
        bytes.extend_from_slice(&self.secret);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What is stored. The secret has 256 random bits, so a plain hash is enough.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }

    /// The agency it names; a claim, until a row in that agency matches the hash.
    #[must_use]
    pub const fn agency(&self) -> AgencyId {
        self.agency
    }
}

/// Whoever might be signing in.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The account.
    pub user: Uuid,
    /// Its password's hash, once one was chosen.
    pub password_hash: Option<String>,
    /// Whether it may sign in at all.
    pub open: bool,
    /// Its display name.
    pub display_name: String,
    /// The insured, in the portal.
    pub insured: Option<InsuredId>,
}

/// Looks for an account by its username.
///
/// # Errors
/// [`Error`] of the database.
pub async fn candidate(tx: &mut Tx, app: App, username: &Username) -> Result<Option<Candidate>, Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    match app {
        App::Staff => {
            let row: Option<(Uuid, Option<String>, String, String, String)> = staff_users::table
                .filter(staff_users::agency_id.eq(agency))
                .filter(staff_users::username.eq(username.as_str()))
                .select((
                    staff_users::id,
                    staff_users::password_hash,
                    staff_users::state,
                    staff_users::first_name,
                    staff_users::last_name,
                ))
                .first(&mut connection)
                .await
                .optional()?;
            Ok(row.map(|(user, password_hash, state, first, last)| Candidate {
                user,
                password_hash,
                open: state == "active",
                display_name: format!("{first} {last}"),
                insured: None,
            }))
        }
        App::Portal => {
            let row: Option<(Uuid, Option<String>, String, String, Uuid)> = portal_users::table
                .inner_join(
                    insureds::table.on(insureds::agency_id
                        .eq(portal_users::agency_id)
                        .and(insureds::id.eq(portal_users::insured_id))),
                )
                .filter(portal_users::agency_id.eq(agency))
                .filter(portal_users::username.eq(username.as_str()))
                .select((
                    portal_users::id,
                    portal_users::password_hash,
                    portal_users::state,
                    insureds::name,
                    insureds::id,
                ))
                .first(&mut connection)
                .await
                .optional()?;
            Ok(
                row.map(|(user, password_hash, state, display_name, insured)| Candidate {
                    user,
                    password_hash,
                    open: state == "active",
                    display_name,
                    insured: Some(InsuredId::from_uuid(insured)),
                }),
            )
        }
    }
}

/// A signed-in session, as far as the cookie needs it.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The secret for the cookie.
    pub token: Token,
}

/// Opens a session for an account whose password was right; upgrades the stored hash where a newer one is given.
///
/// `None`, and nothing is written, when the account was closed or its password replaced since it was read.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_signed_in(
    tx: &mut Tx,
    app: App,
    candidate: &Candidate,
    attempt: &Reservation,
    upgraded_hash: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<SignedIn>, Error> {
    let token = Token::fresh(tx.agency())?;
    let agency = tx.agency().uuid();
    let (staff, portal) = match app {
        App::Staff => (Some(candidate.user), None),
        App::Portal => (None, Some(candidate.user)),
    };
    let verified = candidate.password_hash.as_deref();
    let hash = upgraded_hash.or(verified);
    // Verifying took its time, and this holds the account until the session is there: a reset or a suspension
    // comes either before it, and nothing is found here, or after it, and ends the session too.
    let found = match app {
        App::Staff => {
            let row = staff_users::table.find((agency, candidate.user));
            let same = row
                .filter(staff_users::state.eq("active"))
                .filter(staff_users::password_hash.is_not_distinct_from(verified));
            diesel::update(same)
                .set((
                    staff_users::last_sign_in_at.eq(now),
                    staff_users::password_hash.eq(hash),
                ))
                .execute(&mut tx.connection()?)
                .await?
        }
        App::Portal => {
            let row = portal_users::table.find((agency, candidate.user));
            let same = row
                .filter(portal_users::state.eq("active"))
                .filter(portal_users::password_hash.is_not_distinct_from(verified));
            diesel::update(same)
                .set((
                    portal_users::last_sign_in_at.eq(now),
                    portal_users::password_hash.eq(hash),
                ))
                .execute(&mut tx.connection()?)
                .await?
        }
    };
    if found == 0 {
        return Ok(None);
    }
    diesel::insert_into(sessions::table)
        .values((
            sessions::agency_id.eq(agency),
            sessions::token_hash.eq(token.hash().to_vec()),
            sessions::app.eq(app.as_str()),
            sessions::staff_user_id.eq(staff),
            sessions::portal_user_id.eq(portal),
            sessions::created_at.eq(now),
            sessions::last_seen_at.eq(now),
            sessions::expires_at.eq(now + app.absolute()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    throttles::settle(tx, attempt, now).await?;
    let entry = session_entry(app, candidate, Action::SignedIn);
    audit::append_entry(tx, &entry, now).await?;
    Ok(Some(SignedIn { token }))
}

fn session_entry(app: App, who: &Candidate, action: Action) -> Entry {
    let kind = match app {
        App::Staff => ActorKind::Staff,
        App::Portal => ActorKind::Portal,
    };
    Entry {
        by: By {
            kind,
            id: Some(who.user),
            name: who.display_name.clone(),
        },
        action,
        insured: who.insured,
        object_kind: match app {
            App::Staff => "staff_user",
            App::Portal => "portal_user",
        },
        object_id: Some(who.user),
        object_label: who.display_name.clone(),
        detail: json!({}),
    }
}

/// A session that was found, with the account behind it read now.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// Who is asking.
    pub actor: Actor,
    /// The sign-in name.
    pub username: String,
    /// The email.
    pub email: String,
    /// The insured's name, in the portal.
    pub insured_name: Option<String>,
    /// The session's end without further use.
    pub idle_expires_at: DateTime<Utc>,
    /// The session's end in any case.
    pub expires_at: DateTime<Utc>,
}

/// A session that is shown: by whom, where and when.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// In which app.
    pub app: App,
    /// Its secret.
    pub token: &'a Token,
    /// Now.
    pub now: DateTime<Utc>,
    /// Whether a person is there, who keeps the session alive; a page that asks by itself does not.
    pub used: bool,
}

/// One transaction of whoever shows a session: finds it and reads the account behind it afresh, in the same round
/// trip as BEGIN, and hands both to `work`; `None` when there is none or it is over.
///
/// # Errors
/// Whatever `work` returns, and [`Error`] of the database.
pub async fn transaction<T, E: From<Error>>(
    db: &Db,
    shown: Shown<'_>,
    work: impl AsyncFnOnce(&mut Tx, Option<Resolved>) -> Result<T, E>,
) -> Result<T, E> {
    let agency = shown.token.agency();
    db.transaction_with(agency, Access::Write, &shown, async |tx, found| {
        let resolved = kept_alive(tx, shown, found).await?;
        work(tx, resolved).await
    })
    .await
}

/// As [`transaction`], for work that only reads and may therefore be done twice. Where `known` remembers the session,
/// the work sets out in the same round trip as the question who that is now; see [`Known`].
///
/// # Errors
/// As [`transaction`].
pub async fn read<T, E: From<Error>>(
    db: &Db,
    shown: Shown<'_>,
    known: &Known,
    work: impl AsyncFn(&mut Tx, Option<&Resolved>) -> Result<T, E>,
) -> Result<T, E> {
    let key = shown.token.hash();
    let guess = known.recent(&key, shown);
    let question = Recalled {
        shown,
        known,
        key,
        guess: guess.as_deref(),
    };
    let agency = shown.token.agency();
    match &guess {
        Some(guess) => {
            // A guess is recent, so that there is nothing to note.
            db.read_ahead(agency, &question, guess, async |tx, found| {
                work(tx, found.as_ref().map(|found| &found.resolved)).await
            })
            .await
        }
        None => {
            db.transaction_with(agency, Access::Write, &question, async |tx, found| {
                let resolved = kept_alive(tx, shown, found).await?;
                let only_read = tx.only_read();
                let (only_read, read) = futures::join!(only_read, work(tx, resolved.as_ref()));
                only_read?;
                read
            })
            .await
        }
    }
}

/// As [`read`], for what a single statement can tell: it admits whoever shows the session, and reads, in one round trip
/// and without a transaction around it. `None` when that did not come about: the session is not remembered, is over,
/// or is not what it was, or there was nothing to read. The caller then asks by [`read`], which finds out.
///
/// # Errors
/// Whatever `ask` returns, and [`Error`] of the database.
pub async fn at_once<T, E: From<Error>>(
    db: &Db,
    shown: Shown<'_>,
    known: &Known,
    ask: impl AsyncFnOnce(Door<'_>, &Resolved) -> Result<Option<T>, E>,
) -> Result<Option<T>, E> {
    let Some(guess) = known.recent(&shown.token.hash(), shown) else {
        return Ok(None);
    };
    let Some(found) = guess.as_ref() else {
        return Ok(None);
    };
    db.alone(async |connection| {
        let door = Door {
            connection,
            shown,
            rows: &found.rows,
        };
        ask(door, &found.resolved).await
    })
    .await
}

/// Who showed a session the last time, by the hash of its secret. A guess and no more: nothing is answered on its word
/// unless the database says the same in the same transaction. So it need not be told of a suspension, a changed right,
/// or a sign-out, here or at another server; it only spares the waiting.
pub struct Known(quick_cache::sync::Cache<[u8; 32], Arc<Found>>);

impl Known {
    /// Remembers at most `sessions`.
    #[must_use]
    pub fn new(sessions: usize) -> Self {
        Self(quick_cache::sync::Cache::new(sessions))
    }

    /// Who that was, unless the session's row is to be written anyway.
    fn recent(&self, key: &[u8; 32], shown: Shown<'_>) -> Option<Arc<Found>> {
        self.0.get(key).filter(|guess| match guess.as_ref() {
            Some(found) => !shown.must_be_noted(found.last_seen_at),
            None => false,
        })
    }
}

impl std::fmt::Debug for Known {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").finish_non_exhaustive()
    }
}

/// Who shows a session, and whether that is whom one remembers.
struct Recalled<'a> {
    shown: Shown<'a>,
    known: &'a Known,
    key: [u8; 32],
    guess: Option<&'a Found>,
}

impl Question for Recalled<'_> {
    type Answer = Found;

    async fn ask(&self, connection: &AsyncPgConnection) -> Result<Found, Error> {
        let answer = found(connection, self.shown).await?;
        if self.guess != Some(&answer) {
            if answer.is_some() {
                self.known.0.insert(self.key, Arc::new(answer.clone()));
            } else {
                self.known.0.remove(&self.key);
            }
        }
        Ok(answer)
    }
}

/// Finds a session of a person who is there, within a transaction that has begun already.
///
/// # Errors
/// [`Error`] of the database.
pub async fn resolve(
    tx: &mut Tx,
    app: App,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<Option<Resolved>, Error> {
    let shown = Shown {
        app,
        token,
        now,
        used: true,
    };
    let found = found(tx.connection()?, shown).await?;
    kept_alive(tx, shown, found).await
}

impl Shown<'_> {
    /// Whether the session's row is to say that it was used now. Written at most once a minute: exact enough for half
    /// an hour, and reads stay reads.
    fn must_be_noted(&self, last_seen_at: DateTime<Utc>) -> bool {
        self.used && self.now - last_seen_at > TimeDelta::seconds(60)
    }
}

impl Question for Shown<'_> {
    type Answer = Found;

    async fn ask(&self, connection: &AsyncPgConnection) -> Result<Found, Error> {
        found(connection, *self).await
    }
}

/// A session with the account behind it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Standing {
    resolved: Resolved,
    last_seen_at: DateTime<Utc>,
    /// Which versions of the rows say so; see [`crate::admission`].
    rows: String,
}

type Found = Option<Standing>;

async fn kept_alive(tx: &mut Tx, shown: Shown<'_>, found: Found) -> Result<Option<Resolved>, Error> {
    let Some(found) = found else {
        return Ok(None);
    };
    let Standing {
        mut resolved,
        last_seen_at,
        ..
    } = found;
    let Shown { app, token, now, .. } = shown;
    if shown.must_be_noted(last_seen_at) {
        diesel::update(sessions::table.find((tx.agency().uuid(), token.hash().to_vec())))
            .set(sessions::last_seen_at.eq(now))
            .execute(&mut tx.connection()?)
            .await?;
        resolved.idle_expires_at = (now + app.idle()).min(resolved.expires_at);
    }
    Ok(Some(resolved))
}

async fn found(connection: &AsyncPgConnection, shown: Shown<'_>) -> Result<Found, Error> {
    match shown.app {
        App::Staff => found_staff(connection, shown).await,
        App::Portal => found_portal(connection, shown).await,
    }
}

async fn found_staff(mut connection: &AsyncPgConnection, shown: Shown<'_>) -> Result<Found, Error> {
    type Row = (
        (DateTime<Utc>, DateTime<Utc>),
        (Uuid, String, String, String, String, String),
        Vec<String>,
        String,
    );
    let Shown { token, now, .. } = shown;
    let agency = token.agency();
    let row: Option<Row> = sessions::table
        .inner_join(
            staff_users::table.on(staff_users::agency_id
                .eq(sessions::agency_id)
                .and(sessions::staff_user_id.eq(staff_users::id.nullable()))),
        )
        .inner_join(
            staff_groups::table.on(staff_groups::agency_id
                .eq(staff_users::agency_id)
                .and(staff_groups::id.eq(staff_users::group_id))),
        )
        .filter(sessions::agency_id.eq(agency.uuid()))
        .filter(sessions::token_hash.eq(token.hash().to_vec()))
        .filter(sessions::app.eq(App::Staff.as_str()))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::last_seen_at.gt(now - App::Staff.idle()))
        .select((
            (sessions::last_seen_at, sessions::expires_at),
            (
                staff_users::id,
                staff_users::username,
                staff_users::first_name,
                staff_users::last_name,
                staff_users::email,
                staff_users::state,
            ),
            staff_groups::permissions,
            admission::staff_rows(),
        ))
        .first(&mut connection)
        .await
        .optional()?;
    let Some(((last_seen_at, expires_at), (id, username, first, last, email, state), words, rows)) = row
    else {
        return Ok(None);
    };
    let permissions: BTreeSet<Permission> = words
        .into_iter()
        .map(|word| word.parse().map_err(broken("staff_groups.permissions")))
        .collect::<Result<_, _>>()?;
    let actor = Actor::Staff(Staff {
        agency,
        id: StaffUserId::from_uuid(id),
        name: format!("{first} {last}"),
        state: if state == "active" {
            AccountState::Active
        } else {
            AccountState::Suspended
        },
        permissions,
    });
    let resolved = Resolved {
        actor,
        username,
        email,
        insured_name: None,
        idle_expires_at: (last_seen_at + App::Staff.idle()).min(expires_at),
        expires_at,
    };
    Ok(Some(Standing {
        resolved,
        last_seen_at,
        rows,
    }))
}

/// A staff user as it is now, to act later for what the person asked for: with the permissions of this moment.
/// `None` when the account is gone.
pub(crate) async fn staff_now(tx: &mut Tx, id: StaffUserId) -> Result<Option<Actor>, Error> {
    let agency = tx.agency();
    let row: Option<((String, String, String), Vec<String>)> = staff_users::table
        .inner_join(
            staff_groups::table.on(staff_groups::agency_id
                .eq(staff_users::agency_id)
                .and(staff_groups::id.eq(staff_users::group_id))),
        )
        .filter(staff_users::agency_id.eq(agency.uuid()))
        .filter(staff_users::id.eq(id.uuid()))
        .select((
            (
                staff_users::first_name,
                staff_users::last_name,
                staff_users::state,
            ),
            staff_groups::permissions,
        ))
        .first(&mut tx.connection()?)
        .await
        .optional()?;
    let Some(((first, last, state), words)) = row else {
        return Ok(None);
    };
    Ok(Some(Actor::Staff(Staff {
        agency,
        id,
        name: format!("{first} {last}"),
        state: if state == "active" {
            AccountState::Active
        } else {
            AccountState::Suspended
        },
        permissions: words
            .into_iter()
            .map(|word| word.parse().map_err(broken("staff_groups.permissions")))
            .collect::<Result<_, _>>()?,
    })))
}

async fn found_portal(mut connection: &AsyncPgConnection, shown: Shown<'_>) -> Result<Found, Error> {
    type Row = (
        (DateTime<Utc>, DateTime<Utc>),
        (Uuid, Uuid, String, String, String, Vec<String>),
        String,
        String,
    );
    let Shown { token, now, .. } = shown;
    let agency = token.agency();
    let row: Option<Row> = sessions::table
        .inner_join(
            portal_users::table.on(portal_users::agency_id
                .eq(sessions::agency_id)
                .and(sessions::portal_user_id.eq(portal_users::id.nullable()))),
        )
        .inner_join(
            insureds::table.on(insureds::agency_id
                .eq(portal_users::agency_id)
                .and(insureds::id.eq(portal_users::insured_id))),
        )
        .filter(sessions::agency_id.eq(agency.uuid()))
        .filter(sessions::token_hash.eq(token.hash().to_vec()))
        .filter(sessions::app.eq(App::Portal.as_str()))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::last_seen_at.gt(now - App::Portal.idle()))
        .select((
            (sessions::last_seen_at, sessions::expires_at),
            (
                portal_users::id,
                portal_users::insured_id,
                portal_users::username,
                portal_users::email,
                portal_users::state,
                portal_users::rights,
            ),
            insureds::name,
            admission::portal_rows(),
        ))
        .first(&mut connection)
        .await
        .optional()?;
    let Some(((last_seen_at, expires_at), (id, insured, username, email, state, words), name, rows)) = row
    else {
        return Ok(None);
    };
    let actor = Actor::Portal(Portal {
        agency,
        id: PortalUserId::from_uuid(id),
        insured: InsuredId::from_uuid(insured),
        name: format!("{name} ({username})"),
        state: if state == "active" {
            AccountState::Active
        } else {
            AccountState::Suspended
        },
        rights: portal::rights(words)?,
    });
    let resolved = Resolved {
        actor,
        username,
        email,
        insured_name: Some(name),
        idle_expires_at: (last_seen_at + App::Portal.idle()).min(expires_at),
        expires_at,
    };
    Ok(Some(Standing {
        resolved,
        last_seen_at,
        rows,
    }))
}

/// Ends a session of `actor`.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_signed_out(
    tx: &mut Tx,
    token: &Token,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let ended = diesel::delete(sessions::table.find((tx.agency().uuid(), token.hash().to_vec())))
        .execute(&mut tx.connection()?)
        .await?;
    let (app, insured) = match actor {
        Actor::Staff(_) => (App::Staff, None),
        Actor::Portal(portal) => (App::Portal, Some(portal.insured)),
        Actor::System { .. } => return Ok(()),
    };
    let By { id, name, .. } = actor.by();
    let Some(user) = id.filter(|_| ended == 1) else {
        return Ok(());
    };
    let who = Candidate {
        user,
        password_hash: None,
        open: true,
        display_name: name,
        insured,
    };
    audit::append_entry(tx, &session_entry(app, &who, Action::SignedOut), now).await
}

/// A link that still works, and whose it is.
#[derive(Clone, Debug)]
pub struct LiveLink {
    /// The link.
    pub id: PasswordLinkId,
    /// For which app.
    pub app: App,
    /// Why it was mailed.
    pub purpose: LinkPurpose,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// The account.
    pub user: Uuid,
    /// Its sign-in name.
    pub username: String,
    /// Its display name.
    pub display_name: String,
    /// Its email.
    pub email: String,
    /// The insured, in the portal.
    pub insured: Option<InsuredId>,
}

/// Finds a link that was not used, ended or outlived. Looking burns nothing and holds nothing.
///
/// # Errors
/// [`Error::NotFound`] when the link does not work (any more).
pub async fn live_link(tx: &mut Tx, token: &Token, now: DateTime<Utc>) -> Result<LiveLink, Error> {
    type Row = (Uuid, String, Option<Uuid>, Option<Uuid>, String, DateTime<Utc>);
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    let (id, app, staff, portal, purpose, expires_at): Row = password_links::table
        .filter(password_links::agency_id.eq(agency))
        .filter(password_links::token_hash.eq(token.hash().to_vec()))
        .filter(password_links::used_at.is_null())
        .filter(password_links::ended_at.is_null())
        .filter(password_links::expires_at.gt(now))
        .select((
            password_links::id,
            password_links::app,
            password_links::staff_user_id,
            password_links::portal_user_id,
            password_links::purpose,
            password_links::expires_at,
        ))
        .first(&mut connection)
        .await?;
    let app: App = app.parse().map_err(broken("password_links.app"))?;
    let purpose: LinkPurpose = purpose.parse().map_err(broken("password_links.purpose"))?;
    let id = PasswordLinkId::from_uuid(id);
    match (staff, portal) {
        (Some(user), _) => {
            let (username, first, last, email, state): (String, String, String, String, String) =
                staff_users::table
                    .find((agency, user))
                    .select((
                        staff_users::username,
                        staff_users::first_name,
                        staff_users::last_name,
                        staff_users::email,
                        staff_users::state,
                    ))
                    .first(&mut connection)
                    .await?;
            if state == "inactive" {
                return Err(Error::NotFound);
            }
            let display_name = format!("{first} {last}");
            Ok(LiveLink {
                id,
                app,
                purpose,
                expires_at,
                user,
                username,
                display_name,
                email,
                insured: None,
            })
        }
        (None, Some(user)) => {
            let (username, email, state, insured, display_name): (String, String, String, Uuid, String) =
                portal_users::table
                    .inner_join(
                        insureds::table.on(insureds::agency_id
                            .eq(portal_users::agency_id)
                            .and(insureds::id.eq(portal_users::insured_id))),
                    )
                    .filter(portal_users::agency_id.eq(agency))
                    .filter(portal_users::id.eq(user))
                    .select((
                        portal_users::username,
                        portal_users::email,
                        portal_users::state,
                        portal_users::insured_id,
                        insureds::name,
                    ))
                    .first(&mut connection)
                    .await?;
            if state == "suspended" || state == "revoked" {
                return Err(Error::NotFound);
            }
            let insured = Some(InsuredId::from_uuid(insured));
            Ok(LiveLink {
                id,
                app,
                purpose,
                expires_at,
                user,
                username,
                display_name,
                email,
                insured,
            })
        }
        (None, None) => Err(Error::Broken("a password link without a user".to_owned())),
    }
}

/// As [`live_link`], and holds the account and the link until the end of the transaction.
///
/// # Errors
/// [`Error::NotFound`] when the link does not work (any more).
pub async fn lock_live_link(tx: &mut Tx, token: &Token, now: DateTime<Utc>) -> Result<LiveLink, Error> {
    let seen = live_link(tx, token, now).await?;
    // The account first, as everybody does who ends its links: two who hold one of both each would wait for ever.
    hold_account(tx, seen.app, seen.user).await?;
    let _held: Uuid = password_links::table
        .find((tx.agency().uuid(), seen.id.uuid()))
        .filter(password_links::used_at.is_null())
        .filter(password_links::ended_at.is_null())
        .select(password_links::id)
        .for_update()
        .first(&mut tx.connection()?)
        .await?;
    // Once more, since the account may have been another one while this waited for it.
    live_link(tx, token, now).await
}

/// Holds an account's row until the end of the transaction and tells its state.
async fn hold_account(tx: &mut Tx, app: App, user: Uuid) -> Result<String, Error> {
    let agency = tx.agency().uuid();
    let mut connection = tx.connection()?;
    Ok(match app {
        App::Staff => {
            staff_users::table
                .find((agency, user))
                .select(staff_users::state)
                .for_update()
                .first(&mut connection)
                .await?
        }
        App::Portal => {
            portal_users::table
                .find((agency, user))
                .select(portal_users::state)
                .for_update()
                .first(&mut connection)
                .await?
        }
    })
}

/// Stores the chosen password's hash, burns the link, ends every session, and queues the notice. The link is one
/// that [`lock_live_link`] holds.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_password_set(
    tx: &mut Tx,
    link: &LiveLink,
    password_hash: &str,
    job: JobId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    diesel::update(password_links::table.find((agency, link.id.uuid())))
        .set(password_links::used_at.eq(now))
        .execute(&mut tx.connection()?)
        .await?;
    match link.app {
        App::Staff => {
            diesel::update(staff_users::table.find((agency, link.user)))
                .set((
                    staff_users::password_hash.eq(password_hash),
                    staff_users::state.eq("active"),
                ))
                .execute(&mut tx.connection()?)
                .await?;
            diesel::delete(
                sessions::table
                    .filter(sessions::agency_id.eq(agency))
                    .filter(sessions::staff_user_id.eq(link.user)),
            )
            .execute(&mut tx.connection()?)
            .await?;
        }
        App::Portal => {
            let row = portal_users::table.find((agency, link.user));
            diesel::update(row)
                .set((
                    portal_users::password_hash.eq(password_hash),
                    portal_users::state.eq("active"),
                ))
                .execute(&mut tx.connection()?)
                .await?;
            diesel::update(row.filter(portal_users::activated_at.is_null()))
                .set(portal_users::activated_at.eq(now))
                .execute(&mut tx.connection()?)
                .await?;
            diesel::delete(
                sessions::table
                    .filter(sessions::agency_id.eq(agency))
                    .filter(sessions::portal_user_id.eq(link.user)),
            )
            .execute(&mut tx.connection()?)
            .await?;
        }
    }
    throttles::forget_name(tx, link.app, &link.username).await?;
    jobs::enqueue(tx, &Job::MailPasswordNotice { link: link.id }, job, now).await?;
    let who = Candidate {
        user: link.user,
        password_hash: None,
        open: true,
        display_name: link.display_name.clone(),
        insured: link.insured,
    };
    audit::append_entry(tx, &session_entry(link.app, &who, Action::PasswordSet), now).await
}

/// Orders a reset link for an account, if there is an open one under this name and none was ordered just now.
/// Says nothing either way.
///
/// # Errors
/// [`Error`] of the database.
pub async fn record_link_requested(
    tx: &mut Tx,
    app: App,
    username: &Username,
    link: PasswordLinkId,
    job: JobId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let Some(candidate) = candidate(tx, app, username).await? else {
        return Ok(());
    };
    if hold_account(tx, app, candidate.user).await? != "active" {
        return Ok(());
    }
    // Whoever asks again while the mail is under way would otherwise kill the link that is in it.
    let fresh: i64 = password_links::table
        .filter(password_links::agency_id.eq(tx.agency().uuid()))
        .filter(password_links::app.eq(app.as_str()))
        .filter(
            password_links::staff_user_id
                .eq(candidate.user)
                .or(password_links::portal_user_id.eq(candidate.user)),
        )
        .filter(password_links::used_at.is_null())
        .filter(password_links::ended_at.is_null())
        .filter(password_links::created_at.gt(now - LINK_IS_FRESH))
        .count()
        .get_result(&mut tx.connection()?)
        .await?;
    if fresh > 0 {
        return Ok(());
    }
    let order = LinkOrder {
        id: link,
        purpose: LinkPurpose::Reset,
        created_at: now,
    };
    match app {
        App::Portal => portal::order_link(tx, PortalUserId::from_uuid(candidate.user), order, job).await?,
        App::Staff => order_staff_link(tx, StaffUserId::from_uuid(candidate.user), order, job).await?,
    }
    // Anybody can ask for anybody: the account is what it is about, not who did it.
    let entry = Entry {
        by: By {
            kind: ActorKind::System,
            id: None,
            name: "sign-in page".to_owned(),
        },
        ..session_entry(app, &candidate, Action::PasswordLinkRequested)
    };
    audit::append_entry(tx, &entry, now).await
}

pub(crate) async fn order_staff_link(
    tx: &mut Tx,
    user: StaffUserId,
    link: LinkOrder,
    job: JobId,
) -> Result<(), Error> {
    let agency = tx.agency().uuid();
    diesel::update(
        password_links::table
            .filter(password_links::agency_id.eq(agency))
            .filter(password_links::staff_user_id.eq(user.uuid()))
            .filter(password_links::used_at.is_null())
            .filter(password_links::ended_at.is_null()),
    )
    .set(password_links::ended_at.eq(link.created_at))
    .execute(&mut tx.connection()?)
    .await?;
    diesel::insert_into(password_links::table)
        .values((
            password_links::agency_id.eq(agency),
            password_links::id.eq(link.id.uuid()),
            password_links::app.eq(App::Staff.as_str()),
            password_links::staff_user_id.eq(user.uuid()),
            password_links::purpose.eq(link.purpose.as_str()),
            password_links::created_at.eq(link.created_at),
            password_links::expires_at.eq(link.expires_at()),
        ))
        .execute(&mut tx.connection()?)
        .await?;
    jobs::enqueue(tx, &Job::MailPasswordLink { link: link.id }, job, link.created_at).await
}
