-- What the mail system tells of a mail after the relay took it, and what people must do about it.
CREATE TABLE delivery_events (
    agency_id uuid NOT NULL CONSTRAINT delivery_events_agency_fk REFERENCES agencies (id),
    delivery_id uuid NOT NULL,
    recipient text NOT NULL,
    kind text NOT NULL CONSTRAINT delivery_events_kind_known CHECK (kind IN
        ('delivered', 'deferred', 'bounced', 'complained')),
    at timestamptz NOT NULL,
    reason text NOT NULL DEFAULT '',
    told_at timestamptz NOT NULL,
    CONSTRAINT delivery_events_pkey PRIMARY KEY (agency_id, delivery_id, recipient, kind, at),
    CONSTRAINT delivery_events_delivery_fk FOREIGN KEY (agency_id, delivery_id)
        REFERENCES deliveries (agency_id, id)
);
COMMENT ON TABLE delivery_events IS 'Told in any order and more than once; the key takes each of them once.';
COMMENT ON COLUMN delivery_events.at IS 'When it happened, by the word of whoever told it.';
COMMENT ON COLUMN delivery_events.told_at IS 'When we were told.';
SELECT make_tenant_table('delivery_events');
GRANT SELECT, INSERT ON delivery_events TO countersign_app, countersign_worker;

ALTER TABLE deliveries ADD COLUMN outcome text CONSTRAINT deliveries_outcome_known CHECK (outcome IN
    ('delivered', 'deferred', 'bounced', 'complained'));
COMMENT ON COLUMN deliveries.outcome IS
    'What the events of all recipients come to; the state tells how far our own relay took it.';
CREATE INDEX deliveries_by_id ON deliveries (id);

-- A report names a delivery and no agency. It is believed because it is signed.
CREATE FUNCTION agency_id_of_delivery(wanted uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS
$$ SELECT agency_id FROM public.deliveries WHERE id = wanted $$;
ALTER FUNCTION agency_id_of_delivery(uuid) OWNER TO countersign_door;
REVOKE ALL ON FUNCTION agency_id_of_delivery(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agency_id_of_delivery(uuid) TO countersign_app;

CREATE TABLE tasks (
    agency_id uuid NOT NULL CONSTRAINT tasks_agency_fk REFERENCES agencies (id),
    id uuid NOT NULL,
    state text NOT NULL DEFAULT 'open' CONSTRAINT tasks_state_known CHECK (state IN ('open', 'done', 'dismissed')),
    delivery_id uuid NOT NULL,
    address text NOT NULL,
    certificate_id uuid NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    settled_at timestamptz,
    settled_by_id uuid,
    settled_by_name text,
    settled_reason text,
    CONSTRAINT tasks_pkey PRIMARY KEY (agency_id, id),
    CONSTRAINT tasks_delivery_address_unique UNIQUE (agency_id, delivery_id, address),
    CONSTRAINT tasks_delivery_fk FOREIGN KEY (agency_id, delivery_id) REFERENCES deliveries (agency_id, id),
    CONSTRAINT tasks_certificate_fk FOREIGN KEY (agency_id, certificate_id) REFERENCES certificates (agency_id, id),
    CONSTRAINT tasks_settled_whole CHECK (
        (state = 'open') = (settled_at IS NULL) AND (state = 'open') = (settled_by_name IS NULL))
);
COMMENT ON TABLE tasks IS 'Mail that came back: somebody must find the right address, or say why not.';
SELECT make_tenant_table('tasks');
GRANT SELECT, INSERT ON tasks TO countersign_app, countersign_worker;
GRANT UPDATE (state, settled_at, settled_by_id, settled_by_name, settled_reason) ON tasks
    TO countersign_app, countersign_worker;
CREATE INDEX tasks_open ON tasks (agency_id, created_at DESC, id DESC) WHERE state = 'open';
