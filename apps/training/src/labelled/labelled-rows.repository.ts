import type { DatabaseReader } from '@gimbal/db';

/** A logged prediction whose true outcome is known. */
export interface LabelledRow {
  /** As serving logged them: feature name -> value. */
  readonly features: Readonly<Record<string, unknown>>;
  /** True outcome: 1 positive, 0 negative. */
  readonly actual: 0 | 1;
  /** What the version answered, before the outcome was known. */
  readonly probability: number;
  readonly modelVersion: number;
  readonly createdAt: Date;
}

interface Wanted {
  readonly model: string;
  /** Labels and predictions received later do not count, so that another attempt finds the same rows. */
  readonly until: Date;
  /** The latest are taken. */
  readonly rowsMax: number;
}

/** The labelled predictions of a model, oldest first. Labels other than 0 and 1 are left out. */
export async function readLabelledRows(db: DatabaseReader, { model, until, rowsMax }: Wanted): Promise<LabelledRow[]> {
  const rows = await db.$queryRaw<LabelledRow[]>`
    SELECT p.features, l.actual, p.probability, p.model_version AS "modelVersion", p.created_at AS "createdAt"
      FROM prediction_labels l
      JOIN predictions p ON p.id = l.prediction_id AND p.created_at = l.prediction_created_at
     WHERE p.model_name = ${model} AND l.received_at <= ${until} AND p.received_at <= ${until} AND l.actual IN (0, 1)
     ORDER BY p.created_at DESC, p.id DESC
     LIMIT ${rowsMax}`;
  return rows.reverse();
}
