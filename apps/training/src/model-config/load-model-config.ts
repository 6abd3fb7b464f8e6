import { readFile } from 'node:fs/promises';
import { ALGORITHMS, Algorithm, type AlgorithmName, type DatasetDefinition, ModelName } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import { resolveHyperparameters } from '@gimbal/learning';
import { parse } from 'yaml';
import { z } from 'zod';
import { kernelName } from '../learning-workers/kernel-name.js';

/** The file as a person writes it. */
const ModelConfigFile = z.strictObject({
  model: ModelName,
  dataset: ModelName,
  parts: z.array(ModelName).min(1).max(20),
  seed: z.int().min(0).max(4_294_967_295),
  test_size: z.number().min(0.1).max(0.5),
  folds: z.int().min(2).max(20),
  experiment: z.string().trim().min(1).max(250),
  algorithms: z.record(z.string(), z.record(z.string(), z.unknown())),
});

/** What is trained when nobody says otherwise. */
export interface ModelConfig {
  readonly model: string;
  readonly dataset: string;
  readonly parts: readonly string[];
  readonly seed: number;
  /** Share of rows held out, in [0.1, 0.5]. */
  readonly testSize: number;
  readonly folds: number;
  readonly experiment: string;
  /** In the order of the file; hyperparameters by name, without the defaults. */
  readonly algorithms: ReadonlyMap<AlgorithmName, Readonly<Record<string, unknown>>>;
}

/**
 * Reads the model configuration and holds it against the kernel and the datasets. Throws one Error that lists every mistake, so that a
 * start with a wrong file says all that is wrong at once.
 */
export async function loadModelConfig(
  path: string,
  definitions: ReadonlyMap<string, DatasetDefinition>,
): Promise<ModelConfig> {
  const parsed = ModelConfigFile.safeParse(parse(await readFile(path, 'utf8')));
  if (!parsed.success) {
    throw new Error(
      `${path}:\n${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n')}`,
    );
  }
  const { test_size: testSize, algorithms: given, ...rest } = parsed.data;
  const mistakes = findForeignData(rest, definitions);
  const algorithms = new Map<AlgorithmName, Readonly<Record<string, unknown>>>();
  for (const [name, hyperparameters] of Object.entries(given)) {
    const algorithm = Algorithm.safeParse(name);
    if (!algorithm.success) {
      mistakes.push(`algorithms.${name}: not one of ${ALGORITHMS.join(', ')}`);
      continue;
    }
    if (algorithms.has(algorithm.data)) mistakes.push(`algorithms.${name}: the family is there twice`);
    algorithms.set(algorithm.data, hyperparameters);
    mistakes.push(...findBadHyperparameters(algorithm.data, hyperparameters));
  }
  if (algorithms.size === 0) mistakes.push('algorithms: at least one family is needed');
  if (mistakes.length > 0) throw new Error(`${path}:\n${mistakes.join('\n')}`);
  return { ...rest, testSize, algorithms };
}

function findForeignData(
  { dataset, parts }: { readonly dataset: string; readonly parts: readonly string[] },
  definitions: ReadonlyMap<string, DatasetDefinition>,
): string[] {
  const definition = definitions.get(dataset);
  if (!definition) return [`dataset: there is no definition named ${dataset}`];
  const known = definition.parts.map(({ name }) => name);
  return parts
    .filter((part) => !known.includes(part))
    .map((part) => `parts: ${dataset} has no part ${part}, only ${known.join(', ')}`);
}

function findBadHyperparameters(algorithm: AlgorithmName, given: Readonly<Record<string, unknown>>): string[] {
  try {
    resolveHyperparameters(kernelName(algorithm), given);
    return [];
  } catch (error) {
    if (isDomainError(error)) return [`algorithms.${error.detail}`];
    throw error;
  }
}
