import { BATCH_MAX, MlflowClient, type NewMetric } from '@gimbal/mlflow-client';
import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import type { Ledger, Task } from '../mirrored.js';
import { SyncRepository } from '../queue/sync.repository.js';
import { isNewSince, readHorizon } from './new-points.js';

interface Point {
  readonly id: bigint;
  readonly runId: string;
  readonly key: string;
  readonly step: bigint;
  readonly at: Date;
  /** As text, which knows NaN and infinities. */
  readonly value: string;
  readonly datasetName: string | null;
  readonly datasetDigest: string | null;
}

/**
 * Tells what runs measured of a logged model since it was told last. The server takes it as points of the run that name the model, and stores
 * each once, of the run and of the model.
 */
@Injectable()
export class ModelMetricTeller {
  constructor(
    private readonly database: Database,
    private readonly mlflow: MlflowClient,
    private readonly sync: SyncRepository,
  ) {}

  /** Answers what could not be told: points of runs that are deleted there. @throws NotYet while a run is not there */
  async tell({ entityId, metricsBefore }: Task, modelId: string, ledger: Ledger): Promise<readonly string[]> {
    const horizon = await readHorizon(this.database);
    const untold = new Set<string>();
    for (let after = 0n; ; ) {
      const points = await this.read(entityId, metricsBefore, after);
      for (const [runId, ofRun] of Map.groupBy(points, (point) => point.runId)) {
        const metrics = ofRun.map((point) => metricOf(point, modelId));
        if (!(await this.send(runId, metrics))) untold.add(runId);
      }
      const last = points.at(-1);
      if (!last || points.length < BATCH_MAX.metrics) break;
      after = last.id;
    }
    await ledger.noteMetrics(horizon);
    return [...untold].map((runId) => `What run ${runId} measured of it is not there: the run is deleted.`);
  }

  private async read(modelId: string, since: bigint | null, after: bigint): Promise<readonly Point[]> {
    return await this.database.reader.$queryRaw<Point[]>`
      SELECT m.id, m.run_id::text AS "runId", m.key, m.step, m."timestamp" AS at, m.value::text AS value,
             m.dataset_name AS "datasetName", m.dataset_digest AS "datasetDigest"
      FROM logged_model_metrics m
      WHERE m.model_id = ${modelId} AND m.id > ${after} AND ${isNewSince(since)}
      ORDER BY m.id LIMIT ${BATCH_MAX.metrics}`;
  }

  /** False when the run takes nothing. */
  private async send(runId: string, metrics: readonly NewMetric[]): Promise<boolean> {
    const there = await this.mlflow.runs.find(await this.sync.idOf('run', runId));
    if (there?.info.lifecycleStage !== 'active') return false;
    await this.mlflow.runs.logBatch(there.info.runId, { metrics });
    return true;
  }
}

const metricOf = ({ key, step, at, value, datasetName, datasetDigest }: Point, modelId: string): NewMetric => ({
  ...{ key, step, timestamp: at.getTime(), value: Number(value), modelId },
  ...(datasetName !== null && { datasetName }),
  ...(datasetDigest !== null && { datasetDigest }),
});
