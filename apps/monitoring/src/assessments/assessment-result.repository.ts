import { type DatabaseTransaction, type HealthAssessment, toJson } from '@gimbal/db';
import { OutboxWriter } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { AlertService } from '../alerts/alert.service.js';
import { Database } from '../database/database.js';
import type { Judgement } from '../judgement/judge-assessment.service.js';
import { listMetrics } from '../judgement/list-metrics.js';
import type { JudgedVersion } from '../references/judged-version.js';

/** Keeps what assessments came to. */
@Injectable()
export class AssessmentResultRepository {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxWriter,
    private readonly alerts: AlertService,
  ) {}

  /**
   * Writes the assessment, its reports and its metrics, and tells the agent: all or nothing, and once.
   * @param reportPath digest of the stored page; null when it could not be stored
   * @returns false when the assessment had its end already
   */
  saveDone({ id, modelName }: HealthAssessment, judgement: Judgement, reportPath: string | null): Promise<boolean> {
    const { version, conclusion, summary, details } = judgement;
    return this.database.change(async (tx) => {
      const { count } = await tx.healthAssessment.updateMany({
        where: { id, state: 'pending' },
        data: {
          state: 'done',
          modelId: version?.id ?? null,
          modelVersion: version?.version ?? null,
          rows: details.window.rows,
          labelledRows: details.window.labelledRows,
          ...conclusion,
          summary,
          details: toJson(details),
          reportPath,
          error: null,
          completedAt: new Date(),
        },
      });
      if (count === 0) return false;
      if (version) await this.saveReports(tx, { assessmentId: id, version, judgement, reportPath });
      await this.outbox.enqueue(tx, 'health.assessed', { v: 1, assessmentId: id, modelName });
      return true;
    });
  }

  /** Writes that an assessment could not be carried out, and raises the alert that says so. */
  saveFailed({ id, modelName }: HealthAssessment, error: string): Promise<boolean> {
    return this.database.change(async (tx) => {
      const data = { state: 'failed', error, completedAt: new Date() } as const;
      const { count } = await tx.healthAssessment.updateMany({ where: { id, state: 'pending' }, data });
      if (count === 0) return false;
      await this.alerts.raiseIn(
        tx,
        {
          dedupKey: `assessment-failed:${modelName}`,
          alertType: 'assessment-failed',
          severity: 'warning',
          modelName,
          title: `${modelName} could not be assessed`,
          message: `${error} (assessment ${id})`,
          assessmentId: id,
          decisionId: null,
        },
        'monitoring',
      );
      return true;
    });
  }

  private async saveReports(tx: DatabaseTransaction, { assessmentId, version, judgement, reportPath }: SavedReports) {
    const { details, conclusion } = judgement;
    const { quality, drift } = details;
    const subject = { assessmentId, modelId: version.id, modelName: version.modelName, modelVersion: version.version };
    await tx.driftReport.create({
      data: {
        ...subject,
        driftDetected: conclusion.driftDetected ?? false,
        driftScore: drift?.driftedShare ?? 0,
        driftedFeatures: toJson(drift?.driftedFeatures ?? []),
        details: toJson(
          drift ?? { verdict: 'insufficient', reasons: ['there is no reference profile to compare with'] },
        ),
        rows: details.window.rows,
        referenceRows: drift?.referenceRows ?? 0,
        reportPath,
      },
    });
    if (quality) {
      const { verdict, findings } = quality;
      await tx.dataQualityReport.create({
        data: { ...subject, verdict, findings: toJson(findings), details: toJson(quality), rows: quality.rows },
      });
    }
    if (details.operations) {
      const metrics = listMetrics(details, details.operations);
      await tx.performanceMetric.createMany({
        data: metrics.map((metric) => ({ ...subject, ...metric, metadata: toJson(metric.metadata) })),
      });
    }
  }
}

interface SavedReports {
  readonly assessmentId: string;
  readonly version: JudgedVersion;
  readonly judgement: Judgement;
  readonly reportPath: string | null;
}
