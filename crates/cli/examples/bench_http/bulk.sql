-- The holders of the sending to many, in the agency's library, and what a round before left of their mail taken away.
INSERT INTO holders (agency_id, id, name, line1, city, state, postal_code, emails, created_at)
SELECT agencies.id, ('00000007-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Cobalt Development ' || n || ' LLC',
       n || ' Canal Street', 'Troy', 'NY', '12180', ARRAY['certificates' || n || '@example.com'], now()
FROM agencies, generate_series(1, 500) n
WHERE agencies.slug = 'agency-208'
ON CONFLICT DO NOTHING;
DELETE FROM jobs;

-- Mail waits until it is let go, so that issuing and handing over are measured one after the other.
CREATE OR REPLACE FUNCTION bench_hold_mail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.run_at := NEW.run_at + interval '1 day';
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER bench_hold_mail BEFORE INSERT ON jobs
    FOR EACH ROW WHEN (NEW.kind = 'deliver_certificate') EXECUTE FUNCTION bench_hold_mail();
