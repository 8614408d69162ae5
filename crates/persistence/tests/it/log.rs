//! The log of certificates: filters that mean whole days of the agency's zone, names in any case, and pages
//! that lose nothing while the log grows.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use countersign_domain::authz::rules::ListCertificates;
use countersign_domain::authz::{Actor, Right, Rule, Verdict};
use countersign_domain::certificates::delivery::DeliveryState;
use countersign_domain::ids::InsuredId;
use countersign_domain::testing::{self as cast, AGENCY, INSURED, MASTER, OTHER_INSURED};
use countersign_persistence::certificates::{self, CertificateFilter, CertificateRow};
use countersign_persistence::{Page, PageRequest};
use uuid::Uuid;

use crate::cast::{Stage, first, id, send_in, wish_for};
use crate::sql::Sql;

impl Stage {
    async fn page(
        &self,
        actor: &Actor,
        filter: &CertificateFilter,
        page: &PageRequest,
    ) -> Page<CertificateRow> {
        let scope = actor.scope::<ListCertificates>().unwrap();
        self.act(async |tx| certificates::list(tx, &scope, filter, page).await)
            .await
            .unwrap()
    }

    /// The holders of all rows that a filter leaves, in the order of the log.
    async fn holders(&self, filter: CertificateFilter) -> Vec<String> {
        let page = self.page(&cast::administrator(), &filter, &first(200)).await;
        assert!(page.next.is_none());
        page.rows
            .into_iter()
            .map(|row| row.certificate.holder_name)
            .collect()
    }

    /// Another insured with a book of its own: the same cover under other ids.
    async fn other_insured(&self) {
        let mut profile = cast::insured().profile;
        profile.customer_id = None;
        profile.name = cast::text("Pinecrest Landscaping LLC");
        self.insured(AGENCY, OTHER_INSURED, profile).await.unwrap();
        let mut policy = cast::umbrella();
        policy.id = countersign_domain::ids::PolicyId::from_uuid(id());
        policy.number = cast::text("UMB-9000");
        policy.named_insured = cast::text("Pinecrest Landscaping LLC");
        let policies = [policy];
        self.policies(AGENCY, OTHER_INSURED, &policies);
        let master = countersign_domain::ids::MasterId::from_uuid(Uuid::from_u128(0xc9));
        self.master(AGENCY, OTHER_INSURED, master, cast::selection(&policies))
            .await
            .unwrap();
        self.act(async |tx| {
            let wish = countersign_domain::certificates::send::Wish {
                master,
                ..wish_for("Their holder")
            };
            send_in(tx, &cast::administrator(), OTHER_INSURED, wish, cast::now()).await
        })
        .await
        .unwrap();
    }
}

fn days(from: Option<&str>, until: Option<&str>) -> CertificateFilter {
    CertificateFilter {
        from: from.map(cast::day),
        until: until.map(cast::day),
        ..CertificateFilter::default()
    }
}

fn holder(text: &str) -> CertificateFilter {
    CertificateFilter {
        holder: Some(text.to_owned()),
        ..CertificateFilter::default()
    }
}

/// A book whose policies cover a year from March on, and certificates at these moments, each for a holder
/// that is named after its moment.
async fn sent_at(moments: &[&str]) -> Stage {
    let stage = Stage::with_book().await;
    stage.as_owner_of(
        AGENCY,
        "UPDATE policies SET effective_on = '2026-03-01', expires_on = '2027-06-01'",
    );
    for text in moments {
        let at: DateTime<Utc> = cast::moment(text);
        stage
            .send(&cast::administrator(), wish_for(text), at)
            .await
            .unwrap();
    }
    stage
}

