import { createHash } from 'node:crypto';
import type { Actor, CreateBatchPrediction, UploadBatchPrediction } from '@gimbal/contracts';
import { type DatabaseReader, type DatabaseTransaction, toJson } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { AuditTrail, CONFIG, drawIdSeed, InvalidInputError, OutboxWriter } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { AuditedAction } from '../audit/audited-action.js';
import { RegistryClient } from '../clients/registry.client.js';
import type { TrainingConfig } from '../config.js';
import { Database } from '../database/database.js';
import type { StoredBatchRequest } from './batch-request.js';
import { takenNames } from './result-lines.js';

type Asked = Pick<CreateBatchPrediction, 'model' | 'version' | 'include' | 'format'>;

/** What is begun. */
interface Beginning {
  readonly id: string;
  readonly asked: Asked;
  readonly fileName: string;
  readonly request: StoredBatchRequest;
  readonly idempotencyKey: string | null;
}

/** Begins batch predictions: the row, the job and the audit event in one transaction. */
@Injectable()
export class CreateBatchPredictionService {
  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxWriter,
    private readonly audit: AuditTrail<AuditedAction>,
    private readonly registry: RegistryClient,
    @Inject(CONFIG) private readonly config: TrainingConfig,
  ) {}

  /** A new id: a UUID version 7, which is also the seed of its rows' prediction ids. */
  createId(): string {
    const hex = Buffer.from(drawIdSeed(Date.now())).toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  /**
   * The rows of a dataset. The same request under the same key of the same person is the same batch prediction, however often it comes.
   * @param word the caller's Idempotency-Key
   * @throws DomainError as {@link check}; `dataset-not-found`, `dataset-version-not-found`; `rate-limited` with too many under way
   */
  async ofDataset(request: CreateBatchPrediction, actor: Actor, word?: string): Promise<string> {
    const idempotencyKey = word === undefined ? null : keyOf(actor, word, request);
    const before = await findByKey(this.database.reader, idempotencyKey);
    if (before !== null) return before;
    await this.check(request, actor);
    const [name = '', number] = request.dataset.split('@');
    const version = number === undefined ? await this.registry.latestDatasetVersion(name, actor) : Number(number);
    const { fileName } = await this.registry.datasetVersion(name, version, actor);
    const { include, format } = request;
    const stored: StoredBatchRequest = {
      dataset: { name, version },
      form: {},
      include,
      format,
      requestedBy: actor,
      threshold: null,
    };
    return await this.begin({ id: this.createId(), asked: request, fileName, request: stored, idempotencyKey });
  }

  /** The rows of a file that was kept under `id`. @throws DomainError `rate-limited` with too many under way */
  async ofUpload(id: string, request: UploadBatchPrediction, fileName: string, actor: Actor): Promise<string> {
    const { include, format, form = {} } = request;
    const stored: StoredBatchRequest = { dataset: null, form, include, format, requestedBy: actor, threshold: null };
    return await this.begin({ id, asked: request, fileName, request: stored, idempotencyKey: null });
  }

  /**
   * Refuses what can't succeed, before a file is taken.
   * @throws DomainError `model-not-found`, `version-not-found`, `no-live-version`; InvalidInputError; `rate-limited`
   */
  async check({ model, version, include }: Asked, actor: Actor): Promise<void> {
    const taken = takenNames(include);
    if (taken.length > 0)
      throw new InvalidInputError([
        { path: 'include', message: `${taken.join(', ')}: the result has a column of this name` },
      ]);
    await this.refuseTooMany(this.database.reader, actor);
    if (version === undefined) await this.registry.live(model, actor);
    else await this.registry.version(model, version, actor);
  }

  private async refuseTooMany(db: DatabaseReader, { id }: Actor): Promise<void> {
    const { perKeyMax } = this.config.batchPredictions;
    const underWay = await db.batchPrediction.count({
      where: { keyId: id, state: { in: ['queued', 'running'] } },
    });
    if (underWay >= perKeyMax)
      throw new DomainError(
        'rate-limited',
        `This key has ${underWay} batch predictions under way; at most ${perKeyMax} may be.`,
      );
  }

  private async begin(beginning: Beginning): Promise<string> {
    const { id, idempotencyKey, request } = beginning;
    return await this.database.changeInTurn(`batch-predictions:${request.requestedBy.id}`, async (tx) => {
      const before = await findByKey(tx, idempotencyKey);
      if (before !== null) return before;
      await this.refuseTooMany(tx, request.requestedBy);
      await this.insert(tx, beginning);
      return id;
    });
  }

  private async insert(
    tx: DatabaseTransaction,
    { id, asked, fileName, request, idempotencyKey }: Beginning,
  ): Promise<void> {
    const at = new Date();
    const { requestedBy, dataset } = request;
    await tx.batchPrediction.create({
      data: {
        ...{ id, fileName, idempotencyKey, createdAt: at },
        modelName: asked.model,
        modelVersion: asked.version ?? null,
        request: toJson(request),
        requestedBy: requestedBy.name,
        keyId: requestedBy.id,
      },
    });
    await this.outbox.enqueue(tx, 'batch-prediction.requested', { v: 1, batchPredictionId: id });
    await this.audit.record(tx, {
      action: 'batch-prediction.requested',
      key: id,
      subject: `batch-prediction:${id}`,
      actor: requestedBy.name,
      at,
      payload: { modelName: asked.model, dataset, fileName },
    });
  }
}

/** The same word of the same person with the same request. */
const keyOf = ({ id }: Actor, word: string, request: CreateBatchPrediction): string =>
  createHash('sha256')
    .update(JSON.stringify([id, word, request]))
    .digest('hex');

async function findByKey(db: DatabaseReader, idempotencyKey: string | null): Promise<string | null> {
  if (idempotencyKey === null) return null;
  const row = await db.batchPrediction.findUnique({ where: { idempotencyKey }, select: { id: true } });
  return row?.id ?? null;
}
