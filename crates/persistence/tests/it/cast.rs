//! A stage with the domain's cast on it, set up through the doors of the product; only policies, which no
//! operation writes by hand, are put down as rows.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::agency::Zone;
use countersign_domain::authz::rules::{CreateInsured, CreateMaster, OpenPortalUser, SendCertificate};
use countersign_domain::authz::{Actor, Right};
use countersign_domain::certificates::delivery::Envelope;
use countersign_domain::certificates::master::{self, Selection};
use countersign_domain::certificates::send::{self, FreshIds, Page, Wish};
use countersign_domain::ids::{
    AgencyId, CertificateId, DeliveryId, HolderId, InsuredId, JobId, MasterId, PasswordLinkId, StaffUserId,
};
use countersign_domain::insureds::{self as insured, Profile};
use countersign_domain::policies::Policy;
use countersign_domain::portal::open;
use countersign_domain::testing::{self as cast, AGENCY, INSURED, MASTER, OTHER_AGENCY, PORTAL_USER};
use countersign_domain::text::{PersonName, Slug, Username};
use countersign_persistence::migrate::{self, Bootstrap};
use countersign_persistence::testing::TestDb;
use countersign_persistence::{
    Db, Error, PageRequest, Tx, agencies, certificates, insureds, masters, policies, portal,
};
use uuid::Uuid;

use crate::sql::Sql;

/// Ids that differ wherever they are taken; nothing in a test depends on which.
pub(crate) fn id() -> Uuid {
    static TAKEN: AtomicU64 = AtomicU64::new(0);
    Uuid::from_u128(0xffff_0000 + u128::from(TAKEN.fetch_add(1, Ordering::Relaxed)))
}

/// The first page, of at most this many rows.
pub(crate) fn first(limit: u16) -> PageRequest {
    PageRequest { limit, after: None }
}

/// A database with agencies on it.
pub(crate) struct Stage {
    pub(crate) db: TestDb,
    pub(crate) app: Db,
}

impl Stage {
    /// Summit Ridge Insurance alone.
    pub(crate) async fn new() -> Self {
        let db = TestDb::new();
        let app = db.app();
        let stage = Self { db, app };
        stage.bootstrap(AGENCY, "summit-ridge").await.unwrap();
        stage.address(AGENCY);
        stage
    }

    /// Summit Ridge with Alder Creek Roofing, its policies and its master.
    pub(crate) async fn with_book() -> Self {
        let stage = Self::new().await;
        stage.book(AGENCY).await;
        stage
    }

    /// Two agencies whose books hold the same ids.
    pub(crate) async fn with_two_books() -> Self {
        let stage = Self::with_book().await;
        stage.bootstrap(OTHER_AGENCY, "harbor-point").await.unwrap();
        stage.address(OTHER_AGENCY);
        stage.book(OTHER_AGENCY).await;
        stage
    }

    pub(crate) async fn bootstrap(&self, agency: AgencyId, slug: &str) -> Result<(), Error> {
        let plan = Bootstrap {
            agency,
            slug: Slug::parse(slug).unwrap(),
            name: cast::text("Summit Ridge Insurance"),
            zone: Zone::parse("America/Los_Angeles").unwrap(),
            admin: StaffUserId::from_uuid(Uuid::from_u128(0xf0)),
            first_name: PersonName::parse("Maren").unwrap(),
            last_name: PersonName::parse("Voss").unwrap(),
            username: Username::parse("maren").unwrap(),
            email: cast::email("maren@summitridge.example.com"),
            password_hash: Some("$argon2id$of-maren".to_owned()),
            administrators: Uuid::from_u128(0x61),
            service_staff: Uuid::from_u128(0x62),
            link: PasswordLinkId::from_uuid(id()),
            job: JobId::from_uuid(id()),
        };
        migrate::bootstrap(&self.db.owner_url(), &plan, cast::moment("2026-01-05T17:00:00Z")).await
    }

    fn address(&self, agency: AgencyId) {
        self.as_owner_of(
            agency,
            "UPDATE agencies SET line1 = '410 Mill Street', city = 'Reno', state = 'NV', postal_code = '89501', \
             phone = '(775) 555-0142', email = 'service@summitridge.example.com'",
        );
    }

