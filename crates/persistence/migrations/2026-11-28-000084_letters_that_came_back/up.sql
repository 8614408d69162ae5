-- Courtesy notices and questions to insureds come back as certificates do, and somebody must learn of it; so must
-- somebody when an insured has answered.
CREATE TABLE letter_events (
    agency_id uuid NOT NULL CONSTRAINT letter_events_agency_fk REFERENCES agencies (id),
    letter_id uuid NOT NULL,
    notice_id uuid,
    question_id uuid,
    recipient text NOT NULL,
    kind text NOT NULL CONSTRAINT letter_events_kind_known CHECK (kind IN
        ('delivered', 'deferred', 'bounced', 'complained')),
    at timestamptz NOT NULL,
    reason text NOT NULL DEFAULT '',
    told_at timestamptz NOT NULL,
    CONSTRAINT letter_events_pkey PRIMARY KEY (agency_id, letter_id, recipient, kind, at),
    CONSTRAINT letter_events_one_letter CHECK (
        num_nonnulls(notice_id, question_id) = 1 AND letter_id = coalesce(notice_id, question_id)),
    CONSTRAINT letter_events_notice_fk FOREIGN KEY (agency_id, notice_id)
        REFERENCES courtesy_notices (agency_id, id),
    CONSTRAINT letter_events_question_fk FOREIGN KEY (agency_id, question_id)
        REFERENCES renewal_questions (agency_id, id)
);
COMMENT ON TABLE letter_events IS
    'What the mail system tells of courtesy notices and questions; as delivery_events, told in any order and more than once.';
COMMENT ON COLUMN letter_events.letter_id IS 'The notice or the question, for the key.';
COMMENT ON COLUMN letter_events.at IS 'When it happened, by the word of whoever told it.';
COMMENT ON COLUMN letter_events.told_at IS 'When we were told.';
SELECT make_tenant_table('letter_events');
GRANT SELECT, INSERT ON letter_events TO countersign_app, countersign_worker;

-- A report names a mail and no agency. It is believed because it is signed.
CREATE INDEX courtesy_notices_by_id ON courtesy_notices (id);
CREATE INDEX renewal_questions_by_id ON renewal_questions (id);
GRANT SELECT ON courtesy_notices, renewal_questions TO countersign_door;
CREATE POLICY door ON courtesy_notices FOR SELECT TO countersign_door USING (true);
CREATE POLICY door ON renewal_questions FOR SELECT TO countersign_door USING (true);
DROP FUNCTION agency_id_of_delivery(uuid);
CREATE FUNCTION mail_of_id(wanted uuid) RETURNS TABLE (agency uuid, kind text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT agency_id, 'certificate' FROM public.deliveries WHERE id = wanted
    UNION ALL
    SELECT agency_id, 'notice' FROM public.courtesy_notices WHERE id = wanted
    UNION ALL
    SELECT agency_id, 'question' FROM public.renewal_questions WHERE id = wanted
$$;
ALTER FUNCTION mail_of_id(uuid) OWNER TO countersign_door;
REVOKE ALL ON FUNCTION mail_of_id(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mail_of_id(uuid) TO countersign_app;

ALTER TABLE tasks
    ADD COLUMN kind text NOT NULL DEFAULT 'certificate'
        CONSTRAINT tasks_kind_known CHECK (kind IN ('certificate', 'notice', 'question', 'answer')),
    ADD COLUMN notice_id uuid,
    ADD COLUMN question_id uuid,
    ALTER COLUMN delivery_id DROP NOT NULL,
    ALTER COLUMN certificate_id DROP NOT NULL,
    ALTER COLUMN address DROP NOT NULL,
    ADD CONSTRAINT tasks_notice_address_unique UNIQUE (agency_id, notice_id, address),
    ADD CONSTRAINT tasks_question_address_unique UNIQUE (agency_id, question_id, address),
    ADD CONSTRAINT tasks_notice_fk FOREIGN KEY (agency_id, notice_id) REFERENCES courtesy_notices (agency_id, id),
    ADD CONSTRAINT tasks_question_fk FOREIGN KEY (agency_id, question_id)
        REFERENCES renewal_questions (agency_id, id),
    ADD CONSTRAINT tasks_about_one_thing CHECK (
        (kind = 'certificate') = (delivery_id IS NOT NULL)
        AND (kind = 'certificate') = (certificate_id IS NOT NULL)
        AND (kind = 'notice') = (notice_id IS NOT NULL)
        AND (kind = 'question' OR kind = 'answer') = (question_id IS NOT NULL)
        AND (kind = 'answer') = (address IS NULL));
ALTER TABLE tasks ALTER COLUMN kind DROP DEFAULT;
CREATE UNIQUE INDEX tasks_answer_unique ON tasks (agency_id, question_id) WHERE kind = 'answer';
COMMENT ON TABLE tasks IS
    'What staff must do: mail came back, and somebody must find the right address or say why not; an insured answered.';
COMMENT ON COLUMN tasks.address IS 'From where mail came back; null for an answer.';
