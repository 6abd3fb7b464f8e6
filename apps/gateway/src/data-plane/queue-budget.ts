import { UnansweredError } from '@gimbal/platform';

/** Requests that are under way for one model. */
interface Queue {
  waiting: number;
  /** Recent time from request to answer, ms. */
  latencyMs: number;
  /** Recent answers a millisecond; 0 as long as it is not known. */
  rate: number;
  windowFromMs: number;
  windowAnswers: number;
  /** Shortest time to an answer, of this stretch and of the one before: what the model takes without a queue. */
  shortestMs: number;
  shortestBeforeMs: number;
  stretchFromMs: number;
}

const WINDOW_MS = 100;
const STRETCH_MS = 10_000;
/** Weight of the newest figure in an exponential average. */
const LATENCY_WEIGHT = 0.3;
const RATE_WEIGHT = 0.5;
const QUEUES_MAX = 1_000;

/**
 * Refuses a request when those before it would keep it waiting longer than a budget, so that what is admitted is answered in time however
 * much more is asked. A request waits for about (requests under way) / (answers a time), by Little's law, less the time that the model takes by
 * itself. That estimate counts only while answers really come late: a burst after a quiet spell says nothing yet. Each model has its own
 * queue, so that one that is asked too much takes nothing from the others.
 */
export class QueueBudget {
  private readonly queues = new Map<string, Queue>();

  /** @param budgetMs longest wait for the requests before */
  constructor(private readonly budgetMs: number) {}

  /**
   * @returns to be given back to {@link leave}
   * @throws UnansweredError `overloaded`
   */
  enter(name: string, nowMs: number): Queue {
    const queue = this.queues.get(name) ?? this.open(name, nowMs);
    if (queue.waiting === 0) {
      // What was measured over a time without requests is no rate.
      queue.latencyMs = 0;
      queue.windowAnswers = 0;
      queue.windowFromMs = nowMs;
    } else if (this.isFull(queue)) {
      throw UnansweredError.unsent('overloaded', 'More is asked of this model than it can answer; try again shortly.');
    }
    queue.waiting += 1;
    return queue;
  }

  /** A request was answered, or given up. */
  leave(queue: Queue, enteredMs: number, nowMs: number): void {
    const latencyMs = nowMs - enteredMs;
    queue.waiting -= 1;
    queue.latencyMs += (latencyMs - queue.latencyMs) * LATENCY_WEIGHT;
    if (nowMs - queue.stretchFromMs > STRETCH_MS) {
      queue.shortestBeforeMs = queue.shortestMs;
      queue.shortestMs = latencyMs;
      queue.stretchFromMs = nowMs;
    } else if (latencyMs < queue.shortestMs) queue.shortestMs = latencyMs;
    queue.windowAnswers += 1;
    const windowMs = nowMs - queue.windowFromMs;
    if (windowMs < WINDOW_MS) return;
    const rate = queue.windowAnswers / windowMs;
    queue.rate = queue.rate === 0 ? rate : queue.rate + (rate - queue.rate) * RATE_WEIGHT;
    queue.windowAnswers = 0;
    queue.windowFromMs = nowMs;
  }

  private isFull({ waiting, rate, latencyMs, shortestMs, shortestBeforeMs }: Queue): boolean {
    const aloneMs = Math.min(shortestMs, shortestBeforeMs);
    // Behind a run of a slow model the next one waits once, whatever the budget: fewer requests would not help.
    const budgetMs = Math.max(this.budgetMs, 2 * aloneMs);
    if (rate === 0 || latencyMs - aloneMs < budgetMs / 2) return false;
    return waiting / rate - aloneMs > budgetMs;
  }

  private open(name: string, nowMs: number): Queue {
    if (this.queues.size >= QUEUES_MAX) {
      for (const [other, { waiting }] of this.queues) if (waiting === 0) this.queues.delete(other);
    }
    const never = Number.POSITIVE_INFINITY;
    const queue: Queue = {
      ...{ waiting: 0, latencyMs: 0, rate: 0, windowFromMs: nowMs, windowAnswers: 0 },
      ...{ shortestMs: never, shortestBeforeMs: never, stretchFromMs: nowMs },
    };
    this.queues.set(name, queue);
    return queue;
  }
}
