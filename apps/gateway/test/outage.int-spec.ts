import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { eventually, startTestDatabase, type TestDatabase } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GatewayFixture, startGateway } from './gateway-fixture.js';

/** A door to PostgreSQL that can be shut: what is open through it breaks, as when the server is killed. */
class Passage {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  port = 0;
  constructor(private readonly target: { readonly host: string; readonly port: number }) {}

  async open(): Promise<void> {
    this.server = createServer((client) => {
      const upstream = connect(this.target);
      for (const socket of [client, upstream]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).once('close', () => this.sockets.delete(socket));
      }
      client.pipe(upstream).pipe(client);
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address && typeof address === 'object') this.port = address.port;
  }

  async shut(): Promise<void> {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
    if (this.server) await once(this.server, 'close');
  }
}

let passage: Passage;
let other: TestDatabase;
let gateway: GatewayFixture;
beforeAll(async () => {
  other = await startTestDatabase();
  const real = new URL(other.url('gateway'));
  passage = new Passage({ host: real.hostname, port: Number(real.port) });
  await passage.open();
  real.host = `127.0.0.1:${passage.port}`;
  gateway = await startGateway({ DATABASE_URL: real.href, API_KEY_REFRESH: '100', API_KEY_STALENESS_MAX: '8000' });
});
afterAll(async () => {
  await gateway.dispose();
  await passage.shut();
  await other.dispose();
});

const predict = async (secret: string) =>
  gateway.ask(null, 'POST', '/predict', { body: {}, headers: { 'x-api-key': secret } });
/** Serving is away in this test: 503 service-unavailable means that the door let the prediction through. */
const PASSED = { status: 503, json: { code: 'service-unavailable' } };

describe('while PostgreSQL is away', () => {
  it('known keys go on predicting, for as long as configured; keys of the environment for ever; unknown ones are 503, not 401', async () => {
    const { secret } = (
      await gateway.ask('admin', 'POST', '/api/v1/api-keys', { body: { name: 'app', roles: ['predictor'] } })
    ).json;
    expect(await predict(secret)).toMatchObject(PASSED);
    await passage.shut();
    await eventually(async () =>
      expect(await predict('gmb_unknown_key')).toMatchObject({ status: 503, json: { code: 'database-unavailable' } }),
    );
    expect(await predict(secret)).toMatchObject(PASSED);
    expect(await gateway.ask('predictor', 'POST', '/predict', { body: {} })).toMatchObject(PASSED);
    await eventually(async () =>
      expect(await predict(secret)).toMatchObject({ status: 503, json: { code: 'database-unavailable' } }),
    );
    expect(await gateway.ask('predictor', 'POST', '/predict', { body: {} })).toMatchObject(PASSED);
  });

  it('routes of other services go on; its own say 503 database-unavailable', async () => {
    gateway.owner.answer = () => ({ fine: true });
    expect(await gateway.ask('viewer', 'GET', '/api/v1/models')).toMatchObject({ status: 200 });
    for (const url of ['/api/v1/audit', '/api/v1/audit/verify'])
      expect(await gateway.ask('viewer', 'GET', url)).toMatchObject({
        status: 503,
        json: { code: 'database-unavailable' },
        headers: { 'retry-after': '2' },
      });
    const once = { body: {}, headers: { 'idempotency-key': 'a' } };
    expect(await gateway.ask('operator', 'POST', '/retrain', once)).toMatchObject({
      status: 503,
      json: { code: 'database-unavailable' },
    });
    expect(
      await gateway.ask('admin', 'POST', '/api/v1/api-keys', { body: { name: 'x', roles: ['viewer'] } }),
    ).toMatchObject({
      status: 503,
      json: { code: 'database-unavailable' },
    });
  });

  it('all is well again by itself when it is back', async () => {
    await passage.open();
    await eventually(async () => expect((await predict('gmb_unknown_key')).status).toBe(401));
    expect((await gateway.ask('viewer', 'GET', '/api/v1/audit/verify')).json).toMatchObject({
      valid: true,
      entries: 1,
    });
  });
});
