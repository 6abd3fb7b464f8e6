import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@gimbal/contracts';
import { bootstrapKeys, calledBy, predictKey, type Secrets, trustedCallers, webhookSecretKey } from './secrets.js';
import type { Settings } from './settings.js';
import type { ProcessPlan } from './supervised-process.js';

/** Where one serving process listens: for operators over HTTP, for the gateway over frames, for callers that do without the gateway. */
interface ServingEndpoint {
  readonly port: number;
  readonly framesPort: number;
  readonly predictPort: number;
}

export interface Endpoints {
  readonly ports: Readonly<Record<Exclude<ServiceName, 'serving'>, number>>;
  /** At least one. */
  readonly serving: readonly ServingEndpoint[];
  /** Of the gateway. */
  readonly grpcPort: number;
  /** Of the gateway; 0: none. */
  readonly mlflowPort: number;
  /** Connection string of a service's own role. */
  readonly databaseUrl: (service: ServiceName) => string;
}

/** Old-space limits in MB: a service that needs more has a leak or a request that should have been refused. */
const HEAP_MB: Record<ServiceName, number> = {
  gateway: 256,
  serving: 384,
  training: 1_024,
  registry: 256,
  monitoring: 512,
  agent: 256,
};

/**
 * Young generation in MB: small, because mostly idle processes share the machine. Where requests pass, larger ones are collected less often: how much each
 * size takes of CPU and memory is in `docs/decisions/0027*`.
 */
const YOUNG_MB: Record<ServiceName, number> = {
  gateway: 8,
  serving: 8,
  training: 2,
  registry: 2,
  monitoring: 2,
  agent: 2,
};

/** Variables of the starter's environment that no service may see: the owner's database address. */
const WITHHELD = new Set(['DATABASE_URL', 'HOST', 'PORT', 'NODE_OPTIONS']);

/** Who listens on every address is reached over loopback. */
export const reachableHost = (host: string): string => (host === '0.0.0.0' ? '127.0.0.1' : host);

/** A process of a service; of serving there may be several, each with files of its own. */
interface Instance {
  readonly name: string;
  readonly service: ServiceName;
  readonly port: number;
  /** Of serving alone. */
  readonly predictPort?: number;
  /** What only this process is given. */
  readonly own: Readonly<Record<string, string>>;
}

/** Name of a serving process, its folder and its log; the first is called as if it were alone. */
const nameOfReplica = (index: number): string => (index === 0 ? 'serving' : `serving-${index + 1}`);

function listInstances(settings: Settings, secrets: Secrets, endpoints: Endpoints): Instance[] {
  return SERVICE_NAMES.flatMap((service): Instance[] => {
    if (service !== 'serving')
      return [
        { name: service, service, port: endpoints.ports[service], own: OWN[service](settings, secrets, endpoints) },
      ];
    return endpoints.serving.map(({ port, framesPort, predictPort }, index) => {
      const name = nameOfReplica(index);
      const own = {
        SERVING_FRAMES: `127.0.0.1:${framesPort}`,
        SERVING_HTTP: `127.0.0.1:${predictPort}`,
        SERVING_HTTP_KEYS: predictKey(secrets.apiKeys),
        SPOOL_DIR: join(settings.state, name, 'spool'),
        MODEL_CACHE_DIR: join(settings.state, name, 'models'),
        // One for all of them, so that a receipt does not tell which one gave it.
        RECEIPT_KEY_FILE: join(settings.state, 'serving', 'receipt-key.pem'),
        ...ONE_STOCK,
      };
      return { name, service, port, predictPort, own };
    });
  });
}

/**
 * How each process of the six services is started: its file, its flags, and an environment with its own database role, key and the addresses it
 * may call. What the starter's environment holds beside that is passed on, so that any setting of docs/configuration.md can be given there.
 */
export function planServices(settings: Settings, secrets: Secrets, endpoints: Endpoints): ProcessPlan[] {
  return listInstances(settings, secrets, endpoints).map(({ name, service, port, predictPort, own }) => ({
    name,
    url: `http://${service === 'gateway' ? reachableHost(settings.host) : '127.0.0.1'}:${port}`,
    ...(predictPort !== undefined && { predictUrl: `http://127.0.0.1:${predictPort}` }),
    script: join(settings.root, 'apps', service, 'dist', 'bundle', 'main.js'),
    nodeFlags: [
      '--disable-warning=ExperimentalWarning',
      `--max-old-space-size=${HEAP_MB[service]}`,
      `--max-semi-space-size=${YOUNG_MB[service]}`,
      // Prisma's query compiler is WASM that V8 would optimise into several times its size; these services are not bound by it.
      ...(service === 'training' || service === 'serving' ? [] : ['--liftoff-only']),
    ],
    env: { ...environmentOf(service, settings, secrets, endpoints), PORT: String(port), ...own },
  }));
}

