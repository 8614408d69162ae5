-- A job whose worker ended without a word waits like any other, so its age counts.
CREATE OR REPLACE FUNCTION queue_health(moment timestamptz)
RETURNS TABLE (queued bigint, running bigint, buried bigint, oldest_ready_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT count(*) FILTER (WHERE state = 'queued'),
           count(*) FILTER (WHERE state = 'running'),
           count(*) FILTER (WHERE state = 'buried'),
           coalesce(extract(epoch FROM moment - least(
               min(run_at) FILTER (WHERE state = 'queued' AND run_at <= moment),
               min(lease_until) FILTER (WHERE state = 'running' AND lease_until < moment))), 0)
    FROM public.jobs
$$;

-- The same for each kind of job: nothing but numbers, over all agencies.
CREATE FUNCTION queue_by_kind(moment timestamptz)
RETURNS TABLE (kind text, queued bigint, running bigint, buried bigint, oldest_ready_seconds double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT kind,
           count(*) FILTER (WHERE state = 'queued'),
           count(*) FILTER (WHERE state = 'running'),
           count(*) FILTER (WHERE state = 'buried'),
           coalesce(extract(epoch FROM moment - least(
               min(run_at) FILTER (WHERE state = 'queued' AND run_at <= moment),
               min(lease_until) FILTER (WHERE state = 'running' AND lease_until < moment))), 0)
    FROM public.jobs
    GROUP BY kind
$$;
ALTER FUNCTION queue_by_kind(timestamptz) OWNER TO countersign_door;
REVOKE ALL ON FUNCTION queue_by_kind(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION queue_by_kind(timestamptz) TO countersign_app, countersign_worker;

-- Deliveries that did not end well (yet), by state, over all agencies. Accepted ones are left out: they are
-- counted when they happen, and counting them again would read the whole table.
GRANT SELECT ON deliveries TO countersign_door;
CREATE POLICY door ON deliveries FOR SELECT TO countersign_door USING (true);
CREATE FUNCTION deliveries_by_state()
RETURNS TABLE (state text, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT state, count(*) FROM public.deliveries WHERE state <> 'accepted' GROUP BY state
$$;
ALTER FUNCTION deliveries_by_state() OWNER TO countersign_door;
REVOKE ALL ON FUNCTION deliveries_by_state() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION deliveries_by_state() TO countersign_app, countersign_worker;
CREATE INDEX deliveries_unsettled ON deliveries (state) WHERE state <> 'accepted';
