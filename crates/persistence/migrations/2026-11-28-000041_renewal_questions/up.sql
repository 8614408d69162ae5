-- Before a renewal run the insured is asked, by a link that is answered once, which holders still need a certificate.
CREATE TABLE renewal_questions (
    agency_id uuid NOT NULL CONSTRAINT renewal_questions_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    insured_id uuid NOT NULL,
    insured_name text NOT NULL,
    master_id uuid NOT NULL,
    to_addresses text[] NOT NULL CONSTRAINT renewal_questions_somebody CHECK (cardinality(to_addresses) > 0),
    message text NOT NULL DEFAULT '',
    asked_by_id uuid,
    asked_by_name text NOT NULL,
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    replaced_at timestamptz,
    answered_at timestamptz,
    answered_by_name text,
    note text NOT NULL DEFAULT '',
    CONSTRAINT renewal_questions_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT renewal_questions_answered_whole CHECK ((answered_at IS NULL) = (answered_by_name IS NULL)),
    CONSTRAINT renewal_questions_insured_fk FOREIGN KEY (agency_id, insured_id) REFERENCES insureds (agency_id, id),
    CONSTRAINT renewal_questions_master_fk FOREIGN KEY (agency_id, insured_id, master_id)
        REFERENCES masters (agency_id, insured_id, id)
);
COMMENT ON COLUMN renewal_questions.answered_by_name IS 'As whoever had the link wrote it; nobody has proved it.';
COMMENT ON COLUMN renewal_questions.replaced_at IS 'When a newer question took its place.';
SELECT make_tenant_table('renewal_questions');
GRANT SELECT, INSERT ON renewal_questions TO countersign_app;
GRANT UPDATE (replaced_at, answered_at, answered_by_name, note) ON renewal_questions TO countersign_app;
GRANT SELECT ON renewal_questions TO countersign_worker;
CREATE INDEX renewal_questions_of_master ON renewal_questions (agency_id, master_id, asked_at DESC, id DESC);

CREATE TABLE renewal_question_holders (
    agency_id uuid NOT NULL CONSTRAINT renewal_question_holders_agency_fk REFERENCES agencies (id),
    question_id uuid NOT NULL,
    ordinal integer NOT NULL,
    holder_id uuid NOT NULL,
    holder_name text NOT NULL,
    city text NOT NULL,
    wanted boolean,
    CONSTRAINT renewal_question_holders_pkey PRIMARY KEY (agency_id, question_id, ordinal),
    CONSTRAINT renewal_question_holders_holder_unique UNIQUE (agency_id, question_id, holder_id),
    CONSTRAINT renewal_question_holders_question_fk FOREIGN KEY (agency_id, question_id)
        REFERENCES renewal_questions (agency_id, id),
    CONSTRAINT renewal_question_holders_holder_fk FOREIGN KEY (agency_id, holder_id)
        REFERENCES holders (agency_id, id)
);
COMMENT ON TABLE renewal_question_holders IS 'What was shown: the answer means these names, whatever becomes of the holders.';
COMMENT ON COLUMN renewal_question_holders.wanted IS 'Whether the insured said that it still needs a certificate; null until it answered.';
SELECT make_tenant_table('renewal_question_holders');
GRANT SELECT, INSERT ON renewal_question_holders TO countersign_app;
GRANT UPDATE (wanted) ON renewal_question_holders TO countersign_app;
GRANT SELECT ON renewal_question_holders TO countersign_worker;

ALTER TABLE link_secrets
    ALTER COLUMN delivery_id DROP NOT NULL,
    ADD COLUMN question_id uuid,
    ADD CONSTRAINT link_secrets_question_fk FOREIGN KEY (agency_id, question_id)
        REFERENCES renewal_questions (agency_id, id),
    ADD CONSTRAINT link_secrets_one_thing CHECK (num_nonnulls(delivery_id, question_id) = 1);
