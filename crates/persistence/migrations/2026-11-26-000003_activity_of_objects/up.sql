-- The history of one record, as its own page shows it.
CREATE INDEX audit_entries_of_object ON audit_entries (agency_id, object_id, seq DESC) WHERE object_id IS NOT NULL;
