DROP TABLE sign_in_throttles;
DROP TABLE password_links;
DROP TABLE sessions;
