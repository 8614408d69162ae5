//! A real server and a real worker on a database of their own, under a clock that only the test moves.
//!
//! Invariant: a test ends with an empty queue and with every mail read, or it fails.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use chrono::{DateTime, TimeDelta, Utc};
use countersign_api::{Hashing, Origins, Peppers, State, hash_now, serve};
use countersign_domain::agency::Zone;
use countersign_domain::ids::{AgencyId, JobId, PasswordLinkId, StaffUserId};
use countersign_domain::testing as cast;
use countersign_domain::text::{PersonName, Slug, Username};
use countersign_persistence::migrate::{self, Bootstrap};
use countersign_persistence::testing::TestDb;
use countersign_worker::mail::captured::{Captured, CapturedMailer};
use countersign_worker::{Drained, Settings, Worker, drain};
use tokio_postgres::NoTls;
use url::Url;
use uuid::Uuid;

use super::browser::Browser;

/// The password of everybody in the cast.
pub(crate) const PASSWORD: &str = "plum harbor violin dusk";

/// Its hash, made once.
pub(crate) static PASSWORD_HASH: LazyLock<String> =
    LazyLock::new(|| hash_now(PASSWORD).expect("the password can be hashed"));

/// For how long a sending that is asked for so waits.
pub(crate) const UNDO: TimeDelta = TimeDelta::seconds(10);

/// What reports of the mail relay are signed with.
pub(crate) const RELAY_KEY: &[u8] = b"the relay and the server know it";

/// Time passes when the test says so, for server and worker alike.
#[derive(Debug)]
pub(crate) struct TestClock(Mutex<DateTime<Utc>>);

impl TestClock {
    fn moment(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl countersign_api::Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        self.moment()
    }
}

impl countersign_worker::Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        self.moment()
    }
}

/// A server in a thread of its own.
pub(crate) struct Server {
    port: u16,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    fn start(db: &TestDb, clock: Arc<TestClock>, proxies: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let pool = db.app();
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let hashing = Hashing {
                    at_a_time: 2,
                    peppers: Peppers::default(),
                };
                let state = State::new(pool, clock, origins(port), [7; 32], hashing)
                    .expect("the state of the server");
                let trusted = proxies.iter().map(|net| net.parse().expect("a network"));
                let state = state
                    .behind(trusted.collect())
                    .with_undo(UNDO)
                    .with_mail_events(Some(RELAY_KEY.to_vec()));
                let server = serve(state, listener, 1).expect("the server starts");
                tell.send(server.handle()).expect("the test waits for the handle");
                server.await.expect("the server ends well");
            });
        });
        let handle = told.recv().expect("the server tells its handle");
        Self {
            port,
            handle,
            thread: Some(thread),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The command is sent by the call; what it returns only tells when it was followed.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the server panicked");
        }
    }
}

fn origins(port: u16) -> Origins {
    let origin = |app: &str| Url::parse(&format!("http://{app}.localhost:{port}")).expect("an origin");
    Origins {
        staff: origin("staff"),
        portal: origin("portal"),
        api: origin("api"),
        staff_dir: None,
        portal_dir: None,
    }
}

/// An agency and everything that serves it.
pub(crate) struct App {
    /// The agency that a test is about: Summit Ridge Insurance.
    pub(crate) agency: AgencyId,
    /// Another agency in the same database.
    pub(crate) elsewhere: AgencyId,
    pub(crate) mailer: Arc<CapturedMailer>,
    pub(crate) clock: Arc<TestClock>,
    server: Server,
    worker: Worker,
    owner: tokio_postgres::Client,
    ids: AtomicU64,
    db: TestDb,
}

impl App {
    /// An agency with one administrator, and its neighbor with another.
    pub(crate) async fn start() -> Self {
        Self::start_behind(&[]).await
    }

