DROP TABLE tasks;
DROP FUNCTION agency_id_of_delivery(uuid);
DROP INDEX deliveries_by_id;
ALTER TABLE deliveries DROP COLUMN outcome;
DROP TABLE delivery_events;
