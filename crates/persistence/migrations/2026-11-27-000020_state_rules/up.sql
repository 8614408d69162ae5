-- What the states ask of a certificate's form. Reference data of the installation, the same for all agencies and
-- changed by migrations only, so that each rule comes with its source.
CREATE TABLE state_rules (
    state text NOT NULL CONSTRAINT state_rules_pkey PRIMARY KEY
        CONSTRAINT state_rules_state_shape CHECK (state ~ '^[A-Z]{2}$'),
    rule text NOT NULL CONSTRAINT state_rules_rule_known CHECK (rule IN ('filed_form', 'nothing_misleading')),
    severity text NOT NULL CONSTRAINT state_rules_severity_known CHECK (severity IN ('block', 'warn', 'info')),
    source text NOT NULL,
    source_date text,
    note text
);
COMMENT ON TABLE state_rules IS 'What each state asks of the form of a certificate; a state without a row was not looked up.';
COMMENT ON COLUMN state_rules.severity IS 'How much it weighs when the page is a layout of the agency''s own.';
COMMENT ON COLUMN state_rules.source_date IS 'A year, a month or a day, as far as it is known.';
GRANT SELECT ON state_rules TO countersign_app, countersign_worker;

INSERT INTO state_rules (state, rule, severity, source, source_date, note) VALUES
    ('TX', 'filed_form', 'block', 'Texas Insurance Code 1811.052 to 1811.054; 28 TAC 5.9372', NULL,
     'The form must be filed and approved, or be a standard form that is deemed approved. It holds for risks in Texas wherever the agency sits.'),
    ('ND', 'filed_form', 'block', 'North Dakota Century Code 26.1-39.1', NULL, 'Similar to the rule of Texas.'),
    ('RI', 'nothing_misleading', 'info', 'Rhode Island General Laws 27-78', '2013',
     'Bars misleading forms and says that a certificate gives no new rights.'),
    ('NY', 'nothing_misleading', 'info', 'New York Insurance Law, article 5', '2015',
     'Bars certificates that alter the cover.'),
    ('KS', 'filed_form', 'warn', 'ACORD guide to certificates, list of filing states', '2006-09', 'Check whether it still holds.'),
    ('KY', 'filed_form', 'warn', 'ACORD guide to certificates, list of filing states', '2006-09', 'Check whether it still holds.'),
    ('MN', 'filed_form', 'warn', 'ACORD guide to certificates, list of filing states', '2006-09', 'Check whether it still holds.'),
    ('MO', 'filed_form', 'warn', 'ACORD guide to certificates, list of filing states', '2006-09', 'Check whether it still holds.'),
    ('NC', 'filed_form', 'warn', 'ACORD guide to certificates, list of filing states', '2006-09', 'Check whether it still holds.'),
    ('OK', 'filed_form', 'warn', 'ACORD guide to certificates, list of filing states', '2006-09', 'Check whether it still holds.'),
    ('WI', 'filed_form', 'warn', 'ACORD guide to certificates, list of filing states', '2006-09', 'Check whether it still holds.');
