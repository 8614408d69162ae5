-- A mail waits a moment before it leaves, and who sent it can take it back until then.
ALTER TABLE deliveries
    ADD COLUMN held_until timestamptz,
    ADD COLUMN undone_at timestamptz,
    ADD COLUMN undone_by_name text,
    ADD CONSTRAINT deliveries_undone_whole CHECK ((undone_at IS NULL) = (undone_by_name IS NULL)),
    ADD CONSTRAINT deliveries_undone_not_mailed CHECK (undone_at IS NULL OR state = 'failed');
COMMENT ON COLUMN deliveries.held_until IS 'The mail was not to leave before, so that it could be undone.';
COMMENT ON COLUMN deliveries.undone_at IS
    'It was taken back before it was handed over. The state is failed, as the release before knows no other word.';
