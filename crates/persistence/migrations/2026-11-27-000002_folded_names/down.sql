DROP FUNCTION holders_named;
DROP POLICY door ON holders;
REVOKE SELECT ON holders FROM countersign_door;
DROP TRIGGER holders_keep_former_name ON holders;
DROP FUNCTION keep_former_name;
DROP INDEX holders_names_trigrams;
ALTER TABLE holders
    DROP COLUMN names_folded,
    DROP COLUMN former_names;
CREATE INDEX holders_search_trigrams ON holders USING gin (agency_id, search_text gin_trgm_ops);
COMMENT ON COLUMN holders.search_text IS 'Name and aliases, for searching in any of them.';
DROP FUNCTION folded_names;
DROP FUNCTION folded_anywhere;
DROP FUNCTION folded;
DROP EXTENSION unaccent;
