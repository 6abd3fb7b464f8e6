import type { DatasetVersion, ModelSignature, SignatureInput, TableColumn } from '@gimbal/contracts';
import {
  buildPerformanceBaseline,
  buildReferenceProfile,
  type FeatureColumn,
  type ReferenceProfile,
} from '@gimbal/domain';
import { type Dataset, poolOutOfFold, takeTarget, type ValidationFigures } from '@gimbal/learning';
import type { FoldResults } from '../pipeline/fold-results.js';
import { describeAnswers, describeLabelled } from './describe-answers.js';
import type { AnsweredTable } from './score-table.js';
import { takeEvenly } from './take-evenly.js';

function spanOf(column: Float32Array, rows: Int32Array): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const value = column[row] ?? Number.NaN;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

function describeInput(
  { features, columns }: Dataset,
  index: number,
  { definitions, rows }: { readonly definitions: ReadonlyMap<string, TableColumn>; readonly rows: Int32Array },
): SignatureInput {
  const feature = features[index];
  const name = feature?.name ?? '';
  const definition = definitions.get(name);
  const isNumber = feature?.kind === 'numeric';
  const column = columns[index];
  return {
    name,
    type: definition?.type === 'boolean' ? 'boolean' : isNumber ? 'number' : 'category',
    ...(feature?.categories && { categories: [...feature.categories] }),
    description: definition?.description ?? '',
    allowed: definition?.type === 'boolean' ? [0, 1] : (definition?.allowed ?? null),
    range: definition?.range ?? null,
    missing: definition?.missing ?? 'allowed',
    trainingRange: isNumber && definition?.type !== 'boolean' && column ? spanOf(column, rows) : null,
  };
}

/** What was learned from, and what the upload says of it. */
interface DefinedRows {
  readonly definition: DatasetVersion['definition'];
  readonly dataset: Dataset;
  readonly trainRows: Int32Array;
}

/** How to call a model that learned from an uploaded table. */
export function describeTableSignature({ definition, dataset, trainRows }: DefinedRows): ModelSignature {
  const definitions = new Map(definition.columns.map((column) => [column.name, column]));
  const { task, classes, features } = dataset;
  return {
    task,
    ...(task === 'multiclass-classification' && { classes: [...classes] }),
    inputs: features.map((_, index) => describeInput(dataset, index, { definitions, rows: trainRows })),
    target: targetOf(definition, classes),
    codings: {},
  };
}

/** What is told of the target: its description, else its column and what counts as positive. */
export function targetOf({ target }: DatasetVersion['definition'], classes: readonly string[]): string {
  if (!target) return 'unusual rows';
  if (target.description !== '') return target.description.slice(0, 200);
  return (classes.length === 2 ? `${target.column} is ${classes[1]}` : target.column).slice(0, 200);
}

/** Rows beyond these tell a profile nothing more. */
const PROFILE_ROWS_MAX = 20_000;

/** Yes and no are compared as categories are, here and in every later window. */
function toColumn(
  { features, columns }: Dataset,
  index: number,
  { rows, booleans }: { readonly rows: Int32Array; readonly booleans: ReadonlySet<string> },
): FeatureColumn {
  const { name = '', kind, categories } = features[index] ?? {};
  const column = columns[index];
  const values = Float32Array.from(rows, (row) => column?.[row] ?? Number.NaN);
  if (kind !== 'categorical' && !booleans.has(name)) return { name, type: 'numeric', values, malformed: 0 };
  const texts = Array.from(values, (code) =>
    Number.isNaN(code) ? null : categories ? (categories[code] ?? null) : String(code),
  );
  return { name, type: 'categorical', values: texts, malformed: 0 };
}

/**
 * What later windows are compared with: the inputs of rows learned from (at most 20 000, evenly taken), the answers out of fold, and the performance
 * on rows not learned from, out of fold and held out together.
 */
export function profileTable(
  judged: DefinedRows & AnsweredTable & { readonly selected: ValidationFigures; readonly outOfFold: FoldResults },
): ReferenceProfile {
  const { definition, dataset, trainRows, selected } = judged;
  const rows = takeEvenly(trainRows, PROFILE_ROWS_MAX);
  const booleans = new Set(definition.columns.filter(({ type }) => type === 'boolean').map(({ name }) => name));
  const columns = dataset.features.map((_, index) => toColumn(dataset, index, { rows, booleans }));
  const { task, classes } = dataset;
  const threshold = 'threshold' in selected ? selected.threshold : null;
  const { folds, candidate, results } = judged.outOfFold;
  const { outputs, target } = poolOutOfFold(dataset, folds, candidate, results);
  const unseen = { task, classes, threshold };
  const truth = joined(target, takeTarget(dataset, judged.rows));
  return buildReferenceProfile({
    columns,
    predictions: describeAnswers({ ...unseen, outputs }),
    performance: buildPerformanceBaseline(
      describeLabelled({ ...unseen, outputs: joined(outputs, judged.answers) }, truth),
    ),
  });
}

function joined(one: ArrayLike<number>, other: ArrayLike<number>): Float64Array {
  const both = new Float64Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
