import type { MlflowHandlers, MlflowRequest } from '@gimbal/contracts';
import { Injectable } from '@nestjs/common';
import { type ChangedParam, type LogEntry, RunWriter } from '../../experiments/run-writer.js';
import { mlflowRunId, readRunId, runNotThere, runUuid } from '../ids.js';
import { invalidParameter, notThere } from '../mlflow-error.js';
import { checkRunActive } from './check-active.js';
import { checkMetricName, checkParam, checkRunName, checkTag } from './check-names.js';
import { RUN_NAME_TAG } from './run-json.js';

const METRICS_MAX = 1_000;
const PARAMS_AND_TAGS_MAX = 100;
const ENTITIES_MAX = 1_000;

type Batch = MlflowRequest<'logBatch'>;
type Metric = Batch['metrics'][number];
type LogRoutes = 'logMetric' | 'logParam' | 'logBatch' | 'setTag';

/** What MLflow's clients log to runs. */
@Injectable()
export class RunLogHandlers {
  readonly handlers: MlflowHandlers<LogRoutes> = {
    logMetric: async (request) => await this.write(readRunId(request), entryOfMetrics([request], ['']), singleChange),
    logParam: async (request) => {
      const params = [checkParam(request.key, request.value)];
      return await this.write(readRunId(request), { params }, singleChange);
    },
    setTag: async (request) => {
      const tags = [checkTag(request.key, request.value)];
      return await this.write(readRunId(request), entryOfTags(tags), singleChange);
    },
    logBatch: async (request) => await this.write(readBatchRunId(request), entryOfBatch(request), batchChange),
  };

  constructor(private readonly writer: RunWriter) {}

  /** @param refuse says that parameters would change */
  private async write(
    id: string,
    entry: LogEntry,
    refuse: (id: string, changed: readonly ChangedParam[]) => Error,
  ): Promise<object> {
    const outcome = await this.writer.log(id, entry);
    checkRunActive(id, outcome);
    if (outcome.missing !== null) throw notThere(`Logged model with ID '${outcome.missing}' not found.`);
    if (outcome.changed) throw refuse(id, outcome.changed);
    return {};
  }
}

/** Unlike other calls, a batch is told that its id can be no run's at all. */
function readBatchRunId({ run_id }: Batch): string {
  if (!/^[a-zA-Z0-9][\w-]{0,255}$/.test(run_id))
    throw invalidParameter(`Invalid value ${JSON.stringify(run_id.slice(0, 300))} for parameter 'run_id' supplied.`);
  const id = runUuid(run_id);
  if (id === undefined) throw runNotThere(run_id);
  return id;
}

function entryOfBatch({ metrics, params, tags }: Batch): LogEntry {
  checkCount('metrics', METRICS_MAX, metrics.length);
  checkCount('params', PARAMS_AND_TAGS_MAX, params.length);
  checkCount('tags', PARAMS_AND_TAGS_MAX, tags.length);
  checkCount('metrics, params, and tags', ENTITIES_MAX, metrics.length + params.length + tags.length);
  const checkedParams = params.map(({ key, value }, index) => checkParam(key, value, `params[${index}]`));
  refuseRepeatedKeys(checkedParams.map(({ key }) => key));
  const checkedTags = tags.map(({ key, value }, index) => checkTag(key, value, `tags[${index}]`));
  const paths = metrics.map((_, index) => `metrics[${index}]`);
  return { ...entryOfMetrics(metrics, paths), ...entryOfTags(checkedTags), params: checkedParams };
}

function checkCount(what: string, max: number, count: number): void {
  if (count > max)
    throw invalidParameter(
      `A batch logging request can contain at most ${max} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
    );
}

function refuseRepeatedKeys(keys: readonly string[]): void {
  const repeated = keys.filter((key, index) => keys.indexOf(key) < index);
  if (repeated.length > 0)
    throw invalidParameter(
      `Duplicate parameter keys have been submitted: ${pythonList(repeated)}. Please ensure the request contains only one param value per param key.`,
    );
}

/** @param paths where each stands in the request, for errors */
function entryOfMetrics(metrics: readonly Metric[], paths: readonly string[]): LogEntry {
  const points = metrics.map(({ key, value, timestamp, step = 0n, ...measured }, index) => {
    const path = paths[index] ?? '';
    checkMetricName(key, path);
    if (timestamp < 0)
      throw invalidParameter(
        `Invalid value ${timestamp} for parameter '${path === '' ? '' : `${path}.`}timestamp' supplied: metric '${key}' (value=${value}). Timestamp must be a nonnegative long (64-bit integer) `,
      );
    return { key, value, step, millis: timestamp, measured };
  });
  const modelMetrics = points.flatMap(({ measured: { model_id, dataset_name, dataset_digest }, ...point }) =>
    model_id
      ? [{ ...point, modelId: model_id, datasetName: dataset_name || null, datasetDigest: dataset_digest || null }]
      : [],
  );
  return { metrics: points, modelMetrics };
}

/** The tag that is the run's name is kept as its name. */
function entryOfTags(tags: readonly { readonly key: string; readonly value: string }[]): LogEntry {
  const name = tags.findLast(({ key }) => key === RUN_NAME_TAG)?.value;
  if (name === undefined) return { tags };
  if (name === '') throw invalidParameter('Run name must not be empty.');
  checkRunName(name);
  return { tags: tags.filter(({ key }) => key !== RUN_NAME_TAG), name };
}

const singleChange = (id: string, [changed]: readonly ChangedParam[]): Error =>
  invalidParameter(
    `Changing param values is not allowed. Param with key='${changed?.key}' was already logged with value='${changed?.present}' for run ID='${mlflowRunId(id)}'. Attempted logging new value '${changed?.wanted}'.`,
  );

const batchChange = (id: string, changed: readonly ChangedParam[]): Error => {
  const entries = changed.map(
    ({ key, present, wanted }) => `{'key': '${key}', 'old_value': '${present}', 'new_value': '${wanted}'}`,
  );
  return invalidParameter(
    `Changing param values is not allowed. Params were already logged='[${entries.join(', ')}]' for run ID='${mlflowRunId(id)}'.`,
  );
};

/** As MLflow's server writes a list into a sentence. */
const pythonList = (texts: readonly string[]): string => `[${texts.map((text) => `'${text}'`).join(', ')}]`;
