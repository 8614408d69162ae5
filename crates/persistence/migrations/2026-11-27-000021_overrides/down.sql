ALTER TABLE certificates DROP COLUMN overrides;
DROP TABLE approvals;
