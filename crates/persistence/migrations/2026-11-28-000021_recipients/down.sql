DROP TABLE bounced_addresses;
DROP TABLE recipient_domains;
