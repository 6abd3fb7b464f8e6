import { DomainError } from '../errors/domain-error.js';

/** What a version has exactly when serving can run it. */
type ServedPart = 'signature' | 'threshold' | 'artifactDigest' | 'artifactBytes';

/** A version of any framework, as a row or as the wire shows it. */
export interface RegisteredVersion extends Partial<Readonly<Record<ServedPart, unknown>>> {
  readonly modelName: string;
  readonly version: number;
  /** Null for a version that serving can run. */
  readonly unservedReason: string | null;
}

/** The same version, known to have what serving needs. */
export type Servable<V extends RegisteredVersion> = V & { readonly [P in ServedPart & keyof V]: NonNullable<V[P]> };

/** True when serving can run the version. */
export function isServable<V extends RegisteredVersion>(version: V): version is Servable<V> {
  return version.unservedReason === null;
}

/**
 * The way from a version of any framework to one that answers.
 * @throws DomainError `version-not-servable` with the reason that was found at registration
 */
export function requireServable<V extends RegisteredVersion>(version: V): Servable<V> {
  if (isServable(version)) return version;
  const { modelName, version: number, unservedReason } = version;
  throw new DomainError('version-not-servable', `Version ${number} of ${modelName} can't be served: ${unservedReason}`);
}
