import { InvalidInputError } from '@gimbal/platform';

/** A revision as an `ETag` (RFC 9110, 8.8.3). */
export const entityTag = (revision: string | number): string => `"${revision}"`;

/** True when `If-None-Match` names the revision; a weak tag counts, as RFC 9110, 13.1.2 asks for GET. */
export function matchesRevision(ifNoneMatch: string | undefined, revision: string | number): boolean {
  return readEntityTags(ifNoneMatch).includes(String(revision));
}

/** The opaque parts of a list of entity tags. */
export function readEntityTags(header: string | undefined): readonly string[] {
  return [...(header ?? '').slice(0, 1_000).matchAll(/(?:W\/)?"([^"]*)"/g)].map(([, tag]) => tag ?? '');
}

/**
 * The revision that a writer says it has read. `*` is not enough: it would overwrite a change that nobody saw.
 * @throws InvalidInputError when it is missing or not one tag of ours
 */
export function readIfMatch(header: string | undefined): number {
  const [, revision] = /^"(\d{1,9})"$/.exec(header?.trim() ?? '') ?? [];
  if (revision !== undefined) return Number(revision);
  const message = 'must be the ETag of the plan that was read, for example "3"';
  throw new InvalidInputError([{ path: 'if-match', message }]);
}
