ALTER TABLE insured_holders
    DROP CONSTRAINT insured_holders_requirements_object,
    DROP COLUMN requirements,
    DROP COLUMN renewals_stopped_at,
    DROP COLUMN contract_reference,
    DROP COLUMN version;
