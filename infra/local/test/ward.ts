import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GimbalClient } from '@gimbal/client';
import type { Role, ServiceName, TrainingRun } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { expect } from '@jest/globals';
import type { Runtime } from '../src/supervisor/home.js';
import { EXAMPLE_PATIENT } from '../src/welcome.js';

export const ROOT = resolve(import.meta.dirname, '../../..');
export const STARTER = join(ROOT, 'infra/local/dist/main.js');
export const MODEL = 'heart-disease';
const FINAL = ['succeeded', 'failed', 'cancelled'];
/** A part of an installation that can be taken away. */
export type Part = ServiceName | 'postgres';

/** What an installation under test is started with: nothing of the developer's own settings, no limit on requests, no port of its own choice. */
const ENVIRONMENT = {
  NODE_OPTIONS: '',
  DATABASE_URL: '',
  REDIS_URL: '',
  REDIS_HOST: '',
  ML_API_KEYS: '',
  RATE_LIMIT_REQUESTS: '10000000',
  RATE_LIMIT_TRACKING_REQUESTS: '10000000',
  MLFLOW_PORT: '0',
};

/** An empty folder that PostgreSQL's own account can enter when root runs the tests. */
export async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(process.env['GIMBAL_TEST_RUN'] ?? tmpdir(), 'ward-'));
  await chmod(home, 0o755);
  return home;
}

/** A whole installation as `npm start` runs it, on a home of its own, for tests that take parts of it away. */
export class Ward {
  private child: ChildProcess | undefined;
  private output = '';
  private port = '0';

  private constructor(
    readonly home: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Starts one; `home` is an empty folder from {@link makeHome} and goes with the ward. */
  static async open(environment: NodeJS.ProcessEnv = {}, home?: string): Promise<Ward> {
    const ward = new Ward(home ?? (await makeHome()), environment);
    try {
      await ward.start();
    } catch (error) {
      await ward.close();
      throw error;
    }
    return ward;
  }

  /** Starts everything; resolves when the starter says it is ready. Again after {@link killEverything}: on the same port. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'tether.mjs'), STARTER, 'start'], {
      env: {
        ...process.env,
        ...ENVIRONMENT,
        ...this.environment,
        API_PORT: this.port,
        GIMBAL_HOME: this.home,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child = child;
    this.output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        this.output += String(chunk);
      });
    await eventually(
      () => {
        if (child.exitCode === null) expect(this.output).toContain('Gimbal is ready');
      },
      { timeoutMs: 240_000 },
    );
    if (child.exitCode !== null) throw new Error(`the starter ended: ${this.output.slice(-2_000)}`);
    this.port = new URL((await this.runtime()).gateway).port;
  }

  async runtime(): Promise<Runtime> {
    return JSON.parse(await readFile(join(this.home, 'runtime.json'), 'utf8'));
  }

  async keys(): Promise<Record<Role, string>> {
    return JSON.parse(await readFile(join(this.home, 'credentials.json'), 'utf8'));
  }

  async client(role: Role): Promise<GimbalClient> {
    return new GimbalClient({
      url: (await this.runtime()).gateway,
      apiKey: (await this.keys())[role],
      timeoutMs: 40_000,
    });
  }

  /** Asks for a training of the quickest family, on one hospital. */
  async requestTraining(options: { promote?: 'when-admitted' | 'never'; seed?: number } = {}): Promise<string> {
    const operator = await this.client('operator');
    const { trainingRunId } = await operator.call('retrain', {
      body: { model: MODEL, dataset: MODEL, parts: ['cleveland'], algorithms: ['logistic-regression'], ...options },
    });
    return trainingRunId;
  }

  /** Waits for the end of a training through whatever is away meanwhile. */
  async endedTraining(id: string): Promise<TrainingRun> {
    const viewer = await this.client('viewer');
    return eventually(
      async () => {
        const run = await viewer.call('getTrainingRun', { params: { id } });
        expect(FINAL).toContain(run.state);
        return run;
      },
      { timeoutMs: 240_000 },
    );
  }

  /** Trains the first version and waits until it answers. */
  async trainFirstVersion(): Promise<void> {
    const run = await this.endedTraining(await this.requestTraining());
    expect({ state: run.state, error: run.error }).toEqual({ state: 'succeeded', error: null });
    await this.answers();
  }

  /** Waits for a prediction. @returns the version that made it */
  async answers(): Promise<number> {
    const predictor = await this.client('predictor');
    const answer = await eventually(() => predictor.predict('/predict', EXAMPLE_PATIENT));
    return (answer as { model_version: number }).model_version; // the route's own answer
  }

  /** kill -9 of one part. @returns its process id */
  async strike(part: Part): Promise<number> {
    const pid = pidOf(await this.runtime(), part);
    process.kill(pid, 'SIGKILL');
    return pid;
  }

  /** kill -9 of one part; resolves when it is back under another process id and says that it is ready. */
  async kill(part: Part): Promise<void> {
    await this.returned(part, await this.strike(part));
  }

  async returned(part: Part, before: number): Promise<void> {
    await eventually(async () => expect([before, 0]).not.toContain(pidOf(await this.runtime(), part)), {
      timeoutMs: 40_000,
    });
  }

  /**
   * kill -9 of a part whose port somebody else takes at once: it cannot come back.
   * @returns gives the port back and waits for the part
   */
  async keepAway(part: Part): Promise<() => Promise<void>> {
    const { services, postgres } = await this.runtime();
    const port = part === 'postgres' ? postgres.port : Number(new URL(services[part]?.url ?? '').port);
    const before = await this.strike(part);
    const squatter = createServer((socket) => socket.destroy());
    await eventually(
      async () => {
        squatter.listen({ port, host: '127.0.0.1', exclusive: true });
        await once(squatter, 'listening');
      },
      { intervalMs: 2 },
    );
    return async () => {
      squatter.close();
      await this.returned(part, before);
    };
  }

  /** kill -9 of the starter, all services and PostgreSQL, at once. */
  async killEverything(): Promise<void> {
    const runtime = await this.runtime();
    const gone = this.child ? once(this.child, 'exit') : undefined;
    for (const pid of [runtime.supervisor.pid, ...childrenOf(runtime)]) process.kill(pid, 'SIGKILL');
    await gone;
  }

  /** SIGTERM to the starter; resolves with its exit code, the seconds it took and the processes it left. */
  async stop(): Promise<{ code: number | null; seconds: number; left: number[] }> {
    const children = childrenOf(await this.runtime());
    const begun = Date.now();
    const gone = this.child ? once(this.child, 'exit') : Promise.resolve([null]);
    this.child?.kill('SIGTERM');
    const [code] = await gone;
    return { code, seconds: (Date.now() - begun) / 1000, left: children.filter(isAlive) };
  }

  /** Ends what still runs and removes the home, also after a failed test. */
  async close(): Promise<void> {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) {
      // Nothing runs, or only what a failed test left: a fresh tether on the same home clears it away.
      this.child = spawn(process.execPath, [join(import.meta.dirname, 'tether.mjs'), '--eval', '0'], {
        env: { ...process.env, GIMBAL_HOME: this.home },
        stdio: ['pipe', 'ignore', 'ignore'],
      });
    }
    const gone = once(this.child, 'exit');
    this.child.stdin?.end();
    await gone;
  }
}

