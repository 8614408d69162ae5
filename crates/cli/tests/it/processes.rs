//! The real binary, as processes of their own: configuration, start, work, the end in good order, and the end
//! without any.
//!
//! Nothing here waits for a time: tests wait for what a process says, for what a relay was told, or for what
//! stands in the database, each with a deadline that only a failure reaches.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use countersign_persistence::testing::TestDb;
use serde_json::{Value, json};
use tokio_postgres::NoTls;
use url::Url;

const DEADLINE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "plum-harbor-violin-dusk";

static DATABASES: AtomicU16 = AtomicU16::new(0);

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// What the relay was told, and how many messages it may accept for now.
#[derive(Debug, Default)]
struct Ledger {
    /// The Message-ID of every message that was taken, in order.
    taken: Vec<String>,
    /// Messages that were handed over and wait for their answer.
    waiting: usize,
    /// Nothing is accepted beyond this many.
    gate: usize,
}

/// A relay that takes everything, as soon as the test lets it.
#[derive(Clone, Debug)]
struct Relay {
    port: u16,
    ledger: Arc<(Mutex<Ledger>, Condvar)>,
}

impl Relay {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let ledger = Arc::new((
            Mutex::new(Ledger {
                gate: usize::MAX,
                ..Ledger::default()
            }),
            Condvar::new(),
        ));
        let relay = Self { port, ledger };
        let answering = relay.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let relay = answering.clone();
                // A connection that breaks off is the client's business.
                std::thread::spawn(move || drop(relay.converse(&stream)));
            }
        });
        relay
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn converse(&self, stream: &TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream);
        let mut writer = stream;
        writer.write_all(b"220 relay.example.com ready\r\n")?;
        let mut line = String::new();
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let reply: &[u8] = match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
                "EHLO" => b"250-relay.example.com\r\n250 8BITMIME\r\n",
                "DATA" => {
                    writer.write_all(b"354 go on\r\n")?;
                    let identity = Self::message(&mut reader)?;
                    self.take(identity);
                    b"250 taken\r\n"
                }
                "QUIT" => return writer.write_all(b"221 bye\r\n"),
                _ => b"250 well\r\n",
            };
            writer.write_all(reply)?;
        }
    }

    /// Reads up to the final dot.
    fn message(reader: &mut BufReader<&TcpStream>) -> std::io::Result<String> {
        let mut identity = String::new();
        let mut line = Vec::new();
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            if line == b".\r\n" {
                return Ok(identity);
            }
            let text = String::from_utf8_lossy(&line);
            if identity.is_empty()
                && let Some(rest) = text.strip_prefix("Message-ID:")
            {
                identity = rest.trim().to_owned();
            }
        }
    }

    /// Waits at the gate, then takes the message.
    fn take(&self, identity: String) {
        let mut ledger = self.ledger();
        ledger.waiting += 1;
        self.ledger.1.notify_all();
        while ledger.taken.len() >= ledger.gate {
            ledger = self.ledger.1.wait(ledger).unwrap_or_else(PoisonError::into_inner);
        }
        ledger.waiting -= 1;
        ledger.taken.push(identity);
        self.ledger.1.notify_all();
    }

    /// Lets so many messages pass in all.
    fn open(&self, gate: usize) {
        self.ledger().gate = gate;
        self.ledger.1.notify_all();
    }

    /// Waits until the ledger is as wanted.
    fn until(&self, what: &str, wanted: impl Fn(&Ledger) -> bool) {
        let end = Instant::now() + DEADLINE;
        let mut ledger = self.ledger();
        while !wanted(&ledger) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "{what} did not happen: {} taken, {} waiting",
                ledger.taken.len(),
                ledger.waiting
            );
            ledger = self
                .ledger
                .1
                .wait_timeout(ledger, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

/// A process that ends with the test.
#[derive(Debug)]
struct Running {
    child: Child,
    log: std::thread::JoinHandle<String>,
}

impl Running {
    /// Starts and waits until the process says what it says when it is ready.
    fn start(mut command: Command, ready: &str) -> Self {
        let mut child = command
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(child.stderr.take().expect("its log"));
        let mut read = String::new();
        while !read.contains(ready) {
            let before = read.len();
            lines.read_line(&mut read).expect("a line of the log");
            assert!(
                read.len() > before,
                "the process ended before it was ready:\n{read}"
            );
        }
        // Read to the end, or the process would stop at a full pipe.
        let log = std::thread::spawn(move || {
            let _ended = lines.read_to_string(&mut read);
            read
        });
        Self { child, log }
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    /// Waits for the end, and tells the whole log.
    fn end(mut self) -> (ExitStatus, String) {
        let status = wait(&mut self.child);
        (
            status,
            std::mem::replace(&mut self.log, std::thread::spawn(String::new))
                .join()
                .unwrap_or_default(),
        )
    }
}

/// Waits for a child with a deadline: a process that hangs is killed and fails the test.
fn wait(child: &mut Child) -> ExitStatus {
    let end = Instant::now() + DEADLINE;
    loop {
        if let Some(status) = child.try_wait().expect("the child can be asked") {
            return status;
        }
        if Instant::now() > end {
            let _killed = child.kill();
            panic!("the process did not end");
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _waited = self.child.wait();
    }
}

/// An installation on a database of its own, empty until it is migrated.
struct Installation {
    name: String,
    relay: Relay,
    port: u16,
    metrics: u16,
    cluster: TestDb,
}

impl Installation {
    fn new() -> Self {
        let cluster = TestDb::new();
        let number = DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("countersign_process_{}_{number}", std::process::id());
        cluster.as_owner(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        cluster.as_owner(&format!("CREATE DATABASE {name}"));
        Self {
            name,
            relay: Relay::start(),
            port: free_port(),
            metrics: free_port(),
            cluster,
        }
    }

    fn database(&self, url: &str) -> String {
        let mut url = Url::parse(url).expect("an address");
        url.set_path(&self.name);
        url.into()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = countersign(arguments);
        let origin = |app: &str| format!("http://{app}.localhost:{}", self.port);
        command.envs([
            (
                "COUNTERSIGN_OWNER_DATABASE_URL",
                self.database(&self.cluster.owner_url()),
            ),
            (
                "COUNTERSIGN_DATABASE_URL",
                self.database(&self.cluster.login_url()),
            ),
            (
                "COUNTERSIGN_SECRET_KEY",
                "Y291bnRlcnNpZ24gdGVzdHMgb25seSAzMiBieXRlcyE=".to_owned(),
            ),
            ("COUNTERSIGN_BIND", format!("127.0.0.1:{}", self.port)),
            ("COUNTERSIGN_METRICS_BIND", format!("127.0.0.1:{}", self.metrics)),
            ("COUNTERSIGN_STAFF_ORIGIN", origin("staff")),
            ("COUNTERSIGN_PORTAL_ORIGIN", origin("portal")),
            ("COUNTERSIGN_API_ORIGIN", origin("api")),
            ("COUNTERSIGN_SMTP_HOST", "127.0.0.1".to_owned()),
            ("COUNTERSIGN_SMTP_PORT", self.relay.port.to_string()),
            ("COUNTERSIGN_SMTP_TLS", "none".to_owned()),
            (
                "COUNTERSIGN_MAIL_FROM",
                "Countersign <mail@countersign.example.com>".to_owned(),
            ),
            ("COUNTERSIGN_WORKER_CONCURRENCY", "4".to_owned()),
            ("COUNTERSIGN_THREADS", "2".to_owned()),
            ("COUNTERSIGN_DRAIN_SECONDS", "0".to_owned()),
        ]);
        command
    }

    /// Runs a command to its end and tells what it printed.
    fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut command = self.command(arguments);
        let (status, out, err) = output(&mut command, input);
        assert!(status.success(), "{arguments:?}: {out}{err}");
        out
    }

    fn bootstrap(&self, with_password: bool) -> String {
        let mut arguments = vec![
            "bootstrap",
            "--slug",
            "summit-ridge",
            "--name",
            "Summit Ridge Insurance",
            "--zone",
            "America/Los_Angeles",
            "--admin-first-name",
            "Avery",
            "--admin-last-name",
            "Collins",
            "--admin-username",
            "avery.collins",
            "--admin-email",
            "avery@summit-ridge.example.com",
        ];
        if with_password {
            arguments.push("--password-stdin");
        }
        self.run(&arguments, &format!("{PASSWORD}\n"))
    }

    fn serve(&self, with_worker: bool) -> Running {
        let arguments: &[&str] = if with_worker {
            &["serve", "--with-worker"]
        } else {
            &["serve"]
        };
        Running::start(self.command(arguments), "listening")
    }

    /// A further server of the same installation, and its port.
    fn serve_beside(&self) -> (Running, u16) {
        let port = free_port();
        let mut command = self.command(&["serve"]);
        command.envs([
            ("COUNTERSIGN_BIND", format!("127.0.0.1:{port}")),
            ("COUNTERSIGN_METRICS_BIND", format!("127.0.0.1:{}", free_port())),
        ]);
        (Running::start(command, "listening"), port)
    }

    fn work(&self) -> Running {
        let mut command = self.command(&["work"]);
        command.env("COUNTERSIGN_METRICS_BIND", format!("127.0.0.1:{}", free_port()));
        Running::start(command, "working")
    }

    async fn owner(&self) -> tokio_postgres::Client {
        let url = self.database(&self.cluster.owner_url());
        let (client, connection) = tokio_postgres::connect(&url, NoTls)
            .await
            .expect("the database answers");
        tokio::spawn(connection);
        let enter = "SELECT set_config('app.agency_id', agency_id_of_slug('summit-ridge')::text, false)";
        client.batch_execute(enter).await.expect("the agency is there");
        client
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // Not by force: after a long test Postgres may be tidying the tables up, and its own process nobody may end
            // but the DROP itself.
            self.cluster.as_owner(&format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = '{}' AND backend_type = 'client backend'",
                self.name
            ));
            self.cluster
                .as_owner(&format!("DROP DATABASE IF EXISTS {}", self.name));
        }
    }
}

/// The binary with nothing of our own surroundings.
fn countersign(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.env_clear().args(arguments);
    command
}

fn output(command: &mut Command, input: &str) -> (ExitStatus, String, String) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // A command that reads nothing may have closed its end already.
    let _written = child.stdin.take().expect("its input").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("its output");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status, text(&output.stdout), text(&output.stderr))
}

