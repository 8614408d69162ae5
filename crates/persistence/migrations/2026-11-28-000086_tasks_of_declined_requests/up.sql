-- A second person refused to lift what blocks a certificate: whoever asked must learn of it without looking for it.
ALTER TABLE tasks
    DROP CONSTRAINT tasks_kind_known,
    ADD CONSTRAINT tasks_kind_known
        CHECK (kind IN ('certificate', 'notice', 'question', 'answer', 'declined')),
    ADD COLUMN approval_id uuid,
    ADD CONSTRAINT tasks_approval_unique UNIQUE (agency_id, approval_id),
    ADD CONSTRAINT tasks_approval_fk FOREIGN KEY (agency_id, approval_id) REFERENCES approvals (agency_id, id),
    DROP CONSTRAINT tasks_about_one_thing,
    ADD CONSTRAINT tasks_about_one_thing CHECK (
        (kind = 'certificate') = (delivery_id IS NOT NULL)
        AND (kind = 'certificate') = (certificate_id IS NOT NULL)
        AND (kind = 'notice') = (notice_id IS NOT NULL)
        AND (kind = 'question' OR kind = 'answer') = (question_id IS NOT NULL)
        AND (kind = 'declined') = (approval_id IS NOT NULL)
        AND (kind = 'answer' OR kind = 'declined') = (address IS NULL));
COMMENT ON TABLE tasks IS
    'What staff must do about mail that came back, answers of insureds, and requests for approval that were declined.';
COMMENT ON COLUMN tasks.address IS 'From where mail came back; null for an answer and a declined request.';