    /// The same, whose server believes proxies in these networks.
    pub(crate) async fn start_behind(proxies: &'static [&'static str]) -> Self {
        let db = TestDb::new();
        let clock = Arc::new(TestClock(Mutex::new(cast::now())));
        let server = Server::start(&db, Arc::clone(&clock), proxies);
        let mailer = Arc::new(CapturedMailer::new());
        let Origins { staff, portal, .. } = origins(server.port);
        let worker = Worker::new(
            db.worker(),
            Arc::clone(&mailer) as Arc<_>,
            Arc::clone(&clock) as Arc<_>,
            Settings {
                name: "test".to_owned(),
                concurrency: 4,
                staff_origin: staff,
                portal_origin: portal,
                mail_from: cast::email("mail@countersign.example.com"),
            },
        );
        let (owner, connection) = tokio_postgres::connect(&db.owner_url(), NoTls)
            .await
            .expect("the database answers");
        tokio::spawn(connection);
        let app = Self {
            agency: cast::AGENCY,
            elsewhere: cast::OTHER_AGENCY,
            mailer,
            clock,
            server,
            worker,
            owner,
            ids: AtomicU64::new(0x1000),
            db,
        };
        app.found(cast::AGENCY, "summit-ridge", "Summit Ridge Insurance", "maren")
            .await;
        // The book is in Nevada, which the rules on file say nothing of: somebody has looked it up for the tests.
        app.sql(
            cast::AGENCY,
            "INSERT INTO state_rules (state, rule, severity, source) \
             VALUES ('NV', 'nothing_misleading', 'info', 'Looked up for the tests')",
        )
        .await;
        app.found(cast::OTHER_AGENCY, "harbor-light", "Harbor Light Agency", "dana")
            .await;
        app
    }

    async fn found(&self, agency: AgencyId, slug: &str, name: &str, administrator: &str) {
        let plan = Bootstrap {
            agency,
            slug: Slug::parse(slug).expect("a slug"),
            name: cast::text(name),
            zone: Zone::parse("America/Los_Angeles").expect("a zone"),
            admin: StaffUserId::from_uuid(self.id()),
            first_name: PersonName::parse("Maren").expect("a name"),
            last_name: PersonName::parse("Voss").expect("a name"),
            username: Username::parse(administrator).expect("a username"),
            email: cast::email(&format!("{administrator}@{slug}.example.com")),
            password_hash: Some(PASSWORD_HASH.clone()),
            administrators: self.id(),
            service_staff: self.id(),
            link: PasswordLinkId::from_uuid(self.id()),
            job: JobId::from_uuid(self.id()),
        };
        migrate::bootstrap(&self.db.owner_url(), &plan, self.now())
            .await
            .expect("the agency can be founded");
        self.sql(
            agency,
            &format!(
                "UPDATE agencies SET line1 = '410 Mill Street', city = 'Reno', state = 'NV', postal_code = '89501', \
                 phone = '(775) 555-0142', email = 'service@{slug}.example.com' WHERE id = '{agency}'"
            ),
        )
        .await;
    }

    /// An id that no other record of this test has.
    pub(crate) fn id(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.ids.fetch_add(1, Ordering::Relaxed)))
    }

    /// The moment at which everything happens.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.moment()
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, time: TimeDelta) {
        *self.clock.0.lock().unwrap_or_else(PoisonError::into_inner) += time;
    }

    /// The server's database in the role of the server.
    pub(crate) fn db(&self) -> countersign_persistence::Db {
        self.db.app()
    }

    /// Runs statements as the owner, in an agency: for what no operation of the product does.
    pub(crate) async fn sql(&self, agency: AgencyId, statements: &str) {
        let whole =
            format!("BEGIN; SELECT set_config('app.agency_id', '{agency}', true); {statements}; COMMIT");
        if let Err(error) = self.owner.batch_execute(&whole).await {
            panic!("{error:?}\n{statements}");
        }
    }

    /// Reads one value as text, as the owner, in Summit Ridge.
    pub(crate) async fn value(&self, question: &str) -> String {
        let agency = self.agency;
        let whole =
            format!("BEGIN; SELECT set_config('app.agency_id', '{agency}', true); {question}; COMMIT");
        let messages = self
            .owner
            .simple_query(&whole)
            .await
            .expect("the question can be asked");
        let mut rows = messages.into_iter().filter_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
            _ => None,
        });
        // The first row is what set_config answers.
        rows.nth(1).unwrap_or_default()
    }

    /// A browser at the staff app, not signed in.
    pub(crate) fn staff(&self) -> Browser {
        Browser::new(self.server.port, "staff")
    }

    /// A browser at the portal, not signed in.
    pub(crate) fn portal(&self) -> Browser {
        Browser::new(self.server.port, "portal")
    }

    /// The server's port.
    pub(crate) const fn port(&self) -> u16 {
        self.server.port
    }

    /// A second server on the same database.
    pub(crate) fn second_server(&self) -> Neighbor {
        Neighbor(Server::start(&self.db, Arc::clone(&self.clock), &[]))
    }

    /// Does what is due in the queue.
    pub(crate) async fn work(&self) -> Drained {
        drain(&self.worker).await.expect("the queue can be asked")
    }

    /// Does what is due in the queue, and takes the mail that left.
    pub(crate) async fn mail(&self) -> Vec<Letter> {
        self.work().await;
        self.mailer.take().into_iter().map(Letter).collect()
    }

    /// As [`Self::mail`], where exactly one is expected.
    pub(crate) async fn letter(&self) -> Letter {
        let mut letters = self.mail().await;
        assert_eq!(letters.len(), 1, "{letters:#?}");
        letters.remove(0)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        for agency in [self.agency, self.elsewhere] {
            self.db.as_owner(&format!(
                "SELECT set_config('app.agency_id', '{agency}', false); \
                 DO $$ DECLARE found text; BEGIN \
                 SELECT string_agg(kind || ' ' || state || ' ' || coalesce(last_error, ''), ', ') INTO found FROM jobs; \
                 IF found IS NOT NULL THEN RAISE EXCEPTION 'jobs are left: %', found; END IF; END $$"
            ));
        }
        let unread = self.mailer.take();
        assert!(
            unread.is_empty(),
            "mail was not read: {:?}",
            unread.iter().map(|m| &m.message.subject).collect::<Vec<_>>()
        );
    }
}