/// One number out of the database.
async fn count(owner: &tokio_postgres::Client, question: &str) -> i64 {
    owner
        .query_one(question, &[])
        .await
        .expect("the question can be asked")
        .get(0)
}

/// Asks until the answer is as wanted.
async fn until(owner: &tokio_postgres::Client, question: &str, wanted: i64) {
    let end = Instant::now() + DEADLINE;
    let mut pace = tokio::time::interval(Duration::from_millis(20));
    loop {
        let found = count(owner, question).await;
        if found == wanted {
            return;
        }
        assert!(Instant::now() < end, "{question}: {found}, not {wanted}");
        pace.tick().await;
    }
}

/// A staff user over HTTP.
struct Person {
    http: reqwest::Client,
    port: u16,
    cookie: String,
}

impl Person {
    /// The same person with the same session before another server.
    fn at(&self, port: u16) -> Self {
        let (http, cookie) = (self.http.clone(), self.cookie.clone());
        Self { http, port, cookie }
    }

    async fn sign_in(port: u16) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut person = Self {
            http,
            port,
            cookie: String::new(),
        };
        let answer = person
            .ask("POST", "/v1/session", Some(sign_in("avery.collins", PASSWORD)))
            .await;
        assert_eq!(answer.status(), 200);
        let cookie = answer.headers()["set-cookie"].to_str().expect("a cookie");
        cookie
            .split(';')
            .next()
            .unwrap_or_default()
            .clone_into(&mut person.cookie);
        person
    }

    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> reqwest::Response {
        let method = method.parse().expect("a method");
        let mut request = self
            .http
            .request(method, format!("http://127.0.0.1:{}{path}", self.port))
            .header("host", format!("staff.localhost:{}", self.port))
            .header("x-countersign", "1")
            .header("cookie", &self.cookie);
        if let Some(body) = body {
            request = request.json(&body);
        }
        request.send().await.expect("an answer")
    }

    async fn json(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let answer = self.ask(method, path, body).await;
        let status = answer.status();
        let text = answer.text().await.expect("the whole answer");
        assert!(status.is_success(), "{method} {path}: {text}");
        serde_json::from_str(&text).expect("JSON")
    }
}

