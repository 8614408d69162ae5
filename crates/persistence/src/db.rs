//! The pool, and the only place where BEGIN and COMMIT happen.
//!
//! Invariant: a transaction belongs to one agency; the setting that row-level security reads is made in
//! the same round trip as BEGIN, before any other statement can run.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use countersign_domain::ids::AgencyId;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};
use futures::{FutureExt as _, TryFutureExt as _};
use url::Url;
use uuid::Uuid;

use crate::Error;

/// Inserts rows by one statement, with what follows the values where something does.
///
/// A single row goes by a statement of its own, which is prepared once; the one for many is read anew each time.
macro_rules! insert {
    ($tx:expr, $table:expr, $rows:expr $(, $($more:tt)+)?) => {
        match <[_; 1]>::try_from($rows) {
            Ok([row]) => {
                let statement = diesel::insert_into($table).values(row)$($($more)+)?;
                statement.execute(&mut $tx.connection()?).await?
            }
            Err(rows) => {
                let statement = diesel::insert_into($table).values(rows)$($($more)+)?;
                statement.execute(&mut $tx.connection()?).await?
            }
        }
    };
}
pub(crate) use insert;

/// As whom the process speaks to the database. Neither role owns anything nor bypasses row-level security.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The API server.
    App,
    /// The worker.
    Worker,
}

impl Role {
    const fn name(self) -> &'static str {
        match self {
            Self::App => "countersign_app",
            Self::Worker => "countersign_worker",
        }
    }
}

/// A pool of connections in one role.
#[derive(Clone)]
pub struct Db {
    pool: Pool<AsyncPgConnection>,
    url: String,
    size: usize,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db")
            .field("pool", &self.pool.status())
            .finish_non_exhaustive()
    }
}

impl Db {
    /// Makes a pool of at most `size` connections; connects on first use.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the address is not one of a Postgres database.
    pub fn new(url: &str, role: Role, size: usize) -> Result<Self, Error> {
        Self::with_options(url, Some(role), size)
    }

    /// As [`Self::new`]; without a role the login's own is kept, which only the owner's work does.
    pub(crate) fn with_options(url: &str, role: Option<Role>, size: usize) -> Result<Self, Error> {
        let url = match role {
            Some(role) => in_role(url, role)?,
            None => url.to_owned(),
        };
        Self::pooled(url, size)
    }

    fn pooled(url: String, size: usize) -> Result<Self, Error> {
        // No ping before each use: a connection that ended is seen without asking, and BEGIN finds out the rest.
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(url.clone(), config);
        let pool = Pool::builder(manager)
            .max_size(size)
            .wait_timeout(Some(Duration::from_secs(5)))
            .create_timeout(Some(Duration::from_secs(5)))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        Ok(Self { pool, url, size })
    }

