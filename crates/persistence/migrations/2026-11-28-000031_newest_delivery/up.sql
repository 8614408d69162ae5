-- The log says of each certificate what became of its newest sending. Kept on the certificate's row, so that a page of
-- the log is one walk along one index; looking into the deliveries for each row took longer than all the rest.
ALTER TABLE certificates
    ADD COLUMN delivery_id uuid,
    ADD COLUMN delivery_state text,
    ADD COLUMN delivery_to text[],
    ADD COLUMN delivery_queued_at timestamptz,
    ADD COLUMN delivery_accepted_at timestamptz,
    ADD COLUMN delivery_last_error text,
    ADD COLUMN delivery_outcome text,
    ADD COLUMN delivery_undone_at timestamptz;
COMMENT ON COLUMN certificates.delivery_id IS
    'The newest sending; this and what stands of it here is kept by a trigger on deliveries, which hold the truth.';

-- Room for the row's next version on its own page: then no index has to hear of it.
ALTER TABLE certificates SET (fillfactor = 85);

ALTER TABLE certificates NO FORCE ROW LEVEL SECURITY;
ALTER TABLE deliveries NO FORCE ROW LEVEL SECURITY;
UPDATE certificates SET
    delivery_id = newest.id, delivery_state = newest.state, delivery_to = newest.to_addresses,
    delivery_queued_at = newest.queued_at, delivery_accepted_at = newest.accepted_at,
    delivery_last_error = newest.last_error, delivery_outcome = newest.outcome,
    delivery_undone_at = newest.undone_at
FROM (SELECT DISTINCT ON (agency_id, certificate_id) * FROM deliveries
      ORDER BY agency_id, certificate_id, queued_at DESC, id DESC) newest
WHERE certificates.agency_id = newest.agency_id AND certificates.id = newest.certificate_id;
ALTER TABLE certificates FORCE ROW LEVEL SECURITY;
ALTER TABLE deliveries FORCE ROW LEVEL SECURITY;

-- Not as whoever works for an agency, who may not write these columns.
GRANT SELECT ON certificates TO countersign_door;
GRANT UPDATE (delivery_id, delivery_state, delivery_to, delivery_queued_at, delivery_accepted_at, delivery_last_error,
              delivery_outcome, delivery_undone_at) ON certificates TO countersign_door;
CREATE POLICY door ON certificates TO countersign_door USING (true);
CREATE FUNCTION keep_newest_delivery() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE public.certificates SET
        delivery_id = NEW.id, delivery_state = NEW.state, delivery_to = NEW.to_addresses,
        delivery_queued_at = NEW.queued_at, delivery_accepted_at = NEW.accepted_at,
        delivery_last_error = NEW.last_error, delivery_outcome = NEW.outcome, delivery_undone_at = NEW.undone_at
    WHERE agency_id = NEW.agency_id AND id = NEW.certificate_id
        AND (delivery_id IS NULL OR (delivery_queued_at, delivery_id) <= (NEW.queued_at, NEW.id));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION keep_newest_delivery IS 'Tells the certificate what became of its newest sending.';
REVOKE ALL ON FUNCTION keep_newest_delivery() FROM PUBLIC;
ALTER FUNCTION keep_newest_delivery() OWNER TO countersign_door;
CREATE TRIGGER deliveries_keep_newest
    AFTER INSERT OR UPDATE OF state, to_addresses, accepted_at, last_error, outcome, undone_at ON deliveries
    FOR EACH ROW EXECUTE FUNCTION keep_newest_delivery();
