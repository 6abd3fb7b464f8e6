import { DomainError } from '@gimbal/domain';
import type { BatchLimit } from './batch-limit.js';
import type { Scorer } from './scorer.js';
import type { VersionStatistics } from './version-statistics.js';
import type { WaitingRows } from './waiting-rows.js';

export interface BatcherOptions {
  readonly scorer: Scorer;
  /** Most rows that run together. */
  readonly limit: BatchLimit;
  /** Most rows that wait for this graph; more are refused as `overloaded`. */
  readonly waitingRowsMax: number;
  /** Those that wait for all graphs. */
  readonly waiting: WaitingRows;
  /** Rows that wait longer than this (ms) are refused as `overloaded` instead of run. */
  readonly queueTimeoutMs: number;
  /** Told of each request's outcome: the circuit breaker listens. */
  readonly onOutcome: (outcome: 'success' | 'failure', error?: unknown) => void;
  /** Takes how long requests waited and runs lasted. */
  readonly statistics: VersionStatistics;
}

/** When a request's turn is. */
export interface Urgency {
  /** 1 (first) to {@link PRIORITY_LAST}; those of one level take turns. */
  readonly priority: number;
  /** On the clock of `performance.now()`: when its turn comes later, it is refused instead of run. */
  readonly deadlineMs: number;
  /** Each of its rows has a run of its own, so that nothing beside it can touch the last bit of its answer. */
  readonly isAlone?: boolean;
}

export const PRIORITY_LAST = 9;
export const ORDINARY: Urgency = { priority: 5, deadlineMs: Number.POSITIVE_INFINITY };

interface Ticket {
  readonly features: Float32Array;
  readonly texts: readonly string[] | null;
  readonly rows: number;
  readonly answers: Float32Array;
  readonly resolve: (answers: Float32Array) => void;
  readonly reject: (error: DomainError) => void;
  readonly urgency: Urgency;
  readonly queuedAtMs: number;
  /** Rows that were put into a batch. */
  taken: number;
  /** Time of the runs that it took part in. */
  runMs: number;
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
   * @param texts one per row, of a graph that takes free text; else null
   * @param urgency whose turn is first
   * @returns the graph's numbers for each row, `shape.width` of them
   * @throws DomainError `overloaded`; `timeout` when it waited beyond its deadline; `no-model-available` when the graph fails for some row
   */
  score(
    features: Float32Array,
    rows: number,
    texts: readonly string[] | null = null,
    urgency: Urgency = ORDINARY,
  ): Promise<Float32Array> {
    const { waiting, waitingRowsMax } = this.options;
    if (this.waitingRows + rows > waitingRowsMax || !waiting.hasRoom(rows, this.waitingRows))
      return Promise.reject(new DomainError('overloaded', 'Too many rows wait for this model; try again shortly.'));
    return new Promise((resolve, reject) => {
      this.enqueue({
        features,
        texts,
        rows,
        answers: new Float32Array(rows * this.options.scorer.shape.width),
        resolve,
        reject,
        urgency,
        queuedAtMs: performance.now(),
        taken: 0,
        runMs: 0,
        settled: false,
      });
      this.count(rows);
      if (this.running) return;
      this.running = true;
      setImmediate(() => void this.work());
    });
  }

  get isBusy(): boolean {
    return this.running;
  }

  /** Rows that wait or run. */
  get rowsUnderWay(): number {
    return this.waitingRows;
  }

  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void> {
    if (!this.running) return Promise.resolve();
    return new Promise((resolve) => this.whenIdle.push(resolve));
  }

