/** Whether rows are answered in a batch as they are alone. */
import { answerOf, GraphRefusal, type Rows, runRows } from '#inference/run-rows.js';
import { createRandom, joinRows, pickRows, randomRows, sampleRows } from '#inference/sample-rows.js';
import { quickestOf } from '#inference/time-runs.js';
import type { RunnableSession } from './direct-session.js';
import type { BatchCertificate, GraphShape } from './session-host.js';

/** Units in the last place by which an answer may differ: a runtime may add in another order for many rows than for one. */
const ULPS_MAX = 1;
const FLOAT32_EPSILON = 2 ** -23;
/** Of each of the two kinds of rows. */
const ROWS_MAX = 64;
const ROWS_MIN = 8;
/** For the rows alone, and again for the batches; what must be tried is, however long it takes. */
const BUDGET_MS = 1_000;

/** Runs of which one is not held up by other processes. */
const TRIES = 3;
/** Sizes at which it is seen whether a batch takes too long. */
const STEPS = [16, 64, 256, 1_024];

interface CertifiedRuns {
  /** Most rows of a run. */
  readonly largest: number;
  /** Time of one row. */
  readonly rowMs: number;
  /** A run that takes longer is of no use, unless it takes no more than two rows alone. */
  readonly runMsMax: number;
}

interface Trial {
  readonly rows: Rows;
  /** Of each row alone, `shape.width` numbers. */
  readonly alone: Float32Array;
}

/** Difference of two answers in units in the last place of float32, at the size of the answer and at least at that of 1. */
function ulpsBetween(one: number, other: number): number {
  if (Object.is(one, other) || one === other) return 0;
  const ulps = Math.abs(one - other) / (FLOAT32_EPSILON * Math.max(1, Math.abs(one)));
  return Number.isNaN(ulps) ? Number.POSITIVE_INFINITY : ulps;
}

/** The largest batch first, then the smallest, then all that time allows. */
function orderSizes(largest: number): readonly number[] {
  const first = [largest, 2, 3].filter((size) => size <= largest);
  const powers = [16, 64, 256, 1_024].flatMap((size) => [size, size + 1]).filter((size) => size < largest);
  const rest = Array.from({ length: Math.max(0, largest - 1) }, (_, index) => index + 2);
  return [...new Set([...first, ...powers, ...rest])];
}

/** Each row alone. @throws what the graph says of a row */
async function runAlone(session: RunnableSession, rows: Rows, shape: GraphShape): Promise<Trial> {
  const alone = new Float32Array(rows.count * shape.width);
  for (let row = 0; row < rows.count; row++)
    alone.set(await runRows(session, pickRows(rows, [row]), shape), row * shape.width);
  return { rows, alone };
}

/** A row that training never saw may be too much for a graph; such a row says nothing of company. */
async function runWhatCanBe(session: RunnableSession, rows: Rows, shape: GraphShape): Promise<Trial | null> {
  const trials: Trial[] = [];
  for (let row = 0; row < rows.count; row++)
    await runAlone(session, pickRows(rows, [row]), shape).then(
      (trial) => trials.push(trial),
      () => undefined,
    );
  return trials.length === 0 ? null : trials.reduce(joinTrials);
}

const joinTrials = (one: Trial, other: Trial): Trial => ({
  rows: joinRows(one.rows, other.rows),
  alone: Float32Array.of(...one.alone, ...other.alone),
});

/** @throws GraphRefusal when an answer to a row that training might have seen is none */
function checkAnswers({ alone }: Trial, session: RunnableSession, shape: GraphShape): void {
  if (alone.every((value) => value >= shape.lowest && value <= shape.highest)) return;
  throw new GraphRefusal(
    `The output "${answerOf(session, shape.task)}" is not ${shape.task === 'regression' ? 'a finite number' : 'between 0 and 1'} for rows within the signature's own ranges.`,
  );
}

