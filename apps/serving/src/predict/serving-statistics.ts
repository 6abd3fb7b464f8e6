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
  readonly byVersion: ReadonlyMap<number, VersionCounts>;
}

/** What one version did: rows answered and requests failed, mean latency in ms and mean confidence in [0, 1]; null when there was none. */
export interface VersionCounts {
  readonly predictionCount: number;
  readonly errorCount: number;
  readonly meanLatencyMs: number | null;
  readonly meanConfidence: number | null;
}

/** Rows of one request that a version answered. */
export interface RecordedAnswer {
  readonly version: number;
  readonly rows: number;
  /** Of the request. */
  readonly latencyMs: number;
  /** Over the rows; NaN when the task knows none. */
  readonly confidenceSum: number;
}

const MINUTE_MS = 60_000;
/** A day: the longest window that can be asked for. */
const MINUTES_KEPT = 1_440;
/** Within the last hour a window is told to the minute, beyond it to a quarter of an hour. */
const MINUTES_APART = 60;
const QUARTER = 15;
const LATENCY_MIN_MS = 0.001;
/** Eight steps an octave: a percentile is off by at most 4.5 %. */
const STEPS_PER_OCTAVE = 8;
/** 1 µs to about 70 minutes. */
const STEPS = 32 * STEPS_PER_OCTAVE;

interface VersionMinute {
  rows: number;
  failures: number;
  latencySumMs: number;
  confidenceSum: number;
}

/** What was done in a minute, or in those of a quarter of an hour until that minute. */
interface Minute {
  number: number;
  readonly latencies: Uint32Array;
  readonly byVersion: Map<number, VersionMinute>;
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

const NOTHING: VersionMinute = { rows: 0, failures: 0, latencySumMs: 0, confidenceSum: 0 };

function versionOf({ byVersion }: Minute, version: number): VersionMinute {
  let own = byVersion.get(version);
  if (!own) {
    own = { ...NOTHING };
    byVersion.set(version, own);
  }
  return own;
}

const addMinutes = (one = NOTHING, other: VersionMinute): VersionMinute => ({
  rows: one.rows + other.rows,
  failures: one.failures + other.failures,
  latencySumMs: one.latencySumMs + other.latencySumMs,
  confidenceSum: one.confidenceSum + other.confidenceSum,
});

const countsOf = ({ rows, failures, latencySumMs, confidenceSum }: VersionMinute): VersionCounts => ({
  predictionCount: rows,
  errorCount: failures,
  meanLatencyMs: rows === 0 ? null : latencySumMs / rows,
  meanConfidence: rows === 0 || Number.isNaN(confidenceSum) ? null : confidenceSum / rows,
});

function addTo(minute: Minute, later: Minute): void {
  minute.number = later.number;
  minute.predictions += later.predictions;
  minute.errors += later.errors;
  minute.latencySumMs += later.latencySumMs;
  later.latencies.forEach((count, step) => {
    minute.latencies[step] = (minute.latencies[step] ?? 0) + count;
  });
  for (const [version, own] of later.byVersion)
    minute.byVersion.set(version, addMinutes(minute.byVersion.get(version), own));
}

const quarterOf = ({ number }: Minute): number => Math.floor(number / QUARTER);

/** Forgets what is older than a day, and adds up what is older than an hour: a day of one model takes 150 of these, not 1 440. */
function tidy(minutes: readonly Minute[], newest: number): Minute[] {
  const kept: Minute[] = [];
  for (const minute of minutes) {
    if (minute.number <= newest - MINUTES_KEPT) continue;
    const last = kept.at(-1);
    const isOld = minute.number <= newest - MINUTES_APART;
    if (last && isOld && quarterOf(last) === quarterOf(minute)) addTo(last, minute);
    else kept.push(minute);
  }
  return kept;
}

/**
 * What each model did in the last day: minute by minute in the last hour, by quarters of an hour before that. A time without traffic takes no
 * memory. Times are given, in ms.
 */
export class ServingStatistics {
  private readonly models = new Map<string, Minute[]>();

  recordAnswer(modelName: string, { version, rows, latencyMs, confidenceSum }: RecordedAnswer, nowMs: number): void {
    const minute = this.minuteOf(modelName, nowMs);
    const step = stepOf(latencyMs);
    minute.predictions += rows;
    minute.latencySumMs += latencyMs * rows;
    minute.latencies[step] = (minute.latencies[step] ?? 0) + rows;
    const own = versionOf(minute, version);
    own.rows += rows;
    own.latencySumMs += latencyMs * rows;
    own.confidenceSum += confidenceSum;
  }

  /** One request that a version failed for a reason of ours. */
  recordFailure(modelName: string, version: number, nowMs: number): void {
    versionOf(this.minuteOf(modelName, nowMs), version).failures += 1;
  }

  /** One request that failed for a reason of ours. */
  recordError(modelName: string, nowMs: number): void {
    this.minuteOf(modelName, nowMs).errors += 1;
  }

  summarise(modelName: string, windowMinutes: number, nowMs: number): ModelStatistics {
    const from = Math.floor(nowMs / MINUTE_MS) - windowMinutes;
    const minutes = (this.models.get(modelName) ?? []).filter(({ number }) => number > from);
    const latencies = new Float64Array(STEPS);
    const sums = new Map<number, VersionMinute>();
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
      for (const [version, own] of minute.byVersion) sums.set(version, addMinutes(sums.get(version), own));
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
      byVersion: new Map([...sums].map(([version, sum]) => [version, countsOf(sum)])),
      latencyMs: { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99), mean },
    };
  }

  private minuteOf(modelName: string, nowMs: number): Minute {
    const number = Math.floor(nowMs / MINUTE_MS);
    const known = this.models.get(modelName) ?? [];
    const last = known.at(-1);
    if (last && last.number >= number) return last; // a clock that was set back
    const minutes = tidy(known, number);
    const minute: Minute = {
      number,
      latencies: new Uint32Array(STEPS),
      byVersion: new Map(),
      predictions: 0,
      errors: 0,
      latencySumMs: 0,
    };
    minutes.push(minute);
    this.models.set(modelName, minutes);
    return minute;
  }
}
