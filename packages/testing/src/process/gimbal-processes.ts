import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestDatabase, type TestDatabase } from '@gimbal/db/testing';
import { ServiceProcess } from './service-process.js';

const main = (app: string): URL => new URL(`../../../../apps/${app}/src/main.ts`, import.meta.url);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const SERVICE_KEY = 'service-key-of-the-gateway-0123456789';
const ROLES = ['viewer', 'predictor', 'operator', 'approver', 'admin'] as const;

type Environment = Readonly<Record<string, string>>;

/** A gateway and a registry as processes of their own, on a database of their own, as clients meet them. */
export class GimbalProcesses {
  private constructor(
    readonly database: TestDatabase,
    /** Folder of the artifact store. */
    readonly artifacts: string,
    private readonly environment: Environment,
    private registryProcess: ServiceProcess,
    private gatewayProcess: ServiceProcess,
  ) {}

  /** @param environment of both, besides what they need to find each other */
  static async start(environment: Environment = {}): Promise<GimbalProcesses> {
    const database = await startTestDatabase();
    const artifacts = await mkdtemp(join(process.env['GIMBAL_TEST_RUN'] ?? tmpdir(), 'gimbal-processes-'));
    const registry = await startRegistry({ database, artifacts, environment, port: '0' });
    const gateway = await startGateway({ database, registry: registry.url, environment, port: '0' });
    return new GimbalProcesses(database, artifacts, environment, registry, gateway);
  }

  /** Where the gateway listens. */
  get url(): string {
    return this.gatewayProcess.url;
  }

  get gateway(): ServiceProcess {
    return this.gatewayProcess;
  }

  get registry(): ServiceProcess {
    return this.registryProcess;
  }

  /** The API key of a role. */
  keyOf(role: (typeof ROLES)[number]): string {
    return `key-of-the-${role}-0123456789`;
  }

  /** kill -9 of the gateway. @returns starts it again, on the same port */
  async takeGatewayAway(): Promise<() => Promise<void>> {
    const { port } = new URL(this.url);
    await this.gatewayProcess.kill();
    return async () => {
      const { database, environment } = this;
      this.gatewayProcess = await startGateway({ database, registry: this.registryProcess.url, environment, port });
    };
  }

  /** kill -9 of the registry. @returns starts it again, on the same port */
  async takeRegistryAway(): Promise<() => Promise<void>> {
    const { port } = new URL(this.registryProcess.url);
    await this.registryProcess.kill();
    return async () => {
      const { database, artifacts, environment } = this;
      this.registryProcess = await startRegistry({ database, artifacts, environment, port });
    };
  }

  async dispose(): Promise<void> {
    await this.gatewayProcess.kill();
    await this.registryProcess.kill();
    await this.database.dispose();
    await rm(this.artifacts, { recursive: true, force: true });
  }
}

interface RegistryOptions {
  readonly database: TestDatabase;
  readonly artifacts: string;
  readonly environment: Environment;
  readonly port: string;
}

async function startRegistry({ database, artifacts, environment, port }: RegistryOptions): Promise<ServiceProcess> {
  return await ServiceProcess.start(main('registry'), {
    LOG_LEVEL: 'error',
    DATABASE_URL: database.url('registry'),
    ARTIFACT_DIR: artifacts,
    MANIFEST_KEYS_DIR: join(artifacts, 'manifest-keys'),
    PORT: port,
    GIMBAL_SERVICE_KEY: 'service-key-of-the-registry-0123456789',
    GIMBAL_TRUSTED_CALLERS: `gateway:${sha256(SERVICE_KEY)}`,
    ...environment,
  });
}

interface GatewayOptions {
  readonly database: TestDatabase;
  /** Where the registry listens; the other services are away. */
  readonly registry: string;
  readonly environment: Environment;
  readonly port: string;
}

async function startGateway({ database, registry, environment, port }: GatewayOptions): Promise<ServiceProcess> {
  return await ServiceProcess.start(main('gateway'), {
    LOG_LEVEL: 'error',
    ML_API_KEYS: ROLES.map((role) => `${role}:${sha256(`key-of-the-${role}-0123456789`)}:${role}`).join(','),
    GIMBAL_SERVICE_KEY: SERVICE_KEY,
    DATABASE_URL: database.url('gateway'),
    API_HOST: '127.0.0.1',
    API_PORT: port,
    GRPC_PORT: '0',
    MLFLOW_PORT: '0',
    RATE_LIMIT_REQUESTS: '10000000',
    RATE_LIMIT_TRACKING_REQUESTS: '10000000',
    SERVING_FRAMES: '127.0.0.1:1',
    REGISTRY_URL: registry,
    ...Object.fromEntries(['TRAINING', 'MONITORING', 'AGENT', 'SERVING'].map((name) => [`${name}_URL`, registry])),
    ...environment,
  });
}
