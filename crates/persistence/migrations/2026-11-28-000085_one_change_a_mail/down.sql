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
