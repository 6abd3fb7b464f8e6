import {
  DataQualityReport,
  DataQualityReportPage,
  DriftReport,
  DriftReportPage,
  encodeWire,
  GeneratedReport,
  GenerateReport,
  Id,
  PerformanceMetric,
  PerformancePage,
  PerformanceQuery,
  ReportsQuery,
  VERDICTS,
} from '@gimbal/contracts';
import type {
  DataQualityReport as DataQualityReportRow,
  DriftReport as DriftReportRow,
  PerformanceMetric as PerformanceMetricRow,
} from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { CallableBy, pageOf } from '@gimbal/platform';
import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { ReportRepository } from './report.repository.js';
import { ReportService } from './report.service.js';

/** One inline style, no script, nothing fetched. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";
const Names = z.array(z.string());
const Verdict = z.enum(VERDICTS);

@Controller()
export class ReportController {
  constructor(
    private readonly service: ReportService,
    private readonly reports: ReportRepository,
  ) {}

  @Get('api/v1/drift-reports')
  async listDrift(@Query({ schema: ReportsQuery }) paging: z.output<typeof ReportsQuery>) {
    const rows = await this.reports.listDrift(paging);
    const page = pageOf(rows, paging.limit, (row) => showDriftReport({ ...row, details: null }));
    return encodeWire(DriftReportPage, page);
  }

  @Get('api/v1/drift-reports/:id.html')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', PAGE_POLICY)
  page(@Param('id', { schema: Id }) id: string): Promise<string> {
    return this.service.page(id);
  }

  @Get('api/v1/drift-reports/:id')
  async getDrift(@Param('id', { schema: Id }) id: string) {
    const found = await this.reports.findDrift(id);
    if (!found) throw new DomainError('report-not-found', 'There is no drift report with this id.');
    return encodeWire(DriftReport, showDriftReport(found));
  }

  @Get('api/v1/data-quality-reports')
  async listQuality(@Query({ schema: ReportsQuery }) paging: z.output<typeof ReportsQuery>) {
    const rows = await this.reports.listQuality(paging);
    return encodeWire(DataQualityReportPage, pageOf(rows, paging.limit, showQualityReport));
  }

  @Get('api/v1/performance')
  async listPerformance(@Query({ schema: PerformanceQuery }) query: z.output<typeof PerformanceQuery>) {
    const rows = await this.reports.listMetrics(query);
    return encodeWire(PerformancePage, pageOf(rows, query.limit, showMetric));
  }

  @Post('internal/reports')
  @HttpCode(200)
  @CallableBy('agent')
  async generate(@Body({ schema: GenerateReport }) { assessmentId }: z.output<typeof GenerateReport>) {
    const driftReportId = await this.service.generate(assessmentId);
    return encodeWire(GeneratedReport, { driftReportId, reportUrl: reportUrl(driftReportId) });
  }
}

const reportUrl = (id: string): string => `/api/v1/drift-reports/${id}.html`;

type Shown<Row> = Omit<Row, 'details'> & { readonly details: unknown };

function showDriftReport(row: Shown<DriftReportRow>): z.output<typeof DriftReport> {
  const { id, assessmentId, modelName, modelVersion, driftDetected, driftScore, rows, details } = row;
  return {
    ...{ id, assessmentId, modelName, modelVersion, driftDetected, driftScore, rows, details },
    driftedFeatures: Names.parse(row.driftedFeatures),
    reportUrl: reportUrl(id),
    createdAt: row.createdAt.toISOString(),
  };
}

function showQualityReport(row: DataQualityReportRow): z.output<typeof DataQualityReport> {
  const { id, assessmentId, modelName, modelVersion, findings, rows } = row;
  return {
    ...{ id, assessmentId, modelName, modelVersion, findings, rows },
    verdict: Verdict.parse(row.verdict),
    createdAt: row.createdAt.toISOString(),
  };
}

function showMetric(row: PerformanceMetricRow): z.output<typeof PerformanceMetric> {
  const { id, assessmentId, modelName, modelVersion, metricName, metricValue, low, high, metadata } = row;
  return {
    ...{ id, assessmentId, modelName, modelVersion, metricName, metricValue, low, high, metadata },
    createdAt: row.createdAt.toISOString(),
  };
}
