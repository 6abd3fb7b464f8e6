import { type Actor, encodeWire, Manifest, type SignedManifest } from '@gimbal/contracts';
import type { DatabaseReader, DatabaseTransaction, ModelVersion } from '@gimbal/db';
import { DomainError, requireServable } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, AuditTrail, type SigningKey } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CompactSign, decodeJwt } from 'jose';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { findVersion } from '../models/version.repository.js';
import { describeManifest } from './describe-manifest.js';
import { ManifestKeys } from './manifest-keys.js';

/** Names a version, and who asks. */
export interface RenewManifest {
  readonly model: string;
  readonly version: number;
  readonly actor: Actor;
}

/** Signs what the registry vouches for of versions. */
@Injectable()
export class ManifestService {
  constructor(
    private readonly database: Database,
    private readonly keys: ManifestKeys,
    private readonly audit: AuditTrail<AuditedAction>,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
  ) {}

  /** Signs the manifest of a version that serving can run, in the transaction that adds it. */
  async sign(tx: DatabaseTransaction, versionId: string, signedBy: string): Promise<void> {
    const row = await tx.modelVersion.findUniqueOrThrow({ where: { id: versionId } });
    await this.signRows(tx, [row], signedBy);
  }

  /** @throws DomainError `storage-failed` */
  async signRows(tx: DatabaseTransaction, rows: readonly ModelVersion[], signedBy: string): Promise<void> {
    const { signing } = await this.keys.open();
    const at = new Date();
    const data = await Promise.all(
      rows.map(async (row) => ({
        versionId: row.id,
        signed: await signManifest(describeManifest(row, at), signing),
        keyId: signing.publicKey.kid,
        signedBy,
        createdAt: at,
      })),
    );
    await tx.versionManifest.createMany({ data });
  }

  /** @throws DomainError `model-not-found`, `version-not-found`, `version-not-servable`, `manifest-not-found` */
  async show(model: string, version: number): Promise<SignedManifest> {
    const row = requireServable(await findVersion(this.database.reader, model, version));
    return await readManifest(this.database.reader, row.id);
  }

  /**
   * Signs a version anew, for when a key was lost or is trusted no more. Its file is read first: what is not what its digest says is not
   * vouched for.
   * @throws DomainError as {@link show}; `artifact-not-found`, `artifact-corrupt`
   */
  async renew({ model, version, actor }: RenewManifest): Promise<SignedManifest> {
    const row = requireServable(await findVersion(this.database.reader, model, version));
    await this.store.read(row.artifactDigest);
    return await this.database.change(async (tx) => {
      await this.sign(tx, row.id, actor.name);
      const renewed = await readManifest(tx, row.id);
      await this.audit.record(tx, {
        action: 'model.manifest-signed',
        key: `${row.id}:${renewed.manifest.signedAt}`,
        subject: auditSubject(model, version),
        actor: actor.name,
        at: new Date(renewed.manifest.signedAt),
        payload: { artifact_sha256: row.artifactDigest, key_id: renewed.keyId },
      });
      return renewed;
    });
  }
}

async function signManifest(manifest: Manifest, { privateKey, publicKey }: SigningKey): Promise<string> {
  return await new CompactSign(Buffer.from(JSON.stringify(encodeWire(Manifest, manifest))))
    .setProtectedHeader({ alg: publicKey.alg, kid: publicKey.kid, typ: 'gimbal-manifest+jws' })
    .sign(privateKey);
}

async function readManifest(db: DatabaseReader, versionId: string): Promise<SignedManifest> {
  const row = await db.versionManifest.findFirst({ where: { versionId }, orderBy: { id: 'desc' } });
  if (!row)
    throw new DomainError('manifest-not-found', 'The version has no manifest; an administrator can have it signed.');
  const { signed, keyId, signedBy } = row;
  return { manifest: Manifest.parse(decodeJwt(signed)), signed, keyId, signedBy };
}