fn sign_in(username: &str, password: &str) -> Value {
    json!({ "agency": "summit-ridge", "app": "staff", "username": username, "password": password })
}

#[test]
fn every_fault_of_the_configuration_is_told_at_once() {
    let (status, out, err) = output(
        countersign(&["serve", "--with-worker"]).envs([
            ("COUNTERSIGN_BIND", "nowhere"),
            ("COUNTERSIGN_SECRET_KEY", "c2hvcnQgYnV0IHNlY3JldA=="),
            ("COUNTERSIGN_STAFF_ORIGIN", "http://staff.example.com"),
            ("COUNTERSIGN_API_ORIGIN", "https://api.example.com/path"),
            ("COUNTERSIGN_SMTP_USERNAME", "somebody"),
            ("COUNTERSIGN_SMTP_TLS", "perhaps"),
            ("COUNTERSIGN_MAIL_FROM", "nobody"),
            ("COUNTERSIGN_DATABASE_URL_FILE", "/nowhere/at/all"),
        ]),
        "",
    );
    assert_eq!(status.code(), Some(1), "{out}{err}");
    for name in [
        "BIND",
        "SECRET_KEY",
        "STAFF_ORIGIN",
        "PORTAL_ORIGIN is missing",
        "API_ORIGIN",
        "SMTP_HOST is missing",
        "SMTP_USERNAME",
        "SMTP_TLS",
        "MAIL_FROM",
        "DATABASE_URL_FILE",
    ] {
        assert!(
            err.contains(&format!("COUNTERSIGN_{name}")),
            "{name} is not told:\n{err}"
        );
    }
    assert!(!err.contains("c2hvcnQ"), "a secret was told:\n{err}");
}

