DROP TABLE state_rules;
