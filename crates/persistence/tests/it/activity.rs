//! The trail: appended with the change, chained, and found out when somebody lays hands on it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use countersign_domain::authz::rules::ViewActivity;
use countersign_domain::authz::{Actor, Permission};
use countersign_domain::ids::InsuredId;
use countersign_domain::testing::{self as cast, AGENCY, INSURED, OTHER_AGENCY, OTHER_INSURED};
use countersign_persistence::audit::{self, Activity, ActivityFilter, ChainReport};
use countersign_persistence::{Error, PageRequest, insureds};
use uuid::Uuid;

use crate::cast::{Stage, first, id};

impl Stage {
    async fn verified(&self) -> ChainReport {
        audit::verify(&self.app, AGENCY).await.unwrap()
    }

    async fn activities(&self, insured: InsuredId, page: &PageRequest) -> (Vec<Activity>, PageRequest) {
        let page = self
            .act(async |tx| {
                let permit = insureds::find::<ViewActivity>(tx, &cast::administrator(), insured).await?;
                let limit = page.limit;
                let page = audit::list(tx, &permit, &ActivityFilter::default(), page).await?;
                Ok((
                    page.rows,
                    PageRequest {
                        limit,
                        after: page.next,
                    },
                ))
            })
            .await;
        page.unwrap()
    }

    /// An agency with eight entries in its trail.
    async fn with_history() -> Self {
        let stage = Self::with_book().await;
        stage
            .send_to(&["One", "Two", "Three", "Four", "Five"], cast::now())
            .await;
        assert_eq!(stage.verified().await, ChainReport::Whole { entries: 8 });
        stage
    }

    /// Does as somebody would who has the owner's password and knows of the trigger.
    fn tamper(&self, sql: &str) {
        self.as_owner_of(
            AGENCY,
            &format!(
                "ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_insert_only; {sql}; \
                 ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_insert_only"
            ),
        );
    }
}

/// A2.22: who did what, and when; the newest first.
#[tokio::test(flavor = "multi_thread")]
async fn an_insureds_history_names_who_did_what_and_when() {
    let stage = Stage::with_history().await;
    let (found, rest) = stage.activities(INSURED, &first(20)).await;
    assert_eq!(rest.after, None);
    let read: Vec<_> = found
        .iter()
        .map(|activity| (activity.seq, activity.action.as_str(), activity.by.name.as_str()))
        .collect();
    assert_eq!(
        read,
        [
            (8, "certificate_sent", "Maren Voss"),
            (7, "certificate_sent", "Maren Voss"),
            (6, "certificate_sent", "Maren Voss"),
            (5, "certificate_sent", "Maren Voss"),
            (4, "certificate_sent", "Maren Voss"),
            (3, "master_created", "Maren Voss"),
            (2, "insured_created", "Maren Voss"),
        ]
    );
    assert_eq!(found[0].at, cast::now() + TimeDelta::minutes(4));
    assert_eq!(found[0].object_label, "26-000005");
    assert_eq!(found[0].detail["holder"], "Five");
}

