DROP TABLE layout_statements;
