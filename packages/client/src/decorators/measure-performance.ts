import { type Method, methodDecorator, observe } from './method-decorator.js';

/** Of the last calls, in milliseconds; null when there were none. */
export interface PerformanceStats {
  /** All calls since the beginning. */
  readonly calls: number;
  readonly failures: number;
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

export interface MeasurePerformance {
  /** How many of the last calls are remembered, default 1 000. */
  readonly window?: number;
}

/** A function that tells how long its calls took: `fn.performance.getStats()`. */
export interface Measured {
  readonly performance: { getStats(): PerformanceStats };
}

/** As a decorator, read it from the method: `(service.predict as typeof service.predict & Measured).performance`. */
export interface MeasuringDecorator {
  <F extends Method>(method: F, context?: ClassMethodDecoratorContext): F & Measured;
  (target: object, name: string | symbol, descriptor: PropertyDescriptor): PropertyDescriptor;
}

/** Remembers how long the last calls took, up to the end of their promises. */
export function measurePerformance({ window = 1_000 }: MeasurePerformance = {}): MeasuringDecorator {
  if (!Number.isInteger(window) || window < 1)
    throw new RangeError(`window must be a whole number from 1, not ${window}`);
  const decorate = methodDecorator((method) => {
    const history = new CallHistory(window);
    const measured = function (this: unknown, ...args: unknown[]) {
      return observe(
        () => method.apply(this, args),
        ({ durationMs, failed }) => history.add(durationMs, failed),
      );
    };
    return Object.assign(measured, { performance: history });
  });
  return decorate as MeasuringDecorator; // what it wraps has the property
}

class CallHistory {
  private readonly durations: number[] = [];
  private calls = 0;
  private failures = 0;

  constructor(private readonly window: number) {}

  add(durationMs: number, failed: boolean): void {
    this.durations[this.calls % this.window] = durationMs;
    this.calls += 1;
    if (failed) this.failures += 1;
  }

  getStats(): PerformanceStats {
    const sorted = this.durations.toSorted((one, other) => one - other);
    // Nearest rank: the smallest duration that so large a share of the calls did not exceed.
    const quantile = (share: number): number | null => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
    const mean = sorted.reduce((sum, duration) => sum + duration, 0) / sorted.length;
    return {
      calls: this.calls,
      failures: this.failures,
      meanMs: sorted.length === 0 ? null : mean,
      p50Ms: quantile(0.5),
      p95Ms: quantile(0.95),
      p99Ms: quantile(0.99),
      maxMs: sorted.at(-1) ?? null,
    };
  }
}
