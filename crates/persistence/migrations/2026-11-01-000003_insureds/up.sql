-- The customers of the agency and the people to reach there.
CREATE TABLE insureds (
    agency_id uuid NOT NULL CONSTRAINT insureds_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    name text NOT NULL,
    dba text,
    kind text NOT NULL CONSTRAINT insureds_kind_known CHECK (kind IN ('commercial', 'personal')),
    trade text,
    email text,
    phone text,
    line1 text NOT NULL, line2 text, city text NOT NULL, state text NOT NULL, postal_code text NOT NULL,
    customer_id text,
    fein text,
    customer_since date,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT insureds_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT insureds_customer_id_unique UNIQUE (agency_id, customer_id)
);
COMMENT ON COLUMN insureds.name IS 'Legal name exactly as on the declarations.';
COMMENT ON COLUMN insureds.customer_id IS 'The agency''s own number for this customer; the importer''s key.';
SELECT make_tenant_table('insureds');
GRANT SELECT, INSERT, UPDATE ON insureds TO countersign_app, countersign_worker;
CREATE INDEX insureds_by_name ON insureds (agency_id, lower(name), id);
CREATE INDEX insureds_name_trigrams ON insureds USING gin (agency_id, name gin_trgm_ops);
CREATE INDEX insureds_by_email ON insureds (agency_id, lower(email));

CREATE TABLE contacts (
    agency_id uuid NOT NULL CONSTRAINT contacts_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    insured_id uuid NOT NULL,
    name text NOT NULL,
    title text,
    email text,
    phone text,
    CONSTRAINT contacts_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT contacts_insured_fk FOREIGN KEY (agency_id, insured_id) REFERENCES insureds (agency_id, id)
);
SELECT make_tenant_table('contacts');
GRANT SELECT, INSERT, UPDATE, DELETE ON contacts TO countersign_app, countersign_worker;
CREATE UNIQUE INDEX contacts_name_unique ON contacts (agency_id, insured_id, lower(name));