#[test]
fn a_check_of_the_configuration_tells_sources_and_no_secrets() {
    let installation = Installation::new();
    let printed = installation.run(&["config-check"], "");
    assert!(printed.contains("COUNTERSIGN_SECRET_KEY"), "{printed}");
    for secret in ["Y291bnRlcnNpZ24", "only-for-tests"] {
        assert!(!printed.contains(secret), "{printed}");
    }
    let (status, _, err) = output(&mut countersign(&["config-check"]), "");
    assert!(!status.success());
    assert!(err.contains("COUNTERSIGN_DATABASE_URL is missing"), "{err}");
}

/// A small agency's one process: from an empty database to the administrator's invitation.
#[tokio::test]
async fn one_process_serves_and_works_and_ends_in_good_order() {
    let installation = Installation::new();
    let migrated = installation.run(&["migrate"], "");
    assert!(migrated.contains("migrations applied"), "{migrated}");
    assert!(installation.run(&["migrate"], "").contains("up to date"));
    installation.bootstrap(false);
    assert!(
        installation.bootstrap(false).contains("already"),
        "a second time changes nothing"
    );

    let server = installation.serve(true);
    installation
        .relay
        .until("the invitation", |ledger| ledger.taken.len() == 1);
    let owner = installation.owner().await;
    // Jobs of the import wait in reserve, in case the command had died.
    let left = "SELECT count(*) FROM jobs WHERE kind NOT IN ('check_import', 'apply_import')";
    until(&owner, left, 0).await;
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let ready = format!("http://127.0.0.1:{}/readyz", installation.port);
    // Told within 250 ms, which may be too short for a busy machine: a probe asks again.
    let end = Instant::now() + DEADLINE;
    let ready: Value = loop {
        let answer = http.get(&ready).send().await.expect("an answer");
        let told: Value = answer.json().await.expect("JSON");
        if !told["worker_age_seconds"].is_null() {
            break told;
        }
        assert!(Instant::now() < end, "{told}");
    };
    assert_eq!(
        (&ready["database"], &ready["schema"]),
        (&json!(true), &json!(true))
    );
    assert!(
        ready["worker_age_seconds"].as_i64().is_some_and(|age| age < 60),
        "{ready}"
    );
    let metrics = async |path: &str| {
        let address = format!("http://127.0.0.1:{}{path}", installation.metrics);
        http.get(address).send().await.expect("an answer")
    };
    for sign in ["/livez", "/readyz"] {
        assert_eq!(metrics(sign).await.status(), 200, "{sign}");
    }
    let told = metrics("/metrics").await.text().await.expect("the metrics");
    for name in [
        "http_server_request_duration_seconds",
        "db_client_connection_wait_time_seconds",
        "job_queue_depth",
        "job_queue_oldest_ready_seconds",
        "job_duration_seconds",
        "mail_send_duration_seconds",
        "deliveries",
    ] {
        assert!(
            told.lines()
                .any(|line| line.starts_with(&format!("# TYPE {name} "))),
            "{name} is not in:\n{told}"
        );
    }
    drop(http);

    server.signal("-TERM");
    let (status, log) = server.end();
    assert!(status.success(), "{status}: {log}");
    // Every line of the log is one JSON object.
    for line in log.lines() {
        assert!(
            serde_json::from_str::<Value>(line).is_ok_and(|line| line.is_object()),
            "{line}"
        );
    }
    let chain = installation.run(&["verify-audit", "--agency", "summit-ridge"], "");
    assert!(chain.contains("whole"), "{chain}");
}

/// A request that is being read when the process is asked to end is answered before it ends.
#[tokio::test]
async fn a_request_under_way_is_answered_before_the_server_ends() {
    let installation = Installation::new();
    installation.run(&["migrate"], "");
    installation.bootstrap(true);
    let server = installation.serve(false);
    let body = sign_in("avery.collins", PASSWORD).to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", installation.port)).expect("the server listens");
    stream.set_read_timeout(Some(DEADLINE)).expect("a deadline");
    let head = format!(
        "POST /v1/session HTTP/1.1\r\nhost: staff.localhost:{}\r\nx-countersign: 1\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        installation.port,
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("the head is sent");
    // The server's "go on" proves that the request is under way.
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).expect("the server goes on");
    assert!(
        go_on.starts_with(b"HTTP/1.1 100"),
        "{}",
        String::from_utf8_lossy(&go_on)
    );
    server.signal("-TERM");
    // It no longer listens once it was asked to end; only then is the rest sent.
    let end = Instant::now() + DEADLINE;
    while TcpStream::connect(("127.0.0.1", installation.port)).is_ok() {
        assert!(Instant::now() < end, "the server still listens");
    }
    stream.write_all(body.as_bytes()).expect("the body is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the answer");
    assert!(answer.contains("HTTP/1.1 200 OK"), "{answer}");
    let (status, log) = server.end();
    assert!(status.success(), "{status}: {log}");
    // One line tells of it, by its template.
    let told: Vec<_> = log.lines().filter(|line| line.contains("\"answered\"")).collect();
    assert_eq!(told.len(), 1, "{log}");
    assert!(
        told[0].contains("\"route\":\"/v1/session\"") && told[0].contains("\"status\":200"),
        "{told:?}"
    );
}

