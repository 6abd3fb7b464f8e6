/**
 * The kernel's side of compare-explanations.ts: for each line on standard input (`level-wise` or `leaf-wise`) explains the rows that
 * reference.py left in the folder, by the trees it left there, and says `{cpu_seconds, peak_mib, worst}`; `worst` is the largest difference to
 * its contributions.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createFeatureTable, explainModel, KERNEL_VERSION, type TreeEnsembleModel } from '@gimbal/learning';

const FEATURES = 50;
const [, , folder = '.'] = process.argv;

/** A tree as shap holds it: -1 for no child. */
interface ReadTree {
  readonly children_left: readonly number[];
  readonly children_right: readonly number[];
  readonly children_default: readonly number[];
  readonly features: readonly number[];
  readonly thresholds: readonly number[];
  readonly node_sample_weight: readonly number[];
  readonly values: readonly number[];
}

/** Features are float32: the largest one that goes left says the same as a threshold in float64. */
function toFloat32Below(threshold: number): number {
  const near = new Float32Array([threshold]);
  const bits = new Int32Array(near.buffer);
  if (near[0]! > threshold) bits[0]! += near[0]! > 0 ? -1 : 1;
  return near[0]!;
}

function toTree(tree: ReadTree): TreeEnsembleModel['trees'][number] {
  const isLeaf = tree.children_left.map((child) => child < 0);
  return {
    feature: tree.features.map((feature, node) => (isLeaf[node] ? -1 : feature)),
    threshold: tree.thresholds.map((threshold, node) => (isLeaf[node] ? 0 : toFloat32Below(threshold))),
    categories: isLeaf.map(() => null),
    left: tree.children_left.map((child) => Math.max(child, 0)),
    right: tree.children_right.map((child) => Math.max(child, 0)),
    missingLeft: tree.children_default.map((child, node) => Number(child >= 0 && child === tree.children_left[node])),
    output: 0,
    width: 1,
    value: tree.values.map((value, node) => (isLeaf[node] ? value : 0)),
    gain: isLeaf.map(() => 0),
    cover: tree.node_sample_weight,
  };
}

const bytes = readFileSync(join(folder, 'rows.f32'));
const cells = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
const rowCount = cells.length / FEATURES;
const features = Array.from({ length: FEATURES }, (_, j) => ({ name: `x${j}`, kind: 'numeric' as const }));
const columns = features.map((_, j) => cells.subarray(j * rowCount, (j + 1) * rowCount));
const table = createFeatureTable({ features, columns });

function readModel(name: string): TreeEnsembleModel {
  const written = readFileSync(join(folder, `${name}.json`), 'utf8');
  const { base, trees } = JSON.parse(written) as { base: number; trees: ReadTree[] }; // as reference.py writes it
  return {
    kind: 'trees',
    task: 'binary-classification',
    algorithm: 'gradient_boosting_level_wise',
    features,
    classes: ['0', '1'],
    hyperparameters: {},
    seed: 0,
    trainRows: 100_000,
    kernelVersion: KERNEL_VERSION,
    calibration: null,
    link: 'sigmoid',
    base: [base],
    scale: 1,
    trees: trees.map(toTree),
  };
}

/** Largest difference to what the reference found, once it has found it. */
function findWorst(name: string, contributions: Float64Array): number {
  const found = readFileSync(join(folder, `${name}.f64`));
  const expected = new Float64Array(found.buffer, found.byteOffset, found.byteLength / 8);
  return contributions.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (expected[i] ?? Number.NaN))), 0);
}

const models = new Map(['level-wise', 'leaf-wise'].map((name) => [name, readModel(name)]));
process.stdout.write(`${JSON.stringify({ kernel: KERNEL_VERSION })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const model = models.get(line);
  if (!model) throw new Error(`There is no ensemble ${line}.`);
  const before = process.cpuUsage();
  const { contributions } = explainModel({ model, table });
  const { user, system } = process.cpuUsage(before);
  const worst = findWorst(line, contributions);
  const answer = { cpu_seconds: (user + system) / 1e6, peak_mib: process.resourceUsage().maxRSS / 1024, worst };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