    async fn book(&self, agency: AgencyId) {
        self.insured(agency, INSURED, cast::insured().profile)
            .await
            .unwrap();
        self.policies(agency, INSURED, &cast::policies());
        let selection = cast::selection(&cast::policies());
        self.master(agency, INSURED, MASTER, selection).await.unwrap();
    }

    /// Statements of the owner within an agency; its rows are hidden from the owner otherwise.
    pub(crate) fn as_owner_of(&self, agency: AgencyId, sql: &str) {
        self.db.as_owner(&format!(
            "SELECT set_config('app.agency_id', '{agency}', false); {sql}"
        ));
    }

    /// A connection of the owner that sees an agency's rows.
    pub(crate) async fn owner_of(&self, agency: AgencyId) -> Sql {
        let sql = Sql::owner(&self.db).await;
        sql.rows(&format!("SELECT set_config('app.agency_id', '{agency}', false)"))
            .await;
        sql
    }

    /// Some numbers of the agency, each by one statement.
    pub(crate) async fn count(&self, table: &str) -> i64 {
        let sql = self.owner_of(AGENCY).await;
        sql.number(&format!(
            "SELECT count(*) FROM {table} WHERE agency_id = '{AGENCY}'"
        ))
        .await
    }

    /// Runs in a transaction of the cast's agency.
    pub(crate) async fn act<T>(
        &self,
        work: impl AsyncFnOnce(&mut Tx) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.app.transaction(AGENCY, work).await
    }

    pub(crate) async fn insured(
        &self,
        agency: AgencyId,
        id: InsuredId,
        profile: Profile,
    ) -> Result<(), Error> {
        let admin = admin_of(agency);
        self.app
            .transaction(agency, async |tx| {
                let permit = agencies::find::<CreateInsured>(tx, &admin).await?;
                insureds::record_created(tx, &insured::create(permit, id, profile), cast::now()).await
            })
            .await
    }

    pub(crate) async fn master(
        &self,
        agency: AgencyId,
        insured: InsuredId,
        id: MasterId,
        selection: Selection,
    ) -> Result<(), Error> {
        let admin = admin_of(agency);
        self.app
            .transaction(agency, async |tx| {
                let permit = insureds::find::<CreateMaster>(tx, &admin, insured).await?;
                let policies = policies::facts_for_new_master(tx, &permit).await?;
                let created = master::create(permit, id, selection, &policies, cast::now()).unwrap();
                masters::record_created(tx, &created).await
            })
            .await
    }

    /// Puts policies with their carriers and forms down as rows.
    pub(crate) fn policies(&self, agency: AgencyId, insured: InsuredId, policies: &[Policy]) {
        let quote = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let mut sql = String::new();
        for policy in policies {
            let carrier = &policy.carrier;
            writeln!(
                sql,
                "INSERT INTO carriers (agency_id, id, name, naic) VALUES ('{agency}', '{}', {}, '{}') \
                 ON CONFLICT DO NOTHING;",
                carrier.id,
                quote(carrier.name.as_str()),
                carrier.naic,
            )
            .unwrap();
            writeln!(
                sql,
                "INSERT INTO policies (agency_id, id, insured_id, carrier_id, number, line, named_insured, effective_on, \
                 expires_on, status, cancelled_on, coverage) VALUES ('{agency}', '{}', '{insured}', '{}', {}, '{}', {}, \
                 '{}', '{}', '{}', {}, {});",
                policy.id,
                carrier.id,
                quote(policy.number.as_str()),
                policy.line(),
                quote(policy.named_insured.as_str()),
                policy.effective_on,
                policy.expires_on,
                policy.status.word(),
                policy
                    .status
                    .cancelled_on()
                    .map_or("NULL".to_owned(), |day| format!("'{day}'")),
                quote(&serde_json::to_string(&policy.coverage).unwrap()),
            )
            .unwrap();
            for form in &policy.endorsements {
                let parties: Vec<_> = form.scope.parties().iter().map(|p| quote(p.as_str())).collect();
                writeln!(
                    sql,
                    "INSERT INTO endorsements (agency_id, id, policy_id, form_number, edition, title, effect, scope, \
                     scheduled_parties, notice_days) VALUES ('{agency}', '{}', '{}', {}, {}, {}, '{}', '{}', \
                     ARRAY[{}]::text[], {});",
                    form.id,
                    policy.id,
                    quote(form.form_number.as_str()),
                    quote(form.edition.as_str()),
                    quote(form.title.as_str()),
                    form.effect.word(),
                    form.scope.word(),
                    parties.join(", "),
                    form.effect
                        .notice_days()
                        .map_or("NULL".to_owned(), |days| days.to_string()),
                )
                .unwrap();
            }
        }
        self.as_owner_of(agency, &sql);
    }

