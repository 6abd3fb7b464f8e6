import type { JobPayload } from '@gimbal/contracts';
import { type DatabaseTransaction, storableJson, storableText } from '@gimbal/db';
import { type LabelFrame, resolveLabel, type StatedLabel } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { readFrames } from './label-frames.js';
import { shareLabelTurn } from './label-turn.js';

export type LoggedRow = JobPayload<'prediction.logged'>['rows'][number];

/** What became of a batch. */
export interface AppendOutcome {
  /** Rows that were new, by model. */
  readonly written: ReadonlyMap<string, number>;
  /** Model version ids that the registry does not know: their rows can't be stored. */
  readonly unknownVersions: readonly string[];
  /** Labels that came before their prediction and do not fit what its version answers: they are kept as they were said, and never count. */
  readonly unfitLabels: number;
}

/** The prediction log, as it is written. */
@Injectable()
export class PredictionLogRepository {
  constructor(private readonly database: Database) {}

  /**
   * Stores what is new of a batch, in one statement: a row that was delivered before is left as it is, and a label that came before
   * its prediction is joined. Whatever its day, a row has a partition: the default one takes what no other does.
   */
  async append(rows: readonly LoggedRow[]): Promise<AppendOutcome> {
    return this.database.change(async (tx) => {
      await shareLabelTurn(tx);
      const frames = await readFrames(tx, new Set(rows.map(({ modelVersionId }) => modelVersionId)));
      const storable = rows.filter(({ modelVersionId }) => frames.has(modelVersionId));
      const unknown = rows.filter(({ modelVersionId }) => !frames.has(modelVersionId));
      const early = await findEarlyLabels(tx, storable);
      const actuals = storable.map((row) => fitEarlyLabel(early.get(row.id), frames.get(row.modelVersionId)));
      const stored = await tx.$queryRaw<{ model: string; rows: number; unfit: number }[]>`
        WITH incoming AS (
          SELECT * FROM unnest(
            ${storable.map(({ id }) => id)}::uuid[],
            ${storable.map(({ createdAt }) => createdAt)}::timestamptz[],
            ${storable.map(({ modelVersionId }) => modelVersionId)}::uuid[],
            ${storable.map(({ features }) => storableJson(features))}::jsonb[],
            ${storable.map(({ prediction }) => prediction)}::float8[],
            ${storable.map(({ probability }) => probability)}::float8[],
            ${storable.map(({ classProbabilities = [] }) => `{${classProbabilities.join()}}`)}::text[],
            ${storable.map(({ threshold }) => threshold)}::float8[],
            ${storable.map(({ latencyMs }) => latencyMs)}::float8[],
            ${storable.map(({ warnings }) => storableJson(warnings))}::jsonb[],
            ${storable.map(({ requestId }) => storableText(requestId))}::text[],
            ${actuals}::float8[]
          ) AS row (id, created_at, model_id, features, prediction, probability, class_probabilities, threshold, latency_ms, warnings,
                    request_id, actual)
        ), written AS (
          INSERT INTO predictions (id, created_at, model_id, model_name, model_version, features, prediction, probability,
                                   class_probabilities, threshold, latency_ms, warnings, request_id, actual)
          SELECT r.id, r.created_at, r.model_id, v.model_name, v.version, r.features, r.prediction, r.probability,
                 r.class_probabilities::real[], r.threshold, r.latency_ms, r.warnings, r.request_id, r.actual
          FROM incoming r
          JOIN model_versions v ON v.id = r.model_id
          ON CONFLICT DO NOTHING
          RETURNING id, created_at, model_name, actual
        ), matched AS (
          UPDATE prediction_labels l
          SET prediction_created_at = w.created_at, actual = w.actual, stated = CASE WHEN w.actual IS NULL THEN l.stated END
          FROM written w WHERE l.prediction_id = w.id
          RETURNING l.prediction_id AS id, l.actual
        )
        SELECT w.model_name AS model, count(*)::int AS rows, count(*) FILTER (WHERE m.id IS NOT NULL AND m.actual IS NULL)::int AS unfit
        FROM written w LEFT JOIN matched m USING (id) GROUP BY w.model_name`;
      return {
        written: new Map(stored.map(({ model, rows: count }) => [model, count])),
        unknownVersions: [...new Set(unknown.map(({ modelVersionId }) => modelVersionId))],
        unfitLabels: stored.reduce((sum, { unfit }) => sum + unfit, 0),
      };
    });
  }
}

/** What was said of these predictions before they came, by their ids. */
async function findEarlyLabels(tx: DatabaseTransaction, rows: readonly LoggedRow[]): Promise<Map<string, StatedLabel>> {
  const found = await tx.$queryRaw<{ id: string; stated: StatedLabel }[]>`
    SELECT prediction_id AS id, stated FROM prediction_labels
    WHERE prediction_id = ANY(${rows.map(({ id }) => id)}::uuid[]) AND prediction_created_at IS NULL AND stated IS NOT NULL`;
  return new Map(found.map(({ id, stated }) => [id, stated]));
}

function fitEarlyLabel(stated: StatedLabel | undefined, frame: LabelFrame | undefined): number | null {
  if (stated === undefined || !frame) return null;
  const resolved = resolveLabel(frame, stated);
  return 'actual' in resolved ? resolved.actual : null;
}
