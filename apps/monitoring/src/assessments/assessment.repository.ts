import { type DatabaseTransaction, type HealthAssessment, type Prisma, toJson } from '@gimbal/db';
import { NEWEST_FIRST, OutboxWriter, olderThan } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { RequestedWindow } from '../judgement/assessment-details.js';
import type { JudgedVersion } from '../references/judged-version.js';

const REPORT_IDS = {
  driftReport: { select: { id: true } },
  dataQualityReport: { select: { id: true } },
} as const satisfies Prisma.HealthAssessmentInclude;

export type AssessmentWithReports = Prisma.HealthAssessmentGetPayload<{ include: typeof REPORT_IDS }>;

/** An assessment that somebody wants. */
export interface NewAssessment {
  readonly modelName: string;
  /** Decided already in a current window; null when the window decides. */
  readonly version: JudgedVersion | null;
  readonly trigger: 'manual' | 'schedule' | 'verification';
  /** Id of who asked. */
  readonly requestedBy: string;
  readonly from: Date;
  readonly until: Date;
  readonly window: RequestedWindow;
  readonly idempotencyKey: string | null;
}

/** The assessments. */
@Injectable()
export class AssessmentRepository {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxWriter,
  ) {}

  /** Writes the row and the job that carries it out, together. Null when the occasion (its idempotency key) has one already. */
  request(assessment: NewAssessment): Promise<string | null> {
    const { version, window, ...row } = assessment;
    return this.database.change(async (tx) => {
      const data = {
        ...row,
        modelId: version?.id ?? null,
        modelVersion: version?.version ?? null,
        details: toJson({ schemaVersion: 1, window }),
      };
      const [created] = await tx.healthAssessment.createManyAndReturn({ data: [data], skipDuplicates: true });
      if (!created) return null;
      await this.enqueue(tx, created.id);
      return created.id;
    });
  }

  /** Publishes the jobs of assessments again that are pending since before `before`: a queue may have lost them. */
  async driveAgain(before: Date): Promise<number> {
    const stale = await this.database.reader.healthAssessment.findMany({
      where: { state: 'pending', createdAt: { lt: before } },
      select: { id: true },
      take: 100,
    });
    if (stale.length === 0) return 0;
    await this.database.change(async (tx) => {
      for (const { id } of stale) await this.enqueue(tx, id);
    });
    return stale.length;
  }

  find(id: string): Promise<AssessmentWithReports | null> {
    return this.database.reader.healthAssessment.findUnique({ where: { id }, include: REPORT_IDS });
  }

  list(
    { model, verdict }: { readonly model?: string | undefined; readonly verdict?: string | undefined },
    cursor: string | undefined,
    take: number,
  ): Promise<Omit<AssessmentWithReports, 'details'>[]> {
    return this.database.reader.healthAssessment.findMany({
      where: {
        ...(model !== undefined && { modelName: model }),
        ...(verdict !== undefined && { verdict }),
        ...olderThan(cursor),
      },
      orderBy: NEWEST_FIRST,
      include: REPORT_IDS,
      omit: { details: true },
      take,
    });
  }

  /** The last one of a model that did not fail; null before the first. */
  findLatest(modelName: string): Promise<HealthAssessment | null> {
    return this.database.reader.healthAssessment.findFirst({
      where: { modelName, state: { not: 'failed' } },
      orderBy: NEWEST_FIRST,
    });
  }

  private async enqueue(tx: DatabaseTransaction, assessmentId: string): Promise<void> {
    await this.outbox.enqueue(tx, 'assessment.requested', { v: 1, assessmentId });
  }
}