    /// A pool of its own with an equal share of the connections, at least one, for one of so many threads.
    ///
    /// A connection is driven by the runtime in which it was made. One that is used from another thread has both
    /// woken for each answer, which costs more than a small statement does.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn share(&self, threads: usize) -> Result<Self, Error> {
        Self::pooled(self.url.clone(), self.size.div_ceil(threads.max(1)).max(1))
    }

    /// The address with the role in it, for a listener of its own.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn connection(&self) -> Result<Object<AsyncPgConnection>, Error> {
        let asked = Instant::now();
        let given = self.pool.get().await;
        let outcome = if given.is_ok() { "given" } else { "refused" };
        metrics::histogram!("db_client_connection_wait_time_seconds", "outcome" => outcome)
            .record(asked.elapsed().as_secs_f64());
        given.map_err(|error| Error::Unavailable(error.to_string()))
    }

    /// Runs `work` in one transaction of one agency: commits on `Ok`, rolls back on `Err`.
    ///
    /// # Errors
    /// Whatever `work` returns, and [`Error`] when the transaction cannot be begun or committed.
    pub async fn transaction<T, E: From<Error>>(
        &self,
        agency: AgencyId,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.transaction_with(agency, Access::Write, &Nothing, async |tx, ()| work(tx).await)
            .await
    }

    /// As [`Self::transaction`], with a question that travels together with BEGIN, so that it costs no round trip of
    /// its own.
    pub(crate) async fn transaction_with<Q: Question, T, E: From<Error>>(
        &self,
        agency: AgencyId,
        access: Access,
        question: &Q,
        work: impl AsyncFnOnce(&mut Tx, Q::Answer) -> Result<T, E>,
    ) -> Result<T, E> {
        let (mut tx, answer) = self.begin(agency, access, question).await?;
        match work(&mut tx, answer).await {
            Ok(value) => {
                tx.end("COMMIT").await?;
                Ok(value)
            }
            Err(error) => {
                tx.roll_back().await;
                Err(error)
            }
        }
    }

    /// Reads ahead: `work` begins with `guess` for the question's answer, in the same round trip as BEGIN and the
    /// question. What it brings counts only if the answer, which is read in the very same transaction, is the guess;
    /// otherwise it is thrown away, and everything is done again in order.
    ///
    /// `work` cannot write meanwhile: the database refuses.
    ///
    /// # Errors
    /// Whatever `work` returns, and [`Error`] when the transaction cannot be begun or committed.
    pub(crate) async fn read_ahead<Q: Question, T, E: From<Error>>(
        &self,
        agency: AgencyId,
        question: &Q,
        guess: &Q::Answer,
        work: impl AsyncFn(&mut Tx, &Q::Answer) -> Result<T, E>,
    ) -> Result<T, E>
    where
        Q::Answer: PartialEq,
    {
        let mut tx = Tx::new(self.connection().await?, agency);
        let open = open(tx.held()?, agency, Access::Read, question);
        // Polled in this order, and therefore sent in this order.
        let (answer, read) = futures::join!(open, work(&mut tx, guess));
        match answer {
            Ok(answer) if answer == *guess => match read {
                Ok(value) => {
                    tx.leave();
                    Ok(value)
                }
                Err(error) => {
                    tx.roll_back().await;
                    Err(error)
                }
            },
            // Another answer, or none because the connection had ended.
            _ => {
                tx.roll_back().await;
                self.transaction_with(agency, Access::Read, question, async |tx, answer| {
                    work(tx, &answer).await
                })
                .await
            }
        }
    }

    /// Lends a connection for one statement, which Postgres carries out as a transaction of its own. It is for
    /// [`crate::admission`], whose statement names the agency itself.
    pub(crate) async fn alone<T, E: From<Error>>(
        &self,
        work: impl AsyncFnOnce(&AsyncPgConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        let held = Held(Some(self.connection().await?));
        let outcome = work(held.connection()?).await;
        held.give_back();
        outcome
    }

    /// Begins, with another connection where the first one turns out to have ended: nothing was done on it yet.
    async fn begin<Q: Question>(
        &self,
        agency: AgencyId,
        access: Access,
        question: &Q,
    ) -> Result<(Tx, Q::Answer), Error> {
        match Tx::begin(self.connection().await?, agency, access, question).await {
            Err(Error::Unavailable(reason)) => {
                tracing::warn!(%reason, "a connection had ended; beginning anew on another");
                Tx::begin(self.connection().await?, agency, access, question).await
            }
            begun => begun,
        }
    }

    /// Runs statements that belong to no agency: the definer functions, heartbeats, health.
    pub(crate) async fn outside<T>(
        &self,
        work: impl AsyncFnOnce(&mut AsyncPgConnection) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut connection = self.connection().await?;
        work(&mut connection).await
    }

    /// Whether the database answers within 250 ms.
    pub async fn answers(&self) -> bool {
        let ask =
            self.outside(async |connection| connection.batch_execute("SELECT 1").await.map_err(Error::from));
        matches!(
            tokio::time::timeout(Duration::from_millis(250), ask).await,
            Ok(Ok(()))
        )
    }
}

