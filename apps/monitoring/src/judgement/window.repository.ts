import { type DatabaseReader } from '@gimbal/db';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { MonitoringConfig } from '../config.js';
import { Database } from '../database/database.js';
import type { Latencies } from './assessment-details.js';
import type { LabelledRow, WindowRow } from './describe-window.js';

/** Which predictions: of one version, `from` included, `until` excluded. */
export interface WindowBounds {
  readonly modelName: string;
  readonly versionId: string;
  readonly from: Date;
  readonly until: Date;
  /** From where labelled rows count; `from` or earlier. */
  readonly labelledFrom: Date;
}

/** A window as it was when it was read: all parts from one snapshot. */
export interface LoadedWindow {
  readonly rowCount: number;
  readonly labelledCount: number;
  /** At most the configured number of rows; beyond it an even sample. */
  readonly rows: readonly WindowRow[];
  readonly labelled: readonly LabelledRow[];
  /** In force at the last row; null in an empty window. */
  readonly threshold: number | null;
  readonly latencies: Latencies;
  /** Rows with a prediction above and below 0; what that means, the task knows. */
  readonly positiveShare: number | null;
  readonly abstainedShare: number | null;
}

/** The hash of an id is cut to this many values; a sample takes the ids below a limit. */
const HASH_RANGE = 1_048_576;
/** Rows read at a time, so that a large window never stands in memory twice. */
const PAGE_ROWS = 2_000;
const READ_TIMEOUT_MS = 60_000;

/** The prediction log, read as windows. */
@Injectable()
export class WindowRepository {
  private readonly rowsMax: number;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) { assessment }: MonitoringConfig,
  ) {
    this.rowsMax = assessment.rowsMax;
  }

  /** Versions that answered in [from, until), the busiest first, the newer one where they are even. */
  countByVersion(
    modelName: string,
    { from, until }: { readonly from: Date; readonly until: Date },
  ): Promise<{ versionId: string; version: number; rows: number }[]> {
    return this.database.reader.$queryRaw`
      SELECT model_id AS "versionId", model_version AS version, count(*)::int AS rows FROM predictions
      WHERE model_name = ${modelName} AND created_at >= ${from} AND created_at < ${until}
      GROUP BY 1, 2 ORDER BY rows DESC, version DESC`;
  }

  /** Reads a window. Larger ones are sampled by a hash of the prediction id: evenly, and the same rows whenever it is repeated. */
  load(bounds: WindowBounds): Promise<LoadedWindow> {
    return this.database.snapshot(async (tx) => {
      const facts = await readFacts(tx, bounds);
      const labelledCount = await countLabelled(tx, bounds);
      return {
        ...facts,
        labelledCount,
        rows: await this.readRows(tx, bounds, facts.rowCount),
        labelled: await this.readLabelled(tx, bounds, labelledCount),
      };
    }, READ_TIMEOUT_MS);
  }

  private async readRows(tx: DatabaseReader, bounds: WindowBounds, count: number): Promise<WindowRow[]> {
    const { modelName, versionId, from, until } = bounds;
    const limit = hashLimit(count, this.rowsMax);
    const rows: WindowRow[] = [];
    let after = { createdAt: from, id: '00000000-0000-0000-0000-000000000000' };
    while (rows.length < this.rowsMax) {
      const page = await tx.$queryRaw<(WindowRow & { id: string; createdAt: Date })[]>`
        SELECT id, created_at AS "createdAt", features, prediction, probability FROM predictions
        WHERE model_name = ${modelName} AND model_id = ${versionId}::uuid AND created_at < ${until}
          AND created_at >= ${after.createdAt} AND (created_at, id) > (${after.createdAt}, ${after.id}::uuid)
          AND (hashtextextended(id::text, 0) & ${HASH_RANGE - 1}) < ${limit}
        ORDER BY created_at, id LIMIT ${Math.min(PAGE_ROWS, this.rowsMax - rows.length)}`;
      for (const { features, prediction, probability } of page) rows.push({ features, prediction, probability });
      const last = page.at(-1);
      if (!last || page.length < PAGE_ROWS) break;
      after = last;
    }
    return rows;
  }

  private readLabelled(tx: DatabaseReader, bounds: WindowBounds, count: number): Promise<LabelledRow[]> {
    const { modelName, versionId, labelledFrom, until } = bounds;
    return tx.$queryRaw<LabelledRow[]>`
      SELECT prediction, probability, actual, class_probabilities AS "classProbabilities" FROM predictions
      WHERE model_name = ${modelName} AND model_id = ${versionId}::uuid AND actual IS NOT NULL
        AND created_at >= ${labelledFrom} AND created_at < ${until}
        AND (hashtextextended(id::text, 0) & ${HASH_RANGE - 1}) < ${hashLimit(count, this.rowsMax)}
      ORDER BY created_at, id LIMIT ${this.rowsMax}`;
  }
}

/** Ids whose hash lies below it are about `wanted` of `count`: three standard deviations fewer, so that the row limit cuts nothing off. */
const hashLimit = (count: number, wanted: number): number =>
  count <= wanted ? HASH_RANGE : Math.floor((HASH_RANGE * (wanted - 3 * Math.sqrt(wanted))) / count);

async function readFacts(
  tx: DatabaseReader,
  { modelName, versionId, from, until }: WindowBounds,
): Promise<Omit<LoadedWindow, 'rows' | 'labelled' | 'labelledCount'>> {
  const [facts] = await tx.$queryRaw<
    {
      rows: number;
      threshold: number | null;
      mean: number | null;
      percentiles: number[] | null;
      positive: number | null;
      abstained: number | null;
    }[]
  >`
    SELECT count(*)::int AS rows, avg(latency_ms) AS mean, avg((prediction > 0)::int)::float8 AS positive,
           avg((prediction < 0)::int)::float8 AS abstained,
           percentile_cont(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY latency_ms) AS percentiles,
           (array_agg(threshold ORDER BY created_at DESC, id DESC))[1] AS threshold
    FROM predictions
    WHERE model_name = ${modelName} AND model_id = ${versionId}::uuid AND created_at >= ${from} AND created_at < ${until}`;
  const [p50 = null, p95 = null, p99 = null] = facts?.percentiles ?? [];
  return {
    rowCount: facts?.rows ?? 0,
    threshold: facts?.threshold ?? null,
    latencies: {
      latencyMsMean: facts?.mean ?? null,
      ...{ latencyMsP50: p50, latencyMsP95: p95, latencyMsP99: p99 },
    },
    positiveShare: facts?.positive ?? null,
    abstainedShare: facts?.abstained ?? null,
  };
}

async function countLabelled(
  tx: DatabaseReader,
  { modelName, versionId, labelledFrom, until }: WindowBounds,
): Promise<number> {
  const [labelled] = await tx.$queryRaw<{ rows: number }[]>`
    SELECT count(*)::int AS rows FROM predictions
    WHERE model_name = ${modelName} AND model_id = ${versionId}::uuid AND actual IS NOT NULL
      AND created_at >= ${labelledFrom} AND created_at < ${until}`;
  return labelled?.rows ?? 0;
}
