import type { Actor, ModelVersion, UploadVersion } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { InvalidInputError, type StoredArtifact, type Upload } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { RegistrationService } from './registration.service.js';

type VersionUpload = Upload<UploadVersion, StoredArtifact>;

/** Registers what operators made elsewhere. */
@Injectable()
export class UploadService {
  constructor(
    private readonly database: Database,
    private readonly registrations: RegistrationService,
  ) {}

  /** @throws DomainError as {@link RegistrationService.register}; `validation-failed` when neither or both files are named */
  async register({
    model,
    upload,
    actor,
  }: {
    readonly model: string;
    readonly upload: VersionUpload;
    readonly actor: Actor;
  }): Promise<ModelVersion> {
    const { artifactPath, ...metadata } = upload.metadata;
    const artifactDigest = await this.findDigest(upload);
    // Only training vouches for a run of its own, a decision, the parity of an export and a reference profile.
    const vouched = { trainingRunId: null, decisionId: null, parity: null, referenceProfileDigest: null };
    return await this.registrations.register({ model, request: { ...metadata, ...vouched, artifactDigest }, actor });
  }

  private async findDigest({ metadata: { runId, artifactPath }, file }: VersionUpload): Promise<string> {
    if (file && artifactPath === undefined) return file.digest;
    if (file || artifactPath === undefined || runId === null) {
      const message = 'send the part file, or name run_id and artifact_path of a stored one';
      throw new InvalidInputError([{ path: 'artifact_path', message }]);
    }
    const where = { runId_path: { runId, path: artifactPath } };
    const artifact = await this.database.reader.artifact.findUnique({ where, select: { digest: true } });
    if (!artifact) throw new DomainError('artifact-not-found', 'The run has no artifact with this path.');
    return artifact.digest;
  }
}