fn in_role(url: &str, role: Role) -> Result<String, Error> {
    let mut url =
        Url::parse(url).map_err(|error| Error::Unavailable(format!("database address: {error}")))?;
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != "options")
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    let options = format!(
        "-c role={} -c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000",
        role.name()
    );
    url.set_query(None);
    // Postgres reads %20 as a blank here, but not +, which is what a form encoder would write.
    let pairs: Vec<String> = kept
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .chain([format!(
            "options={}",
            options.replace(' ', "%20").replace('=', "%3D")
        )])
        .collect();
    url.set_query(Some(&pairs.join("&")));
    Ok(url.into())
}

/// What a transaction may do. The database holds it to that.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    /// It reads.
    Read,
    /// It reads and writes.
    Write,
}

/// What is asked in the same round trip as BEGIN. It may only read: it is asked again where the connection turns
/// out to have ended.
pub(crate) trait Question: Sync {
    /// What comes back.
    type Answer: Send;

    /// Asks, within the transaction that has been begun.
    fn ask(&self, connection: &AsyncPgConnection)
    -> impl Future<Output = Result<Self::Answer, Error>> + Send;
}

/// No question.
struct Nothing;

impl Question for Nothing {
    type Answer = ();

    async fn ask(&self, _: &AsyncPgConnection) -> Result<(), Error> {
        Ok(())
    }
}

/// Opens a transaction of one agency, and asks in the same round trip.
async fn open<Q: Question>(
    held: Arc<Held>,
    agency: AgencyId,
    access: Access,
    question: &Q,
) -> Result<Q::Answer, Error> {
    // A UUID prints as hexadecimal digits and hyphens, so it cannot leave the quotes.
    // SET is carried out as it is read; a SELECT of set_config would be planned each time.
    let begin = match access {
        Access::Read => "BEGIN READ ONLY",
        Access::Write => "BEGIN",
    };
    let begin = format!("{begin}; SET LOCAL app.agency_id = '{agency}'");
    let mut connection = held.connection()?;
    let asked = question.ask(connection);
    // Polled in this order, and therefore sent in this order: Postgres has begun and knows the agency before it
    // reads the question.
    let begun = connection.batch_execute(&begin).map_err(Error::from);
    let ((), answer) = futures::try_join!(begun, asked)?;
    Ok(answer)
}

/// A connection with a transaction on it. Dropped in the middle (a cancelled request, a panic), it is closed, not
/// pooled, and Postgres rolls back.
struct Held(Option<Object<AsyncPgConnection>>);

impl Held {
    fn connection(&self) -> Result<&AsyncPgConnection, Error> {
        self.0
            .as_deref()
            .ok_or_else(|| Error::Broken("a transaction was used after its end".to_owned()))
    }

    /// Gives the connection back to the pool: there is nothing to undo.
    fn give_back(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(Object::take(connection));
        }
    }
}

/// A transaction of one agency; exists only inside [`Db::transaction`].
pub struct Tx {
    held: Option<Arc<Held>>,
    agency: AgencyId,
    request: Option<Uuid>,
    earliest: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx")
            .field("agency", &self.agency)
            .finish_non_exhaustive()
    }
}

impl Tx {
    fn new(connection: Object<AsyncPgConnection>, agency: AgencyId) -> Self {
        Self {
            held: Some(Arc::new(Held(Some(connection)))),
            agency,
            request: None,
            earliest: None,
        }
    }

    async fn begin<Q: Question>(
        connection: Object<AsyncPgConnection>,
        agency: AgencyId,
        access: Access,
        question: &Q,
    ) -> Result<(Self, Q::Answer), Error> {
        let tx = Self::new(connection, agency);
        let answer = open(tx.held()?, agency, access, question).await?;
        Ok((tx, answer))
    }

    fn held(&self) -> Result<Arc<Held>, Error> {
        self.held
            .clone()
            .ok_or_else(|| Error::Broken("a transaction was used after its end".to_owned()))
    }

    async fn end(&mut self, statement: &'static str) -> Result<(), Error> {
        let mut connection = self.connection()?;
        connection.batch_execute(statement).await?;
        self.give_back();
        Ok(())
    }

