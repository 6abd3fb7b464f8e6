import { PROBLEMS, type Task } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { METRICS, TallyHistogram } from '@gimbal/platform';
import type { Counter } from 'prom-client';
import { InvalidRowsError } from './columns.js';
import { confidenceOf } from './decide-answers.js';
import type { ServingStatistics } from './serving-statistics.js';

type LabelsOf<N extends keyof typeof METRICS> = (typeof METRICS)[N]['labels'][number];

export interface PredictionMetrics {
  readonly predictions: Counter<LabelsOf<'ml_prediction_total'>>;
  readonly latency: TallyHistogram;
  readonly confidence: TallyHistogram;
  readonly invalidInputs: Counter<LabelsOf<'ml_invalid_input_total'>>;
  readonly shadows: Counter<LabelsOf<'gimbal_shadow_predictions_total'>>;
  readonly failovers: Counter<LabelsOf<'gimbal_failover_predictions_total'>>;
  readonly cacheHits: Counter<LabelsOf<'ml_model_cache_hits_total'>>;
  readonly cacheMisses: Counter<LabelsOf<'ml_model_cache_misses_total'>>;
}

export interface AnsweredRows {
  readonly modelName: string;
  readonly version: number;
  readonly rows: number;
  readonly task: Task;
  /** As decided, row by row. */
  readonly probabilities: Float64Array;
  readonly latencyMs: number;
}

/** Label for requests that name no model of ours: what callers invent must not become a series each. */
const UNKNOWN_MODEL = 'unknown';

/** Whether the reason of a failure lies with us (5xx) or with what was sent. */
export function isOurFault(error: unknown): 'ours' | 'theirs' {
  if (!(error instanceof DomainError)) return 'ours';
  const problem = (PROBLEMS as Readonly<Record<string, { readonly status: number } | undefined>>)[error.code];
  return problem !== undefined && problem.status < 500 ? 'theirs' : 'ours';
}

/** Counts what is answered and what fails, for Prometheus and for `/monitoring`. */
export class PredictionWatcher {
  private readonly metrics: PredictionMetrics;
  private readonly statistics: ServingStatistics;

  constructor(metrics: PredictionMetrics, statistics: ServingStatistics) {
    this.metrics = metrics;
    this.statistics = statistics;
  }

  /** @returns how sure the version was of the rows, added up; NaN when its task does not say */
  answered({ modelName, version, rows, task, probabilities, latencyMs }: AnsweredRows): number {
    const { predictions, latency, confidence } = this.metrics;
    predictions.inc({ model: modelName, status: 'success' }, rows);
    latency.of(modelName).observe(latencyMs / 1_000);
    const tally = confidence.of(modelName);
    let confidenceSum = 0;
    for (const probability of probabilities) {
      const sureness = confidenceOf(task, probability);
      if (sureness === null) confidenceSum = Number.NaN;
      else {
        tally.observe(sureness);
        confidenceSum += sureness;
      }
    }
    this.statistics.recordAnswer(modelName, { version, rows, latencyMs, confidenceSum }, Date.now());
    return confidenceSum;
  }

  refused(modelName: string | undefined, error: unknown, ours: 'ours' | 'theirs'): void {
    const model = modelName ?? UNKNOWN_MODEL;
    this.metrics.predictions.inc({ model, status: ours === 'ours' ? 'error' : 'rejected' });
    if (error instanceof InvalidRowsError)
      for (const kind of error.kinds) this.metrics.invalidInputs.inc({ model, error: kind });
    if (ours === 'ours' && modelName !== undefined) this.statistics.recordError(modelName, Date.now());
  }

  /** A version that could not answer; whether another one did is told apart. */
  failed(modelName: string, version: number): void {
    this.statistics.recordFailure(modelName, version, Date.now());
  }

  /** @param found `shared`: not remembered, but computed for somebody else just then */
  looked(rows: number, found: 'hit' | 'shared' | 'miss'): void {
    const { cacheHits, cacheMisses } = this.metrics;
    if (found === 'shared') cacheHits.inc({ type: 'in-flight' }, rows);
    else (found === 'hit' ? cacheHits : cacheMisses).inc({ type: 'prediction' }, rows);
  }

  /** Rows that another version answered, because this one is out of service. */
  failedOver(modelName: string, version: number, rows: number): void {
    this.metrics.failovers.inc({ model: modelName, version: String(version) }, rows);
  }

  /** What a version that is only tried beside the answering one would have said. */
  shadowed(
    modelName: string,
    version: number,
    outcome: 'agrees' | 'differs' | 'failed' | 'dropped',
    rows: number,
  ): void {
    this.metrics.shadows.inc({ model: modelName, version: String(version), outcome }, rows);
  }
}
