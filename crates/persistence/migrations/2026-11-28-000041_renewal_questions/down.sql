ALTER TABLE link_secrets NO FORCE ROW LEVEL SECURITY;
DELETE FROM link_secrets WHERE delivery_id IS NULL;
ALTER TABLE link_secrets FORCE ROW LEVEL SECURITY;
ALTER TABLE link_secrets
    DROP CONSTRAINT link_secrets_one_thing,
    DROP COLUMN question_id,
    ALTER COLUMN delivery_id SET NOT NULL;
DROP TABLE renewal_question_holders;
DROP TABLE renewal_questions;
