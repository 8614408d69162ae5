//! Sending and resending against the database: one act, one number, the same bytes for ever.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use countersign_domain::authz::rules::{
    DownloadCertificate, PreviewCertificate, ResendCertificate, SendCertificate, StartBatch, ViewCertificate,
    ViewInsuredHolders,
};
use countersign_domain::authz::{Actor, Right, Rule, Verdict};
use countersign_domain::certificates::payload::CertificatePayload;
use countersign_domain::certificates::resend::{self, Resend, ResendError};
use countersign_domain::certificates::send::{self, HolderChoice, Page, SendError, Wish};
use countersign_domain::certificates::view;
use countersign_domain::holders::HolderProfile;
use countersign_domain::ids::{CertificateId, DeliveryId, HolderId, JobId, MasterId};
use countersign_domain::testing::{self as cast, AGENCY, INSURED, MASTER, OTHER_INSURED};
use countersign_persistence::audit::{self, ChainReport};
use countersign_persistence::certificates::Detail;
use countersign_persistence::{Error, batches, certificates, holders, insureds};

use crate::cast::{Stage, envelope, fresh_ids, id, send_in, wish_for};

impl Stage {
    async fn detail(&self, actor: &Actor, certificate: CertificateId) -> Detail {
        self.act(async |tx| {
            let permit = certificates::find::<ViewCertificate>(tx, actor, certificate).await?;
            certificates::detail(tx, &permit).await
        })
        .await
        .unwrap()
    }

    async fn previewed(&self, certificate: CertificateId) -> certificates::Document {
        let admin = cast::administrator();
        self.act(async |tx| {
            let permit = certificates::find::<PreviewCertificate>(tx, &admin, certificate).await?;
            let document = certificates::document_to_preview(tx, &permit).await?;
            certificates::record_viewed(tx, &view::preview(permit), cast::now()).await?;
            Ok(document)
        })
        .await
        .unwrap()
    }

    async fn downloaded(&self, certificate: CertificateId) -> certificates::Document {
        let admin = cast::administrator();
        self.act(async |tx| {
            let permit = certificates::find::<DownloadCertificate>(tx, &admin, certificate).await?;
            let document = certificates::document_to_download(tx, &permit).await?;
            certificates::record_viewed(tx, &view::download(permit), cast::now()).await?;
            Ok(document)
        })
        .await
        .unwrap()
    }

    async fn resend(
        &self,
        certificate: CertificateId,
        how: Resend,
        at: DateTime<Utc>,
    ) -> Result<(), ResendError> {
        let admin = cast::administrator();
        self.act(async |tx| {
            let permit = certificates::find::<ResendCertificate>(tx, &admin, certificate).await?;
            let facts = certificates::resend_facts(tx, &permit, at).await?;
            let (delivery, job) = (DeliveryId::from_uuid(id()), JobId::from_uuid(id()));
            match resend::resend(permit, how, facts, delivery, job, at) {
                Ok(resent) => {
                    certificates::record_resent(tx, &resent).await?;
                    Ok(Ok(()))
                }
                Err(refusal) => Ok(Err(refusal)),
            }
        })
        .await
        .unwrap()
    }

    async fn refusal(&self, certificate: CertificateId, at: DateTime<Utc>) -> Option<ResendError> {
        self.act(async |tx| {
            let permit =
                certificates::find::<ViewCertificate>(tx, &cast::administrator(), certificate).await?;
            certificates::resend_refusal(tx, &permit, at).await
        })
        .await
        .unwrap()
    }

    async fn dropdown(&self, actor: &Actor) -> Vec<(String, Option<DateTime<Utc>>)> {
        self.act(async |tx| {
            let permit = insureds::find::<ViewInsuredHolders>(tx, actor, INSURED).await?;
            let found = holders::of_insured(tx, &permit).await?;
            Ok(found
                .into_iter()
                .map(|used| (used.holder.profile.name.to_string(), used.last_used_at))
                .collect())
        })
        .await
        .unwrap()
    }

