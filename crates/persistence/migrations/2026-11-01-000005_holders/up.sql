-- Certificate holders: a library of the agency, linked to the insureds that used them.
CREATE TABLE holders (
    agency_id uuid NOT NULL CONSTRAINT holders_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    name text NOT NULL,
    care_of text,
    line1 text NOT NULL, line2 text, city text NOT NULL, state text NOT NULL, postal_code text NOT NULL,
    emails text[] NOT NULL DEFAULT '{}',
    phone text,
    created_at timestamptz NOT NULL,
    CONSTRAINT holders_pkey PRIMARY KEY (agency_id, id)
);
COMMENT ON COLUMN holders.name IS 'Exact legal name: trackers compare it letter by letter.';
SELECT make_tenant_table('holders');
GRANT SELECT, INSERT, UPDATE ON holders TO countersign_app, countersign_worker;
CREATE INDEX holders_by_name ON holders (agency_id, lower(name), id);
CREATE UNIQUE INDEX holders_name_address_unique ON holders
    (agency_id, lower(name), lower(coalesce(care_of, '')), lower(line1), lower(coalesce(line2, '')), lower(city), state, postal_code);
CREATE INDEX holders_name_trigrams ON holders USING gin (agency_id, name gin_trgm_ops);

CREATE TABLE insured_holders (
    agency_id uuid NOT NULL CONSTRAINT insured_holders_agency_fk REFERENCES agencies (id),
    insured_id uuid NOT NULL,
    holder_id uuid NOT NULL,
    last_used_at timestamptz,
    CONSTRAINT insured_holders_pkey PRIMARY KEY (agency_id, insured_id, holder_id),
    CONSTRAINT insured_holders_insured_fk FOREIGN KEY (agency_id, insured_id) REFERENCES insureds (agency_id, id),
    CONSTRAINT insured_holders_holder_fk FOREIGN KEY (agency_id, holder_id) REFERENCES holders (agency_id, id)
);
COMMENT ON TABLE insured_holders IS 'Which holders stand in an insured''s dropdown, also after the term that used them.';
SELECT make_tenant_table('insured_holders');
GRANT SELECT, INSERT, UPDATE, DELETE ON insured_holders TO countersign_app, countersign_worker;
