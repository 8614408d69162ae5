-- Each attempt to mail a certificate that did not succeed. That it was queued and that it was accepted stands on
-- the delivery itself.
CREATE TABLE delivery_setbacks (
    agency_id uuid NOT NULL CONSTRAINT delivery_setbacks_agency_fk REFERENCES agencies (id),
    delivery_id uuid NOT NULL,
    attempt integer NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL CONSTRAINT delivery_setbacks_state_known CHECK (state IN ('deferred', 'failed')),
    reason text NOT NULL,
    CONSTRAINT delivery_setbacks_pkey PRIMARY KEY (agency_id, delivery_id, at, attempt, state),
    CONSTRAINT delivery_setbacks_delivery_fk FOREIGN KEY (agency_id, delivery_id)
        REFERENCES deliveries (agency_id, id)
);
COMMENT ON COLUMN delivery_setbacks.attempt IS 'Which attempt, as counted by deliveries.claims; 0 when it ended before the first.';
SELECT make_tenant_table('delivery_setbacks');
GRANT SELECT, INSERT ON delivery_setbacks TO countersign_app, countersign_worker;
