//! An agency with mail to send, a worker for it, and questions about what became of the mail.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::agency::Zone;
use countersign_domain::authz::{AccountState, Actor, Permission, Staff};
use countersign_domain::ids::{AgencyId, DeliveryId, InsuredId, JobId, PasswordLinkId, StaffUserId};
use countersign_domain::text::{EmailAddress, NonBlank, PersonName, Slug, Username};
use countersign_persistence::Db;
use countersign_persistence::jobs::Queue;
use countersign_persistence::migrate::{self, Bootstrap};
use countersign_persistence::testing::TestDb;
use countersign_worker::mail::Mailer;
use countersign_worker::mail::captured::CapturedMailer;
use countersign_worker::testing::StoppedClock;
use countersign_worker::{Drained, Settings, Worker, drain};
use tokio_postgres::{Client, NoTls};
use url::Url;
use uuid::Uuid;

/// The bytes that stand for a certificate: any bytes would do, so some awkward ones stand among them.
pub(crate) const PDF: &[u8] = b"%PDF-1.7\r\n.\r\n..\n\x00\xff\xfe end\r\n%%EOF";

pub(crate) fn start() -> DateTime<Utc> {
    "2026-11-24T17:41:00Z".parse().unwrap()
}

/// An agency in a database of its own, with a captured mailbox and a stopped clock.
pub(crate) struct Office {
    pub(crate) test: TestDb,
    pub(crate) db: Db,
    pub(crate) mailbox: Arc<CapturedMailer>,
    pub(crate) clock: Arc<StoppedClock>,
    pub(crate) agency: AgencyId,
    sql: Client,
}

impl Office {
    pub(crate) async fn new() -> Self {
        let test = TestDb::new();
        let (sql, connection) = tokio_postgres::connect(&test.owner_url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        let agency = open_agency(&test, 1, "summit-ridge", "Summit Ridge Insurance").await;
        let office = Self {
            db: test.worker(),
            mailbox: Arc::new(CapturedMailer::new()),
            clock: Arc::new(StoppedClock::at(start())),
            agency,
            sql,
            test,
        };
        office.within(agency).await;
        office.seed().await;
        office
    }

    /// Lets the statements of the test see an agency's rows; they are under row-level security too.
    pub(crate) async fn within(&self, agency: AgencyId) {
        self.sql
            .execute(
                "SELECT set_config('app.agency_id', $1, false)",
                &[&agency.to_string()],
            )
            .await
            .unwrap();
    }

    /// An insured, a master, a holder, a document and a certificate, in the current agency.
    pub(crate) async fn seed(&self) {
        self.run(
            "UPDATE agencies SET email = 'service@summitridge.example', phone = '(775) 555-0142',
                 reply_to = 'certificates@summitridge.example', accent_color = '#1f5f4a';
             INSERT INTO insureds (agency_id, id, name, kind, line1, city, state, postal_code, created_at, updated_at)
             SELECT id, '00000000-0000-0000-0000-0000000000a1', 'Alder Creek Roofing LLC', 'commercial',
                    '1 Main St', 'Reno', 'NV', '89501', now(), now() FROM agencies WHERE id = current_setting('app.agency_id')::uuid;
             INSERT INTO masters (agency_id, id, insured_id, name, authorized_representative, created_at, updated_at)
             SELECT id, '00000000-0000-0000-0000-0000000000a2', '00000000-0000-0000-0000-0000000000a1',
                    'GL', 'Ana Ruiz', now(), now() FROM agencies WHERE id = current_setting('app.agency_id')::uuid;
             INSERT INTO holders (agency_id, id, name, line1, city, state, postal_code, created_at)
             SELECT id, '00000000-0000-0000-0000-0000000000a3', 'Granite Peak <Builders>, Inc.', '2 Oak St',
                    'Reno', 'NV', '89502', now() FROM agencies WHERE id = current_setting('app.agency_id')::uuid",
        )
        .await;
        self.sql
            .execute(
                "INSERT INTO documents (agency_id, sha256, bytes, pages, created_at)
                 SELECT id, sha256($1), $1, 1, now() FROM agencies WHERE id = current_setting('app.agency_id')::uuid",
                &[&PDF],
            )
            .await
            .unwrap();
        self.sql
            .execute(
                "INSERT INTO certificates (agency_id, id, number, insured_id, insured_name, master_id, master_name,
                     holder_id, holder_name, description, issued_on, issued_at, source, issued_by_name, payload,
                     fingerprint, document_sha256, findings, state, cover_ends_on)
                 SELECT id, '00000000-0000-0000-0000-0000000000a4', '26-000128',
                     '00000000-0000-0000-0000-0000000000a1', 'Alder Creek Roofing LLC',
                     '00000000-0000-0000-0000-0000000000a2', 'GL',
                     '00000000-0000-0000-0000-0000000000a3', 'Granite Peak <Builders>, Inc.', '',
                     '2026-11-18', '2026-11-18T20:00:00Z', 'staff', 'Ana Ruiz', '{}', 'f', sha256($1), '[]', 'issued',
                     '2027-03-01'
                 FROM agencies WHERE id = current_setting('app.agency_id')::uuid",
                &[&PDF],
            )
            .await
            .unwrap();
    }

