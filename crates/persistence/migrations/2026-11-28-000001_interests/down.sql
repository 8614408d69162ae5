ALTER TABLE certificates
    DROP CONSTRAINT certificates_interest_fk,
    DROP CONSTRAINT certificates_of_interest_named,
    DROP CONSTRAINT certificates_source_known;
ALTER TABLE certificates NO FORCE ROW LEVEL SECURITY;
UPDATE certificates SET source = 'staff' WHERE source = 'additional_interest';
ALTER TABLE certificates FORCE ROW LEVEL SECURITY;
ALTER TABLE certificates
    ADD CONSTRAINT certificates_source_known CHECK (source IN ('staff', 'portal', 'bulk')),
    DROP COLUMN interest_id;
DROP TABLE interest_endorsements;
DROP TABLE interest_policies;
DROP TABLE interests;
