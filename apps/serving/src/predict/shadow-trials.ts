import { PRIORITY_LAST } from '../inference/batcher.js';
import type { ServedModel, ServedVersion } from '../traffic/served-models.js';
import { countAgreeing, type Decisions, decideAnswers } from './decide-answers.js';
import type { PredictionWatcher } from './prediction-watcher.js';
import type { ReadRows } from './row-reader.js';

/** Rows of a shadow version that may be under way at once; more are dropped. */
const ROWS_MAX = 256;
/** What waited longer (ms) is dropped. */
const WAIT_MS_MAX = 1_000;

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
    tried.graph.score(read.features, read.count, read.queries, urgency).then(
      (answers) => this.compare(tried, answered, answers),
      () => this.count(tried, 'failed', read.count),
    );
  }

  private compare(tried: ServedVersion, { version, read, decisions }: AnsweredRows, answers: Float32Array): void {
    const { threshold, planned } = tried;
    const others = decideAnswers(planned.signature, { answers, rows: read.count, threshold });
    const agreeing = countAgreeing(version.planned.signature, decisions, others);
    if (agreeing < read.count) this.count(tried, 'differs', read.count - agreeing);
    if (agreeing > 0) this.count(tried, 'agrees', agreeing);
  }

  private count({ modelName, planned }: ServedVersion, outcome: Outcome, rows: number): void {
    this.watcher.shadowed(modelName, planned.version, outcome, rows);
  }
}

type Outcome = Parameters<PredictionWatcher['shadowed']>[2];
