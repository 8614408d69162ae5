-- Runs as the owner, in one transaction with what loads the rows and with `back.sql`.

SET LOCAL synchronous_commit = off;
SET LOCAL maintenance_work_mem = '512MB';
SET LOCAL work_mem = '256MB';

-- The owner loads, and later measures bare statements, free of row-level security. The login of the server is
-- not the owner: it stays bound by every policy.
DO $$
DECLARE
    target regclass;
BEGIN
    FOR target IN SELECT oid FROM pg_class WHERE relforcerowsecurity LOOP
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', target);
    END LOOP;
END
$$;

-- Indexes and constraints of the two large tables are taken away, whatever they are by now, and built again when the
-- rows are there.
CREATE TEMPORARY TABLE set_aside (ordinal integer, take_away text, bring_back text) ON COMMIT DROP;

INSERT INTO set_aside
SELECT CASE contype WHEN 'f' THEN 3 ELSE 1 END,
       format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint
WHERE contype IN ('p', 'u', 'f')
  AND (conrelid IN ('certificates'::regclass, 'deliveries'::regclass)
       OR confrelid IN ('certificates'::regclass, 'deliveries'::regclass))
UNION ALL
SELECT 2, format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid IN ('certificates'::regclass, 'deliveries'::regclass)
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'));

DO $$
DECLARE
    statement text;
BEGIN
    FOR statement IN SELECT take_away FROM set_aside ORDER BY ordinal DESC LOOP
        EXECUTE statement;
    END LOOP;
END
$$;

-- Ids that grow with time, as the product's do: what is numbered, and its number.
CREATE FUNCTION pg_temp.id(kind integer, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
$$ SELECT (lpad(to_hex(kind), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid $$;

CREATE FUNCTION pg_temp.place(number bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT (ARRAY['Harbor', 'Cedar', 'Granite', 'Meadow', 'Summit', 'Juniper', 'Canyon', 'Willow', 'Copper', 'Aspen',
                 'Prairie', 'Timber', 'Falcon', 'Sierra', 'Orchard', 'Lantern', 'Bridge', 'Quarry', 'Mesa', 'Delta'])
          [number % 20 + 1] $$;

CREATE FUNCTION pg_temp.insured_name(number bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_temp.place(number) || ' ' || (ARRAY['Roofing', 'Electric', 'Plumbing'])[number / 20 + 1] || ' Inc.' $$;

CREATE FUNCTION pg_temp.holder_name(number bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT pg_temp.place(number) || ' ' || (ARRAY['Point', 'Creek', 'Ridge', 'Lake', 'Hill', 'Park', 'Gate', 'Field',
                                                 'Grove', 'Bay'])[number / 20 + 1] || ' Builders LLC' $$;

