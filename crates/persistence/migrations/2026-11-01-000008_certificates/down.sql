DROP TABLE deliveries;
DROP TABLE certificate_policies;
DROP TABLE certificates;
DROP TABLE documents;
