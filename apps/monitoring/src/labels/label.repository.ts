import type { DatabaseTransaction } from '@gimbal/db';
import type { StatedLabel } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import { type FramedVersion, readFrames } from '../prediction-log/label-frames.js';
import type { LabelConflict, ReportedLabel, StandingLabel } from './count-label-outcomes.js';

interface KeptLabel {
  readonly id: string;
  readonly actual: number | null;
  readonly stated: StatedLabel | null;
  readonly matched: boolean;
}

/** The labels; call it in a transaction that has the turn of labels. */
@Injectable()
export class LabelRepository {
  /** What the versions answer that made these predictions, by the prediction's id; one that is not in the log is absent. */
  async findFrames(tx: DatabaseTransaction, ids: readonly string[]): Promise<Map<string, FramedVersion>> {
    const found = await tx.$queryRaw<{ id: string; versionId: string }[]>`
      SELECT DISTINCT ON (id) id, model_id AS "versionId" FROM predictions
      WHERE id = ANY(${ids}::uuid[]) ORDER BY id, created_at`;
    const frames = await readFrames(tx, new Set(found.map(({ versionId }) => versionId)));
    return new Map(
      found.flatMap(({ id, versionId }) => {
        const frame = frames.get(versionId);
        return frame ? [[id, frame]] : [];
      }),
    );
  }

  /**
   * Stores those labels whose prediction has none, joins them with their predictions, and tells for every prediction which label stands.
   * A label that fits takes the place of an early one that turned out not to.
   * @param labels at most one for each prediction
   */
  async keep(
    tx: DatabaseTransaction,
    labels: readonly ReportedLabel[],
    source: string,
  ): Promise<Map<string, StandingLabel>> {
    const ids = labels.map(({ predictionId }) => predictionId);
    const kept = await tx.$queryRaw<KeptLabel[]>`
      WITH reported AS (
        SELECT id, actual, stated, NULLIF(observed_at, '')::timestamptz AS observed_at
        FROM unnest(
          ${ids}::uuid[],
          ${labels.map(({ actual }) => actual)}::float8[],
          ${labels.map(({ stated }) => JSON.stringify(stated))}::jsonb[],
          ${labels.map(({ observedAt }) => observedAt ?? '')}::text[]
        ) AS label (id, actual, stated, observed_at)
      ), kept AS (
        INSERT INTO prediction_labels AS l (prediction_id, prediction_created_at, actual, stated, observed_at, source)
        SELECT DISTINCT ON (r.id) r.id, p.created_at, r.actual, CASE WHEN r.actual IS NULL THEN r.stated END,
               r.observed_at, ${source}
        FROM reported r LEFT JOIN predictions p ON p.id = r.id
        ORDER BY r.id, p.created_at
        ON CONFLICT (prediction_id) DO UPDATE
          SET actual = EXCLUDED.actual, stated = NULL, observed_at = EXCLUDED.observed_at, source = EXCLUDED.source
          WHERE l.actual IS NULL AND EXCLUDED.actual IS NOT NULL
        RETURNING prediction_id, prediction_created_at, actual, stated
      ), joined AS (
        UPDATE predictions p SET actual = k.actual FROM kept k
        WHERE p.id = k.prediction_id AND p.created_at = k.prediction_created_at
      )
      SELECT prediction_id AS id, actual, stated, prediction_created_at IS NOT NULL AS matched FROM kept`;
    const standing = new Map(kept.map((label) => [label.id, toStanding(label, 'new')]));
    const rest = ids.filter((id) => !standing.has(id));
    const before = await tx.$queryRaw<KeptLabel[]>`
      SELECT prediction_id AS id, actual, stated, prediction_created_at IS NOT NULL AS matched
      FROM prediction_labels WHERE prediction_id = ANY(${rest}::uuid[])`;
    for (const label of before) standing.set(label.id, toStanding(label, 'known'));
    return standing;
  }

  /** Remembers that another value was said; the first one stays. */
  async noteConflicts(tx: DatabaseTransaction, conflicts: readonly LabelConflict[]): Promise<void> {
    if (conflicts.length === 0) return;
    await tx.$executeRaw`
      UPDATE prediction_labels l
      SET conflict_count = l.conflict_count + c.count, conflicting_actual = c.stated, conflicted_at = now()
      FROM unnest(
        ${conflicts.map(({ predictionId }) => predictionId)}::uuid[],
        ${conflicts.map(({ count }) => count)}::int[],
        ${conflicts.map(({ stated }) => JSON.stringify(stated))}::jsonb[]
      ) AS c (id, count, stated)
      WHERE l.prediction_id = c.id`;
  }
}

const toStanding = ({ actual, stated, matched }: KeptLabel, since: 'new' | 'known'): StandingLabel => ({
  ...{ actual, stated },
  isNew: since === 'new',
  isMatched: matched,
});
