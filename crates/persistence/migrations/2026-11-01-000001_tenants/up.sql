-- The roles, the tenant and the one function that makes a table a tenant's.

-- Group roles are of the cluster, not of the database, so another database may have made them already.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['countersign_app', 'countersign_worker', 'countersign_door'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', wanted);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
    -- Ownership of a function can be given only to a role that one is a member of.
    EXECUTE format('GRANT countersign_door TO %I', current_user);
END
$$;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

GRANT USAGE ON SCHEMA public TO countersign_app, countersign_worker, countersign_door;

-- Makes a table a tenant's: row-level security enabled and forced, rows of the current agency only.
-- After a commit a transaction-local setting reads as an empty string, and a bare cast of it raises.
CREATE FUNCTION make_tenant_table(target regclass, key_column text DEFAULT 'agency_id') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format(
        'CREATE POLICY tenant ON %s TO countersign_app, countersign_worker, %I'
        ' USING (%I = nullif(current_setting(''app.agency_id'', true), '''')::uuid)'
        ' WITH CHECK (%I = nullif(current_setting(''app.agency_id'', true), '''')::uuid)',
        target, current_user, key_column, key_column);
END
$$;
REVOKE ALL ON FUNCTION make_tenant_table(regclass, text) FROM PUBLIC;
COMMENT ON FUNCTION make_tenant_table IS 'Enables and forces row-level security by agency on a table.';

CREATE TABLE agencies (
    id uuid NOT NULL CONSTRAINT agencies_pkey PRIMARY KEY,
    slug text NOT NULL CONSTRAINT agencies_slug_unique UNIQUE,
    name text NOT NULL,
    time_zone text NOT NULL,
    line1 text, line2 text, city text, state text, postal_code text,
    phone text,
    fax text,
    email text,
    contact_name text,
    reply_to text,
    support_text text,
    accent_color text NOT NULL DEFAULT '#1f5f4a',
    authorized_representative text,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL
);
COMMENT ON TABLE agencies IS 'The tenant: an agency, the producer on a certificate.';
COMMENT ON COLUMN agencies.time_zone IS 'IANA name; the date issued is a day in this zone.';
SELECT make_tenant_table('agencies', 'id');
GRANT SELECT, UPDATE ON agencies TO countersign_app, countersign_worker;
GRANT SELECT ON agencies TO countersign_door;
CREATE POLICY door ON agencies FOR SELECT TO countersign_door USING (true);

-- The one question that precedes an agency.
CREATE FUNCTION agency_id_of_slug(wanted text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT id FROM public.agencies WHERE slug = wanted $$;
GRANT CREATE ON SCHEMA public TO countersign_door;
ALTER FUNCTION agency_id_of_slug(text) OWNER TO countersign_door;
REVOKE ALL ON FUNCTION agency_id_of_slug(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agency_id_of_slug(text) TO countersign_app, countersign_worker;

CREATE TABLE certificate_counters (
    agency_id uuid NOT NULL CONSTRAINT certificate_counters_pkey PRIMARY KEY
        CONSTRAINT certificate_counters_agency_fk REFERENCES agencies (id),
    last_number bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE certificate_counters IS 'The last certificate number given, apart from the agency so that reading the agency never waits.';
SELECT make_tenant_table('certificate_counters');
GRANT SELECT, INSERT, UPDATE ON certificate_counters TO countersign_app, countersign_worker;
