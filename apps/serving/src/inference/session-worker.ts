/**
 * The thread that loads, checks and runs ONNX graphs away from the event loop. Started by session-thread.ts; every type of a message is
 * there, too. Imports nothing of ours at run time, because tests start it from its source.
 */
import { parentPort } from 'node:worker_threads';
import type { Task } from '@gimbal/contracts';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { RunnableSession } from './direct-session.js';
import type {
  GraphReport,
  GraphShape,
  InputSample,
  LoadRequest,
  ThreadAnswer,
  ThreadEnd,
  ThreadRequest,
} from './session-thread.js';

const FEATURES = 'features';
const TEXTS = 'texts';
const QUERY = 'query';
const LABEL = 'label';

/** The outputs that answer a task, of which the first that a graph has is read, and whether a label stands beside them. */
const ANSWERS: Readonly<Record<Task, { readonly outputs: readonly string[]; readonly hasLabel: boolean }>> = {
  // Converters from other libraries write one column per class.
  'binary-classification': { outputs: ['probability', 'probabilities'], hasLabel: true },
  'multiclass-classification': { outputs: ['probabilities'], hasLabel: true },
  'text-classification': { outputs: ['probabilities'], hasLabel: true },
  'anomaly-detection': { outputs: ['score'], hasLabel: true },
  // `variable` is the name that they give to any value.
  regression: { outputs: ['value', 'variable'], hasLabel: false },
};

/** The output that a graph answers a task with; the one that it should have when it has none. */
function answerOf({ outputNames }: Pick<RunnableSession, 'outputNames'>, task: Task): string {
  const { outputs } = ANSWERS[task];
  return outputs.find((name) => outputNames.includes(name)) ?? outputs[0] ?? '';
}

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

type ExamineRequest = Extract<LoadRequest, { purpose: 'examine' }>;

interface OpenGraph {
  readonly session: InferenceSession;
  readonly features: Float32Array;
  readonly answers: Float32Array;
  readonly shape: GraphShape;
}

/** Rows as they go into a run: columns row by row, or one free text each. */
interface Rows {
  readonly count: number;
  readonly features: Float32Array;
  readonly texts: readonly string[] | null;
}

/** The graph can't be served; the message says what to change. */
class GraphRefusal extends Error {}

const graphs = new Map<number, OpenGraph>();

type TensorMetadata = InferenceSession['inputMetadata'][number];

function checkInput(input: TensorMetadata | undefined, name: string, type: string, columns: number | null): void {
  const wanted = columns === null ? `a ${type} tensor [rows]` : `a ${type} tensor [rows, ${columns}]`;
  if (!input) throw new GraphRefusal(`The graph has no input "${name}"; it must be ${wanted}.`);
  const rank = columns === null ? 1 : 2;
  if (!input.isTensor || input.type !== type || input.shape.length !== rank)
    throw new GraphRefusal(`The input "${name}" must be ${wanted}.`);
  const width = input.shape[1];
  if (typeof width === 'number' && width !== columns)
    throw new GraphRefusal(`The input "${name}" takes ${width} columns; the signature names ${columns}.`);
}

function checkInputs({ inputNames, inputMetadata }: InferenceSession, { task, samples }: GraphShape): void {
  const asText = samples.filter(({ categories }) => categories !== null).length;
  const columns = new Map<string, readonly [type: string, columns: number | null]>();
  if (task === 'text-classification') columns.set(QUERY, ['string', null]);
  if (samples.length > asText) columns.set(FEATURES, ['float32', samples.length - asText]);
  if (asText > 0) columns.set(TEXTS, ['string', asText]);
  const names = [...columns.keys()].map((name) => `"${name}"`).join(' and ');
  if (inputNames.some((name) => !columns.has(name)) || inputNames.length !== columns.size)
    throw new GraphRefusal(
      `The graph must have ${columns.size === 1 ? 'one input named' : 'the inputs'} ${names}; it has: ${inputNames.join(', ')}.`,
    );
  for (const [name, [type, width]] of columns)
    checkInput(
      inputMetadata.find((one) => one.name === name),
      name,
      type,
      width,
    );
}

