DROP TABLE master_lines;
DROP TABLE masters;
