import type { ModelSignature, SignatureInput } from '@gimbal/contracts';
import {
  buildColumns,
  buildPerformanceBaseline,
  buildReferenceProfile,
  type FeatureDefinition,
  type ReferenceProfile,
} from '@gimbal/domain';
import { type Dataset, takeTarget } from '@gimbal/learning';
import type { LoadedData } from '../data/read-parts.js';
import { toScoredRows } from './measure-rows.js';
import type { TrainingSet } from './training-set.js';

/** How to call the exported model: inputs in the file's order, with what they accept and what training saw. */
export function describeSignature(
  { definition }: LoadedData,
  { dataset, inputs, trainRows }: TrainingSet,
): ModelSignature {
  const names = new Set(inputs.map(({ name }) => name));
  return {
    task: 'binary-classification',
    inputs: inputs.map(
      ({ name, type, description, allowed, range, missing }, index): SignatureInput => ({
        name,
        type,
        description,
        allowed: allowed ?? null,
        range: range ?? null,
        missing,
        trainingRange: type === 'number' ? spanOf(dataset, index, trainRows) : null,
      }),
    ),
    target: definition.target.description || definition.target.column,
    codings: Object.fromEntries(
      Object.entries(definition.codings).map(([coding, columns]) => [
        coding,
        Object.fromEntries(Object.entries(columns).filter(([column]) => names.has(column))),
      ]),
    ),
  };
}

function spanOf({ columns }: Dataset, index: number, rows: Int32Array): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const value = columns[index]?.[row] ?? Number.NaN;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** Answers to rows that the model did not learn from. */
interface UnseenAnswers {
  readonly rows: Int32Array;
  readonly probabilities: ArrayLike<number>;
}

/**
 * What later windows are compared with. Features: of the rows learned from. Predictions: out of fold, since a model's answers to rows it
 * learned from are surer than any later ones. Performance: out of fold and held out together, which narrows the baseline.
 */
export function describeReference(
  { dataset, inputs }: TrainingSet,
  { outOfFold, threshold }: { readonly outOfFold: UnseenAnswers; readonly threshold: number },
  unseen: readonly UnseenAnswers[],
): ReferenceProfile {
  const { rows, probabilities } = outOfFold;
  const judged = [outOfFold, ...unseen];
  const task = 'binary-classification';
  const scored = toScoredRows({
    labels: Uint8Array.from(judged.flatMap((one) => [...takeTarget(dataset, one.rows)])),
    probabilities: judged.flatMap((one) => Array.from(one.probabilities)),
    threshold,
  });
  return buildReferenceProfile({
    columns: buildColumns(takeRecords(dataset, rows), inputs.map(toFeatureDefinition)),
    predictions: { task, probabilities, threshold },
    performance: buildPerformanceBaseline({ task, ...scored }),
  });
}

function takeRecords({ features, columns }: Dataset, rows: Int32Array): Record<string, number | null>[] {
  return Array.from(rows, (row) =>
    Object.fromEntries(
      features.map(({ name }, index) => {
        const value = columns[index]?.[row] ?? Number.NaN;
        return [name, Number.isNaN(value) ? null : value];
      }),
    ),
  );
}

const toFeatureDefinition = ({ name, type }: TrainingSet['inputs'][number]): FeatureDefinition => ({
  name,
  type: type === 'category' ? 'categorical' : 'numeric',
});
