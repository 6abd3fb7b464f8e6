import type { Dataset } from '../../dataset/dataset.js';
import { LearningError } from '../../learning-error.js';
import { createRandom, deriveSeed, type Random, sampleWithoutReplacement } from '../../random/random.js';
import { checkpoint } from '../../training-hooks.js';
import type { Tree } from '../../trees/tree.js';
import type { FitRequest } from '../fit-request.js';
import type { HyperparameterSpecs, Resolved } from '../hyperparameters.js';
import type { TreeEnsembleModel } from '../model.js';
import { IsolationTreeGrower } from './grow-isolation-tree.js';
import { expectedPathLength } from './path-length.js';

/** Names and defaults are those of scikit-learn's IsolationForest. */
export const ISOLATION_FOREST_SPECS = {
  n_estimators: { kind: 'integer', default: 100, min: 1, max: 10_000, description: 'Number of trees.' },
  max_samples: {
    kind: 'integer',
    default: 256,
    min: 2,
    max: 1_000_000,
    description: 'Rows drawn without replacement for each tree; all of them when there are fewer.',
  },
  contamination: {
    kind: 'word-or-share',
    default: 'auto',
    words: ['auto'],
    description:
      'Share of anomalies that the threshold is set for when no labels are known; auto puts the threshold at a score of 0.5.',
  },
} as const satisfies HyperparameterSpecs;

type IsolationForestHyperparameters = Resolved<typeof ISOLATION_FOREST_SPECS>;

/** float32 holds integers up to this exactly. */
const EXACT_INTEGERS = 2 ** 24;

function findCodes(dataset: Dataset, rows: Int32Array): (readonly number[] | null)[] {
  return dataset.features.map(({ kind }, j) => {
    if (kind === 'numeric') return null;
    const codes = new Set<number>();
    for (const row of rows) codes.add(dataset.columns[j]![row]!);
    return [...codes].filter((code) => !Number.isNaN(code)).sort((a, b) => a - b);
  });
}

/** Draws positions without replacement, each row as likely as any other. */
class UniformSampler {
  private readonly drawnBy: Int32Array;
  private draws = 0;

  constructor(private readonly rows: Int32Array) {
    this.drawnBy = new Int32Array(rows.length);
  }

  draw(count: number, random: Random): Int32Array {
    const { rows } = this;
    if (2 * count > rows.length) {
      return sampleWithoutReplacement(rows.length, count, random).map((position) => rows[position]!);
    }
    this.draws++;
    const drawn = new Int32Array(count);
    for (let taken = 0; taken < count; ) {
      const position = random.nextInteger(rows.length);
      if (this.drawnBy[position] === this.draws) continue;
      this.drawnBy[position] = this.draws;
      drawn[taken++] = rows[position]!;
    }
    return drawn;
  }
}

/** Draws without replacement, a row with probability proportional to its weight at each step (Efraimidis and Spirakis, 2006). */
function drawWeighted(rows: Int32Array, weights: Float32Array, count: number, random: Random): Int32Array {
  const keys = Float64Array.from(rows, (row) => -Math.log(1 - random.nextFloat()) / weights[row]!);
  const order = Int32Array.from(rows, (_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
  return order.subarray(0, count).map((position) => rows[position]!);
}

/**
 * Trains an isolation forest (Liu, Ting and Zhou, 2008): rows that random cuts separate early are anomalies. Learns from raw
 * columns without labels; rows of weight 0 are left out and a row's weight is how likely it is drawn. Each tree has its own seed.
 *
 * @throws LearningError `too-few-rows` for fewer than two rows, `invalid-hyperparameter` for a contamination above 0.5,
 *   `training-cancelled`
 */
export function fitIsolationForest(
  request: FitRequest<IsolationForestHyperparameters>,
): Pick<TreeEnsembleModel, 'kind' | 'link' | 'base' | 'scale' | 'trees'> {
  const { dataset, hyperparameters, seed, hooks } = request;
  const { weights } = dataset;
  if (Number(hyperparameters.contamination) > 0.5) {
    throw new LearningError('invalid-hyperparameter', 'contamination must be auto or a share in (0, 0.5].');
  }
  const rows = weights === null ? request.rows : request.rows.filter((row) => weights[row]! > 0);
  if (rows.length < 2) throw new LearningError('too-few-rows', `An isolation forest needs 2 rows, got ${rows.length}.`);
  const sampleRows = Math.min(hyperparameters.max_samples, rows.length);
  const depthMax = Math.ceil(Math.log2(sampleRows));
  const count = hyperparameters.n_estimators;
  // No path is longer than this, so sums over all trees stay below 2^24 steps, which float32 adds exactly.
  const pathMax = depthMax + expectedPathLength(sampleRows);
  const leafStep = 2 ** Math.ceil(Math.log2((count * pathMax) / EXACT_INTEGERS));
  const grower = new IsolationTreeGrower(dataset, { depthMax, leafStep, codes: findCodes(dataset, rows) });
  const sampler = new UniformSampler(rows);
  const trees: Tree[] = [];
  for (let t = 0; t < count; t++) {
    checkpoint(hooks, t / count);
    const random = createRandom(deriveSeed(seed, 'tree', t));
    const drawn = weights === null ? sampler.draw(sampleRows, random) : drawWeighted(rows, weights, sampleRows, random);
    trees.push(grower.grow(drawn, random));
  }
  checkpoint(hooks, 1);
  const scale = Math.fround(1 / (count * expectedPathLength(sampleRows)));
  return { kind: 'trees', link: 'isolation', base: [0], scale, trees };
}
