import type { DatasetVersion, TrainingWarning } from '@gimbal/contracts';
import type { CardAbout, CardFinding, SplitStrategy } from '@gimbal/learning';
import { targetOf } from './describe-table.js';

/** Where a model comes from, for its card. */
export interface CardSource {
  readonly modelName: string;
  readonly version: DatasetVersion;
  /** Of the content and the definition in force. */
  readonly digest: string;
  readonly testSize: number;
  readonly seed: number;
}

/** What it was judged on. */
interface CardGround {
  readonly classes: readonly string[];
  readonly strategy: SplitStrategy['kind'];
  readonly holdoutRows: number;
  readonly warnings: readonly TrainingWarning[];
}

const PURPOSES: Readonly<Record<DatasetVersion['task'], (target: string) => string>> = {
  'binary-classification': (target) => `Says how probable it is that ${target}.`,
  'multiclass-classification': (target) => `Says which class of ${target} a row has.`,
  regression: (target) => `Predicts ${target}.`,
  'text-classification': (target) => `Says which class of ${target} a text has, or that it is not sure.`,
  'anomaly-detection': () => 'Says how unusual a row is beside those it learned from.',
};

/** Intervals of fewer rows are too wide to tell models apart. */
const FEW_ROWS = 100;

function purposeOf({ task, definition }: DatasetVersion, classes: readonly string[]): string {
  const described = definition.target?.description ?? '';
  return described === '' ? PURPOSES[task](targetOf(definition, classes)) : described;
}

const toFinding = ({ code, column, message }: TrainingWarning): CardFinding => ({
  ...{ code, message, severity: 'warning' },
  ...(column !== null && { column }),
});

/** What no measurement tells: what the model is for, where its rows came from and what is to be minded. */
export function describeCard(
  { modelName, version, digest, testSize, seed }: CardSource,
  { classes, strategy, holdoutRows, warnings }: CardGround,
): CardAbout {
  const { dataset, version: number, fileName, rows, dataOrigin } = version;
  return {
    name: modelName,
    purpose: purposeOf(version, classes),
    limits: [
      'It was judged on rows of the file that it learned from; elsewhere, and later, it may do worse.',
      ...(holdoutRows < FEW_ROWS ? [`Only ${holdoutRows} rows were held out: every figure may be far off.`] : []),
    ],
    data: {
      title: `${dataset}, version ${number}`,
      origin: `Uploaded as ${fileName} with ${rows} rows.`,
      licence: 'not stated',
      citation: 'not stated',
      digest,
      split: `${strategy}, ${Number((100 * testSize).toFixed(2))} %, seed ${seed}`,
      isSynthetic: dataOrigin === 'synthetic',
    },
    checks: warnings.map(toFinding),
  };
}
