-- The audit trail: insert-only, chained by hash within an agency.
CREATE TABLE audit_entries (
    agency_id uuid NOT NULL CONSTRAINT audit_entries_agency_fk REFERENCES agencies (id),
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    actor_kind text NOT NULL CONSTRAINT audit_entries_actor_kind_known CHECK (actor_kind IN ('staff', 'portal', 'system')),
    actor_id uuid,
    actor_name text NOT NULL,
    action text NOT NULL,
    insured_id uuid,
    object_kind text NOT NULL,
    object_id uuid,
    object_label text NOT NULL,
    detail jsonb NOT NULL,
    request_id uuid,
    hash bytea NOT NULL,
    CONSTRAINT audit_entries_pkey PRIMARY KEY (agency_id, seq)
);
COMMENT ON COLUMN audit_entries.actor_name IS 'The name at that time; it outlives the account.';
COMMENT ON COLUMN audit_entries.hash IS 'SHA-256 over the entry before and this one.';
SELECT make_tenant_table('audit_entries');
GRANT SELECT, INSERT ON audit_entries TO countersign_app, countersign_worker;
CREATE INDEX audit_entries_of_insured ON audit_entries (agency_id, insured_id, seq DESC);

CREATE TABLE audit_heads (
    agency_id uuid NOT NULL CONSTRAINT audit_heads_pkey PRIMARY KEY
        CONSTRAINT audit_heads_agency_fk REFERENCES agencies (id),
    seq bigint NOT NULL,
    hash bytea NOT NULL
);
COMMENT ON TABLE audit_heads IS 'The newest entry of each agency; locked by whoever appends.';
SELECT make_tenant_table('audit_heads');
GRANT SELECT, INSERT, UPDATE ON audit_heads TO countersign_app, countersign_worker;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER audit_entries_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER documents_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON documents
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