/// A2.23: both days are included, from their first moment to their last, in the agency's zone.
#[tokio::test(flavor = "multi_thread")]
async fn a_range_of_days_includes_both_its_ends() {
    let stage = sent_at(&[
        // Pacific daylight time: the day is 07:00 to 07:00.
        "2026-06-09T06:59:59.999999Z",
        "2026-06-09T07:00:00Z",
        "2026-06-10T06:59:59.999999Z",
        "2026-06-10T07:00:00Z",
        "2026-06-11T06:59:59.999999Z",
        "2026-06-11T07:00:00Z",
    ])
    .await;
    assert_eq!(
        stage.holders(days(Some("2026-06-09"), Some("2026-06-09"))).await,
        ["2026-06-10T06:59:59.999999Z", "2026-06-09T07:00:00Z"]
    );
    assert_eq!(
        stage.holders(days(Some("2026-06-09"), Some("2026-06-10"))).await,
        [
            "2026-06-11T06:59:59.999999Z",
            "2026-06-10T07:00:00Z",
            "2026-06-10T06:59:59.999999Z",
            "2026-06-09T07:00:00Z"
        ]
    );
    assert_eq!(
        stage.holders(days(Some("2026-06-11"), None)).await,
        ["2026-06-11T07:00:00Z"]
    );
    assert_eq!(
        stage.holders(days(None, Some("2026-06-08"))).await,
        ["2026-06-09T06:59:59.999999Z"]
    );
    assert!(
        stage
            .holders(days(Some("2026-06-10"), Some("2026-06-09")))
            .await
            .is_empty()
    );
}

/// A2.23: the day on which clocks turn back has 25 hours, the one on which they go forward 23.
#[tokio::test(flavor = "multi_thread")]
async fn a_day_on_which_clocks_change_is_one_whole_day() {
    let stage = sent_at(&[
        // Back: 1 November 2026 lasts from 07:00 to 08:00 of the next day.
        "2026-11-01T06:59:59Z",
        "2026-11-01T07:00:00Z",
        "2026-11-02T07:59:59Z",
        "2026-11-02T08:00:00Z",
        // Forward: 14 March 2027 lasts from 08:00 to 07:00 of the next day.
        "2027-03-14T07:59:59Z",
        "2027-03-14T08:00:00Z",
        "2027-03-15T06:59:59Z",
        "2027-03-15T07:00:00Z",
    ])
    .await;
    assert_eq!(
        stage.holders(days(Some("2026-11-01"), Some("2026-11-01"))).await,
        ["2026-11-02T07:59:59Z", "2026-11-01T07:00:00Z"]
    );
    assert_eq!(
        stage.holders(days(Some("2027-03-14"), Some("2027-03-14"))).await,
        ["2027-03-15T06:59:59Z", "2027-03-14T08:00:00Z"]
    );
}

/// A2.10, A2.23: what a row shows as its day is the day by which it is found.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_found_by_the_day_it_shows() {
    let stage = sent_at(&[
        "2026-04-01T06:30:00Z",
        "2026-07-04T23:30:00Z",
        "2026-11-01T08:30:00Z",
        "2026-11-01T09:30:00Z",
        "2027-02-28T08:00:00Z",
    ])
    .await;
    let all = stage
        .page(&cast::administrator(), &CertificateFilter::default(), &first(50))
        .await;
    for row in all.rows {
        let day: NaiveDate = row.certificate.issued_on;
        let filter = CertificateFilter {
            from: Some(day),
            until: Some(day),
            ..CertificateFilter::default()
        };
        assert!(
            stage.holders(filter).await.contains(&row.certificate.holder_name),
            "{day}"
        );
    }
}

/// A2.24: any part of the name, in any case.
#[tokio::test(flavor = "multi_thread")]
async fn a_holder_is_found_by_any_part_of_its_name_in_any_case() {
    let stage = Stage::with_book().await;
    stage
        .send_to(
            &[
                "Northgate Builders, Inc.",
                "City of Sparks",
                "100% Roofing_Co",
                "Åsgård Homes",
            ],
            cast::now(),
        )
        .await;
    assert_eq!(stage.holders(holder("BUILD")).await, ["Northgate Builders, Inc."]);
    assert_eq!(stage.holders(holder("of sp")).await, ["City of Sparks"]);
    assert_eq!(stage.holders(holder("åsg")).await, ["Åsgård Homes"]);
    assert_eq!(stage.holders(holder("inc.")).await, ["Northgate Builders, Inc."]);
    // What a person types is text, not a pattern.
    assert_eq!(stage.holders(holder("0% R")).await, ["100% Roofing_Co"]);
    assert_eq!(stage.holders(holder("_")).await, ["100% Roofing_Co"]);
    assert!(stage.holders(holder("%%")).await.is_empty());
    assert!(stage.holders(holder("\\")).await.is_empty());
    assert!(
        stage
            .holders(holder("'; DROP TABLE certificates; --"))
            .await
            .is_empty()
    );
}

