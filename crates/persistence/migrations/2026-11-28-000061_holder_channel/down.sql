ALTER TABLE batch_rows DROP COLUMN channel;
COMMENT ON COLUMN batches.channel IS 'How the mail of every row carries its page.';
ALTER TABLE batches DROP COLUMN by_preference;
ALTER TABLE holders DROP COLUMN channel;
