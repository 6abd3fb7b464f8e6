/**
 * The thread that loads, checks and runs ONNX graphs away from the event loop. Started by session-thread.ts; every type of a message is
 * there, too. Imports nothing of ours at run time, because tests start it from its source.
 */
import { parentPort } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type {
  GraphReport,
  InputSample,
  LoadRequest,
  ThreadAnswer,
  ThreadEnd,
  ThreadRequest,
} from './session-thread.js';

const FEATURES = 'features';
const LABEL = 'label';
const PROBABILITY = 'probability';
/** Batched and single answers may differ by rounding, not by more. */
const BATCH_TOLERANCE = 1e-6;
const CHECK_ROWS = 64;
const BATCH_SIZES = [16, 64, 256, 1_024];
const RUNS_OF_ROUND = 8;
const ROUNDS_MIN = 2;
const ROUNDS_MAX = 50;
const ROUNDS_MS = 40;
/** A graph that takes longer to load is not loaded twice to see what of it was noise. */
const SECOND_LOAD_MS_MAX = 1_000;
const WARM_RUNS = 4;

interface OpenGraph {
  readonly session: InferenceSession;
  readonly features: Float32Array;
  readonly probabilities: Float32Array;
  readonly inputs: number;
}

/** The graph can't be served; the message says what to change. */
class GraphRefusal extends Error {}

const graphs = new Map<number, OpenGraph>();

function checkContract(session: InferenceSession, inputs: number): void {
  const [input] = session.inputMetadata;
  if (session.inputNames.length !== 1 || !input || input.name !== FEATURES)
    throw new GraphRefusal(
      `The graph must have one input named "${FEATURES}"; it has: ${session.inputNames.join(', ')}.`,
    );
  if (!input.isTensor || input.type !== 'float32' || input.shape.length !== 2)
    throw new GraphRefusal(`The input "${FEATURES}" must be a float32 tensor [rows, inputs].`);
  const width = input.shape[1];
  if (typeof width === 'number' && width !== inputs)
    throw new GraphRefusal(`The input "${FEATURES}" takes ${width} columns; the signature names ${inputs}.`);
  for (const [name, types] of [
    [LABEL, ['int64', 'int32', 'bool']],
    [PROBABILITY, ['float32']],
  ] as const) {
    const output = session.outputMetadata.find((one) => one.name === name);
    if (!output)
      throw new GraphRefusal(
        `The graph has no output "${name}"; it has: ${session.outputNames.join(', ')}. Export the label and the probability of the positive class by these names.`,
      );
    if (!output.isTensor)
      throw new GraphRefusal(
        `The output "${name}" is not a tensor. Export without ZipMap (skl2onnx: options={"zipmap": False}).`,
      );
    if (!(types as readonly string[]).includes(output.type))
      throw new GraphRefusal(`The output "${name}" is ${output.type}; ${types.join(' or ')} is needed.`);
  }
}

async function runRows(session: InferenceSession, features: Float32Array, inputs: number): Promise<Float32Array> {
  const rows = features.length / inputs;
  const { probability } = await session.run({ [FEATURES]: new Tensor('float32', features, [rows, inputs]) }, [
    PROBABILITY,
  ]);
  const data = probability?.data;
  if (!(data instanceof Float32Array) || data.length !== rows)
    throw new GraphRefusal(
      `The output "${PROBABILITY}" must have one value for each row; it has shape [${probability?.dims.join(', ')}] for ${rows} rows.`,
    );
  return data;
}

/** mulberry32: the same sample for the same graph, each time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function sampleRows(samples: readonly InputSample[], rows: number): Float32Array {
  const random = createRandom(20_260_301);
  const out = new Float32Array(rows * samples.length);
  for (let row = 0; row < rows; row++) {
    samples.forEach(({ values, low, high, mayMiss }, column) => {
      const chosen = values ? (values[Math.floor(random() * values.length)] ?? 0) : low + random() * (high - low);
      out[row * samples.length + column] = mayMiss && random() < 0.1 ? Number.NaN : chosen;
    });
  }
  return out;
}

/** True when rows answer alike alone and in company. */
async function isBatchable(session: InferenceSession, features: Float32Array, inputs: number): Promise<boolean> {
  const single = new Float32Array(CHECK_ROWS);
  for (let row = 0; row < CHECK_ROWS; row++) {
    single[row] = (await runRows(session, features.slice(row * inputs, (row + 1) * inputs), inputs))[0] ?? Number.NaN;
  }
  const bad = single.findIndex((value) => !(value >= 0 && value <= 1));
  if (bad >= 0)
    throw new GraphRefusal(
      `The output "${PROBABILITY}" is not a probability for rows within the signature's own ranges.`,
    );
  try {
    const together = await runRows(session, features.slice(0, CHECK_ROWS * inputs), inputs);
    return together.every((value, row) => Math.abs(value - (single[row] ?? Number.NaN)) <= BATCH_TOLERANCE);
  } catch {
    return false; // a graph with one fixed row
  }
}

