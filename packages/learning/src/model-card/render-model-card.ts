import type { SliceEvaluation } from '../evaluation/evaluate-slices.js';
import type { ShapReport } from '../explanation/shap-importance.js';
import { CARD_STYLE } from './card-style.js';
import { drawBars, drawCalibration, drawConfusion, drawCurves, drawValues, figure } from './draw-charts.js';
import { type Content, Markup, markup } from './markup.js';
import type { ModelCard } from './model-card.js';

const TASK_TITLES: Readonly<Record<ModelCard['task'], string>> = {
  'binary-classification': 'Classification into two classes',
  'multiclass-classification': 'Classification',
  regression: 'Regression',
  'anomaly-detection': 'Anomaly detection',
  'text-classification': 'Classification of texts',
};

const METRIC_TITLES: Readonly<Record<string, string>> = {
  f1: 'F1',
  macroF1: 'Macro F1',
  macroPrecision: 'Macro precision',
  macroRecall: 'Macro recall',
  weightedF1: 'Weighted F1',
  precision: 'Precision',
  recall: 'Recall',
  accuracy: 'Accuracy',
  rocAuc: 'ROC-AUC',
  averagePrecision: 'Average precision',
  logLoss: 'Log loss',
  brier: 'Brier score',
  expectedCalibrationError: 'Calibration error',
  rmse: 'RMSE',
  mae: 'Mean absolute error',
  medianAbsoluteError: 'Median absolute error',
  meanError: 'Mean error',
  r2: 'R²',
  mape: 'Mean absolute percentage error',
  flaggedShare: 'Share flagged',
};

const titleOf = (metric: string): string => METRIC_TITLES[metric] ?? metric;

