//! Two agencies in one database whose rows have the same ids: neither sees, changes or adds a row of the other,
//! through the product or past it.

use std::collections::BTreeMap;

use countersign_domain::authz::rules::{
    ListCertificates, ListHolders, ListInsureds, Search, ViewActivity, ViewAgency, ViewCertificate,
    ViewInsured, ViewInsuredHolders, ViewMaster, ViewPolicies,
};
use countersign_domain::authz::{Right, Rule, Verdict};
use countersign_domain::ids::{AgencyId, CertificateId};
use countersign_domain::passwords::Pace;
use countersign_domain::testing::{self as cast, AGENCY, INSURED, MASTER, OTHER_AGENCY};
use countersign_domain::text::Username;
use countersign_persistence::certificates::CertificateFilter;
use countersign_persistence::holders::HolderFilter;
use countersign_persistence::insureds::{InsuredFilter, InsuredSort};
use countersign_persistence::sessions::{self, App};
use countersign_persistence::throttles::{self, Bucket, Reservation};
use countersign_persistence::{
    Error, agencies, audit, certificates, holders, idempotency, insureds, masters, policies, portal, search,
};

use crate::cast::{Stage, admin_of, first, id, send_in, wish_for};
use crate::sql::Sql;

const COMMON: &[&str] = &["__diesel_schema_migrations", "state_rules", "worker_heartbeats"];

impl Stage {
    /// Both agencies with rows in every table.
    async fn crowded() -> Self {
        let stage = Self::with_two_books().await;
        for agency in [AGENCY, OTHER_AGENCY] {
            stage.crowd(agency).await;
        }
        stage
    }

