-- What precedes a known caller: sessions, single-use links, and the ladder against guessing.
CREATE TABLE sessions (
    agency_id uuid NOT NULL CONSTRAINT sessions_agency_fk REFERENCES agencies (id),
    token_hash bytea NOT NULL,
    app text NOT NULL CONSTRAINT sessions_app_known CHECK (app IN ('staff', 'portal')),
    staff_user_id uuid,
    portal_user_id uuid,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (agency_id, token_hash),
    CONSTRAINT sessions_one_user CHECK (num_nonnulls(staff_user_id, portal_user_id) = 1
        AND (app = 'staff') = (staff_user_id IS NOT NULL)),
    CONSTRAINT sessions_staff_user_fk FOREIGN KEY (agency_id, staff_user_id) REFERENCES staff_users (agency_id, id),
    CONSTRAINT sessions_portal_user_fk FOREIGN KEY (agency_id, portal_user_id) REFERENCES portal_users (agency_id, id)
);
COMMENT ON COLUMN sessions.token_hash IS 'SHA-256 of the secret in the cookie; the secret itself is nowhere.';
SELECT make_tenant_table('sessions');
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO countersign_app, countersign_worker;
CREATE INDEX sessions_of_staff_user ON sessions (agency_id, staff_user_id);
CREATE INDEX sessions_of_portal_user ON sessions (agency_id, portal_user_id);

CREATE TABLE password_links (
    agency_id uuid NOT NULL CONSTRAINT password_links_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    app text NOT NULL CONSTRAINT password_links_app_known CHECK (app IN ('staff', 'portal')),
    staff_user_id uuid,
    portal_user_id uuid,
    purpose text NOT NULL CONSTRAINT password_links_purpose_known CHECK (purpose IN ('invitation', 'reset')),
    token_hash bytea,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    mailed_at timestamptz,
    used_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT password_links_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT password_links_one_user CHECK (num_nonnulls(staff_user_id, portal_user_id) = 1
        AND (app = 'staff') = (staff_user_id IS NOT NULL)),
    CONSTRAINT password_links_staff_user_fk FOREIGN KEY (agency_id, staff_user_id)
        REFERENCES staff_users (agency_id, id),
    CONSTRAINT password_links_portal_user_fk FOREIGN KEY (agency_id, portal_user_id)
        REFERENCES portal_users (agency_id, id)
);
COMMENT ON COLUMN password_links.token_hash IS 'SHA-256 of the secret; null until the worker made the secret while mailing it.';
COMMENT ON COLUMN password_links.ended_at IS 'Set when a newer link replaced this one or the account was closed.';
SELECT make_tenant_table('password_links');
GRANT SELECT, INSERT, UPDATE ON password_links TO countersign_app, countersign_worker;
CREATE UNIQUE INDEX password_links_token_unique ON password_links (agency_id, token_hash);
CREATE UNIQUE INDEX password_links_one_live_staff ON password_links (agency_id, staff_user_id)
    WHERE used_at IS NULL AND ended_at IS NULL;
CREATE UNIQUE INDEX password_links_one_live_portal ON password_links (agency_id, portal_user_id)
    WHERE used_at IS NULL AND ended_at IS NULL;

CREATE TABLE sign_in_throttles (
    agency_id uuid NOT NULL CONSTRAINT sign_in_throttles_agency_fk REFERENCES agencies (id),
    bucket text NOT NULL,
    failures integer NOT NULL,
    last_failure_at timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    CONSTRAINT sign_in_throttles_pkey PRIMARY KEY (agency_id, bucket)
);
COMMENT ON COLUMN sign_in_throttles.bucket IS 'App and username, or a network address; never tells whether the name exists.';
SELECT make_tenant_table('sign_in_throttles');
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_throttles TO countersign_app, countersign_worker;
