import { ALGORITHMS, type AlgorithmName } from '@gimbal/contracts';
import { type Algorithm, parseAlgorithm } from '@gimbal/learning';

/** The kernel's name of a family: the wire's with underscores. */
export const kernelName = (algorithm: AlgorithmName): string => algorithm.replaceAll('-', '_');

/** The wire's name of a family. Throws when the kernel has a family that the wire does not know: a release that does not fit together. */
export function wireName(kernelAlgorithm: string): AlgorithmName {
  const found = ALGORITHMS.find((algorithm) => kernelName(algorithm) === kernelAlgorithm);
  if (!found) throw new Error(`The kernel's family ${kernelAlgorithm} has no name on the wire.`);
  return found;
}

const BOOSTING: ReadonlySet<Algorithm> = new Set(['gradient_boosting_level_wise', 'gradient_boosting_leaf_wise']);

/** Whether a family of the kernel's is boosting: it lets helpers join, and learns from columns that stay on the disk. */
export const isBoosting = (kernelAlgorithm: string): boolean => BOOSTING.has(parseAlgorithm(kernelAlgorithm));
