import { type Actor, encodeWire, Manifest, type SignedManifest } from '@gimbal/contracts';
import type { DatabaseReader, DatabaseTransaction, ModelVersion } from '@gimbal/db';
import { DomainError, requireServable } from '@gimbal/domain';
import { ARTIFACT_STORE, type ArtifactStore, AuditTrail, type PublicKey, type SigningKey } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CompactSign, compactVerify, createLocalJWKSet, decodeJwt } from 'jose';
import { type AuditedAction, auditSubject } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { VERSION_PARTS } from '../models/show-version.js';
import { findVersion, lockModel } from '../models/version.repository.js';
import { describeManifest } from './describe-manifest.js';
import { ManifestKeys } from './manifest-keys.js';

/** Names a version, and who asks. */
export interface RenewManifest {
  readonly model: string;
  readonly version: number;
  readonly actor: Actor;
}

type Named = Pick<ModelVersion, 'id'>;

/** What was decided of versions that are signed already. */
interface Amendment {
  readonly versions: readonly Named[];
  readonly decided: Partial<Pick<Manifest, 'modelName' | 'threshold'>>;
  readonly signedBy: string;
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
    await this.signRows(tx, [{ id: versionId }], signedBy);
  }

  /** Signs versions as their rows are now. @throws DomainError `storage-failed` */
  async signRows(tx: DatabaseTransaction, versions: readonly Named[], signedBy: string): Promise<void> {
    const rows = await tx.modelVersion.findMany({ where: { id: { in: idsOf(versions) } }, include: VERSION_PARTS });
    const { signing } = await this.keys.open();
    const at = new Date();
    const manifests = rows.map((row) => describeManifest(row, at));
    await appendSigned(tx, manifests, { signing, signedBy });
  }

  /**
   * Signs once more what was signed of versions, but for what was decided since. Their rows are not asked, so that what somebody wrote into one
   * past the registry is not vouched for on this occasion.
   * @returns how many were signed: not those whose last manifest is missing, or by no key of the registry
   * @throws DomainError `storage-failed`
   */
  async amend(tx: DatabaseTransaction, { versions, decided, signedBy }: Amendment): Promise<number> {
    const { signing, publicKeys } = await this.keys.open();
    const where = { versionId: { in: idsOf(versions) } };
    const last = await tx.versionManifest.findMany({ where, orderBy: { id: 'desc' }, distinct: ['versionId'] });
    const signed = await Promise.all(last.map((row) => verifyManifest(row, publicKeys)));
    const signedAt = new Date().toISOString();
    const amended = signed.flatMap((manifest) => (manifest ? [{ ...manifest, ...decided, signedAt }] : []));
    await appendSigned(tx, amended, { signing, signedBy });
    return amended.length;
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
      await lockModel(tx, model); // lest the threshold be adjusted meanwhile
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

const idsOf = (versions: readonly Named[]): string[] => versions.map(({ id }) => id);

async function appendSigned(
  tx: DatabaseTransaction,
  manifests: readonly Manifest[],
  { signing, signedBy }: { readonly signing: SigningKey; readonly signedBy: string },
): Promise<void> {
  const data = await Promise.all(
    manifests.map(async (manifest) => ({
      versionId: manifest.versionId,
      signed: await signManifest(manifest, signing),
      keyId: signing.publicKey.kid,
      signedBy,
      createdAt: manifest.signedAt,
    })),
  );
  await tx.versionManifest.createMany({ data });
}

async function signManifest(manifest: Manifest, { privateKey, publicKey }: SigningKey): Promise<string> {
  return await new CompactSign(Buffer.from(JSON.stringify(encodeWire(Manifest, manifest))))
    .setProtectedHeader({ alg: publicKey.alg, kid: publicKey.kid, typ: 'gimbal-manifest+jws' })
    .sign(privateKey);
}

/** What was signed; null when it was not signed by one of the keys, or of another version. */
async function verifyManifest(
  { signed, versionId }: { readonly signed: string; readonly versionId: string },
  publicKeys: readonly PublicKey[],
): Promise<Manifest | null> {
  try {
    const keys = createLocalJWKSet({ keys: [...publicKeys] });
    const { payload } = await compactVerify(signed, keys, { algorithms: publicKeys.map(({ alg }) => alg) });
    const manifest = Manifest.parse(JSON.parse(Buffer.from(payload).toString('utf8')));
    return manifest.versionId === versionId ? manifest : null;
  } catch {
    return null;
  }
}

async function readManifest(db: DatabaseReader, versionId: string): Promise<SignedManifest> {
  const row = await db.versionManifest.findFirst({ where: { versionId }, orderBy: { id: 'desc' } });
  if (!row)
    throw new DomainError('manifest-not-found', 'The version has no manifest; an administrator can have it signed.');
  const { signed, keyId, signedBy } = row;
  return { manifest: Manifest.parse(decodeJwt(signed)), signed, keyId, signedBy };
}
