import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../installation.js';
import { awaitAnswer, type Contender, freePort } from './contenders.js';
import type { PlannedFile } from './slow-model.js';

export interface ServingAloneOptions {
  /** Of an installation that has served the model `bench`. */
  readonly home: string;
  readonly folder: string;
  /** How many models the traffic plan names: `bench` and others of the same file. */
  readonly models: number;
  /** Another model, of a file of its own. */
  readonly beside?: PlannedFile;
}

interface KeptPlan {
  readonly revision: string;
  readonly models: readonly { readonly model_name: string; readonly versions: readonly object[] }[];
}

/** Makes more models of `bench`, each with a version of its own. */
function multiply({ revision, models }: KeptPlan, count: number): KeptPlan {
  const original = models.find(({ model_name }) => model_name === 'bench');
  if (!original) throw new Error('The installation has not served the model of the benchmark.');
  const others = Array.from({ length: count - 1 }, (_, index) => ({
    ...original,
    model_name: `bench-${index}`,
    versions: original.versions.map((version) => ({ ...version, id: randomUUID() })),
    standby: null,
  }));
  return { revision, models: [original, ...others] };
}

/** Starts serving as an installation does, with what it kept of one, and with registry, queue and database away. */
export async function startServingAlone(
  { home, folder, models, beside }: ServingAloneOptions,
  body: string,
): Promise<Contender> {
  const place = await mkdtemp(join(folder, 'serving-'));
  await cp(join(home, 'serving/models'), join(place, 'models'), { recursive: true });
  const planFile = join(place, 'models/plan/traffic-plan.json');
  const kept: KeptPlan = JSON.parse(await readFile(planFile, 'utf8')); // as serving wrote it
  const plan = multiply(kept, models);
  if (beside) {
    const artifacts = join(place, 'models/artifacts/sha256', beside.digest.slice(0, 2));
    await mkdir(artifacts, { recursive: true });
    await writeFile(join(artifacts, beside.digest), beside.bytes);
  }
  await writeFile(planFile, JSON.stringify(beside ? { ...plan, models: [...plan.models, beside.planned] } : plan));
  const port = await freePort();
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=384', '--max-semi-space-size=8', join(ROOT, 'apps/serving/dist/bundle/main.js')],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...{ PATH: process.env['PATH'], NODE_ENV: 'production', NODE_COMPILE_CACHE: join(home, 'cache/compile') },
        ...{ HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn', DEFAULT_MODEL: 'bench', MALLOC_ARENA_MAX: '1' },
        ...{ SERVING_HTTP: `127.0.0.1:${port}`, SERVING_FRAMES: join(place, 'frames.sock') },
        ...{ SPOOL_DIR: join(place, 'spool'), MODEL_CACHE_DIR: join(place, 'models') },
        RECEIPT_KEY_FILE: join(place, 'receipt-key.pem'),
        GIMBAL_SERVICE_KEY: randomUUID(),
        GIMBAL_TRUSTED_CALLERS: `gateway:${'0'.repeat(64)}`,
        REGISTRY_URL: 'http://127.0.0.1:1',
        DATABASE_URL: 'postgresql://nobody:none@127.0.0.1:1/none',
      },
    },
  );
  const url = `http://127.0.0.1:${port}/v2/models/bench/infer`;
  await awaitAnswer({ url, headers: {} }, body, () => child.exitCode !== null);
  return {
    kind: 'gimbal',
    name: `Gimbal, serving alone${models > 1 ? `, ${models} models` : ''}`,
    url,
    headers: {},
    pids: child.pid === undefined ? [] : [child.pid],
    startSeconds: (performance.now() - begun) / 1_000,
    stop: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
