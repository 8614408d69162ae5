-- An endorsement may carry its file, and the files that a certificate rests on travel with it.
COMMENT ON COLUMN documents.pages IS 'Pages of what the product drew; 0 for a file that somebody uploaded, which is never opened here.';

ALTER TABLE endorsements
    ADD COLUMN file_sha256 bytea,
    ADD COLUMN file_name text,
    ADD COLUMN file_size integer,
    ADD CONSTRAINT endorsements_file_whole CHECK ((file_sha256 IS NULL) = (file_name IS NULL)
        AND (file_name IS NULL) = (file_size IS NULL)),
    ADD CONSTRAINT endorsements_file_at_most_5_mb CHECK (file_size BETWEEN 1 AND 5000000),
    ADD CONSTRAINT endorsements_file_fk FOREIGN KEY (agency_id, file_sha256) REFERENCES documents (agency_id, sha256);
COMMENT ON COLUMN endorsements.file_sha256 IS 'The endorsement itself, as a PDF; null where nobody attached it.';
COMMENT ON COLUMN endorsements.file_name IS 'What the file was called when it was uploaded; what is mailed is called by its form.';

CREATE TABLE certificate_attachments (
    agency_id uuid NOT NULL CONSTRAINT certificate_attachments_agency_fk REFERENCES agencies (id),
    certificate_id uuid NOT NULL,
    ordinal integer NOT NULL CONSTRAINT certificate_attachments_ordinal_counts CHECK (ordinal > 0),
    form_number text NOT NULL,
    edition text NOT NULL,
    title text NOT NULL,
    file_name text NOT NULL,
    file_sha256 bytea NOT NULL,
    file_size integer NOT NULL CONSTRAINT certificate_attachments_something CHECK (file_size > 0),
    CONSTRAINT certificate_attachments_pkey PRIMARY KEY (agency_id, certificate_id, ordinal),
    CONSTRAINT certificate_attachments_name_unique UNIQUE (agency_id, certificate_id, file_name),
    CONSTRAINT certificate_attachments_certificate_fk FOREIGN KEY (agency_id, certificate_id)
        REFERENCES certificates (agency_id, id),
    CONSTRAINT certificate_attachments_document_fk FOREIGN KEY (agency_id, file_sha256)
        REFERENCES documents (agency_id, sha256)
);
COMMENT ON TABLE certificate_attachments IS
    'The files of the endorsements that went with a certificate, as they were: every sending of it carries these.';
SELECT make_tenant_table('certificate_attachments');
GRANT SELECT, INSERT ON certificate_attachments TO countersign_app, countersign_worker;

ALTER TABLE batches ADD COLUMN attach_endorsements boolean NOT NULL DEFAULT true;
COMMENT ON COLUMN batches.attach_endorsements IS
    'Whether the files of the endorsements go along that a certificate rests on.';
