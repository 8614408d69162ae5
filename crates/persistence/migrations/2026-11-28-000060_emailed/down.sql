CREATE OR REPLACE FUNCTION keep_newest_delivery() RETURNS trigger
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
ALTER TABLE certificates DROP COLUMN delivery_emailed_at;