function checkOutputs(session: InferenceSession, { task }: GraphShape): void {
  const { outputNames, outputMetadata } = session;
  const { hasLabel } = ANSWERS[task];
  const answer = answerOf(session, task);
  const wanted = [...(hasLabel ? [[LABEL, ['int64', 'int32', 'bool']] as const] : []), [answer, ['float32']] as const];
  for (const [name, types] of wanted) {
    const output = outputMetadata.find((one) => one.name === name);
    if (!output)
      throw new GraphRefusal(
        `The graph has no output "${name}"; it has: ${outputNames.join(', ')}. A ${task} is exported with ${wanted.map(([one]) => `"${one}"`).join(' and ')}.`,
      );
    if (!output.isTensor)
      throw new GraphRefusal(
        `The output "${name}" is not a tensor. Export without ZipMap (skl2onnx: options={"zipmap": False}).`,
      );
    if (!(types as readonly string[]).includes(output.type))
      throw new GraphRefusal(`The output "${name}" is ${output.type}; ${types.join(' or ')} is needed.`);
  }
}

/** @throws GraphRefusal when inputs or outputs are not those of the task */
export function checkContract(session: InferenceSession, shape: GraphShape): void {
  checkInputs(session, shape);
  checkOutputs(session, shape);
}

/** Columns that the graph takes as text go into a tensor of their own; codes without a text, and missing ones, are ''. */
function splitColumns({ count, features }: Rows, samples: readonly InputSample[]): Record<string, Tensor> {
  const width = samples.length;
  const asText = samples.filter(({ categories }) => categories !== null).length;
  if (asText === 0) return { [FEATURES]: new Tensor('float32', features, [count, width]) };
  const numbers = new Float32Array(count * (width - asText));
  const texts: string[] = [];
  let at = 0;
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < width; column++) {
      const value = features[row * width + column] ?? Number.NaN;
      const categories = samples[column]?.categories;
      if (categories) texts.push(categories[value] ?? '');
      else numbers[at++] = value;
    }
  }
  const feeds: Record<string, Tensor> = { [TEXTS]: new Tensor('string', texts, [count, asText]) };
  if (width > asText) feeds[FEATURES] = new Tensor('float32', numbers, [count, width - asText]);
  return feeds;
}

/**
 * Runs rows through a graph.
 * @returns `count * width` numbers
 * @throws GraphRefusal for an output of another size; Error when the run fails
 */
export async function runRows(session: RunnableSession, rows: Rows, shape: GraphShape): Promise<Float32Array> {
  const { count, texts } = rows;
  if (texts) return await runTexts(session, texts, shape);
  const feeds = splitColumns(rows, shape.samples);
  const output = answerOf(session, shape.task);
  const answer = (await session.run(feeds, [output]))[output];
  const data = answer?.data;
  const isPair = shape.width === 1 && output === 'probabilities';
  const width = isPair ? 2 : shape.width;
  if (!(data instanceof Float32Array) || data.length !== count * width)
    throw new GraphRefusal(
      `The output "${output}" must have ${width === 1 ? 'one value' : `${width} values`} for each row; it has shape [${answer?.dims.join(', ')}] for ${count} rows.`,
    );
  return isPair ? Float32Array.from({ length: count }, (_, row) => data[2 * row + 1] ?? Number.NaN) : data;
}

/**
 * Runs free texts through a graph. Behind the probabilities of its classes each row has a 1, or a 0 where the graph abstains: it does so
 * for texts in which it knows nothing, whatever the threshold in force.
 */
async function runTexts(
  session: RunnableSession,
  texts: readonly string[],
  { task, width }: GraphShape,
): Promise<Float32Array> {
  const count = texts.length;
  const classes = width - 1;
  const output = answerOf(session, task);
  const said = await session.run({ [QUERY]: new Tensor('string', [...texts], [count]) }, [output, LABEL]);
  const probabilities = said[output]?.data;
  const labels = said[LABEL]?.data;
  if (!(probabilities instanceof Float32Array) || probabilities.length !== count * classes || labels?.length !== count)
    throw new GraphRefusal(
      `The output "${output}" must have ${classes} values and "${LABEL}" one for each text; they have shapes [${said[output]?.dims.join(', ')}] and [${said[LABEL]?.dims.join(', ')}] for ${count} texts.`,
    );
  const answers = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    answers.set(probabilities.subarray(row * classes, (row + 1) * classes), row * width);
    answers[row * width + classes] = Number(labels[row]) < 0 ? 0 : 1;
  }
  return answers;
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

/** Free text that a text classifier is tried with: of several lengths, one of them empty. */
const SAMPLE_TEXTS = ['', 'hello', 'Where is my card? I ordered it two weeks ago.', 'a '.repeat(200)];

