-- Master certificates: reusable selections of an insured's policies by section.
CREATE TABLE masters (
    agency_id uuid NOT NULL CONSTRAINT masters_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    insured_id uuid NOT NULL,
    name text NOT NULL,
    description text NOT NULL DEFAULT '',
    authorized_representative text NOT NULL,
    portal_usable boolean NOT NULL DEFAULT false,
    include_in_renewals boolean NOT NULL DEFAULT true,
    valid_from date,
    valid_until date,
    last_used_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT masters_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT masters_of_insured_unique UNIQUE (agency_id, insured_id, id),
    CONSTRAINT masters_name_unique UNIQUE (agency_id, insured_id, name),
    CONSTRAINT masters_validity_forward CHECK (valid_until IS NULL OR valid_from IS NULL OR valid_until >= valid_from),
    CONSTRAINT masters_insured_fk FOREIGN KEY (agency_id, insured_id) REFERENCES insureds (agency_id, id)
);
SELECT make_tenant_table('masters');
GRANT SELECT, INSERT, UPDATE ON masters TO countersign_app, countersign_worker;

CREATE TABLE master_lines (
    agency_id uuid NOT NULL CONSTRAINT master_lines_agency_fk REFERENCES agencies (id),
    master_id uuid NOT NULL,
    line text NOT NULL CONSTRAINT master_lines_line_known CHECK (line IN
        ('general_liability', 'commercial_auto', 'umbrella_excess', 'workers_compensation', 'other')),
    policy_id uuid NOT NULL,
    additional_insured_id uuid,
    waiver_id uuid,
    CONSTRAINT master_lines_pkey PRIMARY KEY (agency_id, master_id, line),
    CONSTRAINT master_lines_no_workers_compensation_insured
        CHECK (line <> 'workers_compensation' OR additional_insured_id IS NULL),
    CONSTRAINT master_lines_master_fk FOREIGN KEY (agency_id, master_id) REFERENCES masters (agency_id, id),
    CONSTRAINT master_lines_policy_fk FOREIGN KEY (agency_id, policy_id) REFERENCES policies (agency_id, id),
    CONSTRAINT master_lines_additional_insured_fk FOREIGN KEY (agency_id, policy_id, additional_insured_id)
        REFERENCES endorsements (agency_id, policy_id, id),
    CONSTRAINT master_lines_waiver_fk FOREIGN KEY (agency_id, policy_id, waiver_id)
        REFERENCES endorsements (agency_id, policy_id, id)
);
COMMENT ON TABLE master_lines IS 'One policy per section; a mark exists only as a link to a form on that same policy.';
SELECT make_tenant_table('master_lines');
GRANT SELECT, INSERT, UPDATE, DELETE ON master_lines TO countersign_app, countersign_worker;