/**
 * The slowest of eight runs with `rows` rows, in ms, in the calmest of many rounds: on a busy machine the other rounds tell of the turns of
 * other processes, not of the graph.
 */
async function timeRuns(
  session: InferenceSession,
  features: Float32Array,
  inputs: number,
  rows: number,
): Promise<number> {
  const batch = features.slice(0, rows * inputs);
  for (let run = 0; run < WARM_RUNS; run++) await runRows(session, batch, inputs);
  let calmest = Number.POSITIVE_INFINITY;
  const began = performance.now();
  for (let round = 0; round < ROUNDS_MIN || (round < ROUNDS_MAX && performance.now() - began < ROUNDS_MS); round++) {
    let slowest = 0;
    for (let run = 0; run < RUNS_OF_ROUND; run++) {
      const start = performance.now();
      await runRows(session, batch, inputs);
      slowest = Math.max(slowest, performance.now() - start);
    }
    calmest = Math.min(calmest, slowest);
  }
  return calmest;
}

async function examine(session: InferenceSession, request: LoadRequest, loadMs: number): Promise<GraphReport> {
  const { samples, batchRowsMax } = request;
  const inputs = samples.length;
  const features = sampleRows(samples, Math.max(CHECK_ROWS, batchRowsMax));
  const batchable = await isBatchable(session, features, inputs);
  const runMsByRows: [number, number][] = [[1, await timeRuns(session, features, inputs, 1)]];
  const sizes = new Set([...BATCH_SIZES.filter((size) => size < batchRowsMax), batchRowsMax]);
  for (const size of batchable ? sizes : []) runMsByRows.push([size, await timeRuns(session, features, inputs, size)]);
  return { batchable, loadMs, runMsByRows };
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
  // From bytes, not from the path: a graph may not name other files.
  const start = performance.now();
  const session = await InferenceSession.create(request.bytes, request.options);
  const firstLoadMs = performance.now() - start;
  const inputs = request.samples.length;
  checkContract(session, inputs);
  if (request.purpose === 'examine') {
    const report = await examine(session, request, await timeLoad(request, firstLoadMs));
    await session.release();
    return report;
  }
  const features = new Float32Array(request.features);
  const probabilities = new Float32Array(request.probabilities);
  graphs.set(request.graph, { session, features, probabilities, inputs });
  await runRows(session, sampleRows(request.samples, 1), inputs);
  return undefined;
}

async function answer(request: ThreadRequest): Promise<ThreadAnswer> {
  const { ticket } = request;
  if (request.type === 'load') {
    const report = await load(request);
    return report ? { ticket, report } : { ticket };
  }
  const graph = graphs.get(request.graph);
  if (request.type === 'release') {
    graphs.delete(request.graph);
    await graph?.session.release();
    return { ticket };
  }
  if (!graph) throw new Error('The graph is not loaded in this thread.');
  const { session, features, probabilities, inputs } = graph;
  // The runtime reads its input in place: nobody writes there before the answer.
  probabilities.set(await runRows(session, features.subarray(0, request.rows * inputs), inputs));
  return { ticket };
}

parentPort?.on('message', (request: ThreadRequest | ThreadEnd) => {
  if (request.type === 'end') {
    parentPort?.close(); // nothing keeps the thread alive then but a run under way
    return;
  }
  answer(request)
    .catch((error: unknown): ThreadAnswer => {
      const message = error instanceof Error ? error.message : String(error);
      return {
        ticket: request.ticket,
        fault: { message: message.slice(0, 1_000), refused: error instanceof GraphRefusal },
      };
    })
    .then((reply) => parentPort?.postMessage(reply));
});