function pidOf({ services, postgres }: Runtime, part: Part): number {
  return part === 'postgres' ? (postgres.pid ?? 0) : (services[part]?.pid ?? 0);
}

function childrenOf({ services, postgres }: Runtime): number[] {
  return [...Object.values(services).map(({ pid }) => pid), postgres.pid ?? 0].filter((pid) => pid > 0);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What was acknowledged while patients came in. */
export interface Acknowledged {
  /** When the first came, ISO 8601. */
  readonly from: string;
  readonly predictions: Set<string>;
  readonly labels: Map<string, number>;
  /** Why predictions were not made, by the code of the refusal. */
  readonly failed: Map<string, number>;
}

/** A program that was refused waits a moment before it asks again. */
const PAUSE_MS = 25;

/**
 * Patients come in, two at a time, and their outcomes are reported at once: some before `during`, all the while, and some after it.
 * Resolves with everything that was acknowledged.
 */
export async function admitPatients(ward: Ward, during: () => Promise<void>): Promise<Acknowledged> {
  const predictor = await ward.client('predictor');
  const seen: Acknowledged = {
    from: new Date().toISOString(),
    predictions: new Set(),
    labels: new Map(),
    failed: new Map(),
  };
  let isOpen = true;
  const admit = async (): Promise<void> => {
    while (isOpen) {
      try {
        const { prediction_id: id } = (await predictor.predict('/predict', EXAMPLE_PATIENT)) as {
          prediction_id: string;
        }; // the route's own answer
        seen.predictions.add(id);
        const actual = seen.predictions.size % 2;
        await predictor.call('postLabels', { body: { labels: [{ prediction_id: id, actual }] } }).then(
          () => seen.labels.set(id, actual),
          () => sleep(PAUSE_MS), // not acknowledged: nothing was promised
        );
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
        seen.failed.set(code, (seen.failed.get(code) ?? 0) + 1);
        await sleep(PAUSE_MS);
      }
    }
  };
  const more = (count: number) => {
    const [predictions, labels] = [seen.predictions.size + count, seen.labels.size + count];
    return eventually(() => {
      expect(seen.predictions.size).toBeGreaterThanOrEqual(predictions);
      expect(seen.labels.size).toBeGreaterThanOrEqual(labels);
    });
  };
  const admitting = Promise.all([admit(), admit()]);
  try {
    await more(20);
    await during();
    await more(50);
  } finally {
    isOpen = false;
    await admitting;
  }
  return seen;
}

/** Reads the log back through the public door until everything acknowledged is in it; fails on a loss, a second copy, or a changed label. */
export async function expectAllInLog(ward: Ward, { from, predictions, labels }: Acknowledged): Promise<void> {
  const viewer = await ward.client('viewer');
  const query = { model: MODEL, from, limit: '1000' };
  await eventually(
    async () => {
      const found = new Map<string, number | null>();
      const twice: string[] = [];
      for await (const { id, actual } of viewer.each('listPredictions', { query })) {
        if (found.has(id)) twice.push(id);
        found.set(id, actual);
      }
      const lost = [...predictions].filter((id) => !found.has(id));
      const wrong = [...labels].filter(([id, actual]) => found.get(id) !== actual);
      expect({ lost, wrong, twice }).toEqual({ lost: [], wrong: [], twice: [] });
    },
    { intervalMs: 250 },
  );
}
