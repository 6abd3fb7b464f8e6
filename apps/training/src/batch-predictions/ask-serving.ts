import { setTimeout as pause } from 'node:timers/promises';
import type { PredictBatchRows, PredictedBatchRows } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { ServingClient } from '../clients/serving.client.js';
import type { BatchWatch } from './batch-watch.js';
import { retryPauseMs } from './retry-pause.js';

/** Not now: the same question has an answer later. */
const PASSING: ReadonlySet<string> = new Set([
  'service-unavailable',
  'overloaded',
  'timeout',
  'rate-limited',
  'no-model-available',
  'circuit-open',
  'storage-full',
  'storage-failed',
]);
/** Serving does not know the version, or not at this threshold: it may be about to learn of it. */
const ABSENT: ReadonlySet<string> = new Set([
  'model-not-found',
  'version-not-found',
  'no-live-version',
  'revision-conflict',
]);
const ABSENT_MS = 15_000;
const PAUSE_MS = { first: 200, most: 5_000 } as const;
/** Of a row that makes serving fail. */
const TRIES = 3;

type Asked = Omit<PredictBatchRows, 'firstRow' | 'rows'>;
interface Rows {
  readonly firstRow: number;
  readonly rows: readonly unknown[];
}

/** Asks serving about rows until there is an answer: waits while it can't give one, as long as it says, and finds out which row makes it fail. */
export class AskServing {
  /** Most rows of a call: half of those that were not answered in time, and one more after each call that was. */
  private rowsMax = Number.POSITIVE_INFINITY;

  constructor(
    private readonly serving: Pick<ServingClient, 'predictBatchRows'>,
    private readonly asked: Asked,
    private readonly watch: Pick<BatchWatch, 'signal' | 'tellWaiting'>,
  ) {}

  /** @throws DomainError `version-not-found` when the version has gone away, `revision-conflict` when its threshold was changed; the reason of the watch's signal */
  async answer(batch: Rows): Promise<PredictedBatchRows> {
    if (batch.rows.length > this.rowsMax) return await this.answerHalves(batch);
    let absentSince: number | undefined;
    let tries = 0;
    for (let pauseMs: number = PAUSE_MS.first; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS.most)) {
      try {
        const { firstRow, rows } = batch;
        const answered = await this.serving.predictBatchRows(
          { ...this.asked, firstRow, rows: [...rows] },
          this.watch.signal,
        );
        this.rowsMax += 1;
        await this.watch.tellWaiting(null);
        return answered;
      } catch (error) {
        this.watch.signal.throwIfAborted();
        const code = error instanceof DomainError ? error.code : 'internal-error';
        if (code === 'timeout' && batch.rows.length > 1) {
          this.rowsMax = Math.min(this.rowsMax, Math.ceil(batch.rows.length / 2));
          return await this.answerHalves(batch);
        }
        if (ABSENT.has(code)) {
          absentSince ??= performance.now();
          if (performance.now() - absentSince > ABSENT_MS) throw this.gone(code);
        } else if (!PASSING.has(code)) {
          if (batch.rows.length > 1) return await this.answerHalves(batch);
          tries += 1;
          if (tries === TRIES) return refuse(code);
        }
        await this.watch.tellWaiting(`serving: ${code}`);
        await pause(retryPauseMs(error, pauseMs, Math.random()), undefined, { signal: this.watch.signal });
      }
    }
  }

  private async answerHalves({ firstRow, rows }: Rows): Promise<PredictedBatchRows> {
    const half = Math.ceil(rows.length / 2);
    const first = await this.answer({ firstRow, rows: rows.slice(0, half) });
    const second = await this.answer({ firstRow: firstRow + half, rows: rows.slice(half) });
    return {
      predictionIds: [...first.predictionIds, ...second.predictionIds],
      predictions: [...first.predictions, ...second.predictions],
      probabilities: [...first.probabilities, ...second.probabilities],
      classProbabilities: [...first.classProbabilities, ...second.classProbabilities],
      refused: [...first.refused, ...second.refused.map((row) => ({ ...row, index: row.index + half }))],
    };
  }

  private gone(code: string): DomainError {
    const { modelName, version, threshold } = this.asked;
    if (code === 'revision-conflict')
      return new DomainError(
        code,
        `The threshold of ${modelName} version ${version} is not ${threshold} any more. One threshold decides every row: begin anew.`,
      );
    return new DomainError(
      'version-not-found',
      `Version ${version} of ${modelName} is not served any more. One version answers every row: keep it in the traffic plan (as shadow, say) until the work is done, or begin anew.`,
    );
  }
}

const refuse = (code: string): PredictedBatchRows => ({
  predictionIds: [null],
  predictions: [null],
  probabilities: [null],
  classProbabilities: [null],
  refused: [{ index: 0, reason: code, message: `the model cannot answer this row (${code})` }],
});
