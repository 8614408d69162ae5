//! The agency's customers: written, changed, listed in every order, found by search.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use countersign_domain::agency;
use countersign_domain::authz::rules::{
    EditAgency, EditInsured, ListHolders, ListInsureds, Search, ViewAgency, ViewInsured, ViewPolicies,
};
use countersign_domain::authz::{Actor, Permission, Right, Rule, Verdict};
use countersign_domain::ids::{InsuredId, PolicyId};
use countersign_domain::insureds::{self as insured, Profile};
use countersign_domain::policies::{Policy, Status, words};
use countersign_domain::portal::AccountStanding;
use countersign_domain::testing::{self as cast, AGENCY, INSURED};
use countersign_domain::text::{EmailAddress, UsState};
use countersign_persistence::holders::HolderFilter;
use countersign_persistence::insureds::{InsuredFilter, InsuredRow, InsuredSort};
use countersign_persistence::search::{self, Hit};
use countersign_persistence::{Constraint, Error, PageRequest, agencies, holders, insureds, policies};
use uuid::Uuid;

use crate::cast::{Stage, first, id};

fn profile(name: &str, city: &str) -> Profile {
    let mut profile = cast::insured().profile;
    profile.name = cast::text(name);
    profile.address.city = cast::text(city);
    profile.customer_id = None;
    profile.email = None;
    profile
}

fn filter(sort: InsuredSort) -> InsuredFilter {
    InsuredFilter {
        text: None,
        state: None,
        today: cast::today(),
        sort,
    }
}

impl Stage {
    async fn add(&self, name: &str, city: &str) -> InsuredId {
        let id = InsuredId::from_uuid(id());
        self.insured(AGENCY, id, profile(name, city)).await.unwrap();
        id
    }

    /// A policy of an insured that ends on this day.
    fn cover(&self, insured: InsuredId, expires_on: &str, change: impl FnOnce(&mut Policy)) {
        let mut policy = cast::umbrella();
        policy.id = PolicyId::from_uuid(id());
        policy.number = cast::text(&format!("UMB {}", policy.id));
        policy.expires_on = cast::day(expires_on);
        policy.effective_on = policy.expires_on - chrono::TimeDelta::days(365);
        change(&mut policy);
        self.policies(AGENCY, insured, &[policy]);
    }

    async fn listed(&self, filter: &InsuredFilter) -> Vec<InsuredRow> {
        let scope = cast::administrator().scope::<ListInsureds>().unwrap();
        let page = self
            .act(async |tx| insureds::list(tx, &scope, filter, &first(200)).await)
            .await
            .unwrap();
        assert!(page.next.is_none());
        page.rows
    }

    async fn names(&self, filter: &InsuredFilter) -> Vec<String> {
        self.listed(filter)
            .await
            .into_iter()
            .map(|row| row.name)
            .collect()
    }

    /// The same list, two rows at a time.
    async fn names_by_pages(&self, filter: &InsuredFilter) -> Vec<String> {
        let scope = cast::administrator().scope::<ListInsureds>().unwrap();
        let mut page = first(2);
        let mut names = Vec::new();
        loop {
            let found = self
                .act(async |tx| insureds::list(tx, &scope, filter, &page).await)
                .await
                .unwrap();
            names.extend(found.rows.into_iter().map(|row| row.name));
            if found.next.is_none() {
                return names;
            }
            page.after = found.next;
        }
    }

    async fn hits(&self, actor: &Actor, text: &str) -> Vec<Hit> {
        self.act(async |tx| {
            let permit = agencies::find::<Search>(tx, actor).await?;
            search::search(tx, &permit, text).await
        })
        .await
        .unwrap()
    }

    async fn found(&self, actor: &Actor, id: InsuredId) -> Result<insured::Insured, Error> {
        self.act(async |tx| insureds::find::<ViewInsured>(tx, actor, id).await)
            .await
            .map(countersign_domain::authz::Permit::into_target)
    }