    pub(crate) async fn run(&self, statements: &str) {
        self.sql.batch_execute(statements).await.unwrap();
    }

    /// One text out of the database, in the current agency.
    pub(crate) async fn text(&self, query: &str) -> String {
        let row = self
            .sql
            .query_one(&format!("SELECT ({query})::text"), &[])
            .await
            .unwrap();
        row.get::<_, Option<String>>(0).unwrap_or_default()
    }

    /// Queues the sending of the certificate, as sending it does.
    pub(crate) async fn queue_delivery(&self, number: u32, to: &str, message: &str) -> DeliveryId {
        let id = DeliveryId::from_uuid(Uuid::from_u128(0xde11_0000 + u128::from(number)));
        self.sql
            .execute(
                "INSERT INTO deliveries (agency_id, id, certificate_id, kind, to_addresses, subject, message, state,
                     requested_by_kind, requested_by_name, queued_at)
                 SELECT id, $1::text::uuid, '00000000-0000-0000-0000-0000000000a4', 'original', ARRAY[$2],
                     'Certificate of insurance 26-000128', $3, 'queued', 'staff', 'Ana Ruiz', $4::text::timestamptz
                 FROM agencies WHERE id = current_setting('app.agency_id')::uuid",
                &[&id.to_string(), &to, &message, &start().to_rfc3339()],
            )
            .await
            .unwrap();
        self.queue(
            u128::from(number),
            &format!(r#"{{"kind":"deliver_certificate","delivery":"{id}"}}"#),
        )
        .await;
        id
    }

    /// Queues a job as it stands in the table.
    pub(crate) async fn queue(&self, number: u128, payload: &str) -> JobId {
        let id = JobId::from_uuid(Uuid::from_u128(0x10b_0000 + number));
        self.sql
            .execute(
                "INSERT INTO jobs (agency_id, id, kind, payload, state, run_at, created_at)
                 SELECT id, $1::text::uuid, $2::text::jsonb ->> 'kind', $2::text::jsonb, 'queued',
                     $3::text::timestamptz, $3::text::timestamptz FROM agencies WHERE id = current_setting('app.agency_id')::uuid",
                &[&id.to_string(), &payload, &start().to_rfc3339()],
            )
            .await
            .unwrap();
        id
    }