/// Who spreads requests over several servers is told first; until it has noticed, requests are taken as before.
/// Asked once more, the server waits no longer.
#[tokio::test]
async fn a_server_that_was_asked_to_end_is_not_ready_but_still_answers() {
    let installation = Installation::new();
    installation.run(&["migrate"], "");
    let mut command = installation.command(&["serve"]);
    command.env("COUNTERSIGN_DRAIN_SECONDS", "300");
    let server = Running::start(command, "listening");
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let ask = async |path: &str| {
        let address = format!("http://127.0.0.1:{}{path}", installation.port);
        http.get(address)
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    };
    let until = async |wanted: u16| {
        let end = Instant::now() + DEADLINE;
        while ask("/readyz").await != wanted {
            assert!(Instant::now() < end, "readiness never became {wanted}");
        }
    };
    until(200).await;
    server.signal("-INT");
    until(503).await;
    assert_eq!(ask("/livez").await, 200);
    server.signal("-TERM");
    let (status, log) = server.end();
    assert!(status.success(), "{status}: {log}");
    assert!(log.contains("no longer ready"), "{log}");
}

/// What is wrong with the worker beside a server is told before anybody is served, together with all other faults, and
/// by the command that only looks.
#[test]
fn a_worker_that_cannot_be_made_keeps_the_server_from_starting() {
    let installation = Installation::new();
    for arguments in [&["serve", "--with-worker"][..], &["config-check"][..]] {
        let mut command = installation.command(arguments);
        command.envs([
            ("COUNTERSIGN_SMTP_USERNAME", "user"),
            ("COUNTERSIGN_SMTP_PASSWORD", "secret"),
            ("COUNTERSIGN_SECRET_KEY", "x"),
        ]);
        let (status, out, log) = output(&mut command, "");
        let said = out + &log;
        assert!(!status.success(), "{arguments:?}");
        for fault in ["COUNTERSIGN_SMTP_TLS", "COUNTERSIGN_SECRET_KEY"] {
            assert!(said.contains(fault), "{arguments:?}: {fault} in {said}");
        }
        assert!(!said.contains("listening"), "{said}");
    }
}

/// Trying a name that nobody has costs as many hashes as trying a wrong password, so it takes as long; and
/// so does an account that is closed.
#[tokio::test]
async fn an_unknown_name_costs_as_many_hashes_as_a_wrong_password() {
    let installation = Installation::new();
    installation.run(&["migrate"], "");
    installation.bootstrap(true);
    let _server = installation.serve(false);
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let hashes = async || -> u64 {
        let metrics = format!("http://127.0.0.1:{}/metrics", installation.metrics);
        let text = http
            .get(metrics)
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("the metrics");
        let line = text
            .lines()
            .find(|line| line.starts_with("countersign_argon2_total "));
        line.and_then(|line| line.rsplit(' ').next())
            .map_or(0, |number| number.parse().expect("a number"))
    };
    let person = Person {
        http: http.clone(),
        port: installation.port,
        cookie: String::new(),
    };
    let mut costs = Vec::new();
    for username in ["avery.collins", "nobody"] {
        let before = hashes().await;
        let answer = person
            .ask(
                "POST",
                "/v1/session",
                Some(sign_in(username, "not the right password")),
            )
            .await;
        assert_eq!(answer.status(), 401, "{username}");
        costs.push(hashes().await - before);
    }
    assert_eq!(costs, [1, 1]);
}

fn demo() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("demo")
}

