import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '../src/database/database.js';
import { type AskMlflow, mlflowOf, startRun } from './mlflow-call.js';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { type FilledRun, fillRuns } from './run-table.js';

let registry: RegistryHarness;
let ask: AskMlflow;
beforeAll(async () => {
  registry = await startRegistry();
  ask = mlflowOf(registry);
});
afterAll(() => registry.dispose());

const mlflowId = ({ id }: { readonly id: string }) => id.replaceAll('-', '');

/** The ids of all pages. */
async function searchAll(path: string, members: object, idOf: (shown: never) => string): Promise<string[]> {
  const ids: string[] = [];
  for (let token: string | undefined = ''; token !== undefined; ) {
    const { status, body } = await ask('POST', path, { ...members, ...(token && { page_token: token }) });
    expect({ status, message: body.message }).toEqual({ status: 200, message: undefined });
    const [shown] = Object.values(body).filter(Array.isArray);
    ids.push(...(shown ?? []).map(idOf as (shown: unknown) => string));
    token = body.next_page_token;
  }
  return ids;
}
const searchRuns = (members: object): Promise<string[]> =>
  searchAll('runs/search', members, ({ info }: { info: { run_id: string } }) => info.run_id);

describe('a search of thousands of runs', () => {
  const experiment = '901';
  let runs: readonly FilledRun[];
  beforeAll(async () => {
    runs = await fillRuns(registry.rows, { experiment, runs: 3000 });
  });

  const byStart = (one: FilledRun, other: FilledRun): number =>
    other.startedAt - one.startedAt || (one.id < other.id ? -1 : 1);
  const classOf = (value: number | null): number => (value === null ? 2 : Number.isNaN(value) ? 1 : 0);
  const byMetric =
    (key: 'loss' | 'depth', sign: 1 | -1) =>
    (one: FilledRun, other: FilledRun): number =>
      classOf(one[key]) - classOf(other[key]) ||
      (classOf(one[key]) === 0 ? sign * ((one[key] ?? 0) - (other[key] ?? 0)) : 0) ||
      byStart(one, other);

  // Each takes another way through the indexes: a walk by start time, by a metric, or a few candidates that are sorted.
  it.each<[string, string[], (run: FilledRun) => boolean, (one: FilledRun, other: FilledRun) => number]>([
    ['', [], () => true, byStart],
    [
      '',
      ['start_time ASC'],
      () => true,
      (one, other) => one.startedAt - other.startedAt || (one.id < other.id ? -1 : 1),
    ],
    ['metrics.depth > 0.2', [], ({ depth }) => (depth ?? 0) > 0.2, byStart],
    ['metrics.depth < 0.02', [], ({ depth }) => (depth ?? 1) < 0.02, byStart],
    [
      'metrics.loss >= 0.5 AND metrics.depth < 0.5',
      [],
      (run) => (run.loss ?? 0) >= 0.5 && (run.depth ?? 1) < 0.5,
      byStart,
    ],
    ['metrics.loss != 0.5', [], ({ loss }) => loss !== null && loss !== 0.5, byStart],
    ["tags.team = 'red'", ['metrics.depth'], ({ team }) => team === 'red', byMetric('depth', 1)],
    ["tags.team = 'blue' AND metrics.loss < 1", [], (run) => run.team === 'blue' && (run.loss ?? 9) < 1, byStart],
    ["tags.team LIKE 'b%'", [], ({ team }) => team === 'blue', byStart],
    ["tags.team ILIKE 'R%'", [], ({ team }) => team === 'red', byStart],
    ['tags.team IS NULL', [], ({ team }) => team === null, byStart],
    ['', ['metrics.loss DESC'], () => true, byMetric('loss', -1)],
    ['', ['metrics.loss', 'start_time DESC'], () => true, byMetric('loss', 1)],
    ['metrics.depth > 0.1', ['metrics.loss DESC'], ({ depth }) => (depth ?? 0) > 0.1, byMetric('loss', -1)],
    ['metrics.loss > 0.3', ['metrics.loss DESC'], ({ loss }) => (loss ?? 0) > 0.3, byMetric('loss', -1)],
    [
      '',
      ['tags.team DESC', 'metrics.loss'],
      () => true,
      (one, other) => {
        if (one.team === other.team) return byMetric('loss', 1)(one, other);
        return one.team === null ? 1 : other.team === null ? -1 : one.team < other.team ? 1 : -1;
      },
    ],
  ])('%s by %j gives every run once, in order, page after page', async (filter, order_by, fits, compare) => {
    const found = await searchRuns({ experiment_ids: [experiment], filter, order_by, max_results: 271 });
    expect(found).toEqual(runs.filter(fits).sort(compare).map(mlflowId));
  });

  it('takes no token of another search, and no damaged one', async () => {
    const search = { experiment_ids: [experiment], filter: 'metrics.depth > 0.2', max_results: 2 };
    const { body } = await ask('POST', 'runs/search', search);
    const token: string = body.next_page_token;
    const same = { ...search, filter: 'metric.`depth` > 0.20', page_token: token };
    expect((await ask('POST', 'runs/search', same)).body.runs).toHaveLength(2);
    const others = [
      { ...same, filter: 'metrics.depth > 0.3' },
      { ...same, order_by: ['start_time'] },
      { ...same, experiment_ids: ['0'] },
      { ...same, run_view_type: 'ALL' },
      { ...same, page_token: token.slice(0, -5) },
      { ...same, page_token: 'W10=' },
      {
        ...same,
        page_token: Buffer.from(JSON.stringify([body.search, ["1'; DROP TABLE runs", 'x']])).toString('base64url'),
      },
    ];
    for (const other of others) {
      const { status, body: failure } = await ask('POST', 'runs/search', other);
      expect([status, failure.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE']);
    }
  });

  it('gives as many results as MLflow allows, and no more', async () => {
    const search = (max_results: number) => ask('POST', 'runs/search', { experiment_ids: [experiment], max_results });
    expect((await ask('POST', 'runs/search', { experiment_ids: [experiment] })).body.runs).toHaveLength(1000);
    expect((await search(50_000)).body.runs).toHaveLength(3000);
    expect((await search(50_001)).body.message).toContain('It must be at most 50000');
    expect((await search(0)).body.message).toContain('It must be a positive integer');
  });
});

describe('the work of a search', () => {
  /** Blocks that the statements of a search look at. */
  async function blocksOf(search: object): Promise<number> {
    const database = registry.app.get(Database);
    const query = database.query.bind(database);
    const asked: { text: string; values: readonly unknown[] }[] = [];
    database.query = (statement, values) => {
      asked.push({ text: statement.text, values });
      return query(statement, values);
    };
    try {
      expect((await ask('POST', 'runs/search', search)).status).toBe(200);
    } finally {
      database.query = query;
    }
    let blocks = 0;
    for (const { text, values } of asked) {
      const [row] = await query<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
        { text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}` },
        values,
      );
      const plan = row?.['QUERY PLAN'][0].Plan ?? {};
      blocks += (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
    }
    return blocks;
  }

  const SEARCHES = [
    {},
    { filter: 'metrics.depth > 0.1' },
    { filter: 'metrics.depth > 0.9 AND metrics.loss > 1' },
    { filter: "tags.team = 'red' AND metrics.depth > 0.5" },
    { order_by: ['metrics.depth DESC'] },
    { order_by: ['metrics.depth'], filter: 'metrics.loss < 1' },
    { order_by: ['start_time ASC'], filter: 'metrics.loss <= 1' },
  ];
  const SMALL = '910';
  const LARGE = '911';
  beforeAll(async () => {
    await fillRuns(registry.rows, { experiment: SMALL, runs: 6_000 });
    await fillRuns(registry.rows, { experiment: LARGE, runs: 48_000 });
    await registry.rows.$executeRawUnsafe('VACUUM ANALYZE'); // as PostgreSQL does by itself within a minute
  });

  it('grows with the page and not with the table', async () => {
    for (const search of SEARCHES) {
      const [small, large] = [
        await blocksOf({ ...search, experiment_ids: [SMALL], max_results: 20 }),
        await blocksOf({ ...search, experiment_ids: [LARGE], max_results: 20 }),
      ];
      expect({ search, small, large, isFlat: large <= 2 * small + 100 }).toEqual({
        search,
        small,
        large,
        isFlat: true,
      });
    }
  });

  it('is no more for a late page than for an early one', async () => {
    const search = { experiment_ids: [LARGE], filter: 'metrics.depth > 0.1', max_results: 20 };
    const early = await blocksOf(search);
    const { body } = await ask('POST', 'runs/search', { ...search, max_results: 20_000 });
    const late = await blocksOf({ ...search, page_token: body.next_page_token });
    expect(late).toBeLessThanOrEqual(2 * early + 100);
  });
});

describe('what clients ask runs for', () => {
  const log = (path: string, members: object) => ask('POST', `runs/${path}`, members);

  it('is answered from names, parents, parameters, tables and lifecycles', async () => {
    const experiment = (await ask('POST', 'experiments/create', { name: 'asked' })).body.experiment_id;
    const start = (members: object) => startRun(ask, { experiment_id: experiment, ...members });
    const parent = await start({ run_name: 'Parent', user_id: 'ada', tags: [{ key: 'kind', value: 'a' }] });
    const child = await start({
      run_name: 'child',
      start_time: 2000,
      tags: [{ key: 'mlflow.parentRunId', value: parent }],
    });
    const gone = await start({ run_name: 'gone', start_time: 3000 });
    await log('log-parameter', { run_id: child, key: 'learning rate', value: "it's" });
    const long = '😀'.repeat(100); // of long values only the beginning is indexed
    await log('set-tag', { run_id: child, key: 'long', value: `${long}!` });
    await log('log-metric', { run_id: child, key: 'loss', value: 0.5, timestamp: 1, step: 1 });
    await log('log-metric', { run_id: child, key: 'loss', value: 9, timestamp: 2, step: 0 });
    await log('log-inputs', {
      run_id: child,
      datasets: [
        {
          tags: [{ key: 'mlflow.data.context', value: 'train' }],
          dataset: { name: 'wine', digest: 'd1', source_type: 'local', source: 'wine.csv' },
        },
      ],
    });
    await log('update', { run_id: child, status: 'FINISHED', end_time: 5000 });
    await log('delete', { run_id: gone });
    const find = (filter: string, more: object = {}) => searchRuns({ experiment_ids: [experiment], filter, ...more });
    const both = [child, parent];
    expect(await find('')).toEqual(both);
    expect(await find('', { run_view_type: 'ALL' })).toEqual([gone, ...both]);
    expect(await find('', { run_view_type: 'DELETED_ONLY' })).toEqual([gone]);
    const cases: [string, string[]][] = [
      [`tags.mlflow.parentRunId = '${parent}'`, [child]],
      ['tags.mlflow.parentRunId IS NULL', [parent]],
      ["tags.`mlflow.runName` LIKE 'P%'", [parent]],
      ["attributes.run_name ILIKE 'CHILD'", [child]],
      ["user_id = 'ada'", [parent]],
      ["status = 'FINISHED' AND end_time = 5000 AND start_time > 1999.5", [child]],
      [`run_id IN ('${parent}', '${child}', 'x')`, both],
      [`run_id != '${parent}'`, [child]],
      [`artifact_uri LIKE '%${parent}%'`, [parent]],
      ['params."learning rate" = "it\'s"', [child]],
      ["params.`learning rate` IS NULL AND tags.kind = 'a'", [parent]],
      [`tags.long = '${long}!'`, [child]],
      [`tags.long = '${long}?'`, []],
      ['metrics.loss < 1', [child]],
      ['metrics.loss > 1', []],
      ["dataset.name = 'wine' AND datasets.digest IN ('d1') AND dataset.context LIKE 'tr%'", [child]],
      ["dataset.name != 'wine'", []],
      ["tags.kind = 'a''; DROP TABLE runs; --'", []],
    ];
    for (const [filter, expected] of cases) expect([filter, await find(filter)]).toEqual([filter, expected]);
    expect(await find('', { order_by: ['params.`learning rate`'] })).toEqual(both);
    expect(await find('', { order_by: ['attributes.run_name DESC'] })).toEqual(both);
    expect(await find('', { order_by: ['attributes.end_time DESC'] })).toEqual(both);
    expect(
      (await ask('POST', 'runs/search', { experiment_ids: [experiment], filter: "tags.kind LIKE 'a\\'" })).status,
    ).toBe(400);
  });
});

describe('other searches', () => {
  it('find experiments', async () => {
    const make = async (name: string, tags: object[] = []) =>
      (await ask('POST', 'experiments/create', { name, tags })).body.experiment_id as string;
    const [one, two, three] = [
      await make('find one', [{ key: 'team', value: 'red' }]),
      await make('find two', [{ key: 'team', value: 'blue' }]),
      await make('FIND three'),
    ];
    await ask('POST', 'experiments/delete', { experiment_id: three });
    const find = (members: object) =>
      searchAll(
        'experiments/search',
        { max_results: 1, ...members },
        ({ experiment_id }: { experiment_id: string }) => experiment_id,
      );
    expect(await find({ filter: "name LIKE 'find%'" })).toEqual([two, one]);
    expect(await find({ filter: "name ILIKE 'find%'", view_type: 'ALL' })).toEqual([three, two, one]);
    expect(await find({ filter: "name ILIKE 'find%'", order_by: ['name'] })).toEqual([one, two]);
    expect(await find({ filter: "tags.team != 'red' AND name LIKE 'find%'" })).toEqual([two]);
    expect(
      await find({
        filter: `experiment_id IN ('${one}', '${two}') AND tags.team IS NOT NULL`,
        order_by: ['experiment_id ASC'],
      }),
    ).toEqual([one, two]);
    expect(await find({ filter: 'creation_time > 99999999999999' })).toEqual([]);
    const refused = await ask('POST', 'experiments/search', { filter: "experiment_id = 'x'" });
    expect(refused.body).toMatchObject({ error_code: 'INVALID_PARAMETER_VALUE' });
  });

  it('find models and versions, without prompts unless prompts are asked for', async () => {
    const create = (name: string, tags: object[] = []) => ask('POST', 'registered-models/create', { name, tags });
    await create('wine red', [{ key: 'team', value: 'red' }]);
    await create('wine white');
    await create('greeting', [{ key: 'mlflow.prompt.is_prompt', value: 'true' }]);
    for (const version of [1, 2, 3]) {
      const made = await ask('POST', 'model-versions/create', {
        name: 'wine red',
        source: `s3://bucket/${version}`,
        run_id: 'f'.repeat(32),
        tags: [{ key: 'n', value: String(version) }],
      });
      expect(made.status).toBe(200);
    }
    const models = async (members: object) =>
      (await ask('GET', 'registered-models/search', members)).body.registered_models.map(
        ({ name }: { name: string }) => name,
      );
    expect(await models({})).toEqual(['wine red', 'wine white']);
    expect(await models({ filter: "name ILIKE 'WINE%'", order_by: 'name DESC' })).toEqual(['wine white', 'wine red']);
    expect(await models({ filter: "tags.team = 'red'" })).toEqual(['wine red']);
    expect(await models({ filter: "tags.`mlflow.prompt.is_prompt` = 'true'" })).toEqual(['greeting']);
    expect(await models({ filter: "tags.`mlflow.prompt.is_prompt` = 'false'" })).toEqual(['wine red', 'wine white']);
    const versions = async (members: object) =>
      (await ask('GET', 'model-versions/search', members)).body.model_versions.map(
        ({ version }: { version: string }) => version,
      );
    const red = "name = 'wine red'";
    expect(await versions({ filter: red })).toEqual(['3', '2', '1']);
    expect(await versions({ filter: `${red} AND version_number > 1`, order_by: 'version_number ASC' })).toEqual([
      '2',
      '3',
    ]);
    expect(
      await versions({ filter: "source_path LIKE 's3://bucket/%' AND tags.n != '2'", order_by: 'creation_timestamp' }),
    ).toEqual(['1', '3']);
    expect(await versions({ filter: `run_id IN ('${'f'.repeat(32)}') AND name IN ('wine red', 'x')` })).toHaveLength(3);
    const page = (await ask('GET', 'model-versions/search', { filter: red, max_results: 2 })).body;
    const next = await ask('GET', 'model-versions/search', {
      filter: red,
      max_results: 2,
      page_token: page.next_page_token,
    });
    expect(next.body.model_versions.map(({ version }: { version: string }) => version)).toEqual(['1']);
    expect((await ask('GET', 'registered-models/search', { max_results: 1001 })).status).toBe(400);
  });

  it('find logged models by metrics, perhaps on one table', async () => {
    const run = await startRun(ask);
    const make = async (name: string, params: object[]) =>
      (await ask('POST', 'logged-models', { experiment_id: '0', name, source_run_id: run, params })).body.model.info
        .model_id as string;
    const [one, two] = [await make('first', [{ key: 'depth', value: '3' }]), await make('second', [])];
    const measure = (model_id: string, value: number, dataset_name: string) =>
      ask('POST', 'runs/log-batch', {
        run_id: run,
        metrics: [{ key: 'auc', value, timestamp: 1, step: 0, model_id, dataset_name, dataset_digest: 'd' }],
      });
    await measure(one, 0.9, 'train');
    await measure(one, 0.2, 'test');
    await measure(two, 0.5, 'test');
    const find = (members: object) =>
      searchAll(
        'logged-models/search',
        { experiment_ids: ['0'], max_results: 1, ...members },
        ({ info }: { info: { model_id: string } }) => info.model_id,
      );
    expect(await find({})).toEqual([two, one]);
    expect(await find({ filter: "params.depth = '3' AND name LIKE 'f%'" })).toEqual([one]);
    expect(await find({ filter: 'metrics.auc > 0.4' })).toEqual([two, one]);
    expect(await find({ filter: 'metrics.auc > 0.4', datasets: [{ dataset_name: 'test' }] })).toEqual([two]);
    expect(await find({ datasets: [{ dataset_name: 'train', dataset_digest: 'd' }] })).toEqual([one]);
    const best = { field_name: 'metrics.auc', ascending: false, dataset_name: 'train' };
    expect(await find({ order_by: [best] })).toEqual([one, two]);
    expect(await find({ order_by: [{ field_name: 'name' }] })).toEqual([one, two]);
    expect(await find({ filter: `source_run_id = '${run}' AND status = 'PENDING'` })).toEqual([two, one]);
    const refused = await ask('POST', 'logged-models/search', {
      experiment_ids: ['0'],
      order_by: [{ field_name: 'params.x' }],
    });
    expect(refused.body.error_code).toBe('INVALID_PARAMETER_VALUE');
  });

  it('refuse more orders and tables than a statement can be made of', async () => {
    const order_by = Array.from({ length: 101 }, (_, index) => ({ field_name: `metrics.m${index}` }));
    const datasets = Array.from({ length: 70_000 }, () => ({ dataset_name: 'd' }));
    for (const members of [{ order_by }, { datasets }])
      expect(await ask('POST', 'logged-models/search', { experiment_ids: ['0'], ...members })).toMatchObject({
        status: 400,
        body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringContaining('at most') },
      });
  });
});

// Guards whoever logs beside a dashboard: searches are what may hold a connection for long.
it('searches that wait leave a connection for who does not search', async () => {
  const search = () => ask('POST', 'runs/search', { experiment_ids: ['0'] });
  const searches = await registry.rows.$transaction(
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE runs IN ACCESS EXCLUSIVE MODE`;
      const waiting = Array.from({ length: 10 }, search);
      expect(await ask('POST', 'experiments/create', { name: 'beside searches' })).toMatchObject({ status: 200 });
      return waiting;
    },
    { timeout: 30_000 },
  );
  for (const answer of await Promise.all(searches)) expect(answer.status).toBe(200);
});
