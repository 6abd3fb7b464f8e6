import { z } from 'zod';
import { JOB_CONSUMERS } from '../jobs.js';
import { wire } from '../wire.js';
import { Comment, Id, ModelName, PageQuery, page, Timestamp, VersionNumber } from './fields.js';

/** POST `/api/v1/assessments`: judge the predictions of [from, until); both default to the model's current window. */
export const PostAssessment = wire({ model: ModelName, from: Timestamp.optional(), until: Timestamp.optional() });
export const AssessmentAccepted = wire({ assessmentId: Id, statusUrl: z.string() });

export const VERDICTS = ['ok', 'warning', 'fault'] as const;
/** The four answers about a window, each with its full numbers in the report it names. `state` is `pending` until they are there. */
export const HealthAssessment = wire({
  id: Id,
  modelName: ModelName,
  modelVersion: VersionNumber.nullable(),
  state: z.enum(['pending', 'done', 'failed']),
  from: Timestamp,
  until: Timestamp,
  rows: z.int(),
  labelledRows: z.int(),
  /** One word for the whole: `healthy`, `drift`, `degraded`, `data-fault`, `insufficient`. */
  verdict: z.enum(['healthy', 'drift', 'degraded', 'data-fault', 'insufficient']).nullable(),
  dataQuality: z.enum(VERDICTS).nullable(),
  driftDetected: z.boolean().nullable(),
  performance: z.enum(['holds', 'degraded', 'insufficient']).nullable(),
  summary: z.string(),
  driftReportId: Id.nullable(),
  dataQualityReportId: Id.nullable(),
  /** Every number of the assessment, as the agent reads it; null in lists. */
  details: z.unknown(),
  error: z.string().nullable(),
  createdAt: Timestamp,
});
export const HealthAssessmentPage = page(HealthAssessment);
export const AssessmentsQuery = wire({
  ...PageQuery,
  model: ModelName.optional(),
  verdict: z.string().max(40).optional(),
});

export const DriftReport = wire({
  id: Id,
  assessmentId: Id,
  modelName: ModelName,
  modelVersion: VersionNumber,
  driftDetected: z.boolean(),
  driftScore: z.number(),
  driftedFeatures: z.array(z.string()),
  rows: z.int(),
  /** Test, statistic, p, effect size and bins of every feature; null in lists. */
  details: z.unknown(),
  reportUrl: z.string(),
  createdAt: Timestamp,
});
export const DriftReportPage = page(DriftReport);
export const DataQualityReport = wire({
  id: Id,
  assessmentId: Id,
  modelName: ModelName,
  modelVersion: VersionNumber,
  verdict: z.enum(VERDICTS),
  findings: z.unknown(),
  rows: z.int(),
  createdAt: Timestamp,
});
export const DataQualityReportPage = page(DataQualityReport);
export const ReportsQuery = wire({ ...PageQuery, model: ModelName.optional() });
export const PerformanceMetric = wire({
  id: Id,
  assessmentId: Id.nullable(),
  modelName: ModelName,
  modelVersion: VersionNumber,
  metricName: z.string(),
  metricValue: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  metadata: z.unknown(),
  createdAt: Timestamp,
});
export const PerformancePage = page(PerformanceMetric);
export const PerformanceQuery = wire({
  ...PageQuery,
  model: ModelName.optional(),
  metric: z.string().max(100).optional(),
});

export const ALERT_SEVERITIES = ['info', 'warning', 'critical'] as const;
export const Alert = wire({
  id: Id,
  alertType: z.string(),
  severity: z.enum(ALERT_SEVERITIES),
  modelName: ModelName.nullable(),
  title: z.string(),
  message: z.string(),
  status: z.enum(['active', 'acknowledged', 'resolved']),
  /** How often the same thing was found while the alert was open. */
  occurrences: z.int(),
  acknowledgedBy: z.string().nullable(),
  resolvedBy: z.string().nullable(),
  resolvedAt: Timestamp.nullable(),
  resolutionNotes: z.string().nullable(),
  createdAt: Timestamp,
  lastSeenAt: Timestamp,
});
export const AlertPage = page(Alert);
export const AlertsQuery = wire({
  ...PageQuery,
  status: z.enum(['active', 'acknowledged', 'resolved']).optional(),
  model: ModelName.optional(),
});
export const AlertNotes = wire({ notes: Comment });

/** GET `/api/v1/dead-letters`: jobs of a service that ran out of tries, or can never succeed; kept for a week. */
export const DeadLettersQuery = wire({ service: z.enum(JOB_CONSUMERS) });
export const DeadLetters = wire({
  /** The newest, at most 1 000. */
  items: z.array(
    wire({
      jobId: z.string(),
      /** Of the job, such as `webhook-delivery.due`. */
      name: z.string(),
      reason: z.string(),
      attempts: z.int().min(0),
      failedAt: Timestamp.nullable(),
    }),
  ),
});
/** POST `/api/v1/dead-letters/retry`: all the tries again for one job, or for all of them. */
export const RetryDeadLetters = wire({ service: z.enum(JOB_CONSUMERS), jobId: z.string().min(1).max(200).optional() });
export const DeadLettersRetried = wire({ retried: z.int().min(0) });

/** POST `/internal/alerts`: asked by the agent. The same `dedupKey` while an alert is open raises its count, not a second alert. */
export const RaiseAlert = wire({
  dedupKey: z.string().min(1).max(200),
  alertType: z.string().max(100),
  severity: z.enum(ALERT_SEVERITIES),
  modelName: ModelName.nullable(),
  title: z.string().max(200),
  message: z.string().max(4_000),
  decisionId: Id,
});
/** POST `/internal/reports`: writes the HTML report of an assessment, once per `decisionId`. */
export const GenerateReport = wire({ assessmentId: Id, decisionId: Id });
export const GeneratedReport = wire({ reportUrl: z.string(), driftReportId: Id });
/** POST `/internal/data-validations`: runs the expectation suite on the window of an assessment again, now. */
export const ValidateData = wire({ assessmentId: Id, decisionId: Id });
export const DataValidation = wire({
  assessmentId: Id,
  verdict: z.enum(VERDICTS),
  findings: z.array(
    wire({ code: z.string(), feature: z.string().nullable(), severity: z.string(), message: z.string() }),
  ),
  rows: z.int(),
  at: Timestamp,
});
