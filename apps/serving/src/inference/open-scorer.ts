import { createHash } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ModelSignature, SignatureInput } from '@gimbal/contracts';
import { z } from 'zod';
import { ownProcess, type ThreadPool } from './host-places.js';
import { HostedScorer, InlineScorer, type Scorer, SESSION_OPTIONS } from './scorer.js';
import {
  GraphRefused,
  type GraphReport,
  type GraphShape,
  HostCutShort,
  type InputSample,
  SHARED_BYTES_MAX,
} from './session-host.js';
import { SessionProcess } from './session-process.js';

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
  /** Memory (MiB) of a process that examines a graph, or runs one that may loop. */
  readonly memoryMb: number;
  /** A run of many rows that takes longer than this (ms) is of no use. */
  readonly runMsMax: number;
}

export interface OpenedScorer {
  readonly scorer: Scorer;
  readonly report: GraphReport;
  readonly where: 'inline' | 'thread' | 'process';
}

/** A batch smaller than this is not worth the event loop's time. */
const INLINE_BATCH_ROWS_MIN = 16;
const FLOAT32_MAX = 3.4028234663852886e38;
/** Range for inputs about which the signature says nothing. */
const UNKNOWN_RANGE = [-3, 3] as const;

const StoredReport = z.strictObject({
  circumstances: z.strictObject({ batchRowsMax: z.int(), runtime: z.string(), shape: z.string() }),
  report: z.strictObject({
    certificate: z.strictObject({
      batchable: z.boolean(),
      rows: z.int(),
      batches: z.int(),
      largestBatch: z.int().positive(),
      worstUlps: z.number(),
      failedAtRows: z.int().nullable(),
    }),
    mayLoop: z.boolean(),
    loadMs: z.number(),
    runMsByRows: z.array(z.tuple([z.int().positive(), z.number().nonnegative()])).min(1),
  }),
});
/** What a report holds for: one of another runtime, or of the same file under another signature, says nothing. */
type Circumstances = z.output<typeof StoredReport>['circumstances'];

export const RUNTIME = 'onnxruntime-node 1.30.0';

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
 * Opens a graph that was never run before: examined in a process of its own (contract, batches against single rows, time of a batch), and then
 * placed by what was found. What is quick runs on the event loop, what may loop for ever in a process of its own, all else in the pool. The
 * report is kept beside the file, so a restart skips the examination.
 * @throws GraphRefused when the file can't be served as it is, or took too much memory or its process with it; HostCutShort when it took too
 *   long, or the system had no room for it
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
  const circumstances = {
    ...{ batchRowsMax, runtime: RUNTIME },
    shape: createHash('sha256').update(JSON.stringify(shape)).digest('hex'),
  };
  let report = await readReport(source.reportPath, circumstances);
  if (!report) {
    report = await examine(source, shape, batchRowsMax, settings);
    await writeReport(source.reportPath, circumstances, report);
  }
  const largest = report.certificate.batchable ? report.certificate.largestBatch : 1;
  const inlineRows = report.runMsByRows.findLast(([, runMs]) => runMs < settings.inlineMsMax)?.[0] ?? 0;
  const isQuick = report.loadMs < settings.inlineLoadMsMax && inlineRows >= Math.min(INLINE_BATCH_ROWS_MIN, largest);
  if (isQuick && !report.mayLoop)
    return { scorer: await InlineScorer.open({ read, shape, batchRowsMax: inlineRows }), report, where: 'inline' };
  const { pool, loadTimeoutMs, runTimeoutMs, memoryMb } = settings;
  const place = report.mayLoop ? ownProcess(memoryMb) : pool.take();
  const scorer = await HostedScorer.open({ read, shape, batchRowsMax: largest, place, loadTimeoutMs, runTimeoutMs });
  return { scorer, report, where: report.mayLoop ? 'process' : 'thread' };
}

async function examine(
  { read }: GraphSource,
  shape: GraphShape,
  batchRowsMax: number,
  settings: ScorerSettings,
): Promise<GraphReport> {
  const { memoryMb, loadTimeoutMs, runMsMax } = settings;
  const host = new SessionProcess(memoryMb);
  try {
    const { report } = await host.ask(
      {
        type: 'load',
        purpose: 'examine',
        bytes: await read(),
        options: SESSION_OPTIONS,
        shape,
        batchRowsMax,
        runMsMax,
      },
      loadTimeoutMs,
    );
    if (!report) throw new Error('The examination gave no report.');
    return report;
  } catch (error) {
    if (error instanceof GraphRefused || error instanceof HostCutShort) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new GraphRefused(`ONNX Runtime cannot load or run the file: ${reason}`);
  } finally {
    host.end();
  }
}

async function readReport(path: string, circumstances: Circumstances): Promise<GraphReport | undefined> {
  try {
    const stored = StoredReport.parse(JSON.parse(await readFile(path, 'utf8')));
    return isDeepStrictEqual(stored.circumstances, circumstances) ? stored.report : undefined;
  } catch {
    return undefined; // absent or of another form: examine again
  }
}

async function writeReport(path: string, circumstances: Circumstances, report: GraphReport): Promise<void> {
  const fresh = `${path}.new`;
  try {
    const file = await open(fresh, 'w', 0o600);
    await file.writeFile(JSON.stringify({ circumstances, report })).finally(() => file.close());
    await rename(fresh, path);
  } catch {
    // It only saves time at the next start.
  }
}
