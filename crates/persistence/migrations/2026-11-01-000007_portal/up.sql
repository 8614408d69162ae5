-- The insureds' sign-ins to the portal.
CREATE TABLE portal_users (
    agency_id uuid NOT NULL CONSTRAINT portal_users_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    insured_id uuid NOT NULL,
    username text NOT NULL,
    email text NOT NULL,
    state text NOT NULL CONSTRAINT portal_users_state_known CHECK (state IN
        ('invited', 'active', 'suspended', 'revoked')),
    password_hash text,
    rights text[] NOT NULL,
    invited_at timestamptz NOT NULL,
    activated_at timestamptz,
    suspended_at timestamptz,
    revoked_at timestamptz,
    last_sign_in_at timestamptz,
    CONSTRAINT portal_users_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT portal_users_insured_unique UNIQUE (agency_id, insured_id),
    CONSTRAINT portal_users_username_unique UNIQUE (agency_id, username),
    CONSTRAINT portal_users_insured_fk FOREIGN KEY (agency_id, insured_id) REFERENCES insureds (agency_id, id)
);
COMMENT ON COLUMN portal_users.rights IS 'Words of the rights catalogue; no CHECK, because the catalogue grows without a migration.';
SELECT make_tenant_table('portal_users');
GRANT SELECT, INSERT, UPDATE ON portal_users TO countersign_app, countersign_worker;
