-- Runs of the importer: their files, the rows of the files while a run lasts, and every fault.
CREATE TABLE imports (
    agency_id uuid NOT NULL CONSTRAINT imports_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    state text NOT NULL CONSTRAINT imports_state_known CHECK (state IN
        ('draft', 'checking', 'checked', 'applying', 'applied', 'failed')),
    created_at timestamptz NOT NULL,
    created_by text NOT NULL,
    done bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    faults bigint NOT NULL DEFAULT 0,
    error text,
    CONSTRAINT imports_pkey PRIMARY KEY (agency_id, id)
);
COMMENT ON COLUMN imports.created_by IS 'The name at that time; the account stands in the audit trail.';
COMMENT ON COLUMN imports.error IS 'Why the run failed, in words for a person.';
SELECT make_tenant_table('imports');
GRANT SELECT, INSERT, UPDATE ON imports TO countersign_app, countersign_worker;
CREATE INDEX imports_by_age ON imports (agency_id, created_at DESC, id DESC);

CREATE TABLE import_files (
    agency_id uuid NOT NULL CONSTRAINT import_files_agency_fk REFERENCES agencies (id),
    import_id uuid NOT NULL,
    file text NOT NULL CONSTRAINT import_files_file_known CHECK (file IN
        ('insureds', 'contacts', 'carriers', 'policies', 'coverages', 'endorsements', 'vehicles', 'holders')),
    size bigint NOT NULL,
    bytes bytea,
    header text[],
    all_rows integer NOT NULL DEFAULT 0,
    good_rows integer NOT NULL DEFAULT 0,
    faulty_rows integer NOT NULL DEFAULT 0,
    new_rows integer NOT NULL DEFAULT 0,
    changed_rows integer NOT NULL DEFAULT 0,
    unchanged_rows integer NOT NULL DEFAULT 0,
    CONSTRAINT import_files_pkey PRIMARY KEY (agency_id, import_id, file),
    CONSTRAINT import_files_at_most_50_mb CHECK (size <= 52428800),
    CONSTRAINT import_files_import_fk FOREIGN KEY (agency_id, import_id) REFERENCES imports (agency_id, id)
);
COMMENT ON COLUMN import_files.bytes IS 'As uploaded; emptied when the records are written, because the file is of no further use.';
COMMENT ON COLUMN import_files.header IS 'The first line as it stands in the file.';
-- Uncompressed, so that the worker can read a slice without the server unpacking the whole file.
ALTER TABLE import_files ALTER COLUMN bytes SET STORAGE EXTERNAL;
SELECT make_tenant_table('import_files');
GRANT SELECT, INSERT, UPDATE, DELETE ON import_files TO countersign_app, countersign_worker;

CREATE TABLE import_rows (
    agency_id uuid NOT NULL CONSTRAINT import_rows_agency_fk REFERENCES agencies (id),
    import_id uuid NOT NULL,
    file text NOT NULL,
    line integer NOT NULL,
    key text,
    cells text[] NOT NULL,
    state text NOT NULL CONSTRAINT import_rows_state_known CHECK (state IN ('good', 'faulty', 'written')),
    change text CONSTRAINT import_rows_change_known CHECK (change IN ('new', 'changed', 'unchanged')),
    CONSTRAINT import_rows_pkey PRIMARY KEY (agency_id, import_id, file, line),
    CONSTRAINT import_rows_file_fk FOREIGN KEY (agency_id, import_id, file)
        REFERENCES import_files (agency_id, import_id, file)
);
COMMENT ON TABLE import_rows IS 'Rows of a run, from its check until its records are written; faulty rows stay for the file of rejected rows.';
COMMENT ON COLUMN import_rows.line IS 'The line on which the row begins, the header being line 1.';
COMMENT ON COLUMN import_rows.key IS 'What names the record, by which a policy finds its row of cover.';
COMMENT ON COLUMN import_rows.change IS 'What the record does to what is stored; planned by the check, final once written.';
SELECT make_tenant_table('import_rows');
GRANT SELECT, INSERT, UPDATE, DELETE ON import_rows TO countersign_app, countersign_worker;
CREATE INDEX import_rows_by_key ON import_rows (agency_id, import_id, file, key);

CREATE TABLE import_faults (
    agency_id uuid NOT NULL CONSTRAINT import_faults_agency_fk REFERENCES agencies (id),
    import_id uuid NOT NULL,
    file text NOT NULL,
    line integer NOT NULL,
    ordinal integer NOT NULL,
    column_name text,
    value text,
    reason text NOT NULL,
    CONSTRAINT import_faults_pkey PRIMARY KEY (agency_id, import_id, file, line, ordinal),
    CONSTRAINT import_faults_file_fk FOREIGN KEY (agency_id, import_id, file)
        REFERENCES import_files (agency_id, import_id, file)
);
COMMENT ON COLUMN import_faults.ordinal IS 'Orders the faults of one line.';
SELECT make_tenant_table('import_faults');
GRANT SELECT, INSERT, DELETE ON import_faults TO countersign_app, countersign_worker;
