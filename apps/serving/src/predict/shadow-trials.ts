import { type ModelSignature, nameFeatures } from '@gimbal/contracts';
import { PRIORITY_LAST, type Urgency } from '../inference/batcher.js';
import type { ServedModel, ServedVersion } from '../traffic/served-models.js';
import { countAgreeing, type Decisions, decideAnswers } from './decide-answers.js';
import type { PredictionWatcher } from './prediction-watcher.js';
import type { ReadRows } from './row-reader.js';

/** Rows of a shadow version that may be under way at once; more are dropped. */
const ROWS_MAX = 256;
/** What waited longer (ms) is dropped. */
const WAIT_MS_MAX = 1_000;
const NONE: readonly string[] = [];

/** What a version answered. */
export interface AnsweredRows {
  readonly version: ServedVersion;
  readonly read: ReadRows;
  readonly decisions: Decisions;
}

/**
 * Tries shadow versions on rows that were answered by another one. Nothing of it reaches the caller, neither its result, nor its time, nor its
 * failure: it begins when the answer is out, and what would have to wait, or would make answers wait, is dropped and counted.
 */
export class ShadowTrials {
  constructor(private readonly watcher: Pick<PredictionWatcher, 'shadowed'>) {}

  begin({ plan, versions }: ServedModel, answered: AnsweredRows): void {
    if (!plan.shadow) return;
    for (const shadow of plan.shadow) {
      const tried = versions.get(shadow);
      if (tried && tried !== answered.version) setImmediate(() => this.try(tried, answered));
    }
  }

  private try(tried: ServedVersion, answered: AnsweredRows): void {
    const { read } = answered;
    const sharesLoop = tried.graph.opened?.where === 'inline';
    const isBusy = sharesLoop && answered.version.graph.rowsUnderWay > 0;
    if (isBusy || tried.graph.rowsUnderWay + read.count > ROWS_MAX) {
      this.count(tried, 'dropped', read.count);
      return;
    }
    const urgency = { priority: PRIORITY_LAST, deadlineMs: performance.now() + WAIT_MS_MAX };
    this.score(tried, answered, urgency)
      .then((answers) => this.compare(tried, answered, answers))
      .catch(() => this.count(tried, 'failed', read.count));
  }

  private async score(tried: ServedVersion, answered: AnsweredRows, urgency: Urgency): Promise<Float32Array> {
    const { count, features, queries } = readFor(tried, answered);
    return tried.graph.score(features, count, queries, urgency);
  }

  private compare(tried: ServedVersion, { version, read, decisions }: AnsweredRows, answers: Float32Array): void {
    const { threshold } = tried;
    const { signature } = tried.planned;
    const others = decideAnswers(signature, { answers, rows: read.count, threshold });
    const agreeing = countAgreeing(
      { signature: version.planned.signature, decisions },
      { signature, decisions: others },
    );
    if (agreeing < read.count) this.count(tried, 'differs', read.count - agreeing);
    if (agreeing > 0) this.count(tried, 'agrees', agreeing);
  }

  private count({ modelName, planned }: ServedVersion, outcome: Outcome, rows: number): void {
    this.watcher.shadowed(modelName, planned.version, outcome, rows);
  }
}

/**
 * The rows as another version reads them: it may number its columns, and the texts that it knows, in another way.
 * @throws InvalidRowsError when it takes other rows
 */
function readFor({ planned, reader }: ServedVersion, { version, read }: AnsweredRows): ReadRows {
  if (isReadAlike(version.planned.signature, planned.signature)) return read;
  const width = read.values.length / read.count;
  const rows = read.texts.map((texts, row) =>
    nameFeatures(version.definition, { values: read.values.subarray(row * width, (row + 1) * width), texts }),
  );
  return reader.read(rows, '', undefined);
}

function isReadAlike({ inputs }: ModelSignature, { inputs: others }: ModelSignature): boolean {
  return (
    inputs.length === others.length &&
    inputs.every(({ name, type, categories = NONE }, index) => {
      const { name: otherName, type: otherType, categories: otherCategories = NONE } = others[index] ?? {};
      return name === otherName && type === otherType && categories.join('\0') === otherCategories.join('\0');
    })
  );
}

type Outcome = Parameters<PredictionWatcher['shadowed']>[2];