/** What every process of a service is given. */
function environmentOf(
  name: ServiceName,
  settings: Settings,
  secrets: Secrets,
  endpoints: Endpoints,
): Record<string, string> {
  const passed = Object.entries(settings.environment).filter(
    ([key, value]) => value !== undefined && !WITHHELD.has(key) && !key.startsWith('npm_'),
  );
  return {
    ...(Object.fromEntries(passed) as Record<string, string>), // undefined values were filtered
    NODE_ENV: 'production',
    NODE_COMPILE_CACHE: join(settings.home, 'cache', 'compile'),
    GIMBAL_SUPERVISED: '1',
    HOST: '127.0.0.1',
    DATABASE_URL: endpoints.databaseUrl(name),
    GIMBAL_SERVICE_KEY: secrets.serviceKeys[name],
    GIMBAL_TRUSTED_CALLERS: trustedCallers(name, secrets.serviceKeys),
    ...Object.fromEntries(
      calledBy(name).map((other) => [`${other.toUpperCase()}_URL`, urlsOf(other, name, endpoints)]),
    ),
  };
}

/** Those who ask every serving process; the others are content with one. */
const ASK_ALL: readonly ServiceName[] = ['gateway', 'agent'];

function urlsOf(service: ServiceName, caller: ServiceName, { ports, serving }: Endpoints): string {
  if (service !== 'serving') return `http://127.0.0.1:${ports[service]}`;
  const asked = ASK_ALL.includes(caller) ? serving : serving.slice(0, 1);
  return asked.map(({ port }) => `http://127.0.0.1:${port}`).join(',');
}

/**
 * Makes glibc give large blocks back to the system as soon as they are freed. By itself it keeps what a thread freed for that thread, and what the
 * threads of a training freed one after the other adds up.
 */
const RETURNED_MEMORY = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '1048576',
};

/** One stock of free memory for all threads of a process that answers on one: 25 MB less for gateway and serving together. */
const ONE_STOCK = { MALLOC_ARENA_MAX: '1' };

type Own = (settings: Settings, secrets: Secrets, endpoints: Endpoints) => Record<string, string>;

/** What only one service is given. */
const OWN: Record<Exclude<ServiceName, 'serving'>, Own> = {
  gateway: ({ host, port, environment }, secrets, { serving, grpcPort, mlflowPort }) => ({
    API_HOST: host,
    API_PORT: String(port),
    GRPC_PORT: String(grpcPort),
    MLFLOW_PORT: String(mlflowPort),
    SERVING_FRAMES: serving.map(({ framesPort }) => `127.0.0.1:${framesPort}`).join(','),
    ML_API_KEYS: [bootstrapKeys(secrets.apiKeys), environment['ML_API_KEYS']].filter(Boolean).join(','),
    // One person at one machine: the limit of a public door would only stop the owner's own scripts.
    RATE_LIMIT_REQUESTS: environment['RATE_LIMIT_REQUESTS'] ?? '6000',
    ...ONE_STOCK,
  }),
  training: ({ root, state, environment }) => ({
    DATASETS_DIR: environment['DATASETS_DIR'] ?? join(root, 'examples', 'datasets'),
    MODEL_CONFIG: environment['MODEL_CONFIG'] ?? join(root, 'examples', 'model_config.yml'),
    DATA_CACHE_DIR: join(state, 'data'),
    BATCH_PREDICTION_DIR: join(state, 'batch-predictions'),
    ...RETURNED_MEMORY,
  }),
  registry: ({ state, environment }, secrets) => ({
    ARTIFACT_DIR: join(state, 'artifacts'),
    MANIFEST_KEYS_DIR: join(state, 'registry', 'manifest-keys'),
    WEBHOOK_SECRET_KEY: environment['WEBHOOK_SECRET_KEY'] ?? webhookSecretKey(secrets.serviceKeys),
  }),
  monitoring: ({ state, environment }) => ({
    ARTIFACT_DIR: join(state, 'reports'),
    // In the registry's own folder of a bucket its sweep would take the reports for files that nothing names.
    ...(environment['ARTIFACT_URL'] && { ARTIFACT_URL: `${environment['ARTIFACT_URL'].replace(/\/$/, '')}/reports` }),
  }),
  agent: () => ({}),
};
