-- What has served its time is taken away, agency by agency and under its row-level security; the one thing
-- that precedes an agency is the list of them.
CREATE FUNCTION agency_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT id FROM public.agencies ORDER BY id $$;
ALTER FUNCTION agency_ids() OWNER TO countersign_door;
REVOKE ALL ON FUNCTION agency_ids() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agency_ids() TO countersign_worker;

GRANT DELETE ON password_links TO countersign_worker;

CREATE INDEX sessions_by_end ON sessions (agency_id, expires_at);
CREATE INDEX sign_in_throttles_by_age ON sign_in_throttles (agency_id, last_failure_at);
CREATE INDEX password_links_by_age ON password_links (agency_id, created_at);
