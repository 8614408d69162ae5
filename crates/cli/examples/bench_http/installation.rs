//! The product as it is deployed: migrated database, login of the server, and the server as a process.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use tokio_postgres::{Client, NoTls};
use url::Url;
use uuid::Uuid;

use crate::{CONNECTIONS, Result};

/// What is measured on, and the statements that make it.
pub(crate) struct Stock {
    pub(crate) database: &'static str,
    pub(crate) rows: &'static str,
}

/// The book of business of 208 agencies.
pub(crate) const BOOK: Stock = Stock {
    database: "countersign_bench",
    rows: include_str!("book.sql"),
};

/// Under this name until every row is there, so that a round that broke off leaves nothing half made behind.
const UNFINISHED: &str = "countersign_bench_unfinished";
/// How many of the agencies, by slug, have the million certificates; the others are for sending.
pub(crate) const READING: usize = 200;

/// Signed in a moment ago, as the product stores it. The secret is known by the agency's id.
const SESSIONS: &str = "
    INSERT INTO sessions (agency_id, token_hash, app, staff_user_id, created_at, last_seen_at, expires_at)
    SELECT id, sha256(uuid_send(id) || uuid_send(id)), 'staff', id, now(), now(), now() + interval '12 hours'
    FROM agencies
    ON CONFLICT (agency_id, token_hash) DO UPDATE
    SET last_seen_at = excluded.last_seen_at, expires_at = excluded.expires_at";

/// An agency with its administrator's session.
pub(crate) struct Agency {
    pub(crate) id: String,
    /// The first of its insureds; its master has the same id.
    pub(crate) insured: String,
    /// The first of its holders.
    pub(crate) holder: String,
    pub(crate) cookie: String,
}

/// The database and what is needed to serve it.
pub(crate) struct Installation {
    binary: PathBuf,
    owner: Url,
}

/// A process that ends with this value.
pub(crate) struct Running {
    child: Child,
    pub(crate) port: u16,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _killed = self.child.kill();
        let _waited = self.child.wait();
    }
}

impl Installation {
    /// Finds the database of an earlier round, or makes it.
    pub(crate) async fn make_or_find(binary: &Path, cluster: &Url, stock: &Stock) -> Result<Self> {
        let home = connect(cluster).await?;
        let known = "SELECT FROM pg_database WHERE datname = $1";
        let installation = Self {
            binary: binary.to_owned(),
            owner: at(cluster, stock.database),
        };
        if home.query_opt(known, &[&stock.database]).await?.is_some() {
            return Ok(installation);
        }
        home.batch_execute(&format!("DROP DATABASE IF EXISTS {UNFINISHED} WITH (FORCE)"))
            .await?;
        home.batch_execute(&format!("CREATE DATABASE {UNFINISHED}"))
            .await?;
        let unfinished = Self {
            binary: installation.binary.clone(),
            owner: at(cluster, UNFINISHED),
        };
        unfinished.migrate()?;
        let owner = unfinished.client().await?;
        let statements = [include_str!("aside.sql"), stock.rows, include_str!("back.sql")];
        owner.batch_execute(&statements.concat()).await?;
        owner.batch_execute("VACUUM (ANALYZE)").await?;
        drop(owner);
        // The connection ends a moment after its client.
        let others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND usename = current_user";
        home.query(others, &[&UNFINISHED]).await?;
        home.batch_execute(&format!(
            "ALTER DATABASE {UNFINISHED} RENAME TO {}",
            stock.database
        ))
        .await?;
        Ok(installation)
    }

