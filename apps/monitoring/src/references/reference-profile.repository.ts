import { toJson } from '@gimbal/db';
import { DomainError, type ReferenceProfile } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import { Database } from '../database/database.js';
import type { JudgedVersion } from './judged-version.js';
import { ReferenceProfileDocument } from './reference-profile.schema.js';

/** The reference profiles: fetched from the registry when a version is first assessed, and kept, because a version never changes. */
@Injectable()
export class ReferenceProfileRepository {
  constructor(
    private readonly database: Database,
    private readonly registry: RegistryClient,
  ) {}

  /**
   * Null when the version was registered without a profile.
   * @throws DomainError `artifact-corrupt` when the artifact is no reference profile; what {@link RegistryClient.readArtifact} throws
   */
  async find(version: JudgedVersion): Promise<ReferenceProfile | null> {
    const kept = await this.database.reader.referenceProfile.findUnique({ where: { modelId: version.id } });
    if (kept) return ReferenceProfileDocument.parse(kept.profile);
    if (version.profileDigest === null) return null;
    const profile = readProfile(await this.registry.readArtifact(version.profileDigest));
    await this.keep(version, profile);
    return profile;
  }

  private async keep(
    { id, modelName, version, datasetDigest }: JudgedVersion,
    profile: ReferenceProfile,
  ): Promise<void> {
    const row = { modelId: id, modelName, modelVersion: version, datasetDigest };
    await this.database.reader.referenceProfile.createMany({
      data: [{ ...row, rows: profile.rows, profile: toJson(profile) }],
      skipDuplicates: true, // another replica may have been first, with the same bytes
    });
  }
}

function readProfile(bytes: Buffer): ReferenceProfile {
  try {
    return ReferenceProfileDocument.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new DomainError('artifact-corrupt', 'The artifact registered as reference profile is not one.', { cause });
  }
}
