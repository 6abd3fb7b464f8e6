/** Counts and latencies of one model. Latencies are in ms; null when there were none. */
export interface ModelStatistics {
  readonly predictionCount: number;
  readonly errorCount: number;
  readonly latencyMs: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
    readonly mean: number | null;
  };
  readonly byVersion: ReadonlyMap<number, number>;
}

const MINUTE_MS = 60_000;
/** A day: the longest window that can be asked for. */
const MINUTES_KEPT = 1_440;
const LATENCY_MIN_MS = 0.001;
/** Eight steps an octave: a percentile is off by at most 4.5 %. */
const STEPS_PER_OCTAVE = 8;
/** 1 µs to about 70 minutes. */
const STEPS = 32 * STEPS_PER_OCTAVE;

interface Minute {
  readonly number: number;
  readonly latencies: Uint32Array;
  readonly byVersion: Map<number, number>;
  predictions: number;
  errors: number;
  latencySumMs: number;
}

const stepOf = (ms: number): number =>
  Math.min(
    STEPS - 1,
    Math.max(0, Math.floor(Math.log2(Math.max(ms, LATENCY_MIN_MS) / LATENCY_MIN_MS) * STEPS_PER_OCTAVE)),
  );

/** The middle of a step, on the scale of its logarithm. */
const latencyOf = (step: number): number => LATENCY_MIN_MS * 2 ** ((step + 0.5) / STEPS_PER_OCTAVE);

/** What each model did in the last day, minute by minute. A minute without traffic takes no memory. Times are given, in ms. */
export class ServingStatistics {
  private readonly models = new Map<string, Minute[]>();

  /** @param rows answered by `version`, each within `latencyMs` */
  recordAnswer(modelName: string, version: number, rows: number, latencyMs: number, nowMs: number): void {
    const minute = this.minuteOf(modelName, nowMs);
    const step = stepOf(latencyMs);
    minute.predictions += rows;
    minute.latencySumMs += latencyMs * rows;
    minute.latencies[step] = (minute.latencies[step] ?? 0) + rows;
    minute.byVersion.set(version, (minute.byVersion.get(version) ?? 0) + rows);
  }

  /** One request that failed for a reason of ours. */
  recordError(modelName: string, nowMs: number): void {
    this.minuteOf(modelName, nowMs).errors += 1;
  }

  /** Models that had traffic in the last day. */
  get modelNames(): readonly string[] {
    return [...this.models.keys()];
  }

  summarise(modelName: string, windowMinutes: number, nowMs: number): ModelStatistics {
    const from = Math.floor(nowMs / MINUTE_MS) - windowMinutes;
    const minutes = (this.models.get(modelName) ?? []).filter(({ number }) => number > from);
    const latencies = new Float64Array(STEPS);
    const byVersion = new Map<number, number>();
    let predictionCount = 0;
    let errorCount = 0;
    let sumMs = 0;
    for (const minute of minutes) {
      predictionCount += minute.predictions;
      errorCount += minute.errors;
      sumMs += minute.latencySumMs;
      minute.latencies.forEach((count, step) => {
        latencies[step] = (latencies[step] ?? 0) + count;
      });
      for (const [version, count] of minute.byVersion) byVersion.set(version, (byVersion.get(version) ?? 0) + count);
    }
    const percentile = (share: number): number | null => {
      if (predictionCount === 0) return null;
      const rank = Math.ceil(share * predictionCount);
      let seen = 0;
      for (const [step, count] of latencies.entries()) {
        seen += count;
        if (seen >= rank) return latencyOf(step);
      }
      return latencyOf(STEPS - 1);
    };
    const mean = predictionCount === 0 ? null : sumMs / predictionCount;
    return {
      predictionCount,
      errorCount,
      byVersion,
      latencyMs: { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99), mean },
    };
  }

  private minuteOf(modelName: string, nowMs: number): Minute {
    const number = Math.floor(nowMs / MINUTE_MS);
    let minutes = this.models.get(modelName);
    if (!minutes) {
      minutes = [];
      this.models.set(modelName, minutes);
    }
    const last = minutes.at(-1);
    if (last && last.number >= number) return last; // a clock that was set back
    while (minutes[0] && minutes[0].number <= number - MINUTES_KEPT) minutes.shift();
    const minute: Minute = {
      number,
      latencies: new Uint32Array(STEPS),
      byVersion: new Map(),
      predictions: 0,
      errors: 0,
      latencySumMs: 0,
    };
    minutes.push(minute);
    return minute;
  }
}
