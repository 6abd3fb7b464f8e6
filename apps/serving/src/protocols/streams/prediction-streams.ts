import { randomUUID } from 'node:crypto';
import type { PredictAnswer, PredictCall } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { Inferred, PredictService, Question } from '../../predict/predict.service.js';
import type { ReadRows } from '../../predict/row-reader.js';
import { sliceRows } from './slice-rows.js';

/** How far a stream is, with the rows of the event itself. */
export interface Progress {
  readonly rowsDone: number;
  readonly rowsTotal: number;
}

/** An inference whose rows are answered some at a time. */
export interface StreamedInference {
  /** As for {@link PredictService.infer}; called once. */
  readonly read: () => Question;
  /** Some rows as events, in the form of the protocol. */
  readonly show: (inferred: Inferred, progress: Progress) => string;
}

export interface PredictionStreamsOptions {
  readonly service: Pick<PredictService, 'infer'>;
  /** Streams open at once. */
  readonly streamsMax: number;
  /** How long the rest of a stream is held for a reader that does not come for it. */
  readonly idleMs: number;
}

/** What of a stream is still to come. */
interface Rest {
  readonly inference: StreamedInference;
  readonly question: Question;
  /** All of its rows. */
  readonly rows: ReadRows;
  /** The version that answered first answers all. */
  readonly version: number;
  readonly keyId: string;
  done: number;
  expiry: NodeJS.Timeout | undefined;
}

/** Rows of one event. */
const CHUNK_ROWS = 1_000;

/**
 * Answers many rows part by part. All rows are read, and refused, before the first is answered; then nothing is computed until it is asked
 * for, so a reader that is slow, or gone, costs memory for a while and nothing else.
 */
export class PredictionStreams {
  private readonly options: PredictionStreamsOptions;
  private readonly rests = new Map<string, Rest>();
  private open = 0;

  constructor(options: PredictionStreamsOptions) {
    this.options = options;
  }

  /**
   * The first part of a stream, or, by its cursor, the next one. An answer with a cursor is not the last.
   * @throws as {@link PredictService.infer}; DomainError `overloaded`, `timeout` when the rest is not held any more
   */
  async answer(call: PredictCall, prepare: () => StreamedInference): Promise<PredictAnswer> {
    const { 'stream-cursor': cursor, 'stream-end': end } = call.headers;
    if (cursor === undefined) return this.begin(call, prepare());
    const rest = this.take(cursor, call.keyId);
    if (end === undefined) return this.goOn(call, rest);
    this.open -= 1;
    return answerEvents('', undefined);
  }

  private async begin(call: PredictCall, inference: StreamedInference): Promise<PredictAnswer> {
    if (this.open >= this.options.streamsMax)
      throw new DomainError('overloaded', 'There are as many open streams of predictions as there may be.');
    this.open += 1;
    try {
      let begun: Pick<Rest, 'question' | 'rows'> | undefined;
      const read = (): Question => {
        const question = inference.read();
        const rowsOf: Question['rowsOf'] = (version) => {
          const rows = question.rowsOf(version);
          begun = { question, rows };
          return sliceRows(rows, 0, CHUNK_ROWS);
        };
        return { ...question, rowsOf };
      };
      const inferred = await this.options.service.infer(read, call);
      if (!begun) throw new DomainError('internal-error', 'Rows were computed that nobody read.');
      const version = inferred.version.planned.version;
      return this.show(inferred, { ...begun, inference, version, keyId: call.keyId, done: 0, expiry: undefined });
    } catch (error) {
      this.open -= 1;
      throw error;
    }
  }

  private async goOn(call: PredictCall, rest: Rest): Promise<PredictAnswer> {
    const { question, rows, version, done } = rest;
    try {
      const rowsOf: Question['rowsOf'] = () => sliceRows(rows, done, done + CHUNK_ROWS);
      return this.show(await this.options.service.infer(() => ({ ...question, version, rowsOf }), call), rest);
    } catch (error) {
      this.open -= 1;
      throw error;
    }
  }

  private show(inferred: Inferred, rest: Rest): PredictAnswer {
    const rowsTotal = rest.rows.count;
    rest.done += inferred.read.count;
    const events = rest.inference.show(inferred, { rowsDone: rest.done, rowsTotal });
    if (rest.done < rowsTotal) return answerEvents(events, this.hold(rest));
    this.open -= 1;
    return answerEvents(events, undefined);
  }

  private hold(rest: Rest): string {
    const cursor = randomUUID();
    rest.expiry = setTimeout(() => {
      this.rests.delete(cursor);
      this.open -= 1;
    }, this.options.idleMs).unref();
    this.rests.set(cursor, rest);
    return cursor;
  }

  private take(cursor: string, keyId: string): Rest {
    const rest = this.rests.get(cursor);
    if (!rest || rest.keyId !== keyId)
      throw new DomainError(
        'timeout',
        'The rest of the rows is not held any more: it was not read in time. Send again the rows that are missing.',
      );
    this.rests.delete(cursor);
    clearTimeout(rest.expiry);
    return rest;
  }
}

const answerEvents = (events: string, cursor: string | undefined): PredictAnswer => ({
  status: 200,
  contentType: 'text/event-stream; charset=utf-8',
  retryAfterSeconds: 0,
  ...(cursor !== undefined && { headers: { 'stream-cursor': cursor } }),
  body: Buffer.from(events),
});
