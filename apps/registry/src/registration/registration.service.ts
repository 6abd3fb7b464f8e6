import type { Actor, ModelVersion, RegisterVersion } from '@gimbal/contracts';
import { type DatabaseReader, type DatabaseTransaction, isTaken } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { InvalidInputError } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { ModelFiles } from '../model-files/model-files.js';
import { showVersion, type VersionRow } from '../models/show-version.js';
import { findLiveVersion, findVersion } from '../models/version.repository.js';
import { PromotionJudge } from '../promotion-policy/promotion-judge.js';
import { type FiledVersion, LoggedModelFiles } from './logged-model-files.js';
import { ensureModel, findByTrainingRun, insertVersion, takeVersionNumber } from './registration.repository.js';
import { RegistrationNews } from './registration-news.js';

/** A version that somebody wants to register. */
export interface WantedVersion {
  readonly model: string;
  readonly request: RegisterVersion;
  readonly actor: Actor;
}

/** Adds versions: checked, numbered, judged, written down and told in one transaction. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly database: Database,
    private readonly files: ModelFiles,
    private readonly loggedFiles: LoggedModelFiles,
    private readonly news: RegistrationNews,
    private readonly judge: PromotionJudge,
  ) {}

  /**
   * Registers a version, and the model with its first one. Numbers count 1, 2, 3 … without gaps, however many register at once. One
   * training run yields one version: asked again, the answer is the first.
   * @throws DomainError `artifact-not-found`, `invalid-model-file`, `run-not-found`, `version-not-found` (the parent); `already-exists`
   *   when the training run made a version of another model; `storage-failed` when a file was removed before the version named it
   */
  async register(wanted: WantedVersion): Promise<ModelVersion> {
    const { request } = wanted;
    const registered = await this.findRegistered(this.database.reader, wanted);
    if (registered) return showVersion(registered);
    checkInputNames(request);
    const file = await this.files.inspect(request.artifactDigest, request.signature);
    if (request.referenceProfileDigest !== null) await this.files.find(request.referenceProfileDigest);
    const description = await this.loggedFiles.describe(request);
    try {
      return showVersion(await this.database.change((tx) => this.add(tx, wanted, { file, description })));
    } catch (error) {
      // Another attempt of the same training run was faster, under another model's turn.
      const other = isTaken(error) ? await this.findRegistered(this.database.reader, wanted) : null;
      if (other) return showVersion(other);
      throw error;
    }
  }

  private async add(
    tx: DatabaseTransaction,
    wanted: WantedVersion,
    stored: Pick<FiledVersion, 'file' | 'description'>,
  ): Promise<VersionRow> {
    const { model, request, actor } = wanted;
    const at = new Date();
    const { artifactDigest, referenceProfileDigest: profile } = request;
    await this.files.hold(tx, [artifactDigest, stored.description.digest, ...(profile === null ? [] : [profile])]);
    const isNew = await ensureModel(tx, { model, actor: actor.name, at });
    if (isNew) await this.news.tellModel(tx, model);
    const registered = await this.findRegistered(tx, wanted);
    if (registered) return registered;
    await checkOrigins(tx, model, request);
    const verdict = await this.judge.judgeQuality(tx, model, request, await findLiveVersion(tx, model));
    const place = await this.loggedFiles.keep(tx, { model, request, ...stored, actor: actor.name });
    const version = await takeVersionNumber(tx, model);
    const { bytes: artifactBytes } = stored.file;
    const told = { model, version, request, artifactBytes, place, verdict, actor: actor.name, at };
    const row = await insertVersion(tx, told);
    await this.news.tellVersion(tx, { row, verdict, actor });
    return row;
  }

  private async findRegistered(db: DatabaseReader, { model, request }: WantedVersion): Promise<VersionRow | null> {
    const row = request.trainingRunId === null ? null : await findByTrainingRun(db, request.trainingRunId);
    if (row && row.modelName !== model) {
      throw new DomainError(
        'already-exists',
        `This training run made version ${row.version} of model ${row.modelName}.`,
      );
    }
    return row;
  }
}

/** Names are how requests are matched with columns: two alike could not be told apart. */
function checkInputNames({ signature }: RegisterVersion): void {
  const names = signature.inputs.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  throw new InvalidInputError([{ path: 'signature.inputs', message: 'two inputs have the same name' }]);
}

async function checkOrigins(
  db: DatabaseReader,
  model: string,
  { runId, parentVersion }: RegisterVersion,
): Promise<void> {
  const run = runId === null ? undefined : await db.run.findUnique({ where: { id: runId }, select: { id: true } });
  if (run === null) throw new DomainError('run-not-found', `There is no run ${runId}.`);
  if (parentVersion !== null) await findVersion(db, model, parentVersion);
}
