DROP INDEX deliveries_unsettled;
DROP FUNCTION deliveries_by_state();
DROP POLICY door ON deliveries;
REVOKE SELECT ON deliveries FROM countersign_door;
DROP FUNCTION queue_by_kind(timestamptz);
DROP FUNCTION queue_health(timestamptz);
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
