COMMENT ON COLUMN endorsements.scheduled_parties IS NULL;
COMMENT ON COLUMN endorsements.notice_days IS NULL;
COMMENT ON COLUMN policies.cancelled_on IS NULL;
ALTER TABLE endorsements
    DROP CONSTRAINT endorsements_schedule_has_parties,
    DROP CONSTRAINT endorsements_notice_days_forward,
    DROP CONSTRAINT endorsements_notice_has_days;
ALTER TABLE policies
    DROP CONSTRAINT policies_other_limits_fit,
    DROP CONSTRAINT policies_compensation_has_basis,
    DROP CONSTRAINT policies_auto_covers_some,
    DROP CONSTRAINT policies_cancellation_reasoned,
    DROP CONSTRAINT policies_cancellation_dated,
    ADD CONSTRAINT policies_cancellation_dated CHECK (status <> 'cancelled' OR cancelled_on IS NOT NULL);
