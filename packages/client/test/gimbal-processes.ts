import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROLES, type Role } from '@gimbal/contracts';
import { ServiceProcess, startTestDatabase, type TestDatabase } from '@gimbal/testing';
import { GimbalClient } from '../src/index.js';

const main = (app: string): URL => new URL(`../../../apps/${app}/src/main.ts`, import.meta.url);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const SERVICE_KEY = 'service-key-of-the-gateway-0123456789';
export const keyOf = (role: Role): string => `key-of-the-${role}-0123456789`;

/** A gateway and a registry as processes of their own, on a database of their own, as users of the SDK meet them. */
export class GimbalProcesses {
  private constructor(
    private readonly database: TestDatabase,
    private readonly artifacts: string,
    private readonly registry: ServiceProcess,
    private gateway: ServiceProcess,
  ) {}

  static async start(): Promise<GimbalProcesses> {
    const database = await startTestDatabase();
    const artifacts = await mkdtemp(join(tmpdir(), 'gimbal-sdk-test-'));
    const registry = await ServiceProcess.start(main('registry'), {
      LOG_LEVEL: 'error',
      DATABASE_URL: database.url('registry'),
      ARTIFACT_DIR: artifacts,
      GIMBAL_TRUSTED_CALLERS: `gateway:${sha256(SERVICE_KEY)}`,
    });
    const gateway = await startGateway({ database, registry, port: '0' });
    return new GimbalProcesses(database, artifacts, registry, gateway);
  }

  get url(): string {
    return this.gateway.url;
  }

  client(role: Role): GimbalClient {
    return new GimbalClient({ url: this.url, apiKey: keyOf(role) });
  }

  /** kill -9 of the gateway. @returns starts it again, on the same port */
  async takeGatewayAway(): Promise<() => Promise<void>> {
    const { port } = new URL(this.gateway.url);
    await this.gateway.kill();
    return async () => {
      this.gateway = await startGateway({ database: this.database, registry: this.registry, port });
    };
  }

  async dispose(): Promise<void> {
    await this.gateway.kill();
    await this.registry.kill();
    await this.database.dispose();
    await rm(this.artifacts, { recursive: true, force: true });
  }
}

async function startGateway({
  database,
  registry,
  port,
}: {
  readonly database: TestDatabase;
  readonly registry: ServiceProcess;
  readonly port: string;
}): Promise<ServiceProcess> {
  return await ServiceProcess.start(main('gateway'), {
    LOG_LEVEL: 'error',
    ML_API_KEYS: ROLES.map((role) => `${role}:${sha256(keyOf(role))}:${role}`).join(','),
    GIMBAL_SERVICE_KEY: SERVICE_KEY,
    DATABASE_URL: database.url('gateway'),
    API_HOST: '127.0.0.1',
    API_PORT: port,
    GRPC_PORT: '0',
    MLFLOW_PORT: '0',
    RATE_LIMIT_REQUESTS: '10000000',
    SERVING_FRAMES: '127.0.0.1:1',
    REGISTRY_URL: registry.url,
    ...Object.fromEntries(['TRAINING', 'MONITORING', 'AGENT', 'SERVING'].map((name) => [`${name}_URL`, registry.url])),
  });
}
