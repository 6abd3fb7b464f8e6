import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { ROLES, type Role } from '@gimbal/contracts';
import { type BuiltService, buildService } from '@gimbal/platform';
import { startTestDatabase, type TestDatabase } from '@gimbal/testing';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { gatewayConfig, gatewayService } from '../src/index.js';

/** A secret per role; what the gateway is told of them is their hash. */
export const SECRETS = Object.fromEntries(ROLES.map((role) => [role, `secret-of-the-${role}-0123456789`])) as Record<
  Role,
  string
>; // one per role
export const SERVICE_KEY = 'the-service-key-of-the-gateway';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const ML_API_KEYS = ROLES.map((role) => `${role}:${sha256(SECRETS[role])}:${role}`).join(',');

/** What an owner saw. */
interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: FastifyRequest['headers'];
  readonly body: string;
}

/** A real server in place of the other services: answers as `answer` says, and remembers what it was asked. */
interface OwnerServer {
  readonly url: string;
  readonly seen: SeenRequest[];
  answer: (request: SeenRequest, reply: import('fastify').FastifyReply) => unknown;
  close(): Promise<void>;
  /** Listens again on the same port. */
  reopen(): Promise<void>;
}

async function listen(owner: Pick<OwnerServer, 'seen' | 'answer'>, port: number): Promise<FastifyInstance> {
  const server = Fastify({ forceCloseConnections: true, bodyLimit: 100_000_000 });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.all('/*', async (request, reply) => {
    const seen = {
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '',
    };
    owner.seen.push(seen);
    return owner.answer(seen, reply);
  });
  await server.listen({ host: '127.0.0.1', port });
  return server;
}

async function startOwner(): Promise<OwnerServer> {
  const state: Pick<OwnerServer, 'seen' | 'answer'> = { seen: [], answer: () => ({ status: 'healthy', checks: {} }) };
  let server = await listen(state, 0);
  const address = server.server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    close: () => server.close(),
    reopen: async () => {
      server = await listen(state, port);
    },
  });
}

export interface GatewayFixture {
  readonly service: BuiltService<typeof gatewayConfig>;
  readonly database: TestDatabase;
  readonly owner: OwnerServer;
  /** Every log line so far, as one text. */
  logs(): string;
  /** Asks the gateway without a socket, with the key of a role. */
  ask(
    role: Role | null,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS',
    url: string,
    more?: AskOptions,
  ): Promise<Asked>;
  /** Where it listens, once asked. */
  listen(): Promise<string>;
  dispose(): Promise<void>;
}

interface AskOptions {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly remoteAddress?: string;
}

interface Asked {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of a body, it says at the place
  readonly json: any;
}

/** The gateway over a database of its own, with one server in place of all other services. */
export async function startGateway(env: Record<string, string> = {}): Promise<GatewayFixture> {
  const database = await startTestDatabase();
  const owner = await startOwner();
  const lines: string[] = [];
  const logDestination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const service = await buildService(gatewayService, {
    env: {
      ML_API_KEYS,
      GIMBAL_SERVICE_KEY: SERVICE_KEY,
      DATABASE_URL: database.url('gateway'),
      API_HOST: '127.0.0.1',
      API_PORT: '0',
      GRPC_PORT: '0',
      LOG_LEVEL: 'debug',
      RATE_LIMIT_REQUESTS: '100000',
      SERVING_FRAMES: '127.0.0.1:1',
      ...Object.fromEntries(
        ['REGISTRY', 'TRAINING', 'MONITORING', 'AGENT', 'SERVING'].map((name) => [`${name}_URL`, owner.url]),
      ),
      ...env,
    },
    logDestination,
  });
  const ask: GatewayFixture['ask'] = async (role, method, url, { body, headers, remoteAddress } = {}) => {
    const reply = await service.app.inject({
      method,
      url,
      headers: { ...(role && { 'x-api-key': SECRETS[role] }), ...headers },
      ...(body !== undefined && { payload: body as object }), // what inject takes: an object, a text or bytes
      ...(remoteAddress !== undefined && { remoteAddress }),
    });
    const isJson = String(reply.headers['content-type'] ?? '').includes('json');
    return {
      status: reply.statusCode,
      headers: reply.headers,
      text: reply.body,
      json: isJson ? reply.json() : undefined,
    };
  };
  return {
    service,
    database,
    owner,
    ask,
    logs: () => lines.join(''),
    listen: async () => {
      await service.app.listen(0, '127.0.0.1');
      return service.app.getUrl();
    },
    dispose: async () => {
      await service.app.close();
      await owner.close();
      await database.dispose();
    },
  };
}
