-- Sending to many holders at once: one row for each holder, settled once, and every certificate of it in the one log.
CREATE TABLE batches (
    agency_id uuid NOT NULL CONSTRAINT batches_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT batches_kind_known CHECK (kind IN ('bulk', 'renewal')),
    insured_id uuid NOT NULL,
    insured_name text NOT NULL,
    master_id uuid NOT NULL,
    master_name text NOT NULL,
    description text,
    subject text,
    message text NOT NULL DEFAULT '',
    state text NOT NULL CONSTRAINT batches_state_known CHECK (state IN ('running', 'paused', 'finished', 'cancelled')),
    state_changed_at timestamptz NOT NULL,
    state_changed_by_name text NOT NULL,
    halted_reason text,
    sender_id uuid NOT NULL,
    started_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT batches_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT batches_halted_while_paused CHECK (halted_reason IS NULL OR state = 'paused'),
    CONSTRAINT batches_insured_fk FOREIGN KEY (agency_id, insured_id) REFERENCES insureds (agency_id, id),
    CONSTRAINT batches_master_fk FOREIGN KEY (agency_id, insured_id, master_id)
        REFERENCES masters (agency_id, insured_id, id),
    CONSTRAINT batches_sender_fk FOREIGN KEY (agency_id, sender_id) REFERENCES staff_users (agency_id, id)
);
COMMENT ON COLUMN batches.master_name IS 'The name when it was started.';
COMMENT ON COLUMN batches.description IS 'Description of operations for every row; null for the one of the master.';
COMMENT ON COLUMN batches.halted_reason IS 'Why it stopped by itself; null when a person paused it.';
COMMENT ON COLUMN batches.sender_id IS 'With whose permissions rows are sent, asked anew for each of them: who started it, or let it go on last.';
SELECT make_tenant_table('batches');
GRANT SELECT, INSERT ON batches TO countersign_app, countersign_worker;
GRANT UPDATE (state, state_changed_at, state_changed_by_name, halted_reason, sender_id) ON batches
    TO countersign_app, countersign_worker;
CREATE INDEX batches_of_agency ON batches (agency_id, created_at DESC, id DESC);
CREATE INDEX batches_of_insured ON batches (agency_id, insured_id, created_at DESC, id DESC);

CREATE TABLE batch_rows (
    agency_id uuid NOT NULL CONSTRAINT batch_rows_agency_fk REFERENCES agencies (id),
    batch_id uuid NOT NULL,
    ordinal integer NOT NULL,
    holder_id uuid NOT NULL,
    holder_name text NOT NULL,
    follows_id uuid,
    to_addresses text[] NOT NULL CONSTRAINT batch_rows_somebody CHECK (cardinality(to_addresses) > 0),
    cc_addresses text[] NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'waiting' CONSTRAINT batch_rows_state_known CHECK (state IN
        ('waiting', 'issued', 'set_aside', 'failed', 'not_sent')),
    findings jsonb NOT NULL DEFAULT '[]',
    reason text,
    certificate_id uuid,
    settled_at timestamptz,
    CONSTRAINT batch_rows_pkey PRIMARY KEY (agency_id, batch_id, ordinal),
    CONSTRAINT batch_rows_holder_unique UNIQUE (agency_id, batch_id, holder_id),
    CONSTRAINT batch_rows_certificate_unique UNIQUE (agency_id, certificate_id),
    CONSTRAINT batch_rows_issued_has_certificate CHECK ((state = 'issued') = (certificate_id IS NOT NULL)),
    CONSTRAINT batch_rows_failed_has_reason CHECK ((state = 'failed') = (reason IS NOT NULL)),
    CONSTRAINT batch_rows_settled_dated CHECK ((state = 'waiting') = (settled_at IS NULL)),
    CONSTRAINT batch_rows_batch_fk FOREIGN KEY (agency_id, batch_id) REFERENCES batches (agency_id, id),
    CONSTRAINT batch_rows_holder_fk FOREIGN KEY (agency_id, holder_id) REFERENCES holders (agency_id, id),
    CONSTRAINT batch_rows_follows_fk FOREIGN KEY (agency_id, follows_id) REFERENCES certificates (agency_id, id),
    CONSTRAINT batch_rows_certificate_fk FOREIGN KEY (agency_id, certificate_id)
        REFERENCES certificates (agency_id, id)
);
COMMENT ON COLUMN batch_rows.holder_name IS 'The name when the batch was started.';
COMMENT ON COLUMN batch_rows.follows_id IS 'The certificate of the term before, whose description and marks are kept.';
COMMENT ON COLUMN batch_rows.findings IS 'What the truth gate found when the turn of the row had come.';
COMMENT ON CONSTRAINT batch_rows_holder_unique ON batch_rows IS 'A holder gets one certificate of a batch.';
SELECT make_tenant_table('batch_rows');
GRANT SELECT, INSERT ON batch_rows TO countersign_app, countersign_worker;
GRANT UPDATE (state, findings, reason, certificate_id, settled_at) ON batch_rows TO countersign_app, countersign_worker;

ALTER TABLE certificates
    ADD COLUMN batch_id uuid,
    DROP CONSTRAINT certificates_source_known,
    ADD CONSTRAINT certificates_source_known CHECK (source IN ('staff', 'portal', 'bulk')),
    ADD CONSTRAINT certificates_bulk_has_batch CHECK ((source = 'bulk') = (batch_id IS NOT NULL)),
    ADD CONSTRAINT certificates_batch_fk FOREIGN KEY (agency_id, batch_id) REFERENCES batches (agency_id, id);
COMMENT ON COLUMN certificates.batch_id IS 'The sending to many holders of which it is a part.';
CREATE INDEX certificates_of_batch ON certificates (agency_id, batch_id, issued_at DESC, id DESC)
    WHERE batch_id IS NOT NULL;