/// A2.22: names outlive the account and its name.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_the_history_outlives_the_account() {
    let stage = Stage::with_history().await;
    stage.as_owner_of(AGENCY, "DELETE FROM staff_users");
    let (found, _) = stage.activities(INSURED, &first(1)).await;
    assert_eq!(found[0].by.name, "Maren Voss");
    assert_eq!(stage.verified().await, ChainReport::Whole { entries: 8 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_paged_without_a_gap_while_it_grows() {
    let stage = Stage::with_history().await;
    let mut page = first(2);
    let mut seen = Vec::new();
    loop {
        let (found, rest) = stage.activities(INSURED, &page).await;
        seen.extend(found.iter().map(|activity| activity.seq));
        if rest.after.is_none() {
            break;
        }
        page = rest;
        stage
            .send_to(&["Meanwhile"], cast::now() + TimeDelta::hours(1))
            .await;
    }
    assert_eq!(seen, [8, 7, 6, 5, 4, 3, 2]);
}

/// A2.22: by when it happened, whenever it was written; what one moment saw, by its place in the chain.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_of_an_earlier_moment_stands_among_its_contemporaries() {
    let stage = Stage::with_book().await;
    let hours = |n| cast::now() + TimeDelta::hours(n);
    for (name, at) in [("Third", hours(5)), ("First", hours(1)), ("Second", hours(3))] {
        stage.send_to(&[name], at).await;
    }
    // Two entries of one moment.
    stage.tamper("UPDATE audit_entries SET at = (SELECT max(at) FROM audit_entries) WHERE seq = 2");
    let mut page = first(2);
    let mut seen = Vec::new();
    loop {
        let (found, rest) = stage.activities(INSURED, &page).await;
        seen.extend(found.iter().map(|activity| activity.seq));
        if rest.after.is_none() {
            break;
        }
        page = rest;
    }
    assert_eq!(seen, [4, 2, 6, 5, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_of_one_insured() {
    let stage = Stage::with_history().await;
    let mut other = cast::insured().profile;
    other.customer_id = None;
    stage.insured(AGENCY, OTHER_INSURED, other).await.unwrap();
    let (found, _) = stage.activities(OTHER_INSURED, &first(20)).await;
    assert_eq!(found.len(), 1);
    let refused = stage
        .act(async |tx| {
            let staff = cast::staff_with(&[Permission::ViewCertificates]);
            insureds::find::<ViewActivity>(tx, &staff, INSURED).await
        })
        .await;
    assert!(matches!(refused, Err(Error::Denied(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_request_that_caused_an_entry_stands_beside_it() {
    let stage = Stage::new().await;
    let request = Uuid::from_u128(0xabc);
    stage
        .act(async |tx| {
            tx.serve(request);
            let permit = countersign_persistence::agencies::find(tx, &cast::administrator()).await?;
            let created = countersign_domain::insureds::create(permit, INSURED, cast::insured().profile);
            insureds::record_created(tx, &created, cast::now()).await
        })
        .await
        .unwrap();
    let sql = stage.owner_of(AGENCY).await;
    let stored = sql
        .one("SELECT request_id FROM audit_entries WHERE seq = 2")
        .await;
    assert_eq!(stored, request.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_changes_a_word_of_the_trail_is_found_at_that_entry() {
    for change in [
        "at = at + interval '1 microsecond'",
        "actor_kind = 'system'",
        "actor_id = NULL",
        "actor_id = '00000000-0000-0000-0000-000000000000'",
        "actor_name = 'Somebody else'",
        "action = 'certificate_resent'",
        "action = 'a word of nobody'",
        "actor_kind = 'portal', actor_name = actor_name",
        "insured_id = NULL",
        "object_kind = 'master'",
        "object_kind = 'thing'",
        "object_id = gen_random_uuid()",
        "object_label = '26-999999'",
        "detail = detail || '{\"holder\": \"Other\"}'",
        "detail = '{}'",
        "agency_id = agency_id, hash = sha256('forged')",
    ] {
        let stage = Stage::with_history().await;
        stage.tamper(&format!("UPDATE audit_entries SET {change} WHERE seq = 5"));
        assert_eq!(
            stage.verified().await,
            ChainReport::BrokenAt { seq: 5 },
            "{change}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_removes_moves_or_slips_in_an_entry_is_found_where_it_was() {
    let copied = "INSERT INTO audit_entries (agency_id, seq, at, actor_kind, actor_id, actor_name, action, insured_id, \
                  object_kind, object_id, object_label, detail, hash) SELECT agency_id, 9, at, actor_kind, actor_id, \
                  actor_name, action, insured_id, object_kind, object_id, object_label, detail, hash \
                  FROM audit_entries WHERE seq = 8";
    for (what, sql, seq) in [
        ("first", "DELETE FROM audit_entries WHERE seq = 1".to_owned(), 1),
        ("middle", "DELETE FROM audit_entries WHERE seq = 5".to_owned(), 5),
        ("last", "DELETE FROM audit_entries WHERE seq = 8".to_owned(), 8),
        ("several", "DELETE FROM audit_entries WHERE seq IN (4, 5, 6)".to_owned(), 4),
        ("all", "DELETE FROM audit_entries".to_owned(), 1),
        (
            "swapped",
            "UPDATE audit_entries SET seq = -4 WHERE seq = 4; UPDATE audit_entries SET seq = 4 WHERE seq = 6; \
             UPDATE audit_entries SET seq = 6 WHERE seq = -4"
                .to_owned(),
            4,
        ),
        (
            "closed up",
            "DELETE FROM audit_entries WHERE seq = 5; UPDATE audit_entries SET seq = -seq WHERE seq > 5; \
             UPDATE audit_entries SET seq = -seq - 1 WHERE seq < 0".to_owned(),
            5,
        ),
        ("added", copied.to_owned(), 9),
        ("before the first", copied.replace(" 9,", " 0,"), 0),
    ] {
        let stage = Stage::with_history().await;
        stage.tamper(&sql);
        assert_eq!(stage.verified().await, ChainReport::BrokenAt { seq }, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_of_many_transactions_at_once_form_one_chain() {
    let stage = Stage::new().await;
    let mut running = Vec::new();
    for _ in 0..12 {
        let app = stage.app.clone();
        running.push(tokio::spawn(async move {
            let mut profile = cast::insured().profile;
            profile.customer_id = None;
            app.transaction(AGENCY, async |tx| {
                let admin: Actor = cast::administrator();
                let permit = countersign_persistence::agencies::find(tx, &admin).await?;
                let created =
                    countersign_domain::insureds::create(permit, InsuredId::from_uuid(id()), profile);
                insureds::record_created(tx, &created, cast::now()).await
            })
            .await
        }));
    }
    for task in running {
        task.await.unwrap().unwrap();
    }
    assert_eq!(stage.verified().await, ChainReport::Whole { entries: 13 });
    let sql = stage.owner_of(AGENCY).await;
    let seqs: BTreeSet<_> = sql
        .column("SELECT seq FROM audit_entries")
        .await
        .into_iter()
        .collect();
    assert_eq!(seqs.len(), 13);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolled_back_change_leaves_no_entry_and_no_gap() {
    let stage = Stage::new().await;
    let failed: Result<(), Error> = stage
        .act(async |tx| {
            let permit = countersign_persistence::agencies::find(tx, &cast::administrator()).await?;
            let created = countersign_domain::insureds::create(permit, INSURED, cast::insured().profile);
            insureds::record_created(tx, &created, cast::now()).await?;
            Err(Error::NotFound)
        })
        .await;
    assert!(failed.is_err());
    assert_eq!(stage.verified().await, ChainReport::Whole { entries: 1 });
    stage
        .insured(AGENCY, INSURED, cast::insured().profile)
        .await
        .unwrap();
    assert_eq!(stage.verified().await, ChainReport::Whole { entries: 2 });
}

#[tokio::test(flavor = "multi_thread")]
async fn each_agency_has_a_chain_of_its_own() {
    let stage = Stage::with_two_books().await;
    let other = audit::verify(&stage.app, OTHER_AGENCY).await.unwrap();
    assert_eq!(other, ChainReport::Whole { entries: 3 });
    stage.tamper("UPDATE audit_entries SET actor_name = 'X' WHERE seq = 2");
    assert_eq!(stage.verified().await, ChainReport::BrokenAt { seq: 2 });
    assert_eq!(audit::verify(&stage.app, OTHER_AGENCY).await.unwrap(), other);
}

/// Every kind of record that an entry names is one that the check knows; another one would look forged.
#[tokio::test(flavor = "multi_thread")]
async fn every_outcome_of_the_product_passes_the_check() {
    let stage = Stage::with_book().await;
    stage.open_account(&[], cast::now()).await.unwrap();
    stage.send_to(&["One"], cast::now()).await;
    let kinds: BTreeSet<_> = stage
        .owner_of(AGENCY)
        .await
        .column("SELECT DISTINCT object_kind FROM audit_entries")
        .await
        .into_iter()
        .collect();
    assert_eq!(
        kinds,
        ["agency", "certificate", "insured", "master", "portal_user"]
            .map(str::to_owned)
            .into()
    );
    assert!(matches!(stage.verified().await, ChainReport::Whole { .. }));
}
