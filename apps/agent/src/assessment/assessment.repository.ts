import type { DatabaseReader } from '@gimbal/db';
import type { AssessmentEvidence } from '@gimbal/domain';
import { type AssessmentRow, readEvidence } from './read-evidence.js';

const WITH_EVALUATION = { model: { select: { evaluation: true } } } as const;

/** A finished or failed assessment with its version's evaluation; null when there is none, or it is still under way. */
export async function findAssessment(
  db: DatabaseReader,
  id: string,
): Promise<(AssessmentRow & { readonly state: string }) | null> {
  const row = await db.healthAssessment.findUnique({ where: { id }, include: WITH_EVALUATION });
  return row && row.state !== 'pending' ? row : null;
}

/** The last finished look at a version; null before the first. */
export async function findNewestEvidence(
  db: DatabaseReader,
  modelName: string,
  modelVersion: number,
): Promise<AssessmentEvidence | null> {
  const row = await db.healthAssessment.findFirst({
    where: { modelName, modelVersion, state: 'done' },
    orderBy: [{ completedAt: { sort: 'desc', nulls: 'last' } }, { id: 'desc' }],
    include: WITH_EVALUATION,
  });
  return row && readEvidence(row);
}