/// What a person at the command line is told, where the rows that were left out are, and what a script sees.
#[test]
fn an_import_says_what_it_wrote_and_keeps_what_it_left_out() {
    let installation = Installation::new();
    installation.run(&["migrate"], "");
    installation.bootstrap(true);
    let home = tempfile::tempdir().expect("a folder");
    let book = home.path().join("book");
    std::fs::create_dir(&book).expect("a folder");
    let import = |options: &[&str]| {
        let arguments = [
            &[
                "import",
                book.to_str().expect("a readable path"),
                "--agency",
                "summit-ridge",
            ],
            options,
        ];
        let (status, out, err) = output(&mut installation.command(&arguments.concat()), "");
        (status.code(), format!("{out}{err}"))
    };
    let write = |states: &[&str]| {
        let mut text = "customer_id,name,address_line1,city,state,postal_code\n".to_owned();
        for (n, state) in states.iter().enumerate() {
            text.push_str(&format!(
                "C-{n},Customer {n} LLC,{n} Main Street,Reno,{state},89501\n"
            ));
        }
        std::fs::write(book.join("insureds.csv"), text).expect("the file is written");
    };

    write(&["Nevada"; 250]);
    let (code, said) = import(&[]);
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("250 faults: nothing was written. No row is good: correct the files."),
        "{said}"
    );
    assert!(!said.contains("--take-good-rows"), "{said}");
    let list = home.path().join("rejected").join("faults.txt");
    assert!(
        said.contains("and 50 more in ") && said.contains("faults.txt"),
        "{said}"
    );
    assert_eq!(
        std::fs::read_to_string(list).expect("the faults").lines().count(),
        250
    );

    write(&["NV", "Nevada", "NV"]);
    let (code, said) = import(&[]);
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("use --take-good-rows to write the 2 good rows and leave out 1 row."),
        "{said}"
    );
    let kept = home.path().join("elsewhere");
    let named = [
        "--take-good-rows",
        "--rejected",
        kept.to_str().expect("a readable path"),
    ];
    let (code, said) = import(&named);
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("Written: 2 insureds. Left out: 1 row."), "{said}");
    let rows = std::fs::read_to_string(kept.join("rejected-insureds.csv")).expect("the rows");
    assert_eq!(rows.lines().count(), 2);
    let (code, said) = import(&named);
    assert_eq!(
        code,
        Some(1),
        "what somebody may be correcting is not written over: {said}"
    );

    write(&["NV"; 3]);
    let (code, said) = import(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Written: 1 insured. Unchanged: 2 rows."), "{said}");
    let (code, said) = import(&[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Nothing to write"), "{said}");
}

/// A2.02, A2.13: two servers fill one queue, on which two workers work; one of these is killed in the middle of 200
/// sendings. None is lost, and what may have arrived twice says so and carries the same identity.
#[tokio::test]
async fn no_mail_is_lost_when_a_worker_is_killed() {
    let installation = Installation::new();
    installation.run(&["migrate"], "");
    installation.bootstrap(true);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a readable path");
    installation.run(
        &["demo-folder", demo().to_str().expect("a readable path"), path],
        "",
    );
    let imported = installation.run(&["import", path, "--agency", "summit-ridge"], "");
    assert!(imported.contains("Written: 62 insureds"), "{imported}");
    installation.run(&["demo-data", "--agency", "summit-ridge"], "");
    let server = installation.serve(false);
    let (_other_server, other_port) = installation.serve_beside();
    let person = Person::sign_in(installation.port).await;
    // One session, whichever server it comes to.
    let elsewhere = person.at(other_port);
    let owner = installation.owner().await;
    // Jobs of the import wait in reserve, in case the command had died.
    let mail = "SELECT count(*) FROM jobs WHERE kind NOT IN ('check_import', 'apply_import')";
    let queued = count(&owner, mail).await;
    assert!(
        (1..200).contains(&queued),
        "{queued} jobs after the demo's making"
    );
    // The rest are copies of one certificate: each a delivery of its own.
    let insureds = person.json("GET", "/v1/certificates?limit=200", None).await;
    let certificate = insureds["data"][0]["id"]
        .as_str()
        .expect("a certificate")
        .to_owned();
    for number in queued..200 {
        let path = format!("/v1/certificates/{certificate}/deliveries");
        let sender = if number % 2 == 0 { &person } else { &elsewhere };
        sender
            .json("POST", &path, Some(json!({ "kind": "exact_copy" })))
            .await;
    }
    let deliveries = count(&owner, "SELECT count(*) FROM deliveries").await;

    installation.relay.open(60);
    let (first, second) = (installation.work(), installation.work());
    // Both have their hands full, and the relay keeps them waiting: now one dies.
    installation.relay.until("the middle", |ledger| {
        ledger.taken.len() == 60 && ledger.waiting == 8
    });
    first.signal("-KILL");
    let held = format!(
        "SELECT count(*) FROM jobs WHERE state = 'running' AND claimed_by LIKE '{}-%'",
        first.child.id()
    );
    let (status, _) = first.end();
    assert!(!status.success());
    assert_eq!(count(&owner, &held).await, 4);
    installation.relay.open(usize::MAX);
    until(&owner, &format!("{mail} AND state = 'queued'"), 0).await;
    // What the dead worker held is taken over when its lease runs out: a minute, which passes here.
    owner
        .batch_execute(&held.replace(
            "SELECT count(*) FROM jobs WHERE",
            "UPDATE jobs SET lease_until = now() - interval '1 second' WHERE",
        ))
        .await
        .expect("the minute passes");
    until(&owner, mail, 0).await;

    let accepted = count(&owner, "SELECT count(*) FROM deliveries WHERE state = 'accepted'").await;
    assert_eq!(accepted, deliveries, "a delivery was lost");
    let taken = installation.relay.ledger().taken.clone();
    let rows = owner
        .query("SELECT id::text, may_have_arrived_twice FROM deliveries", &[])
        .await
        .expect("deliveries");
    let mut twice = 0;
    for row in rows {
        let (id, told): (String, bool) = (row.get(0), row.get(1));
        let copies = taken.iter().filter(|identity| identity.contains(&id)).count();
        assert_eq!(copies, if told { 2 } else { 1 }, "{id} arrived {copies} times");
        twice += usize::from(told);
    }
    assert!((1..=4).contains(&twice), "{twice} arrived twice");

    // Asked to end, a worker finishes what it has in hand.
    installation.relay.open(taken.len());
    let path = format!("/v1/certificates/{certificate}/deliveries");
    person
        .json("POST", &path, Some(json!({ "kind": "exact_copy" })))
        .await;
    installation
        .relay
        .until("the last one", |ledger| ledger.waiting == 1);
    second.signal("-TERM");
    installation.relay.open(usize::MAX);
    let (status, log) = second.end();
    assert!(status.success(), "{status}: {log}");
    assert_eq!(count(&owner, mail).await, 0);
    assert_eq!(
        count(&owner, "SELECT count(*) FROM deliveries WHERE state = 'accepted'").await,
        deliveries + 1
    );
    let beats = count(&owner, "SELECT count(*) FROM worker_heartbeats").await;
    assert_eq!(
        beats, 1,
        "who ends in good order signs off; the killed one is still listed"
    );

    server.signal("-TERM");
    let (status, log) = server.end();
    assert!(status.success(), "{status}: {log}");
    let chain = installation.run(&["verify-audit", "--agency", "summit-ridge"], "");
    assert!(chain.contains("whole"), "{chain}");
}

/// How many batches are to survive: one in the suite, and more (200 before a release) where somebody asks for them with
/// `COUNTERSIGN_CRASH_ROUNDS`.
#[expect(
    clippy::disallowed_methods,
    reason = "the person at the keyboard says how long the test may take"
)]
fn crash_rounds() -> usize {
    std::env::var("COUNTERSIGN_CRASH_ROUNDS").map_or(1, |rounds| {
        rounds.parse().expect("COUNTERSIGN_CRASH_ROUNDS is a number")
    })
}

