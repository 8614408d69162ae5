-- The book of business that is measured: 208 agencies, one million certificates over the first 200 of them.
--
-- Certificates of all agencies follow each other in time, as they do in life, so that a page of one agency lies
-- scattered over the table.

INSERT INTO agencies (id, slug, name, time_zone, line1, city, state, postal_code, phone, email,
                      authorized_representative, created_at)
SELECT pg_temp.id(1, a), 'agency-' || lpad(a::text, 3, '0'), pg_temp.place(a) || ' Insurance ' || a, 'America/New_York',
       a || ' Main Street', 'Albany', 'NY', '12207', '(518) 555-0100', 'desk@agency' || a || '.example.com',
       'Avery Collins', now()
FROM generate_series(1, 208) a;

INSERT INTO certificate_counters (agency_id, last_number) SELECT id, 5000 FROM agencies;
INSERT INTO audit_heads (agency_id, seq, hash) SELECT id, 0, '' FROM agencies;

INSERT INTO staff_groups (agency_id, id, name, permissions)
SELECT id, id, 'Administrators',
       '{view_insureds,edit_insureds,manage_portal_accounts,view_certificates,send_certificates,edit_masters,run_imports,retry_mail,edit_agency}'
FROM agencies;

INSERT INTO staff_users (agency_id, id, group_id, username, first_name, last_name, email, state, created_at)
SELECT id, id, id, 'avery.collins', 'Avery', 'Collins', 'avery@example.com', 'active', now() FROM agencies;

INSERT INTO insureds (agency_id, id, name, kind, email, line1, city, state, postal_code, created_at, updated_at)
SELECT pg_temp.id(1, a), pg_temp.id(2, a * 50 + n), pg_temp.insured_name(n), 'commercial', 'office@example.com',
       n || ' Mill Street', 'Albany', 'NY', '12207', now(), now()
FROM generate_series(1, 208) a, generate_series(0, 49) n;

INSERT INTO contacts (agency_id, id, insured_id, name, email)
SELECT agency_id, id, id, 'Dana Whitfield', 'dana@example.com' FROM insureds;

INSERT INTO masters (agency_id, id, insured_id, name, description, authorized_representative, portal_usable,
                     created_at, updated_at)
SELECT agency_id, id, id, 'All lines', 'Operations usual to the named insured''s business.', 'Avery Collins', true,
       now(), now()
FROM insureds;

INSERT INTO holders (agency_id, id, name, line1, city, state, postal_code, emails, created_at)
SELECT pg_temp.id(1, a), pg_temp.id(3, a * 200 + n), pg_temp.holder_name(n), n || ' River Road', 'Troy', 'NY', '12180',
       '{risk@example.com}', now()
FROM generate_series(1, 208) a, generate_series(0, 199) n;

-- Cover in force for the first insured of each agency, on its master, with a form for each mark.
INSERT INTO carriers (agency_id, id, name, naic)
SELECT agencies.id, pg_temp.id(4, n), 'Ponderosa Casualty Company ' || n, (90000 + n)::text
FROM agencies, generate_series(1, 2) n;

INSERT INTO policies (agency_id, id, insured_id, carrier_id, number, line, named_insured, effective_on, expires_on,
                      status, coverage)
SELECT i.agency_id, pg_temp.id(5, p.number), i.id, pg_temp.id(4, p.carrier), 'POL-77' || p.number,
       p.coverage ->> 'line', i.name, current_date - 100, current_date + 265, 'active', p.coverage
FROM (SELECT DISTINCT ON (agency_id) agency_id, id, name FROM insureds ORDER BY agency_id, id) i,
     (VALUES (1, 1, '{"line": "general_liability", "trigger": "occurrence", "aggregate_per": {"per": "project"},
                      "each_occurrence": 100000000, "damage_to_rented_premises": 10000000, "medical_expense": 500000,
                      "personal_and_advertising_injury": 100000000, "general_aggregate": 200000000,
                      "products_completed_operations_aggregate": 200000000}'::jsonb),
             (2, 2, '{"line": "commercial_auto", "limit": {"kind": "combined_single", "each_accident": 100000000},
                      "covered_autos": {"any": true, "owned": false, "scheduled": false, "hired": false,
                                        "non_owned": false}}'),
             (3, 1, '{"line": "umbrella_excess", "kind": "umbrella", "trigger": "occurrence",
                      "retention": {"kind": "retention", "amount": 1000000}, "each_occurrence": 500000000,
                      "aggregate": 500000000}'),
             (4, 2, '{"line": "workers_compensation", "per_statute": true, "other_basis": null,
                      "excluded": {"answer": "no"}, "each_accident": 100000000, "disease_each_employee": 100000000,
                      "disease_policy_limit": 100000000}')
     ) p (number, carrier, coverage);

