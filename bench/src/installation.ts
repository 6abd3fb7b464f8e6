import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

export const ROOT = resolve(import.meta.dirname, '../..');

const Runtime = z.object({
  gateway: z.string(),
  services: z.record(z.string(), z.object({ pid: z.int(), predict: z.string().optional() })),
  postgres: z.object({ pid: z.int() }),
  supervisor: z.object({ pid: z.int() }),
});

/** A running installation on a home of its own, as `npm start` makes it. */
export interface Installation {
  readonly url: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly runtime: z.infer<typeof Runtime>;
  /** Seconds from the command to "ready". */
  readonly seconds: number;
  stop(): Promise<void>;
}

export async function makeHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'gimbal-bench-'));
}

export const removeHome = (home: string): Promise<void> => rm(home, { recursive: true, force: true });

/** Starts everything in `home` and waits until it is ready. @param environment beside what a benchmark always sets */
export async function startInstallation(
  home: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const begun = Date.now();
  const child = spawn(process.execPath, [join(ROOT, 'infra/local/dist/main.js'), 'start'], {
    env: {
      ...process.env,
      GIMBAL_HOME: home,
      API_PORT: '0',
      MLFLOW_PORT: '0',
      RATE_LIMIT_REQUESTS: '10000000',
      LOG_LEVEL: 'warn',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await readyLine(child);
  const seconds = (Date.now() - begun) / 1000;
  const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(home, file), 'utf8'));
  const runtime = Runtime.parse(await read('runtime.json'));
  const keys = z.record(z.string(), z.string()).parse(await read('credentials.json'));
  return {
    url: runtime.gateway,
    keys,
    runtime,
    seconds,
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function readyLine(child: ChildProcess): Promise<void> {
  return new Promise((ready, failed) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes('Gimbal is ready')) ready();
    });
    child.once('exit', (code) => failed(new Error(`the installation ended with ${code}:\n${text}`)));
  });
}
