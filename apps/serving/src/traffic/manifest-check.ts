import { createHash } from 'node:crypto';
import { encodeWire, Manifest, ModelSignature, type TrafficDocument } from '@gimbal/contracts';
import { canonicalJson } from '@gimbal/domain';
import { compactVerify, createLocalJWKSet, decodeJwt } from 'jose';
import type { PlannedVersion } from './served-models.js';

type Keys = NonNullable<TrafficDocument['manifestKeys']>;

const ALGORITHMS = ['Ed25519'];

/** A version is not what the registry vouches for. It may be later: manifests are signed anew, and keys come back. */
class ManifestRefused extends Error {
  override name = 'ManifestRefused';
}

/** Holds versions against their manifests before they are loaded. */
export class ManifestCheck {
  private keys: Keys | undefined;

  /** The registry's public keys; undefined while no registry that signs manifests was heard. */
  get known(): Keys | undefined {
    return this.keys;
  }

  /** @param keys of the plan that is followed; one without keys, of a registry of before, takes none away */
  learn(keys: Keys | undefined): void {
    this.keys = keys ?? this.keys;
  }

  /** @throws ManifestRefused with the first thing that is wrong. Passes everything while no keys are known. */
  async check(modelName: string, planned: PlannedVersion): Promise<void> {
    if (!this.keys) return;
    if (planned.manifest === undefined) throw new ManifestRefused('The version has no manifest of the registry.');
    const manifest = await readManifest(planned.manifest, this.keys);
    const differs = Object.entries(factsOf(modelName, planned)).find(
      ([fact, value]) => manifest[fact as keyof Manifest] !== value,
    );
    if (differs)
      throw new ManifestRefused(`The version differs from its manifest: ${differs[0]} is not what was signed.`);
  }
}

/**
 * A version at the threshold that its manifest says, whatever else the plan says: what nobody signed is not gone by. Whether the manifest itself
 * is signed is checked before the graph of the version is loaded, and without one it is not loaded.
 */
export function atSignedThreshold(planned: PlannedVersion): PlannedVersion {
  const threshold = planned.manifest === undefined ? undefined : readThreshold(planned.manifest);
  return threshold === undefined || threshold === planned.threshold ? planned : { ...planned, threshold };
}

function readThreshold(signed: string): number | undefined {
  try {
    return Manifest.parse(decodeJwt(signed)).threshold;
  } catch {
    return undefined;
  }
}

async function readManifest(signed: string, keys: Keys): Promise<Manifest> {
  try {
    const { payload } = await compactVerify(signed, createLocalJWKSet({ keys }), { algorithms: ALGORITHMS });
    return Manifest.parse(JSON.parse(Buffer.from(payload).toString('utf8')));
  } catch (error) {
    throw new ManifestRefused("The manifest of the version is not signed by one of the registry's keys.", {
      cause: error,
    });
  }
}

/** What serving goes by: the name too, lest a version of one model answer for another. Not the threshold, which is {@link atSignedThreshold}. */
function factsOf(modelName: string, { id, version, artifactDigest, signature }: PlannedVersion) {
  const text = canonicalJson(encodeWire(ModelSignature, signature)) ?? ''; // it came as JSON
  const signatureSha256 = createHash('sha256').update(text).digest('hex');
  return {
    versionId: id,
    modelName,
    modelVersion: version,
    artifactSha256: artifactDigest,
    signatureSha256,
  } satisfies Partial<Manifest>;
}