function sampleRows({ task, samples }: GraphShape, count: number): Rows {
  const random = createRandom(20_260_301);
  const features = new Float32Array(count * samples.length);
  for (let row = 0; row < count; row++) {
    samples.forEach(({ values, categories, low, high, mayMiss }, column) => {
      const codes = categories ? Math.floor(random() * categories.length) : null;
      const chosen =
        codes ?? (values ? (values[Math.floor(random() * values.length)] ?? 0) : low + random() * (high - low));
      features[row * samples.length + column] = mayMiss && random() < 0.1 ? Number.NaN : chosen;
    });
  }
  const texts = Array.from({ length: count }, (_, row) => SAMPLE_TEXTS[row % SAMPLE_TEXTS.length] ?? '');
  return { count, features, texts: task === 'text-classification' ? texts : null };
}

const sliceRows = ({ features, texts, count }: Rows, from: number, until: number): Rows => {
  const width = features.length / count;
  return {
    count: until - from,
    features: features.slice(from * width, until * width),
    texts: texts?.slice(from, until) ?? null,
  };
};

/** True when rows answer alike alone and in company. */
async function isBatchable(session: InferenceSession, rows: Rows, shape: GraphShape): Promise<boolean> {
  const single = new Float32Array(CHECK_ROWS * shape.width);
  for (let row = 0; row < CHECK_ROWS; row++) {
    single.set(await runRows(session, sliceRows(rows, row, row + 1), shape), row * shape.width);
  }
  if (!single.every((value) => value >= shape.lowest && value <= shape.highest))
    throw new GraphRefusal(
      `The output "${answerOf(session, shape.task)}" is not ${shape.task === 'regression' ? 'a finite number' : 'between 0 and 1'} for rows within the signature's own ranges.`,
    );
  try {
    const together = await runRows(session, sliceRows(rows, 0, CHECK_ROWS), shape);
    return together.every((value, at) => {
      const alone = single[at] ?? Number.NaN;
      return Math.abs(value - alone) <= BATCH_TOLERANCE * Math.max(1, Math.abs(alone));
    });
  } catch {
    return false; // a graph with one fixed row
  }
}

/**
 * The slowest of eight runs with `rows` rows, in ms, in the calmest of many rounds: on a busy machine the other rounds tell of the turns of
 * other processes, not of the graph.
 */
async function timeRuns(session: InferenceSession, rows: Rows, shape: GraphShape): Promise<number> {
  for (let run = 0; run < WARM_RUNS; run++) await runRows(session, rows, shape);
  let calmest = Number.POSITIVE_INFINITY;
  const began = performance.now();
  for (let round = 0; round < ROUNDS_MIN || (round < ROUNDS_MAX && performance.now() - began < ROUNDS_MS); round++) {
    let slowest = 0;
    for (let run = 0; run < RUNS_OF_ROUND; run++) {
      const start = performance.now();
      await runRows(session, rows, shape);
      slowest = Math.max(slowest, performance.now() - start);
    }
    calmest = Math.min(calmest, slowest);
  }
  return calmest;
}

async function examine(session: InferenceSession, request: ExamineRequest, loadMs: number): Promise<GraphReport> {
  const { shape, batchRowsMax } = request;
  const rows = sampleRows(shape, Math.max(CHECK_ROWS, batchRowsMax));
  const batchable = await isBatchable(session, rows, shape);
  const runMsByRows: [number, number][] = [[1, await timeRuns(session, sliceRows(rows, 0, 1), shape)]];
  const sizes = new Set([...BATCH_SIZES.filter((size) => size < batchRowsMax), batchRowsMax]);
  for (const size of batchable ? sizes : [])
    runMsByRows.push([size, await timeRuns(session, sliceRows(rows, 0, size), shape)]);
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
  const { shape } = request;
  checkContract(session, shape);
  if (request.purpose === 'examine') {
    const report = await examine(session, request, await timeLoad(request, firstLoadMs));
    await session.release();
    return report;
  }
  const features = new Float32Array(request.features);
  const answers = new Float32Array(request.answers);
  graphs.set(request.graph, { session, features, answers, shape });
  await runRows(session, sampleRows(shape, 1), shape);
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
  const { session, features, answers, shape } = graph;
  const { rows: count, texts } = request;
  // The runtime reads its input in place: nobody writes there before the answer.
  const rows = { count, features: features.subarray(0, count * shape.samples.length), texts };
  answers.set(await runRows(session, rows, shape));
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
