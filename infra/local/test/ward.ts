import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { GimbalClient } from '@gimbal/client';
import { eventually } from '@gimbal/testing';
import { expect } from '@jest/globals';
import type { Runtime } from '../src/supervisor/home.js';
import { EXAMPLE_PATIENT } from '../src/welcome.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const MODEL = 'heart-disease';
const FINAL = ['succeeded', 'failed', 'cancelled'];

/** A whole installation as `npm start` runs it, on a home of its own, for tests that take parts of it away. */
export class Ward {
  private child: ChildProcess | undefined;
  private output = '';

  private constructor(readonly home: string) {}

  static async open(environment: NodeJS.ProcessEnv = {}): Promise<Ward> {
    const ward = new Ward(await mkdtemp(join(tmpdir(), 'gimbal-ward-')));
    await ward.start(environment);
    return ward;
  }

  /** Starts everything; resolves when the starter says it is ready. Used again after {@link killEverything}. */
  async start(environment: NodeJS.ProcessEnv = {}): Promise<void> {
    const child = spawn(process.execPath, [join(ROOT, 'infra/local/dist/main.js'), 'start'], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        API_PORT: '0',
        GIMBAL_HOME: this.home,
        DATABASE_URL: '',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        this.output += String(chunk);
      });
    await eventually(
      () => {
        if (child.exitCode !== null) throw new Error(`the starter ended: ${this.output.slice(-2_000)}`);
        expect(this.output).toContain('Gimbal is ready');
      },
      { timeoutMs: 60_000 },
    );
  }

  async runtime(): Promise<Runtime> {
    return JSON.parse(await readFile(join(this.home, 'runtime.json'), 'utf8'));
  }

  async client(role: 'admin' | 'operator' | 'approver' | 'predictor' | 'viewer'): Promise<GimbalClient> {
    const keys: Record<string, string> = JSON.parse(await readFile(join(this.home, 'credentials.json'), 'utf8'));
    return new GimbalClient({ url: (await this.runtime()).gateway, apiKey: keys[role] ?? '', timeoutMs: 20_000 });
  }

  /** Trains the quickest family and waits until the version answers. */
  async trainFirstVersion(): Promise<void> {
    const operator = await this.client('operator');
    const { trainingRunId } = await operator.call('retrain', {
      body: { model: MODEL, dataset: MODEL, parts: ['cleveland'], algorithms: ['logistic-regression'] },
    });
    await eventually(
      async () => {
        const run = await operator.call('getTrainingRun', { params: { id: trainingRunId } });
        if (FINAL.includes(run.state) && run.state !== 'succeeded')
          throw new Error(`training ${run.state}: ${run.error?.message}`);
        expect(run.state).toBe('succeeded');
      },
      { timeoutMs: 90_000 },
    );
    const predictor = await this.client('predictor');
    await eventually(() => predictor.predict('/predict', EXAMPLE_PATIENT), { timeoutMs: 20_000 });
  }

  /** kill -9 of one part; resolves when it is back under another process id and, for a service, answers. */
  async kill(part: string): Promise<void> {
    const before = this.pidOf(await this.runtime(), part);
    process.kill(before, 'SIGKILL');
    await eventually(async () => expect([before, 0, null]).not.toContain(this.pidOf(await this.runtime(), part)), {
      timeoutMs: 30_000,
    });
  }

  /** kill -9 of the starter, all services and PostgreSQL, at once. */
  async killEverything(): Promise<void> {
    const { services, postgres, supervisor } = await this.runtime();
    const pids = [supervisor.pid, ...Object.values(services).map(({ pid }) => pid), postgres.pid ?? 0];
    const gone = this.child ? once(this.child, 'exit') : undefined;
    for (const pid of pids) if (pid > 0) process.kill(pid, 'SIGKILL');
    await gone;
  }

  /** Asks the starter to stop; resolves with the seconds it took and the processes it left. */
  async stop(): Promise<{ seconds: number; left: number[] }> {
    const { services, postgres } = await this.runtime();
    const begun = Date.now();
    const gone = this.child ? once(this.child, 'exit') : undefined;
    this.child?.kill('SIGTERM');
    await gone;
    const left = [...Object.values(services).map(({ pid }) => pid), postgres.pid ?? 0].filter(isAlive);
    return { seconds: (Date.now() - begun) / 1000, left };
  }

  async close(): Promise<void> {
    if (this.child?.exitCode === null && this.child.signalCode === null) await this.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  private pidOf({ services, postgres }: Runtime, part: string): number {
    return part === 'postgres' ? (postgres.pid ?? 0) : (services[part]?.pid ?? 0);
  }
}

function isAlive(pid: number): boolean {
  try {
    if (pid > 0) process.kill(pid, 0);
    return pid > 0;
  } catch {
    return false;
  }
}

/** What was acknowledged while patients came in. */
export interface Acknowledged {
  readonly predictions: Set<string>;
  readonly labels: Map<string, number>;
  failedPredictions: number;
}

/**
 * Patients come in, three at a time, and their outcomes are reported at once, until `during` has ended and some more have come.
 * Resolves with everything that was acknowledged.
 */
export async function admitPatients(ward: Ward, during: () => Promise<void>): Promise<Acknowledged> {
  const predictor = await ward.client('predictor');
  const seen: Acknowledged = { predictions: new Set(), labels: new Map(), failedPredictions: 0 };
  let left = Number.POSITIVE_INFINITY;
  const admit = async (): Promise<void> => {
    while (left-- > 0) {
      try {
        const { prediction_id: id } = (await predictor.predict('/predict', EXAMPLE_PATIENT)) as {
          prediction_id: string;
        }; // the route's own answer
        seen.predictions.add(id);
        const actual = seen.predictions.size % 2;
        await predictor.call('postLabels', { body: { labels: [{ prediction_id: id, actual }] } }).then(
          () => seen.labels.set(id, actual),
          () => undefined, // not acknowledged: nothing was promised
        );
      } catch {
        seen.failedPredictions++;
      }
    }
  };
  const admitting = Promise.all([admit(), admit(), admit()]);
  await eventually(() => expect(seen.predictions.size).toBeGreaterThan(30), { timeoutMs: 20_000 });
  await during();
  left = 100;
  await admitting;
  return seen;
}

/** Reads the log back through the public door until everything acknowledged is in it; fails on a loss, a second copy, or a changed label. */
export async function expectAllInLog(ward: Ward, { predictions, labels }: Acknowledged): Promise<void> {
  const viewer = await ward.client('viewer');
  await eventually(
    async () => {
      const found = new Map<string, number | null>();
      for await (const { id, actual } of viewer.each('listPredictions', { query: { model: MODEL, limit: '1000' } })) {
        if (found.has(id)) throw new Error(`prediction ${id} is in the log twice`);
        found.set(id, actual);
      }
      const lost = [...predictions].filter((id) => !found.has(id));
      const wrong = [...labels].filter(([id, actual]) => found.get(id) !== actual);
      expect({ lost: lost.length, wrong: wrong.length }).toEqual({ lost: 0, wrong: 0 });
    },
    { timeoutMs: 60_000, intervalMs: 500 },
  );
}
