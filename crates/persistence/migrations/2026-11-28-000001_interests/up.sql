-- Additional interests: who has a stake in an insured's cover. Name and address are those of a holder of the
-- agency's library; what only an interest has stands here.
CREATE TABLE interests (
    agency_id uuid NOT NULL CONSTRAINT interests_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    version integer NOT NULL DEFAULT 1,
    insured_id uuid NOT NULL,
    holder_id uuid NOT NULL,
    nature text NOT NULL CONSTRAINT interests_nature_known CHECK (nature IN (
        'AI', 'AD', 'AN', 'AL', 'AM', 'AS', 'AT', 'BW', 'CO', 'CZ', 'DP', 'FC', 'FR', 'GS', 'IL', 'LB', 'LH', 'LI',
        'LO', 'LP', 'LS', 'MA', 'MG', 'ML', 'MP', 'MU', 'OC', 'OL', 'OM', 'ON', 'OT', 'RG', 'TE', 'TH', 'VN')),
    item_kind text NOT NULL CONSTRAINT interests_item_kind_known CHECK (item_kind IN
        ('everything', 'vehicle', 'location', 'contract')),
    item_vehicle_id uuid,
    item_text text,
    reference text,
    emails text[] NOT NULL DEFAULT '{}',
    from_on date NOT NULL,
    until_on date,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by_name text,
    CONSTRAINT interests_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT interests_of_insured_unique UNIQUE (agency_id, insured_id, id),
    CONSTRAINT interests_days_forward CHECK (until_on >= from_on),
    CONSTRAINT interests_ended_whole CHECK ((ended_at IS NULL) = (ended_by_name IS NULL)),
    CONSTRAINT interests_item_fits_kind CHECK (
        (item_kind = 'vehicle') = (item_vehicle_id IS NOT NULL)
        AND (item_kind = 'location' OR item_kind = 'contract') = (item_text IS NOT NULL)),
    CONSTRAINT interests_insured_fk FOREIGN KEY (agency_id, insured_id) REFERENCES insureds (agency_id, id),
    CONSTRAINT interests_holder_fk FOREIGN KEY (agency_id, holder_id) REFERENCES holders (agency_id, id),
    CONSTRAINT interests_vehicle_fk FOREIGN KEY (agency_id, item_vehicle_id) REFERENCES vehicles (agency_id, id)
);
COMMENT ON TABLE interests IS 'Additional interests of insureds; ended, never deleted.';
COMMENT ON COLUMN interests.nature IS 'The two-letter code of the nature of interest.';
COMMENT ON COLUMN interests.reference IS 'Loan number or another reference of the interest''s own.';
COMMENT ON COLUMN interests.emails IS 'Where its certificates go; the holder has addresses of its own.';
COMMENT ON COLUMN interests.until_on IS 'The last day, itself included.';
COMMENT ON COLUMN interests.ended_by_name IS 'Who ended it; the name at that time.';
SELECT make_tenant_table('interests');
GRANT SELECT, INSERT, UPDATE ON interests TO countersign_app, countersign_worker;
CREATE INDEX interests_of_holder ON interests (agency_id, holder_id);

CREATE TABLE interest_policies (
    agency_id uuid NOT NULL CONSTRAINT interest_policies_agency_fk REFERENCES agencies (id),
    interest_id uuid NOT NULL,
    policy_id uuid NOT NULL,
    CONSTRAINT interest_policies_pkey PRIMARY KEY (agency_id, interest_id, policy_id),
    CONSTRAINT interest_policies_interest_fk FOREIGN KEY (agency_id, interest_id) REFERENCES interests (agency_id, id),
    CONSTRAINT interest_policies_policy_fk FOREIGN KEY (agency_id, policy_id) REFERENCES policies (agency_id, id)
);
COMMENT ON TABLE interest_policies IS 'The policies that an interest is written on.';
SELECT make_tenant_table('interest_policies');
GRANT SELECT, INSERT, DELETE ON interest_policies TO countersign_app, countersign_worker;
CREATE INDEX interest_policies_by_policy ON interest_policies (agency_id, policy_id);

CREATE TABLE interest_endorsements (
    agency_id uuid NOT NULL CONSTRAINT interest_endorsements_agency_fk REFERENCES agencies (id),
    interest_id uuid NOT NULL,
    policy_id uuid NOT NULL,
    endorsement_id uuid NOT NULL,
    CONSTRAINT interest_endorsements_pkey PRIMARY KEY (agency_id, interest_id, endorsement_id),
    CONSTRAINT interest_endorsements_link_fk FOREIGN KEY (agency_id, interest_id, policy_id)
        REFERENCES interest_policies (agency_id, interest_id, policy_id) ON DELETE CASCADE,
    CONSTRAINT interest_endorsements_form_fk FOREIGN KEY (agency_id, policy_id, endorsement_id)
        REFERENCES endorsements (agency_id, policy_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE interest_endorsements IS
    'The forms that name an interest or reach it; a form that is taken off the policy''s record takes its links along.';
SELECT make_tenant_table('interest_endorsements');
GRANT SELECT, INSERT, DELETE ON interest_endorsements TO countersign_app, countersign_worker;
CREATE INDEX interest_endorsements_by_form ON interest_endorsements (agency_id, policy_id, endorsement_id);

ALTER TABLE certificates
    ADD COLUMN interest_id uuid,
    DROP CONSTRAINT certificates_source_known,
    ADD CONSTRAINT certificates_source_known CHECK (source IN ('staff', 'portal', 'bulk', 'additional_interest')),
    ADD CONSTRAINT certificates_of_interest_named CHECK ((source = 'additional_interest') = (interest_id IS NOT NULL)),
    ADD CONSTRAINT certificates_interest_fk FOREIGN KEY (agency_id, insured_id, interest_id)
        REFERENCES interests (agency_id, insured_id, id);
COMMENT ON COLUMN certificates.interest_id IS 'The additional interest that it was sent to.';
