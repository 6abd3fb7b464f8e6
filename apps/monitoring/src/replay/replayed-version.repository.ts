import { DataOrigin, ModelSignature, type PlannedVersion } from '@gimbal/contracts';
import { DomainError, requireServable } from '@gimbal/domain';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { Database } from '../database/database.js';

/** The registry's versions, as serving has to know one to compute by it. */
@Injectable()
export class ReplayedVersionRepository {
  constructor(private readonly database: Database) {}

  /** @throws DomainError `version-not-found` */
  async read(id: string): Promise<z.output<typeof PlannedVersion>> {
    const found = await this.database.reader.modelVersion.findUnique({
      where: { id },
      include: { manifests: { select: { signed: true }, orderBy: { id: 'desc' }, take: 1 } },
    });
    if (!found)
      throw new DomainError('version-not-found', 'The version that answered is not in the registry any more.');
    const row = requireServable(found);
    const manifest = row.manifests[0]?.signed;
    return {
      id: row.id,
      version: row.version,
      algorithm: row.algorithm,
      artifactDigest: row.artifactDigest,
      artifactBytes: Number(row.artifactBytes),
      threshold: row.threshold,
      signature: ModelSignature.parse(row.signature),
      dataOrigin: DataOrigin.nullable().parse(row.dataOrigin),
      ...(manifest !== undefined && { manifest }),
    };
  }
}
