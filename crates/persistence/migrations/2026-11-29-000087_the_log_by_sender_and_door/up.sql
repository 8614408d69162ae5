-- What the log is filtered by stands in the index that is walked. Those of its rows that are passed over need not be
-- looked up then, each on a page of its own where many agencies share the table.
DROP INDEX certificates_of_agency;
CREATE INDEX certificates_of_agency ON certificates (agency_id, issued_at DESC, id DESC)
    INCLUDE (source, issued_by_name);
DROP INDEX certificates_of_holder;
CREATE INDEX certificates_of_holder ON certificates (agency_id, holder_id, issued_at DESC, id DESC)
    INCLUDE (holder_name);
