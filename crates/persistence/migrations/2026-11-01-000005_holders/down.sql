DROP TABLE insured_holders;
DROP TABLE holders;
