DROP INDEX certificates_of_agency;
CREATE INDEX certificates_of_agency ON certificates (agency_id, issued_at DESC, id DESC);
DROP INDEX certificates_of_holder;
CREATE INDEX certificates_of_holder ON certificates (agency_id, holder_id, issued_at DESC, id DESC);
