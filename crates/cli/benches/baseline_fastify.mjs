// Fastify and pg answering with the very page of certificates that the product answers with, in one statement,
// prepared, without session, rights or row-level security; the bench compares the two answers. `PROCESSES` of them
// share the port; each has its share of `CONNECTIONS`.
import cluster from 'node:cluster';
import Fastify from 'fastify';
import pg from 'pg';

const { DATABASE_URL, PORT, PROCESSES, CONNECTIONS } = process.env;

const PAGE = `
  SELECT c.id, c.number, c.revision, c.insured_id, c.insured_name, c.master_id, c.master_name, c.holder_id,
         h.name AS holder_name, c.description, c.issued_on::text AS issued_on, c.issued_at, c.source, c.issued_by_name,
         c.state, c.state_changed_at, c.state_changed_by_name, c.withdrawn_reason, c.supersedes_id, c.superseded_by_id,
         c.batch_id, c.interest_id, c.cover_ends_on::text AS cover_ends_on, c.delivery_emailed_at AS emailed_at,
         d.state AS delivery_state, d.to_addresses, d.queued_at, d.accepted_at, d.last_error, d.outcome, d.undone_at
  FROM certificates c
  JOIN holders h ON h.agency_id = c.agency_id AND h.id = c.holder_id
  LEFT JOIN LATERAL (
    SELECT * FROM deliveries
    WHERE agency_id = c.agency_id AND certificate_id = c.id ORDER BY queued_at DESC, id DESC LIMIT 1
  ) d ON true
  WHERE c.agency_id = $1 ORDER BY c.issued_at DESC, c.id DESC LIMIT 21`;

const text = { type: 'string' };
const row = {
  type: 'object',
  properties: {
    id: text, number: text, revision: { type: 'integer' }, insured_id: text, insured_name: text, holder_name: text,
    holder_id: text, issued_on: text, issued_at: text, source: text, sent_by_name: text, state: text,
    master: { type: 'object', properties: { id: text, name: text } },
    description_of_operations: text, batch_id: text, interest_id: text, cover_ends_on: text,
    withdrawal: { type: 'object', properties: { at: text, by_name: text, reason: text } },
    supersedes: text, superseded_by: text,
    delivery: {
      type: 'object',
      properties: {
        state: text, sent_by_email: { type: 'boolean' }, to: { type: 'array', items: text }, at: text,
        last_error: text, outcome: text, undone: { type: 'boolean' },
      },
    },
    may: { type: 'array', items: text },
  },
};
const page = { type: 'object', properties: { has_more: { type: 'boolean' } } };
const schema = {
  querystring: { type: 'object', required: ['agency'], properties: { agency: { type: 'string', format: 'uuid' } } },
  response: { 200: { type: 'object', properties: { data: { type: 'array', items: row }, page } } },
};

/** What there is; nothing where the database has none. */
const told = (value) => value ?? undefined;

function view(found) {
  const stands = found.state === 'issued';
  return {
    id: found.id,
    number: found.number,
    revision: found.revision,
    insured_id: found.insured_id,
    insured_name: found.insured_name,
    holder_name: found.holder_name,
    holder_id: found.holder_id,
    issued_on: found.issued_on,
    issued_at: found.issued_at.toISOString(),
    master: { id: found.master_id, name: found.master_name },
    description_of_operations: found.description || undefined,
    source: found.source,
    batch_id: told(found.batch_id),
    interest_id: told(found.interest_id),
    sent_by_name: found.issued_by_name,
    state: found.state,
    cover_ends_on: found.cover_ends_on,
    withdrawal:
      found.state === 'withdrawn'
        ? {
            at: found.state_changed_at.toISOString(),
            by_name: found.state_changed_by_name,
            reason: told(found.withdrawn_reason),
          }
        : undefined,
    supersedes: told(found.supersedes_id),
    superseded_by: told(found.superseded_by_id),
    delivery:
      found.delivery_state === null
        ? undefined
        : {
            state: found.delivery_state,
            sent_by_email: found.emailed_at !== null,
            to: found.to_addresses,
            at: (found.accepted_at ?? found.queued_at).toISOString(),
            last_error: told(found.last_error),
            outcome: told(found.outcome),
            undone: found.undone_at !== null,
          },
    may: stands ? ['preview', 'download', 'resend', 'revise'] : ['preview', 'download'],
  };
}

async function serve() {
  const pool = new pg.Pool({ connectionString: DATABASE_URL, max: Number(CONNECTIONS) / Number(PROCESSES) });
  const server = Fastify();
  server.get('/v1/certificates', { schema }, async (request) => {
    const { rows } = await pool.query({ name: 'page', text: PAGE, values: [request.query.agency] });
    return { data: rows.slice(0, 20).map(view), page: { has_more: rows.length > 20 } };
  });
  await server.listen({ host: '127.0.0.1', port: Number(PORT) });
  console.error('listening');
}

if (cluster.isPrimary && PROCESSES !== '1') {
  for (let made = 0; made < Number(PROCESSES); made += 1) {
    cluster.fork();
  }
} else {
  await serve();
}