/// At which rows of a round's batch its two workers are killed: others in each round, all over the batch. A worker
/// writes fifty rows together, and dies when all is written but what became of that row.
fn moments(round: usize) -> [usize; 2] {
    let first = 37 * round % 90 + 1;
    [first, first + 23 * round % 60]
}

/// A2.28: the worker is killed twice in the middle of a batch, and the server too. Afterwards every row has exactly
/// one certificate and one delivery, no number is missing, and nobody got two mails without a word about it.
#[tokio::test]
async fn a_batch_loses_no_row_and_sends_none_twice_when_processes_are_killed() {
    const ROWS: usize = 150;
    let installation = Installation::new();
    installation.run(&["migrate"], "");
    installation.bootstrap(true);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("a readable path");
    installation.run(
        &["demo-folder", demo().to_str().expect("a readable path"), path],
        "",
    );
    installation.run(&["import", path, "--agency", "summit-ridge"], "");
    installation.run(&["demo-data", "--agency", "summit-ridge"], "");
    let server = installation.serve(false);
    let person = Person::sign_in(installation.port).await;
    let owner = installation.owner().await;

    let holders = person.json("GET", "/v1/holders?limit=200", None).await;
    let holders: Vec<Value> = holders["data"]
        .as_array()
        .expect("holders")
        .iter()
        .take(ROWS)
        .map(|holder| holder["id"].clone())
        .collect();
    assert_eq!(holders.len(), ROWS);
    let (insured, master) = sendable(&person, &holders).await;
    let rows: Vec<Value> = holders
        .iter()
        .enumerate()
        .map(|(n, id)| json!({ "holder_id": id, "to": [format!("holder-{n}@example.com")] }))
        .collect();
    let mut served = Some(server);
    for round in 0..crash_rounds() {
        let server = served.take().unwrap_or_else(|| installation.serve(false));
        let started = person
            .json(
                "POST",
                &format!("/v1/insureds/{insured}/batches"),
                Some(json!({ "master_id": master, "rows": rows })),
            )
            .await;
        let batch = started["id"].as_str().expect("a batch").to_owned();
        server.signal("-KILL");
        let (status, _) = server.end();
        assert!(!status.success());
        work_through_crashes(&installation, &owner, &batch, moments(round)).await;
        must_be_whole(&installation, &owner, &batch, ROWS as i64).await;
    }
    let chain = installation.run(&["verify-audit", "--agency", "summit-ridge"], "");
    assert!(chain.contains("whole"), "{chain}");
}

