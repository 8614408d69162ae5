DROP TABLE certificate_counters;
DROP FUNCTION agency_id_of_slug(text);
DROP TABLE agencies;
DROP FUNCTION make_tenant_table(regclass, text);
REVOKE CREATE ON SCHEMA public FROM countersign_door;
REVOKE USAGE ON SCHEMA public FROM countersign_app, countersign_worker, countersign_door;
DROP EXTENSION btree_gin;
DROP EXTENSION pg_trgm;
-- The group roles stay: other databases of the cluster may use them.
