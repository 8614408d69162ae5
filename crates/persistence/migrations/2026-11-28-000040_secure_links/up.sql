-- A certificate goes out as a link that can be turned off, where the sender chose one in the place of an attachment.
ALTER TABLE deliveries
    ADD COLUMN channel text NOT NULL DEFAULT 'attachment'
        CONSTRAINT deliveries_channel_known CHECK (channel IN ('attachment', 'link')),
    ADD COLUMN link_expires_at timestamptz,
    ADD COLUMN link_ended_at timestamptz,
    ADD COLUMN link_ended_by_name text,
    ADD CONSTRAINT deliveries_link_expires CHECK ((channel = 'link') = (link_expires_at IS NOT NULL)),
    ADD CONSTRAINT deliveries_link_ended_whole CHECK ((link_ended_at IS NULL) = (link_ended_by_name IS NULL)),
    ADD CONSTRAINT deliveries_link_ended_of_link CHECK (link_ended_at IS NULL OR channel = 'link');
COMMENT ON COLUMN deliveries.channel IS 'Whether the mail carries the page or a link to it.';
COMMENT ON COLUMN deliveries.link_ended_at IS 'Somebody turned the link off, or took the sending back; it opens nothing any more.';

CREATE TABLE link_secrets (
    agency_id uuid NOT NULL CONSTRAINT link_secrets_agency_fk REFERENCES agencies (id),
    token_hash bytea NOT NULL CONSTRAINT link_secrets_hash_length CHECK (octet_length(token_hash) = 32),
    delivery_id uuid NOT NULL,
    made_at timestamptz NOT NULL,
    CONSTRAINT link_secrets_pkey PRIMARY KEY (agency_id, token_hash),
    CONSTRAINT link_secrets_delivery_fk FOREIGN KEY (agency_id, delivery_id) REFERENCES deliveries (agency_id, id)
);
COMMENT ON TABLE link_secrets IS
    'What was mailed in links. Each attempt to mail makes one of its own, and all that may have arrived open the same.';
COMMENT ON COLUMN link_secrets.token_hash IS 'SHA-256 of the secret; the secret itself is nowhere.';
SELECT make_tenant_table('link_secrets');
GRANT SELECT ON link_secrets TO countersign_app;
GRANT SELECT, INSERT ON link_secrets TO countersign_worker;

CREATE TABLE link_events (
    agency_id uuid NOT NULL CONSTRAINT link_events_agency_fk REFERENCES agencies (id),
    delivery_id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT link_events_kind_known CHECK (kind IN ('opened', 'downloaded')),
    at timestamptz NOT NULL,
    CONSTRAINT link_events_pkey PRIMARY KEY (agency_id, delivery_id, kind, at),
    CONSTRAINT link_events_delivery_fk FOREIGN KEY (agency_id, delivery_id) REFERENCES deliveries (agency_id, id)
);
COMMENT ON TABLE link_events IS
    'What was done with a link: when it was opened first, and each time the page was saved. Who did it is not kept.';
SELECT make_tenant_table('link_events');
GRANT SELECT, INSERT ON link_events TO countersign_app;
GRANT SELECT ON link_events TO countersign_worker;
CREATE UNIQUE INDEX link_events_opened_once ON link_events (agency_id, delivery_id) WHERE kind = 'opened';

ALTER TABLE batches ADD COLUMN channel text NOT NULL DEFAULT 'attachment'
    CONSTRAINT batches_channel_known CHECK (channel IN ('attachment', 'link'));
COMMENT ON COLUMN batches.channel IS 'How the mail of every row carries its page.';

ALTER TABLE agencies ADD COLUMN portal_channel text NOT NULL DEFAULT 'attachment'
    CONSTRAINT agencies_portal_channel_known CHECK (portal_channel IN ('attachment', 'link'));
COMMENT ON COLUMN agencies.portal_channel IS 'How the mail of what insureds send in the portal carries its page.';