    async fn crowd(&self, agency: AgencyId) {
        let admin = admin_of(agency);
        self.app
            .transaction(agency, async |tx| {
                send_in(tx, &admin, INSURED, wish_for("One"), cast::now()).await?;
                let name = Username::parse("maren").unwrap();
                let candidate = sessions::candidate(tx, App::Staff, &name).await?.unwrap();
                let attempt = Reservation::none();
                sessions::record_signed_in(tx, App::Staff, &candidate, &attempt, None, cast::now())
                    .await?
                    .unwrap();
                let bucket = Bucket::of_name(App::Staff, &name, Pace::Ladder(|_, at| at));
                let _counted = throttles::reserve(tx, vec![bucket], cast::now()).await?;
                let request = idempotency::Request {
                    principal: id(),
                    operation: "POST /v1/insureds",
                    key: "k",
                    sha256: b"body",
                };
                idempotency::begin(tx, &request, cast::now()).await?;
                let link = countersign_domain::ids::PasswordLinkId::from_uuid(id());
                let job = countersign_domain::ids::JobId::from_uuid(id());
                sessions::record_link_requested(tx, App::Staff, &name, link, job, cast::now()).await
            })
            .await
            .unwrap();
        self.as_owner_of(
            agency,
            &format!(
                "INSERT INTO contacts (agency_id, id, insured_id, name) VALUES ('{agency}', '{INSURED}', '{INSURED}', 'Dana'); \
                 INSERT INTO layout_statements (agency_id, state, standing, reference, checked_on, stated_by_name, stated_at) \
                     VALUES ('{agency}', 'TX', 'filed', 'SERFF 133', '2026-10-01', 'Maren Voss', now()); \
                 INSERT INTO vehicles (agency_id, id, policy_id, vin) SELECT agency_id, id, id, 'V1' FROM policies WHERE agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO portal_users (agency_id, id, insured_id, username, email, state, rights, invited_at) \
                     VALUES ('{agency}', '{INSURED}', '{INSURED}', 'office', 'office@example.com', 'active', '{{}}', now()); \
                 INSERT INTO imports (agency_id, id, state, created_at, created_by) \
                     VALUES ('{agency}', '{INSURED}', 'checked', now(), 'Maren Voss'); \
                 INSERT INTO import_files (agency_id, import_id, file, size) VALUES ('{agency}', '{INSURED}', 'insureds', 0); \
                 INSERT INTO import_rows (agency_id, import_id, file, line, cells, state) \
                     VALUES ('{agency}', '{INSURED}', 'insureds', 2, '{{}}', 'faulty'); \
                 INSERT INTO import_faults (agency_id, import_id, file, line, ordinal, reason) \
                     VALUES ('{agency}', '{INSURED}', 'insureds', 2, 0, 'no name'); \
                 INSERT INTO delivery_setbacks (agency_id, delivery_id, attempt, at, state, reason) \
                     SELECT agency_id, id, 1, now(), 'deferred', '451 later' FROM deliveries \
                     WHERE agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO certificate_attachments (agency_id, certificate_id, ordinal, form_number, edition, title, \
                     file_name, file_sha256, file_size) \
                     SELECT agency_id, id, 1, 'CG 20 10', '04 13', 'A form', 'Endorsement-CG-20-10-04-13.pdf', \
                     document_sha256, 9 FROM certificates WHERE agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO holder_groups (agency_id, id, name, created_at) VALUES ('{agency}', '{INSURED}', 'Lenders', now()); \
                 INSERT INTO holder_group_members (agency_id, group_id, holder_id) \
                     SELECT agency_id, '{INSURED}', id FROM holders WHERE agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO batches (agency_id, id, kind, insured_id, insured_name, master_id, master_name, state, \
                     state_changed_at, state_changed_by_name, sender_id, started_by_name, created_at) \
                     SELECT m.agency_id, m.id, 'bulk', m.insured_id, 'Alder Creek', m.id, m.name, 'running', now(), \
                     'Maren Voss', s.id, 'Maren Voss', now() FROM masters m JOIN staff_users s USING (agency_id) \
                     WHERE m.agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO batch_rows (agency_id, batch_id, ordinal, holder_id, holder_name, to_addresses) \
                     SELECT b.agency_id, b.id, 1, h.id, h.name, '{{a@northgate.example.com}}' \
                     FROM batches b JOIN holders h USING (agency_id) WHERE b.agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO interests (agency_id, id, insured_id, holder_id, nature, item_kind, from_on, created_at) \
                     SELECT agency_id, id, '{INSURED}', id, 'LP', 'everything', '2026-03-01', now() \
                     FROM holders WHERE agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO interest_policies (agency_id, interest_id, policy_id) \
                     SELECT i.agency_id, i.id, e.policy_id FROM interests i JOIN endorsements e USING (agency_id) \
                     WHERE i.agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO interest_endorsements (agency_id, interest_id, policy_id, endorsement_id) \
                     SELECT l.agency_id, l.interest_id, l.policy_id, e.id FROM interest_policies l \
                     JOIN endorsements e USING (agency_id, policy_id) WHERE l.agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO courtesy_notices (agency_id, id, policy_id, insured_id, holder_id, agency_name, \
                     insured_name, insurer_name, policy_number, line_name, cancelled_on, holder_name, \
                     certificate_numbers, to_addresses, state, requested_by_name, queued_at) \
                     SELECT p.agency_id, p.id, p.id, p.insured_id, h.id, 'Summit', 'Alder', 'Ponderosa', p.number, p.line, \
                     '2026-10-20', h.name, '{{26-1}}', '{{a@northgate.example.com}}', 'queued', 'Maren', now() \
                     FROM policies p JOIN holders h USING (agency_id) WHERE p.agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO approvals (agency_id, id, insured_id, insured_name, holder_name, master_name, draft, \
                     findings, note, asked_by_id, asked_by_name, asked_at, state) VALUES ('{agency}', '{INSURED}', \
                     '{INSURED}', 'Alder', 'Northgate', 'One', '{{}}', '[]', 'why', '{INSURED}', 'Maren', now(), 'waiting'); \
                 INSERT INTO templates (agency_id, id, kind, name, body, created_at) \
                     VALUES ('{agency}', '{INSURED}', 'message', 'Plain', 'Hello', now()); \
                 INSERT INTO recipient_domains (agency_id, domain, first_mailed_at) \
                     VALUES ('{agency}', 'northgate.example.com', now()); \
                 INSERT INTO bounced_addresses (agency_id, address, at, reason) \
                     VALUES ('{agency}', 'old@northgate.example.com', now(), '550 no such user'); \
                 INSERT INTO delivery_events (agency_id, delivery_id, recipient, kind, at, told_at) \
                     SELECT agency_id, id, 'old@northgate.example.com', 'bounced', now(), now() FROM deliveries \
                     WHERE agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO tasks (agency_id, id, kind, delivery_id, address, certificate_id, reason, created_at) \
                     SELECT agency_id, id, 'certificate', id, 'old@northgate.example.com', certificate_id, '550', now() \
                     FROM deliveries WHERE agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO link_secrets (agency_id, token_hash, delivery_id, made_at) \
                     SELECT agency_id, sha256('secret'), id, now() FROM deliveries WHERE agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO renewal_questions (agency_id, id, insured_id, insured_name, master_id, to_addresses, \
                     asked_by_name, asked_at, expires_at) \
                     SELECT agency_id, id, insured_id, 'Alder', id, '{{a@example.com}}', 'Maren', now(), now() \
                     FROM masters WHERE agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO renewal_question_holders (agency_id, question_id, ordinal, holder_id, holder_name, city) \
                     SELECT q.agency_id, q.id, 1, h.id, h.name, h.city FROM renewal_questions q \
                     JOIN holders h USING (agency_id) WHERE q.agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO letter_events (agency_id, letter_id, question_id, recipient, kind, at, told_at) \
                     SELECT agency_id, id, id, 'old@northgate.example.com', 'bounced', now(), now() \
                     FROM renewal_questions WHERE agency_id = '{agency}' LIMIT 1; \
                 INSERT INTO link_events (agency_id, delivery_id, kind, at) \
                     SELECT agency_id, id, 'opened', now() FROM deliveries WHERE agency_id = '{agency}' LIMIT 1"
            ),
        );
    }

