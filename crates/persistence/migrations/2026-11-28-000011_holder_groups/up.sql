-- Named groups of holders, the agency's own: to filter the library by, and to send to all of one at once.
CREATE TABLE holder_groups (
    agency_id uuid NOT NULL CONSTRAINT holder_groups_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    name text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    CONSTRAINT holder_groups_pkey PRIMARY KEY (agency_id, id)
);
COMMENT ON COLUMN holder_groups.version IS 'Counts changes of the name; who belongs to the group is none.';
SELECT make_tenant_table('holder_groups');
GRANT SELECT, INSERT, UPDATE, DELETE ON holder_groups TO countersign_app, countersign_worker;
CREATE UNIQUE INDEX holder_groups_name_unique ON holder_groups (agency_id, lower(name));

CREATE TABLE holder_group_members (
    agency_id uuid NOT NULL CONSTRAINT holder_group_members_agency_fk REFERENCES agencies (id),
    group_id uuid NOT NULL,
    holder_id uuid NOT NULL,
    CONSTRAINT holder_group_members_pkey PRIMARY KEY (agency_id, group_id, holder_id),
    CONSTRAINT holder_group_members_group_fk FOREIGN KEY (agency_id, group_id)
        REFERENCES holder_groups (agency_id, id) ON DELETE CASCADE,
    CONSTRAINT holder_group_members_holder_fk FOREIGN KEY (agency_id, holder_id) REFERENCES holders (agency_id, id)
);
SELECT make_tenant_table('holder_group_members');
GRANT SELECT, INSERT, DELETE ON holder_group_members TO countersign_app, countersign_worker;
CREATE INDEX holder_group_members_by_holder ON holder_group_members (agency_id, holder_id);
