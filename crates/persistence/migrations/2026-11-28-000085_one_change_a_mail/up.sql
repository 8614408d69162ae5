-- A certificate heard of its mail by two changes of its row in one transaction. At the second one Postgres looks up again
-- what the row refers to, since it cannot tell whether the first one changed that; it then waited for a batch that held its
-- own row and waited for the insured, which the first lookup held: a deadlock. By one change nothing is looked up.
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
        delivery_undone_at = shown.undone_at,
        -- The lesser of a moment and of none is the moment.
        delivery_emailed_at = LEAST(delivery_emailed_at, NEW.accepted_at)
    WHERE agency_id = NEW.agency_id AND id = NEW.certificate_id
        AND (delivery_id IS NULL OR delivery_id = NEW.id OR delivery_undone_at IS NOT NULL
             OR (delivery_queued_at, delivery_id) <= (shown.queued_at, shown.id));
    IF NOT FOUND AND NEW.accepted_at IS NOT NULL THEN
        UPDATE public.certificates SET delivery_emailed_at = NEW.accepted_at
        WHERE agency_id = NEW.agency_id AND id = NEW.certificate_id
            AND (delivery_emailed_at IS NULL OR delivery_emailed_at > NEW.accepted_at);
    END IF;
    RETURN NULL;
END
$$;
