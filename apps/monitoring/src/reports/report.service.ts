import { DomainError } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import { renderReport } from './page/render-report.js';
import { ReportRepository } from './report.repository.js';
import { ReportStore } from './report-store.js';

/** Report pages: kept once, and made again from the stored numbers when the file is gone. */
@Injectable()
export class ReportService {
  constructor(
    private readonly reports: ReportRepository,
    private readonly store: ReportStore,
  ) {}

  /** The page of a drift report. @throws DomainError `report-not-found` */
  async page(driftReportId: string): Promise<string> {
    const report = await this.reports.findByDriftReport(driftReportId);
    if (!report) throw notFound();
    const kept = report.digest === null ? null : await this.store.read(report.digest);
    return kept ?? renderReport(report.subject);
  }

  /**
   * Sees to it that the page of an assessment is kept. The same page again is the same file, so it may be repeated.
   * @returns the id of the drift report
   * @throws DomainError `report-not-found` (no such assessment, or not done) · `storage-full` · `storage-failed`
   */
  async generate(assessmentId: string): Promise<string> {
    const report = await this.reports.findByAssessment(assessmentId);
    if (!report) throw notFound();
    if (report.digest === null || !(await this.store.has(report.digest)))
      await this.reports.keepPath(report, await this.store.put(report.subject));
    return report.driftReportId;
  }
}

const notFound = (): DomainError =>
  new DomainError('report-not-found', 'There is no such report, or its assessment is not done.');
