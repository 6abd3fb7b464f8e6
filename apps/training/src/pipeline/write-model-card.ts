import { KERNEL_VERSION } from '@gimbal/learning';
import { wireName } from '../learning-workers/kernel-name.js';
import type { TrainingRecord } from './training-record.js';

const shown = (value: number | null): string => (value === null ? '–' : value.toFixed(3));
const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** The version in one page for a person who must decide whether to use it (after Mitchell et al. 2019, "Model Cards for Model Reporting"). */
export function writeModelCard({ run, data, set, ranked, evaluation, seed, testSize }: TrainingRecord): string {
  const { definition, origin, parts } = data;
  const [selected] = ranked;
  const { holdout, versusLive } = evaluation;
  const lines = [
    `# ${run.modelName}: ${selected ? wireName(selected.algorithm) : ''}`,
    '',
    ...(origin === 'synthetic'
      ? [
          '**The training data are synthetic: a stand-in made from a seed. This model says nothing about real patients.**',
          '',
        ]
      : []),
    '## What it answers',
    `${definition.target.description || definition.target.column}, as a probability and, at the threshold ${shown(holdout.threshold)}, as a label.`,
    '',
    '## Data',
    `${definition.title}; parts ${parts.map(({ name }) => name).join(', ')}; origin: ${origin}. Licence: ${definition.licence}.`,
    definition.origin,
    `Learned from ${set.trainRows.length} rows, held out ${set.holdoutRows.length} (${testSize * 100} % of the dataset, stratified, seed ${seed})` +
      `${set.recentRows.length > 0 ? `, kept ${set.recentRows.length} labelled predictions apart` : ''}. Digest ${set.digest}.`,
    '',
    '## Candidates (cross-validated on the rows learned from)',
    row('rank', 'family', 'F1', 'ROC-AUC', 'Brier', 'log loss'),
    row('---', '---', '---', '---', '---', '---'),
    ...ranked.map(({ algorithm, summary }, index) =>
      row(
        index + 1,
        wireName(algorithm),
        `${shown(summary.f1.mean)} ± ${shown(summary.f1.deviation)}`,
        shown(summary.rocAuc.mean),
        shown(summary.brier.mean),
        shown(summary.logLoss.mean),
      ),
    ),
    '',
    '## Held out',
    row('rows', 'F1', 'precision', 'recall', 'ROC-AUC', 'Brier', 'calibration error'),
    row('---', '---', '---', '---', '---', '---', '---'),
    row(
      holdout.rows,
      ...[
        holdout.f1Score,
        holdout.precision,
        holdout.recall,
        holdout.rocAuc,
        holdout.brier,
        holdout.calibrationError,
      ].map(shown),
    ),
    ...versusLive.map(
      ({ slice, rows, liveVersion, brierDifference: { estimate, low, high } }) =>
        `\nBeside live version ${liveVersion} on ${rows} rows (${slice}): Brier differs by ${shown(estimate)} (95 % interval ${shown(low)} to ${shown(high)}; below 0 is better).`,
    ),
    '',
    '## Made with',
    `Kernel ${KERNEL_VERSION}, seed ${seed}; training run ${run.id}. ${run.reason}`.trim(),
    `Cite the data: ${definition.citation}`,
  ];
  return `${lines.join('\n')}\n`;
}