/// A2.23, A2.24: filters narrow each other.
#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_each_other() {
    let stage = Stage::with_book().await;
    stage
        .send_to(&["City of Sparks", "City of Reno"], cast::now())
        .await;
    stage
        .send_to(&["City of Sparks"], cast::now() + TimeDelta::days(3))
        .await;
    let mut filter = days(None, Some("2026-11-02"));
    filter.holder = Some("sparks".to_owned());
    assert_eq!(stage.holders(filter.clone()).await.len(), 1);
    filter.master = Some(MASTER.uuid());
    filter.state = Some("issued".to_owned());
    filter.insured = Some(INSURED);
    filter.sent_by = Some("VOSS".to_owned());
    filter.source = Some("staff".to_owned());
    assert_eq!(stage.holders(filter.clone()).await.len(), 1);
    for change in [
        |filter: &mut CertificateFilter| filter.master = Some(id()),
        |filter: &mut CertificateFilter| filter.state = Some("withdrawn".to_owned()),
        |filter: &mut CertificateFilter| filter.insured = Some(InsuredId::from_uuid(id())),
        |filter: &mut CertificateFilter| filter.sent_by = Some("somebody else".to_owned()),
        |filter: &mut CertificateFilter| filter.source = Some("portal".to_owned()),
    ] {
        let mut other = filter.clone();
        change(&mut other);
        assert!(stage.holders(other).await.is_empty());
    }
}

/// A2.08: every page together is the whole log, newest first, while certificates keep coming.
#[tokio::test(flavor = "multi_thread")]
async fn pages_skip_nothing_and_repeat_nothing_while_the_log_grows() {
    let stage = Stage::with_book().await;
    let names: Vec<_> = (0..13).map(|n| format!("Holder {n:02}")).collect();
    // Three certificates share each moment, so that ties are broken by their ids.
    for (place, name) in names.iter().enumerate() {
        let at = cast::now() + TimeDelta::minutes(i64::try_from(place / 3).unwrap());
        stage
            .send(&cast::administrator(), wish_for(name), at)
            .await
            .unwrap();
    }
    let mut page = first(4);
    let mut seen = Vec::new();
    loop {
        let found = stage
            .page(&cast::administrator(), &CertificateFilter::default(), &page)
            .await;
        assert!(found.rows.len() == 4 || found.next.is_none());
        seen.extend(found.rows);
        let Some(next) = found.next else { break };
        // The cursor travels as text.
        let text = serde_json::to_string(&next).unwrap();
        page = PageRequest {
            limit: 4,
            after: Some(serde_json::from_str(&text).unwrap()),
        };
        stage
            .send_to(&["Newcomer"], cast::now() + TimeDelta::hours(1))
            .await;
    }
    let moments: Vec<_> = seen.iter().map(|row| row.certificate.issued_at).collect();
    assert!(moments.windows(2).all(|pair| pair[0] >= pair[1]), "{moments:?}");
    let mut holders: Vec<_> = seen.into_iter().map(|row| row.certificate.holder_name).collect();
    holders.sort();
    assert_eq!(holders, names);
}

