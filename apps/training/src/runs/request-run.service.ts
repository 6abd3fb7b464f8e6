import { randomUUID } from 'node:crypto';
import type {
  Actor,
  AlgorithmName,
  DatasetVersion,
  JobPayload,
  Retrain,
  Search,
  TrainingData,
} from '@gimbal/contracts';
import { type DatabaseTransaction, toJson } from '@gimbal/db';
import { AuditTrail, deriveId, InvalidInputError, OutboxWriter } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { AuditedAction } from '../audit/audited-action.js';
import { RegistryClient } from '../clients/registry.client.js';
import { DatasetService } from '../data/dataset.service.js';
import { Database } from '../database/database.js';
import { StoredData, type StoredRequest } from '../execution/claimed-run.js';
import type { ModelConfig } from '../model-config/load-model-config.js';
import { MODEL_CONFIG } from '../model-config/model-config.module.js';
import { readSearch } from '../search/read-search.js';

type Requested = JobPayload<'training.requested'>;

/** Where a run came from, beside its request. */
interface Origin {
  readonly scheduleName?: string;
  /** The same key again is the same run. */
  readonly idempotencyKey?: string;
}

/** A run that a schedule begins. */
interface ScheduledRun extends Required<Origin> {
  readonly id: string;
  readonly model: string;
  readonly data: TrainingData;
  readonly actor: Actor;
}

