DROP TABLE contacts;
DROP TABLE insureds;