/// A server beside the first one.
pub(crate) struct Neighbor(Server);

impl Neighbor {
    /// A browser that was signed in at the first server and now asks this one.
    pub(crate) fn visited_by(&self, browser: &Browser) -> Browser {
        browser.at_port(self.0.port)
    }
}

/// A mail that left.
pub(crate) struct Letter(Captured);

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Letter")
            .field("to", &self.to())
            .field("subject", &self.subject())
            .finish()
    }
}

impl Letter {
    /// Its recipients.
    pub(crate) fn to(&self) -> Vec<&str> {
        self.0.message.to.iter().map(|to| to.as_str()).collect()
    }

    /// Who receives a copy.
    pub(crate) fn cc(&self) -> Vec<&str> {
        self.0.message.cc.iter().map(|cc| cc.as_str()).collect()
    }

    /// Its subject.
    pub(crate) fn subject(&self) -> &str {
        &self.0.message.subject
    }

    /// Its plain text.
    pub(crate) fn text(&self) -> &str {
        &self.0.message.text
    }

    /// A header as it travelled.
    pub(crate) fn header(&self, name: &str) -> String {
        use mailparse::MailHeaderMap as _;
        let mail = mailparse::parse_mail(&self.0.raw).expect("the mail can be parsed");
        mail.headers.get_first_value(name).unwrap_or_default()
    }

    /// The attached PDF as it travelled.
    pub(crate) fn pdf(&self) -> Vec<u8> {
        fn find(part: &mailparse::ParsedMail<'_>) -> Option<Vec<u8>> {
            if part.ctype.mimetype == "application/pdf" {
                return part.get_body_raw().ok();
            }
            part.subparts.iter().find_map(find)
        }
        let mail = mailparse::parse_mail(&self.0.raw).expect("the mail can be parsed");
        find(&mail).expect("a PDF is attached")
    }

    /// How many files are attached.
    pub(crate) fn attachments(&self) -> usize {
        self.0.message.attachments.len()
    }

    /// The attached files as they travelled: name and bytes.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mail = mailparse::parse_mail(&self.0.raw).expect("the mail can be parsed");
        let parts = mail.subparts.iter();
        parts
            .filter(|part| part.ctype.mimetype == "application/pdf")
            .map(|part| {
                let name = part.get_content_disposition().params["filename"].clone();
                (name, part.get_body_raw().expect("a body"))
            })
            .collect()
    }

    /// The secret of the link in it.
    pub(crate) fn token(&self) -> String {
        let (before, rest) = self.text().split_once("#token=").expect("a link with a token");
        assert!(!before.is_empty());
        rest.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
            .collect()
    }
}
