DROP TRIGGER documents_insert_only ON documents;
DROP TABLE audit_heads;
DROP TABLE audit_entries;
DROP FUNCTION refuse_change();
