CREATE INDEX audit_entries_of_insured ON audit_entries (agency_id, insured_id, seq DESC);
CREATE INDEX audit_entries_of_object ON audit_entries (agency_id, object_id, seq DESC) WHERE object_id IS NOT NULL;
DROP INDEX audit_entries_of_insured_by_moment;
DROP INDEX audit_entries_of_object_by_moment;
