-- What a list shows is read by one statement, and this is its first part: it names the agency to row-level security for
-- as long as the statement takes, and tells whether the session and the account behind it still are what the server
-- remembers. xmin is the transaction that wrote a row's present version, so whatever changes a row changes it.
CREATE FUNCTION admit(agency uuid, token bytea, app text, known_rows text, moment timestamptz, idle_since timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_catalog.set_config('app.agency_id', agency::text, true);
    IF app = 'staff' THEN
        RETURN EXISTS (
            SELECT FROM public.sessions
            JOIN public.staff_users ON staff_users.agency_id = sessions.agency_id
                AND staff_users.id = sessions.staff_user_id
            JOIN public.staff_groups ON staff_groups.agency_id = staff_users.agency_id
                AND staff_groups.id = staff_users.group_id
            WHERE sessions.agency_id = agency AND sessions.token_hash = token AND sessions.app = 'staff'
                AND sessions.expires_at > moment AND sessions.last_seen_at > idle_since
                AND concat_ws(' ', sessions.xmin, staff_users.xmin, staff_groups.xmin) = known_rows
        );
    END IF;
    RETURN EXISTS (
        SELECT FROM public.sessions
        JOIN public.portal_users ON portal_users.agency_id = sessions.agency_id
            AND portal_users.id = sessions.portal_user_id
        JOIN public.insureds ON insureds.agency_id = portal_users.agency_id
            AND insureds.id = portal_users.insured_id
        WHERE sessions.agency_id = agency AND sessions.token_hash = token AND sessions.app = 'portal'
            AND sessions.expires_at > moment AND sessions.last_seen_at > idle_since
            AND concat_ws(' ', sessions.xmin, portal_users.xmin, insureds.xmin) = known_rows
    );
END
$$;
COMMENT ON FUNCTION admit IS
    'Names the agency to row-level security until the statement ends; tells whether the session still is what is known of it.';
REVOKE ALL ON FUNCTION admit(uuid, bytea, text, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admit(uuid, bytea, text, text, timestamptz, timestamptz) TO countersign_app;
