-- What became of a certificate says who did it and why; a revision and the one before it name each other.
ALTER TABLE certificates
    ADD COLUMN state_changed_by_id uuid,
    ADD COLUMN state_changed_by_name text,
    ADD COLUMN withdrawn_reason text,
    ADD COLUMN supersedes_id uuid,
    ADD COLUMN superseded_by_id uuid,
    ADD CONSTRAINT certificates_change_signed CHECK (
        state = 'issued' OR (state_changed_at IS NOT NULL AND state_changed_by_name IS NOT NULL)),
    ADD CONSTRAINT certificates_withdrawal_reasoned CHECK (
        (state = 'withdrawn') = (withdrawn_reason IS NOT NULL)),
    ADD CONSTRAINT certificates_successor_named CHECK (
        (state = 'superseded') = (superseded_by_id IS NOT NULL)),
    ADD CONSTRAINT certificates_supersedes_fk FOREIGN KEY (agency_id, supersedes_id)
        REFERENCES certificates (agency_id, id),
    ADD CONSTRAINT certificates_superseded_by_fk FOREIGN KEY (agency_id, superseded_by_id)
        REFERENCES certificates (agency_id, id);
COMMENT ON COLUMN certificates.state_changed_by_name IS 'The name at that time; it outlives the account.';
COMMENT ON COLUMN certificates.supersedes_id IS 'The revision before, of the same number.';
COMMENT ON COLUMN certificates.superseded_by_id IS 'The revision that took its place.';
GRANT UPDATE (state_changed_by_id, state_changed_by_name, withdrawn_reason, superseded_by_id) ON certificates
    TO countersign_app, countersign_worker;