    async fn tenant_tables(&self) -> Vec<String> {
        Sql::owner(&self.db)
            .await
            .column(&format!(
                "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') \
                 AND relname NOT IN ('{}') ORDER BY 1",
                COMMON.join("', '")
            ))
            .await
    }

    async fn counts(&self, agency: AgencyId) -> BTreeMap<String, i64> {
        let sql = self.owner_of(agency).await;
        let mut counts = BTreeMap::new();
        for table in self.tenant_tables().await {
            counts.insert(
                table.clone(),
                sql.number(&format!(
                    "SELECT count(*) FROM {table} WHERE {} = '{agency}'",
                    key(&table)
                ))
                .await,
            );
        }
        counts
    }

    /// The server and the worker, each with the context of an agency or with none.
    async fn connections(&self, agency: Option<AgencyId>) -> Vec<Sql> {
        let mut connections = Vec::new();
        for sql in [Sql::app(&self.db).await, Sql::worker(&self.db).await] {
            if let Some(agency) = agency {
                sql.rows(&format!("SELECT set_config('app.agency_id', '{agency}', false)"))
                    .await;
            }
            connections.push(sql);
        }
        connections
    }
}

fn key(table: &str) -> &'static str {
    if table == "agencies" { "id" } else { "agency_id" }
}

/// Whether Postgres refused for want of a right: a privilege or a row-level policy.
fn refused(result: &Result<Vec<Vec<String>>, String>) -> bool {
    result.as_ref().is_err_and(|error| error.starts_with("42501"))
}

