//! Imports of whole folders: what is written, what is refused, and what a second time changes.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::agency::Zone;
use countersign_domain::audit::Action;
use countersign_domain::authz::rules::RunImports;
use countersign_domain::authz::{Actor, Process};
use countersign_domain::ids::{AgencyId, JobId, PasswordLinkId, StaffUserId};
use countersign_domain::imports::run::{Counts, Import};
use countersign_domain::imports::{File, ImportState};
use countersign_domain::text::{EmailAddress, NonBlank, PersonName, Slug, Username};
use countersign_persistence::migrate::{self, Bootstrap};
use countersign_persistence::testing::TestDb;
use countersign_persistence::{Db, PageRequest, agencies, audit, imports};
use countersign_worker::Clock;
use countersign_worker::import::folder::{Report, import_folder};
use countersign_worker::import::rejected::keep_rejected;
use countersign_worker::import::shift::shifted;
use countersign_worker::import::{Error, Means, apply, check};
use tempfile::TempDir;
use uuid::Uuid;

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../cli/demo");

#[derive(Debug)]
struct Still(DateTime<Utc>);

impl Clock for Still {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

/// An agency in a database of its own.
struct Agency {
    test: TestDb,
    db: Db,
    actor: Actor,
    clock: Still,
}

impl Agency {
    async fn new() -> Self {
        let test = TestDb::new();
        let agency = AgencyId::from_uuid(Uuid::from_u128(1));
        let clock = Still("2026-11-22T18:00:00Z".parse().unwrap());
        let plan = Bootstrap {
            agency,
            slug: Slug::parse("summit-ridge").unwrap(),
            name: NonBlank::parse("Summit Ridge Insurance").unwrap(),
            zone: Zone::parse("America/Los_Angeles").unwrap(),
            admin: StaffUserId::from_uuid(Uuid::from_u128(2)),
            first_name: PersonName::parse("Ana").unwrap(),
            last_name: PersonName::parse("Ruiz").unwrap(),
            username: Username::parse("ana").unwrap(),
            email: EmailAddress::parse("ana@summitridge.example.com").unwrap(),
            password_hash: Some("$argon2id$unused".to_owned()),
            administrators: Uuid::from_u128(3),
            service_staff: Uuid::from_u128(4),
            link: PasswordLinkId::from_uuid(Uuid::from_u128(5)),
            job: JobId::from_uuid(Uuid::from_u128(6)),
        };
        migrate::bootstrap(&test.owner_url(), &plan, clock.0)
            .await
            .unwrap();
        let actor = Actor::System {
            agency,
            process: Process::Console,
        };
        Self {
            db: test.worker(),
            test,
            actor,
            clock,
        }
    }

    const fn means(&self) -> Means<'_> {
        Means {
            db: &self.db,
            actor: &self.actor,
            clock: &self.clock,
        }
    }

    async fn import(&self, folder: &Path, take_good_rows: bool) -> Result<Report, Error> {
        import_folder(&self.means(), folder, take_good_rows, &mut |_| {}).await
    }

    async fn latest(&self) -> Import {
        self.db
            .transaction(self.actor.agency(), async |tx| {
                let permit = agencies::find::<RunImports>(tx, &self.actor).await?;
                let page = PageRequest {
                    limit: 1,
                    after: None,
                };
                Ok::<_, countersign_persistence::Error>(
                    imports::list(tx, &permit, &page).await?.rows.remove(0),
                )
            })
            .await
            .unwrap()
    }

    /// One number out of the database, seen by its owner under row-level security of this agency.
    async fn count(&self, table: &str) -> i64 {
        let (client, connection) = tokio_postgres::connect(&self.test.owner_url(), tokio_postgres::NoTls)
            .await
            .unwrap();
        let driving = tokio::spawn(connection);
        let sql = format!(
            "SELECT set_config('app.agency_id', '{}', false); SELECT count(*) AS n FROM {table}",
            self.actor.agency()
        );
        let rows = client.simple_query(&sql).await.unwrap();
        drop(client);
        driving.await.unwrap().unwrap();
        rows.iter()
            .filter_map(|message| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.try_get("n").ok().flatten(),
                _ => None,
            })
            .next_back()
            .unwrap()
            .parse()
            .unwrap()
    }
}

fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn counts(import: &Import, file: File) -> Counts {
    import
        .files
        .iter()
        .find(|report| report.file == file)
        .unwrap()
        .counts
}

fn sum(import: &Import, of: fn(Counts) -> u32) -> u32 {
    import.files.iter().map(|report| of(report.counts)).sum()
}

