//! Policies as rows: facts that cannot be true together are no rows, whoever writes them.

use countersign_domain::authz::rules::SendCertificate;
use countersign_domain::testing::{self as cast, AGENCY, INSURED};
use countersign_persistence::{certificates, insureds};

use crate::cast::Stage;

/// What one alternative carries stands with it and with nothing else: the database holds both directions.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_contradicts_itself_is_refused() {
    let stage = Stage::with_book().await;
    let sql = stage.owner_of(AGENCY).await;
    for (constraint, statement) in [
        (
            "policies_cancellation_dated",
            "UPDATE policies SET status = 'cancelled' WHERE line = 'other'",
        ),
        (
            "policies_cancellation_dated",
            "UPDATE policies SET cancelled_on = '2026-10-01' WHERE line = 'other'",
        ),
        (
            "policies_cancellation_reasoned",
            "UPDATE policies SET cancel_reason = 'Nonpayment' WHERE line = 'other'",
        ),
        (
            "policies_auto_covers_some",
            "UPDATE policies SET coverage = jsonb_set(coverage, '{covered_autos,any}', 'false') \
             WHERE line = 'commercial_auto'",
        ),
        (
            "policies_compensation_has_basis",
            "UPDATE policies SET coverage = jsonb_set(coverage, '{per_statute}', 'false') \
             WHERE line = 'workers_compensation'",
        ),
        (
            "policies_other_limits_fit",
            "UPDATE policies SET coverage = jsonb_set(coverage, '{limits}', '[1, 2, 3, 4]') WHERE line = 'other'",
        ),
        (
            "policies_wholesaler_named",
            "UPDATE policies SET issuing_authority = 'wholesaler' WHERE line = 'other'",
        ),
        (
            "policies_wholesaler_named",
            "UPDATE policies SET wholesaler = 'Sierra Wholesale Brokers' WHERE line = 'other'",
        ),
        (
            "policies_prior_is_another",
            "UPDATE policies SET prior_id = id WHERE line = 'other'",
        ),
        (
            "policies_prior_unique",
            "UPDATE policies SET prior_id = (SELECT id FROM policies WHERE line = 'umbrella_excess') \
             WHERE line IN ('other', 'commercial_auto')",
        ),
        (
            "endorsements_days_forward",
            "UPDATE endorsements SET effective_on = '2026-06-01', ends_on = '2026-06-01'",
        ),
        (
            "endorsements_notice_has_days",
            "UPDATE endorsements SET notice_days = 30 WHERE effect = 'waiver'",
        ),
        (
            "endorsements_notice_has_days",
            "UPDATE endorsements SET effect = 'notice_of_cancellation' WHERE form_number = 'CG 24 04'",
        ),
        (
            "endorsements_schedule_has_parties",
            "UPDATE endorsements SET scope = 'scheduled'",
        ),
        (
            "endorsements_schedule_has_parties",
            "UPDATE endorsements SET scheduled_parties = '{City of Sparks}'",
        ),
        (
            "endorsements_file_whole",
            "UPDATE endorsements SET file_name = 'form.pdf'",
        ),
        (
            "endorsements_file_at_most_5_mb",
            "UPDATE endorsements SET file_name = 'form.pdf', file_size = 5000001, file_sha256 = '\\x00'",
        ),
    ] {
        let refused = sql.tried(statement).await.unwrap_err();
        assert!(refused.contains(constraint), "{statement}: {refused}");
    }
}

/// What is printed is of one moment: until it is sent, nobody changes the policies that were read for it.
#[tokio::test(flavor = "multi_thread")]
async fn policies_read_for_sending_stay_as_they_are_until_it_is_sent() {
    let stage = Stage::with_book().await;
    let other = stage.owner_of(AGENCY).await;
    other.rows("SET lock_timeout = '100ms'").await;
    let change = "UPDATE policies SET expires_on = '2027-06-01' WHERE line = 'umbrella_excess'";
    let refused = stage
        .act(async |tx| {
            let admin = cast::administrator();
            let permit = insureds::lock::<SendCertificate>(tx, &admin, INSURED).await?;
            certificates::send_facts(tx, &permit, &cast::wish(), cast::now()).await?;
            Ok(other.tried(change).await)
        })
        .await
        .unwrap();
    assert!(refused.unwrap_err().starts_with("55P03"));
    other.rows(change).await;
}
