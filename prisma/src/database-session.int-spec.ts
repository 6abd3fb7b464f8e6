import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DatabaseSession, isTaken, toJson } from './database-session.js';
import { startTestDatabase, type TestDatabase } from './testing/index.js';

let database: TestDatabase;
let session: DatabaseSession;
const open = (owner: string): DatabaseSession =>
  new DatabaseSession({ connectionString: database.url('agent'), poolMax: 3 }, { owner, transactionMs: 5_000 });
beforeAll(async () => {
  database = await startTestDatabase();
  session = open('agent');
});
afterAll(async () => {
  await session?.close();
  await database?.dispose();
});

const policy = (name: string) => ({ name, revision: 1, policy: toJson({}), updatedBy: 'test' });

it('rolls a change back as a whole', async () => {
  const change = session.change(async (tx) => {
    await tx.agentPolicy.create({ data: policy('half') });
    throw new Error('no');
  });
  await expect(change).rejects.toThrow('no');
  expect(await session.reader.agentPolicy.findUnique({ where: { name: 'half' } })).toBeNull();
});

it('lets changes in the same turn see each other, and those of other turns and services pass', async () => {
  const order: string[] = [];
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const first = session.changeInTurn('heart', async () => {
    begin();
    await held;
    order.push('first');
  });
  await begun;
  const second = session.changeInTurn('heart', async () => void order.push('second'));
  await session.changeInTurn('lung', async () => void order.push('other turn'));
  const other = open('registry');
  await other.changeInTurn('heart', async () => void order.push('other service'));
  await other.close();
  letGo();
  await Promise.all([first, second]);
  expect(order).toEqual(['other turn', 'other service', 'first', 'second']);
});

it('reads one state of the database in a snapshot', async () => {
  const counts = await session.snapshot(async (tx) => {
    const before = await tx.agentPolicy.count();
    await session.reader.agentPolicy.create({ data: policy('meanwhile') });
    return [before, await tx.agentPolicy.count()];
  });
  expect(counts[1]).toBe(counts[0]);
});

it('tells a taken key from other failures', async () => {
  await session.reader.agentPolicy.create({ data: policy('taken') });
  const again = session.reader.agentPolicy.create({ data: policy('taken') });
  expect(await again.catch(isTaken)).toBe(true);
  expect(isTaken(new Error('other'))).toBe(false);
});

it('says that it can be asked, and not after that nobody listens', async () => {
  await expect(session.ping()).resolves.toBeUndefined();
  const nowhere = new DatabaseSession(
    { connectionString: 'postgresql://nobody@127.0.0.1:1/none' },
    { owner: 'agent', transactionMs: 100 },
  );
  await expect(nowhere.ping()).rejects.toThrow();
  await nowhere.close();
});

it('leaves out of JSON what is undefined', () => {
  expect(toJson({ a: undefined, b: [new Date(0)] })).toEqual({ b: ['1970-01-01T00:00:00.000Z'] });
});
