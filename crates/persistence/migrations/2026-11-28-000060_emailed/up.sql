-- A certificate that reached the relay once stays sent by email, whatever becomes of a later sending; and a sending that
-- was taken back tells nothing of the certificate while another one stands.
ALTER TABLE certificates ADD COLUMN delivery_emailed_at timestamptz;
COMMENT ON COLUMN certificates.delivery_emailed_at IS 'When the relay accepted one of its sendings for the first time.';

ALTER TABLE certificates NO FORCE ROW LEVEL SECURITY;
ALTER TABLE deliveries NO FORCE ROW LEVEL SECURITY;
UPDATE certificates SET delivery_emailed_at = first.at
FROM (SELECT agency_id, certificate_id, min(accepted_at) AS at FROM deliveries GROUP BY agency_id, certificate_id) first
WHERE certificates.agency_id = first.agency_id AND certificates.id = first.certificate_id AND first.at IS NOT NULL;
UPDATE certificates SET
    delivery_id = standing.id, delivery_state = standing.state, delivery_to = standing.to_addresses,
    delivery_queued_at = standing.queued_at, delivery_accepted_at = standing.accepted_at,
    delivery_last_error = standing.last_error, delivery_outcome = standing.outcome, delivery_undone_at = NULL
FROM (SELECT DISTINCT ON (agency_id, certificate_id) * FROM deliveries WHERE undone_at IS NULL
      ORDER BY agency_id, certificate_id, queued_at DESC, id DESC) standing
WHERE certificates.agency_id = standing.agency_id AND certificates.id = standing.certificate_id
    AND certificates.delivery_undone_at IS NOT NULL;
ALTER TABLE certificates FORCE ROW LEVEL SECURITY;
ALTER TABLE deliveries FORCE ROW LEVEL SECURITY;

GRANT UPDATE (delivery_emailed_at) ON certificates TO countersign_door;
CREATE OR REPLACE FUNCTION keep_newest_delivery() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    shown public.deliveries := NEW;
BEGIN
    IF NEW.undone_at IS NOT NULL THEN
        SELECT * INTO STRICT shown FROM public.deliveries
        WHERE agency_id = NEW.agency_id AND certificate_id = NEW.certificate_id
        ORDER BY undone_at IS NOT NULL, queued_at DESC, id DESC LIMIT 1;
    END IF;
    UPDATE public.certificates SET
        delivery_id = shown.id, delivery_state = shown.state, delivery_to = shown.to_addresses,
        delivery_queued_at = shown.queued_at, delivery_accepted_at = shown.accepted_at,
        delivery_last_error = shown.last_error, delivery_outcome = shown.outcome,
        delivery_undone_at = shown.undone_at
    WHERE agency_id = NEW.agency_id AND id = NEW.certificate_id
        AND (delivery_id IS NULL OR delivery_id = NEW.id OR delivery_undone_at IS NOT NULL
             OR (delivery_queued_at, delivery_id) <= (shown.queued_at, shown.id));
    IF NEW.accepted_at IS NOT NULL THEN
        UPDATE public.certificates SET delivery_emailed_at = NEW.accepted_at
        WHERE agency_id = NEW.agency_id AND id = NEW.certificate_id
            AND (delivery_emailed_at IS NULL OR delivery_emailed_at > NEW.accepted_at);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION keep_newest_delivery IS
    'Tells the certificate what became of its newest sending that was not taken back, and when the first one left.';