    /// The caller's error matters more than a failed rollback, which closes the connection anyway.
    async fn roll_back(mut self) {
        if let Err(rollback) = self.end("ROLLBACK").await {
            tracing::warn!(%rollback, "rolling back failed; the connection is closed");
        }
    }

    /// From here on it only reads. Sent before whatever is asked next, and not waited for by itself.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub(crate) fn only_read(&self) -> impl Future<Output = Result<(), Error>> + use<> {
        let held = self.held();
        async move {
            let held = held?;
            let mut connection = held.connection()?;
            Ok(connection
                .batch_execute("SET LOCAL transaction_read_only = on")
                .await?)
        }
    }

    /// Ends a transaction that only read, without waiting to hear so: whoever gets the connection next is served
    /// after it.
    fn leave(mut self) {
        let sent = self.connection().is_ok_and(|mut connection| {
            let commit = connection.batch_execute("COMMIT").now_or_never();
            !matches!(commit, Some(Err(_)))
        });
        if sent {
            self.give_back();
        }
    }

    fn give_back(&mut self) {
        // Whatever else held it has ended by now; otherwise the connection is closed, which is slow and not wrong.
        if let Some(held) = self.held.take().and_then(Arc::into_inner) {
            held.give_back();
        }
    }

    /// The agency of this transaction.
    #[must_use]
    pub const fn agency(&self) -> AgencyId {
        self.agency
    }

    /// Notes which request this transaction serves, for the audit trail.
    pub const fn serve(&mut self, request: Uuid) {
        self.request = Some(request);
    }

    /// Says that no job of this transaction is due before `moment`, whatever day its record bears: for records
    /// that are written with a date in the past.
    pub const fn queue_from(&mut self, moment: DateTime<Utc>) {
        self.earliest = Some(moment);
    }

    pub(crate) const fn earliest(&self) -> Option<DateTime<Utc>> {
        self.earliest
    }

    pub(crate) const fn request(&self) -> Option<Uuid> {
        self.request
    }

    /// Statements that are polled together travel together.
    pub(crate) fn connection(&self) -> Result<&AsyncPgConnection, Error> {
        match &self.held {
            Some(held) => held.connection(),
            None => Err(Error::Broken("a transaction was used after its end".to_owned())),
        }
    }
}

