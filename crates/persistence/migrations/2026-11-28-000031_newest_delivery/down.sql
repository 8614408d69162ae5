DROP TRIGGER deliveries_keep_newest ON deliveries;
DROP FUNCTION keep_newest_delivery();
DROP POLICY door ON certificates;
REVOKE ALL ON certificates FROM countersign_door;
ALTER TABLE certificates RESET (fillfactor);
ALTER TABLE certificates
    DROP COLUMN delivery_id,
    DROP COLUMN delivery_state,
    DROP COLUMN delivery_to,
    DROP COLUMN delivery_queued_at,
    DROP COLUMN delivery_accepted_at,
    DROP COLUMN delivery_last_error,
    DROP COLUMN delivery_outcome,
    DROP COLUMN delivery_undone_at;
