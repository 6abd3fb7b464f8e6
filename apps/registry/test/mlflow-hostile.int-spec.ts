import { MLFLOW_ROUTES, type MlflowRouteDefinition } from '@gimbal/contracts';
import { ACTOR_HEADER, encodeActor } from '@gimbal/platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AskMlflow, mlflowOf, startRun } from './mlflow-call.js';
import { type RegistryHarness, startRegistry } from './registry-harness.js';

let registry: RegistryHarness;
let ask: AskMlflow;
let run_id: string;

beforeAll(async () => {
  registry = await startRegistry();
  ask = mlflowOf(registry);
  run_id = await startRun(ask);
}, 120_000);
afterAll(() => registry?.dispose());

const ROUTES = Object.entries<MlflowRouteDefinition>(MLFLOW_ROUTES);
const pathOf = ({ version, path }: MlflowRouteDefinition, value = 'x'): string =>
  `/api/${version}/mlflow${path.replace(/:\w+/g, encodeURIComponent(value))}`;

/** Whatever was sent, the answer is JSON that MLflow's clients can read, and never a failure of ours. */
function expectRefusal({ status, body, headers }: Awaited<ReturnType<AskMlflow>>): void {
  expect(String(headers['content-type'])).toContain('application/json');
  expect(body).toMatchObject({ error_code: expect.stringMatching(/^[A-Z_]+$/), message: expect.any(String) });
  expect(body.message.length).toBeLessThan(30_000);
  expect(body.message).not.toMatch(/select|insert|prisma|at \w+ \(/i);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
}

const BODIES: readonly [string, string][] = [
  ['an array', '[]'],
  ['null', 'null'],
  ['a text', '"{}"'],
  ['a number', '1e999'],
  ['no JSON', '{"a":'],
  ['deep arrays', '['.repeat(100_000)],
  ['deep JSON', `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
];

describe.each(BODIES)('a body that is %s', (_what, body) => {
  it.each(ROUTES.filter(([, { methods }]) => !methods.includes('GET')))('is refused by %s', async (_name, route) => {
    const [method] = route.methods;
    if (method === undefined) return;
    const answer = await ask(method, pathOf(route), body);
    // A member that the route does not have is passed over, however deep.
    if (answer.status !== 200 || !body.startsWith('{"name"')) expectRefusal(answer);
  });
});

const NUL = 'a\u0000b';
const HOSTILE: readonly [string, unknown][] = [
  ['NUL', NUL],
  ['half a surrogate pair', 'a\ud800'],
  ['10 kB', 'x'.repeat(10_000)],
  ['10 kB in another script', '語'.repeat(10_000)],
  ['right to left', '\u202Egpj.exe'],
  ['a path that climbs', '../../etc/passwd'],
  ['an escaped path', '%2e%2e%2f'],
  ['SQL', "'; DROP TABLE runs; --"],
  ['a list', ['x']],
  ['an object', { x: 1 }],
  ['a number beyond 64 bits', '99999999999999999999999'],
  ['a negative number', -1],
  ['an infinite number', 'Infinity'],
  ['true', true],
];

describe.each(HOSTILE)('a member that is %s', (_what, value) => {
  it.each(ROUTES)('breaks nothing in %s', async (_name, route) => {
    for (const method of route.methods) {
      // Each member by itself.
      for (const member of Object.keys(route.request.shape)) {
        const inPath = typeof value === 'string' && value.isWellFormed() ? value.slice(0, 200) : 'x';
        const members = { run_id, experiment_id: '0', key: 'k', value: 1, timestamp: 1, name: 'n', [member]: value };
        const answer = await ask(method, pathOf(route, inPath), members);
        expect(String(answer.headers['content-type'])).toContain('application/json');
        if (answer.status !== 200) expectRefusal(answer);
      }
    }
  });
});

it('refuses what PostgreSQL cannot keep, and says so', async () => {
  const run_id = await startRun(ask);
  const sentence =
    /^Invalid value ".*" for parameter 'value' supplied: must not contain NUL or half of a surrogate pair\./;
  for (const value of [NUL, 'a\ud800'])
    expect(await ask('POST', 'runs/set-tag', { run_id, key: 'k', value })).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_PARAMETER_VALUE', message: expect.stringMatching(sentence) },
    });
});

it('keeps texts of every script as they are', async () => {
  const run_id = await startRun(ask, { run_name: 'مرحبا \u202E🚀' });
  await ask('POST', 'runs/log-parameter', { run_id, key: 'größe/学習', value: 'שלום\n"\'' });
  const { body } = await ask('GET', 'runs/get', { run_id });
  expect(body.run.info.run_name).toBe('مرحبا \u202E🚀');
  expect(body.run.data.params).toEqual([{ key: 'größe/学習', value: 'שלום\n"\'' }]);
});

it('holds integers to 64 bits, by number and by text', async () => {
  const run_id = await startRun(ask);
  const log = (step: unknown) => ask('POST', 'runs/log-metric', { run_id, key: 'm', value: 1, timestamp: 1, step });
  for (const step of ['9223372036854775807', '-9223372036854775808', 3, '4'])
    expect((await log(step)).status).toBe(200);
  for (const step of ['9223372036854775808', 1e19, 1.5, '1.5', '0x10', true]) expectRefusal(await log(step));
  expectRefusal(await ask('GET', 'experiments/get', { experiment_id: '9223372036854775808' }));
  expectRefusal(await ask('POST', 'runs/update', { run_id, end_time: '9223372036854775807' }));
});

it.each([
  'é',
  'not base64url',
  'bnVsbA',
  Buffer.from('[1,"99999999999999999999",1]').toString('base64url'),
  'x'.repeat(10_000),
])('refuses the page token %#', async (page_token) => {
  const run_id = await startRun(ask);
  expectRefusal(await ask('GET', 'metrics/get-history', { run_id, metric_key: 'm', page_token }));
});

it('takes an enum by name and by number, and no other', async () => {
  const run_id = await startRun(ask);
  const end = (status: unknown) => ask('POST', 'runs/update', { run_id, status });
  expect((await end('FINISHED')).body.run_info.status).toBe('FINISHED');
  expect((await end(5)).body.run_info.status).toBe('KILLED');
  for (const status of ['FINISHÉD', 'finished', 9, '']) expectRefusal(await end(status));
});

it('passes over what it does not know, and reads null as not set', async () => {
  const members = { experiment_id: '0', run_name: null, tags: null, new_thing: [{ deep: true }], start_time: '7' };
  const { status, body } = await ask('POST', 'runs/create', members);
  expect([status, body.run.info.start_time]).toEqual([200, 7]);
});

it('answers nobody but the gateway', async () => {
  const url = '/api/2.0/mlflow/experiments/get?experiment_id=0';
  const actor = encodeActor({ id: 'key-1', name: 'grace', roles: ['operator'] });
  for (const authorization of [undefined, 'Bearer wrong', registry.bearer('agent')]) {
    const reply = await registry.app.inject({
      url,
      headers: { [ACTOR_HEADER]: actor, ...(authorization && { authorization }) },
    });
    expect([reply.statusCode, reply.json().error_code]).toEqual([403, 'PERMISSION_DENIED']);
  }
});
