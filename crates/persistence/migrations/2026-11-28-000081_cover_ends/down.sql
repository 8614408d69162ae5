DROP TRIGGER policies_keep_cover_ends ON policies;
DROP FUNCTION keep_cover_ends();
DROP POLICY door ON policies;
REVOKE SELECT ON policies FROM countersign_door;
DROP POLICY door ON certificate_policies;
REVOKE SELECT ON certificate_policies FROM countersign_door;
COMMENT ON TABLE certificates IS 'Immutable once issued; names are stored as printed. Expiry is computed, never stored.';
ALTER TABLE certificates DROP COLUMN cover_ends_on;