/** Positions of the rows of one batch: each row as often as the others, at a place that the seed decides. */
function deal(count: number, size: number, random: () => number): readonly number[] {
  const dealt: number[] = [];
  while (dealt.length < size) {
    const deck = Array.from({ length: count }, (_, index) => index);
    for (let left = count; left > 0 && dealt.length < size; left--) {
      const at = Math.floor(random() * left);
      dealt.push(deck[at] ?? 0);
      deck[at] = deck[left - 1] ?? 0;
    }
  }
  return dealt;
}

/** The largest difference of a row in this company from the same row alone; infinite when the graph fails. */
async function tryBatch(
  session: RunnableSession,
  { rows, alone }: Trial,
  positions: readonly number[],
  shape: GraphShape,
): Promise<number> {
  let together: Float32Array;
  try {
    together = await runRows(session, pickRows(rows, positions), shape);
  } catch {
    return Number.POSITIVE_INFINITY; // a graph with a fixed number of rows
  }
  let worst = 0;
  for (const [row, from] of positions.entries())
    for (let at = 0; at < shape.width; at++)
      worst = Math.max(
        worst,
        ulpsBetween(alone[from * shape.width + at] ?? Number.NaN, together[row * shape.width + at] ?? Number.NaN),
      );
  return worst;
}

/** The largest batch that is worth its time: of a slow graph, one row. */
async function findLargest(
  session: RunnableSession,
  { rows }: Trial,
  { largest, rowMs, runMsMax }: CertifiedRuns,
  shape: GraphShape,
): Promise<number> {
  const limitMs = Math.max(runMsMax, 2 * rowMs);
  let last = 1;
  for (const size of [...STEPS.filter((step) => step < largest), largest]) {
    const together = pickRows(
      rows,
      Array.from({ length: size }, (_, row) => row % rows.count),
    );
    try {
      if ((await quickestOf(TRIES, () => runRows(session, together, shape))) > limitMs) return last;
    } catch {
      return largest; // the trial finds out at which size it fails
    }
    last = size;
  }
  return last;
}

/**
 * Tries rows of two kinds, as training saw them and as the signature allows them, alone and in batches of all sizes up to the largest (of a
 * slow graph: of some), each among others of both kinds at places drawn anew. A graph whose answer depends on company, place or size is run row
 * by row.
 *
 * @throws GraphRefusal when the graph gives no answer to a row that training might have seen; Error when it fails on one
 */
export async function certifyBatches(
  session: RunnableSession,
  shape: GraphShape,
  { largest: wanted, rowMs, runMsMax }: CertifiedRuns,
): Promise<BatchCertificate> {
  const count = Math.min(ROWS_MAX, Math.max(ROWS_MIN, Math.floor(BUDGET_MS / 2 / Math.max(rowMs, 1e-3))));
  const likely = await runAlone(session, sampleRows(shape, count), shape);
  checkAnswers(likely, session, shape);
  const possible = await runWhatCanBe(session, randomRows(shape, count), shape);
  const trial = possible ? joinTrials(likely, possible) : likely;
  const random = createRandom(7);
  const largest = await findLargest(session, trial, { largest: wanted, rowMs, runMsMax }, shape);
  const rows = trial.rows.count;
  let worstUlps = 0;
  let batches = 0;
  const began = performance.now();
  for (const [turn, size] of orderSizes(largest).entries()) {
    if (turn >= 3 && performance.now() - began > BUDGET_MS) break;
    worstUlps = Math.max(worstUlps, await tryBatch(session, trial, deal(rows, size, random), shape));
    batches += 1;
    if (worstUlps > ULPS_MAX)
      return {
        batchable: false,
        rows,
        batches,
        largestBatch: largest,
        worstUlps: finite(worstUlps),
        failedAtRows: size,
      };
  }
  return { batchable: true, rows, batches, largestBatch: largest, worstUlps, failedAtRows: null };
}

/** JSON knows no infinity. */
const finite = (ulps: number): number => Math.min(ulps, Number.MAX_SAFE_INTEGER);
