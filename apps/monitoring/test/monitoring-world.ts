import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Evaluation,
  Evaluation as EvaluationCodec,
  encodeWire,
  JOBS,
  type JobPayload,
  ModelSignature,
} from '@gimbal/contracts';
import type { PrismaClient } from '@gimbal/db';
import { type BuiltService, buildService, encodeActor, JobQueue, PostgresQueueBackend } from '@gimbal/platform';
import { eventually, startTestDatabase, type TestDatabase } from '@gimbal/testing';
import { monitoringService } from '../src/index.js';

export const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

const KEYS = { gateway: 'gateway-key-for-tests-only', agent: 'agent-key-for-tests-only' };
/** Headers of a call from the gateway. */
export const gatewayHeaders = (): Record<string, string> => ({
  authorization: `Bearer ${KEYS.gateway}`,
  'x-gimbal-actor': encodeActor(CLINICIAN),
  'content-type': 'application/json',
});
export const CLINICIAN = { id: 'key-1', name: 'clinic', roles: ['operator', 'predictor'] };

export type LoggedRow = JobPayload<'prediction.logged'>['rows'][number];

/** The queue of a world only publishes and looks: it has nothing to log. */
const SILENT = { warn: () => undefined, error: () => undefined };

/** What a version needs to be judged. */
export interface VersionSeed {
  readonly id?: string;
  readonly model?: string;
  readonly version?: number;
  readonly live?: boolean;
  readonly admitted?: boolean | null;
  readonly inputs: ModelSignature['inputs'];
  readonly evaluation?: Evaluation | null;
  readonly profile?: object | null;
  readonly profileDigest?: string | null;
  readonly dataOrigin?: 'uci' | 'folder' | 'synthetic';
  readonly task?: ModelSignature['task'];
  readonly classes?: readonly string[];
}

export interface SeededVersion {
  readonly id: string;
  readonly model: string;
  readonly version: number;
}

/** The registry as far as monitoring asks it: artifacts by digest, counted. */
class ArtifactDoor {
  readonly artifacts = new Map<string, string>();
  asked = 0;
  isDown = false;
  private readonly server: Server = createServer((request, response) => {
    this.asked++;
    const content = this.artifacts.get(request.url?.split('/').at(-1) ?? '');
    if (this.isDown) response.writeHead(503).end();
    else if (content === undefined)
      response.writeHead(404, { 'content-type': 'application/problem+json' }).end(
        JSON.stringify({
          type: 'x',
          title: 'x',
          status: 404,
          detail: 'gone',
          code: 'artifact-not-found',
          instance: '',
        }),
      );
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(content);
  });

  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

/** Monitoring with a real database and queue, a door to artifacts, and hands to bring predictions and versions. */
export class MonitoringWorld {
  private service: Pick<BuiltService<never>, 'app'> | undefined;

  private constructor(
    readonly database: TestDatabase,
    readonly owner: PrismaClient,
    readonly registry: ArtifactDoor,
    readonly queue: JobQueue,
    /** What it was started with: another process with the same works beside it. */
    readonly environment: Readonly<Record<string, string>> & { readonly ARTIFACT_DIR: string },
  ) {}

  /** Database, queue and the door to artifacts; the service itself is started by {@link start}, or as a process by the test. */
  static async arrange(env: Record<string, string> = {}): Promise<MonitoringWorld> {
    const database = await startTestDatabase();
    const registry = new ArtifactDoor();
    const environment = {
      DATABASE_URL: database.url('monitoring'),
      REGISTRY_URL: await registry.open(),
      SERVING_URL: 'http://127.0.0.1:1',
      GIMBAL_SERVICE_KEY: 'monitoring-key-for-tests-only',
      GIMBAL_TRUSTED_CALLERS: Object.entries(KEYS)
        .map(([name, key]) => `${name}:${sha256(key)}`)
        .join(','),
      ARTIFACT_DIR: await mkdtemp(join(tmpdir(), 'gimbal-monitoring-')),
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      ...env,
    };
    const backend = new PostgresQueueBackend({ connectionString: database.url('serving') });
    const queue = new JobQueue({ catalogue: JOBS, backend, logger: SILENT });
    return new MonitoringWorld(database, database.client(), registry, queue, environment);
  }

  /** All of that with the service in this process. */
  static async start(env: Record<string, string> = {}): Promise<MonitoringWorld> {
    const world = await MonitoringWorld.arrange(env);
    world.service = await buildService(monitoringService, { env: world.environment });
    return world;
  }

