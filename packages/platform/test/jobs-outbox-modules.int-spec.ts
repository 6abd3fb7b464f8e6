import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, startTestDatabase, type TestDatabase } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import {
  ArtifactsModule,
  artifactsConfig,
  type BuiltService,
  buildService,
  databaseConfig,
  defineConfig,
  defineService,
  JobQueue,
  JobsModule,
  OutboxModule,
  OutboxWriter,
  queueConfig,
} from '../src/index.js';

@Injectable()
class AssessmentConsumer {
  readonly seen: string[] = [];

  async assess(assessmentId: string): Promise<void> {
    this.seen.push(assessmentId);
  }
}

@Module({ providers: [AssessmentConsumer], exports: [AssessmentConsumer] })
class AssessmentModule {}

const config = defineConfig({ database: databaseConfig, queue: queueConfig, artifacts: artifactsConfig });
const quiet = async (): Promise<void> => undefined;

const monitoring = defineService({
  name: 'monitoring',
  door: 'internal',
  config,
  module: ({ database, queue, artifacts }) => ({
    module: class MonitoringModule {},
    imports: [
      JobsModule.forRoot(queue),
      OutboxModule.forRoot(database.url),
      ArtifactsModule.forRoot(artifacts),
      JobsModule.consume({
        service: 'monitoring',
        imports: [AssessmentModule],
        inject: [AssessmentConsumer],
        handlers: (assessments: AssessmentConsumer) => ({
          'predictions.spooled': quiet,
          'prediction.logged': quiet,
          'assessment.due': quiet,
          'mirror.troubled': quiet,
          'mirror.recovered': quiet,
          'assessment.requested': ({ assessmentId }) => assessments.assess(assessmentId),
        }),
      }),
    ],
  }),
});

let database: TestDatabase;
let directory: string;
let service: BuiltService<typeof config>;

beforeAll(async () => {
  database = await startTestDatabase();
  directory = await mkdtemp(join(tmpdir(), 'gimbal-platform-'));
  const env = { DATABASE_URL: database.url('monitoring'), ARTIFACT_DIR: directory, LOG_LEVEL: 'silent' };
  service = await buildService(monitoring, { env });
});
afterAll(async () => {
  await service?.app.close();
  await database?.dispose();
  await rm(directory, { recursive: true, force: true });
});

it('carries a job from a committed transaction to its handler', async () => {
  const writer = service.app.get(OutboxWriter, { strict: false });
  const assessmentId = 'c9a4f3a0-6c43-4d0e-9a44-0a1f6c1f2b11';
  await database
    .client('monitoring')
    .$transaction((tx) => writer.enqueue(tx, 'assessment.requested', { v: 1, assessmentId }));
  const { seen } = service.app.get(AssessmentConsumer, { strict: false });
  await eventually(() => expect(seen).toEqual([assessmentId]));
});

it('shows queue and artifacts in its health, and the jobs in its metrics', async () => {
  const health = (await service.app.inject({ url: '/health' })).json();
  expect(health).toMatchObject({
    status: 'healthy',
    checks: { queue: { status: 'up', kind: 'postgres' }, artifacts: { status: 'up', free_bytes: expect.any(Number) } },
  });
  await service.app.get(JobQueue, { strict: false }).publish('assessment.due', { v: 1 }, { jobId: 'due-1' });
  const metrics = (await service.app.inject({ url: '/metrics' })).body;
  expect(metrics).toMatch(/gimbal_jobs\{queue="gimbal-monitoring",state="dead"\} 0/);
  expect(metrics).toMatch(/gimbal_outbox_published_total\{owner="monitoring"\} 1/);
});

it('does not boot with a job that has no handler', async () => {
  const forgetful = defineService({
    ...monitoring,
    module: ({ queue }) => ({
      module: class ForgetfulModule {},
      imports: [
        JobsModule.forRoot(queue),
        // The compiler refuses this map; at run time a plugin or a merge may still bring one.
        JobsModule.consume({
          service: 'monitoring',
          imports: [],
          inject: [],
          handlers: () => ({ 'assessment.due': quiet }) as never,
        }),
      ],
    }),
  });
  const env = { DATABASE_URL: database.url('monitoring'), LOG_LEVEL: 'silent' };
  await expect(buildService(forgetful, { env })).rejects.toThrow('predictions.spooled has no handler');
});