    /// A portal account in a state, with a link for a purpose, and the job that mails it.
    pub(crate) async fn queue_link(&self, state: &str, purpose: &str, lifetime: TimeDelta) -> PasswordLinkId {
        let id = PasswordLinkId::from_uuid(Uuid::from_u128(0x111c));
        self.sql
            .execute(
                "INSERT INTO portal_users (agency_id, id, insured_id, username, email, state, rights, invited_at)
                 SELECT id, '00000000-0000-0000-0000-0000000000a5', '00000000-0000-0000-0000-0000000000a1',
                     'dana@aldercreek.example', 'dana@aldercreek.example', $1, '{}', now() FROM agencies WHERE id = current_setting('app.agency_id')::uuid",
                &[&state],
            )
            .await
            .unwrap();
        self.sql
            .execute(
                "INSERT INTO password_links (agency_id, id, app, portal_user_id, purpose, created_at, expires_at)
                 SELECT id, $1::text::uuid, 'portal', '00000000-0000-0000-0000-0000000000a5', $2,
                     $3::text::timestamptz, $4::text::timestamptz FROM agencies WHERE id = current_setting('app.agency_id')::uuid",
                &[&id.to_string(), &purpose, &start().to_rfc3339(), &(start() + lifetime).to_rfc3339()],
            )
            .await
            .unwrap();
        self.queue(
            0x111c,
            &format!(r#"{{"kind":"mail_password_link","link":"{id}"}}"#),
        )
        .await;
        id
    }

    pub(crate) fn worker(&self) -> Worker {
        self.worker_with("desk", 4, self.mailbox.clone())
    }

    pub(crate) fn worker_with(&self, name: &str, concurrency: u16, mailer: Arc<dyn Mailer>) -> Worker {
        let settings = Settings {
            name: name.to_owned(),
            concurrency,
            staff_origin: Url::parse("https://staff.example.com").unwrap(),
            portal_origin: Url::parse("https://portal.example.com/").unwrap(),
            mail_from: EmailAddress::parse("no-reply@mail.example.com").unwrap(),
        };
        Worker::new(self.db.clone(), mailer, self.clock.clone(), settings)
    }

    pub(crate) async fn drain(&self) -> Drained {
        drain(&self.worker()).await.unwrap()
    }

    pub(crate) fn queue_handle(&self) -> Queue {
        Queue::new(self.db.clone())
    }

    pub(crate) fn insured(&self) -> InsuredId {
        InsuredId::from_uuid(Uuid::from_u128(0xa1))
    }

    /// A staff user with everything open.
    pub(crate) fn staff(&self) -> Actor {
        Actor::Staff(Staff {
            agency: self.agency,
            id: StaffUserId::from_uuid(Uuid::from_u128(2)),
            name: "Ana Ruiz".to_owned(),
            state: AccountState::Active,
            permissions: Permission::ALL.iter().copied().collect(),
        })
    }

    /// `state/claims` of the delivery, with `/twice` when it may have arrived twice.
    pub(crate) async fn delivery(&self, id: DeliveryId) -> String {
        self.text(&format!(
            "SELECT state || '/' || claims || CASE WHEN may_have_arrived_twice THEN '/twice' ELSE '' END
             FROM deliveries WHERE id = '{id}'"
        ))
        .await
    }

    /// `state/claims` of every job that is left.
    pub(crate) async fn jobs(&self) -> String {
        self.text("SELECT coalesce(string_agg(state || '/' || claims, ' ' ORDER BY id), '') FROM jobs")
            .await
    }
}

pub(crate) async fn open_agency(test: &TestDb, number: u128, slug: &str, name: &str) -> AgencyId {
    let id = |part: u128| Uuid::from_u128((number << 64) + part);
    let agency = AgencyId::from_uuid(id(1));
    let plan = Bootstrap {
        agency,
        slug: Slug::parse(slug).unwrap(),
        name: NonBlank::parse(name).unwrap(),
        zone: Zone::parse("America/Los_Angeles").unwrap(),
        admin: StaffUserId::from_uuid(id(2)),
        first_name: PersonName::parse("Ana").unwrap(),
        last_name: PersonName::parse("Ruiz").unwrap(),
        username: Username::parse("ana").unwrap(),
        email: EmailAddress::parse("ana@summitridge.example").unwrap(),
        password_hash: Some("$argon2id$unused".to_owned()),
        administrators: id(3),
        service_staff: id(4),
        link: PasswordLinkId::from_uuid(id(5)),
        job: JobId::from_uuid(id(6)),
    };
    migrate::bootstrap(&test.owner_url(), &plan, start())
        .await
        .unwrap();
    agency
}
