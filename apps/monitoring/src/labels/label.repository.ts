import type { DatabaseTransaction } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import type { LabelConflict, ReportedLabel, StandingLabel } from './count-label-outcomes.js';

/** The labels; call it in a transaction that has the turn of labels. */
@Injectable()
export class LabelRepository {
  /**
   * Stores those labels whose prediction has none, joins them with their predictions, and tells for every prediction which label stands.
   * @param labels at most one for each prediction
   */
  async keep(
    tx: DatabaseTransaction,
    labels: readonly ReportedLabel[],
    source: string,
  ): Promise<Map<string, StandingLabel>> {
    const ids = labels.map(({ predictionId }) => predictionId);
    const kept = await tx.$queryRaw<{ id: string; actual: number; matched: boolean }[]>`
      WITH reported AS (
        SELECT id, actual, NULLIF(observed_at, '')::timestamptz AS observed_at
        FROM unnest(
          ${ids}::uuid[],
          ${labels.map(({ actual }) => actual)}::float8[],
          ${labels.map(({ observedAt }) => observedAt ?? '')}::text[]
        ) AS label (id, actual, observed_at)
      ), kept AS (
        INSERT INTO prediction_labels (prediction_id, prediction_created_at, actual, observed_at, source)
        SELECT DISTINCT ON (r.id) r.id, p.created_at, r.actual, r.observed_at, ${source}
        FROM reported r LEFT JOIN predictions p ON p.id = r.id
        ORDER BY r.id, p.created_at
        ON CONFLICT (prediction_id) DO NOTHING
        RETURNING prediction_id, prediction_created_at, actual
      ), joined AS (
        UPDATE predictions p SET actual = k.actual FROM kept k
        WHERE p.id = k.prediction_id AND p.created_at = k.prediction_created_at
      )
      SELECT prediction_id AS id, actual, prediction_created_at IS NOT NULL AS matched FROM kept`;
    const standing = new Map<string, StandingLabel>(
      kept.map(({ id, actual, matched }) => [id, { actual, isNew: true, isMatched: matched }]),
    );
    const rest = ids.filter((id) => !standing.has(id));
    const before = await tx.$queryRaw<{ id: string; actual: number; matched: boolean }[]>`
      SELECT prediction_id AS id, actual, prediction_created_at IS NOT NULL AS matched
      FROM prediction_labels WHERE prediction_id = ANY(${rest}::uuid[])`;
    for (const { id, actual, matched } of before) standing.set(id, { actual, isNew: false, isMatched: matched });
    return standing;
  }

  /** Remembers that another value was said; the first one stays. */
  async noteConflicts(tx: DatabaseTransaction, conflicts: readonly LabelConflict[]): Promise<void> {
    if (conflicts.length === 0) return;
    await tx.$executeRaw`
      UPDATE prediction_labels l
      SET conflict_count = l.conflict_count + c.count, conflicting_actual = c.actual, conflicted_at = now()
      FROM unnest(
        ${conflicts.map(({ predictionId }) => predictionId)}::uuid[],
        ${conflicts.map(({ count }) => count)}::int[],
        ${conflicts.map(({ actual }) => actual)}::float8[]
      ) AS c (id, count, actual)
      WHERE l.prediction_id = c.id`;
  }
}
