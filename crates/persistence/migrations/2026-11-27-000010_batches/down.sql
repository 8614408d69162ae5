-- What was sent in bulk was sent by staff, which is all that the schema before can say.
ALTER TABLE certificates
    DROP CONSTRAINT certificates_bulk_has_batch,
    DROP CONSTRAINT certificates_batch_fk,
    DROP CONSTRAINT certificates_source_known,
    DROP COLUMN batch_id;
ALTER TABLE certificates NO FORCE ROW LEVEL SECURITY;
UPDATE certificates SET source = 'staff' WHERE source = 'bulk';
ALTER TABLE certificates FORCE ROW LEVEL SECURITY;
ALTER TABLE certificates ADD CONSTRAINT certificates_source_known CHECK (source IN ('staff', 'portal'));
DROP TABLE batch_rows;
DROP TABLE batches;
