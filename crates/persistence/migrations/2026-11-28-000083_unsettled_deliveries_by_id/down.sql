DROP INDEX deliveries_unsettled;
CREATE INDEX deliveries_unsettled ON deliveries (state) WHERE state <> 'accepted';
