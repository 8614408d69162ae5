-- The agency's people and the security groups that decide what they reach.
CREATE TABLE staff_groups (
    agency_id uuid NOT NULL CONSTRAINT staff_groups_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    name text NOT NULL,
    permissions text[] NOT NULL,
    CONSTRAINT staff_groups_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT staff_groups_name_unique UNIQUE (agency_id, name)
);
COMMENT ON COLUMN staff_groups.permissions IS 'Words of the permission catalogue; no CHECK, because the catalogue grows without a migration.';
SELECT make_tenant_table('staff_groups');
GRANT SELECT, INSERT, UPDATE ON staff_groups TO countersign_app, countersign_worker;

CREATE TABLE staff_users (
    agency_id uuid NOT NULL CONSTRAINT staff_users_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    group_id uuid NOT NULL,
    username text NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    email text NOT NULL,
    state text NOT NULL CONSTRAINT staff_users_state_known CHECK (state IN ('invited', 'active', 'inactive')),
    password_hash text,
    time_zone text NOT NULL DEFAULT 'America/New_York',
    created_at timestamptz NOT NULL,
    last_sign_in_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    CONSTRAINT staff_users_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT staff_users_username_unique UNIQUE (agency_id, username),
    CONSTRAINT staff_users_group_fk FOREIGN KEY (agency_id, group_id) REFERENCES staff_groups (agency_id, id)
);
COMMENT ON COLUMN staff_users.username IS 'Stored in lower case: names are compared without regard to case.';
COMMENT ON COLUMN staff_users.password_hash IS 'argon2id in PHC form; null until the person chose a password.';
SELECT make_tenant_table('staff_users');
GRANT SELECT, INSERT, UPDATE ON staff_users TO countersign_app, countersign_worker;
CREATE INDEX staff_users_group ON staff_users (agency_id, group_id);
