-- Replies kept so that a repeated request is answered and not carried out twice.
CREATE TABLE idempotency_keys (
    agency_id uuid NOT NULL CONSTRAINT idempotency_keys_agency_fk REFERENCES agencies (id),
    principal uuid NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    request_sha256 bytea NOT NULL,
    status integer NOT NULL,
    body jsonb,
    created_at timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (agency_id, principal, operation, key)
);
COMMENT ON TABLE idempotency_keys IS 'Written in the business transaction: effect and reply commit together. Kept seven days.';
SELECT make_tenant_table('idempotency_keys');
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO countersign_app, countersign_worker;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
