-- A block of the truth gate is lifted by a second person. The request keeps the whole draft until it is decided.
CREATE TABLE approvals (
    agency_id uuid NOT NULL CONSTRAINT approvals_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    insured_id uuid NOT NULL,
    insured_name text NOT NULL,
    holder_name text NOT NULL,
    master_name text NOT NULL,
    revises_id uuid,
    draft jsonb NOT NULL,
    findings jsonb NOT NULL,
    note text NOT NULL,
    asked_by_id uuid NOT NULL,
    asked_by_name text NOT NULL,
    asked_at timestamptz NOT NULL,
    state text NOT NULL CONSTRAINT approvals_state_known CHECK (state IN ('waiting', 'approved', 'declined')),
    decided_by_id uuid,
    decided_by_name text,
    decided_at timestamptz,
    reason text,
    certificate_id uuid,
    CONSTRAINT approvals_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT approvals_insured_fk FOREIGN KEY (agency_id, insured_id) REFERENCES insureds (agency_id, id),
    CONSTRAINT approvals_revises_fk FOREIGN KEY (agency_id, revises_id) REFERENCES certificates (agency_id, id),
    CONSTRAINT approvals_certificate_fk FOREIGN KEY (agency_id, certificate_id)
        REFERENCES certificates (agency_id, id),
    CONSTRAINT approvals_decided_whole CHECK (
        (state = 'waiting') = (decided_by_name IS NULL)
        AND (state = 'waiting') = (decided_at IS NULL)
        AND (state = 'waiting') = (reason IS NULL)
        AND (state = 'approved') = (certificate_id IS NOT NULL)),
    CONSTRAINT approvals_second_person CHECK (decided_by_id IS DISTINCT FROM asked_by_id)
);
COMMENT ON TABLE approvals IS 'Requests to lift what the truth gate blocked, each with the draft that waits for it.';
COMMENT ON COLUMN approvals.draft IS 'The request to send as it was made; it is read again when it is decided.';
COMMENT ON COLUMN approvals.findings IS 'What blocked when it was asked; what counts is found anew when it is decided.';
SELECT make_tenant_table('approvals');
GRANT SELECT, INSERT ON approvals TO countersign_app, countersign_worker;
GRANT UPDATE (state, decided_by_id, decided_by_name, decided_at, reason, certificate_id) ON approvals
    TO countersign_app, countersign_worker;
CREATE INDEX approvals_of_agency ON approvals (agency_id, asked_at DESC, id DESC);
CREATE INDEX approvals_waiting ON approvals (agency_id, asked_at DESC, id DESC) WHERE state = 'waiting';

ALTER TABLE certificates ADD COLUMN overrides jsonb NOT NULL DEFAULT '[]';
COMMENT ON COLUMN certificates.overrides IS 'The findings that a second person lifted: who asked, who approved, why and when.';
