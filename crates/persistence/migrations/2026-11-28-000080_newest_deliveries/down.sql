DROP TRIGGER deliveries_queued_keep_newest ON deliveries;
DROP TRIGGER deliveries_keep_newest ON deliveries;
CREATE TRIGGER deliveries_keep_newest
    AFTER INSERT OR UPDATE OF state, to_addresses, accepted_at, last_error, outcome, undone_at ON deliveries
    FOR EACH ROW EXECUTE FUNCTION keep_newest_delivery();
DROP FUNCTION keep_newest_deliveries();
