-- A sending to many holders writes its deliveries by one statement. Their certificates hear of them by one as well, not
-- row by row.
CREATE FUNCTION keep_newest_deliveries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE public.certificates SET
        delivery_id = shown.id, delivery_state = shown.state, delivery_to = shown.to_addresses,
        delivery_queued_at = shown.queued_at, delivery_accepted_at = shown.accepted_at,
        delivery_last_error = shown.last_error, delivery_outcome = shown.outcome,
        delivery_undone_at = shown.undone_at
    FROM (SELECT DISTINCT ON (agency_id, certificate_id) * FROM fresh
          ORDER BY agency_id, certificate_id, undone_at IS NOT NULL, queued_at DESC, id DESC) shown
    WHERE certificates.agency_id = shown.agency_id AND certificates.id = shown.certificate_id
        AND (certificates.delivery_id IS NULL
             OR (shown.undone_at IS NULL
                 AND (certificates.delivery_undone_at IS NOT NULL
                      OR (certificates.delivery_queued_at, certificates.delivery_id) <= (shown.queued_at, shown.id))));
    IF EXISTS (SELECT FROM fresh WHERE accepted_at IS NOT NULL) THEN
        UPDATE public.certificates SET delivery_emailed_at = first.at
        FROM (SELECT agency_id, certificate_id, min(accepted_at) AS at FROM fresh
              WHERE accepted_at IS NOT NULL GROUP BY agency_id, certificate_id) first
        WHERE certificates.agency_id = first.agency_id AND certificates.id = first.certificate_id
            AND (certificates.delivery_emailed_at IS NULL OR certificates.delivery_emailed_at > first.at);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION keep_newest_deliveries IS
    'As keep_newest_delivery, for deliveries that were written together.';
REVOKE ALL ON FUNCTION keep_newest_deliveries() FROM PUBLIC;
ALTER FUNCTION keep_newest_deliveries() OWNER TO countersign_door;

DROP TRIGGER deliveries_keep_newest ON deliveries;
CREATE TRIGGER deliveries_keep_newest
    AFTER UPDATE OF state, to_addresses, accepted_at, last_error, outcome, undone_at ON deliveries
    FOR EACH ROW EXECUTE FUNCTION keep_newest_delivery();
CREATE TRIGGER deliveries_queued_keep_newest
    AFTER INSERT ON deliveries REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_newest_deliveries();
