ALTER TABLE batches DROP COLUMN attach_endorsements;
DROP TABLE certificate_attachments;
ALTER TABLE endorsements
    DROP CONSTRAINT endorsements_file_fk,
    DROP COLUMN file_sha256,
    DROP COLUMN file_name,
    DROP COLUMN file_size;
COMMENT ON COLUMN documents.pages IS NULL;
