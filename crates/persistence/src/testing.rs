//! A database per test: copied from a template that is migrated once per set of migrations.
//!
//! Tests speak to it in the roles of the product, so row-level security acts in them as it does in production.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot have its database must stop right here"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the test runner says by environment where the cluster is"
)]

use std::future::Future;

use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use url::Url;
use uuid::Uuid;

use crate::db::{Db, Role, owner_connection};
use crate::migrate;

/// The environment variable with the owner's address on the cluster for tests.
pub const OWNER_URL: &str = "COUNTERSIGN_TEST_OWNER_URL";

const LOGIN: &str = "countersign_test_login";
const PASSWORD: &str = "only-for-tests";
const PREFIX: &str = "countersign_test_";

/// A database of one test; dropped with the value.
#[derive(Debug)]
pub struct TestDb {
    name: String,
    cluster: Url,
}

/// Runs async work from anywhere, also from inside another runtime.
fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime for preparing the database");
        runtime.block_on(work)
    })
    .join()
    .expect("preparing the database must not panic")
}

fn cluster() -> Url {
    let text = std::env::var(OWNER_URL).unwrap_or_else(|_| {
        panic!("{OWNER_URL} is not set; run the tests through `cargo xtask test`, which starts a cluster")
    });
    Url::parse(&text).expect("the owner's address is an URL")
}

fn at(cluster: &Url, database: &str) -> Url {
    let mut url = cluster.clone();
    url.set_path(database);
    url
}

impl TestDb {
    /// Copies the template; makes it first if it is not there.
    #[must_use]
    pub fn new() -> Self {
        let cluster = cluster();
        let name = format!("{PREFIX}{}", Uuid::now_v7().simple());
        let made = name.clone();
        let home = cluster.clone();
        apart(async move {
            let version = migrate::newest_version().expect("embedded migrations");
            let template = format!("countersign_template_{}", fingerprint(&version));
            let mut connection = owner_connection(home.as_str())
                .await
                .expect("the cluster answers");
            // One process prepares the template, the others wait for it; copying needs the lock as well,
            // because a template in use cannot be copied.
            connection
                .batch_execute("SELECT pg_advisory_lock(7046029254386353)")
                .await
                .expect("lock");
            let exists = format!(
                "DO $block$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = '{template}') \
                 THEN RAISE EXCEPTION 'absent'; END IF; END $block$"
            );
            if connection.batch_execute(&exists).await.is_err() {
                let draft = format!("{template}_draft");
                connection
                    .batch_execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"))
                    .await
                    .expect("drop a half-made template");
                connection
                    .batch_execute(&format!("CREATE DATABASE {draft}"))
                    .await
                    .expect("create");
                let url = at(&home, &draft);
                migrate::run(url.as_str()).await.expect("migrations run");
                let mut login = url.clone();
                login.set_username(LOGIN).expect("username");
                login.set_password(Some(PASSWORD)).expect("password");
                migrate::provision_login(url.as_str(), login.as_str())
                    .await
                    .expect("login");
                connection
                    .batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {template}"))
                    .await
                    .expect("rename");
            }
            connection
                .batch_execute(&membership())
                .await
                .expect("the owner may end the login's connections");
            for leftover in leftovers(&mut connection).await {
                // Another process may be sweeping as well; what neither takes away, the next one does.
                let _swept = connection
                    .batch_execute(&format!("DROP DATABASE IF EXISTS {leftover} WITH (FORCE)"))
                    .await;
            }
            connection
                .batch_execute(&format!("CREATE DATABASE {made} TEMPLATE {template}"))
                .await
                .expect("copy the template");
            connection
                .batch_execute("SELECT pg_advisory_unlock(7046029254386353)")
                .await
                .expect("unlock");
        });
        Self { name, cluster }
    }

    /// The address with the login of server and worker.
    #[must_use]
    pub fn login_url(&self) -> String {
        let mut url = at(&self.cluster, &self.name);
        url.set_username(LOGIN).expect("username");
        url.set_password(Some(PASSWORD)).expect("password");
        url.into()
    }

    /// The address with the owner's login.
    #[must_use]
    pub fn owner_url(&self) -> String {
        at(&self.cluster, &self.name).into()
    }

    /// A pool as the server has it.
    #[must_use]
    pub fn app(&self) -> Db {
        Db::new(&self.login_url(), Role::App, 8).expect("a pool")
    }

    /// A pool as the worker has it.
    #[must_use]
    pub fn worker(&self) -> Db {
        Db::new(&self.login_url(), Role::Worker, 8).expect("a pool")
    }

    /// Runs a statement as the owner; for setting up what no operation can.
    pub fn as_owner(&self, sql: &str) {
        let url = self.owner_url();
        let sql = sql.to_owned();
        apart(async move {
            let mut connection = owner_connection(&url).await.expect("the database answers");
            connection.batch_execute(&sql).await.expect("the statement runs");
        });
    }
}

impl Default for TestDb {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let name = self.name.clone();
        let home = self.cluster.clone();
        apart(async move {
            if let Ok(mut connection) = owner_connection(home.as_str()).await {
                // A database that stays behind costs disk on a throw-away cluster, not correctness.
                let _dropped = connection
                    .batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                    .await;
            }
        });
    }
}

/// Lets the owner end what the login has left open, which dropping a database by force needs.
fn membership() -> String {
    format!(
        "DO $block$ BEGIN IF NOT pg_has_role(current_user, '{LOGIN}', 'USAGE') \
         THEN EXECUTE format('GRANT {LOGIN} TO %I', current_user); END IF; END $block$"
    )
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = diesel::sql_types::Text)]
    datname: String,
}

/// Databases of tests that ended without cleaning up. A name carries its time, and no test takes an hour.
async fn leftovers(connection: &mut AsyncPgConnection) -> Vec<String> {
    let all: Vec<Name> = diesel::sql_query(format!(
        "SELECT datname::text AS datname FROM pg_database WHERE datname LIKE '{}%'",
        PREFIX.replace('_', "\\_")
    ))
    .load(connection)
    .await
    .expect("the list of databases");
    let hour_ago = seconds(Uuid::now_v7()).map(|now| now.saturating_sub(3_600));
    all.into_iter()
        .map(|row| row.datname)
        .filter(|name| {
            let made = name
                .strip_prefix(PREFIX)
                .and_then(|id| id.parse().ok())
                .and_then(seconds);
            made.is_some() && made < hour_ago
        })
        // A few at a time: the test that happens to sweep waits for it.
        .take(8)
        .collect()
}

fn seconds(id: Uuid) -> Option<u64> {
    id.get_timestamp().map(|timestamp| timestamp.to_unix().0)
}

/// A short name for a set of migrations: a hash of their files, so that an edited one makes a new template.
fn fingerprint(version: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the migrations are there")
        .map(|entry| entry.expect("a folder").path().join("up.sql"))
        .collect();
    files.sort();
    let mut hash = Sha256::new();
    hash.update(version);
    for file in files {
        hash.update(std::fs::read(file).expect("a migration"));
    }
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
