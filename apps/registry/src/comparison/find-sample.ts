import { Features, type PredictionComparison } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { type ArtifactStore } from '@gimbal/platform';
import { z } from 'zod';
import type { VersionRow } from '../models/show-version.js';
import { readRunFile } from './read-run-file.js';

/** Rows of a sample that nobody sent. */
const ROWS_MAX = 100;

const Example = z.object({ rows: z.array(Features).min(1) });

export interface Sample {
  readonly sample: PredictionComparison['sample'];
  readonly rows: readonly z.output<typeof Features>[];
}

/**
 * Rows that two versions can be compared on: those that the model was asked last, else the example that a training stored with one of them.
 * @throws DomainError `not-enough-data`
 */
export async function findSample(
  db: DatabaseReader,
  store: Pick<ArtifactStore, 'read'>,
  versions: readonly VersionRow[],
): Promise<Sample> {
  const modelName = versions[0]!.modelName; // two versions of a model are compared
  const logged = await db.prediction.findMany({
    where: { modelName },
    orderBy: { createdAt: 'desc' },
    take: ROWS_MAX,
    select: { features: true },
  });
  if (logged.length > 0) return { sample: 'logged', rows: logged.map(({ features }) => Features.parse(features)) };
  for (const { runId } of versions) {
    const example = Example.safeParse(await readRunFile(db, store, { runId, path: 'input-example.json' }));
    if (example.success) return { sample: 'example', rows: example.data.rows.slice(0, ROWS_MAX) };
  }
  throw new DomainError(
    'not-enough-data',
    'The model was asked nothing yet, and no rows are stored with it: send rows.',
  );
}
