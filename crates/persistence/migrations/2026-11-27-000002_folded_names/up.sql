-- Holders are found whatever the accents and the case, and the log is searched through their index.
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;

CREATE FUNCTION folded(plain text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT pg_catalog.lower(public.unaccent('public.unaccent'::pg_catalog.regdictionary, plain)) $$;
COMMENT ON FUNCTION folded IS
    'Lower case without accents. unaccent counts as stable only because its dictionary might be changed; ours is not.';

-- Folded before it is quoted: folding turns the wide forms of the wildcards into wildcards.
CREATE FUNCTION folded_anywhere(part text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
$$ SELECT '%' || replace(replace(replace(public.folded(part), '\', '\\'), '%', '\%'), '_', '\_') || '%' $$;
COMMENT ON FUNCTION folded_anywhere IS 'The pattern that finds a part of a folded text.';

CREATE FUNCTION folded_names(name text, aliases text[], former text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT public.folded(name || E'\n' || pg_catalog.array_to_string(aliases || former, E'\n')) $$;
COMMENT ON FUNCTION folded_names IS 'array_to_string counts as stable only because of types other than text.';

ALTER TABLE holders ADD COLUMN former_names text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN holders.former_names IS
    'Names it had before: certificates keep the name they printed, and the log is searched by that.';

ALTER TABLE holders NO FORCE ROW LEVEL SECURITY;
ALTER TABLE certificates NO FORCE ROW LEVEL SECURITY;
UPDATE holders SET former_names = printed.names
FROM (SELECT c.agency_id, c.holder_id, array_agg(DISTINCT c.holder_name) AS names
      FROM certificates c JOIN holders h ON h.agency_id = c.agency_id AND h.id = c.holder_id
      WHERE c.holder_name <> h.name GROUP BY c.agency_id, c.holder_id) printed
WHERE printed.agency_id = holders.agency_id AND printed.holder_id = holders.id;
ALTER TABLE holders FORCE ROW LEVEL SECURITY;
ALTER TABLE certificates FORCE ROW LEVEL SECURITY;

ALTER TABLE holders ADD COLUMN names_folded text NOT NULL
    GENERATED ALWAYS AS (folded_names(name, aliases, former_names)) STORED;
COMMENT ON COLUMN holders.names_folded IS
    'Name, aliases and former names, folded, for searching in any of them. Takes the place of search_text.';
COMMENT ON COLUMN holders.search_text IS 'Read by the release before only; goes with the next one.';
DROP INDEX holders_search_trigrams;
CREATE INDEX holders_names_trigrams ON holders USING gin (agency_id, names_folded gin_trgm_ops);

CREATE FUNCTION keep_former_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT OLD.name = ANY (NEW.former_names) THEN
        NEW.former_names := NEW.former_names || OLD.name;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER holders_keep_former_name BEFORE UPDATE OF name ON holders
    FOR EACH ROW WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION keep_former_name();

-- Row-level security keeps LIKE away from an index, because a function that is not leakproof might tell of other
-- agencies' rows; here the agency is a condition of the statement itself, and only ids of its own rows come back.
CREATE FUNCTION holders_named(part text, most integer) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    -- Planned anew for each text: how rare it is decides.
    RETURN QUERY EXECUTE 'SELECT id FROM public.holders WHERE agency_id = $1 AND names_folded LIKE $2 LIMIT $3'
        USING nullif(current_setting('app.agency_id', true), '')::uuid, public.folded_anywhere(part), most;
END
$$;
COMMENT ON FUNCTION holders_named IS 'Holders of the current agency with this part in a name they have or had.';
GRANT SELECT ON holders TO countersign_door;
CREATE POLICY door ON holders FOR SELECT TO countersign_door USING (true);
ALTER FUNCTION holders_named(text, integer) OWNER TO countersign_door;
REVOKE ALL ON FUNCTION holders_named(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION holders_named(text, integer) TO countersign_app;
