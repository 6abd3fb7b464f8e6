import { open, readFile, rename } from 'node:fs/promises';
import type { ModelSignature, SignatureInput } from '@gimbal/contracts';
import { z } from 'zod';
import { InlineScorer, type Scorer, SESSION_OPTIONS, type ThreadPool, ThreadScorer } from './scorer.js';
import {
  GraphRefused,
  type GraphReport,
  type GraphShape,
  type InputSample,
  SessionThread,
  SHARED_BYTES_MAX,
  ThreadLost,
} from './session-thread.js';

/** Where a graph comes from and where what was found out about it is kept. */
export interface GraphSource {
  readonly read: () => Promise<Uint8Array>;
  /** A file that may be absent; it saves the examination at the next start. */
  readonly reportPath: string;
}

export interface ScorerSettings {
  readonly pool: ThreadPool;
  /** Most rows of one run. */
  readonly batchRowsMax: number;
  /** A graph whose runs stay below this (ms, as measured at load) runs on the event loop, in batches that stay below it. */
  readonly inlineMsMax: number;
  /** A graph that takes as long to load (ms) does not run there: loading holds up every answer for that time. */
  readonly inlineLoadMsMax: number;
  readonly loadTimeoutMs: number;
  readonly runTimeoutMs: number;
}

export interface OpenedScorer {
  readonly scorer: Scorer;
  readonly report: GraphReport;
  readonly where: 'inline' | 'thread';
}

/** A batch smaller than this is not worth the event loop's time. */
const INLINE_BATCH_ROWS_MIN = 16;
const FLOAT32_MAX = 3.4028234663852886e38;
/** Range for inputs about which the signature says nothing. */
const UNKNOWN_RANGE = [-3, 3] as const;

const StoredReport = z.strictObject({
  batchRowsMax: z.int(),
  runtime: z.string(),
  report: z.strictObject({
    batchable: z.boolean(),
    loadMs: z.number(),
    runMsByRows: z.array(z.tuple([z.int().positive(), z.number().nonnegative()])).min(1),
  }),
});
/** What was measured with another runtime says nothing of this one. */
const RUNTIME = 'onnxruntime-node 1.30.0';

/** How sample rows for the checks at load are drawn: from what the signature says of each input. */
function sampleOf(input: SignatureInput): InputSample {
  const [low, high] = input.trainingRange ?? [
    input.range?.[0] ?? UNKNOWN_RANGE[0],
    input.range?.[1] ?? UNKNOWN_RANGE[1],
  ];
  return {
    values: input.allowed?.length ? input.allowed : null,
    low,
    high,
    mayMiss: input.missing === 'allowed',
    categories: input.categories ?? null,
  };
}

/** What the graph of a version takes and gives. */
function shapeOf({ task, inputs, classes }: ModelSignature): GraphShape {
  const hasClasses = task === 'multiclass-classification' || task === 'text-classification';
  const width = hasClasses ? (classes?.length ?? 1) : 1;
  return {
    task,
    samples: inputs.filter(({ type }) => type !== 'text').map(sampleOf),
    width: task === 'text-classification' ? width + 1 : width,
    ...(task === 'regression' ? { lowest: -FLOAT32_MAX, highest: FLOAT32_MAX } : { lowest: 0, highest: 1 }),
  };
}

/**
 * Opens a graph that was never run before: examined in a thread of its own (contract, batch against single rows, time of a batch),
 * and then placed on the event loop or in the pool by what was measured. The report is kept beside the file, so a restart skips it.
 * @throws GraphRefused when the file can't be served as it is; ThreadLost when it took too long or broke its thread
 */
export async function openScorer(
  source: GraphSource,
  signature: ModelSignature,
  settings: ScorerSettings,
): Promise<OpenedScorer> {
  const { read } = source;
  const shape = shapeOf(signature);
  const rowsByMemory = Math.max(1, Math.floor(SHARED_BYTES_MAX / ((shape.samples.length + shape.width) * 4)));
  const batchRowsMax = Math.min(settings.batchRowsMax, rowsByMemory);
  const report =
    (await readReport(source.reportPath, batchRowsMax)) ?? (await examine(source, shape, batchRowsMax, settings));
  const inlineRows = report.runMsByRows.findLast(([, runMs]) => runMs < settings.inlineMsMax)?.[0] ?? 0;
  const inline =
    report.loadMs < settings.inlineLoadMsMax &&
    inlineRows >= (report.batchable ? Math.min(INLINE_BATCH_ROWS_MIN, batchRowsMax) : 1);
  if (inline)
    return { scorer: await InlineScorer.open({ read, shape, batchRowsMax: inlineRows }), report, where: 'inline' };
  const { pool, loadTimeoutMs, runTimeoutMs } = settings;
  const rows = report.batchable ? batchRowsMax : 1;
  const scorer = await ThreadScorer.open({ read, shape, batchRowsMax: rows, pool, loadTimeoutMs, runTimeoutMs });
  return { scorer, report, where: 'thread' };
}

async function examine(
  { read, reportPath }: GraphSource,
  shape: GraphShape,
  batchRowsMax: number,
  settings: ScorerSettings,
): Promise<GraphReport> {
  const thread = new SessionThread();
  try {
    const { report } = await thread.ask(
      { type: 'load', purpose: 'examine', bytes: await read(), options: SESSION_OPTIONS, shape, batchRowsMax },
      settings.loadTimeoutMs,
    );
    if (!report) throw new Error('The examination gave no report.');
    await writeReport(reportPath, batchRowsMax, report);
    return report;
  } catch (error) {
    if (error instanceof GraphRefused || error instanceof ThreadLost) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new GraphRefused(`ONNX Runtime cannot load or run the file: ${reason}`);
  } finally {
    thread.end();
  }
}

async function readReport(path: string, batchRowsMax: number): Promise<GraphReport | undefined> {
  try {
    const stored = StoredReport.parse(JSON.parse(await readFile(path, 'utf8')));
    return stored.batchRowsMax === batchRowsMax && stored.runtime === RUNTIME ? stored.report : undefined;
  } catch {
    return undefined; // absent or of another form: examine again
  }
}

async function writeReport(path: string, batchRowsMax: number, report: GraphReport): Promise<void> {
  const fresh = `${path}.new`;
  try {
    const file = await open(fresh, 'w', 0o600);
    await file.writeFile(JSON.stringify({ batchRowsMax, runtime: RUNTIME, report })).finally(() => file.close());
    await rename(fresh, path);
  } catch {
    // It only saves time at the next start.
  }
}
