DROP TABLE vehicles;
DROP TABLE endorsements;
DROP TABLE policies;
DROP TABLE carriers;
