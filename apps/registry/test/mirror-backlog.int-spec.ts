import { startTestDatabase, type TestDatabase } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Database } from '../src/database/database.js';
import { dueQuery, SyncQueueRepository } from '../src/mirror/queue/sync-queue.repository.js';

/** PostgreSQL's own reckoning of one take, with its plan. */
interface Explained {
  readonly Plan: Readonly<Record<string, number>>;
  readonly 'Planning Time': number;
}

let database: TestDatabase;
let registry: Database;
beforeAll(async () => {
  database = await startTestDatabase();
  registry = new Database({ connectionString: database.url('registry'), poolMax: 2, applicationName: 'test' });
});
afterAll(async () => {
  await registry.close();
  await database.dispose();
});

/** In one statement: a busy machine takes longer than PostgreSQL lets one last for all of them. */
const FILLED_AT_ONCE = 20_000;

/** Runs and versions that wait: half are due, the others have failed and are tried later. */
async function fill(count: number): Promise<void> {
  for (let from = 0; from < count; from += FILLED_AT_ONCE)
    await database.client().$executeRaw`
      INSERT INTO mlflow_sync (entity_kind, entity_id, place, next_attempt_at)
      SELECT (ARRAY['run', 'model-version'])[1 + n % 2], gen_random_uuid(), n, now() + (n % 4 / 2 - 0.5) * interval '1 hour'
      FROM generate_series(1, ${Math.min(count, FILLED_AT_ONCE)}::int) n`;
}

async function explain(): Promise<Explained & { readonly blocks: number }> {
  const { text, values } = dueQuery(100);
  const [row] = await registry.query<{ 'QUERY PLAN': [Explained] }>(
    { text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}` },
    values,
  );
  const explained = row?.['QUERY PLAN'][0];
  if (!explained) throw new Error('PostgreSQL explained nothing.');
  const { Plan } = explained;
  return { ...explained, blocks: (Plan['Shared Hit Blocks'] ?? 0) + (Plan['Shared Read Blocks'] ?? 0) };
}

it('takes what is due at a cost that does not grow with what waits, before PostgreSQL has counted it and after', async () => {
  await fill(2_000);
  await explain(); // the first one reads the catalogue
  const few = await explain();
  await fill(200_000);
  const uncounted = await explain();
  await database.client().$executeRawUnsafe('ANALYZE mlflow_sync');
  const many = await explain();
  if (process.env['SHOW_PLANS']) process.stdout.write(`${JSON.stringify({ few, uncounted, many }, null, 1)}\n`);
  expect(uncounted.blocks).toBeLessThan(2 * few.blocks);
  expect(many.blocks).toBeLessThan(2 * few.blocks);
});

it('takes some of every kind, so that runs that change all the time keep no version waiting', async () => {
  const due = await new SyncQueueRepository(registry).takeDue(3);
  expect(due.map(({ kind }) => kind)).toEqual([...Array(3).fill('run'), ...Array(3).fill('model-version')]);
});