/** Begins training runs: the row, the job and the audit event in one transaction. */
@Injectable()
export class RequestRunService {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxWriter,
    private readonly audit: AuditTrail<AuditedAction>,
    private readonly datasets: DatasetService,
    private readonly registry: RegistryClient,
    @Inject(MODEL_CONFIG) private readonly defaults: ModelConfig,
  ) {}

  /**
   * Begins a run that a person asked for. The same request under the same key of the same person is the same run, however often it comes:
   * the gateway may have been killed before it could note its answer.
   * @returns its id
   * @throws DomainError `dataset-not-found`; `validation-failed` naming all that is wrong with a search
   */
  async retrain(request: Retrain, actor: Actor, idempotencyKey?: string): Promise<string> {
    const { model, algorithms = null, testSize = null, seed = null, search = null, reason = '', promote } = request;
    const data = {
      ...(await this.chooseRows(request, actor)),
      ...(request.includeLabelled && { labelledUntil: new Date().toISOString() }),
    };
    if (search) this.refuseSearch(search, data);
    const payload: Requested = {
      v: 1,
      trainingRunId:
        idempotencyKey === undefined
          ? randomUUID()
          : deriveId(JSON.stringify(['retrain', actor.id, idempotencyKey, request])),
      modelName: model ?? (data.version === undefined ? this.defaults.model : data.dataset),
      data,
      algorithms: algorithms && [...new Set<AlgorithmName>(algorithms)],
      testSize,
      seed,
      search,
      reason,
      requestedBy: actor,
      decisionId: null,
      promote,
    };
    await this.database.change((tx) => this.begin(tx, payload, {}));
    return payload.trainingRunId;
  }

  /**
   * What a model is trained on again when nobody says otherwise: what its live version learned from, else its last training that succeeded.
   * Of an uploaded dataset that is the latest version. A model that was never trained learns from the dataset of its name, and the
   * configured model from the configured one; never from anything else.
   * @throws DomainError `dataset-not-found`
   */
  async findDataOf(model: string, actor: Actor): Promise<TrainingData> {
    const last = await this.findLastData(model);
    const name = last?.dataset ?? (model === this.defaults.model ? this.defaults.dataset : model);
    if (last?.version !== undefined || !this.datasets.isDescribed(name))
      return { dataset: name, version: await this.registry.latestDatasetVersion(name, actor) };
    return this.chooseData(name, name === this.defaults.dataset ? undefined : last?.parts);
  }

  private async findLastData(modelName: string): Promise<TrainingData | null> {
    const { modelVersion, trainingRun } = this.database.reader;
    const live = await modelVersion.findFirst({
      where: { modelName, isActive: true },
      select: { trainingRunId: true },
    });
    const row = await trainingRun.findFirst({
      where: live?.trainingRunId ? { id: live.trainingRunId } : { modelName, state: 'succeeded' },
      orderBy: { createdAt: 'desc' },
      select: { data: true },
    });
    return row && StoredData.parse(row.data);
  }

  /** Begins the run of a schedule's turn with everything but its data at its default; in the transaction of the caller. */
  async retrainOnSchedule(
    tx: DatabaseTransaction,
    { model, data, actor, scheduleName, idempotencyKey, id }: ScheduledRun,
  ): Promise<void> {
    const payload: Requested = {
      v: 1,
      trainingRunId: id,
      modelName: model,
      data,
      algorithms: null,
      testSize: null,
      seed: null,
      reason: `Schedule ${scheduleName}.`,
      requestedBy: actor,
      decisionId: null,
      promote: 'when-admitted',
    };
    await this.begin(tx, payload, { scheduleName, idempotencyKey });
  }

  /** Makes sure that the run of a job has its row: the agent asks by a job alone. */
  async ensure(payload: Requested): Promise<void> {
    await this.database.change((tx) => this.insert(tx, payload, {}));
  }

  private async begin(tx: DatabaseTransaction, payload: Requested, origin: Origin): Promise<void> {
    if (await this.insert(tx, payload, origin)) await this.outbox.enqueue(tx, 'training.requested', payload);
  }

  /** @returns false when the run is there already */
  private async insert(tx: DatabaseTransaction, payload: Requested, origin: Origin): Promise<boolean> {
    const {
      trainingRunId: id,
      modelName,
      algorithms,
      testSize,
      seed,
      search = null,
      promote,
      requestedBy,
      reason,
      decisionId,
    } = payload;
    const at = new Date();
    const isWhole = payload.data.parts !== undefined || payload.data.version !== undefined;
    const data = { ...payload.data, ...(isWhole ? {} : this.chooseParts(payload.data.dataset)) };
    const request: StoredRequest = { algorithms, testSize, seed, search, promote, requestedBy };
    const row = { id, modelName, reason, decisionId, requestedBy: requestedBy.name, createdAt: at, ...origin };
    const { count } = await tx.trainingRun.createMany({
      data: [{ ...row, data: toJson(data), request: toJson(request) }],
      skipDuplicates: true,
    });
    if (count === 0) return false;
    await this.audit.record(tx, {
      action: 'training.requested',
      key: id,
      subject: `training-run:${id}`,
      actor: requestedBy.name,
      at,
      payload: { modelName, data, reason, decisionId, ...origin },
    });
    return true;
  }

  /**
   * The described dataset of the name, or the uploaded one, in the version that was asked for or is the latest now.
   * @throws DomainError `dataset-not-found`, `dataset-version-not-found`; `validation-failed` for labelled predictions beside a table,
   *   and for a search where nothing can be scored
   */
  private async chooseRows(
    { dataset, datasetVersion, parts, includeLabelled, search }: Retrain,
    actor: Actor,
  ): Promise<TrainingData> {
    if (dataset === undefined || this.datasets.isDescribed(dataset)) return this.chooseData(dataset, parts);
    if (includeLabelled || parts)
      throw new InvalidInputError([
        { path: includeLabelled ? 'include_labelled' : 'parts', message: 'is not possible with an uploaded dataset' },
      ]);
    const version = datasetVersion ?? (await this.registry.latestDatasetVersion(dataset, actor));
    const found = await this.registry.datasetVersion(dataset, version, actor);
    if (search) refuseUnscored(found);
    return { dataset, version };
  }

  private refuseSearch(search: Search, { dataset, version }: TrainingData): void {
    const settings = version === undefined ? this.defaults.algorithms : this.defaults.tables.get(dataset)?.algorithms;
    const { mistakes } = readSearch(search, settings ?? new Map());
    if (mistakes.length === 0) return;
    throw new InvalidInputError(
      mistakes.map((mistake) => {
        const end = mistake.indexOf(': ');
        return { path: `search.${mistake.slice(0, end)}`, message: mistake.slice(end + 2) };
      }),
    );
  }

  /** @throws DomainError `dataset-not-found` */
  private chooseData(dataset: string | undefined, parts: readonly string[] | undefined): TrainingData {
    const name = dataset ?? this.defaults.dataset;
    const given = parts && parts.length > 0 ? [...new Set(parts)] : undefined;
    const definition = this.datasets.find(name, given ?? []);
    return { dataset: definition.name, parts: given ?? this.chooseParts(name).parts };
  }

  /** The configured parts of the configured dataset; the first part of another one. An unknown dataset is told when the run begins. */
  private chooseParts(dataset: string): { parts: string[] } {
    if (dataset === this.defaults.dataset) return { parts: [...this.defaults.parts] };
    return { parts: this.datasets.partsOf(dataset).slice(0, 1) };
  }
}

function refuseUnscored({ dataset, version, task, definition }: DatasetVersion): void {
  if (task !== 'anomaly-detection' || definition.target !== null) return;
  const message = `has nothing to score settings by: no anomaly of ${dataset}, version ${version}, is known. Name a column that tells them as the target of its definition`;
  throw new InvalidInputError([{ path: 'search', message }]);
}