/// A2.23: however many holders bear a text, the pages are those of the whole log without the others.
#[tokio::test(flavor = "multi_thread")]
async fn pages_of_many_holders_with_one_text_are_the_log_without_the_others() {
    let stage = Stage::with_book().await;
    // Each moment sees three holders, and each holder is sent to several times, out of step with the others.
    for turn in 0..24 {
        let at = cast::now() + TimeDelta::minutes(i64::from(turn / 3));
        let name = match turn * 5 % 9 {
            8 => "Elsewhere LLC".to_owned(),
            n => format!("Wilder Homes {n}"),
        };
        stage
            .send(&cast::administrator(), wish_for(&name), at)
            .await
            .unwrap();
    }
    // One was renamed since: its old certificates do not bear the text that is looked for.
    stage.as_owner_of(
        AGENCY,
        "UPDATE certificates SET holder_name = 'Before the merger' WHERE holder_name = 'Wilder Homes 3' \
         AND issued_at > '2026-11-02T18:03:00Z'",
    );
    let of = |filter: CertificateFilter, limit: u16| {
        let stage = &stage;
        async move {
            let mut page = first(limit);
            let mut seen = Vec::new();
            loop {
                let found = stage.page(&cast::administrator(), &filter, &page).await;
                seen.extend(
                    found
                        .rows
                        .into_iter()
                        .map(|row| (row.certificate.id, row.certificate.holder_name)),
                );
                let Some(next) = found.next else { return seen };
                page.after = Some(next);
            }
        }
    };
    let mut expected = of(CertificateFilter::default(), 200).await;
    expected.retain(|(_, name)| name.starts_with("Wilder"));
    assert!(expected.len() > 15, "{}", expected.len());
    for limit in [1, 2, 5] {
        assert_eq!(of(holder("wilder"), limit).await, expected, "{limit} a page");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_exactly_full_is_the_last_one() {
    let stage = Stage::with_book().await;
    stage.send_to(&["One", "Two"], cast::now()).await;
    let admin = cast::administrator();
    let page = stage.page(&admin, &CertificateFilter::default(), &first(2)).await;
    assert_eq!((page.rows.len(), page.next), (2, None));
    let page = stage.page(&admin, &CertificateFilter::default(), &first(1)).await;
    assert!(page.rows.len() == 1 && page.next.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_user_sees_its_own_insureds_certificates_only() {
    let stage = Stage::with_book().await;
    stage.other_insured().await;
    stage.send_to(&["One"], cast::now()).await;
    let listed = |actor: Actor, filter: CertificateFilter| {
        let stage = &stage;
        async move {
            let page = stage.page(&actor, &filter, &first(50)).await;
            page.rows
                .into_iter()
                .map(|row| row.certificate.holder_name)
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(
        listed(cast::administrator(), CertificateFilter::default())
            .await
            .len(),
        2
    );
    for right in [Right::CertificatesSent, Right::SendCertificates] {
        let portal = cast::portal_with(&[right]);
        assert_eq!(
            listed(portal.clone(), CertificateFilter::default()).await,
            ["One"]
        );
        let nosy = CertificateFilter {
            insured: Some(OTHER_INSURED),
            ..CertificateFilter::default()
        };
        assert!(listed(portal, nosy).await.is_empty());
    }
    let refused = cast::portal_with(&[Right::FileAccess]).scope::<ListCertificates>();
    assert_eq!(refused.unwrap_err(), Verdict::Forbidden(Rule::RightNotGranted));
}

/// A2.13: the row shows the newest sending, and "accepted" only once the relay said so.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_shows_its_newest_sending() {
    let stage = Stage::with_book().await;
    let sent = stage.send_to(&["One", "Two"], cast::now()).await;
    stage.as_owner_of(
        AGENCY,
        &format!(
            "UPDATE deliveries SET state = 'accepted', accepted_at = '2026-11-02T18:05:00Z' WHERE certificate_id = '{0}'; \
             INSERT INTO deliveries (agency_id, id, certificate_id, kind, to_addresses, subject, state, last_error, \
                 requested_by_kind, requested_by_name, queued_at) \
             VALUES ('{AGENCY}', gen_random_uuid(), '{0}', 'edited', '{{b@example.com}}', 'Again', 'deferred', \
                 '451 later', 'staff', 'Maren Voss', '2026-11-02T19:00:00Z')",
            sent[0]
        ),
    );
    let page = stage
        .page(&cast::administrator(), &CertificateFilter::default(), &first(10))
        .await;
    let told: Vec<_> = page
        .rows
        .iter()
        .map(|row| {
            let delivery = row.delivery.as_ref().unwrap();
            (
                row.certificate.holder_name.as_str(),
                delivery.state.as_str(),
                delivery.last_error.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [("Two", "queued", None), ("One", "deferred", Some("451 later"))]
    );

    // What becomes of an older one later on is not what the row tells.
    stage.as_owner_of(
        AGENCY,
        &format!(
            "UPDATE deliveries SET state = 'failed', accepted_at = NULL, last_error = '550 no such user' \
             WHERE certificate_id = '{}' AND kind = 'original'",
            sent[0]
        ),
    );
    let page = stage
        .page(&cast::administrator(), &CertificateFilter::default(), &first(10))
        .await;
    let state = |row: &CertificateRow| row.delivery.clone().map(|delivery| delivery.state);
    assert_eq!(
        page.rows.iter().map(state).collect::<Vec<_>>(),
        [Some(DeliveryState::Queued), Some(DeliveryState::Deferred)]
    );
}

/// What the row tells of its newest sending is the database's to keep: nobody who works for an agency may write it.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_database_tells_a_certificate_of_its_sending() {
    let stage = Stage::with_book().await;
    stage.send_to(&["One"], cast::now()).await;
    for connection in [Sql::app(&stage.db).await, Sql::worker(&stage.db).await] {
        let refused = connection
            .tried("UPDATE certificates SET delivery_state = 'accepted'")
            .await
            .unwrap_err();
        assert!(refused.contains("permission denied"), "{refused}");
    }
}

/// A certificate hears of its mail by one change of its row. A second one in the same transaction would have the database
/// look its insured and its batch up again, and wait for whoever holds them: a batch that is being sent holds both, and
/// waits for the insured in turn.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_accepted_waits_for_nobody_who_holds_the_insured() {
    let stage = Stage::with_book().await;
    stage.send_to(&["One"], cast::now()).await;
    let holding = stage.owner_of(AGENCY).await;
    holding.rows("BEGIN; SELECT FROM insureds FOR UPDATE").await;
    let told = stage.owner_of(AGENCY).await;
    let accepted = "SET lock_timeout = '1s'; \
        UPDATE deliveries SET state = 'accepted', accepted_at = '2026-11-02T18:05:00Z'";
    told.tried(accepted).await.unwrap();
    let emailed =
        "SELECT delivery_state || ' ' || (delivery_emailed_at = '2026-11-02T18:05:00Z') FROM certificates";
    assert_eq!(told.one(emailed).await, "accepted true");
    holding.rows("ROLLBACK").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sending_is_accepted_exactly_when_the_moment_is_known() {
    let stage = Stage::with_book().await;
    stage.send_to(&["One"], cast::now()).await;
    let sql = stage.owner_of(AGENCY).await;
    for lie in [
        "UPDATE deliveries SET state = 'accepted'",
        "UPDATE deliveries SET accepted_at = now()",
    ] {
        let refused = sql.tried(lie).await.unwrap_err();
        assert!(refused.contains("deliveries_accepted_dated"), "{refused}");
    }
}

/// A2.24: accents and other marks on letters are no obstacle, in what is searched or in what is looked for.
#[tokio::test(flavor = "multi_thread")]
async fn a_holder_is_found_with_and_without_its_accents() {
    let stage = Stage::with_book().await;
    let names = ["Müller & Söhne GmbH", "Łódź Tower Owner LLC", "100% Organic"];
    stage.send_to(&names, cast::now()).await;
    for (text, wanted) in [
        ("muller", &names[..1]),
        ("MÜLLER", &names[..1]),
        ("& sohne", &names[..1]),
        ("lodz", &names[1..2]),
        ("ŁÓDŹ", &names[1..2]),
        ("0%", &names[2..]),
        // The wide form of a wildcard is a character like any other.
        ("％", &names[2..]),
        ("＿", &names[..0]),
        ("m_ller", &names[..0]),
    ] {
        assert_eq!(stage.holders(holder(text)).await, wanted, "{text}");
    }
}

/// The log is searched by what it printed, whatever its holder is called since.
#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_was_renamed_is_found_under_the_name_that_was_printed() {
    let stage = Stage::with_book().await;
    stage.send_to(&["Nordtor Bau"], cast::now()).await;
    stage.as_owner_of(
        AGENCY,
        "UPDATE holders SET name = 'Northgate Builders' WHERE name = 'Nordtor Bau'",
    );
    assert_eq!(stage.holders(holder("nordtor")).await, ["Nordtor Bau"]);
    assert_eq!(stage.holders(holder("northgate")).await, [""; 0]);
}

/// A search reads the index over names, though row-level security would keep it from that.
#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_name_is_looked_up_in_an_index() {
    let stage = Stage::new().await;
    let sql = stage.owner_of(AGENCY).await;
    sql.rows(&format!(
        "INSERT INTO holders (agency_id, id, name, line1, city, state, postal_code, emails, created_at) \
         SELECT '{AGENCY}', gen_random_uuid(), 'Holder ' || md5(n::text), '1 A St', 'Reno', 'NV', '89501', '{{}}', now() \
         FROM generate_series(1, 3000) n"
    ))
    .await;
    // So that the index is in order, and the planner knows what it holds.
    sql.rows("VACUUM ANALYZE holders").await;
    let plan = sql
        .column(
            "SET enable_seqscan = off; SET ROLE countersign_door; \
             EXPLAIN SELECT id FROM holders WHERE agency_id = nullif(current_setting('app.agency_id', true), '')::uuid \
             AND names_folded LIKE folded_anywhere('northgate')",
        )
        .await
        .join("\n");
    assert!(plan.contains("holders_names_trigrams"), "{plan}");
    assert!(plan.contains("(names_folded ~~ '%northgate%'::text)"), "{plan}");
}

/// The day on which the only certificate's cover ends, as the log tells it.
async fn cover_ends(stage: &Stage) -> String {
    let page = stage
        .page(&cast::administrator(), &CertificateFilter::default(), &first(1))
        .await;
    page.rows[0].certificate.cover_ends_on.to_string()
}

/// A certificate that names a cancelled policy, or whose term has ended, says so: the database follows what becomes of
/// the policies, whoever writes them.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_follows_the_policies_that_it_prints() {
    let stage = Stage::with_book().await;
    stage.send_to(&["One"], cast::now()).await;
    let printed = cast::policies().into_iter().map(|policy| policy.expires_on);
    let term = printed.min().unwrap();
    let (term, earlier) = (term.to_string(), (term - TimeDelta::days(40)).to_string());
    let middle = "2026-11-20";
    assert_eq!(cover_ends(&stage).await, term);
    for (change, day) in [
        (
            format!("status = 'cancelled', cancelled_on = '{middle}' WHERE line = 'umbrella_excess'"),
            middle,
        ),
        // A second one that ends later changes nothing; taken back, the first one lets it come forward.
        (
            format!("status = 'cancelled', cancelled_on = '{earlier}' WHERE line = 'general_liability'"),
            middle,
        ),
        (
            "status = 'active', cancelled_on = NULL WHERE line = 'umbrella_excess'".to_owned(),
            earlier.as_str(),
        ),
        (
            "status = 'active', cancelled_on = NULL WHERE line = 'general_liability'".to_owned(),
            term.as_str(),
        ),
        // A term that is written longer does not make the print last longer; a shorter one counts.
        ("expires_on = '2031-01-01'".to_owned(), term.as_str()),
        (
            format!("expires_on = '{earlier}' WHERE line = 'commercial_auto'"),
            earlier.as_str(),
        ),
    ] {
        stage.as_owner_of(AGENCY, &format!("UPDATE policies SET {change}"));
        assert_eq!(cover_ends(&stage).await, day, "{change}");
    }
    let ended = |day| CertificateFilter {
        cover_ends_to: Some(cast::day(day)),
        ..CertificateFilter::default()
    };
    assert_eq!(stage.holders(ended(earlier.as_str())).await, ["One"]);
    assert_eq!(stage.holders(ended(middle)).await, [""; 0]);
}

/// What is known of a cancellation that is ahead stands on the certificate from the moment of issue.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_issued_with_the_day_that_a_known_cancellation_takes_effect() {
    let stage = Stage::with_book().await;
    stage.as_owner_of(
        AGENCY,
        "UPDATE policies SET status = 'cancelled', cancelled_on = '2026-12-15' WHERE line = 'umbrella_excess'",
    );
    stage.send_to(&["One"], cast::now()).await;
    assert_eq!(cover_ends(&stage).await, "2026-12-15");
}

/// The policies of one agency say nothing to the certificates of another, though they have the same ids.
#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_stays_within_its_agency() {
    let stage = Stage::with_two_books().await;
    stage.send_to(&["One"], cast::now()).await;
    let before = cover_ends(&stage).await;
    stage.as_owner_of(
        countersign_domain::testing::OTHER_AGENCY,
        "UPDATE policies SET status = 'cancelled', cancelled_on = '2026-11-20'",
    );
    assert_eq!(cover_ends(&stage).await, before);
}

/// Nobody who works for an agency may write how long a certificate shows cover.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_database_says_until_when_a_certificate_shows_cover() {
    let stage = Stage::with_book().await;
    stage.send_to(&["One"], cast::now()).await;
    for connection in [Sql::app(&stage.db).await, Sql::worker(&stage.db).await] {
        let refused = connection
            .tried("UPDATE certificates SET cover_ends_on = '2031-01-01'")
            .await
            .unwrap_err();
        assert!(refused.contains("permission denied"), "{refused}");
    }
}

