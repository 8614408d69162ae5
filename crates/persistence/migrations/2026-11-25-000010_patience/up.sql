-- Patience counts from the first claim, and a claim is known by a number that never comes again.
ALTER TABLE jobs
    ADD COLUMN first_claimed_at timestamptz,
    ADD COLUMN fence bigint NOT NULL DEFAULT 0,
    ADD COLUMN unanswered boolean NOT NULL DEFAULT false,
    ADD COLUMN request_id uuid;
COMMENT ON COLUMN jobs.created_at IS 'When it was queued; run_at is when its next attempt is due.';
COMMENT ON COLUMN jobs.first_claimed_at IS 'When the first attempt began; patience counts from here. Null again when a person tries a buried job once more.';
COMMENT ON COLUMN jobs.fence IS 'Counts every claim and is never set back, so that a worker whose claim is over can end nothing.';
COMMENT ON COLUMN jobs.unanswered IS 'An earlier attempt handed its message over and never heard the answer, so one more copy is the last.';
COMMENT ON COLUMN jobs.request_id IS 'The request that caused it; its mail bears it.';

DROP FUNCTION claim_jobs(text, integer, interval, timestamptz);
-- Takes up to `at_most` jobs of any agency: first those whose lease ran out, then those whose time has come.
-- Two scans rather than one with OR: each walks its own index in order and stops at the limit, so a claim
-- costs the same however long the queue is.
CREATE FUNCTION claim_jobs(worker text, at_most integer, lease interval, moment timestamptz)
RETURNS TABLE (agency_id uuid, id uuid, payload jsonb, claims integer, was_running boolean, created_at timestamptz,
               first_claimed_at timestamptz, fence bigint, unanswered boolean, request_id uuid)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH lapsed AS (
        SELECT j.agency_id, j.id, true AS was_running
        FROM public.jobs j
        WHERE j.state = 'running' AND j.lease_until < moment
        ORDER BY j.lease_until
        LIMIT at_most
        FOR UPDATE SKIP LOCKED
    ), ready AS (
        SELECT j.agency_id, j.id, false AS was_running
        FROM public.jobs j
        WHERE j.state = 'queued' AND j.run_at <= moment
        ORDER BY j.run_at, j.id
        LIMIT at_most - (SELECT count(*) FROM lapsed)
        FOR UPDATE SKIP LOCKED
    ), taken AS (
        SELECT * FROM lapsed UNION ALL SELECT * FROM ready
    )
    UPDATE public.jobs j
    SET state = 'running', claims = j.claims + 1, fence = j.fence + 1, claimed_by = worker,
        lease_until = moment + lease, first_claimed_at = coalesce(j.first_claimed_at, moment)
    FROM taken
    WHERE j.agency_id = taken.agency_id AND j.id = taken.id
    RETURNING j.agency_id, j.id, j.payload, j.claims, taken.was_running, j.created_at, j.first_claimed_at, j.fence,
              j.unanswered, j.request_id
$$;
ALTER FUNCTION claim_jobs(text, integer, interval, timestamptz) OWNER TO countersign_door;
REVOKE ALL ON FUNCTION claim_jobs(text, integer, interval, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_jobs(text, integer, interval, timestamptz) TO countersign_worker;
