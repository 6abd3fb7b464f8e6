import type { DataQualityReport, DriftReport, PerformanceMetric } from '@gimbal/db';
import { NEWEST_FIRST, olderThan } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { ReportSubject } from './page/render-report.js';
import { readDetails } from './read-details.js';

export interface ReportPaging {
  readonly model?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** What a page is made from, and where it is kept. */
export interface StoredReport {
  readonly driftReportId: string;
  readonly digest: string | null;
  readonly subject: ReportSubject;
}

const byModel = (model: string | undefined) => (model === undefined ? {} : { modelName: model });

/** The reports of assessments. */
@Injectable()
export class ReportRepository {
  constructor(private readonly database: Database) {}

  /** One row more than the limit, when there is a next page; without the details, which are for single reports. */
  listDrift({ model, cursor, limit }: ReportPaging): Promise<Omit<DriftReport, 'details'>[]> {
    const where = { ...byModel(model), ...olderThan(cursor) };
    const omit = { details: true } as const;
    return this.database.reader.driftReport.findMany({ where, orderBy: NEWEST_FIRST, omit, take: limit + 1 });
  }

  findDrift(id: string): Promise<DriftReport | null> {
    return this.database.reader.driftReport.findUnique({ where: { id } });
  }

  listQuality({ model, cursor, limit }: ReportPaging): Promise<DataQualityReport[]> {
    const where = { ...byModel(model), ...olderThan(cursor) };
    return this.database.reader.dataQualityReport.findMany({ where, orderBy: NEWEST_FIRST, take: limit + 1 });
  }

  listMetrics({
    model,
    metric,
    cursor,
    limit,
  }: ReportPaging & { readonly metric?: string | undefined }): Promise<PerformanceMetric[]> {
    const where = { ...byModel(model), ...(metric !== undefined && { metricName: metric }), ...olderThan(cursor) };
    return this.database.reader.performanceMetric.findMany({ where, orderBy: NEWEST_FIRST, take: limit + 1 });
  }

  findByDriftReport(id: string): Promise<StoredReport | null> {
    return this.findStored({ id });
  }

  findByAssessment(assessmentId: string): Promise<StoredReport | null> {
    return this.findStored({ assessmentId });
  }

  /** Notes where the page of a report is kept. */
  async keepPath({ driftReportId, subject }: StoredReport, digest: string): Promise<void> {
    await this.database.change(async (tx) => {
      await tx.driftReport.update({ where: { id: driftReportId }, data: { reportPath: digest } });
      await tx.healthAssessment.update({ where: { id: subject.assessmentId }, data: { reportPath: digest } });
    });
  }

  private async findStored(where: { id: string } | { assessmentId: string }): Promise<StoredReport | null> {
    const row = await this.database.reader.driftReport.findUnique({
      where,
      select: { id: true, reportPath: true, assessment: true },
    });
    if (!row) return null;
    const { assessment } = row;
    return {
      driftReportId: row.id,
      digest: row.reportPath,
      subject: {
        assessmentId: assessment.id,
        modelName: assessment.modelName,
        requestedAt: assessment.createdAt.toISOString(),
        verdict: assessment.verdict ?? 'insufficient',
        summary: assessment.summary,
        details: readDetails(assessment.details),
      },
    };
  }
}
