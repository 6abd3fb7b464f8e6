import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestDatabase, type TestDatabase } from './test-database.js';

let one: TestDatabase;
let other: TestDatabase;
beforeAll(async () => {
  [one, other] = await Promise.all([startTestDatabase(), startTestDatabase()]);
});
afterAll(() => Promise.all([one?.dispose(), other?.dispose()]));

describe('startTestDatabase', () => {
  it('keeps what one file writes from another', async () => {
    await one.client('registry').experiment.create({ data: { name: 'mine', createdBy: 'test' } });
    const mine = { where: { name: 'mine' } };
    expect(await one.client().experiment.count(mine)).toBe(1);
    expect(await other.client().experiment.count(mine)).toBe(0);
  });

  it('lets services write as themselves, in their own outbox rows too', async () => {
    const agent = one.client('agent');
    const row = { owner: 'agent', name: 'training.requested', payload: { v: 1, trainingRunId: randomUUID() } };
    await agent.outboxMessage.create({ data: row });
    await expect(agent.model.create({ data: { name: 'x', createdBy: 'agent' } })).rejects.toThrow(/permission denied/);
    await expect(agent.outboxMessage.create({ data: { ...row, owner: 'registry' } })).rejects.toThrow(
      /row-level security/,
    );
  });

  it('has the tables of the job queue, for every service', async () => {
    const client = new pg.Client({ connectionString: one.url('serving') });
    await client.connect();
    const { rows } = await client.query<{ version: number }>('SELECT max(version) AS version FROM bullmq.migration');
    await client.end();
    expect(rows[0]?.version).toBeGreaterThan(0);
  });

  it('drops the database although somebody is still connected', async () => {
    const database = await startTestDatabase();
    const guest = new pg.Client({ connectionString: database.ownerUrl });
    guest.on('error', () => {}); // it will be thrown out
    await guest.connect();
    await database.dispose();
    await database.dispose();
    await expect(new pg.Client({ connectionString: database.ownerUrl }).connect()).rejects.toMatchObject({
      code: '3D000',
    });
  });
});
