-- A holder's certificates are mailed as the holder prefers, where somebody wrote that down.
ALTER TABLE holders ADD COLUMN channel text
    CONSTRAINT holders_channel_known CHECK (channel IN ('attachment', 'link'));
COMMENT ON COLUMN holders.channel IS 'How it wants its mail to carry the page; null where nobody has said.';

ALTER TABLE batches ADD COLUMN by_preference boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN batches.by_preference IS
    'Each row is mailed as its holder prefers; channel is then that of holders who prefer nothing.';
COMMENT ON COLUMN batches.channel IS 'How the mail of every row carries its page that says nothing of its own.';

ALTER TABLE batch_rows ADD COLUMN channel text
    CONSTRAINT batch_rows_channel_known CHECK (channel IN ('attachment', 'link'));
COMMENT ON COLUMN batch_rows.channel IS
    'How its mail carries the page, settled when the batch was started; null, as the release before writes it, for as the batch says.';
