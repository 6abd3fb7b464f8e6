import type { Actor } from '@gimbal/contracts';
import type { DatabaseReader, DatabaseTransaction, VersionReview } from '@gimbal/db';
import type { StandingReview } from '@gimbal/domain';

/** Newest first. */
export async function listReviews(db: DatabaseReader, model: string, version: number): Promise<VersionReview[]> {
  return await db.versionReview.findMany({ where: { modelName: model, version }, orderBy: { id: 'desc' } });
}

/** The last word of each reviewer. @param reviews newest first */
export function standingReviews(reviews: readonly VersionReview[]): readonly StandingReview[] {
  const last = new Map<string, VersionReview>();
  for (const review of reviews) if (!last.has(review.reviewedBy)) last.set(review.reviewedBy, review);
  return [...last.values()].map(({ verdict, reviewerId: id, reviewedBy: name, comment }) => ({
    verdict,
    comment,
    reviewer: { id, name },
  }));
}

/** What somebody says of a version. */
export interface NewReview {
  readonly model: string;
  readonly version: number;
  readonly verdict: 'approved' | 'rejected';
  readonly comment: string;
  readonly reviewer: Actor;
  readonly at: Date;
}

/** @returns the running number of the review */
export async function addReview(tx: DatabaseTransaction, review: NewReview): Promise<bigint> {
  const { model, version, verdict, comment, reviewer, at } = review;
  const { id } = await tx.versionReview.create({
    data: {
      modelName: model,
      version,
      verdict,
      comment,
      reviewerId: reviewer.id,
      reviewedBy: reviewer.name,
      createdAt: at,
    },
  });
  return id;
}
