import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** What ours is measured beside. */
export type ReferenceKind = 'fastify' | 'asgi' | 'fastapi' | 'mlserver' | 'mlserver-worker';

/** Something that answers `POST url` with the same model. */
export interface Contender {
  readonly kind: ReferenceKind | 'gimbal';
  readonly name: string;
  readonly url: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** On the way of a request. */
  readonly pids: readonly number[];
  /** From its process's start to its first answer; absent of what was running already. */
  readonly startSeconds?: number;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
const POLL_MS = 10;
const here = (file: string): string => new URL(file, import.meta.url).pathname;
/** Python programs are read from the sources; they are not built. */
const source = (file: string): string => here(`../../src/serving/references/${file}`);

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Waits until a server answers `body` with 200. @throws Error when it has ended, or takes longer than a minute */
export async function awaitAnswer(
  { url, headers }: Pick<Contender, 'url' | 'headers'>,
  body: string,
  hasEnded = () => false,
): Promise<void> {
  const until = performance.now() + START_LIMIT_MS;
  for (;;) {
    const request = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } };
    const answer = await fetch(url, request).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) return;
    if (hasEnded() || performance.now() > until)
      throw new Error(`${url} does not answer (${answer?.status ?? 'no connection'})`);
    await setTimeout(POLL_MS);
  }
}

interface Program {
  readonly kind: ReferenceKind;
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly cwd?: string;
}

async function startProgram({ kind, name, command, args, port, cwd }: Program, body: string): Promise<Contender> {
  const begun = performance.now();
  const child = spawn(command, [...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    ...(cwd !== undefined && { cwd }),
  });
  const url = `http://127.0.0.1:${port}/v2/models/bench/infer`;
  try {
    await awaitAnswer({ url, headers: {} }, body, () => child.exitCode !== null);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    kind,
    name,
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

/** @param model an ONNX file with the input `features`. @param body a request that it answers */
export async function startFastify(model: string, body: string): Promise<Contender> {
  const port = await freePort();
  const args = [here('references/fastify-batch.js'), model, String(port)];
  return startProgram(
    {
      kind: 'fastify',
      name: `Fastify, requests in flight run together (Node ${process.versions.node})`,
      command: process.execPath,
      args,
      port,
    },
    body,
  );
}

export async function startAsgi(python: string, model: string, body: string): Promise<Contender> {
  const port = await freePort();
  return startProgram(
    {
      kind: 'asgi',
      name: 'bare ASGI, orjson',
      command: python,
      args: [source('asgi_orjson.py'), model, String(port)],
      port,
    },
    body,
  );
}

export async function startFastApi(python: string, model: string, body: string): Promise<Contender> {
  const port = await freePort();
  return startProgram(
    {
      kind: 'fastapi',
      name: 'FastAPI by hand, requests in flight run together',
      command: python,
      args: [source('fastapi_batch.py'), model, String(port)],
      port,
    },
    body,
  );
}

/** @param workers 0 is its best setting, 1 how it comes */
export async function startMlserver(
  { python, model, body, folder }: { python: string; model: string; body: string; folder: string },
  workers: 0 | 1,
): Promise<Contender> {
  const port = await freePort();
  const place = join(folder, `mlserver-${workers}`);
  await mkdir(place, { recursive: true });
  const settings = {
    http_port: port,
    grpc_port: await freePort(),
    metrics_port: await freePort(),
    host: '127.0.0.1',
    parallel_workers: workers,
    debug: false,
    use_structured_logging: false,
    logging_settings: null,
  };
  await writeFile(join(place, 'settings.json'), JSON.stringify(settings));
  const implementation = 'onnx_runtime.OnnxModel';
  await writeFile(
    join(place, 'model-settings.json'),
    JSON.stringify({ name: 'bench', implementation, parameters: { uri: model } }),
  );
  await copyFile(source('onnx_runtime.py'), join(place, 'onnx_runtime.py'));
  const args = ['-c', 'from mlserver.cli import main; main()', 'start', '.'];
  return startProgram(
    {
      kind: workers === 0 ? 'mlserver' : 'mlserver-worker',
      name: workers === 0 ? 'MLServer, no worker processes' : 'MLServer, one worker process',
      command: python,
      args,
      port,
      cwd: place,
    },
    body,
  );
}
