//! [`Caller`] and [`Stranger`]: the two extractors, and the only doors to the database.
//!
//! Invariant: nobody but these holds the pool. A [`Caller`]'s transaction begins by resolving the session and
//! reading the account afresh, so a suspension or a changed right bites on the next request.

use std::future::{Ready, ready};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, HttpResponse, web};
use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use countersign_domain::authz::{AccountState, Actor};
use countersign_domain::certificates::report::MailRef;
use countersign_domain::ids::{AgencyId, MailId};
use countersign_domain::text::Slug;
use countersign_persistence::idempotency::{self, Known, Request};
use countersign_persistence::sessions::{self, App, Known as Remembered, Resolved, Shown, Token};
use countersign_persistence::{Db, Door, Error, Tx, agencies, jobs, migrate, reports};
use ipnet::IpNet;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::time::{Instant, timeout_at};
use tracing_actix_web::RequestId;
use uuid::{NoContext, Timestamp, Uuid};

use crate::client;
use crate::cursor::Cursors;
use crate::idempotency::IdempotencyKey;
use crate::passwords::{Hasher, Hashing};
use crate::problem::{Problem, ProblemType};
use crate::session::device::Devices;

/// Tells the time; a port to the outside, so that tests can hold it still.
pub trait Clock: Send + Sync {
    /// This moment.
    fn now(&self) -> DateTime<Utc>;
}

/// The three origins of the product, and where the built apps lie.
#[derive(Clone, Debug)]
pub struct Origins {
    /// The staff app's, e.g. `https://staff.example.com`.
    pub staff: url::Url,
    /// The portal's.
    pub portal: url::Url,
    /// The API's own.
    pub api: url::Url,
    /// Built staff app, when the server serves it itself.
    pub staff_dir: Option<std::path::PathBuf>,
    /// Built portal, when the server serves it itself.
    pub portal_dir: Option<std::path::PathBuf>,
}

/// What every request needs.
#[derive(Clone)]
pub struct State {
    db: Db,
    clock: Arc<dyn Clock>,
    hasher: Hasher,
    cursors: Cursors,
    devices: Devices,
    remembered: Arc<Remembered>,
    origins: Arc<Origins>,
    trusted: Arc<[IpNet]>,
    leaving: Arc<AtomicBool>,
    undo: TimeDelta,
    mail_events: Option<Arc<[u8]>>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}

impl State {
    /// Puts together what every request needs. `key` seals cursors and proves devices.
    ///
    /// # Errors
    /// A text, when the password hasher cannot be set up.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        origins: Origins,
        key: [u8; 32],
        hashing: Hashing,
    ) -> Result<Self, String> {
        // A key per use: the one in the configuration is never used itself.
        let derived = |label: &[u8]| Sha256::new().chain_update(label).chain_update(key).finalize();
        Ok(Self {
            db,
            clock,
            hasher: Hasher::new(hashing)?,
            cursors: Cursors::new(derived(b"countersign cursors").into()),
            devices: Devices::new(derived(b"countersign devices").into()),
            remembered: Arc::new(Remembered::new(REMEMBERED)),
            origins: Arc::new(origins),
            trusted: Arc::default(),
            leaving: Arc::default(),
            undo: TimeDelta::zero(),
            mail_events: None,
        })
    }

    /// Names the proxies that are believed when they say who stands before them; nobody is, otherwise.
    #[must_use]
    pub fn behind(self, proxies: Vec<IpNet>) -> Self {
        Self {
            trusted: proxies.into(),
            ..self
        }
    }

    /// For how long a sending that is asked for so waits, to be undone; not at all, otherwise.
    #[must_use]
    pub fn with_undo(self, undo: TimeDelta) -> Self {
        Self { undo, ..self }
    }

    /// The key that reports of the mail relay are signed with; none are taken, otherwise.
    #[must_use]
    pub fn with_mail_events(self, key: Option<Vec<u8>>) -> Self {
        Self {
            mail_events: key.map(Arc::from),
            ..self
        }
    }

    /// The same state with connections of its own, for one of so many threads; see [`Db::share`].
    pub(crate) fn of_thread(&self, threads: usize) -> Self {
        // The address was taken before, so that this cannot fail; and sharing connections is slow, not wrong.
        let db = self.db.share(threads).unwrap_or_else(|_| self.db.clone());
        let remembered = Arc::new(Remembered::new(REMEMBERED));
        Self {
            db,
            remembered,
            ..self.clone()
        }
    }

    /// Says that this process is about to end: from now on `/readyz` keeps new traffic away.
    pub fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
    }

    pub(crate) fn origins(&self) -> &Origins {
        &self.origins
    }

    /// Whether the process can do its work, told within [`READINESS`]: what is not known by then counts as away.
    pub(crate) async fn readiness(&self) -> Readiness {
        let deadline = Instant::now() + READINESS;
        let schema = timeout_at(deadline, migrate::schema_is_current(&self.db)).await;
        let (database, schema) = match schema {
            Ok(Ok(current)) => (true, current),
            Err(_) | Ok(Err(Error::Unavailable(_))) => (false, false),
            // It answers, but nobody has migrated it yet.
            Ok(Err(_)) => (true, false),
        };
        // How the queue is doing only shows, so a long queue keeps nobody out.
        let now = self.clock.now();
        let queue = jobs::Queue::new(self.db.clone());
        let health = match database {
            true => timeout_at(deadline, queue.health(now))
                .await
                .ok()
                .and_then(Result::ok),
            false => None,
        };
        Readiness {
            leaving: self.leaving.load(Ordering::Relaxed),
            database,
            schema,
            worker_age_seconds: health
                .and_then(|health| health.worker_seen_at)
                .map(|seen| (now - seen).num_seconds().max(0)),
            oldest_ready_job_seconds: health.map(|health| health.oldest_ready.num_seconds()),
        }
    }
}

