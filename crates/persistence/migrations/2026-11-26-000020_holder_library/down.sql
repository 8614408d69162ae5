DROP INDEX insured_holders_by_holder;
DROP INDEX holders_merged;
DROP INDEX holders_search_trigrams;
CREATE INDEX holders_name_trigrams ON holders USING gin (agency_id, name gin_trgm_ops);
ALTER TABLE holders
    DROP CONSTRAINT holders_merged_into_another,
    DROP CONSTRAINT holders_merged_is_archived,
    DROP CONSTRAINT holders_merged_into_fk,
    DROP COLUMN search_text,
    DROP COLUMN merged_into,
    DROP COLUMN archived_at,
    DROP COLUMN aliases,
    DROP COLUMN version;
DROP FUNCTION holder_search_text;
