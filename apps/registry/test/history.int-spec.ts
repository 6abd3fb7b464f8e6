import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { promote, register, rollback } from './versions.js';

let registry: RegistryHarness;
const moments: Record<string, string> = {};
const model = 'told';
const call = (path: string) => registry.call({ path: `/api/v1/models/${model}${path}`, roles: ['viewer'] });

/** Remembers a moment that lies between two changes by PostgreSQL's clock of milliseconds. */
async function remember(name: string): Promise<void> {
  const last = await registry.rows.stageChange.findFirstOrThrow({ orderBy: { id: 'desc' } });
  const moment = new Date(last.changedAt.getTime() + 1);
  while (Date.now() <= moment.getTime()) await new Promise((resolve) => setImmediate(resolve));
  moments[name] = moment.toISOString();
}

beforeAll(async () => {
  registry = await startRegistry();
  await register(registry, model);
  await remember('registered');
  await promote(registry, { model, version: 1, expected: null }, { reason: 'First.' });
  await remember('first');
  await register(registry, model);
  await promote(registry, { model, version: 2, expected: 1 }, { reason: 'Better.' });
  await remember('second');
  await rollback(registry, model, 2, { reason: 'Worse after all.' });
});
afterAll(() => registry.dispose());

describe('the history of a model', () => {
  it('says who moved which version and alias, when and why, newest first', async () => {
    const { status, body } = await call('/history');
    expect(status).toBe(200);
    const told = body.items.map((item: Record<string, unknown>) =>
      item['kind'] === 'alias'
        ? `${item['alias']} ${item['previous_version']}->${item['version']}: ${item['reason']}`
        : `${item['version']} ${item['previous_stage']}->${item['stage']}: ${item['reason']}`,
    );
    expect(told).toEqual([
      'live 2->1: Worse after all.',
      '1 archived->production: Worse after all.',
      '2 production->archived: Worse after all.',
      'live 1->2: Better.',
      '2 training->production: Better.',
      '1 production->archived: Better.',
      '2 null->training: Registered.',
      'live null->1: First.',
      '1 training->production: First.',
      '1 null->training: Registered.',
    ]);
    expect(body.items[0]).toMatchObject({ actor: 'grace', decision_id: expect.any(String), at: expect.any(String) });
  });

  it('comes in pages that leave nothing out and show nothing twice', async () => {
    const whole = (await call('/history')).body.items;
    const paged: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await call(`/history?limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      paged.push(...body.items);
      cursor = body.next_cursor;
    }
    expect(paged).toEqual(whole);
  });

  it('can be of one version, and of the time until then', async () => {
    const ofSecond = (await call('/history?version=2')).body.items;
    expect(
      ofSecond.every(
        (item: { version: number; previous_version: number | null }) =>
          item.version === 2 || item.previous_version === 2,
      ),
    ).toBe(true);
    expect((await call(`/history?at=${moments['first']}`)).body.items).toHaveLength(3);
  });
});

describe('what was live', () => {
  it('at a time is told with traffic, aliases and stages as they were then', async () => {
    expect((await call(`/live?at=${moments['second']}`)).body).toMatchObject({
      model_name: model,
      live: { version: 2, actor: 'grace', reason: 'Better.', decision_id: expect.any(String) },
      traffic: { live: 2 },
      aliases: { live: 2 },
      stages: { training: [], staging: [], production: [2], archived: [1] },
    });
    expect((await call(`/live?at=${moments['first']}`)).body).toMatchObject({
      live: { version: 1 },
      stages: { production: [1], archived: [] },
    });
  });

  it('before the first promotion is nothing, and now is what a rollback left', async () => {
    expect((await call(`/live?at=${moments['registered']}`)).body).toMatchObject({
      live: null,
      traffic: { live: null },
      aliases: {},
      stages: { training: [1], production: [] },
    });
    expect((await call('/live')).body).toMatchObject({
      live: { version: 1, reason: 'Worse after all.' },
      stages: { archived: [2] },
    });
  });

  it('of a model that is not there is a 404', async () => {
    expect((await registry.call({ path: '/api/v1/models/nobody/live' })).body.code).toBe('model-not-found');
    expect((await registry.call({ path: '/api/v1/models/nobody/history' })).body.code).toBe('model-not-found');
  });
});
