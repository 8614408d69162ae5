-- What is known about addresses before something is sent to them.
CREATE TABLE recipient_domains (
    agency_id uuid NOT NULL CONSTRAINT recipient_domains_agency_fk REFERENCES agencies (id),
    domain text NOT NULL,
    first_mailed_at timestamptz NOT NULL,
    CONSTRAINT recipient_domains_pkey PRIMARY KEY (agency_id, domain)
);
COMMENT ON TABLE recipient_domains IS 'Domains that a mail of the agency was accepted for by the relay.';
SELECT make_tenant_table('recipient_domains');
GRANT SELECT, INSERT ON recipient_domains TO countersign_app, countersign_worker;

CREATE TABLE bounced_addresses (
    agency_id uuid NOT NULL CONSTRAINT bounced_addresses_agency_fk REFERENCES agencies (id),
    address text NOT NULL,
    at timestamptz NOT NULL,
    reason text NOT NULL,
    CONSTRAINT bounced_addresses_pkey PRIMARY KEY (agency_id, address),
    CONSTRAINT bounced_addresses_folded CHECK (address = lower(address))
);
COMMENT ON TABLE bounced_addresses IS 'Addresses that mail came back from, and that nothing was delivered to since.';
SELECT make_tenant_table('bounced_addresses');
GRANT SELECT, INSERT, UPDATE, DELETE ON bounced_addresses TO countersign_app, countersign_worker;

-- Whom the agencies wrote to until now. The owner is under the policies like everybody else.
ALTER TABLE deliveries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE recipient_domains NO FORCE ROW LEVEL SECURITY;
INSERT INTO recipient_domains (agency_id, domain, first_mailed_at)
SELECT d.agency_id, lower(substring(address FROM '[^@]*$')), min(d.accepted_at)
FROM deliveries d, unnest(d.to_addresses || d.cc_addresses) address
WHERE d.state = 'accepted'
GROUP BY 1, 2;
ALTER TABLE deliveries FORCE ROW LEVEL SECURITY;
ALTER TABLE recipient_domains FORCE ROW LEVEL SECURITY;