/// Runs a batch and its mail to the end, with workers that are killed at these rows.
async fn work_through_crashes(
    installation: &Installation,
    owner: &tokio_postgres::Client,
    batch: &str,
    moments: [usize; 2],
) {
    let mut other = installation.owner().await;
    let mut worker = installation.work();
    for ordinal in moments {
        // Whoever would write what became of the row waits here, with all that was written before it not yet committed.
        let held = other.transaction().await.expect("a transaction");
        let hold = format!(
            "SELECT FROM batch_rows WHERE batch_id = '{batch}' AND ordinal = {ordinal} AND state <> 'issued' FOR UPDATE"
        );
        let rows = held.query(&hold, &[]).await.expect("the row is held");
        assert_eq!(rows.len(), 1, "row {ordinal} was issued before the worker died");
        let waiting = "SELECT (count(*) > 0)::int::bigint FROM pg_locks WHERE NOT granted";
        until(owner, waiting, 1).await;
        worker.signal("-KILL");
        let (status, _) = worker.end();
        assert!(!status.success());
        held.rollback().await.expect("the row is let go");
        // What the dead worker held is taken over when its lease runs out: a minute, which passes here.
        owner
            .batch_execute(
                "UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'running'",
            )
            .await
            .expect("the minute passes");
        worker = installation.work();
    }
    until(
        owner,
        &format!("SELECT count(*) FROM batches WHERE id = '{batch}' AND state = 'finished'"),
        1,
    )
    .await;
    // Jobs of the import wait in reserve, in case the command had died.
    let left = "SELECT count(*) FROM jobs WHERE kind NOT IN ('check_import', 'apply_import')";
    until(owner, left, 0).await;
    worker.signal("-TERM");
    let (status, log) = worker.end();
    assert!(status.success(), "{status}: {log}");
}

/// Every row of a batch has one certificate, and that one delivery that was accepted.
async fn must_be_whole(installation: &Installation, owner: &tokio_postgres::Client, batch: &str, rows: i64) {
    let issued = format!("FROM batch_rows WHERE batch_id = '{batch}' AND state = 'issued'");
    let of_batch = format!("FROM certificates WHERE batch_id = '{batch}'");
    for question in [
        format!("SELECT count(*) {issued}"),
        format!("SELECT count(DISTINCT certificate_id) {issued}"),
        format!("SELECT count(*) {of_batch}"),
        format!("SELECT count(DISTINCT number) {of_batch}"),
        format!("SELECT count(DISTINCT holder_id) {of_batch}"),
        format!(
            "SELECT count(*) FROM deliveries WHERE state = 'accepted' AND certificate_id IN (SELECT id {of_batch})"
        ),
    ] {
        assert_eq!(count(owner, &question).await, rows, "{question}");
    }
    let gaps =
        "SELECT last_number - (SELECT count(DISTINCT number) FROM certificates) FROM certificate_counters";
    assert_eq!(count(owner, gaps).await, 0, "a number is missing");
    let taken = installation.relay.ledger().taken.clone();
    let sent = owner
        .query(
            &format!(
                "SELECT id::text, may_have_arrived_twice FROM deliveries WHERE certificate_id IN (SELECT id {of_batch})"
            ),
            &[],
        )
        .await
        .expect("deliveries");
    for row in sent {
        let (id, told): (String, bool) = (row.get(0), row.get(1));
        let copies = taken.iter().filter(|identity| identity.contains(&id)).count();
        // Killed between the relay's word and the note of it, a worker leaves it open whether the mail went out; a mail
        // that this befell more than once arrives more than twice. Either way it says so.
        assert!(copies == 1 || (copies > 1 && told), "{id} arrived {copies} times");
    }
}

/// An insured with a master from which every one of these holders could be sent to.
async fn sendable(person: &Person, holders: &[Value]) -> (String, String) {
    let insureds = person.json("GET", "/v1/insureds?limit=200", None).await;
    for insured in insureds["data"].as_array().expect("insureds") {
        let insured = insured["id"].as_str().expect("an id").to_owned();
        let masters = person
            .json("GET", &format!("/v1/insureds/{insured}/masters"), None)
            .await;
        for master in masters["data"].as_array().expect("masters") {
            let master = master["id"].as_str().expect("an id").to_owned();
            let body = json!({ "master_id": master, "holder_ids": holders });
            let path = format!("/v1/insureds/{insured}/batches/check");
            let looked = person.json("POST", &path, Some(body)).await;
            if looked["sendable"] == json!(holders.len()) {
                return (insured, master);
            }
        }
    }
    panic!("no master of the demo's is good for everybody");
}