INSERT INTO endorsements (agency_id, id, policy_id, form_number, edition, title, effect, scope)
SELECT policies.agency_id, pg_temp.id(6, form.number), policies.id, form.form_number, '04 13', form.title, form.effect,
       'blanket'
FROM policies
JOIN (VALUES (1, 'general_liability', 'CG 20 10', 'Additional insured', 'additional_insured_ongoing'),
             (2, 'general_liability', 'CG 24 04', 'Waiver of transfer of rights', 'waiver'),
             (3, 'workers_compensation', 'WC 00 03 13', 'Waiver of our right to recover', 'waiver')
     ) form (number, line, form_number, title, effect) ON form.line = policies.line;

INSERT INTO master_lines (agency_id, master_id, line, policy_id, additional_insured_id, waiver_id)
SELECT agency_id, insured_id, line, id,
       CASE line WHEN 'general_liability' THEN pg_temp.id(6, 1) END,
       CASE line WHEN 'general_liability' THEN pg_temp.id(6, 2) WHEN 'workers_compensation' THEN pg_temp.id(6, 3) END
FROM policies;

INSERT INTO documents (agency_id, sha256, bytes, pages, created_at)
SELECT id, sha256(uuid_send(id)), '%PDF-', 1, now() FROM agencies;

-- A million in two years: certificate `n` is the `n / 200`th of its agency.
INSERT INTO certificates (agency_id, id, number, insured_id, insured_name, master_id, master_name, holder_id, holder_name,
                          description, issued_on, issued_at, source, issued_by_id, issued_by_name, payload, fingerprint,
                          document_sha256, findings, state, cover_ends_on, delivery_id, delivery_state, delivery_to, delivery_queued_at,
                          delivery_accepted_at)
SELECT pg_temp.id(1, a), pg_temp.id(7, n), '26-' || lpad((n / 200)::text, 6, '0'),
       pg_temp.id(2, a * 50 + i), pg_temp.insured_name(i), pg_temp.id(2, a * 50 + i), 'All lines',
       pg_temp.id(3, a * 200 + h), pg_temp.holder_name(h),
       'Operations usual to the named insured''s business at project ' || n || ', including work on occupied premises.',
       (issued_at AT TIME ZONE 'America/New_York')::date, issued_at, 'staff', pg_temp.id(1, a), 'Avery Collins',
       '{"template": 1, "revision": 0, "insurers": [{"letter": "A", "naic": "90001", "name": "Ponderosa Casualty Company 1"}],
         "general_liability": {"insurer": "A", "policy_number": "POL-771", "effective_on": "2026-03-01",
           "expires_on": "2027-03-01", "additional_insured": {"form_number": "CG 20 10", "edition": "04 13"},
           "coverage": {"trigger": "occurrence", "each_occurrence": 100000000, "general_aggregate": 200000000}}}'::jsonb,
       'f' || n, sha256(uuid_send(pg_temp.id(1, a))), '[]', 'issued', '2027-03-01',
       pg_temp.id(7, n), 'accepted', '{risk@example.com}', issued_at, issued_at + interval '5 seconds'
FROM (SELECT n, n % 200 + 1 AS a, (n / 200 * 13 + n) % 50 AS i, (n / 200 * 37 + n) % 200 AS h,
             date_trunc('second', now()) - (1000000 - n) * interval '63 seconds' AS issued_at
      FROM generate_series(0, 999999) n
      OFFSET 0) numbered;

-- The certificates say already what became of these.
ALTER TABLE deliveries DISABLE TRIGGER deliveries_queued_keep_newest;
INSERT INTO deliveries (agency_id, id, certificate_id, kind, to_addresses, subject, state, claims, requested_by_kind,
                        requested_by_id, requested_by_name, queued_at, accepted_at)
SELECT agency_id, id, id, 'original', '{risk@example.com}',
       'Certificate ' || number || ' of ' || insured_name || ' for ' || holder_name, 'accepted', 1, 'staff', issued_by_id,
       issued_by_name, issued_at, issued_at + interval '5 seconds'
FROM certificates;
ALTER TABLE deliveries ENABLE TRIGGER deliveries_queued_keep_newest;
