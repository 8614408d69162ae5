ALTER TABLE agencies DROP COLUMN portal_channel;
ALTER TABLE batches DROP COLUMN channel;
DROP TABLE link_events;
DROP TABLE link_secrets;
ALTER TABLE deliveries
    DROP CONSTRAINT deliveries_link_ended_of_link,
    DROP CONSTRAINT deliveries_link_ended_whole,
    DROP CONSTRAINT deliveries_link_expires,
    DROP COLUMN link_ended_by_name,
    DROP COLUMN link_ended_at,
    DROP COLUMN link_expires_at,
    DROP COLUMN channel;
