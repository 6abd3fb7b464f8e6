import { createHash } from 'node:crypto';
import { encodeWire, type Manifest, ModelSignature } from '@gimbal/contracts';
import { canonicalJson, requireServable } from '@gimbal/domain';
import { thresholdInForce, type VersionRow } from '../models/show-version.js';

/** What is vouched for of a version that serving can run, as its row is. @throws DomainError `version-not-servable` */
export function describeManifest(version: VersionRow, signedAt: Date): Manifest {
  const row = requireServable(version);
  const { accuracy, f1Score, precision, recall, rocAuc } = row;
  return {
    v: 1,
    versionId: row.id,
    modelName: row.modelName,
    modelVersion: row.version,
    artifactSha256: row.artifactDigest,
    signatureSha256: hashSignature(ModelSignature.parse(row.signature)),
    threshold: thresholdInForce(row),
    metrics: { accuracy, f1_score: f1Score, precision, recall, roc_auc: rocAuc },
    lineage: {
      datasetSha256: row.datasetDigest,
      trainingRunId: row.trainingRunId,
      runId: row.runId,
      loggedModelId: row.loggedModelId,
      parentVersion: row.parentVersion,
      decisionId: row.decisionId,
      referenceProfileSha256: row.referenceProfileDigest,
      codeVersion: row.codeVersion,
    },
    registeredBy: row.createdBy,
    registeredAt: row.createdAt.toISOString(),
    signedAt: signedAt.toISOString(),
  };
}

/** Of the wire's form, which both ends can make. */
function hashSignature(signature: ModelSignature): string {
  const text = canonicalJson(encodeWire(ModelSignature, signature));
  if (text === null) throw new Error('A stored signature is no JSON.');
  return createHash('sha256').update(text).digest('hex');
}
