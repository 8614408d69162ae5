-- A log to search and to page: agencies of the sizes that the temporary table `sizes` lists (`a`, how many
-- `certificates`, how many `holders`), their certificates following each other in time over two years.

CREATE FUNCTION pg_temp.customer(number bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
$$ SELECT CASE WHEN number % 997 = 5 THEN 'Zephyr' ELSE pg_temp.place(number) END || ' ' ||
          (ARRAY['Point', 'Creek', 'Ridge', 'Lake', 'Hill', 'Park', 'Gate', 'Field', 'Grove', 'Bay', 'Valley', 'Shore',
                 'Forest', 'River', 'Stone', 'Spring', 'Plain', 'Crest', 'Haven'])[number % 19 + 1] || ' ' ||
          (ARRAY['Builders', 'Development', 'Partners'])[number % 3 + 1] || ' ' || number || ' LLC' $$;

INSERT INTO agencies (id, slug, name, time_zone, line1, city, state, postal_code, phone, email,
                      authorized_representative, created_at)
SELECT pg_temp.id(1, a), 'agency-' || lpad(a::text, 3, '0'), pg_temp.place(a) || ' Insurance ' || a, 'America/New_York',
       a || ' Main Street', 'Albany', 'NY', '12207', '(518) 555-0100', 'desk@agency' || a || '.example.com',
       'Avery Collins', now()
FROM sizes;

INSERT INTO certificate_counters (agency_id, last_number) SELECT id, 1000000 FROM agencies;
INSERT INTO audit_heads (agency_id, seq, hash) SELECT id, 0, '' FROM agencies;

INSERT INTO staff_groups (agency_id, id, name, permissions)
SELECT id, id, 'Administrators', '{view_insureds,view_certificates}' FROM agencies;

INSERT INTO staff_users (agency_id, id, group_id, username, first_name, last_name, email, state, created_at)
SELECT id, id, id, 'avery.collins', 'Avery', 'Collins', 'avery@example.com', 'active', now() FROM agencies;

INSERT INTO insureds (agency_id, id, name, kind, email, line1, city, state, postal_code, created_at, updated_at)
SELECT pg_temp.id(1, a), pg_temp.id(2, a * 50 + n), pg_temp.insured_name(n), 'commercial', 'office@example.com',
       n || ' Mill Street', 'Albany', 'NY', '12207', now(), now()
FROM sizes, generate_series(0, 49) n;

INSERT INTO masters (agency_id, id, insured_id, name, description, authorized_representative, portal_usable,
                     created_at, updated_at)
SELECT agency_id, id, id, 'All lines', 'Operations usual to the named insured''s business.', 'Avery Collins', true,
       now(), now()
FROM insureds;

INSERT INTO holders (agency_id, id, name, line1, city, state, postal_code, emails, created_at)
SELECT pg_temp.id(1, a), pg_temp.id(3, a * 100000 + n), pg_temp.customer(n), n || ' River Road', 'Troy', 'NY', '12180',
       '{risk@example.com}', now()
FROM sizes, generate_series(0, holders - 1) n;

INSERT INTO documents (agency_id, sha256, bytes, pages, created_at)
SELECT id, sha256(uuid_send(id)), '%PDF-', 1, now() FROM agencies;

-- References are left out: nothing is written here, and to look up each of ten million rows takes minutes.
DELETE FROM set_aside WHERE ordinal = 3;

-- One in twenty was sent by somebody else, one in ten by the insured, one in five hundred was withdrawn.
INSERT INTO certificates (agency_id, id, number, insured_id, insured_name, master_id, master_name, holder_id, holder_name,
                          description, issued_on, issued_at, source, issued_by_id, issued_by_name, payload, fingerprint,
                          document_sha256, findings, state, state_changed_at, state_changed_by_name, withdrawn_reason,
                          delivery_id, delivery_state, delivery_to, delivery_queued_at, delivery_accepted_at,
                          delivery_emailed_at, cover_ends_on)
SELECT pg_temp.id(1, a), pg_temp.id(7, a * 10000000::bigint + n), '26-' || lpad(n::text, 6, '0'),
       pg_temp.id(2, a * 50 + i), pg_temp.insured_name(i), pg_temp.id(2, a * 50 + i), 'All lines',
       pg_temp.id(3, a * 100000 + h), pg_temp.customer(h),
       'Operations usual to the named insured''s business at project ' || n || ', including work on occupied premises.',
       (issued_at AT TIME ZONE 'America/New_York')::date, issued_at,
       CASE WHEN n % 10 = 3 THEN 'portal' ELSE 'staff' END, pg_temp.id(1, a),
       CASE WHEN n % 20 = 7 THEN 'Jordan Reyes' ELSE 'Avery Collins' END, '{}', 'f' || n,
       sha256(uuid_send(pg_temp.id(1, a))), '[]',
       CASE WHEN n % 500 = 9 THEN 'withdrawn' ELSE 'issued' END,
       CASE WHEN n % 500 = 9 THEN issued_at END, CASE WHEN n % 500 = 9 THEN 'Avery Collins' END,
       CASE WHEN n % 500 = 9 THEN 'Sent to the wrong holder' END,
       pg_temp.id(7, a * 10000000::bigint + n), 'accepted', '{risk@example.com}', issued_at,
       issued_at + interval '5 seconds', issued_at + interval '5 seconds', '2027-03-01'
FROM (SELECT a, n, (n * 13 + n / 50) % 50 AS i, (n * 7919::bigint + n / holders) % holders AS h,
             date_trunc('second', now()) - (certificates - n) * (interval '730 days' / certificates) AS issued_at
      FROM sizes, generate_series(0, certificates - 1) n
      ORDER BY issued_at
      OFFSET 0) numbered;
