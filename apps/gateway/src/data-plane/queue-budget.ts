import { UnansweredError } from '@gimbal/platform';

/** Requests that are under way for one model, and what was measured since the first of them found nobody before it. */
interface Queue {
  readonly name: string;
  waiting: number;
  /** Recent time from request to answer, ms. */
  latencyMs: number;
  /** Recent answers a millisecond; 0 as long as it is not known. */
  rate: number;
  windowFromMs: number;
  windowAnswers: number;
  /** Shortest time to an answer. The first request waited for no other, so this is at most what the model takes without a queue. */
  shortestMs: number;
}

const WINDOW_MS = 100;
/** Weight of the newest figure in an exponential average. */
const LATENCY_WEIGHT = 0.3;
const RATE_WEIGHT = 0.5;
/** Names that are kept while nobody asks for them, only to spare the work of writing them down again. */
const IDLE_MAX = 1_000;

/**
 * Refuses a request when those before it would keep it waiting longer than a budget, so that what is admitted is answered in time however
 * much more is asked. A request waits for about (requests under way) / (answers a time), by Little's law, less the time that the model takes by
 * itself. That estimate counts only while answers really come late: a burst after a quiet spell says nothing yet. Each model has its own
 * queue, so that one that is asked too much takes nothing from the others. Names are the callers' to choose, so there are at most as many
 * queues as requests under way and {@link IDLE_MAX} together.
 */
export class QueueBudget {
  private readonly queues = new Map<string, Queue>();

  /** @param budgetMs longest wait for the requests before */
  constructor(private readonly budgetMs: number) {}

  /** Queues that are in memory. */
  get size(): number {
    return this.queues.size;
  }

  /**
   * @returns to be given back to {@link leave}
   * @throws UnansweredError `overloaded`
   */
  enter(name: string, nowMs: number): Queue {
    const queue = this.queues.get(name) ?? this.open(name);
    if (queue.waiting === 0) {
      queue.latencyMs = 0;
      queue.rate = 0;
      queue.windowFromMs = nowMs;
      queue.windowAnswers = 0;
      queue.shortestMs = Number.POSITIVE_INFINITY;
    } else if (this.isFull(queue)) {
      throw UnansweredError.unsent('overloaded', 'More is asked of this model than it can answer; try again shortly.');
    }
    queue.waiting += 1;
    return queue;
  }

  /** A request was answered, or given up. */
  leave(queue: Queue, enteredMs: number, nowMs: number): void {
    queue.waiting -= 1;
    if (queue.waiting === 0) {
      if (this.queues.size > IDLE_MAX) this.queues.delete(queue.name);
      return;
    }
    const latencyMs = nowMs - enteredMs;
    queue.latencyMs += (latencyMs - queue.latencyMs) * LATENCY_WEIGHT;
    if (latencyMs < queue.shortestMs) queue.shortestMs = latencyMs;
    queue.windowAnswers += 1;
    const windowMs = nowMs - queue.windowFromMs;
    if (windowMs < WINDOW_MS) return;
    const rate = queue.windowAnswers / windowMs;
    queue.rate = queue.rate === 0 ? rate : queue.rate + (rate - queue.rate) * RATE_WEIGHT;
    queue.windowAnswers = 0;
    queue.windowFromMs = nowMs;
  }

  private isFull({ waiting, rate, latencyMs, shortestMs }: Queue): boolean {
    // Behind a run of a slow model the next one waits once, whatever the budget: fewer requests would not help.
    const budgetMs = Math.max(this.budgetMs, 2 * shortestMs);
    if (rate === 0 || latencyMs - shortestMs < budgetMs / 2) return false;
    return waiting / rate - shortestMs > budgetMs;
  }

  private open(name: string): Queue {
    const queue = { name, waiting: 0, latencyMs: 0, rate: 0, windowFromMs: 0, windowAnswers: 0, shortestMs: 0 };
    this.queues.set(name, queue);
    return queue;
  }
}