  async stop(): Promise<void> {
    await this.service?.app.close();
    await this.queue.close();
    await this.registry.close();
    await this.database.dispose();
    await rm(this.environment.ARTIFACT_DIR, { recursive: true, force: true });
  }

  /** Calls a route as the gateway (for a clinician) or as the agent. */
  async call(
    method: 'GET' | 'POST',
    url: string,
    {
      body,
      as = 'gateway',
      actor = CLINICIAN,
    }: { body?: unknown; as?: keyof typeof KEYS; actor?: typeof CLINICIAN } = {},
  ) {
    if (!this.service) throw new Error('The service was not started in this process.');
    const answer = await this.service.app.inject({
      method,
      url,
      headers: {
        authorization: `Bearer ${KEYS[as]}`,
        ...(as === 'gateway' && { 'x-gimbal-actor': encodeActor(actor) }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    const isJson = String(answer.headers['content-type']).includes('json');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      json: isJson ? answer.json() : undefined,
    };
  }

  async addVersion(seed: VersionSeed): Promise<SeededVersion> {
    const { model = 'heart-disease', version = 1, live = true, admitted = true, inputs, dataOrigin = 'uci' } = seed;
    await this.owner.model.createMany({ data: [{ name: model, createdBy: 'test' }], skipDuplicates: true });
    if (live) await this.owner.modelVersion.updateMany({ where: { modelName: model }, data: { isActive: false } });
    const profile = seed.profile ? JSON.stringify(seed.profile) : null;
    if (profile !== null) this.registry.artifacts.set(sha256(profile), profile);
    const row = await this.owner.modelVersion.create({
      data: {
        ...(seed.id !== undefined && { id: seed.id }),
        modelName: model,
        version,
        stage: live ? 'production' : 'staging',
        isActive: live,
        promotedAt: live ? new Date() : null,
        algorithm: 'logistic-regression',
        framework: 'onnx',
        featureNames: inputs.map(({ name }) => name),
        signature: encodeWire(ModelSignature, {
          task: seed.task ?? 'binary-classification',
          ...(seed.classes && { classes: [...seed.classes] }),
          ...{ inputs, target: 'num', codings: {} },
        }),
        threshold: 0.5,
        artifactDigest: '0'.repeat(64),
        artifactBytes: 1,
        codeVersion: 'test',
        createdBy: 'test',
        dataOrigin,
        referenceProfileDigest: seed.profileDigest ?? (profile === null ? null : sha256(profile)),
        ...(admitted !== null && { gateVerdict: { admitted, refusals: [], conditions: [] } }),
        ...(seed.evaluation && { evaluation: encodeWire(EvaluationCodec, seed.evaluation) }),
      },
    });
    return { id: row.id, model, version };
  }

  /** Publishes records of the prediction log as serving does. Resolves with the batch id. */
  async logSpooled(rows: number, records: Buffer): Promise<string> {
    const batchId = `batch-${randomUUID()}`;
    const batch = { v: 1, batchId, rows, records: records.toString('base64') } as const;
    // As serving does: a queue that did not answer in time is asked again, for the same job.
    await eventually(() => this.queue.publish('predictions.spooled', batch, { jobId: batchId }));
    return batchId;
  }

  /** Publishes rows as former versions of serving did: jobs of a few hundred. Resolves with the batch ids. */
  async log(rows: readonly LoggedRow[]): Promise<string[]> {
    const batches: string[] = [];
    for (let start = 0; start < rows.length; start += 250) {
      const batchId = `batch-${randomUUID()}`;
      const batch = rows.slice(start, start + 250);
      const job = { v: 1 as const, batchId, rows: [...batch] };
      await eventually(() => this.queue.publish('prediction.logged', job, { jobId: batchId }));
      batches.push(batchId);
    }
    return batches;
  }
}

/** A row as serving logs it. */
export function rowOf(version: SeededVersion, more: Partial<LoggedRow> = {}): LoggedRow {
  const probability = more.probability ?? 0.7;
  return {
    id: randomUUID(),
    modelVersionId: version.id,
    modelName: version.model,
    modelVersion: version.version,
    features: { age: 50 },
    prediction: probability >= 0.5 ? 1 : 0,
    probability,
    threshold: 0.5,
    latencyMs: 1.5,
    warnings: [],
    requestId: 'request-1',
    createdAt: new Date().toISOString(),
    ...more,
  };
}

export const AGE: ModelSignature['inputs'][number] = {
  name: 'age',
  type: 'number',
  description: 'Age in years',
  allowed: null,
  range: [1, 120],
  missing: 'refused',
  trainingRange: [29, 77],
};
