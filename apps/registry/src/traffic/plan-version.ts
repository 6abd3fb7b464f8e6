import { DataOrigin, ModelSignature, type PlannedVersion } from '@gimbal/contracts';
import { requireServable } from '@gimbal/domain';
import type { z } from 'zod';
import { thresholdInForce, type VersionRow } from '../models/show-version.js';

/** A version as serving has to know it. @param manifest its last one, signed @throws DomainError `version-not-servable` */
export function planVersion(version: VersionRow, manifest: string | undefined): z.output<typeof PlannedVersion> {
  const row = requireServable(version);
  return {
    id: row.id,
    version: row.version,
    algorithm: row.algorithm,
    artifactDigest: row.artifactDigest,
    artifactBytes: Number(row.artifactBytes),
    threshold: thresholdInForce(row),
    signature: ModelSignature.parse(row.signature),
    dataOrigin: DataOrigin.nullable().parse(row.dataOrigin),
    ...(manifest !== undefined && { manifest }),
  };
}
