import { findFreePort } from '@gimbal/db/embedded';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type GatewayFixture, SECRETS, startGateway } from './gateway-fixture.js';

let gateway: GatewayFixture;
let mlflowPort: number;

beforeAll(async () => {
  mlflowPort = await findFreePort();
  gateway = await startGateway({ MLFLOW_PORT: String(mlflowPort), RATE_LIMIT_REQUESTS: '50' });
}, 120_000);
afterAll(() => gateway?.dispose());
beforeEach(() => {
  gateway.owner.seen.length = 0;
  gateway.owner.answer = () => ({ experiment_id: '7' });
});

describe('MLflow at the door', () => {
  it.each(['/api', '/ajax-api'])('hands calls below %s to the registry as they are, with who asks', async (prefix) => {
    const body = { name: 'é', unknown: [1] };
    const reply = await gateway.ask('operator', 'POST', `${prefix}/2.0/mlflow/experiments/create`, { body });
    expect(reply).toMatchObject({ status: 200, json: { experiment_id: '7' } });
    const [seen] = gateway.owner.seen;
    expect(seen).toMatchObject({ method: 'POST', url: '/api/2.0/mlflow/experiments/create' });
    expect(JSON.parse(seen?.body ?? '')).toEqual(body);
    expect(seen?.headers['x-gimbal-actor']).toBeDefined();
    expect(seen?.headers['x-api-key']).toBeUndefined();
  });

  it('hands the query on, and parameters of the path', async () => {
    await gateway.ask('viewer', 'GET', '/api/2.0/mlflow/logged-models/m-%2F1?x=%00&y=a%26b');
    expect(gateway.owner.seen[0]?.url).toBe('/api/2.0/mlflow/logged-models/m-%2F1?x=%00&y=a%26b');
  });

  it('takes the key as a bearer token and as the password of Basic, as MLflow sends one', async () => {
    const basic = Buffer.from(`anybody:${SECRETS.viewer}`).toString('base64');
    for (const authorization of [`Bearer ${SECRETS.viewer}`, `Basic ${basic}`]) {
      const asked = gateway.ask(null, 'GET', '/api/2.0/mlflow/experiments/get?experiment_id=0', {
        headers: { authorization },
      });
      expect((await asked).status).toBe(200);
    }
  });

  it.each([
    ['without a key', null, 401, 'UNAUTHENTICATED'],
    ['without the role', 'viewer', 403, 'PERMISSION_DENIED'],
  ] as const)('refuses %s in the shape of MLflow, before the body is read', async (_why, role, status, code) => {
    const reply = await gateway.ask(role, 'POST', '/api/2.0/mlflow/runs/create', { body: 'x'.repeat(10_000_000) });
    expect(reply).toMatchObject({ status, json: { error_code: code, message: expect.any(String) } });
    expect(gateway.owner.seen).toHaveLength(0);
  });

  it.each([
    '/api/2.0/mlflow/no-such-thing',
    '/api/3.0/mlflow/experiments/create',
    '/ajax-api/2.0/preview',
    `/api/2.0/mlflow/${'x'.repeat(5_000)}`,
    `/api/2.0/mlflow/logged-models/${'x'.repeat(5_000)}`,
    '/api/2.0/mlflow/%zz',
  ])('answers what it does not know with ENDPOINT_NOT_FOUND (%#)', async (path) => {
    const reply = await gateway.ask('admin', 'POST', path, { body: {} });
    expect(reply).toMatchObject({ status: 404, json: { error_code: 'ENDPOINT_NOT_FOUND' } });
  });

  it('answers a body that is too large, and a registry that is away, in the shape of MLflow', async () => {
    const large = await gateway.ask('operator', 'POST', '/api/2.0/mlflow/runs/create', { body: 'x'.repeat(9_000_000) });
    expect(large).toMatchObject({ status: 413, json: { error_code: 'INVALID_PARAMETER_VALUE' } });
    await gateway.owner.close();
    const away = await gateway.ask('viewer', 'GET', '/api/2.0/mlflow/experiments/get?experiment_id=0');
    await gateway.owner.reopen();
    expect(away).toMatchObject({ status: 503, json: { error_code: 'TEMPORARILY_UNAVAILABLE' } });
  });

  it('lets a known key log more than it may ask', async () => {
    const log = () => gateway.ask('operator', 'POST', '/api/2.0/mlflow/runs/log-metric', { body: {} });
    const answers = await Promise.all(Array.from({ length: 60 }, log));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});

describe("MLflow's own port", () => {
  const at = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${mlflowPort}${path}`, init);

  it('speaks MLflow, with the same keys', async () => {
    const headers = { authorization: `Bearer ${SECRETS.viewer}` };
    expect((await at('/api/2.0/mlflow/experiments/get?experiment_id=0', { headers })).status).toBe(200);
    const refused = await at('/api/2.0/mlflow/experiments/get?experiment_id=0');
    expect([refused.status, await refused.json()]).toEqual([
      401,
      expect.objectContaining({ error_code: 'UNAUTHENTICATED' }),
    ]);
  });

  it('says that it lives, and nothing else of this system', async () => {
    expect(await (await at('/health')).text()).toBe('OK');
    expect(await (await at('/version')).text()).toMatch(/^\d/);
    const other = await at('/api/v1/models', { headers: { authorization: `Bearer ${SECRETS.admin}` } });
    expect([other.status, await other.json()]).toEqual([
      404,
      expect.objectContaining({ error_code: 'ENDPOINT_NOT_FOUND' }),
    ]);
  });
});

// A file of 2 GB has 205 parts of the size that MLflow's client makes, sent without its key.
it('lets the parts of a large file pass, and strangers ask no more for it', async () => {
  const url = `${await gateway.listen()}/api/2.0/mlflow-artifacts/mpu/parts/x`;
  for (let part = 1; part <= 205; part += 1) {
    const answer = await fetch(`${url}/${part}?signature=x`, { method: 'PUT', body: Buffer.from('part') });
    expect([part, answer.status]).toEqual([part, 200]);
  }
  const asked = Array.from({ length: 60 }, () => gateway.ask(null, 'GET', '/api/2.0/mlflow/experiments/get'));
  expect((await Promise.all(asked)).filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
});
