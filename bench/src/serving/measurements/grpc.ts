import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { median } from '../../result.js';
import { compare } from '../compare.js';
import type { Contender } from '../contenders.js';
import { asLoad } from '../load.js';
import { FEATURES, makeRows } from '../prepare-model.js';
import type { MeasureServing } from '../setting.js';

const run = promisify(execFile);
const ROUNDS = 3;
const SECONDS = 5;
const WARM_SECONDS = 1;
const CONNECTIONS = 32;
const METHOD = '/inference.GRPCInferenceService/ModelInfer';

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));

/** One row of raw float32, with the five bytes that gRPC has before a message. */
function oneRow(): Buffer {
  const input = [0x0a, 8, ...Buffer.from('features'), 0x12, 4, ...Buffer.from('FP32'), 0x1a, 2, 1, FEATURES];
  const numbers = Buffer.from(Float32Array.from(makeRows(1)).buffer); // 200 bytes: a length of two
  const message = Buffer.concat([
    Buffer.from([0x0a, 5, ...Buffer.from('bench'), 0x2a, input.length, ...input, 0x3a, 0xc8, 0x01]),
    numbers,
  ]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([prefix, message]);
}

/** Requests a second, by h2load on a core of its own. */
async function load(address: string, { name, headers }: Contender, body: string): Promise<number> {
  const sent = { ...headers, 'content-type': 'application/grpc', te: 'trailers' };
  const lines = Object.entries(sent).flatMap(([header, value]) => ['-H', `${header}: ${value}`]);
  const timing = ['-D', String(SECONDS), '--warm-up-time', String(WARM_SECONDS)];
  const command = ['h2load', '-c', String(CONNECTIONS), '-m1', ...timing, '-d', body, ...lines];
  const { stdout } = await run('taskset', await asLoad([...command, `http://${address}${METHOD}`]));
  if (!/ 0 failed, 0 errored, 0 timeout/.test(stdout)) throw new Error(`${name} did not answer every call:\n${stdout}`);
  return Number(/([\d.]+) req\/s/.exec(stdout)?.[1]);
}

/** Calls over gRPC, of gateway and serving, and of MLServer; nothing without h2load, which nghttp2 brings. */
export const measureGrpc: MeasureServing = async ({ home, folder, gimbal, references }) => {
  const mlserver = references.find(({ name }) => name === 'MLServer, no worker processes');
  const hasLoader = await run('h2load', ['--version']).then(
    () => true,
    () => false,
  );
  if (!mlserver || !hasLoader) {
    process.stderr.write('gRPC is not measured: it takes h2load (Debian: nghttp2-client) and MLServer\n');
    return [];
  }
  const body = join(folder, 'grpc-row.bin');
  await writeFile(body, oneRow());
  const { grpc } = z.object({ grpc: z.string() }).parse(await readJson(join(home, 'runtime.json')));
  const settings = await readJson(join(folder, 'mlserver-0', 'settings.json'));
  const { grpc_port: port } = z.object({ grpc_port: z.int() }).parse(settings);
  const found = new Map<Contender, number[]>([
    [gimbal, []],
    [mlserver, []],
  ]);
  for (let round = 0; round < ROUNDS; round++)
    for (const [contender, rates] of found)
      rates.push(await load(contender === gimbal ? grpc : `127.0.0.1:${port}`, contender, body));
  return compare({
    work: `1 row, gRPC, ${CONNECTIONS} connections`,
    unit: 'calls/s',
    ours: median(found.get(gimbal) ?? []),
    references: [mlserver],
    figureOf: (reference) => median(found.get(reference) ?? []),
    goals: { mlserver: { at_least: 5 } },
  });
};
