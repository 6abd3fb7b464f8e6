import type { Actor, ReviewVersion, VersionReviews } from '@gimbal/contracts';
import type { DatabaseReader } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { findVersion, lockModel } from '../models/version.repository.js';
import { findPolicy } from './policy.repository.js';
import { addReview, listReviews, standingReviews } from './review.repository.js';

type Reviews = z.output<typeof VersionReviews>;

/** A version that somebody says something about. */
export interface ReviewedVersion {
  readonly model: string;
  readonly version: number;
  readonly review: z.output<typeof ReviewVersion>;
  readonly reviewer: Actor;
}

/** What approvers say of versions, before a promotion asks for it. */
@Injectable()
export class ReviewService {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /**
   * Writes a review down; the last one of a reviewer counts. It is of this version alone, which never changes.
   * @throws DomainError `model-not-found`, `version-not-found`; `self-approval` for who registered it
   */
  async review({ model, version, review: { verdict, comment }, reviewer }: ReviewedVersion): Promise<Reviews> {
    return await this.database.change(async (tx) => {
      await lockModel(tx, model);
      const { createdBy } = await findVersion(tx, model, version);
      if (verdict === 'approved' && createdBy === reviewer.name)
        throw new DomainError(
          'self-approval',
          'The key that registered this version cannot approve it: another approver has to.',
        );
      const at = new Date();
      const id = await addReview(tx, { model, version, verdict, comment, reviewer, at });
      await this.audit.record(tx, {
        action: 'model.version-reviewed',
        key: String(id),
        subject: auditSubject(model, version),
        actor: reviewer.name,
        at,
        payload: { verdict, comment },
      });
      return await readReviews(tx, model, version);
    });
  }

  /** @throws DomainError `model-not-found`, `version-not-found` */
  async list(model: string, version: number): Promise<Reviews> {
    await findVersion(this.database.reader, model, version);
    return await readReviews(this.database.reader, model, version);
  }
}

async function readReviews(db: DatabaseReader, model: string, version: number): Promise<Reviews> {
  const { policy } = await findPolicy(db, model);
  const rows = await listReviews(db, model, version);
  return {
    modelName: model,
    version,
    needed: policy.approvals,
    given: standingReviews(rows).filter(({ verdict }) => verdict === 'approved').length,
    items: rows.map(({ verdict, reviewedBy, comment, createdAt }) => ({
      verdict,
      comment,
      reviewer: reviewedBy,
      at: createdAt.toISOString(),
    })),
  };
}
