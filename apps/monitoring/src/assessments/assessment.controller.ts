import {
  type Actor,
  AssessmentAccepted,
  AssessmentsQuery,
  encodeWire,
  HealthAssessment,
  HealthAssessmentPage,
  Id,
  PostAssessment,
} from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { Caller, CurrentActor, pageOf } from '@gimbal/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { AssessmentRepository, type AssessmentWithReports } from './assessment.repository.js';
import { AssessmentService } from './assessment.service.js';

@Controller('api/v1/assessments')
export class AssessmentController {
  constructor(
    private readonly service: AssessmentService,
    private readonly assessments: AssessmentRepository,
  ) {}

  @Post()
  @HttpCode(202)
  async request(
    @Body({ schema: PostAssessment }) request: z.output<typeof PostAssessment>,
    @CurrentActor() actor: Actor,
    @Caller() caller: string | undefined,
  ) {
    const assessmentId = await this.service.request(request, actor, caller);
    return encodeWire(AssessmentAccepted, { assessmentId, statusUrl: `/api/v1/assessments/${assessmentId}` });
  }

  @Get()
  async list(@Query({ schema: AssessmentsQuery }) { limit, cursor, ...filter }: z.output<typeof AssessmentsQuery>) {
    const rows = await this.assessments.list(filter, cursor, limit + 1);
    const page = pageOf(rows, limit, (row) => showAssessment({ ...row, details: null }));
    return encodeWire(HealthAssessmentPage, page);
  }

  @Get(':id')
  async get(@Param('id', { schema: Id }) id: string) {
    const found = await this.assessments.find(id);
    if (!found) throw new DomainError('assessment-not-found', 'There is no assessment with this id.');
    return encodeWire(HealthAssessment, showAssessment(found));
  }
}

/** Verdict words were written by this service; the schema checks them once more on the way out. */
function showAssessment(row: AssessmentWithReports): z.output<typeof HealthAssessment> {
  const { id, modelName, modelVersion, state, rows, labelledRows, driftDetected, summary, details, error } = row;
  return {
    ...{ id, modelName, modelVersion, state, rows, labelledRows, driftDetected, summary, details, error },
    from: row.from.toISOString(),
    until: row.until.toISOString(),
    verdict: row.verdict as z.output<typeof HealthAssessment>['verdict'],
    dataQuality: row.dataQuality as z.output<typeof HealthAssessment>['dataQuality'],
    performance: row.performance as z.output<typeof HealthAssessment>['performance'],
    driftReportId: row.driftReport?.id ?? null,
    dataQualityReportId: row.dataQualityReport?.id ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
