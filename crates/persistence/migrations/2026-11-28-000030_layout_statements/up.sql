-- What an agency has found out about its own layout in a state: the answer to what the state's rule asks.
CREATE TABLE layout_statements (
    agency_id uuid NOT NULL CONSTRAINT layout_statements_agency_fk REFERENCES agencies (id),
    state text NOT NULL CONSTRAINT layout_statements_state_shape CHECK (state ~ '^[A-Z]{2}$'),
    standing text NOT NULL CONSTRAINT layout_statements_standing_known CHECK (standing IN ('filed', 'not_required')),
    reference text NOT NULL,
    checked_on date NOT NULL,
    stated_by_id uuid,
    stated_by_name text NOT NULL,
    stated_at timestamptz NOT NULL,
    CONSTRAINT layout_statements_pkey PRIMARY KEY (agency_id, state)
);
COMMENT ON TABLE layout_statements IS 'What an agency has found out about its own layout in a state; the agency answers for it.';
COMMENT ON COLUMN layout_statements.reference IS 'The number of the filing, or the text that was looked up.';
COMMENT ON COLUMN layout_statements.checked_on IS 'The day on which it was filed or looked up.';
SELECT make_tenant_table('layout_statements');
GRANT SELECT, INSERT, UPDATE, DELETE ON layout_statements TO countersign_app;
GRANT SELECT ON layout_statements TO countersign_worker;
