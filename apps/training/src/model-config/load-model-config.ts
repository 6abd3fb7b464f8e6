import { readFile } from 'node:fs/promises';
import {
  ALGORITHMS,
  Algorithm,
  type AlgorithmName,
  type DatasetDefinition,
  ModelName,
  Search,
} from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import { resolveHyperparameters } from '@gimbal/learning';
import { parse } from 'yaml';
import { z } from 'zod';
import { kernelName } from '../learning-workers/kernel-name.js';
import { type FamilySettings, readSearch } from '../search/read-search.js';

const Terms = {
  seed: z.int().min(0).max(4_294_967_295),
  test_size: z.number().min(0.1).max(0.5),
  folds: z.int().min(2).max(20),
  algorithms: z.record(z.string(), z.record(z.string(), z.unknown())),
  search: Search.optional(),
};

/** The file as a person writes it. */
const ModelConfigFile = z.strictObject({
  ...Terms,
  model: ModelName,
  dataset: ModelName,
  parts: z.array(ModelName).min(1).max(20),
  experiment: z.string().trim().min(1).max(250),
  tables: z.record(ModelName, z.strictObject(Terms).partial()).optional(),
});
type ModelConfigFile = z.output<typeof ModelConfigFile>;

/** Terms of a training. */
interface TrainingTerms {
  readonly seed: number;
  /** Share of rows held out, in [0.1, 0.5]. */
  readonly testSize: number;
  readonly folds: number;
  /** In the order of the file; hyperparameters by name, without the defaults. */
  readonly algorithms: FamilySettings;
  /** Null: nothing is searched for. */
  readonly search: Search | null;
}

/** What is trained when nobody says otherwise. */
export interface ModelConfig extends TrainingTerms {
  readonly model: string;
  readonly dataset: string;
  readonly parts: readonly string[];
  readonly experiment: string;
  /** What is different for an uploaded dataset, by its name. */
  readonly tables: ReadonlyMap<string, Partial<TrainingTerms>>;
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
  const { test_size: testSize, algorithms: given, search = null, tables = {}, ...rest } = parsed.data;
  const mistakes = findForeignData(rest, definitions);
  const algorithms = readFamilies(given, 'algorithms', mistakes);
  if (search) mistakes.push(...refuseSearch(search, algorithms, 'search'));
  const overrides = new Map(Object.entries(tables).map(([name, table]) => [name, readTable(name, table, mistakes)]));
  if (mistakes.length > 0) throw new Error(`${path}:\n${mistakes.join('\n')}`);
  return { ...rest, testSize, algorithms, search, tables: overrides };
}

function readTable(
  name: string,
  { test_size: testSize, algorithms: given, folds, seed, search }: NonNullable<ModelConfigFile['tables']>[string],
  mistakes: string[],
): Partial<TrainingTerms> {
  const algorithms = given && readFamilies(given, `tables.${name}.algorithms`, mistakes);
  if (search) mistakes.push(...refuseSearch(search, algorithms ?? new Map(), `tables.${name}.search`));
  return {
    ...(testSize !== undefined && { testSize }),
    ...(folds !== undefined && { folds }),
    ...(seed !== undefined && { seed }),
    ...(algorithms && { algorithms }),
    ...(search && { search }),
  };
}

const refuseSearch = (search: Search, settings: FamilySettings, where: string): string[] =>
  readSearch(search, settings).mistakes.map((mistake) => `${where}.${mistake}`);

function readFamilies(given: ModelConfigFile['algorithms'], where: string, mistakes: string[]): FamilySettings {
  const algorithms = new Map<AlgorithmName, Readonly<Record<string, unknown>>>();
  for (const [name, hyperparameters] of Object.entries(given)) {
    const algorithm = Algorithm.safeParse(name);
    if (!algorithm.success) {
      mistakes.push(`${where}.${name}: not one of ${ALGORITHMS.join(', ')}`);
      continue;
    }
    if (algorithms.has(algorithm.data)) mistakes.push(`${where}.${name}: the family is there twice`);
    algorithms.set(algorithm.data, hyperparameters);
    mistakes.push(...findBadHyperparameters(algorithm.data, hyperparameters, where));
  }
  if (algorithms.size === 0) mistakes.push(`${where}: at least one family is needed`);
  return algorithms;
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

function findBadHyperparameters(
  algorithm: AlgorithmName,
  given: Readonly<Record<string, unknown>>,
  where: string,
): string[] {
  try {
    resolveHyperparameters(kernelName(algorithm), given);
    return [];
  } catch (error) {
    if (isDomainError(error)) return [`${where}.${error.detail}`];
    throw error;
  }
}
