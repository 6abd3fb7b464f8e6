import { once } from 'node:events';
import { eventually, startTestDatabase, type TestDatabase } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { SoleTurn } from './sole-turn.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database.dispose());

it('is had by one at a time, and passes on when its holder ends or loses its connection', async () => {
  const working = new Set<string>();
  const crowds: number[] = [];
  const open = (who: string) =>
    new SoleTurn({
      connectionString: database.url('registry'),
      name: 'a-test',
      logger: pino({ level: 'silent' }),
      work: async (signal) => {
        working.add(who);
        crowds.push(working.size);
        if (!signal.aborted) await once(signal, 'abort');
        working.delete(who);
      },
    });
  const [first, second] = [open('first'), open('second')];
  first.start();
  await eventually(() => expect([...working]).toEqual(['first']));
  second.start();
  const ended = await database.client()
    .$queryRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'turn-a-test'`;
  expect(ended).not.toEqual([]);
  await eventually(() => expect(crowds.length).toBeGreaterThan(1));
  await first.close();
  await eventually(() => expect([...working]).toEqual(['second']));
  await second.close();
  expect([...working]).toEqual([]);
  expect(Math.max(...crowds)).toBe(1);
});
