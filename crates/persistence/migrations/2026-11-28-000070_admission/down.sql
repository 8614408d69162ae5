DROP FUNCTION admit(uuid, bytea, text, text, timestamptz, timestamptz);
