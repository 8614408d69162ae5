ALTER TABLE endorsements
    DROP CONSTRAINT endorsements_form_scope_unique,
    ADD CONSTRAINT endorsements_form_unique
        UNIQUE (agency_id, policy_id, form_number, edition, effect);
