import { randomUUID } from 'node:crypto';
import { type Actor, Evaluation, encodeWire, type MlflowRequest, ModelSignature } from '@gimbal/contracts';
import { type DatabaseReader, type DatabaseTransaction, Prisma, toJson } from '@gimbal/db';
import { FIRST_STAGE, type PromotionVerdict } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { holdContent } from '../../artifacts/content-lock.js';
import { Database } from '../../database/database.js';
import { type ImportedModel, ImportedModels } from '../../imported-models/imported-models.js';
import { readMeasuredMetrics } from '../../imported-models/measured-metrics.repository.js';
import { readEvaluation } from '../../imported-models/read-evaluation.js';
import { sayElsewhere } from '../../imported-models/say-unserved.js';
import { findLiveVersion } from '../../models/version.repository.js';
import { encodeVerdict } from '../../promotion/promotion.repository.js';
import { recordStage } from '../../promotion/stage-history.repository.js';
import { PromotionJudge } from '../../promotion-policy/promotion-judge.js';
import { columnsOf } from '../../registration/registration.repository.js';
import { RegistrationNews } from '../../registration/registration-news.js';
import { checkDescription, checkModelName, readTags } from './check-names.js';
import { modelNotThere } from './model-reads.js';
import { type ResolvedSource, resolveSource } from './resolve-source.js';
import { SHOWN_VERSION, type ShownVersion } from './show-models.js';
import { UnansweredRegistrations } from './unanswered-registrations.js';

type Request = MlflowRequest<'createModelVersion'>;

/** As learned by whoever exported the file: ONNX files of other libraries answer the more probable class. */
const THRESHOLD = 0.5;

/** What is known of a version before it has its number. */
interface Draft {
  readonly request: Request;
  readonly tags: Readonly<Record<string, string>>;
  readonly source: ResolvedSource;
  readonly model: ImportedModel;
  readonly evaluation: Evaluation | null;
  readonly actor: Actor;
}

/** Registers versions of any framework for MLflow's clients: files looked into first, then numbered, written down and told in one change. */
@Injectable()
export class RegisterVersionService {
  constructor(
    private readonly database: Database,
    private readonly imports: ImportedModels,
    private readonly unanswered: UnansweredRegistrations,
    private readonly news: RegistrationNews,
    private readonly judge: PromotionJudge,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
  ) {}

  /**
   * Adds a version to a model that is there. Numbers count without gaps; a request that was not answered and comes again adds nothing.
   * @throws MlflowError in MLflow's words
   */
  async register(request: Request, actor: Actor): Promise<ShownVersion> {
    const draft = await this.draft(request, actor);
    const requestHash = this.unanswered.hashOf(actor, request);
    const row = await this.database.change((tx) => this.add(tx, draft, requestHash));
    this.unanswered.leaveAnswer(row.id);
    return row;
  }

  private async draft(request: Request, actor: Actor): Promise<Draft> {
    checkModelName(request.name);
    checkDescription(request.description ?? '');
    const tags = readTags(request.tags);
    const db = this.database.reader;
    const source = await resolveSource(db, request);
    const model = await this.inspect(db, source);
    const metrics = model.served ? await readMeasuredMetrics(db, source) : {};
    const evaluation = model.served ? readEvaluation(model.served.task, metrics) : null;
    return { request, tags, source, model, evaluation, actor };
  }

  private async inspect(db: DatabaseReader, { files }: ResolvedSource): Promise<ImportedModel> {
    if ('owner' in files) return await this.imports.inspect(db, files.owner, files.folder);
    if ('version' in files) return await this.imports.ofVersion(db, files.version.id);
    return { framework: 'unknown', served: null, unservedReason: sayElsewhere(files.elsewhere) };
  }

  private async add(tx: DatabaseTransaction, draft: Draft, requestHash: string): Promise<ShownVersion> {
    const { request, model, actor } = draft;
    const turn = await this.unanswered.takeTurn(tx, request.name, requestHash);
    if (!turn) throw modelNotThere(request.name);
    if ('madeBefore' in turn)
      return await tx.modelVersion.findUniqueOrThrow({ where: { id: turn.madeBefore }, select: SHOWN_VERSION });
    if (model.served) await holdContent(tx, this.store, model.served.artifactDigest);
    const verdict = model.served ? await this.judgeQuality(tx, draft) : null;
    const at = new Date();
    const data = { ...columns(draft, verdict), id: randomUUID(), version: turn.number, createdAt: at, updatedAt: at };
    const { aliases: _, ...own } = SHOWN_VERSION;
    const row = await tx.modelVersion.create({ data, select: { ...own, ...TOLD } });
    const told = { model: request.name, version: turn.number, actor: actor.name, at };
    await recordStage(tx, { ...told, from: null, to: FIRST_STAGE, reason: 'Registered.', decisionId: null });
    await this.unanswered.note(tx, row.id, requestHash);
    await this.news.tellVersion(tx, { row, verdict, actor });
    return { ...row, aliases: [] };
  }

  /** What the gate says now; a promotion asks it again. */
  private async judgeQuality(tx: DatabaseTransaction, { request, evaluation }: Draft): Promise<PromotionVerdict> {
    const candidate = { evaluation, parity: null, datasetDigest: null, trainingRunId: null, decisionId: null };
    return await this.judge.judgeQuality(tx, request.name, candidate, await findLiveVersion(tx, request.name));
  }
}

/** What the news of a registration tell besides what is shown. */
const TOLD = { trainingRunId: true, decisionId: true, algorithm: true, artifactDigest: true } as const;

function columns({ request, tags, source, model, evaluation, actor }: Draft, verdict: PromotionVerdict | null) {
  const { served } = model;
  return {
    modelName: request.name,
    algorithm: model.framework,
    framework: model.framework,
    ...(evaluation && columnsOf(evaluation)),
    evaluation: evaluation ? encodeWire(Evaluation, evaluation) : Prisma.DbNull,
    featureNames: served?.signature.inputs.map(({ name }) => name) ?? [],
    signature: served ? encodeWire(ModelSignature, served.signature) : Prisma.DbNull,
    threshold: served ? THRESHOLD : null,
    artifactDigest: served?.artifactDigest ?? null,
    artifactBytes: served?.artifactBytes ?? null,
    unservedReason: model.unservedReason,
    gateVerdict: verdict ? encodeVerdict(verdict) : Prisma.DbNull,
    source: source.source,
    sourceRun: source.sourceRun,
    runId: source.runId,
    loggedModelId: source.loggedModelId,
    runLink: request.run_link ?? null,
    tags: toJson(tags),
    codeVersion: '',
    description: request.description ?? '',
    createdBy: actor.name,
  };
}
