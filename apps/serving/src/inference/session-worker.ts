/**
 * What loads, checks and runs ONNX graphs away from the event loop: in a thread (session-thread.ts) or in a process (session-process.ts). Every
 * type of a message is in session-host.ts. It and what it imports find each other by `#inference/`, because tests start it from its source.
 */
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { InferenceSession } from 'onnxruntime-node';
import { checkContract } from '#inference/check-contract.js';
import { examineGraph } from '#inference/examine-graph.js';
import { inspectFile } from '#inference/inspect-file.js';
import { GraphRefusal, runRows } from '#inference/run-rows.js';
import { sampleRows } from '#inference/sample-rows.js';
import type { GraphReport, GraphShape, HostAnswer, HostEnd, HostRequest, LoadRequest } from './session-host.js';

/** Operators that run as often as the graph says, which may be for ever. */
const LOOPS = ['Loop'];
/** A graph that takes longer to load is not loaded twice to see what of it was noise. */
const SECOND_LOAD_MS_MAX = 1_000;

interface OpenGraph {
  readonly session: InferenceSession;
  readonly shape: GraphShape;
  /** Null where memory is not shared. */
  readonly shared: { readonly features: Float32Array; readonly answers: Float32Array } | null;
}

const graphs = new Map<number, OpenGraph>();

/** Less than the event loop: on a machine without a core to spare, a quick model must not wait for a slow one's turn. */
const NICENESS = 5;

/** For this thread alone, where the system has priorities for threads (Linux); elsewhere nothing happens. */
function giveWay(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    if (thread > 0) setPriority(thread, NICENESS);
  } catch {
    // the system decides
  }
}

/** The first load of a thread also starts the runtime. */
async function timeLoad({ bytes, options }: LoadRequest, firstMs: number): Promise<number> {
  if (firstMs > SECOND_LOAD_MS_MAX) return firstMs;
  const start = performance.now();
  const again = await InferenceSession.create(bytes, options);
  const secondMs = performance.now() - start;
  await again.release();
  return Math.min(firstMs, secondMs);
}

async function load(request: LoadRequest): Promise<GraphReport | undefined> {
  const { bytes, options, shape } = request;
  const mayLoop = request.purpose === 'examine' && LOOPS.some((name) => inspectFile(bytes).operators.has(name));
  // From bytes, not from the path: a graph may not name other files.
  const start = performance.now();
  const session = await InferenceSession.create(bytes, options);
  const firstLoadMs = performance.now() - start;
  checkContract(session, shape);
  if (request.purpose === 'examine') {
    const report = await examineGraph(session, request, { loadMs: await timeLoad(request, firstLoadMs), mayLoop });
    await session.release();
    return report;
  }
  const { graph, shared } = request;
  const views = shared && { features: new Float32Array(shared.features), answers: new Float32Array(shared.answers) };
  graphs.set(graph, { session, shape, shared: views });
  await runRows(session, sampleRows(shape, 1), shape);
  return undefined;
}

async function run({ ticket, graph, rows: count, texts, features: sent }: RunRequest): Promise<HostAnswer> {
  const open = graphs.get(graph);
  if (!open) throw new Error('The graph is not loaded here.');
  const { session, shape, shared } = open;
  // The runtime reads its input in place: nobody writes there before the answer.
  const features = (shared?.features ?? sent ?? new Float32Array()).subarray(0, count * shape.samples.length);
  const answers = await runRows(session, { count, features, texts }, shape);
  if (!shared) return { ticket, answers };
  shared.answers.set(answers);
  return { ticket };
}

type RunRequest = Extract<HostRequest, { type: 'run' }>;

async function answer(request: HostRequest): Promise<HostAnswer> {
  const { ticket } = request;
  if (request.type === 'run') return run(request);
  if (request.type === 'load') {
    const report = await load(request);
    return report ? { ticket, report } : { ticket };
  }
  const graph = graphs.get(request.graph);
  graphs.delete(request.graph);
  await graph?.session.release();
  return { ticket };
}

const say = (reply: HostAnswer): void => {
  if (parentPort) parentPort.postMessage(reply);
  else process.send?.(reply);
};

function take(request: HostRequest | HostEnd): void {
  if (request.type === 'end') {
    parentPort?.close(); // nothing keeps the thread alive then but a run under way
    return;
  }
  answer(request)
    .catch((error: unknown): HostAnswer => {
      const message = error instanceof Error ? error.message : String(error);
      return {
        ticket: request.ticket,
        fault: { message: message.slice(0, 1_000), refused: error instanceof GraphRefusal },
      };
    })
    .then(say);
}

giveWay();
if (parentPort) parentPort.on('message', take);
else {
  process.on('message', (request) => take(request as HostRequest)); // sent by session-process.ts alone
  process.on('disconnect', () => process.exit());
}
