-- Policies, the forms attached to them and the vehicles scheduled on them.
CREATE TABLE carriers (
    agency_id uuid NOT NULL CONSTRAINT carriers_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    name text NOT NULL,
    naic text NOT NULL CONSTRAINT carriers_naic_five_digits CHECK (naic ~ '^[0-9]{5}$'),
    CONSTRAINT carriers_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT carriers_naic_unique UNIQUE (agency_id, naic)
);
COMMENT ON COLUMN carriers.name IS 'Legal name of the writing company, never the group.';
SELECT make_tenant_table('carriers');
GRANT SELECT, INSERT, UPDATE ON carriers TO countersign_app, countersign_worker;

CREATE TABLE policies (
    agency_id uuid NOT NULL CONSTRAINT policies_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    insured_id uuid NOT NULL,
    carrier_id uuid NOT NULL,
    number text NOT NULL,
    line text NOT NULL CONSTRAINT policies_line_known CHECK (line IN
        ('general_liability', 'commercial_auto', 'umbrella_excess', 'workers_compensation', 'other')),
    named_insured text NOT NULL,
    effective_on date NOT NULL,
    expires_on date NOT NULL,
    status text NOT NULL CONSTRAINT policies_status_known CHECK (status IN
        ('quoted', 'bound', 'active', 'cancelled', 'non_renewed', 'expired')),
    cancelled_on date,
    cancel_reason text,
    coverage jsonb NOT NULL,
    CONSTRAINT policies_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT policies_number_term_unique UNIQUE (agency_id, number, effective_on, line),
    CONSTRAINT policies_term_forward CHECK (expires_on > effective_on),
    CONSTRAINT policies_cancellation_dated CHECK (status <> 'cancelled' OR cancelled_on IS NOT NULL),
    CONSTRAINT policies_coverage_fits_line CHECK (coverage ->> 'line' = line),
    CONSTRAINT policies_insured_fk FOREIGN KEY (agency_id, insured_id) REFERENCES insureds (agency_id, id),
    CONSTRAINT policies_carrier_fk FOREIGN KEY (agency_id, carrier_id) REFERENCES carriers (agency_id, id)
);
COMMENT ON COLUMN policies.expires_on IS 'The term ends at 12:01 a.m. of this day: no cover on it.';
COMMENT ON COLUMN policies.coverage IS 'Boxes and limits, typed by line; amounts are integer cents.';
SELECT make_tenant_table('policies');
GRANT SELECT, INSERT, UPDATE ON policies TO countersign_app, countersign_worker;
CREATE INDEX policies_by_insured ON policies (agency_id, insured_id, expires_on DESC);
CREATE INDEX policies_by_expiration ON policies (agency_id, expires_on);
CREATE INDEX policies_number_trigrams ON policies USING gin (agency_id, number gin_trgm_ops);

CREATE TABLE endorsements (
    agency_id uuid NOT NULL CONSTRAINT endorsements_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    policy_id uuid NOT NULL,
    form_number text NOT NULL,
    edition text NOT NULL,
    title text NOT NULL,
    effect text NOT NULL CONSTRAINT endorsements_effect_known CHECK (effect IN
        ('additional_insured_ongoing', 'additional_insured_completed', 'additional_insured_premises',
         'additional_insured_lessor', 'additional_insured_vendor', 'additional_insured_designated',
         'primary_noncontributory', 'waiver', 'notice_of_cancellation', 'per_project_aggregate',
         'per_location_aggregate', 'loss_payable', 'exclusion')),
    scope text NOT NULL CONSTRAINT endorsements_scope_known CHECK (scope IN
        ('scheduled', 'blanket', 'when_required_by_contract')),
    scheduled_parties text[] NOT NULL DEFAULT '{}',
    notice_days integer,
    CONSTRAINT endorsements_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT endorsements_of_policy_unique UNIQUE (agency_id, policy_id, id),
    CONSTRAINT endorsements_form_unique UNIQUE (agency_id, policy_id, form_number, edition, effect),
    CONSTRAINT endorsements_policy_fk FOREIGN KEY (agency_id, policy_id) REFERENCES policies (agency_id, id)
);
COMMENT ON COLUMN endorsements.edition IS 'Month and year as on the form, e.g. 04 13.';
SELECT make_tenant_table('endorsements');
GRANT SELECT, INSERT, UPDATE, DELETE ON endorsements TO countersign_app, countersign_worker;

CREATE TABLE vehicles (
    agency_id uuid NOT NULL CONSTRAINT vehicles_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    policy_id uuid NOT NULL,
    year integer,
    make text,
    model text,
    vin text NOT NULL,
    garaging_state text,
    CONSTRAINT vehicles_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT vehicles_vin_unique UNIQUE (agency_id, policy_id, vin),
    CONSTRAINT vehicles_policy_fk FOREIGN KEY (agency_id, policy_id) REFERENCES policies (agency_id, id)
);
SELECT make_tenant_table('vehicles');
GRANT SELECT, INSERT, UPDATE, DELETE ON vehicles TO countersign_app, countersign_worker;
