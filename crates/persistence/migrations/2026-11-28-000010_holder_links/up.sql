-- A holder as one insured has it: the contract between them, whether renewals go there, and what the holder asks for.
ALTER TABLE insured_holders
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN contract_reference text,
    ADD COLUMN renewals_stopped_at timestamptz,
    ADD COLUMN requirements jsonb NOT NULL DEFAULT '{}',
    ADD CONSTRAINT insured_holders_requirements_object CHECK (jsonb_typeof(requirements) = 'object');
COMMENT ON COLUMN insured_holders.version IS 'Counts changes of what is written down here; using the holder is none.';
COMMENT ON COLUMN insured_holders.contract_reference IS 'The contract or project that the holder''s request is about.';
COMMENT ON COLUMN insured_holders.renewals_stopped_at IS 'Since when renewals are not sent to it; null while they are.';
COMMENT ON COLUMN insured_holders.requirements IS 'The requirement profile: limits by their kind in cents, marks, forms. Empty asks for nothing.';
