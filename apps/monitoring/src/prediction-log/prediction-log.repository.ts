import type { JobPayload } from '@gimbal/contracts';
import { storableJson, storableText } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { shareLabelTurn } from './label-turn.js';

export type LoggedRow = JobPayload<'prediction.logged'>['rows'][number];

/** What became of a batch. */
export interface AppendOutcome {
  /** Rows that were new, by model. */
  readonly written: ReadonlyMap<string, number>;
  /** Model version ids that the registry does not know: their rows can't be stored. */
  readonly unknownVersions: readonly string[];
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
      const known = await tx.modelVersion.findMany({
        where: { id: { in: [...new Set(rows.map(({ modelVersionId }) => modelVersionId))] } },
        select: { id: true },
      });
      const ids = new Set(known.map(({ id }) => id));
      const storable = rows.filter(({ modelVersionId }) => ids.has(modelVersionId));
      const unknown = rows.filter(({ modelVersionId }) => !ids.has(modelVersionId));
      const stored = await tx.$queryRaw<{ model: string; rows: number }[]>`
        WITH incoming AS (
          SELECT * FROM unnest(
            ${storable.map(({ id }) => id)}::uuid[],
            ${storable.map(({ createdAt }) => createdAt)}::timestamptz[],
            ${storable.map(({ modelVersionId }) => modelVersionId)}::uuid[],
            ${storable.map(({ features }) => storableJson(features))}::jsonb[],
            ${storable.map(({ prediction }) => prediction)}::float8[],
            ${storable.map(({ probability }) => probability)}::float8[],
            ${storable.map(({ threshold }) => threshold)}::float8[],
            ${storable.map(({ latencyMs }) => latencyMs)}::float8[],
            ${storable.map(({ warnings }) => storableJson(warnings))}::jsonb[],
            ${storable.map(({ requestId }) => storableText(requestId))}::text[]
          ) AS row (id, created_at, model_id, features, prediction, probability, threshold, latency_ms, warnings, request_id)
        ), written AS (
          INSERT INTO predictions (id, created_at, model_id, model_name, model_version, features, prediction, probability,
                                   threshold, latency_ms, warnings, request_id, actual)
          SELECT r.id, r.created_at, r.model_id, v.model_name, v.version, r.features, r.prediction, r.probability,
                 r.threshold, r.latency_ms, r.warnings, r.request_id, l.actual
          FROM incoming r
          JOIN model_versions v ON v.id = r.model_id
          LEFT JOIN prediction_labels l ON l.prediction_id = r.id
          ON CONFLICT DO NOTHING
          RETURNING id, created_at, model_name
        ), matched AS (
          UPDATE prediction_labels l SET prediction_created_at = w.created_at FROM written w WHERE l.prediction_id = w.id
        )
        SELECT model_name AS model, count(*)::int AS rows FROM written GROUP BY model_name`;
      return {
        written: new Map(stored.map(({ model, rows: count }) => [model, count])),
        unknownVersions: [...new Set(unknown.map(({ modelVersionId }) => modelVersionId))],
      };
    });
  }
}
