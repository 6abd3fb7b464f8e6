import { resolve } from 'node:path';
import { z } from 'zod';
import { StartError } from './home.js';

/** What the starter itself reads from the environment; everything else is passed on to the services untouched. */
export interface Settings {
  /** Repository root. */
  readonly root: string;
  /** Folder of the installation: PostgreSQL's cluster, secrets, logs, `runtime.json`. */
  readonly home: string;
  /** Folder of the services' own files; the demo has one of its own. */
  readonly state: string;
  /** Name of the database on the server. */
  readonly database: 'gimbal' | 'gimbal_demo';
  /** Begin with an empty database: what was in the one of that name is dropped. */
  readonly fresh: boolean;
  readonly host: string;
  readonly port: number;
  /** Of the gateway, for gRPC; undefined: a free one. */
  readonly grpcPort: number | undefined;
  /** Of the gateway, for MLflow's REST alone; 0: none; undefined: MLflow's own, 5000, when nothing else has it. */
  readonly mlflowPort: number | undefined;
  /** A given PostgreSQL (superuser or owner of its database) instead of the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly queue: 'postgres' | 'redis';
  /** Serving processes that share the predictions. */
  readonly servingReplicas: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const Environment = z
  .object({
    GIMBAL_HOME: z.string().min(1).default('.gimbal'),
    API_HOST: z.string().min(1).default('127.0.0.1'),
    API_PORT: z.coerce.number('must be a port').pipe(z.int().min(0).max(65_535)).default(8000),
    GRPC_PORT: z.coerce.number('must be a port').pipe(z.int().min(0).max(65_535)).optional(),
    MLFLOW_PORT: z.coerce.number('must be a port').pipe(z.int().min(0).max(65_535)).optional(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgresql:// address' }).optional(),
    REDIS_URL: z.string().optional(),
    REDIS_HOST: z.string().optional(),
    SERVING_REPLICAS: z.coerce.number('must be a number').pipe(z.int().min(1).max(16)).default(1),
  })
  .refine(({ API_PORT, GRPC_PORT = 0 }) => GRPC_PORT === 0 || GRPC_PORT !== API_PORT, {
    path: ['GRPC_PORT'],
    error: 'must be another port than API_PORT',
  })
  .refine(
    ({ API_PORT, GRPC_PORT, MLFLOW_PORT = 0 }) => MLFLOW_PORT === 0 || ![API_PORT, GRPC_PORT].includes(MLFLOW_PORT),
    {
      path: ['MLFLOW_PORT'],
      error: 'must be another port than API_PORT and GRPC_PORT',
    },
  );

/** Reads the starter's settings. @throws StartError that lists every mistake, one per line. */
export function readSettings(environment: NodeJS.ProcessEnv, root: string): Settings {
  // An empty variable means "not set", as in compose files and shell profiles.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    throw new StartError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const {
    GIMBAL_HOME,
    API_HOST,
    API_PORT,
    GRPC_PORT,
    MLFLOW_PORT,
    DATABASE_URL,
    REDIS_URL,
    REDIS_HOST,
    SERVING_REPLICAS,
  } = parsed.data;
  return {
    root,
    home: resolve(root, GIMBAL_HOME),
    state: resolve(root, GIMBAL_HOME),
    database: 'gimbal',
    fresh: false,
    host: API_HOST,
    port: API_PORT,
    grpcPort: GRPC_PORT || undefined,
    mlflowPort: MLFLOW_PORT,
    databaseUrl: DATABASE_URL,
    queue: (REDIS_URL ?? REDIS_HOST) ? 'redis' : 'postgres',
    servingReplicas: SERVING_REPLICAS,
    environment: given,
  };
}