    async fn drafted(&self, actor: &Actor, wish: Wish) -> Result<Result<send::Draft, SendError>, Error> {
        self.act(async |tx| {
            let permit = insureds::lock::<SendCertificate>(tx, actor, INSURED).await?;
            let facts = certificates::send_facts(tx, &permit, &wish, cast::now()).await?;
            Ok(send::draft(
                permit,
                wish,
                facts,
                cast::text("26-000000"),
                cast::printable,
            ))
        })
        .await
    }
}

fn admin() -> Actor {
    cast::administrator()
}

fn minutes(count: i64) -> DateTime<Utc> {
    cast::now() + TimeDelta::minutes(count)
}

/// A2.01, A2.09, A2.10, A2.11, A2.12: the row, the delivery, the job and the trace are written together.
#[tokio::test(flavor = "multi_thread")]
async fn a_sent_certificate_leaves_its_row_its_delivery_its_job_and_its_trace() {
    let stage = Stage::with_book().await;
    let certificate = stage
        .send(&admin(), wish_for("Northgate Builders, Inc."), cast::now())
        .await
        .unwrap();
    let detail = stage.detail(&admin(), certificate).await;
    let row = &detail.row.certificate;
    assert_eq!((row.number.as_str(), row.revision), ("26-000001", 0));
    assert_eq!(row.holder_name, "Northgate Builders, Inc.");
    assert_eq!((row.issued_on, row.issued_at), (cast::today(), cast::now()));
    assert_eq!(
        (row.master_id, row.master_name.as_str()),
        (MASTER.uuid(), "All lines")
    );
    assert_eq!(row.description, "Roofing operations of the named insured.");
    assert_eq!((row.source.0.as_str(), row.state.0.as_str()), ("staff", "issued"));
    assert_eq!(row.issued_by_name, "Maren Voss");

    // A2.13: queued is not sent.
    let delivery = detail.row.delivery.as_ref().unwrap();
    assert_eq!((delivery.state.as_str(), delivery.accepted_at), ("queued", None));
    assert_eq!(delivery.to_addresses, ["certificates@northgate.example.com"]);

    let sql = stage.owner_of(AGENCY).await;
    assert_eq!(
        sql.column("SELECT line FROM certificate_policies ORDER BY line")
            .await,
        [
            "commercial_auto",
            "general_liability",
            "other",
            "umbrella_excess",
            "workers_compensation"
        ]
    );
    assert_eq!(
        sql.one("SELECT payload ->> 'delivery' FROM jobs WHERE kind = 'deliver_certificate'")
            .await,
        detail.deliveries[0].id.to_string()
    );
    assert_eq!(
        sql.one("SELECT action FROM audit_entries ORDER BY seq DESC LIMIT 1")
            .await,
        "certificate_sent"
    );
    assert_eq!(
        sql.one("SELECT last_used_at = '2026-11-02T18:00:00Z' AND version = 1 FROM masters")
            .await,
        "t",
        "using a master is no change of it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_reads_back_as_what_was_printed() {
    let stage = Stage::with_book().await;
    let certificate = stage
        .send(&admin(), wish_for("Northgate Builders, Inc."), cast::now())
        .await
        .unwrap();
    let detail = stage.detail(&admin(), certificate).await;
    let payload: CertificatePayload = serde_json::from_value(detail.payload).unwrap();
    let sql = stage.owner_of(AGENCY).await;
    assert_eq!(
        sql.one("SELECT fingerprint FROM certificates").await,
        payload.fingerprint().unwrap()
    );
    assert_eq!(payload.number.as_str(), "26-000001");
    assert_eq!(payload.policies().len(), 5);
    assert_eq!(payload.endorsements().len(), 5);
}

/// A2.14, A2.15, A2.22: preview and download are the stored bytes, and each look leaves its trace.
#[tokio::test(flavor = "multi_thread")]
async fn preview_download_and_stored_bytes_are_the_same() {
    use sha2::Digest as _;
    let stage = Stage::with_book().await;
    let certificate = stage.send(&admin(), wish_for("One"), cast::now()).await.unwrap();
    let (seen, saved) = (
        stage.previewed(certificate).await,
        stage.downloaded(certificate).await,
    );
    assert_eq!(seen.bytes, saved.bytes);
    assert_eq!(sha2::Sha256::digest(&seen.bytes).as_slice(), seen.sha256);
    let detail = stage.detail(&admin(), certificate).await;
    assert_eq!(detail.sha256, seen.sha256);
    assert_eq!(
        (detail.size_bytes, detail.pages),
        (i64::try_from(seen.bytes.len()).unwrap(), 1)
    );
    let sql = stage.owner_of(AGENCY).await;
    assert_eq!(
        sql.column("SELECT action FROM audit_entries ORDER BY seq DESC LIMIT 2")
            .await,
        ["certificate_downloaded", "certificate_previewed"]
    );
}

/// A2.15: an exact copy is one more delivery of the same document.
#[tokio::test(flavor = "multi_thread")]
async fn an_exact_copy_is_one_more_delivery_of_the_same_bytes() {
    let stage = Stage::with_book().await;
    let certificate = stage.send(&admin(), wish_for("One"), cast::now()).await.unwrap();
    let before = stage.detail(&admin(), certificate).await;
    stage
        .resend(certificate, Resend::ExactCopy(None), minutes(5))
        .await
        .unwrap();
    let after = stage.detail(&admin(), certificate).await;
    assert_eq!(before.sha256, after.sha256);
    assert_eq!(stage.count("documents").await, 1);
    assert_eq!(stage.count("certificates").await, 1);
    let kinds: Vec<_> = after.deliveries.iter().map(|d| d.kind.as_str()).collect();
    assert_eq!(kinds, ["exact_copy", "original"]);
    let [copy, original] = after.deliveries.as_slice() else {
        panic!("{:?}", after.deliveries);
    };
    assert_eq!(
        (&copy.to_addresses, &copy.subject, &copy.message),
        (&original.to_addresses, &original.subject, &original.message)
    );
    assert_eq!(after.row.delivery.unwrap().queued_at, minutes(5));
    assert_eq!(stage.count("jobs").await, 2);
}

/// A2.16, A2.17, A2.18: another address is used, and the old one stays in the history.
#[tokio::test(flavor = "multi_thread")]
async fn a_resend_to_another_address_keeps_the_old_one_in_the_history() {
    let stage = Stage::with_book().await;
    let certificate = stage.send(&admin(), wish_for("One"), cast::now()).await.unwrap();
    let to = envelope("claims@northgate.example.com");
    stage
        .resend(certificate, Resend::Edited(to), minutes(5))
        .await
        .unwrap();
    stage
        .resend(certificate, Resend::ExactCopy(None), minutes(6))
        .await
        .unwrap();
    let detail = stage.detail(&admin(), certificate).await;
    let to: Vec<_> = detail
        .deliveries
        .iter()
        .map(|d| (d.kind.as_str(), d.to_addresses[0].as_str()))
        .collect();
    assert_eq!(
        to,
        [
            ("exact_copy", "claims@northgate.example.com"),
            ("edited", "claims@northgate.example.com"),
            ("original", "certificates@northgate.example.com"),
        ]
    );
    let sql = stage.owner_of(AGENCY).await;
    assert_eq!(
        sql.one("SELECT detail -> 'previous_to' ->> 0 FROM audit_entries WHERE action = 'certificate_resent' ORDER BY seq LIMIT 1")
            .await,
        "certificates@northgate.example.com"
    );
}

/// A2.18: the people one could send it to: the holder's addresses and, for staff, the insured's contacts.
#[tokio::test(flavor = "multi_thread")]
async fn a_resend_offers_the_holders_addresses_and_the_insureds_contacts() {
    let stage = Stage::with_book().await;
    stage.as_owner_of(
        AGENCY,
        &format!(
            "INSERT INTO contacts (agency_id, id, insured_id, name, email) VALUES \
             ('{AGENCY}', gen_random_uuid(), '{INSURED}', 'Dana Whitfield', 'dana@aldercreek.example.com'), \
             ('{AGENCY}', gen_random_uuid(), '{INSURED}', 'No Address', NULL)"
        ),
    );
    let certificate = stage.send(&admin(), wish_for("One"), cast::now()).await.unwrap();
    let offered =
        |detail: Detail| -> Vec<String> { detail.contacts.into_iter().map(|(_, email)| email).collect() };
    assert_eq!(
        offered(stage.detail(&admin(), certificate).await),
        [
            "certificates@northgate.example.com",
            "dana@aldercreek.example.com"
        ]
    );
    let portal = cast::portal_with(&[Right::CertificatesSent]);
    assert_eq!(
        offered(stage.detail(&portal, certificate).await),
        ["certificates@northgate.example.com"]
    );
}

/// A2.19: once the term is over or the policy says something else, the view says so and the resend is refused.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_renewal_the_old_certificate_is_not_sent_again() {
    let stage = Stage::with_book().await;
    let certificate = stage.send(&admin(), wish_for("One"), cast::now()).await.unwrap();
    // Workers compensation ends at the turn of the year, in the agency's zone: eight hours after London's.
    let last = cast::moment("2027-01-01T07:59:59Z");
    assert_eq!(stage.refusal(certificate, last).await, None);
    let next = cast::moment("2027-01-01T08:00:00Z");
    let ended = stage.refusal(certificate, next).await.unwrap();
    assert_eq!(
        ended.to_string(),
        "policy WC-20417 ended on 01/01/2027; send a new certificate instead"
    );
    let refused = stage
        .resend(certificate, Resend::ExactCopy(None), next)
        .await
        .unwrap_err();
    assert_eq!(refused, ended);
    assert_eq!(stage.count("deliveries").await, 1);

    stage.as_owner_of(
        AGENCY,
        "UPDATE policies SET coverage = jsonb_set(coverage, '{aggregate}', '100') WHERE line = 'umbrella_excess'",
    );
    let changed = stage.refusal(certificate, minutes(1)).await.unwrap();
    assert!(changed.to_string().contains("UMB-5512 was changed"), "{changed}");
    assert!(
        stage
            .resend(certificate, Resend::Edited(envelope("a@example.com")), minutes(1))
            .await
            .is_err()
    );
}

