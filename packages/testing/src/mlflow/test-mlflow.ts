import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@gimbal/db/embedded';
import { eventually } from '@gimbal/db/testing';

/** A real MLflow server of its own for one test file: SQLite and a folder of files, served by itself. */
export interface TestMlflow {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  /** kill -9; the address stays, see `restart`. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Stops it and removes its data. Safe to repeat. */
  dispose(): Promise<void>;
}

/** The first start makes the database by some hundred migrations. */
const START_MS = 180_000;
/** Any key of this form: it encrypts what webhooks are signed with. */
const WEBHOOK_KEY = Buffer.alloc(32, 1).toString('base64url').concat('=').slice(0, 44);

/** The Python that has MLflow of this major version, or null: the test is then skipped, and standard error says why. */
export function pythonOfMlflow(major: 2 | 3): string | null {
  const name = `GIMBAL_MLFLOW${major}_PYTHON`;
  const python = process.env[name] ?? '';
  if (python !== '') return python;
  process.stderr.write(`Tests on MLflow ${major} are skipped: set ${name} to a Python that has it.\n`);
  return null;
}

/** Starts `mlflow server` of the installation that `python` belongs to. */
export async function startTestMlflow(python: string): Promise<TestMlflow> {
  // Below the run's folder, so that it goes with it even when a test is killed.
  const folder = await mkdtemp(join(process.env['GIMBAL_TEST_RUN'] ?? tmpdir(), 'gimbal-mlflow-'));
  const port = await findFreePort();
  let server = await launch(python, port, folder);
  const kill = () => killGroup(server);
  return {
    url: `http://127.0.0.1:${port}`,
    kill,
    restart: async () => {
      await kill();
      server = await launch(python, port, folder);
    },
    dispose: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(python: string, port: number, folder: string): Promise<ChildProcess> {
  const settings = [
    ['--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`],
    ['--artifacts-destination', join(folder, 'artifacts')],
    ['--serve-artifacts'],
    ['--host', '127.0.0.1'],
    ['--port', String(port)],
    ['--workers', '1'],
  ];
  // A group of its own: the server starts workers, and they go with it.
  const server = spawn(python, ['-m', 'mlflow', 'server', ...settings.flat()], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
      MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY: WEBHOOK_KEY,
    },
  });
  let output = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (part) => {
      output = (output + String(part)).slice(-4_000);
    });
  const end = () => void killGroup(server);
  process.once('exit', end);
  server.once('exit', () => process.off('exit', end));
  await eventually(
    async () => {
      if (server.exitCode !== null) return;
      const { ok } = await fetch(`http://127.0.0.1:${port}/health`);
      if (!ok) throw new Error('not yet');
    },
    { timeoutMs: START_MS },
  );
  if (server.exitCode !== null) throw new Error(`mlflow server ended: ${output}`);
  return server;
}

async function killGroup(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  process.kill(-server.pid, 'SIGKILL');
  await gone;
}