    /// Opens the insured's portal account.
    pub(crate) async fn open_account(
        &self,
        rights: &[Right],
        at: DateTime<Utc>,
    ) -> Result<PasswordLinkId, Error> {
        let rights = rights.iter().copied().collect();
        let link = PasswordLinkId::from_uuid(id());
        self.act(async |tx| {
            let permit = insureds::lock::<OpenPortalUser>(tx, &cast::administrator(), INSURED).await?;
            let opened = open::open(permit, PORTAL_USER, link, rights, at).unwrap();
            portal::record_opened(tx, &opened, JobId::from_uuid(id())).await?;
            Ok(link)
        })
        .await
    }

    /// Sends a certificate as `actor`; each has bytes of its own.
    pub(crate) async fn send(
        &self,
        actor: &Actor,
        wish: Wish,
        at: DateTime<Utc>,
    ) -> Result<CertificateId, Error> {
        self.act(async |tx| send_in(tx, actor, INSURED, wish, at).await)
            .await
    }

    /// One certificate for a new holder after the other, a minute apart.
    pub(crate) async fn send_to(&self, holders: &[&str], from: DateTime<Utc>) -> Vec<CertificateId> {
        let mut sent = Vec::new();
        for (place, holder) in holders.iter().enumerate() {
            let at = from + TimeDelta::minutes(i64::try_from(place).unwrap());
            sent.push(
                self.send(&cast::administrator(), wish_for(holder), at)
                    .await
                    .unwrap(),
            );
        }
        sent
    }
}

/// The administrator of an agency of the stage.
pub(crate) fn admin_of(agency: AgencyId) -> Actor {
    if agency == AGENCY {
        cast::administrator()
    } else {
        cast::elsewhere(cast::administrator())
    }
}

/// A certificate for a holder that is typed in.
pub(crate) fn wish_for(holder: &str) -> Wish {
    let mut profile = cast::holder_profile();
    profile.name = cast::text(holder);
    Wish {
        holder: send::HolderChoice::New(profile),
        ..cast::wish()
    }
}

/// Fresh ids for one sending.
pub(crate) fn fresh_ids() -> FreshIds {
    FreshIds {
        certificate: CertificateId::from_uuid(id()),
        delivery: DeliveryId::from_uuid(id()),
        holder: HolderId::from_uuid(id()),
        job: JobId::from_uuid(id()),
    }
}

/// Whom the cast mails to.
pub(crate) fn envelope(to: &str) -> Envelope {
    Envelope::new(vec![cast::email(to)], Vec::new(), None, "As asked.").unwrap()
}

/// The whole act of sending, in a transaction of the caller's.
pub(crate) async fn send_in(
    tx: &mut Tx,
    actor: &Actor,
    insured: InsuredId,
    wish: Wish,
    at: DateTime<Utc>,
) -> Result<CertificateId, Error> {
    let permit = insureds::lock::<SendCertificate>(tx, actor, insured).await?;
    let facts = certificates::send_facts(tx, &permit, &wish, at).await?;
    let number = certificates::next_number(tx, at).await?;
    let ids = fresh_ids();
    let page = Page {
        bytes: format!("%PDF-1.7 {number} {}", ids.certificate).into_bytes(),
        pages: 1,
    };
    let draft = send::draft(permit, wish, facts, number, cast::printable).unwrap();
    let cleared = draft.clear().unwrap();
    let sent = cleared
        .seal(page, envelope("certificates@northgate.example.com"), ids, at)
        .unwrap();
    certificates::record_sent(tx, &sent).await?;
    Ok(sent.id())
}
