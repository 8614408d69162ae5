-- The library of holders can be kept: changed under a version, put away, and rid of doubles.
CREATE FUNCTION holder_search_text(name text, aliases text[]) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog AS
$$ SELECT name || E'\n' || array_to_string(aliases, E'\n') $$;
COMMENT ON FUNCTION holder_search_text IS 'array_to_string counts as stable only because of types other than text.';

ALTER TABLE holders
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN aliases text[] NOT NULL DEFAULT '{}',
    ADD COLUMN archived_at timestamptz,
    ADD COLUMN merged_into uuid,
    ADD COLUMN search_text text NOT NULL GENERATED ALWAYS AS (holder_search_text(name, aliases)) STORED,
    ADD CONSTRAINT holders_merged_into_fk FOREIGN KEY (agency_id, merged_into) REFERENCES holders (agency_id, id),
    ADD CONSTRAINT holders_merged_is_archived CHECK (merged_into IS NULL OR archived_at IS NOT NULL),
    ADD CONSTRAINT holders_merged_into_another CHECK (merged_into <> id);
COMMENT ON COLUMN holders.aliases IS 'Other names under which people look for it; never printed.';
COMMENT ON COLUMN holders.merged_into IS 'The holder that took the place of this double.';
COMMENT ON COLUMN holders.search_text IS 'Name and aliases, for searching in any of them.';

DROP INDEX holders_name_trigrams;
CREATE INDEX holders_search_trigrams ON holders USING gin (agency_id, search_text gin_trgm_ops);
CREATE INDEX holders_merged ON holders (agency_id, merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX insured_holders_by_holder ON insured_holders (agency_id, holder_id, last_used_at DESC);
