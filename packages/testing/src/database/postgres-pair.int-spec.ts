import { eventually } from '@gimbal/db/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { PostgresPair } from './postgres-pair.js';

jest.setTimeout(240_000);

describe('a PostgreSQL pair', () => {
  let pair: PostgresPair;
  beforeAll(async () => {
    pair = await PostgresPair.start();
  });
  afterAll(() => pair?.dispose());

  const ask = async (sql: string): Promise<readonly Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: pair.connectionString() });
    client.on('error', () => undefined); // told to the query
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end().catch(() => undefined); // a server that was killed cannot say goodbye
    }
  };

  it('goes on under the same address with every acknowledged row when the primary is killed', async () => {
    await ask('CREATE TABLE kept (id int PRIMARY KEY)');
    const acknowledged: number[] = [];
    let isOpen = true;
    const write = async () => {
      for (let id = 0; isOpen; id += 1)
        await ask(`INSERT INTO kept VALUES (${id})`).then(
          () => acknowledged.push(id),
          () => undefined,
        );
    };
    const writing = write();
    const grown = (count: number) => eventually(() => expect(acknowledged.length).toBeGreaterThan(count));
    await grown(50);
    await pair.killPrimary();
    await grown(acknowledged.length + 50);
    isOpen = false;
    await writing;
    const kept = new Set((await ask('SELECT id FROM kept')).map(({ id }) => id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(await ask('SELECT pg_is_in_recovery() AS standby')).toEqual([{ standby: false }]);
  });
});