/// A sending to many holders makes thousands of deliveries before the database looks at what is in the table. Each of
/// them is taken up, and ended, without a look at the others.
#[tokio::test(flavor = "multi_thread")]
async fn one_of_many_new_deliveries_is_found_by_its_id() {
    let stage = Stage::with_book().await;
    let sent = stage.send_to(&["One"], cast::now()).await;
    let many = |state: &str, accepted_at: &str| {
        format!(
            "INSERT INTO deliveries (agency_id, id, certificate_id, kind, to_addresses, subject, state, accepted_at, \
                 requested_by_kind, requested_by_name, queued_at) \
             SELECT '{AGENCY}', gen_random_uuid(), '{}', 'exact_copy', '{{b@example.com}}', 'Again', '{state}', \
                 {accepted_at}, 'staff', 'Maren Voss', '2026-11-02T19:00:00Z' FROM generate_series(1, 2000)",
            sent[0]
        )
    };
    let statements = [
        "DELETE FROM deliveries; ALTER TABLE deliveries SET (autovacuum_enabled = false)".to_owned(),
        many("accepted", "'2026-11-02T19:00:01Z'"),
        "ANALYZE deliveries".to_owned(),
        many("queued", "NULL"),
    ];
    for statement in statements {
        stage.as_owner_of(AGENCY, &statement);
    }
    let worker = Sql::worker(&stage.db).await;
    for still in [
        "state = 'queued'",
        "state <> 'accepted'",
        "state IN ('queued', 'deferred', 'sending')",
    ] {
        let plan = worker
            .column(&format!(
                "SELECT set_config('app.agency_id', '{AGENCY}', false); \
                 EXPLAIN UPDATE deliveries SET state = 'sending' \
                 WHERE agency_id = '{AGENCY}' AND id = '{AGENCY}' AND {still}"
            ))
            .await
            .join("\n");
        assert!(
            plan.contains("Index Cond") && plan.contains("(id = "),
            "{still}: {plan}"
        );
    }
}