    async fn edit(&self, change: impl FnOnce(&mut Profile)) -> Result<(), Error> {
        self.act(async |tx| {
            let permit = insureds::lock::<EditInsured>(tx, &cast::administrator(), INSURED).await?;
            let mut profile = permit.profile.clone();
            change(&mut profile);
            insureds::record_edited(tx, &insured::edit(permit, profile), cast::now()).await
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insured_reads_back_as_it_was_written() {
    let stage = Stage::with_book().await;
    let found = stage.found(&cast::administrator(), INSURED).await.unwrap();
    assert_eq!(found, cast::insured());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_insured_shows_its_portal_account_once_there_is_one() {
    let stage = Stage::with_book().await;
    stage.open_account(&[], cast::now()).await.unwrap();
    let account = stage
        .found(&cast::administrator(), INSURED)
        .await
        .unwrap()
        .account
        .unwrap();
    assert_eq!(
        (account.id, account.standing),
        (cast::PORTAL_USER, AccountStanding::Invited)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_written_and_counted() {
    let stage = Stage::with_book().await;
    stage
        .edit(|profile| {
            profile.dba = Some(cast::text("Alder Creek"));
            profile.email = None;
        })
        .await
        .unwrap();
    let found = stage.found(&cast::administrator(), INSURED).await.unwrap();
    assert_eq!(found.version, 2);
    assert_eq!(found.profile.dba, Some(cast::text("Alder Creek")));
    assert_eq!(found.profile.email, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_from_an_old_version_is_refused_and_names_the_current_one() {
    let stage = Stage::with_book().await;
    let stale = stage
        .act(async |tx| {
            let permit = insureds::find::<EditInsured>(tx, &cast::administrator(), INSURED).await?;
            let edited = insured::edit(permit, cast::insured().profile);
            stage
                .edit(|profile| profile.dba = Some(cast::text("Faster")))
                .await?;
            insureds::record_edited(tx, &edited, cast::now()).await
        })
        .await;
    assert!(matches!(stale, Err(Error::Stale { current: 2 })), "{stale:?}");
    let kept = stage.found(&cast::administrator(), INSURED).await.unwrap();
    assert_eq!(kept.profile.dba, Some(cast::text("Faster")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_number_is_given_once() {
    let stage = Stage::with_book().await;
    let twin = stage
        .insured(AGENCY, InsuredId::from_uuid(id()), cast::insured().profile)
        .await;
    assert!(matches!(
        twin,
        Err(Error::Conflict(Constraint::InsuredCustomerIdUnique))
    ));
    assert_eq!(stage.count("insureds").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_an_insured_is_told_so_and_who_is_another_is_not() {
    let stage = Stage::with_book().await;
    let clerk = cast::staff_with(&[Permission::ViewCertificates]);
    let forbidden = Verdict::Forbidden(Rule::GroupDoesNotOpen);
    assert!(matches!(stage.found(&clerk, INSURED).await, Err(Error::Denied(v)) if v == forbidden));
    let stranger = cast::of_other_insured(cast::portal_with(Right::ALL));
    let hidden = Verdict::Hidden(Rule::OtherInsured);
    assert!(matches!(stage.found(&stranger, INSURED).await, Err(Error::Denied(v)) if v == hidden));
    let unknown = InsuredId::from_uuid(id());
    assert!(matches!(
        stage.found(&cast::administrator(), unknown).await,
        Err(Error::NotFound)
    ));
}

/// A1.02: every order is complete, also in pages of two, and ties are broken the same way in each.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_complete_in_every_order_and_page() {
    let stage = Stage::new().await;
    for (name, city, end) in [
        ("beacon Hill Towing", "Reno", Some("2026-12-01")),
        ("Alder Creek Roofing LLC", "Sparks", Some("2027-03-01")),
        ("Ángel's Bakery", "Elko", None),
        ("Cedar & Sons", "reno", Some("2026-11-20")),
        ("Cedar & Sons", "Carson City", Some("2026-11-20")),
        ("Zephyr Cove Marina", "Elko", None),
        ("ÅNGSTRÖM Optics", "Sparks", Some("2026-11-02")),
    ] {
        let insured = stage.add(name, city).await;
        if let Some(end) = end {
            stage.cover(insured, end, |_| {});
        }
    }
    let sorts = [
        InsuredSort::Name,
        InsuredSort::NameDescending,
        InsuredSort::City,
        InsuredSort::CityDescending,
        InsuredSort::NextExpiration,
    ];
    for sort in sorts {
        let whole = stage.names(&filter(sort)).await;
        assert_eq!(whole.len(), 7, "{sort:?}");
        assert_eq!(stage.names_by_pages(&filter(sort)).await, whole, "{sort:?}");
    }
    let by_name = stage.names(&filter(InsuredSort::Name)).await;
    let mut backward = stage.names(&filter(InsuredSort::NameDescending)).await;
    backward.reverse();
    assert_eq!(by_name, backward);
    let place = |name: &str| by_name.iter().position(|other| other == name).unwrap();
    assert!(place("Alder Creek Roofing LLC") < place("beacon Hill Towing"));
    assert!(place("beacon Hill Towing") < place("Cedar & Sons"));
    let by_end = stage.listed(&filter(InsuredSort::NextExpiration)).await;
    let ends: Vec<_> = by_end.iter().map(|row| row.next_expiration_on).collect();
    let day = |text| Some(cast::day(text));
    assert_eq!(
        ends,
        [
            day("2026-11-20"),
            day("2026-11-20"),
            day("2026-12-01"),
            day("2027-03-01"),
            None,
            None,
            None
        ],
        "what ended today is not in force any more"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_counts_only_policies_in_force() {
    let stage = Stage::with_book().await;
    stage.cover(INSURED, "2026-11-02", |_| {});
    stage.cover(INSURED, "2027-12-01", |policy| {
        policy.effective_on = cast::day("2026-11-03")
    });
    stage.cover(INSURED, "2026-11-30", |policy| policy.status = Status::Quoted);
    stage.cover(INSURED, "2026-11-30", |policy| {
        policy.status = cast::cancelled("2026-10-01");
    });
    let count = |rows: Vec<InsuredRow>| (rows[0].policy_count, rows[0].next_expiration_on);
    let rows = stage.listed(&filter(InsuredSort::Name)).await;
    assert_eq!(count(rows), (5, Some(cast::day("2027-01-01"))));
    // A cancellation that is still to come: until its day the policy covers, and that day is its end.
    stage.cover(INSURED, "2027-11-30", |policy| {
        policy.effective_on = cast::day("2026-01-01");
        policy.status = cast::cancelled("2026-11-10");
    });
    let rows = stage.listed(&filter(InsuredSort::Name)).await;
    assert_eq!(count(rows), (6, Some(cast::day("2026-11-10"))));
}

/// What the list counts as in force is what the domain calls in force, on any day.
#[tokio::test(flavor = "multi_thread")]
async fn the_list_and_the_domain_agree_on_what_is_in_force() {
    let stage = Stage::with_book().await;
    let mut all = cast::policies();
    for (place, status) in words::Status::ALL.iter().enumerate() {
        let mut policy = cast::umbrella();
        policy.id = PolicyId::from_uuid(id());
        policy.number = cast::text(&format!("P{place}"));
        policy.status = Status::of(*status, None, None).unwrap_or_else(|_| cast::cancelled("2026-08-15"));
        all.push(policy.clone());
        stage.policies(AGENCY, INSURED, &[policy]);
    }
    let read = stage
        .act(async |tx| {
            let permit = insureds::find::<ViewPolicies>(tx, &cast::administrator(), INSURED).await?;
            policies::list(tx, &permit).await
        })
        .await
        .unwrap();
    let ids = |policies: &[Policy]| policies.iter().map(|policy| policy.id).collect::<BTreeSet<_>>();
    assert_eq!(ids(&read), ids(&all));
    for policy in &all {
        let mut found = read.iter().find(|other| other.id == policy.id).unwrap().clone();
        found.endorsements.sort_by_key(|form| form.id);
        assert_eq!(&found, policy);
    }
    for today in [
        "2026-02-28",
        "2026-03-01",
        "2026-08-14",
        "2026-08-15",
        "2027-02-28",
        "2027-03-01",
    ] {
        let today: NaiveDate = cast::day(today);
        let expected = all
            .iter()
            .filter(|policy| policy.standing(today) == countersign_domain::policies::Standing::InForce)
            .count();
        let mut filter = filter(InsuredSort::Name);
        filter.today = today;
        let rows = stage.listed(&filter).await;
        assert_eq!(rows[0].policy_count, i64::try_from(expected).unwrap(), "{today}");
        let scope = cast::administrator().scope::<ListInsureds>().unwrap();
        let (counts, _) = stage
            .act(async |tx| insureds::home(tx, &scope, today, cast::now()).await)
            .await
            .unwrap();
        assert_eq!(
            counts.policies_in_force,
            i64::try_from(expected).unwrap(),
            "{today}"
        );
    }
}

/// A1.02: a list is searched by name, other name, email and policy number, in any case.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_searched_by_all_that_people_remember() {
    let stage = Stage::with_book().await;
    stage.add("Beacon Hill Towing", "Reno").await;
    stage
        .edit(|profile| profile.dba = Some(cast::text("ACR Exteriors")))
        .await
        .unwrap();
    let search = |text: &str| {
        let mut filter = filter(InsuredSort::Name);
        filter.text = Some(text.to_owned());
        filter
    };
    for text in [
        "alder",
        "CREEK ROOF",
        "exteriors",
        "office@ALDERcreek",
        "gl-7741",
        "7741206",
    ] {
        let found = stage.names(&search(text)).await;
        assert_eq!(found, ["Alder Creek Roofing LLC"], "{text}");
    }
    assert!(stage.names(&search("%")).await.is_empty());
    let mut elsewhere = filter(InsuredSort::Name);
    elsewhere.state = Some(UsState::parse("CA").unwrap().to_string());
    assert!(stage.names(&elsewhere).await.is_empty());
    elsewhere.state = Some("NV".to_owned());
    assert_eq!(stage.names(&elsewhere).await.len(), 2);
}

/// A2.05: global search reaches an insured by name, policy number, certificate number and email.
#[tokio::test(flavor = "multi_thread")]
async fn search_leads_to_the_profile_from_every_side() {
    let stage = Stage::with_book().await;
    stage.send_to(&["Northgate Builders, Inc."], cast::now()).await;
    for (text, kind, matched) in [
        ("alder", "insured", "name"),
        ("OFFICE@aldercreek", "insured", "email"),
        ("gl-7741206", "policy", "policy_number"),
        ("26-000001", "certificate", "certificate_number"),
        ("northgate", "holder", "name"),
    ] {
        let hits = stage.hits(&cast::administrator(), text).await;
        let told: Vec<_> = hits
            .iter()
            .map(|hit| (hit.kind.as_str(), hit.matched.as_str(), hit.insured_id))
            .collect();
        assert_eq!(told, [(kind, matched, Some(INSURED.uuid()))], "{text}");
    }
    assert!(stage.hits(&cast::administrator(), "%").await.is_empty());
    assert!(stage.hits(&cast::administrator(), "nobody").await.is_empty());
}

/// What a list would not show, search does not find.
#[tokio::test(flavor = "multi_thread")]
async fn search_finds_only_what_the_lists_would_show() {
    let stage = Stage::with_book().await;
    stage.send_to(&["Alder Street Lending"], cast::now()).await;
    let kinds = |hits: Vec<Hit>| hits.into_iter().map(|hit| hit.kind).collect::<Vec<_>>();
    let clerk = cast::staff_with(&[Permission::ViewInsureds]);
    assert_eq!(kinds(stage.hits(&clerk, "alder").await), ["insured"]);
    assert!(stage.hits(&clerk, "26-0000").await.is_empty());
    let colleague = cast::staff_with(&[Permission::ViewInsureds, Permission::ViewCertificates]);
    assert_eq!(
        kinds(stage.hits(&colleague, "alder").await),
        ["insured", "holder"]
    );
    assert_eq!(kinds(stage.hits(&colleague, "26-0000").await), ["certificate"]);
    let refused = stage
        .act(async |tx| agencies::find::<Search>(tx, &cast::portal_with(Right::ALL)).await)
        .await;
    assert!(matches!(refused, Err(Error::Denied(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn search_answers_with_twenty_hits_at_most() {
    let stage = Stage::with_book().await;
    for place in 0..12 {
        stage.add(&format!("Acme {place}"), "Reno").await;
    }
    let holders: Vec<_> = (0..8).map(|place| format!("Acme Holder {place}")).collect();
    stage
        .send_to(
            &holders.iter().map(String::as_str).collect::<Vec<_>>(),
            cast::now(),
        )
        .await;
    let hits = stage.hits(&cast::administrator(), "acme").await;
    let count = |kind: &str| hits.iter().filter(|hit| hit.kind == kind).count();
    assert_eq!((count("insured"), count("holder")), (8, 5));
    assert!(hits.len() <= 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_library_of_holders_is_paged_by_name_in_any_script() {
    let stage = Stage::with_book().await;
    let names = [
        "ΟΔΟΣ Ltd",
        "İstanbul Trading",
        "Zeta",
        "alpha",
        "Alpha",
        "ẞ Holding",
        "Éclair",
    ];
    for (place, name) in names.iter().enumerate() {
        // Holders of one name stand at several addresses.
        stage.as_owner_of(
            AGENCY,
            &format!(
                "INSERT INTO holders (agency_id, id, name, line1, city, state, postal_code, created_at) VALUES \
                 ('{AGENCY}', '{}', '{name}', '{place} Main Street', 'Reno', 'NV', '89501', now())",
                Uuid::from_u128(0xbeef - u128::try_from(place).unwrap())
            ),
        );
    }
    let scope = cast::administrator().scope::<ListHolders>().unwrap();
    let list = |text: Option<&'static str>, page: PageRequest| {
        let (stage, scope) = (&stage, &scope);
        async move {
            stage
                .act(async |tx| {
                    holders::list(
                        tx,
                        scope,
                        HolderFilter {
                            text,
                            archived: false,
                            group: None,
                        },
                        &page,
                    )
                    .await
                })
                .await
                .unwrap()
        }
    };
    let whole: Vec<_> = list(None, first(50))
        .await
        .rows
        .into_iter()
        .map(|h| h.profile.name.to_string())
        .collect();
    assert_eq!(whole.len(), names.len());
    let mut page = first(1);
    let mut by_pages = Vec::new();
    loop {
        let found = list(None, page.clone()).await;
        by_pages.extend(
            found
                .rows
                .into_iter()
                .map(|holder| holder.profile.name.to_string()),
        );
        if found.next.is_none() {
            break;
        }
        page.after = found.next;
    }
    assert_eq!(by_pages, whole);
    let found = list(Some("ALPHA"), first(50)).await.rows;
    assert_eq!(found.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_home_page_counts_and_names_what_ends_within_thirty_days() {
    let stage = Stage::with_book().await;
    stage.send_to(&["One", "Two"], cast::now()).await;
    stage.cover(INSURED, "2026-12-02", |_| {});
    stage.cover(INSURED, "2026-12-03", |_| {});
    stage.cover(INSURED, "2026-11-02", |_| {});
    stage.cover(INSURED, "2026-11-20", |policy| policy.status = Status::Quoted);
    let scope = cast::administrator().scope::<ListInsureds>().unwrap();
    let (counts, expiring) = stage
        .act(async |tx| insureds::home(tx, &scope, cast::today(), cast::now()).await)
        .await
        .unwrap();
    assert_eq!(
        (
            counts.insureds,
            counts.policies_in_force,
            counts.certificates_30_days
        ),
        (1, 7, 2)
    );
    let ends: Vec<_> = expiring.iter().map(|policy| policy.expires_on).collect();
    assert_eq!(ends, [cast::day("2026-12-02")]);
    assert_eq!(expiring[0].insured_name, "Alder Creek Roofing LLC");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agencys_profile_is_written_and_guarded_by_its_version() {
    let stage = Stage::new().await;
    let changed = |profile: &mut agency::AgencyProfile| {
        profile.reply_to = EmailAddress::parse("replies@summitridge.example.com").ok();
        profile.address = None;
        profile.support_text = Some(cast::text("Call us from 8 to 5."));
    };
    let stale = stage
        .act(async |tx| {
            let permit = agencies::find::<EditAgency>(tx, &cast::administrator()).await?;
            let mut profile = permit.profile.clone();
            changed(&mut profile);
            let edited = agency::edit(permit, profile);
            agencies::record_edited(tx, &edited, cast::now()).await?;
            agencies::record_edited(tx, &edited, cast::now()).await
        })
        .await;
    assert!(matches!(stale, Err(Error::Stale { current: 2 })), "{stale:?}");
    let written = stage
        .act(async |tx| {
            let permit = agencies::find::<EditAgency>(tx, &cast::administrator()).await?;
            let mut profile = permit.profile.clone();
            changed(&mut profile);
            agencies::record_edited(tx, &agency::edit(permit, profile.clone()), cast::now()).await?;
            let now = agencies::find::<ViewAgency>(tx, &cast::administrator()).await?;
            assert_eq!((&now.profile, now.version), (&profile, 2));
            agencies::card(tx).await
        })
        .await
        .unwrap();
    assert_eq!(
        written.producer(),
        None,
        "without an address nothing can be printed"
    );
    let refused = stage
        .act(async |tx| agencies::find::<EditAgency>(tx, &cast::staff_with(&[])).await)
        .await;
    assert!(matches!(refused, Err(Error::Denied(_))));
}