    fn migrate(&self) -> Result<()> {
        let output = self.command(0, 0)?.arg("migrate").output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into());
        }
        Ok(())
    }

    /// A connection of the owner, which is bound by nothing here.
    pub(crate) async fn client(&self) -> Result<Client> {
        connect(&self.owner).await
    }

    pub(crate) fn owner_url(&self) -> &str {
        self.owner.as_str()
    }

    /// Signs every agency's administrator in, and tells the agencies in the order of their slugs.
    pub(crate) async fn open_sessions(&self) -> Result<Vec<Agency>> {
        let owner = self.client().await?;
        owner.batch_execute(SESSIONS).await?;
        let question = "
            SELECT a.id::text,
                   (SELECT id FROM insureds WHERE agency_id = a.id ORDER BY id LIMIT 1)::text,
                   (SELECT id FROM holders WHERE agency_id = a.id ORDER BY id LIMIT 1)::text
            FROM agencies a ORDER BY slug";
        let rows = owner.query(question, &[]).await?;
        rows.iter()
            .map(|row| {
                let id: String = row.try_get(0)?;
                let uuid: Uuid = id.parse()?;
                let token = BASE64_URL_SAFE_NO_PAD.encode(uuid.as_bytes().repeat(3));
                Ok(Agency {
                    id,
                    insured: row.try_get(1)?,
                    holder: row.try_get(2)?,
                    cookie: format!("__Host-countersign_staff={token}"),
                })
            })
            .collect()
    }

    /// Starts the server and waits until it listens.
    pub(crate) fn serve(&self) -> Result<Running> {
        let port = free_port()?;
        Running::start(port, self.command(port, free_port()?)?.arg("serve"), "listening")
    }

    /// Starts a worker that hands mail to a relay on this port, and waits until it works.
    pub(crate) fn work(&self, relay: u16) -> Result<Running> {
        let mut command = self.command(0, free_port()?)?;
        command.arg("work").envs([
            ("COUNTERSIGN_SMTP_HOST", "127.0.0.1".to_owned()),
            ("COUNTERSIGN_SMTP_PORT", relay.to_string()),
            ("COUNTERSIGN_SMTP_TLS", "none".to_owned()),
            ("COUNTERSIGN_MAIL_FROM", "desk@example.com".to_owned()),
        ]);
        Running::start(0, &mut command, "working")
    }

    /// The binary with nothing of our own surroundings, set as its defaults are but for the connections.
    fn command(&self, port: u16, metrics: u16) -> Result<Command> {
        let mut login = self.owner.clone();
        let named = login.set_username("countersign_bench_login");
        let closed = login.set_password(Some("only-for-benches"));
        if named.is_err() || closed.is_err() {
            return Err("the owner's address takes no name".into());
        }
        let origin = |app: &str| format!("http://{app}.localhost:{port}");
        let mut command = Command::new(&self.binary);
        command.env_clear().stdin(Stdio::null()).envs([
            ("COUNTERSIGN_OWNER_DATABASE_URL", self.owner.to_string()),
            ("COUNTERSIGN_DATABASE_URL", login.to_string()),
            (
                "COUNTERSIGN_SECRET_KEY",
                "b25seSBmb3IgYmVuY2hlcyBvZiB0aGUgcHJvZHVjdCE=".to_owned(),
            ),
            ("COUNTERSIGN_BIND", format!("127.0.0.1:{port}")),
            ("COUNTERSIGN_METRICS_BIND", format!("127.0.0.1:{metrics}")),
            ("COUNTERSIGN_STAFF_ORIGIN", origin("staff")),
            ("COUNTERSIGN_PORTAL_ORIGIN", origin("portal")),
            ("COUNTERSIGN_API_ORIGIN", origin("api")),
            ("COUNTERSIGN_DATABASE_CONNECTIONS", CONNECTIONS.to_string()),
        ]);
        Ok(command)
    }
}

impl Running {
    /// Starts a program that was told this port, and waits until it says this word.
    pub(crate) fn start(port: u16, program: &mut Command, ready: &str) -> Result<Self> {
        let mut child = program
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let said = child.stderr.take();
        let running = Self { child, port };
        until(said, ready)?;
        Ok(running)
    }

    /// The head of a request by a browser of the staff app, up to its last header.
    pub(crate) fn head(&self, method: &str, path: &str, agency: &Agency) -> String {
        let (port, cookie) = (self.port, &agency.cookie);
        format!(
            "{method} {path} HTTP/1.1\r\nhost: staff.localhost:{port}\r\nx-countersign: 1\r\ncookie: {cookie}\r\n"
        )
    }

    /// Resident memory in megabytes.
    pub(crate) fn memory(&self) -> Result<f64> {
        let id = self.child.id().to_string();
        let output = Command::new("ps").args(["-o", "rss=", "-p", &id]).output()?;
        let kibibytes: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
        Ok(kibibytes * 1024.0 / 1_000_000.0)
    }
}

/// Waits until a process has said a word, and reads on, or it would stop at a full pipe.
fn until(said: Option<ChildStderr>, word: &str) -> Result<()> {
    let mut lines = BufReader::new(said.ok_or("a process without a log")?);
    let mut read = String::new();
    while !read.contains(word) {
        if lines.read_line(&mut read)? == 0 {
            return Err(format!("a process ended before it was ready: {read}").into());
        }
    }
    std::thread::spawn(move || {
        let mut passed_over = [0; 8192];
        while lines.read(&mut passed_over).is_ok_and(|read| read > 0) {}
    });
    Ok(())
}

pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn at(cluster: &Url, database: &str) -> Url {
    let mut url = cluster.clone();
    url.set_path(database);
    url
}

async fn connect(url: &Url) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url.as_str(), NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
