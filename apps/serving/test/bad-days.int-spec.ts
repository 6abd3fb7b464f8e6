import './native-arrays.js';
import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeModel } from './make-model.js';
import { artifactOf, brittleGraph, UNIT_SIGNATURE } from './odd-graphs.js';
import { RegistryStub } from './registry-stub.js';
import { predictionOf, problemOf, ServingHarness, serveFor } from './serving-harness.js';

const registry = new RegistryStub();
const M = 'heart-disease';
const row = { age: 63, chol: 233, thal: 7 };
const model = makeModel(1);
let url: string;

const brittle = artifactOf(brittleGraph);

beforeAll(async () => {
  registry.keepArtifact(model);
  registry.keepArtifact(brittle);
  registry.put(M, { live: 1 }, [registry.version(M, 1, model.digest)]);
  registry.put('brittle', { live: 1 }, [registry.version('brittle', 1, brittle.digest, { signature: UNIT_SIGNATURE })]);
  url = await registry.start();
});
afterAll(() => registry.stop());

const serve = (environment: Record<string, string>, work: Parameters<typeof serveFor>[1]) =>
  serveFor({ REGISTRY_URL: url, ...environment }, async (client, harness) => {
    await eventually(async () =>
      expect((await client.predictRows([{ x: 0.5 }], { params: { model: 'brittle' } })).status).toBe(200),
    );
    await eventually(async () => expect((await client.predict(row)).status).toBe(200));
    await work(client, harness);
  });

describe('a model that fails', () => {
  it('is taken out of service after failures in a row, alone; one trial later it is back', async () => {
    await serve(
      { CIRCUIT_BREAKER_FAILURE_THRESHOLD: '3', CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '5' },
      async (client, harness) => {
        const ask = (x: number) => client.predictRows([{ x }], { params: { model: 'brittle' } });
        const codes: string[] = [];
        for (let turn = 0; turn < 4; turn++) codes.push(problemOf(await ask(7)).code);
        expect(codes).toEqual(['no-model-available', 'no-model-available', 'no-model-available', 'circuit-open']);
        const refused = await ask(0.25);
        expect(refused.status).toBe(503);
        expect([1, 2, 3, 4, 5]).toContain(refused.retryAfterSeconds);
        expect((await client.predict(row)).status).toBe(200);
        expect((await harness.get('/monitoring/statistics')).body).toMatchObject({
          models: { brittle: { circuit_breaker: 'open' }, [M]: { circuit_breaker: 'closed' } },
        });
        expect((await harness.get('/monitoring/health')).body).toMatchObject({
          status: 'unhealthy',
          models: { brittle: { status: 'unavailable' } },
        });
        await eventually(async () => expect((await ask(0.25)).status).toBe(200));
        expect((await harness.get('/monitoring/health')).body).toMatchObject({
          models: { brittle: { status: 'healthy' } },
        });
      },
    );
  });

  it('fails only the request whose row it cannot compute, also when they are run together', async () => {
    await serve({ CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1000' }, async (client) => {
      const asked = Array.from({ length: 100 }, (_, index) => (index % 10 === 3 ? 5 : index / 100));
      const said = await Promise.all(asked.map((x) => client.predictRows([{ x }], { params: { model: 'brittle' } })));
      expect(said.map(({ status }) => status)).toEqual(asked.map((x) => (x > 1 ? 503 : 200)));
    });
  });
});

describe('too much at once', () => {
  it('is answered 503 overloaded, with a hint, and the rest is answered', async () => {
    await serve({ SERVING_QUEUE_MAX_ROWS: '100', CACHE_MAX_SIZE: '0' }, async (client) => {
      const said = await Promise.all(Array.from({ length: 30 }, () => client.predictRows(Array(10).fill(row))));
      const counts = (status: number) => said.filter((one) => one.status === status).length;
      expect(counts(200)).toBeGreaterThanOrEqual(10);
      expect(counts(503)).toBeGreaterThan(0);
      expect(counts(200) + counts(503)).toBe(30);
      const refused = said.find((one) => one.status === 503)!;
      expect([problemOf(refused).code, refused.retryAfterSeconds]).toEqual(['overloaded', 1]);
      expect((await client.predict(row)).status).toBe(200);
    });
  });
});

describe('what was asked before', () => {
  it('comes from the cache, is the same, and is a prediction of its own', async () => {
    await serve({}, async (client, harness) => {
      const [first, second] = [
        predictionOf(await client.predict({ ...row, age: 41 })),
        predictionOf(await client.predict({ ...row, age: 41 })),
      ];
      expect(second.probability).toBe(first.probability);
      expect(second.predictionId).not.toBe(first.predictionId);
      const { body } = await harness.get('/monitoring/health');
      const { hits, size } = (body as { cache: { prediction_cache: { hits: number; size: number } } }).cache
        .prediction_cache;
      expect(hits).toBeGreaterThan(0);
      expect(size).toBeGreaterThan(0);
    });
  });
});

describe('a disk without space', () => {
  it('refuses predictions instead of losing them, and recovers by itself', async () => {
    const harness = await ServingHarness.make();
    const spool = join(harness.home, 'small');
    await mkdir(spool);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', spool], { stdio: 'ignore' });
    } catch {
      process.stderr.write(
        'skipped: a small file system can only be mounted by root; prediction-log.int-spec.ts injects the failure\n',
      );
      await harness.remove();
      return;
    }
    try {
      const client = await harness.start({ REGISTRY_URL: url, SPOOL_DIR: spool });
      await eventually(async () => expect((await client.predict(row)).status).toBe(200));
      let refused = await client.predict(row);
      for (let turn = 0; refused.status === 200 && turn < 5_000; turn++) refused = await client.predict(row);
      expect({
        status: refused.status,
        code: problemOf(refused).code,
        retryAfterSeconds: refused.retryAfterSeconds,
      }).toEqual({
        status: 503,
        code: 'storage-full',
        retryAfterSeconds: 5,
      });
      await eventually(async () => expect((await harness.app.inject({ url: '/health/ready' })).statusCode).toBe(503));
      execFileSync('mount', ['-o', 'remount,size=8m', spool]);
      await eventually(async () => expect((await harness.app.inject({ url: '/health/ready' })).statusCode).toBe(200));
      expect((await client.predict(row)).status).toBe(200);
      await harness.stop();
    } finally {
      execFileSync('umount', ['-l', spool]);
      await harness.remove();
    }
  });
});

describe('a stranger', () => {
  it('gets no frame in: the key is of another service, or of none', async () => {
    await serve({}, async (_client, harness) => {
      const { FrameClient } = await import('@gimbal/platform');
      const faults: string[] = [];
      const logger = { info: () => undefined, warn: (facts: unknown) => void faults.push(JSON.stringify(facts)) };
      const stranger = new FrameClient({
        address: { path: harness.address },
        name: 'gateway',
        key: 'not-the-key-of-the-gateway',
        logger,
      });
      stranger.start();
      await eventually(() => expect(faults.length).toBeGreaterThan(0));
      expect(stranger.ready).toBe(false);
      stranger.stop();
      expect(harness.lines.join('\n')).toContain('The peer may not call this service.');
      expect(harness.lines.join('\n')).not.toContain('not-the-key-of-the-gateway');
    });
  });
});
