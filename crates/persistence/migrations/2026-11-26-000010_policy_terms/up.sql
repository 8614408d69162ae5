-- A policy knows the term before it, a surplus lines policy says who may issue certificates for it, and a form
-- has days of its own within the term.
ALTER TABLE policies
    ADD COLUMN prior_id uuid,
    ADD COLUMN issuing_authority text,
    ADD COLUMN wholesaler text;
-- Terms that are there already: the same number, line and insured, one beginning on the day on which the other ends.
ALTER TABLE policies NO FORCE ROW LEVEL SECURITY;
UPDATE policies later SET prior_id = earlier.id
    FROM policies earlier
    WHERE earlier.agency_id = later.agency_id AND earlier.insured_id = later.insured_id
      AND earlier.number = later.number AND earlier.line = later.line
      AND earlier.expires_on = later.effective_on;
ALTER TABLE policies FORCE ROW LEVEL SECURITY;
ALTER TABLE policies
    ADD CONSTRAINT policies_issuing_authority_known CHECK (issuing_authority IN ('not_known', 'agency', 'wholesaler')),
    ADD CONSTRAINT policies_wholesaler_named CHECK (
        (issuing_authority IS NOT DISTINCT FROM 'wholesaler') = (wholesaler IS NOT NULL)),
    ADD CONSTRAINT policies_prior_is_another CHECK (prior_id <> id),
    ADD CONSTRAINT policies_prior_unique UNIQUE (agency_id, prior_id),
    ADD CONSTRAINT policies_prior_fk FOREIGN KEY (agency_id, prior_id) REFERENCES policies (agency_id, id);
COMMENT ON COLUMN policies.prior_id IS 'The term that this one renews; a term is renewed once.';
COMMENT ON COLUMN policies.issuing_authority IS
    'Who may issue certificates for a surplus lines policy; null for a policy of an admitted insurer.';
COMMENT ON COLUMN policies.wholesaler IS 'The wholesaler that alone issues certificates; only where one does.';

ALTER TABLE endorsements
    ADD COLUMN effective_on date,
    ADD COLUMN ends_on date,
    ADD CONSTRAINT endorsements_days_forward CHECK (ends_on > effective_on);
COMMENT ON COLUMN endorsements.effective_on IS 'First day on which the form stands; null for the first day of the term.';
COMMENT ON COLUMN endorsements.ends_on IS 'Day on which the form was taken off: it does not stand on it; null for the end of the term.';
