-- Issued certificates, their bytes, and each sending of them.
CREATE TABLE documents (
    agency_id uuid NOT NULL CONSTRAINT documents_agency_fk REFERENCES agencies (id),
    sha256 bytea NOT NULL CONSTRAINT documents_sha256_length CHECK (octet_length(sha256) = 32),
    bytes bytea NOT NULL,
    pages integer NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT documents_pkey PRIMARY KEY (agency_id, sha256)
);
COMMENT ON TABLE documents IS 'Immutable bytes under their own hash; a resend mails these bytes and no others.';
ALTER TABLE documents ALTER COLUMN bytes SET STORAGE EXTERNAL;
SELECT make_tenant_table('documents');
GRANT SELECT, INSERT ON documents TO countersign_app, countersign_worker;

CREATE TABLE certificates (
    agency_id uuid NOT NULL CONSTRAINT certificates_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    number text NOT NULL,
    revision integer NOT NULL DEFAULT 0,
    insured_id uuid NOT NULL,
    insured_name text NOT NULL,
    master_id uuid NOT NULL,
    master_name text NOT NULL,
    holder_id uuid NOT NULL,
    holder_name text NOT NULL,
    description text NOT NULL,
    issued_on date NOT NULL,
    issued_at timestamptz NOT NULL,
    source text NOT NULL CONSTRAINT certificates_source_known CHECK (source IN ('staff', 'portal')),
    issued_by_id uuid,
    issued_by_name text NOT NULL,
    payload jsonb NOT NULL,
    fingerprint text NOT NULL,
    document_sha256 bytea NOT NULL,
    findings jsonb NOT NULL,
    state text NOT NULL CONSTRAINT certificates_state_known CHECK (state IN ('issued', 'superseded', 'withdrawn')),
    state_changed_at timestamptz,
    CONSTRAINT certificates_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT certificates_number_unique UNIQUE (agency_id, number, revision),
    CONSTRAINT certificates_insured_fk FOREIGN KEY (agency_id, insured_id) REFERENCES insureds (agency_id, id),
    CONSTRAINT certificates_master_fk FOREIGN KEY (agency_id, insured_id, master_id)
        REFERENCES masters (agency_id, insured_id, id),
    CONSTRAINT certificates_holder_fk FOREIGN KEY (agency_id, holder_id) REFERENCES holders (agency_id, id),
    CONSTRAINT certificates_document_fk FOREIGN KEY (agency_id, document_sha256)
        REFERENCES documents (agency_id, sha256)
);
COMMENT ON TABLE certificates IS 'Immutable once issued; names are stored as printed. Expiry is computed, never stored.';
SELECT make_tenant_table('certificates');
GRANT SELECT, INSERT ON certificates TO countersign_app, countersign_worker;
GRANT UPDATE (state, state_changed_at) ON certificates TO countersign_app, countersign_worker;
CREATE INDEX certificates_of_insured ON certificates (agency_id, insured_id, issued_at DESC, id DESC);
CREATE INDEX certificates_of_agency ON certificates (agency_id, issued_at DESC, id DESC);
CREATE INDEX certificates_of_holder ON certificates (agency_id, holder_id, issued_at DESC, id DESC);

CREATE TABLE certificate_policies (
    agency_id uuid NOT NULL CONSTRAINT certificate_policies_agency_fk REFERENCES agencies (id),
    certificate_id uuid NOT NULL,
    line text NOT NULL,
    policy_id uuid NOT NULL,
    CONSTRAINT certificate_policies_pkey PRIMARY KEY (agency_id, certificate_id, line),
    CONSTRAINT certificate_policies_certificate_fk FOREIGN KEY (agency_id, certificate_id)
        REFERENCES certificates (agency_id, id),
    CONSTRAINT certificate_policies_policy_fk FOREIGN KEY (agency_id, policy_id) REFERENCES policies (agency_id, id)
);
SELECT make_tenant_table('certificate_policies');
GRANT SELECT, INSERT ON certificate_policies TO countersign_app, countersign_worker;
CREATE INDEX certificate_policies_by_policy ON certificate_policies (agency_id, policy_id);

CREATE TABLE deliveries (
    agency_id uuid NOT NULL CONSTRAINT deliveries_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    certificate_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT deliveries_kind_known CHECK (kind IN ('original', 'exact_copy', 'edited')),
    to_addresses text[] NOT NULL CONSTRAINT deliveries_somebody CHECK (cardinality(to_addresses) > 0),
    cc_addresses text[] NOT NULL DEFAULT '{}',
    subject text NOT NULL,
    message text NOT NULL DEFAULT '',
    state text NOT NULL CONSTRAINT deliveries_state_known CHECK (state IN
        ('queued', 'sending', 'accepted', 'deferred', 'failed')),
    claims integer NOT NULL DEFAULT 0,
    may_have_arrived_twice boolean NOT NULL DEFAULT false,
    last_error text,
    requested_by_kind text NOT NULL,
    requested_by_id uuid,
    requested_by_name text NOT NULL,
    queued_at timestamptz NOT NULL,
    accepted_at timestamptz,
    CONSTRAINT deliveries_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT deliveries_accepted_dated CHECK ((state = 'accepted') = (accepted_at IS NOT NULL)),
    CONSTRAINT deliveries_certificate_fk FOREIGN KEY (agency_id, certificate_id)
        REFERENCES certificates (agency_id, id)
);
COMMENT ON TABLE deliveries IS 'The truth about a sending; the Message-ID is derived from the id.';
COMMENT ON COLUMN deliveries.claims IS 'Attempts, counted and committed before each one starts.';
SELECT make_tenant_table('deliveries');
GRANT SELECT, INSERT, UPDATE ON deliveries TO countersign_app, countersign_worker;
CREATE INDEX deliveries_of_certificate ON deliveries (agency_id, certificate_id, queued_at DESC, id DESC);