/// One connection of its own, for the owner's work (migrations, bootstrap).
pub(crate) async fn owner_connection(url: &str) -> Result<AsyncPgConnection, Error> {
    AsyncPgConnection::establish(url)
        .await
        .map_err(|error| Error::Unavailable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use countersign_domain::testing::AGENCY;
    use diesel::QueryableByName;
    use diesel::sql_types::{Nullable, Text};
    use diesel_async::RunQueryDsl as _;

    use super::*;
    use crate::testing::TestDb;

    #[derive(QueryableByName)]
    struct Told {
        #[diesel(sql_type = Nullable<Text>)]
        told: Option<String>,
    }

    const SETTING: &str = "SELECT current_setting('app.agency_id', true) AS told";
    const ROLE: &str = "SELECT current_user::text AS told";
    const BACKEND: &str = "SELECT pg_backend_pid()::text AS told";

    async fn ask(mut connection: &AsyncPgConnection, question: &str) -> Result<Option<String>, Error> {
        let told: Told = diesel::sql_query(question).get_result(&mut connection).await?;
        Ok(told.told)
    }

    /// A pool whose one connection is the one that every transaction gets.
    fn one_connection(db: &TestDb) -> Db {
        Db::new(&db.login_url(), Role::App, 1).unwrap()
    }

    async fn outside(db: &Db, question: &'static str) -> Option<String> {
        db.outside(async |connection| ask(connection, question).await)
            .await
            .unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_transaction_knows_its_agency_and_the_next_user_of_the_connection_does_not() {
        let database = TestDb::new();
        let db = one_connection(&database);
        let backend = outside(&db, BACKEND).await;
        for commit in [true, false] {
            let inside = db
                .transaction(AGENCY, async |tx| {
                    assert_eq!(tx.agency(), AGENCY);
                    let inside = ask(tx.connection()?, SETTING).await?;
                    assert_eq!(inside, Some(AGENCY.to_string()));
                    if commit { Ok(()) } else { Err(Error::NotFound) }
                })
                .await;
            assert_eq!(inside.is_ok(), commit);
            // The setting reads as an empty text now, not as null: policies must take both for "no agency".
            assert_eq!(outside(&db, SETTING).await.as_deref(), Some(""));
            assert_eq!(
                outside(&db, BACKEND).await,
                backend,
                "the connection is used again"
            );
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_statement_that_names_its_agency_leaves_nothing_of_it_behind() {
        let database = TestDb::new();
        let db = one_connection(&database);
        let backend = outside(&db, BACKEND).await;
        let admitted = "SELECT admit('00000000-0000-7000-8000-000000000001', '', 'staff', '', now(), now())::text \
                        || ' in ' || current_setting('app.agency_id') AS told";
        let inside = db
            .alone(async |connection| ask(connection, admitted).await)
            .await
            .unwrap();
        assert_eq!(
            inside.as_deref(),
            Some("false in 00000000-0000-7000-8000-000000000001")
        );
        assert_eq!(outside(&db, SETTING).await.as_deref(), Some(""));
        assert_eq!(
            outside(&db, BACKEND).await,
            backend,
            "the connection is used again"
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_transaction_that_is_dropped_in_the_middle_takes_its_connection_along() {
        let database = TestDb::new();
        let db = one_connection(&database);
        let backend = outside(&db, BACKEND).await;
        let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
        let other = db.clone();
        let request = tokio::spawn(async move {
            other
                .transaction(AGENCY, async |tx| {
                    ask(tx.connection()?, "SELECT 'begun' AS told").await?;
                    begun.send(()).unwrap();
                    std::future::pending::<Result<(), Error>>().await
                })
                .await
        });
        has_begun.await.unwrap();
        request.abort();
        assert!(request.await.unwrap_err().is_cancelled());
        assert_ne!(
            outside(&db, BACKEND).await,
            backend,
            "the connection was closed, not given back"
        );
        assert_eq!(outside(&db, SETTING).await, None);
    }

    /// A question with one answer.
    struct Say(&'static str);

    impl Question for Say {
        type Answer = Option<String>;

        async fn ask(&self, connection: &AsyncPgConnection) -> Result<Option<String>, Error> {
            super::tests::ask(connection, self.0).await
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_was_read_ahead_counts_if_the_guess_was_right_and_is_read_anew_if_not() {
        let database = TestDb::new();
        let db = one_connection(&database);
        let backend = outside(&db, BACKEND).await;
        let right = Some("right".to_owned());
        for (guess, times) in [("right", 1), ("wrong", 2)] {
            let read = std::sync::atomic::AtomicUsize::new(0);
            let told = db
                .read_ahead(
                    AGENCY,
                    &Say("SELECT 'right' AS told"),
                    &Some(guess.to_owned()),
                    async |tx, answer| {
                        read.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        let inside = ask(tx.connection()?, SETTING).await?;
                        Ok::<_, Error>((answer.clone(), inside))
                    },
                )
                .await
                .unwrap();
            assert_eq!(told, (right.clone(), Some(AGENCY.to_string())));
            assert_eq!(read.into_inner(), times, "{guess}");
            // The connection is there for the next one, who knows nothing of the agency.
            assert_eq!(outside(&db, SETTING).await.as_deref(), Some(""));
            assert_eq!(outside(&db, BACKEND).await, backend);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_fails_under_a_wrong_guess_fails_nobody() {
        let database = TestDb::new();
        let db = one_connection(&database);
        let told = db
            .read_ahead(
                AGENCY,
                &Say("SELECT 'right' AS told"),
                &Some("wrong".to_owned()),
                async |tx, answer| {
                    let question = match answer.as_deref() {
                        Some("right") => "SELECT 'read' AS told",
                        _ => "SELECT 1/0 || '' AS told",
                    };
                    ask(tx.connection()?, question).await
                },
            )
            .await;
        assert_eq!(told.unwrap().as_deref(), Some("read"));
        let write = "UPDATE agencies SET name = name RETURNING name AS told";
        let written = db
            .read_ahead(
                AGENCY,
                &Say("SELECT 'right' AS told"),
                &Some("right".to_owned()),
                async |tx, _| ask(tx.connection()?, write).await,
            )
            .await;
        assert!(matches!(written, Err(Error::Broken(reason)) if reason.contains("read-only")));
        assert!(db.answers().await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_connection_that_ended_delays_what_is_read_ahead_and_fails_nothing() {
        let database = TestDb::new();
        let db = one_connection(&database);
        let backend = outside(&db, BACKEND).await.unwrap();
        database.as_owner(&format!("SELECT pg_terminate_backend({backend})"));
        let told = db
            .read_ahead(
                AGENCY,
                &Say("SELECT 'right' AS told"),
                &Some("right".to_owned()),
                async |tx, _| ask(tx.connection()?, SETTING).await,
            )
            .await;
        assert_eq!(told.unwrap(), Some(AGENCY.to_string()));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_statement_that_fails_does_not_spoil_the_connection_for_the_next_user() {
        let database = TestDb::new();
        let db = one_connection(&database);
        let failed = db
            .transaction(AGENCY, async |tx| {
                ask(tx.connection()?, "SELECT 1/0 || '' AS told").await
            })
            .await;
        assert!(matches!(failed, Err(Error::Broken(reason)) if reason.contains("division by zero")));
        assert_eq!(outside(&db, ROLE).await.as_deref(), Some("countersign_app"));
        assert!(db.answers().await);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn waiting_too_long_for_somebody_else_is_no_fault_of_the_request() {
        let database = TestDb::new();
        let (first, second) = (one_connection(&database), one_connection(&database));
        let waited = first
            .transaction(AGENCY, async |tx| {
                ask(tx.connection()?, "SELECT pg_advisory_xact_lock(7)::text AS told").await?;
                second
                    .transaction(AGENCY, async |tx| {
                        ask(
                            tx.connection()?,
                            "SELECT set_config('lock_timeout', '10ms', true) AS told",
                        )
                        .await?;
                        ask(tx.connection()?, "SELECT pg_advisory_xact_lock(7)::text AS told").await
                    })
                    .await
            })
            .await;
        assert!(matches!(waited, Err(Error::Unavailable(_))), "{waited:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn each_role_is_what_it_says_and_waits_for_nothing_without_end() {
        let database = TestDb::new();
        for (role, name) in [
            (Role::App, "countersign_app"),
            (Role::Worker, "countersign_worker"),
        ] {
            let db = Db::new(&database.login_url(), role, 1).unwrap();
            assert_eq!(outside(&db, ROLE).await.as_deref(), Some(name));
            for question in [
                "SELECT setting AS told FROM pg_settings WHERE name = 'statement_timeout'",
                "SELECT setting AS told FROM pg_settings WHERE name = 'lock_timeout'",
                "SELECT setting AS told FROM pg_settings WHERE name = 'idle_in_transaction_session_timeout'",
            ] {
                assert_ne!(outside(&db, question).await.as_deref(), Some("0"), "{question}");
            }
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_pool_without_a_database_is_unavailable_and_says_so() {
        let db = Db::new("postgres://nobody@127.0.0.1:1/nothing", Role::App, 1).unwrap();
        assert!(!db.answers().await);
        let refused = db.transaction(AGENCY, async |_| Ok::<_, Error>(())).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))));
        assert!(matches!(
            Db::new("not an address", Role::App, 1),
            Err(Error::Unavailable(_))
        ));
    }

    #[test]
    fn an_address_keeps_its_parameters_and_gets_the_role() {
        let url = in_role(
            "postgres://a:b@h/d?sslmode=disable&options=-c%20role%3Downer",
            Role::Worker,
        )
        .unwrap();
        assert!(
            url.starts_with("postgres://a:b@h/d?sslmode=disable&options=-c%20role%3Dcountersign_worker%20")
        );
        assert!(!url.contains("owner") && !url.contains('+'));
    }
}