/// Each thread remembers so many sessions.
const REMEMBERED: usize = 2_000;

/// The whole of a readiness check takes no longer.
const READINESS: Duration = Duration::from_millis(250);

/// What `/readyz` reports.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Readiness {
    /// The process was asked to end.
    pub(crate) leaving: bool,
    /// The database answers.
    pub(crate) database: bool,
    /// Every migration of this release was applied.
    pub(crate) schema: bool,
    /// How long ago a worker was last seen.
    pub(crate) worker_age_seconds: Option<i64>,
    /// How long the oldest job whose time has come has been waiting.
    pub(crate) oldest_ready_job_seconds: Option<i64>,
}

impl Readiness {
    /// Whether traffic may come. A missing worker delays mail but refuses nobody, so it only shows.
    pub(crate) const fn is_ready(&self) -> bool {
        self.database && self.schema && !self.leaving
    }
}

fn state(request: &HttpRequest) -> Result<State, Problem> {
    request
        .app_data::<web::Data<State>>()
        .map(|state| state.get_ref().clone())
        .ok_or_else(|| Problem::internal("the server has no state"))
}

/// The cookie of an app. `__Host-`: secure, of this host only, for the whole path.
pub(crate) const fn cookie_name(app: App) -> &'static str {
    match app {
        App::Staff => "__Host-countersign_staff",
        App::Portal => "__Host-countersign_portal",
    }
}

/// Somebody who shows a session. Whether it is one turns out when the transaction begins.
pub(crate) struct Caller {
    state: State,
    app: App,
    token: Token,
    now: DateTime<Utc>,
    request_id: Uuid,
    operation: String,
    path: String,
    idempotency_key: Option<String>,
    background: bool,
}

/// The header of a request that a page makes by itself: it does not keep the session alive.
const BACKGROUND: &str = "x-countersign-background";

