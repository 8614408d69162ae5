//! Master certificates: who sees which, and what a change does.

use countersign_domain::authz::rules::{EditMaster, ViewMaster, ViewMasters};
use countersign_domain::authz::{Actor, Right, Rule, Verdict};
use countersign_domain::certificates::master::{self, MasterError, Selection};
use countersign_domain::ids::MasterId;
use countersign_domain::policies::Line;
use countersign_domain::testing::{self as cast, AGENCY, INSURED, MASTER, OTHER_INSURED};
use countersign_persistence::{Constraint, Error, insureds, masters, policies};

use crate::cast::{Stage, id};

impl Stage {
    async fn edit_master(&self, change: impl FnOnce(&mut Selection)) -> Result<(), Error> {
        self.act(async |tx| {
            let permit = masters::lock::<EditMaster>(tx, &cast::administrator(), MASTER).await?;
            let policies = policies::facts_for_edited_master(tx, &permit).await?;
            let mut selection = permit.selection.clone();
            change(&mut selection);
            let edited = master::edit(permit, selection, &policies, cast::now()).unwrap();
            masters::record_edited(tx, &edited).await
        })
        .await
    }

    async fn found_master(&self, actor: &Actor) -> Result<master::Master, Error> {
        self.act(async |tx| masters::find::<ViewMaster>(tx, actor, MASTER).await)
            .await
            .map(countersign_domain::authz::Permit::into_target)
    }

    async fn master_names(&self, actor: &Actor) -> Vec<(String, usize)> {
        self.act(async |tx| {
            let permit = insureds::find::<ViewMasters>(tx, actor, INSURED).await?;
            let found = masters::list(tx, &permit).await?;
            let told = found
                .into_iter()
                .map(|(m, policies)| (m.selection.name.to_string(), policies.len()));
            Ok(told.collect())
        })
        .await
        .unwrap()
    }
}

/// A2.25: what was selected is read back as it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_master_reads_back_as_it_was_written() {
    let stage = Stage::with_book().await;
    let found = stage.found_master(&cast::administrator()).await.unwrap();
    assert_eq!(found, cast::master(&cast::policies()));
    let selected = stage
        .act(async |tx| {
            let permit = masters::find::<ViewMaster>(tx, &cast::administrator(), MASTER).await?;
            masters::policies_of(tx, &permit).await
        })
        .await
        .unwrap();
    let mut lines: Vec<_> = selected
        .iter()
        .map(countersign_domain::policies::Policy::line)
        .collect();
    lines.sort();
    assert_eq!(lines, Line::ALL);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_replaces_the_sections_and_counts_the_version() {
    let stage = Stage::with_book().await;
    stage
        .edit_master(|selection| {
            selection.lines.retain(|line, _| *line == Line::GeneralLiability);
            selection.name = cast::text("Liability only");
            selection.valid_until = Some(cast::day("2026-12-31"));
        })
        .await
        .unwrap();
    let found = stage.found_master(&cast::administrator()).await.unwrap();
    assert_eq!(found.version, 2);
    assert_eq!(found.selection.name.as_str(), "Liability only");
    assert_eq!(found.selection.lines.len(), 1);
    assert_eq!(found.selection.valid_until, Some(cast::day("2026-12-31")));
    assert_eq!(
        stage.master_names(&cast::administrator()).await,
        [("Liability only".to_owned(), 1)]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_from_an_old_version_is_refused_and_names_the_current_one() {
    let stage = Stage::with_book().await;
    let stale = stage
        .act(async |tx| {
            let permit = masters::find::<EditMaster>(tx, &cast::administrator(), MASTER).await?;
            let policies = policies::facts_for_edited_master(tx, &permit).await?;
            let selection = permit.selection.clone();
            let edited = master::edit(permit, selection, &policies, cast::now()).unwrap();
            // Somebody else was faster.
            stage
                .edit_master(|selection| selection.portal_usable = false)
                .await?;
            masters::record_edited(tx, &edited).await
        })
        .await;
    assert!(matches!(stale, Err(Error::Stale { current: 2 })), "{stale:?}");
    let kept = stage.found_master(&cast::administrator()).await.unwrap();
    assert!(!kept.selection.portal_usable && kept.selection.lines.len() == 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_an_insureds_own() {
    let stage = Stage::with_book().await;
    let again = MasterId::from_uuid(id());
    let selection = || cast::selection(&cast::policies());
    let refused = stage.master(AGENCY, INSURED, again, selection()).await;
    assert!(matches!(
        refused,
        Err(Error::Conflict(Constraint::MasterNameUnique))
    ));
    let mut other = selection();
    other.name = cast::text("Another");
    stage.master(AGENCY, INSURED, again, other).await.unwrap();
    let taken = stage
        .edit_master(|selection| selection.name = cast::text("Another"))
        .await;
    assert!(matches!(
        taken,
        Err(Error::Conflict(Constraint::MasterNameUnique))
    ));
}

/// A1.28: the portal sees the masters that were opened to it and no others.
#[tokio::test(flavor = "multi_thread")]
async fn the_portal_sees_only_masters_that_were_opened_to_it() {
    let stage = Stage::with_book().await;
    let mut closed = cast::selection(&[cast::umbrella()]);
    closed.name = cast::text("For the bank");
    closed.portal_usable = false;
    let closed_id = MasterId::from_uuid(id());
    stage.master(AGENCY, INSURED, closed_id, closed).await.unwrap();
    let both = [("All lines".to_owned(), 5), ("For the bank".to_owned(), 1)];
    assert_eq!(stage.master_names(&cast::administrator()).await, both);
    let portal = cast::portal_with(&[Right::SendCertificates]);
    assert_eq!(stage.master_names(&portal).await, both[..1]);
    assert!(stage.found_master(&portal).await.is_ok());
    let hidden = stage
        .act(async |tx| masters::find::<ViewMaster>(tx, &portal, closed_id).await)
        .await;
    let expected = Verdict::Hidden(Rule::NotOpenedToPortal);
    assert!(matches!(hidden, Err(Error::Denied(verdict)) if verdict == expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_master_selects_only_from_its_own_insureds_policies() {
    let stage = Stage::with_book().await;
    let mut other = cast::insured().profile;
    other.customer_id = None;
    stage.insured(AGENCY, OTHER_INSURED, other).await.unwrap();
    let known = stage
        .act(async |tx| {
            let permit = insureds::find::<countersign_domain::authz::rules::CreateMaster>(
                tx,
                &cast::administrator(),
                OTHER_INSURED,
            )
            .await?;
            let policies = policies::facts_for_new_master(tx, &permit).await?;
            let selection = cast::selection(&cast::policies());
            let refused = master::create(
                permit,
                MasterId::from_uuid(id()),
                selection,
                &policies,
                cast::now(),
            );
            assert_eq!(
                refused.unwrap_err(),
                MasterError::ForeignPolicy(Line::GeneralLiability)
            );
            Ok(policies.len())
        })
        .await
        .unwrap();
    assert_eq!(known, 0);
}
