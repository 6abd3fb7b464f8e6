import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { register } from './versions.js';

/** Nothing listens there. */
const NOBODY = 'http://127.0.0.1:9';
const TRIGGERS = `SELECT count(*)::int AS triggers FROM pg_trigger WHERE tgname LIKE 'mark_for_mlflow_%'`;

const triggersOf = async ({ rows }: RegistryHarness): Promise<number> => {
  const [row] = await rows.$queryRawUnsafe<{ triggers: number }[]>(TRIGGERS);
  return row?.triggers ?? 0;
};

describe('without an MLflow server', () => {
  let registry: RegistryHarness;
  beforeAll(async () => {
    registry = await startRegistry();
  });
  afterAll(() => registry.dispose());

  it('nothing of the mirror is on: no trigger, no mark, health says off', async () => {
    await register(registry, 'heart');
    expect(await triggersOf(registry)).toBe(0);
    expect(await registry.rows.mlflowMark.count()).toBe(0);
    const health = await registry.call({ path: '/api/v1/mlflow/health' });
    expect(health.body).toMatchObject({ status: 'off', reachable: null, backlog: null });
    const compared = await registry.call({ method: 'POST', path: '/api/v1/mlflow/reconcile', body: {} });
    expect(compared.body).toMatchObject({ status: 409, code: 'mirror-off' });
  });

  it('the mirror begins with everything that is here, and ends without a trace when it is turned off', async () => {
    const told = await registry.replica({ MLFLOW_TRACKING_URI: `${NOBODY}/`, MLFLOW_SYNC_INTERVAL: '50' });
    await eventually(async () =>
      expect(await registry.rows.mlflowSync.count({ where: { entityKind: 'model-version' } })).toBe(1),
    );
    await register(registry, 'heart');
    await eventually(async () =>
      expect(await registry.rows.mlflowSync.count({ where: { entityKind: 'model-version' } })).toBe(2),
    );
    await told.dispose();
    const off = await registry.replica();
    await eventually(async () => expect(await triggersOf(registry)).toBe(0));
    expect(await registry.rows.mlflowMark.count()).toBe(0);
    await off.dispose();
  });
});

const metricsOf = async (registry: RegistryHarness): Promise<string> =>
  String((await registry.call({ path: '/metrics' })).body);

/** Counted by the process, which outlives the registries of this file. */
const registeredOf = (metrics: string): number =>
  Number(/ml_registrations_total\{door="training",outcome="registered"\} (\d+)/.exec(metrics)?.[1] ?? 0);

const answering =
  (status: number, type: string, body: string): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': type }).end(body);
  };

describe.each<[string, RequestListener | null]>([
  ['is not there', null],
  ['never answers', () => undefined],
  ['answers HTML', answering(200, 'text/html', '<!doctype html><h1>Welcome</h1>')],
  ['answers 500', answering(500, 'text/html', '<h1>Internal Server Error</h1>')],
  ['answers wrong JSON', answering(200, 'application/json', '{"experiment_id": ["no"]}')],
  ['cuts connections', (request) => request.socket.destroy()],
])('with an MLflow server that %s', (_how, listener) => {
  let registry: RegistryHarness;
  const server = listener && createServer(listener);
  beforeAll(async () => {
    server?.listen(0, '127.0.0.1');
    if (server) await once(server, 'listening');
    const url = server ? `http://127.0.0.1:${(server.address() as AddressInfo).port}` : NOBODY; // it listens on a port
    registry = await startRegistry({ MLFLOW_TRACKING_URI: url, MLFLOW_SYNC_INTERVAL: '50', MLFLOW_TIMEOUT: '300' });
    await eventually(async () => expect(await triggersOf(registry)).toBeGreaterThan(0));
  });
  afterAll(async () => {
    await registry?.dispose();
    server?.closeAllConnections();
    server?.close();
  });

  it('registers as ever, and says what is wrong there', async () => {
    const before = registeredOf(await metricsOf(registry));
    for (const version of [1, 2, 3]) {
      const answer = await register(registry, 'heart');
      expect(answer).toMatchObject({ status: 201, body: { version } });
    }
    await eventually(async () => {
      const { body } = await registry.call({ path: '/api/v1/mlflow/health' });
      expect(body).toMatchObject({
        status: 'unreachable',
        reachable: false,
        last_error: { message: expect.any(String) },
      });
      expect(body.backlog.entities).toBeGreaterThan(3);
    });
    expect((await registry.call({ path: '/health' })).status).toBe(200);
    const metrics = await metricsOf(registry);
    expect(registeredOf(metrics) - before).toBe(3);
    expect(metrics).toMatch(/mlflow_up 0/);
    expect(metrics).toMatch(/mlflow_requests_total\{operation="/);
  });
});

describe('with an MLflow server that is away for long', () => {
  it('an alert is told, once, and that it is over when the server is back; what it refuses is told as well', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/version') response.end('3.17.2');
      else response.writeHead(400).end('{"error_code": "INVALID_PARAMETER_VALUE", "message": "No."}');
    });
    const port = await freePort();
    const registry = await startRegistry({
      ...{ MLFLOW_TRACKING_URI: `http://127.0.0.1:${port}`, MLFLOW_SYNC_INTERVAL: '50', MLFLOW_ALERT_AFTER: '1' },
      CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '1',
    });
    const told = async () => {
      const where = { name: { in: ['mirror.troubled', 'mirror.recovered'] } };
      const messages = await registry.rows.outboxMessage.findMany({ where, orderBy: { id: 'asc' } });
      return messages.map(({ name, payload }) => `${name} ${(payload as { trouble: string }).trouble}`);
    };
    try {
      await register(registry, 'heart');
      await eventually(async () =>
        expect(await told()).toEqual(
          expect.arrayContaining(['mirror.troubled mlflow-down', 'mirror.troubled mlflow-behind']),
        ),
      );
      await once(server.listen(port, '127.0.0.1'), 'listening');
      await eventually(async () => {
        const [now] = [await told()];
        expect(now.lastIndexOf('mirror.recovered mlflow-down')).toBeGreaterThan(
          now.indexOf('mirror.troubled mlflow-down'),
        );
        expect(now.lastIndexOf('mirror.recovered mlflow-behind')).toBeGreaterThan(
          now.indexOf('mirror.troubled mlflow-behind'),
        );
        expect(now).toContain('mirror.troubled mlflow-refused');
      });
      expect((await told()).filter((message) => message === 'mirror.troubled mlflow-down')).toHaveLength(1);
    } finally {
      await registry.dispose();
      server.closeAllConnections();
      server.close();
    }
  });
});

/** One that nothing listens on, now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo; // it listens on a port
  server.close();
  return port;
}