#[tokio::test(flavor = "multi_thread")]
async fn both_agencies_have_rows_in_every_table() {
    let stage = Stage::crowded().await;
    for agency in [AGENCY, OTHER_AGENCY] {
        let empty: Vec<_> = stage
            .counts(agency)
            .await
            .into_iter()
            .filter(|(_, rows)| *rows == 0)
            .collect();
        assert_eq!(empty, [], "the tests below would prove nothing for these tables");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_agency_there_are_no_rows_at_all() {
    let stage = Stage::crowded().await;
    for sql in stage.connections(None).await {
        for table in stage.tenant_tables().await {
            assert_eq!(
                sql.number(&format!("SELECT count(*) FROM {table}")).await,
                0,
                "{table}"
            );
        }
        // As after a commit: the setting is there but empty.
        sql.rows("SELECT set_config('app.agency_id', '', false)").await;
        for table in stage.tenant_tables().await {
            assert_eq!(
                sql.number(&format!("SELECT count(*) FROM {table}")).await,
                0,
                "{table}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agency_sees_its_own_rows_and_no_others() {
    let stage = Stage::crowded().await;
    let expected = stage.counts(AGENCY).await;
    for sql in stage.connections(Some(AGENCY)).await {
        for table in stage.tenant_tables().await {
            let seen = sql.number(&format!("SELECT count(*) FROM {table}")).await;
            assert_eq!(seen, expected[&table], "{table}");
            let key = key(&table);
            let foreign = sql
                .number(&format!("SELECT count(*) FROM {table} WHERE {key} <> '{AGENCY}'"))
                .await;
            assert_eq!(foreign, 0, "{table}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agency_adds_moves_and_removes_no_rows_of_another() {
    let stage = Stage::crowded().await;
    let before = stage.counts(OTHER_AGENCY).await;
    for sql in stage.connections(Some(AGENCY)).await {
        for table in stage.tenant_tables().await {
            let key = key(&table);
            // Columns that Postgres computes itself take no value.
            let columns = sql
                .one(&format!(
                    "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute \
                     WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
                ))
                .await;
            let slip_in = format!(
                "INSERT INTO {table} ({columns}) SELECT {columns} FROM (SELECT \
                 (jsonb_populate_record(t, jsonb_build_object('{key}', '{OTHER_AGENCY}'))).* FROM {table} t LIMIT 1) r"
            );
            let result = sql.tried(&slip_in).await;
            assert!(refused(&result), "{slip_in}: {result:?}");
            let push_over = format!("UPDATE {table} SET {key} = '{OTHER_AGENCY}'");
            let result = sql.tried(&push_over).await;
            assert!(refused(&result), "{push_over}: {result:?}");
            let remove = format!("DELETE FROM {table} WHERE {key} = '{OTHER_AGENCY}'");
            let result = sql.tried(&remove).await;
            assert!(result.is_ok() || refused(&result), "{remove}: {result:?}");
        }
    }
    assert_eq!(stage.counts(OTHER_AGENCY).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_agency_nothing_can_be_added() {
    let stage = Stage::crowded().await;
    for sql in stage.connections(None).await {
        for statement in [
            format!(
                "INSERT INTO carriers (agency_id, id, name, naic) VALUES ('{AGENCY}', gen_random_uuid(), 'X', '12345')"
            ),
            format!(
                "INSERT INTO audit_entries (agency_id, seq, at, actor_kind, actor_name, action, object_kind, object_label, \
                 detail, hash) VALUES ('{AGENCY}', 99, now(), 'system', 'x', 'x', 'x', 'x', '{{}}', '')"
            ),
        ] {
            let result = sql.tried(&statement).await;
            assert!(refused(&result), "{statement}: {result:?}");
        }
    }
}

/// A foreign key cannot reach over either: it carries the agency.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_cannot_point_into_another_agency() {
    let stage = Stage::with_two_books().await;
    let only_there = id();
    stage.as_owner_of(
        OTHER_AGENCY,
        &format!("INSERT INTO carriers (agency_id, id, name, naic) VALUES ('{OTHER_AGENCY}', '{only_there}', 'X', '12345')"),
    );
    let sql = stage.owner_of(AGENCY).await;
    let error = sql
        .tried(&format!("UPDATE policies SET carrier_id = '{only_there}'"))
        .await
        .unwrap_err();
    assert!(error.contains("policies_carrier_fk"), "{error}");
}

/// Everything the product can load, asked for in one agency with ids that exist only in the other.
#[tokio::test(flavor = "multi_thread")]
async fn no_loader_finds_a_row_of_another_agency() {
    let stage = Stage::with_two_books().await;
    let their_insured = countersign_domain::ids::InsuredId::from_uuid(id());
    let mut profile = cast::insured().profile;
    profile.customer_id = None;
    stage.insured(OTHER_AGENCY, their_insured, profile).await.unwrap();
    let policy = countersign_domain::policies::Policy {
        id: countersign_domain::ids::PolicyId::from_uuid(id()),
        number: cast::text("UMB-1"),
        ..cast::umbrella()
    };
    let policies = [policy];
    stage.policies(OTHER_AGENCY, their_insured, &policies);
    let their_master = countersign_domain::ids::MasterId::from_uuid(id());
    stage
        .master(
            OTHER_AGENCY,
            their_insured,
            their_master,
            cast::selection(&policies),
        )
        .await
        .unwrap();
    let wish = countersign_domain::certificates::send::Wish {
        master: their_master,
        ..wish_for("Theirs")
    };
    let (their_certificate, their_session): (CertificateId, _) = stage
        .app
        .transaction(OTHER_AGENCY, async |tx| {
            let admin = admin_of(OTHER_AGENCY);
            let certificate = send_in(tx, &admin, their_insured, wish, cast::now()).await?;
            let name = Username::parse("maren").unwrap();
            let candidate = sessions::candidate(tx, App::Staff, &name).await?.unwrap();
            let signed_in = sessions::record_signed_in(
                tx,
                App::Staff,
                &candidate,
                &Reservation::none(),
                None,
                cast::now(),
            )
            .await?;
            Ok::<_, Error>((certificate, signed_in.unwrap().token))
        })
        .await
        .unwrap();

    let admin = cast::administrator();
    stage
        .act(async |tx| {
            let missing = |found: bool| assert!(!found, "a row of another agency was found");
            let not_found = |error: Error| assert!(matches!(error, Error::NotFound), "{error}");
            not_found(
                insureds::find::<ViewInsured>(tx, &admin, their_insured)
                    .await
                    .unwrap_err(),
            );
            not_found(
                insureds::lock::<ViewInsured>(tx, &admin, their_insured)
                    .await
                    .unwrap_err(),
            );
            not_found(
                masters::find::<ViewMaster>(tx, &admin, their_master)
                    .await
                    .unwrap_err(),
            );
            not_found(
                masters::lock::<ViewMaster>(tx, &admin, their_master)
                    .await
                    .unwrap_err(),
            );
            let theirs = certificates::find::<ViewCertificate>(tx, &admin, their_certificate).await;
            not_found(theirs.unwrap_err());
            not_found(portal::lock(tx, &admin, their_insured).await.unwrap_err());
            not_found(
                sessions::live_link(tx, &their_session, cast::now())
                    .await
                    .unwrap_err(),
            );
            let session = sessions::resolve(tx, App::Staff, &their_session, cast::now()).await?;
            missing(session.is_some());
            let permit = agencies::find::<ViewAgency>(tx, &admin).await?;
            assert_eq!(permit.slug.as_str(), "summit-ridge");
            Ok(())
        })
        .await
        .unwrap();
}

/// Every list of the product shows one agency, and a scope of another agency shows nothing.
#[tokio::test(flavor = "multi_thread")]
async fn no_list_shows_a_row_of_another_agency() {
    let stage = Stage::with_two_books().await;
    stage.send_to(&["One"], cast::now()).await;
    stage.send_to(&["Two"], cast::now()).await;
    let filter = InsuredFilter {
        text: None,
        state: None,
        today: cast::today(),
        sort: InsuredSort::Name,
    };
    // Their transaction with their actor, and their transaction with an actor of ours.
    for (actor, rows) in [(admin_of(OTHER_AGENCY), 1), (cast::administrator(), 0)] {
        stage
            .app
            .transaction(OTHER_AGENCY, async |tx| {
                let insured_scope = actor.scope::<ListInsureds>().unwrap();
                let found = insureds::list(tx, &insured_scope, &filter, &first(50)).await?;
                assert_eq!(found.rows.len(), rows);
                let (counts, expiring) =
                    insureds::home(tx, &insured_scope, cast::today(), cast::now()).await?;
                assert_eq!(counts.insureds, i64::try_from(rows).unwrap());
                assert_eq!((counts.certificates_30_days, expiring.len()), (0, 0));
                let holder_scope = actor.scope::<ListHolders>().unwrap();
                assert!(
                    holders::list(tx, &holder_scope, HolderFilter::default(), &first(50))
                        .await?
                        .rows
                        .is_empty()
                );
                let log_scope = actor.scope::<ListCertificates>().unwrap();
                let log = CertificateFilter::default();
                let found = certificates::list(tx, &log_scope, &log, &first(50)).await?;
                assert!(found.rows.is_empty());
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
    }
    let theirs = admin_of(OTHER_AGENCY);
    stage
        .app
        .transaction(OTHER_AGENCY, async |tx| {
            let permit = insureds::find::<ViewActivity>(tx, &theirs, INSURED).await?;
            let history = audit::list(tx, &permit, &audit::ActivityFilter::default(), &first(50)).await?;
            assert_eq!(
                history.rows.len(),
                2,
                "the insured and the master, no certificate"
            );
            let permit = insureds::find::<ViewInsuredHolders>(tx, &theirs, INSURED).await?;
            assert!(holders::of_insured(tx, &permit).await?.is_empty());
            let permit = insureds::find::<ViewPolicies>(tx, &theirs, INSURED).await?;
            assert_eq!(policies::list(tx, &permit).await?.len(), 5);
            let permit = agencies::find::<Search>(tx, &theirs).await?;
            assert!(search::search(tx, &permit, "26-000001").await?.is_empty());
            assert_eq!(search::search(tx, &permit, "alder").await?.len(), 1);
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_of_another_agency_is_refused_even_inside_a_transaction() {
    let stage = Stage::with_two_books().await;
    let hidden = Verdict::Hidden(Rule::OtherAgency);
    for actor in [cast::administrator(), cast::portal_with(Right::ALL)] {
        let refused = stage
            .app
            .transaction(OTHER_AGENCY, async |tx| {
                let master = masters::find::<ViewMaster>(tx, &actor, MASTER).await;
                assert!(matches!(master, Err(Error::Denied(verdict)) if verdict == hidden));
                insureds::find::<ViewInsured>(tx, &actor, INSURED).await
            })
            .await;
        assert!(matches!(refused, Err(Error::Denied(verdict)) if verdict == hidden));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_numbers_are_an_agencys_own() {
    let stage = Stage::with_two_books().await;
    for agency in [AGENCY, OTHER_AGENCY] {
        let admin = admin_of(agency);
        let certificate = stage
            .app
            .transaction(agency, async |tx| {
                let id = send_in(tx, &admin, INSURED, wish_for("One"), cast::now()).await?;
                let permit = certificates::find::<ViewCertificate>(tx, &admin, id).await?;
                Ok::<_, Error>(permit.number.clone())
            })
            .await
            .unwrap();
        assert_eq!(certificate, "26-000001");
        let report = audit::verify(&stage.app, agency).await.unwrap();
        assert_eq!(report, audit::ChainReport::Whole { entries: 4 });
    }
}
