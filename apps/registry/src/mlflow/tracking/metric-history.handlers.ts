import type { MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import { decodeCursor, encodeCursor } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { mlflowRunId, readRunId, runNotThere } from '../ids.js';
import { invalidParameter } from '../mlflow-error.js';
import { type HistoryPlace, type HistoryPoint, MetricHistoryRows } from './metric-history.repository.js';

/** Clients that do not ask for pages get this many points, about 20 MB of JSON, and a token for more. */
const POINTS_MAX = 250_000;
const BULK_POINTS_MAX = 25_000;
const BULK_RUNS_MAX = 100;
const SAMPLE_MAX = 2_500;

const INT64_MAX = 2n ** 63n - 1n;
const isInt64 = (text: string): boolean =>
  /^-?\d{1,19}$/.test(text) && BigInt(text) <= INT64_MAX && BigInt(text) >= -INT64_MAX - 1n;

/** Time in milliseconds, step and value of the last point shown. */
const Place: z.ZodType<HistoryPlace> = z.tuple([
  z.number().min(0).max(8_640_000_000_000_000),
  z.string().refine(isInt64),
  z.union([z.number(), z.literal('NaN')]),
]);

/** Histories of metrics, whole, by page and sampled for charts. */
@Injectable()
export class MetricHistoryHandlers {
  readonly handlers: MlflowHandlers<'getMetricHistory' | 'getMetricHistoryBulk' | 'getMetricHistoryBulkInterval'> = {
    getMetricHistory: (request) => this.history(request),
    getMetricHistoryBulk: (request) => this.bulk(request),
    getMetricHistoryBulkInterval: (request) => this.sample(request),
  };

  constructor(private readonly rows: MetricHistoryRows) {}

  private async history({
    metric_key,
    max_results,
    page_token,
    ...named
  }: MlflowRequest<'getMetricHistory'>): Promise<object> {
    const id = readRunId(named);
    if (max_results !== undefined && max_results <= 0)
      throw invalidParameter(
        `Invalid value ${max_results} for parameter 'max_results' supplied. It must be a positive integer.`,
      );
    const limit = Math.min(max_results ?? POINTS_MAX, POINTS_MAX);
    const after = decodeCursor(Place, page_token || undefined);
    const points = await this.rows.page({ runId: id, key: metric_key, after, limit: limit + 1 });
    if (points.length === 0 && !(await this.rows.hasRun(id))) throw runNotThere(id);
    const shown = points.slice(0, limit);
    const last = points.length > limit ? shown.at(-1) : undefined;
    return {
      metrics: shown.map((point) => ({ key: metric_key, ...showPoint(point) })),
      ...(last && {
        next_page_token: encodeCursor([last.ms, last.step, Number.isNaN(last.value) ? 'NaN' : last.value]),
      }),
    };
  }

  private async bulk({
    run_id: runIds,
    metric_key,
    max_results = BULK_POINTS_MAX,
  }: MlflowRequest<'getMetricHistoryBulk'>): Promise<object> {
    if (runIds.length === 0) throw invalidParameter('GetMetricHistoryBulk request must specify at least one run_id.');
    if (runIds.length > BULK_RUNS_MAX)
      throw invalidParameter(
        `GetMetricHistoryBulk request cannot specify more than ${BULK_RUNS_MAX} run_ids. Received ${runIds.length} run_ids.`,
      );
    if (metric_key === undefined) throw invalidParameter('GetMetricHistoryBulk request must specify a metric_key.');
    const limit = Math.max(0, Math.min(max_results, BULK_POINTS_MAX));
    const points = await this.rows.ofRuns(
      runIds.map((run_id) => readRunId({ run_id })),
      metric_key,
      limit,
    );
    return { metrics: points.map((point) => showPointOfRun(metric_key, point)) };
  }

  private async sample(request: MlflowRequest<'getMetricHistoryBulkInterval'>): Promise<object> {
    const { run_ids: runIds, metric_key, start_step, end_step, max_results = SAMPLE_MAX } = request;
    if (runIds.length === 0)
      throw invalidParameter(
        "Missing value for required parameter 'run_ids'. See the API docs for more information about request parameters.",
      );
    if (runIds.length > BULK_RUNS_MAX)
      throw invalidParameter(
        `GetMetricHistoryBulkInterval request must specify at most ${BULK_RUNS_MAX} run_ids. Received ${runIds.length} run_ids.`,
      );
    if (max_results < 1 || max_results > SAMPLE_MAX)
      throw invalidParameter(`max_results must be between 1 and ${SAMPLE_MAX}.`);
    if ((start_step === undefined) !== (end_step === undefined))
      throw invalidParameter('If either start step or end step are specified, both must be specified.');
    if (start_step !== undefined && end_step !== undefined && start_step > end_step)
      throw invalidParameter(
        `end_step must be greater than start_step. Found start_step=${start_step} and end_step=${end_step}.`,
      );
    const ids = runIds.map((run_id) => readRunId({ run_id }));
    const points = await this.rows.sample({
      runIds: ids,
      key: metric_key,
      from: start_step,
      to: end_step,
      perRun: max_results,
    });
    return { metrics: points.map((point) => showPointOfRun(metric_key, point)) };
  }
}

/** Whole numbers that JSON's readers would round go as text; so do NaN and its kin, which JSON does not have. */
function showPoint({ ms, step, value }: HistoryPoint): object {
  const number = Number(step);
  return {
    value: Number.isFinite(value) ? value : String(value),
    timestamp: ms,
    step: Number.isSafeInteger(number) ? number : step,
  };
}

const showPointOfRun = (key: string, { run_id, ...point }: HistoryPoint & { readonly run_id: string }): object => ({
  key,
  ...showPoint(point),
  run_id: mlflowRunId(run_id),
});
