import { allOf, BATCH_MAX, type Metric, MlflowClient } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Ledger, Task } from '../mirrored.js';
import { isNewSince, readHorizon } from './new-points.js';

interface Point {
  readonly key: string;
  readonly step: bigint;
  readonly at: Date;
  /** As text, which knows NaN and infinities. */
  readonly value: string;
}

/**
 * Tells the points of a run's metrics that were written since it was told last, and no more, however long the history is. Points of transactions that were open then are told twice at
 * most: the server stores a point once.
 */
@Injectable()
export class MetricTeller {
  constructor(
    private readonly database: Database,
    private readonly mlflow: MlflowClient,
  ) {}

  async tell({ entityId, metricsBefore }: Task, mlflowRunId: string, ledger: Ledger): Promise<void> {
    const horizon = await readHorizon(this.database);
    for (let last: Point | undefined; ; ) {
      const points = await this.read({ runId: entityId, since: metricsBefore, after: last });
      if (points.length > 0) await this.send(mlflowRunId, points.map(metricOf));
      if (points.length < BATCH_MAX.metrics) break;
      last = points.at(-1);
    }
    await ledger.noteMetrics(horizon);
  }

  private async read(page: {
    readonly runId: string;
    readonly since: bigint | null;
    readonly after: Point | undefined;
  }): Promise<readonly Point[]> {
    const { runId, since, after } = page;
    return await this.database.reader.$queryRaw<Point[]>`
      SELECT m.key, m.step, m."timestamp" AS at, m.value::text AS value
      FROM run_metrics m
      WHERE m.run_id = ${runId}::uuid AND ${isNewSince(since)}
        AND (${after === undefined}::boolean OR (m.key, m.step, m."timestamp", m.value)
             > (${after?.key ?? ''}, ${after?.step ?? 0n}::bigint, ${after?.at ?? new Date(0)}::timestamptz, ${after?.value ?? '0'}::float8))
      ORDER BY m.key, m.step, m."timestamp", m.value
      LIMIT ${BATCH_MAX.metrics}`;
  }

  /** MLflow 2 does not know a NaN again that it has: those that are there are left out. */
  private async send(runId: string, metrics: readonly Metric[]): Promise<void> {
    const nans = metrics.filter(({ value }) => Number.isNaN(value));
    const isThere = await this.nansThere(runId, new Set(nans.map(({ key }) => key)));
    const missing = metrics.filter((metric) => !Number.isNaN(metric.value) || !isThere.has(placeOf(metric)));
    if (missing.length > 0) await this.mlflow.runs.logBatch(runId, { metrics: missing });
  }

  private async nansThere(runId: string, keys: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const places = new Set<string>();
    for (const key of keys) {
      const history = allOf((pageToken) =>
        this.mlflow.runs.metricHistory(runId, key, { maxResults: 10_000, pageToken }),
      );
      for await (const metric of history) if (Number.isNaN(metric.value)) places.add(placeOf(metric));
    }
    return places;
  }
}

const metricOf = ({ key, step, at, value }: Point): Metric => ({
  ...{ key, step, timestamp: at.getTime() },
  value: Number(value),
});

const placeOf = ({ key, step, timestamp }: Metric): string => `${step} ${timestamp} ${key}`;
