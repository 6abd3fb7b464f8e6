import type { Connection } from './connection.js';
import { Metric, type OrderedSearch, type Page, Run, type RunStatus, type Search, type ViewType } from './entities.js';
import { isMissing } from './mlflow-error.js';
import { pageOf, writeSearch } from './page.js';
import { object, toKeyValues } from './shape.js';

const ROOT = '/api/2.0/mlflow/runs';
const Answer = object({ run: Run });
const Nothing = object({});
const Found = pageOf('runs', Run);
const History = pageOf('metrics', Metric);

/** What one `log-batch` takes, as MLflow documents it. */
export const BATCH_MAX = { metrics: 1_000, params: 100, tags: 100, all: 1_000 } as const;

export interface NewRun {
  readonly experimentId: string;
  readonly runName?: string;
  readonly userId?: string;
  /** Milliseconds since 1970. */
  readonly startTime?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A point of a metric, as it is logged. */
export interface NewMetric extends Metric {
  /** Of the logged model that was measured; servers before 3.0 ignore it. */
  readonly modelId?: string;
  /** Of the table on which it was measured. */
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}

/** A table that a run read. */
export interface DatasetInput {
  readonly tags?: Readonly<Record<string, string>>;
  readonly dataset: {
    readonly name: string;
    readonly digest: string;
    readonly sourceType: string;
    readonly source: string;
    readonly schema?: string;
    readonly profile?: string;
  };
}

/** What was tried, and what came of it. */
export class Runs {
  constructor(private readonly connection: Connection) {}

  async create({ experimentId, runName, userId, startTime, tags = {} }: NewRun): Promise<Run> {
    const json = {
      experiment_id: experimentId,
      tags: toKeyValues(tags),
      ...(runName !== undefined && { run_name: runName }),
      ...(userId !== undefined && { user_id: userId }),
      ...(startTime !== undefined && { start_time: startTime }),
    };
    return (await this.connection.json({ method: 'POST', path: `${ROOT}/create`, json, repeat: 'never' }, Answer)).run;
  }

  /** Undefined when there is none with this id. */
  async find(runId: string): Promise<Run | undefined> {
    try {
      const call = { method: 'GET', path: `${ROOT}/get`, query: { run_id: runId } } as const;
      return (await this.connection.json(call, Answer)).run;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async search(
    search: OrderedSearch & { readonly experimentIds: readonly string[]; readonly viewType?: ViewType },
  ): Promise<Page<Run>> {
    const json = {
      ...writeSearch(search),
      experiment_ids: search.experimentIds,
      ...(search.viewType && { run_view_type: search.viewType }),
    };
    return await this.connection.json({ method: 'POST', path: `${ROOT}/search`, json }, Found);
  }

  async update(
    runId: string,
    change: { readonly status?: RunStatus; readonly endTime?: number; readonly runName?: string },
  ): Promise<void> {
    await this.tell('update', {
      run_id: runId,
      ...(change.status !== undefined && { status: change.status }),
      ...(change.endTime !== undefined && { end_time: change.endTime }),
      ...(change.runName !== undefined && { run_name: change.runName }),
    });
  }

  async delete(runId: string): Promise<void> {
    await this.tell('delete', { run_id: runId });
  }

  async restore(runId: string): Promise<void> {
    await this.tell('restore', { run_id: runId });
  }

  /**
   * At most {@link BATCH_MAX}. A point, a parameter or a tag that is there already is stored once; MLflow 2 refuses a whole batch with a NaN
   * that is there already.
   */
  async logBatch(
    runId: string,
    batch: {
      readonly metrics?: readonly NewMetric[];
      readonly params?: Readonly<Record<string, string>>;
      readonly tags?: Readonly<Record<string, string>>;
    },
  ): Promise<void> {
    await this.tell('log-batch', {
      run_id: runId,
      metrics: (batch.metrics ?? []).map(writeMetric),
      params: toKeyValues(batch.params ?? {}),
      tags: toKeyValues(batch.tags ?? {}),
    });
  }

  async deleteTag(runId: string, key: string): Promise<void> {
    await this.tell('delete-tag', { run_id: runId, key });
  }

  /** The same table again is stored once. */
  async logInputs(runId: string, inputs: readonly DatasetInput[]): Promise<void> {
    const datasets = inputs.map(({ tags = {}, dataset: { sourceType, ...dataset } }) => ({
      tags: toKeyValues(tags),
      dataset: { ...dataset, source_type: sourceType },
    }));
    await this.tell('log-inputs', { run_id: runId, datasets });
  }

  /** Logged models that the run read. Known to servers from 3.0 on. */
  async logModelInputs(runId: string, modelIds: readonly string[]): Promise<void> {
    await this.tell('log-inputs', { run_id: runId, models: modelIds.map((modelId) => ({ model_id: modelId })) });
  }

  /** Logged models that the run made. Known to servers from 3.0 on. */
  async logOutputs(
    runId: string,
    models: readonly { readonly modelId: string; readonly step: bigint }[],
  ): Promise<void> {
    await this.tell('outputs', {
      run_id: runId,
      models: models.map(({ modelId, step }) => ({ model_id: modelId, step })),
    });
  }

  async metricHistory(
    runId: string,
    key: string,
    { pageToken, maxResults }: Pick<Search, 'pageToken' | 'maxResults'> = {},
  ): Promise<Page<Metric>> {
    const query = { run_id: runId, metric_key: key, page_token: pageToken, max_results: maxResults };
    return await this.connection.json({ method: 'GET', path: '/api/2.0/mlflow/metrics/get-history', query }, History);
  }

  private async tell(action: string, json: object): Promise<void> {
    await this.connection.json({ method: 'POST', path: `${ROOT}/${action}`, json }, Nothing);
  }
}

const writeMetric = ({ modelId, datasetName, datasetDigest, value, ...metric }: NewMetric) => ({
  ...metric,
  value: writeReal(value),
  ...(modelId !== undefined && { model_id: modelId }),
  ...(datasetName !== undefined && { dataset_name: datasetName }),
  ...(datasetDigest !== undefined && { dataset_digest: datasetDigest }),
});

/** JSON has no word for these; Protocol Buffers write them as texts. */
const writeReal = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
