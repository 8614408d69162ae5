ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY;
DELETE FROM tasks WHERE kind <> 'certificate';
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
COMMENT ON COLUMN tasks.address IS NULL;
COMMENT ON TABLE tasks IS 'Mail that came back: somebody must find the right address, or say why not.';
DROP INDEX tasks_answer_unique;
ALTER TABLE tasks
    DROP CONSTRAINT tasks_about_one_thing,
    DROP CONSTRAINT tasks_question_fk,
    DROP CONSTRAINT tasks_notice_fk,
    DROP CONSTRAINT tasks_question_address_unique,
    DROP CONSTRAINT tasks_notice_address_unique,
    ALTER COLUMN address SET NOT NULL,
    ALTER COLUMN certificate_id SET NOT NULL,
    ALTER COLUMN delivery_id SET NOT NULL,
    DROP COLUMN question_id,
    DROP COLUMN notice_id,
    DROP COLUMN kind;
DROP FUNCTION mail_of_id(uuid);
CREATE FUNCTION agency_id_of_delivery(wanted uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT agency_id FROM public.deliveries WHERE id = wanted $$;
ALTER FUNCTION agency_id_of_delivery(uuid) OWNER TO countersign_door;
REVOKE ALL ON FUNCTION agency_id_of_delivery(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agency_id_of_delivery(uuid) TO countersign_app;
DROP POLICY door ON renewal_questions;
DROP POLICY door ON courtesy_notices;
REVOKE SELECT ON courtesy_notices, renewal_questions FROM countersign_door;
DROP INDEX renewal_questions_by_id;
DROP INDEX courtesy_notices_by_id;
DROP TABLE letter_events;
