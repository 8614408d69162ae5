//! Policies as rows: facts that cannot be true together are no rows, whoever writes them.

use countersign_domain::testing::AGENCY;

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
    ] {
        let refused = sql.tried(statement).await.unwrap_err();
        assert!(refused.contains(constraint), "{statement}: {refused}");
    }
}