fn demo(name: &str) -> String {
    std::fs::read_to_string(Path::new(DEMO).join(name)).unwrap()
}

/// The versions of all policies together: a form that comes in counts as a change of its policy.
const CHANGES_OF_POLICIES: &str = "policies, generate_series(1, version)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_agency_is_imported_and_a_second_time_changes_nothing() {
    let agency = Agency::new().await;
    let first = agency.import(Path::new(DEMO), false).await.unwrap();
    assert_eq!(first.faults, []);
    assert_eq!(first.import.state, ImportState::Applied);
    assert_eq!(counts(&first.import, File::Insureds).new, 62);
    assert_eq!(counts(&first.import, File::Policies).new, 183);
    assert_eq!(counts(&first.import, File::Coverages).new, 183);
    assert_eq!(counts(&first.import, File::Holders).new, 150);
    assert_eq!(
        sum(&first.import, |counts| counts.new),
        sum(&first.import, |counts| counts.rows)
    );
    for (table, rows) in [
        ("insureds", 62),
        ("policies", 183),
        ("holders", 150),
        ("import_rows", 0),
    ] {
        assert_eq!(agency.count(table).await, rows, "{table}");
    }

    // Every term in the demonstration whose line had one before is linked with it, whether or not the insurer kept
    // the number.
    let linked = "policies later JOIN policies earlier ON earlier.id = later.prior_id \
                  WHERE earlier.expires_on = later.effective_on AND earlier.line = later.line \
                    AND earlier.insured_id = later.insured_id AND earlier.carrier_id = later.carrier_id";
    let renumbered = format!("{linked} AND earlier.number <> later.number");
    assert!(agency.count(&renumbered).await > 0);
    assert!(agency.count(&renumbered).await < agency.count(linked).await);
    assert_eq!(
        agency.count(linked).await,
        agency.count("policies WHERE prior_id IS NOT NULL").await
    );
    let alone = "policies later WHERE prior_id IS NULL AND EXISTS (SELECT 1 FROM policies earlier \
                 WHERE earlier.insured_id = later.insured_id AND earlier.line = later.line \
                   AND earlier.expires_on <= later.effective_on)";
    assert_eq!(agency.count(alone).await, 0);
    let before = agency.count(CHANGES_OF_POLICIES).await;

    let second = agency.import(Path::new(DEMO), false).await.unwrap();
    assert_eq!(second.import.state, ImportState::Applied);
    assert_eq!(
        sum(&second.import, |counts| counts.unchanged),
        sum(&second.import, |counts| counts.rows)
    );
    assert_eq!(agency.count("insureds WHERE version <> 1").await, 0);
    assert_eq!(agency.count(CHANGES_OF_POLICIES).await, before);
    assert_eq!(agency.count("import_files WHERE bytes IS NOT NULL").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_agency_moves_to_another_day() {
    let agency = Agency::new().await;
    let files: Vec<(String, String)> = File::ALL
        .iter()
        .map(|file| {
            let name = file.file_name();
            let moved = shifted(*file, &demo(&name), TimeDelta::days(400)).unwrap();
            (name, moved)
        })
        .collect();
    let files: Vec<(&str, String)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.clone()))
        .collect();
    let moved = folder(&files);
    let report = agency.import(moved.path(), false).await.unwrap();
    assert_eq!(report.faults, []);
    let starting = demo("policies.csv").matches(",3/1/2026,3/1/2027,").count();
    let moved = agency.count("policies WHERE effective_on = '2027-04-05'").await;
    assert_eq!(usize::try_from(moved).unwrap(), starting);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_faulty_row_keeps_everything_out_unless_the_person_takes_the_good_rows() {
    let agency = Agency::new().await;
    let broken = demo("insureds.csv").replace("C-1002,\"Silver Range Electric, Inc.\"", "C-1002,");
    let mut files: Vec<(&str, String)> = vec![("insureds.csv", broken)];
    for name in [
        "carriers.csv",
        "policies.csv",
        "coverages.csv",
        "endorsements.csv",
    ] {
        files.push((name, demo(name)));
    }
    let folder = folder(&files);

    let refused = agency.import(folder.path(), false).await.unwrap();
    assert_eq!(refused.import.state, ImportState::Checked);
    assert_eq!(agency.count("insureds").await, 0);
    assert_eq!(agency.count("policies").await, 0);
    let fault = refused
        .faults
        .iter()
        .find(|fault| fault.file == File::Insureds)
        .unwrap();
    assert_eq!((fault.line, fault.column.as_deref()), (3, Some("name")));
    assert_eq!(fault.reason, "must not be empty");
    // Its policies, their cover and their forms depend on it, and each says so.
    let dependent = refused
        .faults
        .iter()
        .find(|fault| fault.file == File::Policies)
        .unwrap();
    assert_eq!(
        dependent.reason,
        "depends on line 3 of insureds.csv, which is faulty; correct that row first"
    );
    assert_eq!(counts(&refused.import, File::Policies).faulty, 5);

    let taken = agency.import(folder.path(), true).await.unwrap();
    assert_eq!(taken.import.state, ImportState::Applied);
    assert_eq!(agency.count("insureds").await, 61);
    assert_eq!(agency.count("policies").await, 178);
    assert_eq!(agency.count("import_rows WHERE state = 'faulty'").await, {
        i64::from(sum(&taken.import, |counts| counts.faulty)) * 2
    });

    // The corrected file brings in what was left out and nothing else.
    std::fs::write(folder.path().join("insureds.csv"), demo("insureds.csv")).unwrap();
    let corrected = agency.import(folder.path(), false).await.unwrap();
    assert_eq!(counts(&corrected.import, File::Insureds).new, 1);
    assert_eq!(counts(&corrected.import, File::Policies).new, 5);
    assert_eq!(counts(&corrected.import, File::Policies).unchanged, 178);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_cell_changes_its_record_and_nothing_else() {
    let agency = Agency::new().await;
    agency.import(Path::new(DEMO), false).await.unwrap();
    let before = agency.count(CHANGES_OF_POLICIES).await;
    let folder = folder(&[
        (
            "insureds.csv",
            demo("insureds.csv").replace("1480 Valley Road", "1500 Valley Road"),
        ),
        (
            "coverages.csv",
            demo("coverages.csv").replace("$50,000", "$75,000"),
        ),
        (
            "holders.csv",
            demo("holders.csv").replace("publicworks@cityofsparks.example.org; ", ""),
        ),
    ]);
    let report = agency.import(folder.path(), false).await.unwrap();
    assert_eq!(report.faults, []);
    assert_eq!(counts(&report.import, File::Insureds).changed, 1);
    assert_eq!(counts(&report.import, File::Holders).changed, 1);
    let covers = counts(&report.import, File::Coverages);
    assert!(
        covers.changed > 0 && covers.changed + covers.unchanged == 183,
        "{covers:?}"
    );
    assert_eq!(
        agency
            .count("insureds WHERE line1 = '1500 Valley Road' AND version = 2")
            .await,
        1
    );
    let changed = "policies WHERE coverage ->> 'damage_to_rented_premises' = '7500000'";
    assert_eq!(agency.count(changed).await, i64::from(covers.changed));
    assert_eq!(
        agency.count(CHANGES_OF_POLICIES).await,
        before + i64::from(covers.changed)
    );
    assert_eq!(
        agency
            .count("holders WHERE emails = '{risk@cityofsparks.example.org}'")
            .await,
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_in_windows_1252_with_line_breaks_and_us_dates_is_read() {
    let agency = Agency::new().await;
    let folder = tempfile::tempdir().unwrap();
    let bytes = b"Customer ID;Name\r\n".to_vec();
    std::fs::write(folder.path().join("insureds.csv"), &bytes).unwrap();
    let refused = agency.import(folder.path(), false).await.unwrap();
    assert_eq!(
        refused.faults[0].reason,
        "the columns are separated by semicolons; save the file as comma separated"
    );

    let insureds = b"Customer ID,NAME,Customer Since,Address Line1,City,State,Postal Code\r\n\
        C-1,\"Pe\xf1a & Hijos, LLC\",5/1/2021,4415 West Patrick Lane,Las Vegas,nv,89118\r\n\r\n";
    let holders = b"name,address_line1,city,state,postal_code,emails,customer_ids\n\
        City of Sparks,431 Prater Way,Sparks,NV,89431,\"one@sparks.example.org\ntwo@sparks.example.org\",C-1\n";
    std::fs::write(folder.path().join("insureds.csv"), insureds).unwrap();
    std::fs::write(folder.path().join("holders.csv"), holders).unwrap();
    let report = agency.import(folder.path(), false).await.unwrap();
    assert_eq!(report.faults, []);
    let found =
        "insureds WHERE name = 'Peña & Hijos, LLC' AND customer_since = '2021-05-01' AND state = 'NV'";
    assert_eq!(agency.count(found).await, 1);
    assert_eq!(agency.count("insured_holders").await, 1);
    assert_eq!(agency.count("holders WHERE cardinality(emails) = 2").await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_that_broke_off_goes_on_where_it_was() {
    let agency = Arc::new(Agency::new().await);
    let book = large_book(1_200);
    let path = book.path().to_owned();
    let dying = Arc::clone(&agency);
    let died = tokio::spawn(async move {
        let mut batches = 0;
        let mut told = |_| {
            batches += 1;
            // 22 batches are read and judged; in the 26th the book is half written.
            assert!(batches < 26, "the power fails");
        };
        import_folder(&dying.means(), &path, false, &mut told)
            .await
            .map(drop)
    });
    assert!(died.await.is_err(), "the import must not have come to its end");
    let half = agency.count("policies").await;
    assert!(half > 0 && half < 1_200, "{half} policies are written");

    let import = agency.latest().await;
    assert_eq!(import.state, ImportState::Applying);
    apply(&agency.means(), import.id, &mut |_| {}).await.unwrap();
    let import = agency.latest().await;
    assert_eq!(import.state, ImportState::Applied);
    assert_eq!(agency.count("policies").await, 1_200);
    assert_eq!(counts(&import, File::Policies).new, 1_200);
    assert_eq!(counts(&import, File::Endorsements).new, 1_200);

    // The job of the process that died comes later and finds nothing to do.
    apply(&agency.means(), import.id, &mut |_| {}).await.unwrap();
    check(&agency.means(), import.id, &mut |_| {}).await.unwrap();
    assert_eq!(agency.latest().await, import);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn start_and_end_of_an_import_leave_a_trace() {
    let agency = Agency::new().await;
    agency.import(Path::new(DEMO), false).await.unwrap();
    for (action, entries) in [
        (Action::ImportCreated, 1),
        (Action::ImportFileUploaded, 8),
        (Action::ImportChecked, 1),
        (Action::ImportApplyRequested, 1),
        (Action::ImportApplied, 1),
    ] {
        let table = format!("audit_entries WHERE action = '{action}'");
        assert_eq!(agency.count(&table).await, entries, "{action}");
    }
    let report = audit::verify(&agency.db, agency.actor.agency()).await.unwrap();
    assert!(matches!(report, audit::ChainReport::Whole { .. }), "{report:?}");
}

/// An export of a system that writes the day first is mostly ambiguous: none of its dates is guessed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_date_with_the_day_first_makes_the_other_dates_of_its_file_ambiguous() {
    let agency = Agency::new().await;
    let mut insureds = "customer_id,name,address_line1,city,state,postal_code,customer_since\n".to_owned();
    for (n, date) in [
        "4/5/2021",
        "4/4/2021",
        "2021-04-05",
        "25/4/2021",
        "5/4/2021",
        "4/25/2021",
    ]
    .iter()
    .enumerate()
    {
        writeln!(
            insureds,
            "C-{n},Customer {n} LLC,{n} Main Street,Reno,NV,89501,{date}"
        )
        .unwrap();
    }
    let refused = agency
        .import(folder(&[("insureds.csv", insureds)]).path(), false)
        .await
        .unwrap();
    let lines: Vec<u32> = refused.faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [2, 5, 6]);
    assert_eq!(
        refused.faults[0].reason,
        "may be 2021-04-05 or 2021-05-04, because line 5 of this file has the day before the month; \
         write all dates of this file in the form 2026-11-22"
    );
    assert_eq!(agency.count("insureds").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_stray_byte_does_not_turn_a_whole_file_into_nonsense() {
    let agency = Agency::new().await;
    let head =
        "customer_id,name,address_line1,city,state,postal_code\nC-1,Peña LLC,1 Main Street,Reno,NV,89501\n";
    let stray = b"C-2,Caf\xe9 LLC,2 Main Street,Reno,NV,89501\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("insureds.csv"),
        [head.as_bytes(), stray].concat(),
    )
    .unwrap();
    let refused = agency.import(folder.path(), true).await.unwrap();
    assert!(
        refused.faults[0].reason.contains("a character on line 3 is not"),
        "{:?}",
        refused.faults
    );
    assert_eq!(agency.count("insureds").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_faulty_header_is_reported_on_the_line_where_it_stands() {
    let agency = Agency::new().await;
    let text = "\n\n,,\nnaic,nmae\n25674,Travelers\n".to_owned();
    let refused = agency
        .import(folder(&[("carriers.csv", text)]).path(), false)
        .await
        .unwrap();
    assert!(!refused.faults.is_empty());
    assert!(
        refused.faults.iter().all(|fault| fault.line == 4),
        "{:?}",
        refused.faults
    );
}

const FORM: &str = "policy_number,effective_on,line,form_number,edition,title,effect,scope";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_stands_on_a_policy_once_for_each_scope_and_a_corrected_scope_stays_alone() {
    let agency = Agency::new().await;
    agency.import(Path::new(DEMO), false).await.unwrap();
    let waivers = "endorsements e JOIN policies p ON p.id = e.policy_id \
                   WHERE p.number = 'DT-CO-0E542834' AND e.form_number = 'CG 24 04'";
    let waiver = |scope: &str| {
        format!("DT-CO-0E542834,3/1/2026,general_liability,CG 24 04,05 09,Waiver,waiver,{scope}")
    };
    let counted = |text: String| {
        let agency = &agency;
        async move {
            let folder = folder(&[("endorsements.csv", text)]);
            let report = agency.import(folder.path(), false).await.unwrap();
            let counts = counts(&report.import, File::Endorsements);
            (report.faults, (counts.new, counts.changed, counts.unchanged))
        }
    };
    assert_eq!(agency.count(waivers).await, 1);

    // It was for everyone; now it is for those whom a contract requires, and for nobody else.
    let corrected = format!("{FORM}\n{}\n", waiver("when_required_by_contract"));
    assert_eq!(counted(corrected.clone()).await, (vec![], (0, 1, 0)));
    assert_eq!(counted(corrected).await, (vec![], (0, 0, 1)));
    assert_eq!(agency.count(waivers).await, 1);

    let both = format!(
        "{FORM},scheduled_parties\n{},\n{},City of Sparks\n",
        waiver("when_required_by_contract"),
        waiver("scheduled")
    );
    assert_eq!(counted(both).await, (vec![], (1, 0, 1)));
    assert_eq!(agency.count(waivers).await, 2);

    let apart = format!(
        "{FORM},scheduled_parties\n{},City of Sparks\n{},City of Reno\n",
        waiver("scheduled"),
        waiver("scheduled")
    );
    let (faults, _) = counted(apart).await;
    assert_eq!(
        faults[0].reason,
        "the same policy, form_number, edition, effect and scope also stands on line 3; \
         write all parties into scheduled_parties of one row, separated by semicolons"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_column_that_is_not_in_a_file_keeps_what_is_stored() {
    let agency = Agency::new().await;
    agency.import(Path::new(DEMO), false).await.unwrap();
    let cut = |name: &str, columns: usize| {
        let text = demo(name);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer
            .write_record(reader.headers().unwrap().iter().take(columns))
            .unwrap();
        for row in reader.records() {
            writer.write_record(row.unwrap().iter().take(columns)).unwrap();
        }
        String::from_utf8(writer.into_inner().unwrap()).unwrap()
    };
    let files = folder(&[
        ("policies.csv", cut("policies.csv", 7)),
        ("endorsements.csv", cut("endorsements.csv", 8)),
    ]);
    let report = agency.import(files.path(), false).await.unwrap();
    assert_eq!(report.faults, []);
    assert_eq!(
        sum(&report.import, |counts| counts.unchanged),
        sum(&report.import, |counts| counts.rows)
    );

    // What is not stored either is missing, and what hangs on it is refused with it.
    let policy = "customer_id,policy_number,effective_on,expires_on,line,naic,status\n\
                  C-1001,DT-CO-0E542834,3/1/2026,3/1/2027,general_liability,25674,cancelled\n";
    let form = format!(
        "{FORM}\nDT-CO-0E542834,3/1/2026,general_liability,CG 20 26,04 13,Title,additional_insured_designated,scheduled\n"
    );
    let files = folder(&[("policies.csv", policy.to_owned()), ("endorsements.csv", form)]);
    let refused = agency.import(files.path(), false).await.unwrap();
    let found: Vec<_> = refused
        .faults
        .iter()
        .map(|fault| (fault.file, fault.column.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        found,
        [
            (File::Endorsements, "policy_number"),
            (File::Policies, "cancelled_on")
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_and_every_rejected_row_is_kept_and_the_rows_come_back_corrected() {
    let agency = Agency::new().await;
    let mut insureds = String::from("customer_id,name,address_line1,city,state,postal_code\n");
    for n in 0..1_300 {
        let state = if n < 10 { "NV" } else { "Nevada" };
        writeln!(
            insureds,
            "C-{n},Customer {n} LLC,{n} Main Street,Reno,{state},89501"
        )
        .unwrap();
    }
    let report = agency
        .import(folder(&[("insureds.csv", insureds)]).path(), true)
        .await
        .unwrap();
    assert_eq!((report.faults.len(), report.import.faults), (200, 1_290));
    assert_eq!(agency.count("insureds").await, 10);

    let kept = tempfile::tempdir().unwrap();
    keep_rejected(&agency.means(), &report.import, kept.path())
        .await
        .unwrap();
    let faults = std::fs::read_to_string(kept.path().join("faults.txt")).unwrap();
    assert_eq!(faults.lines().count(), 1_290);
    assert!(
        faults.starts_with("insureds.csv line 12, column state (\"Nevada\"): "),
        "{}",
        faults.lines().next().unwrap()
    );
    let rejected = kept.path().join("rejected-insureds.csv");
    let rows = std::fs::read_to_string(&rejected).unwrap();
    assert_eq!(rows.lines().count(), 1_291);
    std::fs::write(&rejected, rows.replace(",Nevada,", ",NV,")).unwrap();
    let report = agency.import(kept.path(), false).await.unwrap();
    assert_eq!(report.faults, []);
    assert_eq!(agency.count("insureds").await, 1_300);
}

/// In a process of its own, because memory is a matter of the whole process.
#[test]
fn memory_stays_bounded_however_large_the_book_is() {
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "imports::ten_thousand_policies_come_in_at_one_go"])
        .arg("--nocapture")
        .status()
        .unwrap();
    assert!(status.success());
}

/// A number of kilobytes that Linux tells of this process; zero elsewhere.
fn memory(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    line.map_or(0, |line| {
        line.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
    })
}

/// A file is never in memory as a whole and the ledger keeps a fixed number of bytes for each row, so the
/// process peaks at some 30 MB with this book; growth by 100 would mean that something of it piles up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_policies_come_in_at_one_go() {
    let agency = Agency::new().await;
    let book = large_book(10_000);
    let before = memory("VmRSS:");
    let mut told = Vec::new();
    let report = import_folder(&agency.means(), book.path(), false, &mut |progress| {
        told.push(progress)
    })
    .await
    .unwrap();
    let grown = memory("VmHWM:").saturating_sub(before);
    // Beside other tests the memory is theirs as well.
    let alone = std::env::args().any(|argument| argument == "--exact");
    assert!(!alone || grown < 100_000, "the process grew by {grown} kB");
    assert_eq!(report.faults, []);
    assert_eq!(sum(&report.import, |counts| counts.new), 31_001);
    assert!(told.iter().all(|progress| progress.done <= progress.total));
    assert!(told.len() > 100, "a person sees it move");
}

/// A book of `policies` umbrella policies, each with an endorsement, for a tenth as many customers.
fn large_book(policies: u32) -> TempDir {
    let customers = (policies / 10).max(1);
    let mut insureds = String::from("customer_id,name,address_line1,city,state,postal_code\n");
    for n in 0..customers {
        writeln!(
            insureds,
            "L-{n},Large Book Customer {n} LLC,{n} Main Street,Reno,NV,89501"
        )
        .unwrap();
    }
    let mut list = String::from("customer_id,policy_number,effective_on,expires_on,line,naic,status\n");
    let mut covers = String::from(
        "policy_number,effective_on,line,umb_kind,umb_trigger,umb_retention,umb_each_occurrence,umb_aggregate\n",
    );
    let mut forms = String::from("policy_number,effective_on,line,form_number,edition,title,effect,scope\n");
    for n in 0..policies {
        let customer = n % customers;
        writeln!(
            list,
            "L-{customer},U-{n:06},3/1/2026,3/1/2027,umbrella_excess,25674,active"
        )
        .unwrap();
        writeln!(
            covers,
            "U-{n:06},3/1/2026,umbrella_excess,umbrella,occurrence,\"$10,000\",\"$5,000,000\",\"$5,000,000\""
        )
        .unwrap();
        writeln!(
            forms,
            "U-{n:06},3/1/2026,umbrella_excess,CU 24 03,09 00,Waiver,waiver,blanket"
        )
        .unwrap();
    }
    folder(&[
        ("insureds.csv", insureds),
        (
            "carriers.csv",
            "naic,name\n25674,Travelers Property Casualty Company of America\n".to_owned(),
        ),
        ("policies.csv", list),
        ("coverages.csv", covers),
        ("endorsements.csv", forms),
    ])
}
