import { DomainError } from '@gimbal/domain';
import type { Scorer } from './scorer.js';

export interface BatcherOptions {
  readonly scorer: Scorer;
  /** Most rows that wait for this graph; more are refused as `overloaded`. */
  readonly waitingRowsMax: number;
  /** Told of each request's outcome: the circuit breaker listens. */
  readonly onOutcome: (outcome: 'success' | 'failure', error?: unknown) => void;
}

interface Ticket {
  readonly features: Float32Array;
  readonly rows: number;
  readonly probabilities: Float32Array;
  readonly resolve: (probabilities: Float32Array) => void;
  readonly reject: (error: DomainError) => void;
  /** Rows that were put into a batch. */
  taken: number;
  settled: boolean;
}

interface Slice {
  readonly ticket: Ticket;
  readonly from: number;
  readonly rows: number;
}

const failed = (cause: unknown): DomainError =>
  new DomainError('no-model-available', 'The model failed to compute an answer for this input.', { cause });

/**
 * Puts the rows that are in flight together into one run. Rows that arrive within a turn of the event loop are run on the next; what arrives
 * during a run makes the next one. A request larger than a batch takes turns with the others. When a run fails, each request's part of
 * it is run alone, so that one request's rows can't fail those of another.
 */
export class Batcher {
  private readonly options: BatcherOptions;
  private queue: Ticket[] = [];
  private waitingRows = 0;
  private running = false;
  private whenIdle: (() => void)[] = [];

  constructor(options: BatcherOptions) {
    this.options = options;
  }

  /**
   * @param features `rows * inputs` values, NaN = missing; not to be changed until the answer
   * @returns the probability of the positive class for each row
   * @throws DomainError `overloaded`; `no-model-available` when the graph fails for some row
   */
  score(features: Float32Array, rows: number): Promise<Float32Array> {
    if (this.waitingRows + rows > this.options.waitingRowsMax)
      return Promise.reject(new DomainError('overloaded', 'Too many rows wait for this model; try again shortly.'));
    return new Promise((resolve, reject) => {
      this.queue.push({
        features,
        rows,
        probabilities: new Float32Array(rows),
        resolve,
        reject,
        taken: 0,
        settled: false,
      });
      this.waitingRows += rows;
      if (this.running) return;
      this.running = true;
      setImmediate(() => void this.work());
    });
  }

  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void> {
    if (!this.running) return Promise.resolve();
    return new Promise((resolve) => this.whenIdle.push(resolve));
  }

  private async work(): Promise<void> {
    while (this.queue.length > 0) {
      const batch = this.takeBatch();
      try {
        await this.runBatch(batch);
      } catch (error) {
        if (batch.length === 1 && batch[0]) this.fail(batch[0].ticket, error);
        else await this.runEachAlone(batch);
      }
    }
    this.running = false;
    for (const resolve of this.whenIdle.splice(0)) resolve();
  }

  private takeBatch(): Slice[] {
    const { batchRowsMax } = this.options.scorer;
    const batch: Slice[] = [];
    const unfinished: Ticket[] = [];
    let rows = 0;
    let count = 0;
    for (const ticket of this.queue) {
      if (rows === batchRowsMax) break;
      count += 1;
      if (ticket.settled) continue; // an earlier part of it failed
      const slice = { ticket, from: ticket.taken, rows: Math.min(ticket.rows - ticket.taken, batchRowsMax - rows) };
      batch.push(slice);
      rows += slice.rows;
      ticket.taken += slice.rows;
      if (ticket.taken < ticket.rows) unfinished.push(ticket);
    }
    this.queue = [...this.queue.slice(count), ...unfinished]; // a large request goes to the back of the queue
    return batch;
  }

  private async runBatch(batch: readonly Slice[]): Promise<void> {
    if (batch.length === 0) return;
    const { scorer } = this.options;
    let at = 0;
    for (const { ticket, from, rows } of batch) {
      scorer.features.set(
        ticket.features.subarray(from * scorer.inputs, (from + rows) * scorer.inputs),
        at * scorer.inputs,
      );
      at += rows;
    }
    const probabilities = await scorer.run(at);
    at = 0;
    for (const slice of batch) {
      this.deliver(slice, probabilities.subarray(at, at + slice.rows));
      at += slice.rows;
    }
  }

  private async runEachAlone(batch: readonly Slice[]): Promise<void> {
    for (const slice of batch) {
      try {
        await this.runBatch([slice]);
      } catch (error) {
        this.fail(slice.ticket, error);
      }
    }
  }

  private deliver({ ticket, from, rows }: Slice, probabilities: Float32Array): void {
    if (!probabilities.every((value) => value >= 0 && value <= 1)) {
      this.fail(ticket, new Error('The graph gave a value that is not a probability.'));
      return;
    }
    ticket.probabilities.set(probabilities, from);
    if (from + rows < ticket.rows || ticket.settled) return;
    ticket.settled = true;
    this.waitingRows -= ticket.rows;
    this.options.onOutcome('success');
    ticket.resolve(ticket.probabilities);
  }

  private fail(ticket: Ticket, error: unknown): void {
    if (ticket.settled) return;
    ticket.settled = true;
    this.waitingRows -= ticket.rows;
    this.options.onOutcome('failure', error);
    ticket.reject(failed(error));
  }
}
