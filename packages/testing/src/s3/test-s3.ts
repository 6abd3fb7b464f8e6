import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@gimbal/db/embedded';
import { eventually } from '@gimbal/db/testing';

export const S3_ACCESS_KEY = 'gimbal-test';
export const S3_SECRET_KEY = 'gimbal-test-secret-0123456789';

/** A real S3 server (Versity's gateway over a folder), which verifies signatures and streams. */
export interface TestS3 {
  /** `http://127.0.0.1:port`. */
  readonly endpoint: string;
  readonly bucket: string;
  /** Where the objects of the bucket are, as files. */
  readonly folder: string;
  /** kill -9; the address stays, see `restart`. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/** The program, or null: what needs it is then skipped, and standard error says why. */
export function findS3Server(): string | null {
  const program = process.env['GIMBAL_S3_SERVER'] ?? '';
  if (program !== '') return program;
  process.stderr.write(
    'Tests on S3 are skipped: set GIMBAL_S3_SERVER to versitygw (go install github.com/versity/versitygw/cmd/versitygw@v1.8.0).\n',
  );
  return null;
}

export async function startTestS3(program: string): Promise<TestS3> {
  const root = await mkdtemp(join(process.env['GIMBAL_TEST_RUN'] ?? tmpdir(), 'gimbal-s3-'));
  const bucket = 'artifacts';
  const folder = join(root, bucket);
  await mkdir(folder);
  const port = await findFreePort();
  let server = await launch(program, { port, root });
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill('SIGKILL');
    await exit;
  };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    folder,
    kill,
    restart: async () => {
      await kill();
      server = await launch(program, { port, root });
    },
    dispose: async () => {
      await kill();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function launch(
  program: string,
  { port, root }: { readonly port: number; readonly root: string },
): Promise<ChildProcess> {
  const server = spawn(program, ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', root], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ROOT_ACCESS_KEY: S3_ACCESS_KEY, ROOT_SECRET_KEY: S3_SECRET_KEY },
  });
  let output = '';
  server.stderr.on('data', (part) => {
    output = (output + String(part)).slice(-4_000);
  });
  const end = (): void => void server.kill('SIGKILL');
  process.once('exit', end);
  server.once('exit', () => process.off('exit', end));
  await eventually(
    async () => {
      if (server.exitCode !== null) return;
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect').finally(() => socket.destroy());
    },
    { timeoutMs: 30_000 },
  );
  if (server.exitCode !== null) throw new Error(`${program} ended: ${output}`);
  return server;
}