function table(heads: readonly string[], rows: readonly (readonly Content[])[]): Markup {
  const cells = rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>`);
  return markup`<table><thead><tr>${heads.map((head) => markup`<th>${head}</th>`)}</tr></thead><tbody>${cells}</tbody></table>`;
}

const section = (title: string, ...contents: readonly Content[]): Markup =>
  markup`<section><h2>${title}</h2>${contents}</section>`;

/** Metrics with an interval first, then the others that were measured. */
function renderMetrics({ evaluation, intervals }: ModelCard): Markup {
  const told = new Set(intervals.map(({ metric }) => metric));
  const others = Object.entries(evaluation.metrics).filter(([name]) => name in METRIC_TITLES && !told.has(name));
  const rows = [
    ...intervals.map(({ metric, value, interval }) => [
      titleOf(metric),
      figure(value),
      interval === null ? '–' : `${figure(interval.lower)} to ${figure(interval.upper)}`,
    ]),
    ...others.map(([name, value]) => [titleOf(name), figure(typeof value === 'number' ? value : null), '']),
  ];
  const level = intervals.find(({ interval }) => interval !== null)?.interval?.level ?? 0.95;
  return section(
    'On rows it has not seen',
    markup`<p class="soft">${evaluation.metrics.rows} rows held out${
      'threshold' in evaluation.metrics ? `; decided at a threshold of ${figure(evaluation.metrics.threshold)}` : ''
    }.${tellAbstention(evaluation)} Intervals: ${Math.round(100 * level)} %, bootstrap.</p>`,
    table(['Metric', 'Value', 'Interval'], rows),
  );
}

function tellAbstention(evaluation: ModelCard['evaluation']): string {
  if (evaluation.task !== 'text-classification') return '';
  const { coverage, answeredAccuracy } = evaluation;
  return ` It answers ${figure(100 * coverage)} % of them and abstains from the others; of its answers ${
    answeredAccuracy === null ? '–' : figure(100 * answeredAccuracy)
  } % are right. Metrics are of the most probable class, answered or not.`;
}

function renderCharts({ evaluation, curves, classes }: ModelCard): Markup {
  return section('Curves', drawCurves(curves), ...drawEvaluation(evaluation, classes));
}

function drawEvaluation(evaluation: ModelCard['evaluation'], classes: readonly string[]): Content[] {
  switch (evaluation.task) {
    case 'regression':
      return [
        drawValues(evaluation.calibration),
        table(
          ['Share of the rows', 'Target less prediction'],
          evaluation.residuals.map(({ share, value }) => [`${100 * share} %`, figure(value)]),
        ),
      ];
    case 'text-classification':
    case 'multiclass-classification':
      return [
        drawCalibration(evaluation.calibration, 'probability of the class called'),
        evaluation.confusion && drawConfusion(evaluation.confusion, classes),
        table(
          ['Class', 'Rows', 'Precision', 'Recall', 'F1', 'ROC-AUC'],
          evaluation.classes.map(({ name, support, precision, recall, f1, rocAuc }) => [
            name,
            ...[support, precision, recall, f1, rocAuc].map(figure),
          ]),
        ),
        evaluation.mistakes.length === 0
          ? null
          : markup`<h3>Mistaken most</h3>${table(
              ['Truth', 'Called', 'Rows'],
              evaluation.mistakes.map(({ truth, called, weight }) => [truth, called, figure(weight)]),
            )}`,
      ];
    case 'binary-classification':
    case 'anomaly-detection': {
      const { confusion } = evaluation;
      const cells = confusion && [
        [confusion.trueNegatives, confusion.falsePositives],
        [confusion.falseNegatives, confusion.truePositives],
      ];
      const names = evaluation.task === 'anomaly-detection' ? ['ordinary', 'anomaly'] : classes;
      return [
        'calibration' in evaluation ? drawCalibration(evaluation.calibration, 'probability promised') : null,
        cells && drawConfusion(cells, names),
      ];
    }
  }
}

function renderCandidates({ candidates }: ModelCard): Markup | null {
  const [first] = candidates;
  if (first === undefined) return null;
  return section(
    'Candidates',
    markup`<p class="soft">Cross-validated on the rows learned from, best first: mean ± deviation over folds.</p>`,
    table(
      ['Family', ...first.metrics.map(({ metric }) => titleOf(metric))],
      candidates.map(({ title, candidateId, metrics }) => [
        title === candidateId ? title : `${title} (${candidateId})`,
        ...metrics.map(({ mean, deviation }) => (mean === null ? '–' : `${figure(mean)} ± ${figure(deviation)}`)),
      ]),
    ),
  );
}

function renderCalibration({ calibration }: ModelCard): Markup | null {
  if (calibration === null || calibration.trials.length === 0) return null;
  const text =
    calibration.adopted === null
      ? 'The probabilities are the model’s own: no calibration lowered the log loss beyond noise.'
      : `The probabilities are calibrated (${calibration.adopted.kind}).`;
  return section(
    'Calibration',
    markup`<p>${text} <span class="soft">Each was judged on folds that it was not fitted on.</span></p>`,
    table(
      ['Kind', 'Log loss', 'Difference', 'Standard error', ''],
      calibration.trials.map(({ kind, logLoss, difference, standardError, helps }) => [
        kind,
        figure(logLoss),
        figure(difference),
        figure(standardError),
        helps ? 'helps' : 'does not help beyond noise',
      ]),
    ),
  );
}

const SHAP_UNITS: Readonly<Record<ShapReport['output'], string>> = {
  'log-odds': 'log-odds',
  margin: 'margins of the classes',
  probability: 'probability',
  value: 'predicted value',
  'path-length': 'relative path length',
};

function renderImportance({ importance: { gain, permutation, shap } }: ModelCard): Markup | null {
  if (gain.length === 0) return null;
  const loss = permutation[0]?.loss ?? 'loss';
  return section(
    'What it goes by',
    drawBars(
      `Rise of the ${loss} when a feature is shuffled`,
      permutation.map(({ feature, lossRise }) => ({ name: feature, value: lossRise })),
    ),
    shap &&
      drawBars(
        `How far a feature moves the ${SHAP_UNITS[shap.output]} (mean |SHAP| over ${shap.rowCount} rows)`,
        shap.importances.map(({ feature, meanContribution }) => ({ name: feature, value: meanContribution })),
      ),
    drawBars(
      'Share of the model’s own gain or weight',
      gain.map(({ feature, importance }) => ({ name: feature, value: importance })),
    ),
  );
}

function renderSlices({ slices }: ModelCard): Markup | null {
  if (slices === null || slices.loss === null) return null;
  const row = ({ feature, label, rows, loss, interval, isWorse }: SliceEvaluation): Content[] => [
    `${feature}: ${label}`,
    rows,
    figure(loss),
    `${figure(interval.lower)} to ${figure(interval.upper)}`,
    isWorse ? markup`<span class="warning">worse</span>` : '',
  ];
  return section(
    'Where it does worse',
    markup`<p class="soft">${slices.lossName} on all rows: ${figure(slices.loss)}. Worst slices first; ${slices.leftOut} with too few rows left out. Of many slices some look worse by chance.</p>`,
    table(['Slice', 'Rows', slices.lossName, 'Interval', ''], slices.slices.map(row)),
  );
}

function renderData({ data, checks, made, features, classes }: ModelCard): Markup {
  const findings = checks.map(({ severity, message }) => markup`<li class="${severity}">${severity}: ${message}</li>`);
  return section(
    'Data',
    markup`<p><strong>${data.title}</strong>. ${data.origin} Licence: ${data.licence}. Learned from ${made.trainRows} rows, ${features.length} features${
      classes.length > 0 ? `, ${classes.length} classes` : ''
    }; held out: ${data.split}. Digest <code>${data.digest}</code>.</p><p class="soft">Cite: ${data.citation}</p>`,
    findings.length === 0
      ? markup`<p>The data were looked over and nothing was found.</p>`
      : markup`<ul>${findings}</ul>`,
  );
}

function renderMaking({ made, features }: ModelCard): Markup {
  const parameters = Object.entries(made.hyperparameters).map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return section(
    'How it was made',
    markup`<p>Kernel ${made.kernelVersion}, seed ${made.seed}. The same data, parameters and seed give the same model.</p>`,
    table(['Parameter', 'Value'], parameters),
    markup`<details><summary>${features.length} features</summary>${table(
      ['Feature', 'Kind'],
      features.map(({ name, kind }) => [name, kind]),
    )}</details>`,
  );
}

/**
 * The card as one self-contained page: nothing is fetched, nothing runs, and every text is escaped, since names of columns and classes come
 * from uploaded files.
 */
export function renderModelCardHtml(card: ModelCard): string {
  const { name, purpose, limits, task, algorithm, data } = card;
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${name}: model card</title><style>${new Markup(CARD_STYLE)}</style></head><body><main>
<header><p class="soft">Model card · ${TASK_TITLES[task]}</p><h1>${name}</h1><p>${algorithm}. ${purpose}</p></header>
${data.isSynthetic ? markup`<p class="notice">The training data are synthetic: made from a seed. This model says nothing about the real world.</p>` : null}
${limits.length > 0 ? section('Limits', markup`<ul>${limits.map((limit) => markup`<li>${limit}</li>`)}</ul>`) : null}
${renderMetrics(card)}${renderCharts(card)}${renderSlices(card)}${renderImportance(card)}${renderCandidates(card)}${renderCalibration(card)}${renderData(card)}${renderMaking(card)}
</main></body></html>`;
  return page.source;
}
