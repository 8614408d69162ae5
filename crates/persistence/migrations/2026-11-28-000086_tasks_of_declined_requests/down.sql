ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
DELETE FROM tasks WHERE kind = 'declined';
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
ALTER TABLE tasks
    DROP CONSTRAINT tasks_kind_known,
    ADD CONSTRAINT tasks_kind_known CHECK (kind IN ('certificate', 'notice', 'question', 'answer')),
    DROP CONSTRAINT tasks_about_one_thing,
    DROP COLUMN approval_id,
    ADD CONSTRAINT tasks_about_one_thing CHECK (
        (kind = 'certificate') = (delivery_id IS NOT NULL)
        AND (kind = 'certificate') = (certificate_id IS NOT NULL)
        AND (kind = 'notice') = (notice_id IS NOT NULL)
        AND (kind = 'question' OR kind = 'answer') = (question_id IS NOT NULL)
        AND (kind = 'answer') = (address IS NULL));
COMMENT ON TABLE tasks IS
    'What staff must do: mail came back, and somebody must find the right address or say why not; an insured answered.';
COMMENT ON COLUMN tasks.address IS 'From where mail came back; null for an answer.';
