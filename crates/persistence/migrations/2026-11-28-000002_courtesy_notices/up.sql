-- Courtesy notices of a cancellation: one mail to each holder that relied on the policy, with what it says.
CREATE TABLE courtesy_notices (
    agency_id uuid NOT NULL CONSTRAINT courtesy_notices_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    policy_id uuid NOT NULL,
    insured_id uuid NOT NULL,
    holder_id uuid NOT NULL,
    agency_name text NOT NULL,
    insured_name text NOT NULL,
    insurer_name text NOT NULL,
    policy_number text NOT NULL,
    line_name text NOT NULL,
    cancelled_on date NOT NULL,
    holder_name text NOT NULL,
    certificate_numbers text[] NOT NULL CONSTRAINT courtesy_notices_about_some CHECK (cardinality(certificate_numbers) > 0),
    to_addresses text[] NOT NULL CONSTRAINT courtesy_notices_somebody CHECK (cardinality(to_addresses) > 0),
    state text NOT NULL CONSTRAINT courtesy_notices_state_known CHECK (state IN
        ('queued', 'sending', 'accepted', 'deferred', 'failed')),
    claims integer NOT NULL DEFAULT 0,
    may_have_arrived_twice boolean NOT NULL DEFAULT false,
    last_error text,
    requested_by_id uuid,
    requested_by_name text NOT NULL,
    queued_at timestamptz NOT NULL,
    accepted_at timestamptz,
    CONSTRAINT courtesy_notices_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT courtesy_notices_accepted_dated CHECK ((state = 'accepted') = (accepted_at IS NOT NULL)),
    CONSTRAINT courtesy_notices_policy_fk FOREIGN KEY (agency_id, policy_id) REFERENCES policies (agency_id, id),
    CONSTRAINT courtesy_notices_insured_fk FOREIGN KEY (agency_id, insured_id) REFERENCES insureds (agency_id, id),
    CONSTRAINT courtesy_notices_holder_fk FOREIGN KEY (agency_id, holder_id) REFERENCES holders (agency_id, id)
);
COMMENT ON TABLE courtesy_notices IS 'Courtesy notices of a cancellation; what they say is kept as it was sent.';
COMMENT ON COLUMN courtesy_notices.cancelled_on IS 'The day that the notice names; a corrected cancellation is another one.';
COMMENT ON COLUMN courtesy_notices.claims IS 'Attempts, counted and committed before each one starts.';
SELECT make_tenant_table('courtesy_notices');
GRANT SELECT, INSERT ON courtesy_notices TO countersign_app, countersign_worker;
GRANT UPDATE (state, claims, may_have_arrived_twice, last_error, accepted_at) ON courtesy_notices
    TO countersign_app, countersign_worker;
CREATE INDEX courtesy_notices_of_policy ON courtesy_notices (agency_id, policy_id, holder_id, queued_at DESC);
