import { ALGORITHMS, Algorithm, type AlgorithmName, type Search } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import { hyperparametersOf, parseSearchSpace, type SearchSpace } from '@gimbal/learning';
import { kernelName } from '../learning-workers/kernel-name.js';

/** Hyperparameters by family, without the kernel's defaults. */
export type FamilySettings = ReadonlyMap<AlgorithmName, Readonly<Record<string, unknown>>>;

/** A search held against the kernel. */
export interface ReadSearch {
  readonly spaces: ReadonlyMap<AlgorithmName, SearchSpace>;
  /** What is wrong with it, each beginning with its place; empty when all is well. */
  readonly mistakes: readonly string[];
}

/**
 * Reads the spaces of a search. Every end and choice is held against the kernel, also beside the settings that a family has already, so that
 * no trial can fail for its values.
 */
export function readSearch({ method, resource = 'rows', spaces: given }: Search, settings: FamilySettings): ReadSearch {
  const spaces = new Map<AlgorithmName, SearchSpace>();
  const mistakes: string[] = [];
  if (resource !== 'rows' && method !== 'halving') mistakes.push('resource: only a search by halving has one');
  for (const [name, dimensions] of Object.entries(given)) {
    const algorithm = Algorithm.safeParse(name).data;
    if (!algorithm) mistakes.push(`spaces.${name}: not one of ${ALGORITHMS.join(', ')}`);
    else if (spaces.has(algorithm)) mistakes.push(`spaces.${name}: the family is there twice`);
    else {
      const read = readSpace(algorithm, dimensions, settings.get(algorithm) ?? {});
      if (typeof read === 'string') mistakes.push(`spaces.${name}: ${read}`);
      else {
        spaces.set(algorithm, read);
        if (method === 'halving' && resource === 'n_estimators')
          mistakes.push(...refuseTrees(algorithm, read).map((why) => `spaces.${name}: ${why}`));
      }
    }
  }
  return { spaces, mistakes };
}

function readSpace(
  algorithm: AlgorithmName,
  dimensions: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>>,
): SearchSpace | string {
  try {
    return parseSearchSpace(kernelName(algorithm), dimensions, settings);
  } catch (error) {
    if (isDomainError(error)) return error.detail;
    throw error;
  }
}

/** Why a family can not be halved by its trees. */
function refuseTrees(algorithm: AlgorithmName, space: SearchSpace): string[] {
  const spec = hyperparametersOf(kernelName(algorithm))['n_estimators'];
  if (!spec) return ['has no n_estimators: halve by rows'];
  const spellings = ['n_estimators', ...(spec.aliases ?? [])];
  return spellings.some((name) => name in space) ? ['n_estimators is what is halved and not searched'] : [];
}