/// A2.21: a holder stands in the dropdown once it was used, the latest first, also after the term has ended.
#[tokio::test(flavor = "multi_thread")]
async fn a_used_holder_stays_in_the_dropdown() {
    let stage = Stage::with_book().await;
    stage.send_to(&["One", "Two", "one"], cast::now()).await;
    let expected = [
        ("One".to_owned(), Some(minutes(2))),
        ("Two".to_owned(), Some(minutes(1))),
    ];
    assert_eq!(stage.dropdown(&admin()).await, expected);
    assert_eq!(
        stage.count("holders").await,
        2,
        "the same holder in another case is the same holder"
    );
    stage.as_owner_of(
        AGENCY,
        "UPDATE policies SET expires_on = '2026-10-01', effective_on = '2025-10-01'",
    );
    assert_eq!(stage.dropdown(&admin()).await, expected);
    let portal = cast::portal_with(&[Right::SendCertificates]);
    assert_eq!(stage.dropdown(&portal).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_is_the_same_only_at_the_same_address_and_in_care_of_the_same() {
    let stage = Stage::with_book().await;
    let profile = |change: fn(&mut HolderProfile)| {
        let mut profile = cast::holder_profile();
        change(&mut profile);
        Wish {
            holder: HolderChoice::New(profile),
            ..cast::wish()
        }
    };
    let wishes = [
        profile(|_| {}),
        profile(|p| p.care_of = Some(cast::text("Ångström & Söhne"))),
        profile(|p| p.address.line2 = Some(cast::text("Suite 4"))),
        profile(|p| p.address.city = cast::text("Sparks")),
        // Those that follow are known already.
        profile(|p| p.name = cast::text("NORTHGATE BUILDERS, INC.")),
        profile(|p| p.care_of = Some(cast::text("ÅNGSTRÖM & SÖHNE"))),
        profile(|p| p.address.line2 = Some(cast::text("SUITE 4"))),
    ];
    for (place, wish) in wishes.into_iter().enumerate() {
        stage
            .send(&admin(), wish, minutes(i64::try_from(place).unwrap()))
            .await
            .unwrap();
    }
    assert_eq!(stage.count("holders").await, 4);
    assert_eq!(stage.count("certificates").await, 7);
}

/// A2.21: a used holder stays in the dropdown unless it is one-time: that one is kept with its certificate and put away.
/// One that the library has in use already is used as it is, and not put away for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_one_time_holder_is_kept_and_offered_no_more() {
    let stage = Stage::with_book().await;
    let once = |name: &str| {
        let mut profile = cast::holder_profile();
        profile.name = cast::text(name);
        Wish {
            holder: HolderChoice::OneTime(profile),
            ..cast::wish()
        }
    };
    let archived = async |name: &str| {
        let sql = stage.owner_of(AGENCY).await;
        sql.one(&format!(
            "SELECT archived_at IS NOT NULL FROM holders WHERE name = '{name}'"
        ))
        .await
    };
    for (place, wish) in [
        once("Fairground Trust"),
        // Once more only: the same holder, still put away.
        once("FAIRGROUND TRUST"),
        wish_for("Northgate Builders, Inc."),
        once("Northgate Builders, Inc."),
    ]
    .into_iter()
    .enumerate()
    {
        stage
            .send(&admin(), wish, minutes(i64::try_from(place).unwrap()))
            .await
            .unwrap();
    }
    assert_eq!(
        (stage.count("holders").await, stage.count("certificates").await),
        (2, 4)
    );
    assert_eq!(archived("Fairground Trust").await, "t");
    assert_eq!(archived("Northgate Builders, Inc.").await, "f");
    let offered = vec![("Northgate Builders, Inc.".to_owned(), Some(minutes(2)))];
    assert_eq!(stage.dropdown(&admin()).await, offered);
    let portal = cast::portal_with(&[Right::SendCertificates]);
    assert_eq!(stage.dropdown(&portal).await, offered);

    // Whoever writes it down again without saying so wants it back.
    stage
        .send(&admin(), wish_for("Fairground Trust"), minutes(9))
        .await
        .unwrap();
    assert_eq!(archived("Fairground Trust").await, "f");
    assert_eq!(stage.dropdown(&admin()).await.len(), 2);
}

/// A1.09: in the portal a holder of another insured is as if it did not exist, even for who knows its id.
#[tokio::test(flavor = "multi_thread")]
async fn a_portal_user_picks_only_holders_of_its_own_dropdown() {
    let stage = Stage::with_book().await;
    stage.as_owner_of(
        AGENCY,
        &format!(
            "INSERT INTO holders (agency_id, id, name, line1, city, state, postal_code, created_at) \
             VALUES ('{AGENCY}', '{}', 'City of Sparks', '431 Prater Way', 'Sparks', 'NV', '89431', now())",
            cast::HOLDER
        ),
    );
    let portal = cast::portal_with(&[Right::SendCertificates]);
    let refused = stage.drafted(&portal, cast::wish()).await.unwrap().unwrap_err();
    assert_eq!(refused, SendError::HolderUnknown);
    assert!(stage.drafted(&admin(), cast::wish()).await.unwrap().is_ok());
    stage.send(&admin(), cast::wish(), cast::now()).await.unwrap();
    assert!(stage.drafted(&portal, cast::wish()).await.unwrap().is_ok());
    let nobody = Wish {
        holder: HolderChoice::Known(HolderId::from_uuid(id())),
        ..cast::wish()
    };
    let refused = stage.drafted(&admin(), nobody).await.unwrap().unwrap_err();
    assert_eq!(refused, SendError::HolderUnknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_master_of_another_insured_is_not_found() {
    let stage = Stage::with_book().await;
    let mut other = cast::insured().profile;
    other.customer_id = None;
    stage.insured(AGENCY, OTHER_INSURED, other).await.unwrap();
    let sent = stage
        .act(async |tx| send_in(tx, &admin(), OTHER_INSURED, wish_for("One"), cast::now()).await)
        .await;
    assert!(matches!(sent, Err(Error::NotFound)));
    let unknown = Wish {
        master: MasterId::from_uuid(id()),
        ..wish_for("One")
    };
    assert!(matches!(
        stage.drafted(&admin(), unknown).await,
        Err(Error::NotFound)
    ));
}

/// A1.28: the insured sends from the portal, and the log says through which door.
#[tokio::test(flavor = "multi_thread")]
async fn an_insured_sends_for_itself() {
    let stage = Stage::with_book().await;
    let portal = cast::portal_with(&[Right::SendCertificates]);
    let certificate = stage.send(&portal, wish_for("One"), cast::now()).await.unwrap();
    let row = stage.detail(&portal, certificate).await.row.certificate;
    assert_eq!(
        (row.source.0.as_str(), row.issued_by_name.as_str()),
        ("portal", portal.by().name.as_str())
    );
    let without = cast::portal_with(&[Right::CertificatesSent]);
    let refused = stage.send(&without, wish_for("One"), cast::now()).await;
    let expected = Verdict::Forbidden(Rule::RightNotGranted);
    assert!(matches!(refused, Err(Error::Denied(verdict)) if verdict == expected));
    let stranger = cast::of_other_insured(portal);
    let hidden = stage.send(&stranger, wish_for("One"), cast::now()).await;
    let expected = Verdict::Hidden(Rule::OtherInsured);
    assert!(matches!(hidden, Err(Error::Denied(verdict)) if verdict == expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn sendings_at_the_same_time_get_different_numbers_without_a_gap() {
    let stage = Stage::with_book().await;
    let mut running = Vec::new();
    for place in 0..8 {
        let app = stage.app.clone();
        running.push(tokio::spawn(async move {
            let wish = wish_for(&format!("Holder {place}"));
            app.transaction(AGENCY, async |tx| {
                send_in(tx, &cast::administrator(), INSURED, wish, cast::now()).await
            })
            .await
        }));
    }
    for task in running {
        task.await.unwrap().unwrap();
    }
    let sql = stage.owner_of(AGENCY).await;
    let numbers = sql
        .column("SELECT number FROM certificates ORDER BY number")
        .await;
    let expected: Vec<_> = (1..=8).map(|n| format!("26-{n:06}")).collect();
    assert_eq!(numbers, expected);
    let report = audit::verify(&stage.app, AGENCY).await.unwrap();
    assert_eq!(report, ChainReport::Whole { entries: 11 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sending_that_fails_gives_its_number_back_and_leaves_nothing() {
    let stage = Stage::with_book().await;
    let failed: Result<(), Error> = stage
        .act(async |tx| {
            send_in(tx, &admin(), INSURED, wish_for("Nobody"), cast::now()).await?;
            Err(Error::NotFound)
        })
        .await;
    assert!(failed.is_err());
    for table in [
        "certificates",
        "certificate_policies",
        "deliveries",
        "documents",
        "holders",
        "insured_holders",
        "jobs",
    ] {
        assert_eq!(stage.count(table).await, 0, "{table}");
    }
    let certificate = stage.send(&admin(), wish_for("One"), cast::now()).await.unwrap();
    assert_eq!(
        stage.detail(&admin(), certificate).await.row.certificate.number,
        "26-000001"
    );
}

/// The year of a number and the date issued are those of the agency's zone.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_new_years_eve_carries_the_old_year() {
    let stage = Stage::with_book().await;
    stage.as_owner_of(AGENCY, "UPDATE policies SET expires_on = '2027-06-01'");
    let eve = stage
        .send(&admin(), wish_for("One"), cast::moment("2027-01-01T07:59:59Z"))
        .await
        .unwrap();
    let day = stage
        .send(&admin(), wish_for("One"), cast::moment("2027-01-01T08:00:00Z"))
        .await
        .unwrap();
    let rows = [
        stage.detail(&admin(), eve).await.row.certificate,
        stage.detail(&admin(), day).await.row.certificate,
    ];
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.number.as_str(), row.issued_on.to_string()))
        .collect();
    assert_eq!(
        told,
        [
            ("26-000001", "2026-12-31".to_owned()),
            ("27-000002", "2027-01-01".to_owned())
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_bytes_are_stored_once() {
    let stage = Stage::with_book().await;
    for _ in 0..2 {
        stage
            .act(async |tx| {
                let wish = wish_for("One");
                let permit = insureds::lock::<SendCertificate>(tx, &admin(), INSURED).await?;
                let facts = certificates::send_facts(tx, &permit, &wish, cast::now()).await?;
                let number = certificates::next_number(tx, cast::now()).await?;
                let page = Page {
                    bytes: b"%PDF-1.7 the same".to_vec(),
                    pages: 1,
                };
                let draft = send::draft(permit, wish, facts, number, cast::printable).unwrap();
                let to = envelope("a@example.com");
                let sent = draft
                    .clear()
                    .unwrap()
                    .seal(page, to, fresh_ids(), cast::now())
                    .unwrap();
                certificates::record_sent(tx, &sent).await
            })
            .await
            .unwrap();
    }
    assert_eq!(
        (stage.count("documents").await, stage.count("certificates").await),
        (1, 2)
    );
}

/// The foreign keys hold even where code is wrong: no row of one insured's master under another insured.
#[tokio::test(flavor = "multi_thread")]
async fn ids_of_different_insureds_cannot_be_mixed_in_storage() {
    let stage = Stage::with_book().await;
    let mut other = cast::insured().profile;
    other.customer_id = None;
    stage.insured(AGENCY, OTHER_INSURED, other).await.unwrap();
    stage.send_to(&["One"], cast::now()).await;
    let sql = stage.owner_of(AGENCY).await;
    let refused = sql
        .tried(&format!("UPDATE certificates SET insured_id = '{OTHER_INSURED}'"))
        .await
        .unwrap_err();
    assert!(refused.contains("certificates_master_fk"), "{refused}");
    let foreign_form = sql
        .tried(
            "UPDATE master_lines SET waiver_id = (SELECT id FROM endorsements WHERE form_number = 'CA 04 44') \
             WHERE line = 'general_liability'",
        )
        .await
        .unwrap_err();
    assert!(foreign_form.contains("master_lines_waiver_fk"), "{foreign_form}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_certificate_has_its_own_id_and_unknown_ones_are_not_found() {
    let stage = Stage::with_book().await;
    let sent: BTreeSet<_> = stage
        .send_to(&["One", "Two"], cast::now())
        .await
        .into_iter()
        .collect();
    assert_eq!(sent.len(), 2);
    let unknown = stage
        .act(async |tx| {
            certificates::find::<ViewCertificate>(tx, &admin(), CertificateId::from_uuid(id())).await
        })
        .await;
    assert!(matches!(unknown, Err(Error::NotFound)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_certificate_is_told_whole_or_not_at_all() {
    let stage = Stage::with_book().await;
    let sent = stage.send_to(&["One", "Two"], cast::now()).await;
    let sql = stage.owner_of(AGENCY).await;
    let signed = "state_changed_at = now(), state_changed_by_name = 'Maren Voss'";
    for (lie, constraint) in [
        (
            "state = 'withdrawn', withdrawn_reason = 'Why not'".to_owned(),
            "certificates_change_signed",
        ),
        (
            format!("state = 'withdrawn', {signed}"),
            "certificates_withdrawal_reasoned",
        ),
        (
            "withdrawn_reason = 'Why not'".to_owned(),
            "certificates_withdrawal_reasoned",
        ),
        (
            format!("state = 'superseded', {signed}"),
            "certificates_successor_named",
        ),
        (
            format!("superseded_by_id = '{}'", sent[1]),
            "certificates_successor_named",
        ),
    ] {
        let statement = format!("UPDATE certificates SET {lie} WHERE id = '{}'", sent[0]);
        let refused = sql.tried(&statement).await.unwrap_err();
        assert!(refused.contains(constraint), "{statement}: {refused}");
    }
}

/// A renewal run takes so many holders; sent to, they make room for the next ones.
#[tokio::test(flavor = "multi_thread")]
async fn of_those_who_hold_a_certificate_the_ones_sent_to_longest_ago_come_first() {
    let stage = Stage::with_book().await;
    let first = async || {
        let held = stage
            .act(async |tx| {
                let permit = insureds::find::<StartBatch>(tx, &admin(), INSURED).await?;
                batches::live_from_master(tx, &permit, MASTER, 1).await
            })
            .await
            .unwrap();
        held.iter()
            .map(|each| each.payload.holder.name.to_string())
            .collect::<Vec<_>>()
    };
    for (place, name) in ["Zephyr Homes", "Alder Homes"].into_iter().enumerate() {
        let at = minutes(i64::try_from(place).unwrap());
        stage.send(&admin(), wish_for(name), at).await.unwrap();
    }
    assert_eq!(first().await, ["Zephyr Homes"]);
    stage
        .send(&admin(), wish_for("Zephyr Homes"), minutes(5))
        .await
        .unwrap();
    assert_eq!(first().await, ["Alder Homes"]);
}
