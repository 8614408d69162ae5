-- What belongs to one alternative only (the day of a cancellation, the days of a notice, the parties of a
-- schedule) stands with it, and with nothing else.
ALTER TABLE policies NO FORCE ROW LEVEL SECURITY;
ALTER TABLE endorsements NO FORCE ROW LEVEL SECURITY;
UPDATE policies SET cancelled_on = NULL, cancel_reason = NULL
    WHERE status <> 'cancelled' AND (cancelled_on IS NOT NULL OR cancel_reason IS NOT NULL);
UPDATE endorsements SET notice_days = NULL WHERE effect <> 'notice_of_cancellation' AND notice_days IS NOT NULL;
UPDATE endorsements SET scheduled_parties = '{}' WHERE scope <> 'scheduled' AND scheduled_parties <> '{}';
ALTER TABLE policies FORCE ROW LEVEL SECURITY;
ALTER TABLE endorsements FORCE ROW LEVEL SECURITY;

ALTER TABLE policies
    DROP CONSTRAINT policies_cancellation_dated,
    ADD CONSTRAINT policies_cancellation_dated CHECK ((status = 'cancelled') = (cancelled_on IS NOT NULL)),
    ADD CONSTRAINT policies_cancellation_reasoned CHECK (status = 'cancelled' OR cancel_reason IS NULL),
    ADD CONSTRAINT policies_auto_covers_some CHECK (
        line <> 'commercial_auto'
        OR jsonb_path_exists(coverage, '$.covered_autos.* ? (@ == true)')
        OR coverage ? 'extra_boxes'),
    ADD CONSTRAINT policies_compensation_has_basis CHECK (
        line <> 'workers_compensation'
        OR coverage @> '{"per_statute": true}'
        OR coverage ->> 'other_basis' IS NOT NULL),
    ADD CONSTRAINT policies_other_limits_fit CHECK (
        line <> 'other' OR jsonb_array_length(coverage -> 'limits') <= 3);
COMMENT ON CONSTRAINT policies_other_limits_fit ON policies IS 'The free row of a certificate has room for three limits.';
ALTER TABLE endorsements
    ADD CONSTRAINT endorsements_notice_has_days CHECK (
        (effect = 'notice_of_cancellation') = (notice_days IS NOT NULL)),
    ADD CONSTRAINT endorsements_notice_days_forward CHECK (notice_days BETWEEN 1 AND 365),
    ADD CONSTRAINT endorsements_schedule_has_parties CHECK (
        (scope = 'scheduled') = (cardinality(scheduled_parties) > 0));
COMMENT ON COLUMN policies.cancelled_on IS 'Day on which a cancellation takes effect; only a cancelled policy has one.';
COMMENT ON COLUMN endorsements.notice_days IS 'Days of notice; only a form that gives notice of cancellation has them.';
COMMENT ON COLUMN endorsements.scheduled_parties IS 'The parties on the schedule; only a scheduled form has them.';
