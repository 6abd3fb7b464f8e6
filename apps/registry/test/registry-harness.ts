import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceName } from '@gimbal/contracts';
import type { PrismaClient } from '@gimbal/db';
import { ACTOR_HEADER, type BuiltService, buildService, encodeActor } from '@gimbal/platform';
import { startTestDatabase, type TestDatabase } from '@gimbal/testing';
import { registryConfig } from '../src/config.js';
import { registryService } from '../src/registry.service-definition.js';

type Registry = BuiltService<typeof registryConfig>;
const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');
const CALLERS = ['gateway', 'agent', 'training', 'serving', 'monitoring'] as const;
const keyOf = (caller: string): string => `test-key-of-${caller}`;
const bearer = (caller: string): string => `Bearer ${keyOf(caller)}`;

/** A call as another service makes it; `roles` are those of the person it acts for, by default an operator. */
interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly caller?: ServiceName;
  readonly roles?: readonly string[];
  /** Name of the key of that person; default: grace's. */
  readonly by?: string;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely; what matters is asserted
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** The registry on a database of its own, as its role. */
export interface RegistryHarness {
  readonly database: TestDatabase;
  /** As the superuser, for looking. */
  readonly rows: PrismaClient;
  readonly app: Registry['app'];
  /** Folder of the artifact store. */
  readonly artifacts: string;
  call(call: Call): Promise<Answer>;
  /** Of the keys that manifests are signed with. */
  readonly keysDirectory: string;
  /** The `Authorization` of a caller, for real connections. */
  bearer(caller: ServiceName): string;
  /** Stores bytes and answers their digest. */
  store(content: Uint8Array): Promise<string>;
  /** Another process of the same registry. */
  replica(env?: Readonly<Record<string, string>>): Promise<RegistryHarness>;
  dispose(): Promise<void>;
}

export async function startRegistry(env: Readonly<Record<string, string>> = {}): Promise<RegistryHarness> {
  const database = await startTestDatabase();
  const artifacts = await mkdtemp(join(tmpdir(), 'registry-test-'));
  const first = await build(database, artifacts, env);
  return {
    ...first,
    dispose: async () => {
      await first.dispose();
      await database.dispose();
      for (const folder of [artifacts, `${artifacts}-keys`]) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function build(
  database: TestDatabase,
  artifacts: string,
  env: Readonly<Record<string, string>>,
): Promise<RegistryHarness> {
  const { app } = await buildService(registryService, {
    env: {
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'fatal',
      DATABASE_URL: database.url('registry'),
      ARTIFACT_DIR: artifacts,
      MANIFEST_KEYS_DIR: `${artifacts}-keys`,
      GIMBAL_SERVICE_KEY: 'the-service-key-of-the-registry',
      GIMBAL_TRUSTED_CALLERS: CALLERS.map((caller) => `${caller}:${sha256(keyOf(caller))}`).join(','),
      ...env,
    },
  });
  const call = async ({
    method = 'GET',
    path,
    body,
    headers = {},
    caller = 'gateway',
    roles = ['operator'],
    by = 'grace',
  }: Call): Promise<Answer> => {
    const actor = { id: `key-of-${by}`, name: by, roles: [...roles] };
    const reply = await app.inject({
      method,
      url: path,
      headers: { authorization: bearer(caller), [ACTOR_HEADER]: encodeActor(actor), ...headers },
      ...(body !== undefined && { payload: body as object }), // a body is JSON, or bytes with their own content type
    });
    const isJson = String(reply.headers['content-type']).includes('json');
    return { status: reply.statusCode, body: isJson ? reply.json() : reply.rawPayload, headers: reply.headers };
  };
  return {
    database,
    rows: database.client(),
    app,
    artifacts,
    keysDirectory: `${artifacts}-keys`,
    call,
    bearer,
    store: async (content) => {
      const digest = sha256(content);
      const headers = { 'content-type': 'application/octet-stream' };
      const { status, body } = await call({
        method: 'PUT',
        path: `/internal/artifacts/${digest}`,
        body: Buffer.from(content),
        headers,
        caller: 'training',
      });
      if (status !== 200) throw new Error(`Storing failed: ${status} ${JSON.stringify(body)}`);
      return digest;
    },
    replica: (more = {}) => build(database, artifacts, { ...env, ...more }),
    dispose: () => app.close(),
  };
}
