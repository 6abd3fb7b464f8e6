import { Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';
import { millisOf } from './run-json.js';

export interface HistoryPoint {
  /** Milliseconds since 1970. */
  readonly ms: number;
  /** A bigint, as text. */
  readonly step: string;
  readonly value: number;
}

/** The place of a point in the order of time, step and value. */
export type HistoryPlace = readonly [ms: number, step: string, value: number | 'NaN'];

interface PageQuery {
  readonly runId: string;
  readonly key: string;
  readonly after: HistoryPlace | undefined;
  readonly limit: number;
}

interface SampleQuery {
  readonly runIds: readonly string[];
  readonly key: string;
  readonly from: bigint | undefined;
  readonly to: bigint | undefined;
  /** Points of each run. */
  readonly perRun: number;
}

const POINT_COLUMNS = `${millisOf('m."timestamp"')} AS ms, m.step, m.value`;
const IN_TIME = 'm."timestamp", m.step, m.value';

const PAGE = {
  name: 'metric-page',
  text: `SELECT ${POINT_COLUMNS} FROM run_metrics m WHERE m.run_id = $1 AND m.key = $2
    AND ($3::float8 IS NULL OR (${IN_TIME}) > (to_timestamp($3::float8 / 1000)::timestamptz(3), $4::int8, $5::float8))
    ORDER BY ${IN_TIME} LIMIT $6`,
};

const OF_RUNS = {
  name: 'metric-of-runs',
  text: `SELECT m.run_id, ${POINT_COLUMNS} FROM run_metrics m WHERE m.run_id = ANY($1::uuid[]) AND m.key = $2
    ORDER BY m.run_id, ${IN_TIME} LIMIT $3`,
};

/** The first point of each of `$5` equal parts of a run's history, and its last point, which takes the place of the last of a full sample. */
const SAMPLE = {
  name: 'metric-sample',
  text: `WITH placed AS (
    SELECT m.run_id, m."timestamp", m.step, m.value,
      row_number() OVER w AS place, ntile($5::int) OVER w AS part, count(*) OVER (PARTITION BY m.run_id) AS points
    FROM run_metrics m WHERE m.run_id = ANY($1::uuid[]) AND m.key = $2 AND m.step BETWEEN coalesce($3::int8, m.step) AND coalesce($4::int8, m.step)
    WINDOW w AS (PARTITION BY m.run_id ORDER BY m.step, m."timestamp", m.value)),
  firsts AS (SELECT *, lag(part) OVER (PARTITION BY run_id ORDER BY place) IS DISTINCT FROM part AS is_first FROM placed)
  SELECT m.run_id, ${POINT_COLUMNS} FROM firsts m
  WHERE m.place = m.points OR (m.is_first AND NOT (m.points > $5::int AND m.part = $5::int))
  ORDER BY array_position($1::uuid[], m.run_id), m.place`,
};

const HAS_RUN = { name: 'run-is-there', text: 'SELECT 1 FROM runs WHERE id = $1' };

/** The histories of metrics. */
@Injectable()
export class MetricHistoryRows {
  constructor(private readonly database: Database) {}

  /** In the order of time, step and value. */
  async page({ runId, key, after, limit }: PageQuery): Promise<HistoryPoint[]> {
    const [ms = null, step = null, value = null] = after ?? [];
    return await this.database.query<HistoryPoint>(PAGE, [runId, key, ms, step, value, limit]);
  }

  /** The same of several runs, one after the other by id. */
  async ofRuns(runIds: readonly string[], key: string, limit: number): Promise<(HistoryPoint & { run_id: string })[]> {
    return await this.database.query(OF_RUNS, [runIds, key, limit]);
  }

  /** Evenly spread points of each run by step, always with its first and last. */
  async sample({ runIds, key, from, to, perRun }: SampleQuery): Promise<(HistoryPoint & { run_id: string })[]> {
    return await this.database.query(SAMPLE, [runIds, key, from ?? null, to ?? null, perRun]);
  }

  async hasRun(id: string): Promise<boolean> {
    const rows = await this.database.query(HAS_RUN, [id]);
    return rows.length > 0;
  }
}
