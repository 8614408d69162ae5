-- Wording that the agency writes once and picks again, for descriptions of operations and for mails.
CREATE TABLE templates (
    agency_id uuid NOT NULL CONSTRAINT templates_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    kind text NOT NULL CONSTRAINT templates_kind_known CHECK (kind IN ('description', 'message')),
    name text NOT NULL,
    subject text,
    body text NOT NULL,
    forms jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL,
    archived_at timestamptz,
    CONSTRAINT templates_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT templates_subject_of_mail CHECK (kind = 'message' OR subject IS NULL),
    CONSTRAINT templates_forms_of_description CHECK (kind = 'description' OR forms = '[]')
);
COMMENT ON COLUMN templates.subject IS 'Only of a mail; the usual subject where there is none.';
COMMENT ON COLUMN templates.body IS 'With its placeholders in two braces each.';
COMMENT ON COLUMN templates.forms IS 'The endorsements that the text needs: number, and edition where only that one will do.';
SELECT make_tenant_table('templates');
GRANT SELECT, INSERT, UPDATE ON templates TO countersign_app, countersign_worker;
CREATE UNIQUE INDEX templates_name_unique ON templates (agency_id, kind, lower(name));
