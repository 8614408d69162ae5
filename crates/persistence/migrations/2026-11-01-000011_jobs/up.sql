-- The queue: rows are written in the transaction that causes the work, claimed with a lease, and buried
-- where staff can see them.
CREATE TABLE jobs (
    agency_id uuid NOT NULL CONSTRAINT jobs_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    state text NOT NULL CONSTRAINT jobs_state_known CHECK (state IN ('queued', 'running', 'buried')),
    run_at timestamptz NOT NULL,
    claims integer NOT NULL DEFAULT 0,
    claimed_by text,
    lease_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL,
    buried_at timestamptz,
    CONSTRAINT jobs_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT jobs_lease_while_running CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CONSTRAINT jobs_buried_dated CHECK ((state = 'buried') = (buried_at IS NOT NULL))
);
COMMENT ON COLUMN jobs.payload IS 'Ids only: never bodies, never secrets.';
COMMENT ON COLUMN jobs.claims IS 'Counted when a worker takes the job, before the work starts, so that a job which kills its process is counted too.';
SELECT make_tenant_table('jobs');
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO countersign_app, countersign_worker;
GRANT SELECT, UPDATE ON jobs TO countersign_door;
CREATE POLICY door ON jobs TO countersign_door USING (true) WITH CHECK (true);
CREATE INDEX jobs_ready ON jobs (run_at, id) WHERE state = 'queued';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_buried ON jobs (agency_id, buried_at DESC, id DESC) WHERE state = 'buried';

-- Takes up to `at_most` jobs of any agency: first those whose lease ran out, then those whose time has come.
-- Two scans rather than one with OR: each walks its own index in order and stops at the limit, so a claim
-- costs the same however long the queue is.
CREATE FUNCTION claim_jobs(worker text, at_most integer, lease interval, moment timestamptz)
RETURNS TABLE (agency_id uuid, id uuid, payload jsonb, claims integer, was_running boolean, created_at timestamptz)
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
    SET state = 'running', claims = j.claims + 1, claimed_by = worker, lease_until = moment + lease
    FROM taken
    WHERE j.agency_id = taken.agency_id AND j.id = taken.id
    RETURNING j.agency_id, j.id, j.payload, j.claims, taken.was_running, j.created_at
$$;
ALTER FUNCTION claim_jobs(text, integer, interval, timestamptz) OWNER TO countersign_door;
REVOKE ALL ON FUNCTION claim_jobs(text, integer, interval, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_jobs(text, integer, interval, timestamptz) TO countersign_worker;

-- How the queue is doing, over all agencies: nothing but numbers.
CREATE FUNCTION queue_health(moment timestamptz)
RETURNS TABLE (queued bigint, running bigint, buried bigint, oldest_ready_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT count(*) FILTER (WHERE state = 'queued'),
           count(*) FILTER (WHERE state = 'running'),
           count(*) FILTER (WHERE state = 'buried'),
           coalesce(extract(epoch FROM moment - min(run_at) FILTER (WHERE state = 'queued' AND run_at <= moment)), 0)
    FROM public.jobs
$$;
ALTER FUNCTION queue_health(timestamptz) OWNER TO countersign_door;
REVOKE ALL ON FUNCTION queue_health(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION queue_health(timestamptz) TO countersign_app, countersign_worker;

CREATE FUNCTION announce_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('countersign_jobs', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER jobs_announced AFTER INSERT OR UPDATE OF run_at ON jobs
    FOR EACH STATEMENT EXECUTE FUNCTION announce_job();

CREATE TABLE worker_heartbeats (
    worker text NOT NULL CONSTRAINT worker_heartbeats_pkey PRIMARY KEY,
    seen_at timestamptz NOT NULL
);
COMMENT ON TABLE worker_heartbeats IS 'When each worker was last seen working; of the installation, not of an agency.';
GRANT SELECT ON worker_heartbeats TO countersign_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON worker_heartbeats TO countersign_worker;
