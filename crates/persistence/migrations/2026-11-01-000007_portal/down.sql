DROP TABLE portal_users;