/// What an operation works with inside its transaction.
pub(crate) struct Desk<'a> {
    /// The transaction.
    pub(crate) tx: &'a mut Tx,
    /// Who is asking.
    pub(crate) actor: &'a Actor,
    /// The session behind it.
    pub(crate) session: &'a Resolved,
}

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl Caller {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let state = state(request)?;
        let host = client::host(request);
        let of = |url: &url::Url| authority(url) == host;
        let apps: &[App] = if of(&state.origins.staff) {
            &[App::Staff]
        } else if of(&state.origins.portal) {
            &[App::Portal]
        } else {
            &[App::Staff, App::Portal]
        };
        let shown = apps.iter().find_map(|app| {
            let cookie = request.cookie(cookie_name(*app))?;
            Some((*app, Token::parse(cookie.value())?))
        });
        let Some((app, token)) = shown else {
            return Err(Problem::new(ProblemType::SessionRequired));
        };
        let idempotency_key = IdempotencyKey::of(request)?;
        Ok(Self {
            now: state.clock.now().trunc_subsecs(6),
            app,
            token,
            request_id: request_id(request),
            // Looking for the pattern again costs as much as routing did, so only whoever needs it does.
            operation: idempotency_key.as_ref().map_or_else(String::new, |_| {
                let template = request.match_pattern().unwrap_or_default();
                format!("{} {template}", request.method())
            }),
            path: request.uri().path().to_owned(),
            background: request
                .headers()
                .get(BACKGROUND)
                .is_some_and(|value| value.as_bytes() == b"1"),
            idempotency_key,
            state,
        })
    }

    /// The moment of the request.
    pub(crate) const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// A fresh id, ordered by time.
    pub(crate) fn fresh_id(&self) -> Uuid {
        fresh_id(self.now)
    }

    /// Lets the mail of this request wait, so that it can be undone, where that was asked for.
    pub(crate) fn hold(&self, tx: &mut Tx, undoable: bool) {
        if undoable && self.state.undo > TimeDelta::zero() {
            tx.queue_from(self.now + self.state.undo);
        }
    }

    /// Seals and opens cursors.
    pub(crate) const fn cursors(&self) -> &Cursors {
        &self.state.cursors
    }

    /// The same caller at this moment, for an answer that goes on by itself: it does not keep the session alive.
    pub(crate) fn later(self) -> Self {
        Self {
            now: self.state.clock.now().trunc_subsecs(6),
            background: true,
            ..self
        }
    }

    /// Whether this process is about to end, so that answers that go on by themselves should.
    pub(crate) fn server_is_leaving(&self) -> bool {
        self.state.leaving.load(Ordering::Relaxed)
    }

    /// The app the session belongs to.
    pub(crate) const fn app(&self) -> App {
        self.app
    }

    /// The session's secret, for ending it.
    pub(crate) const fn token(&self) -> &Token {
        &self.token
    }

    /// One request, one transaction: resolves the session, then works; commits on `Ok`.
    pub(crate) async fn transaction<T>(
        &self,
        work: impl AsyncFnOnce(Desk<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        sessions::transaction(&self.state.db, self.shown(), async |tx, found| {
            work(self.desk(tx, found.as_ref())?).await
        })
        .await
    }

    /// As [`Self::transaction`], for work that only reads: the database refuses to write. It may be done twice, and sets
    /// out before it is certain whose session it is; what it brings is handed out only if it was the right one's.
    pub(crate) async fn read<T>(
        &self,
        work: impl AsyncFn(Desk<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        sessions::read(
            &self.state.db,
            self.shown(),
            &self.state.remembered,
            async |tx, found| work(self.desk(tx, found)?).await,
        )
        .await
    }

    /// As [`Self::read`], for what one statement can tell, in half the time. `None` when that did not come about, for
    /// whichever reason: then [`Self::read`] finds out.
    pub(crate) async fn at_once<T>(
        &self,
        ask: impl AsyncFnOnce(Door<'_>, &Actor) -> Result<Option<T>, Problem>,
    ) -> Result<Option<T>, Problem> {
        let State { db, remembered, .. } = &self.state;
        sessions::at_once(db, self.shown(), remembered, async |door, found| {
            if is_suspended(&found.actor) {
                return Ok(None);
            }
            ask(door, &found.actor).await
        })
        .await
    }

    const fn shown(&self) -> Shown<'_> {
        Shown {
            app: self.app,
            token: &self.token,
            now: self.now,
            used: !self.background,
        }
    }

    fn desk<'a>(&self, tx: &'a mut Tx, found: Option<&'a Resolved>) -> Result<Desk<'a>, Problem> {
        tx.serve(self.request_id);
        let Some(session) = found else {
            return Err(Problem::new(ProblemType::SessionRequired));
        };
        if is_suspended(&session.actor) {
            return Err(Problem::suspended());
        }
        Ok(Desk {
            tx,
            actor: &session.actor,
            session,
        })
    }

    /// As [`Self::transaction`], once per `Idempotency-Key`: a repeated request gets the first one's reply. A record
    /// with a version has it as its ETag.
    pub(crate) async fn once<B: Serialize, T: Serialize>(
        &self,
        status: StatusCode,
        body: &B,
        work: impl AsyncFnOnce(Desk<'_>) -> Result<T, Problem>,
    ) -> Result<HttpResponse, Problem> {
        let Some(key) = &self.idempotency_key else {
            let reply = self.transaction(work).await?;
            return Ok(written(
                status,
                serde_json::to_value(&reply).map_err(Problem::internal)?,
            ));
        };
        let mut hash = Sha256::new();
        hash.update(&self.path);
        hash.update([0]);
        hash.update(serde_json::to_vec(body).map_err(Problem::internal)?);
        let sha256 = hash.finalize();
        self.transaction(async |desk| {
            let principal = desk.actor.by().id.unwrap_or_default();
            let request = Request {
                principal,
                operation: &self.operation,
                key,
                sha256: sha256.as_slice(),
            };
            match idempotency::begin(desk.tx, &request, self.now).await? {
                Known::Fresh => {}
                Known::OtherRequest => return Err(Problem::new(ProblemType::IdempotencyKeyReused)),
                Known::InFlight => return Err(Problem::new(ProblemType::RequestInFlight).retry_after(1)),
                Known::Done { status, body } => {
                    let status = StatusCode::from_u16(status).map_err(Problem::internal)?;
                    let mut reply = written(status, body.unwrap_or_default());
                    reply.headers_mut().insert(
                        HeaderName::from_static("idempotency-replayed"),
                        HeaderValue::from_static("true"),
                    );
                    return Ok(reply);
                }
            }
            let Desk { tx, actor, session } = desk;
            let reply = work(Desk { tx, actor, session }).await?;
            let value = serde_json::to_value(&reply).map_err(Problem::internal)?;
            idempotency::finish(tx, &request, status.as_u16(), Some(&value)).await?;
            Ok(written(status, value))
        })
        .await
    }
}

const fn is_suspended(actor: &Actor) -> bool {
    match actor {
        Actor::Staff(staff) => matches!(staff.state, AccountState::Suspended),
        Actor::Portal(portal) => matches!(portal.state, AccountState::Suspended),
        Actor::System { .. } => false,
    }
}

/// A reply that can be given again: status and body, and the version of the record in it.
fn written(status: StatusCode, value: Value) -> HttpResponse {
    let mut reply = HttpResponse::build(status);
    if let Some(version) = value.get("version").and_then(Value::as_i64) {
        reply.insert_header((header::ETAG, format!("\"{version}\"")));
    }
    match status {
        StatusCode::NO_CONTENT => reply.finish(),
        _ => reply.json(value),
    }
}

/// Somebody not known yet: may sign in, redeem a link, see an agency's public face.
pub(crate) struct Stranger {
    state: State,
    now: DateTime<Utc>,
    request_id: Uuid,
    address: Option<IpAddr>,
}

impl FromRequest for Stranger {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(state(request).map(|state| Self {
            now: state.clock.now().trunc_subsecs(6),
            request_id: request_id(request),
            address: client::address(request, &state.trusted),
            state,
        }))
    }
}

impl Stranger {
    /// The moment of the request.
    pub(crate) const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// A fresh id, ordered by time.
    pub(crate) fn fresh_id(&self) -> Uuid {
        fresh_id(self.now)
    }

    /// Hashes and verifies passwords.
    pub(crate) const fn hasher(&self) -> &Hasher {
        &self.state.hasher
    }

    /// Makes devices known, and recognizes them.
    pub(crate) const fn devices(&self) -> &Devices {
        &self.state.devices
    }

    /// The key that reports of the mail relay are signed with.
    pub(crate) fn mail_events_key(&self) -> Option<&[u8]> {
        self.state.mail_events.as_deref()
    }

    /// The mail that a signed report names, and whose it is.
    pub(crate) async fn mail(&self, named: MailId) -> Result<Option<(AgencyId, MailRef)>, Problem> {
        Ok(reports::find(&self.state.db, named).await?)
    }

    /// Where it comes from, for counting attempts.
    pub(crate) fn network(&self) -> String {
        client::network(self.address)
    }

    /// The agency of a slug.
    pub(crate) async fn agency(&self, slug: &str) -> Result<AgencyId, Problem> {
        let slug = Slug::parse(slug).map_err(|_| Problem::new(ProblemType::NotFound))?;
        Ok(agencies::id_of(&self.state.db, &slug).await?)
    }

    /// A transaction in an agency, for the functions of [`sessions`] and the agency's public face.
    pub(crate) async fn transaction<T>(
        &self,
        agency: AgencyId,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        self.state
            .db
            .transaction(agency, async |tx| {
                tx.serve(self.request_id);
                work(tx).await
            })
            .await
    }
}

fn request_id(request: &HttpRequest) -> Uuid {
    request
        .extensions()
        .get::<RequestId>()
        .map_or(Uuid::nil(), |id| Uuid::from(*id))
}

fn fresh_id(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(
        NoContext,
        seconds,
        now.timestamp_subsec_nanos(),
    ))
}

/// Host and port of an origin as a `Host` header has them.
pub(crate) fn authority(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
