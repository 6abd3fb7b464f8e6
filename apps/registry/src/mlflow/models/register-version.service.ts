import { randomUUID } from 'node:crypto';
import { type Actor, Evaluation, encodeWire, type MlflowRequest, ModelSignature } from '@gimbal/contracts';
import type { DatabaseReader, DatabaseTransaction } from '@gimbal/db';
import { FIRST_STAGE, type PromotionVerdict } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, AuditTrail } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { holdContent } from '../../artifacts/content-lock.js';
import { type AuditedAction, auditSubject } from '../../audit/audited-action.js';
import { Database } from '../../database/database.js';
import { type ImportedModel, ImportedModels } from '../../imported-models/imported-models.js';
import { readMeasuredMetrics } from '../../imported-models/measured-metrics.repository.js';
import { readEvaluation } from '../../imported-models/read-evaluation.js';
import { sayElsewhere } from '../../imported-models/say-unserved.js';
import { findLiveVersion } from '../../models/version.repository.js';
import { encodeVerdict } from '../../promotion/promotion.repository.js';
import { PromotionJudge } from '../../promotion-policy/promotion-judge.js';
import { columnsOf } from '../../registration/registration.repository.js';
import { RegistrationNews } from '../../registration/registration-news.js';
import { ADD_VERSION, type AddedVersion, type VersionColumns } from './add-version.statement.js';
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
  readonly id: string;
  readonly requestHash: string;
  readonly at: Date;
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
    private readonly audit: AuditTrail<AuditedAction>,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
  ) {}

  /**
   * Adds a version to a model that is there. Numbers count without gaps; a request that was not answered and comes again adds nothing.
   * @throws MlflowError in MLflow's words
   */
  async register(request: Request, actor: Actor): Promise<ShownVersion> {
    const draft = await this.draft(request, actor);
    const atOnce = draft.model.served ? null : await this.addAtOnce(draft);
    const row = atOnce ?? (await this.database.change((tx) => this.add(tx, draft)));
    if (!row) throw new Error('A version was neither added nor made before.');
    this.news.passOn();
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
    const requestHash = this.unanswered.hashOf(actor, request);
    return { id: randomUUID(), at: new Date(), requestHash, request, tags, source, model, evaluation, actor };
  }

  private async inspect(db: DatabaseReader, { files }: ResolvedSource): Promise<ImportedModel> {
    if ('owner' in files) return await this.imports.inspect(db, files.owner, files.folder);
    if ('version' in files) return await this.imports.ofVersion(db, files.version.id);
    return { framework: 'unknown', served: null, unservedReason: sayElsewhere(files.elsewhere) };
  }

  /** One statement is enough for a version that nobody but the audit chain is told of. */
  private async addAtOnce(draft: Draft): Promise<ShownVersion | null> {
    const values = valuesOf(draft, null, this.describe(draft, null), 'unless-wanted');
    const [added] = await this.database.query<AddedVersion>(ADD_VERSION, values);
    return await this.read(this.database.reader, draft, added);
  }

  private async add(tx: DatabaseTransaction, draft: Draft): Promise<ShownVersion | null> {
    const { model, actor } = draft;
    if (model.served) await holdContent(tx, this.store, model.served.artifactDigest);
    const verdict = model.served ? await this.judgeQuality(tx, draft) : null;
    const values = valuesOf(draft, verdict, this.describe(draft, verdict), 'always');
    const [added] = await tx.$queryRawUnsafe<AddedVersion[]>(ADD_VERSION.text, ...values);
    const row = await this.read(tx, draft, added);
    if (row && added?.number) await this.news.tellOthers(tx, { row: { ...row, ...toldOf(draft) }, verdict, actor });
    return row;
  }

  /** What was added, or made before. @throws MlflowError when there is no such model */
  private async read(db: DatabaseReader, draft: Draft, added: AddedVersion | undefined): Promise<ShownVersion | null> {
    if (!added?.has_model) throw modelNotThere(draft.request.name);
    if (added.made_before)
      return await db.modelVersion.findUniqueOrThrow({ where: { id: added.made_before }, select: SHOWN_VERSION });
    return added.number === null ? null : showDraft(draft, added.number);
  }

  private describe(draft: Draft, verdict: PromotionVerdict | null): string {
    const row = { ...showDraft(draft, 0), ...toldOf(draft) };
    return this.audit.encode(this.news.describe({ row, verdict, actor: draft.actor }));
  }

  /** What the gate says now; a promotion asks it again. */
  private async judgeQuality(tx: DatabaseTransaction, { request, evaluation }: Draft): Promise<PromotionVerdict> {
    const candidate = { evaluation, parity: null, datasetDigest: null, trainingRunId: null, decisionId: null };
    return await this.judge.judgeQuality(tx, request.name, candidate, await findLiveVersion(tx, request.name));
  }
}

/** What is told of a registration besides what is shown. */
const toldOf = ({ model }: Draft) => ({
  trainingRunId: null,
  decisionId: null,
  algorithm: model.framework,
  artifactDigest: model.served?.artifactDigest ?? null,
});

function showDraft({ id, at, request, tags, source, model }: Draft, version: number): ShownVersion {
  return {
    ...{ id, version, tags, createdAt: at, updatedAt: at },
    modelName: request.name,
    stage: FIRST_STAGE,
    description: request.description ?? '',
    source: source.source,
    sourceRun: source.sourceRun,
    runId: source.runId,
    runLink: request.run_link ?? null,
    loggedModelId: source.loggedModelId,
    unservedReason: model.unservedReason,
    aliases: [],
  };
}

/** The values of {@link ADD_VERSION}. */
function valuesOf(
  draft: Draft,
  verdict: PromotionVerdict | null,
  event: string,
  whenWanted: 'always' | 'unless-wanted',
): unknown[] {
  const { request, requestHash, actor } = draft;
  const columns = JSON.stringify(columnsOfDraft(draft, verdict));
  const subject = auditSubject(request.name, 0).replace(/0$/, '');
  return [request.name, requestHash, columns, actor.name, event, subject, whenWanted === 'unless-wanted'];
}

function columnsOfDraft(draft: Draft, verdict: PromotionVerdict | null): VersionColumns {
  const { id, at, request, tags, source, model, evaluation, actor } = draft;
  const { served } = model;
  const measured = evaluation && columnsOf(evaluation);
  return {
    id,
    model_name: request.name,
    algorithm: model.framework,
    framework: model.framework,
    accuracy: measured?.accuracy ?? null,
    f1_score: measured?.f1Score ?? null,
    precision: measured?.precision ?? null,
    recall: measured?.recall ?? null,
    roc_auc: measured?.rocAuc ?? null,
    evaluation: evaluation && encodeWire(Evaluation, evaluation),
    feature_names: served?.signature.inputs.map(({ name }) => name) ?? [],
    signature: served && encodeWire(ModelSignature, served.signature),
    threshold: served && THRESHOLD,
    artifact_digest: served?.artifactDigest ?? null,
    artifact_bytes: served?.artifactBytes ?? null,
    unserved_reason: model.unservedReason,
    gate_verdict: verdict && encodeVerdict(verdict),
    source: source.source,
    source_run: source.sourceRun,
    run_id: source.runId,
    logged_model_id: source.loggedModelId,
    run_link: request.run_link ?? null,
    tags,
    code_version: '',
    description: request.description ?? '',
    created_by: actor.name,
    created_at: at,
    updated_at: at,
  };
}
