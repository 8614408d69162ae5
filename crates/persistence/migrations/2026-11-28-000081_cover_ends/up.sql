-- A certificate stands as issued although a policy on it was cancelled or its term is over. From which day on it shows
-- cover that nobody has any more is kept on its row, so that the log says so without looking into the policies.
ALTER TABLE certificates ADD COLUMN cover_ends_on date;
COMMENT ON COLUMN certificates.cover_ends_on IS
    'The first day on which one of the printed policies no longer covers; kept by a trigger on policies.';
COMMENT ON TABLE certificates IS
    'Immutable once issued; names are stored as printed. What its policies came to since is kept beside it.';

ALTER TABLE certificates NO FORCE ROW LEVEL SECURITY;
ALTER TABLE certificate_policies NO FORCE ROW LEVEL SECURITY;
ALTER TABLE policies NO FORCE ROW LEVEL SECURITY;
UPDATE certificates SET cover_ends_on = first.day
FROM (SELECT c.agency_id, c.id,
             -- One that names no policy shows no cover from its first day on; none is known to have been issued.
             coalesce(min(least((c.payload -> named.line ->> 'expires_on')::date, p.expires_on, p.cancelled_on)),
                      c.issued_on) AS day
      FROM certificates c
      LEFT JOIN certificate_policies named ON named.agency_id = c.agency_id AND named.certificate_id = c.id
      LEFT JOIN policies p ON p.agency_id = named.agency_id AND p.id = named.policy_id
      GROUP BY c.agency_id, c.id) first
WHERE certificates.agency_id = first.agency_id AND certificates.id = first.id;
ALTER TABLE certificates FORCE ROW LEVEL SECURITY;
ALTER TABLE certificate_policies FORCE ROW LEVEL SECURITY;
ALTER TABLE policies FORCE ROW LEVEL SECURITY;
ALTER TABLE certificates ALTER COLUMN cover_ends_on SET NOT NULL;

-- Not as whoever works for an agency, who may not write this column.
GRANT UPDATE (cover_ends_on) ON certificates TO countersign_door;
GRANT SELECT ON certificate_policies TO countersign_door;
CREATE POLICY door ON certificate_policies FOR SELECT TO countersign_door USING (true);
GRANT SELECT ON policies TO countersign_door;
CREATE POLICY door ON policies FOR SELECT TO countersign_door USING (true);
CREATE FUNCTION keep_cover_ends() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE public.certificates SET cover_ends_on = first.day
    FROM (SELECT c.id, min(least((c.payload -> named.line ->> 'expires_on')::date, p.expires_on, p.cancelled_on)) AS day
          FROM public.certificate_policies changed
          JOIN public.certificates c ON c.agency_id = changed.agency_id AND c.id = changed.certificate_id
          JOIN public.certificate_policies named
              ON named.agency_id = changed.agency_id AND named.certificate_id = changed.certificate_id
          JOIN public.policies p ON p.agency_id = named.agency_id AND p.id = named.policy_id
          WHERE changed.agency_id = NEW.agency_id AND changed.policy_id = NEW.id
          GROUP BY c.id) first
    WHERE certificates.agency_id = NEW.agency_id AND certificates.id = first.id
        AND certificates.cover_ends_on <> first.day;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION keep_cover_ends IS 'Tells certificates from which day on a policy on them no longer covers.';
REVOKE ALL ON FUNCTION keep_cover_ends() FROM PUBLIC;
ALTER FUNCTION keep_cover_ends() OWNER TO countersign_door;
CREATE TRIGGER policies_keep_cover_ends
    AFTER UPDATE OF status, cancelled_on, expires_on ON policies
    FOR EACH ROW WHEN (OLD.cancelled_on IS DISTINCT FROM NEW.cancelled_on OR OLD.expires_on <> NEW.expires_on)
    EXECUTE FUNCTION keep_cover_ends();
