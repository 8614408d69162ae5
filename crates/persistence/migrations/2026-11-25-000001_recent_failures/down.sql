COMMENT ON COLUMN sign_in_throttles.blocked_until IS NULL;
COMMENT ON COLUMN sign_in_throttles.bucket IS 'App and username, or a network address; never tells whether the name exists.';
DROP INDEX sign_in_throttles_recent;
