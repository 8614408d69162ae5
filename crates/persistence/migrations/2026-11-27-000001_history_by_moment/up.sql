-- Histories are read by when it happened; the sequence only decides between entries of one moment.
CREATE INDEX audit_entries_of_insured_by_moment ON audit_entries (agency_id, insured_id, at DESC, seq DESC);
CREATE INDEX audit_entries_of_object_by_moment ON audit_entries (agency_id, object_id, at DESC, seq DESC)
    WHERE object_id IS NOT NULL;
DROP INDEX audit_entries_of_insured;
DROP INDEX audit_entries_of_object;
