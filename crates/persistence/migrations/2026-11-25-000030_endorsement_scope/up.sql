-- A policy may carry one form twice: for everyone whom a contract requires, and for the parties on its schedule.
ALTER TABLE endorsements
    DROP CONSTRAINT endorsements_form_unique,
    ADD CONSTRAINT endorsements_form_scope_unique
        UNIQUE (agency_id, policy_id, form_number, edition, effect, scope);
COMMENT ON CONSTRAINT endorsements_form_scope_unique ON endorsements IS
    'A form stands on a policy once for each scope; all parties of a schedule stand in one row.';
