-- Failures of the last minutes, counted over all names of an agency at each sign-in.
CREATE INDEX sign_in_throttles_recent ON sign_in_throttles (agency_id, last_failure_at);
COMMENT ON COLUMN sign_in_throttles.bucket IS 'Kind and name: an app and a username, a device, a network address; never tells whether the name exists.';
COMMENT ON COLUMN sign_in_throttles.blocked_until IS 'Closed until then; of a bucket of tokens, the moment from which one is there.';