  /** Behind all others of its own priority, and before those of a later one. */
  private enqueue(ticket: Ticket): void {
    let at = this.queue.length;
    while (at > 0 && (this.queue[at - 1]?.urgency.priority ?? 0) > ticket.urgency.priority) at -= 1;
    if (at === this.queue.length) this.queue.push(ticket);
    else this.queue.splice(at, 0, ticket);
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
    const { limit, statistics } = this.options;
    const batchRowsMax = limit.rows;
    const nowMs = performance.now();
    const batch: Slice[] = [];
    const unfinished: Ticket[] = [];
    let rows = 0;
    let count = 0;
    for (const ticket of this.queue) {
      const { isAlone = false } = ticket.urgency;
      if (rows === batchRowsMax || (isAlone && rows > 0)) break;
      count += 1;
      if (ticket.settled) continue; // an earlier part of it failed
      if (ticket.taken === 0 && this.isTooLate(ticket, nowMs)) continue;
      const slice = {
        ticket,
        from: ticket.taken,
        rows: Math.min(ticket.rows - ticket.taken, isAlone ? 1 : batchRowsMax - rows),
      };
      if (ticket.taken === 0) statistics.queue.add(nowMs - ticket.queuedAtMs);
      batch.push(slice);
      rows += slice.rows;
      ticket.taken += slice.rows;
      if (ticket.taken < ticket.rows) unfinished.push(ticket);
      if (isAlone) break;
    }
    this.queue = this.queue.slice(count);
    for (const ticket of unfinished) this.enqueue(ticket); // a large request goes to the back of the queue
    return batch;
  }

  private async runBatch(batch: readonly Slice[]): Promise<void> {
    if (batch.length === 0) return;
    const { scorer } = this.options;
    const { width, samples, task } = scorer.shape;
    const columns = samples.length;
    const texts: string[] | null = task === 'text-classification' ? [] : null;
    let at = 0;
    for (const { ticket, from, rows } of batch) {
      const { features } = ticket;
      const isAll = features.length === rows * columns; // then no view has to be made; a graph of free text takes no columns
      scorer.features.set(isAll ? features : features.subarray(from * columns, (from + rows) * columns), at * columns);
      texts?.push(...(ticket.texts?.slice(from, from + rows) ?? []));
      at += rows;
    }
    const startedMs = performance.now();
    const answers = await scorer.run(at, texts);
    const runMs = performance.now() - startedMs;
    this.options.statistics.ran(at, runMs);
    this.options.limit.ran(at, runMs);
    at = 0;
    for (const slice of batch) {
      slice.ticket.runMs += runMs;
      this.deliver(slice, answers, at * width);
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

  /** @param start of the slice among the answers of the batch */
  private deliver({ ticket, from, rows }: Slice, answers: Float32Array, start: number): void {
    const { width, lowest, highest } = this.options.scorer.shape;
    for (let index = 0; index < rows * width; index++) {
      const value = answers[start + index] ?? Number.NaN;
      if (!(value >= lowest && value <= highest)) {
        this.fail(ticket, new Error('The graph gave a number that is no answer to its task.'));
        return;
      }
      ticket.answers[from * width + index] = value;
    }
    if (from + rows < ticket.rows || ticket.settled) return;
    this.settle(ticket);
    this.options.statistics.infer.add(ticket.runMs);
    this.options.onOutcome('success');
    ticket.resolve(ticket.answers);
  }

  /** Refuses what waited longer than its caller or the queue allows. */
  private isTooLate(ticket: Ticket, nowMs: number): boolean {
    if (ticket.urgency.deadlineMs < nowMs)
      this.refuse(ticket, new DomainError('timeout', 'The request waited longer than it may.'));
    else if (nowMs - ticket.queuedAtMs > this.options.queueTimeoutMs)
      this.refuse(
        ticket,
        new DomainError('overloaded', 'The request waited too long for its turn; try again shortly.'),
      );
    return ticket.settled;
  }

  /** Without a word to the circuit breaker: the graph did nothing wrong. */
  private refuse(ticket: Ticket, error: DomainError): void {
    this.settle(ticket);
    ticket.reject(error);
  }

  private settle(ticket: Ticket): void {
    ticket.settled = true;
    this.count(-ticket.rows);
  }

  private count(rows: number): void {
    this.waitingRows += rows;
    this.options.waiting.add(rows);
  }

  private fail(ticket: Ticket, error: unknown): void {
    if (ticket.settled) return;
    this.settle(ticket);
    this.options.onOutcome('failure', error);
    ticket.reject(failed(error));
  }
}
