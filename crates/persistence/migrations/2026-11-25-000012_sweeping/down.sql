DROP INDEX password_links_by_age;
DROP INDEX sign_in_throttles_by_age;
DROP INDEX sessions_by_end;
REVOKE DELETE ON password_links FROM countersign_worker;
DROP FUNCTION agency_ids();
