import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { ExplainThread, type ExplanationTask } from './explain-thread.js';

/** Stands in for the explaining script: the digest says what it does, so that a test can make it die, hang or starve. */
const SCRIPT = `
import { parentPort } from 'node:worker_threads';
const held = [];
parentPort.on('message', ({ digest, file }) => {
  if (digest === 'crash') process.exit(9);
  if (digest === 'hang') for (;;);
  if (digest === 'starve') { const all = []; for (;;) all.push(new Array(1000).fill(Math.random())); }
  if (digest === 'throw') throw new Error('broken');
  if (digest === 'refuse') return parentPort.postMessage({ held, code: 'explanation-unavailable', detail: 'old' });
  if (file) held.push(digest);
  parentPort.postMessage({ held, done: { output: file ? 'read' : 'kept' } });
});`;

let place: string;
let thread: ExplainThread;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'explain-thread-'));
  await writeFile(join(place, 'script.mjs'), SCRIPT);
});
afterEach(() => thread.close());
afterAll(() => rm(place, { recursive: true }));

const open = ({ timeoutMs = 60_000, waitingMax = 10 } = {}) => {
  thread = new ExplainThread({ timeoutMs, waitingMax, memoryMb: 32 }, pathToFileURL(join(place, 'script.mjs')));
};
const task = (digest: string): ExplanationTask => ({
  digest,
  readFile: async () => new Uint8Array(1),
  inputs: ['a'],
  features: new Float32Array(1),
  rows: 1,
  outputs: new Int32Array(1),
});
const explain = async (digest: string) => (await thread.explain(task(digest))).output;

it('sends a file once, and again to a new thread', async () => {
  open();
  expect([await explain('a'), await explain('a'), await explain('b'), await explain('a')]).toEqual([
    'read',
    'kept',
    'read',
    'kept',
  ]);
  await expect(explain('crash')).rejects.toThrow();
  expect(await explain('a')).toBe('read');
});

it('gives a request up that takes too long, and goes on with the next', async () => {
  open({ timeoutMs: 2_000 });
  const [first, second] = [explain('hang'), explain('a')];
  await expect(first).rejects.toMatchObject({ code: 'timeout' });
  expect(await second).toBe('read');
});

it('takes an answer that comes too late for nobody else', async () => {
  const timeoutMs = 5_000;
  open({ timeoutMs });
  expect(await explain('a')).toBe('read');
  await new Promise((resolve) => setImmediate(resolve)); // behind this the event loop looks at its timers first
  const late = expect(explain('a')).rejects.toMatchObject({ code: 'timeout' });
  const next = explain('a');
  for (let turn = 0; turn < 100; turn++) await null; // the request is under way
  for (const untilMs = performance.now() + timeoutMs + 100; performance.now() < untilMs; ); // its answer waits to be taken
  await late;
  expect(await next).toBe('read'); // by a new thread; what came too late says that the model was held
});

it('says so when a model needs more memory than it may have', async () => {
  open();
  await expect(explain('starve')).rejects.toMatchObject({ code: 'explanation-unavailable' });
  expect(await explain('a')).toBe('read');
});

it('fails one request alone, whatever becomes of the thread', async () => {
  open();
  const asked = ['a', 'throw', 'a', 'refuse', 'a'].map(explain);
  const settled = await Promise.allSettled(asked);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
  expect(settled[3]).toMatchObject({ reason: { code: 'explanation-unavailable', detail: 'old' } });
});

it('refuses more than may wait', async () => {
  open({ waitingMax: 2 });
  const settled = await Promise.allSettled(['a', 'b', 'c'].map(explain));
  expect(settled[2]).toMatchObject({ status: 'rejected', reason: { code: 'overloaded' } });
  expect(await explain('c')).toBe('read');
});

it('fails what waits when it is closed', async () => {
  open();
  const asked = explain('hang');
  const refused = expect(asked).rejects.toMatchObject({ code: 'service-unavailable' });
  await new Promise((resolve) => setImmediate(resolve)); // the request is under way
  await thread.close();
  await refused;
});
