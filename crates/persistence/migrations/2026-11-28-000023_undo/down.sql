ALTER TABLE deliveries
    DROP CONSTRAINT deliveries_undone_not_mailed,
    DROP CONSTRAINT deliveries_undone_whole,
    DROP COLUMN undone_by_name,
    DROP COLUMN undone_at,
    DROP COLUMN held_until;
