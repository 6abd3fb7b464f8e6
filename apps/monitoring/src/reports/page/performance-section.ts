import { LOSS_TITLES, type PerformanceAssessment, showLoss } from '@gimbal/domain';
import { renderClasses } from './classes-table.js';
import { percent, score } from './format-number.js';
import { html, type SafeHtml } from './html.js';
import { drawCalibration, drawMetrics, metricTitle } from './performance-charts.js';

/** Performance on the labelled rows, against what the version was admitted with. */
export function renderPerformance(performance: PerformanceAssessment | null, baselineNote: string): SafeHtml {
  if (performance === null) return html`<section><h2>Performance</h2><p>Nothing was judged.</p></section>`;
  const { rows, metrics, options, reasons } = performance;
  if (metrics.length === 0)
    return html`<section><h2>Performance</h2><p>Unknown: ${reasons.join('; ')}. Report outcomes with <span class="mono">POST /api/v1/labels</span>.</p></section>`;
  return html`<section><h2>Performance on ${rows} labelled rows</h2>
<p>${baselineNote} ${describePositives(performance)} ${BASES[performance.task]}
Degraded means that its rise over the baseline is beyond doubt (${percent(options.level)} interval) larger than ${percent(options.lossToleranceShare)} of the baseline.</p>
<p class="strong">${performance.verdict === 'healthy' ? 'Holds' : performance.verdict === 'degraded' ? 'Degraded' : 'Unknown'}: ${reasons.join('; ')}.</p>
<div class="pair"><div class="card"><h3>Metrics with ${percent(options.level)} intervals</h3>
<p class="legend"><span><svg viewBox="0 0 26 12"><path class="s-cur" d="M0 6H26"/><circle class="f-cur" cx="13" cy="6" r="4"/></svg>window</span>
<span><svg viewBox="0 0 26 12"><path class="s-limit" d="M13 0v12"/></svg>at admission</span></p>${drawMetrics(metrics)}</div>
${performance.calibration.length === 0 ? null : html`<div class="card"><h3>Calibration</h3><p class="soft small">On the diagonal a probability means what it says. Lines: 95 % intervals; the larger a dot, the more rows.</p>${drawCalibration(performance.calibration)}</div>`}</div>
${renderLosses(performance)}<div class="pair">${renderMetricTable(performance)}${renderConfusion(performance)}</div>${renderClasses(performance.classes)}</section>`;
}

/** What the verdict rests on, and why on that. */
const BASES: Readonly<Record<PerformanceAssessment['task'], string>> = {
  'binary-classification':
    'The verdict rests on the Brier score, a proper score. F1, accuracy and AUC are shown and decide nothing: F1 rises with the share of positives.',
  'multiclass-classification':
    'The verdict rests on the Brier score summed over classes, a proper score. Accuracy, F1 and recall are shown and decide nothing.',
  'text-classification':
    'The verdict rests on the Brier score summed over classes, a proper score, of all texts, answered or not. Accuracy, F1 and recall are shown and decide nothing.',
  regression: 'The verdict rests on the mean squared error. All other metrics are shown and decide nothing.',
  'anomaly-detection':
    'The verdict rests on the ranking, 1 − ROC-AUC: a score is no probability. Precision and recall at the threshold are shown and decide nothing.',
};

const describePositives = ({ positives, rows, task }: PerformanceAssessment): string =>
  positives === null
    ? ''
    : `${positives} of the rows were ${task === 'anomaly-detection' ? 'anomalies' : 'positive'} (${percent(positives / rows)}).`;

function renderLosses({ losses, skill }: PerformanceAssessment): SafeHtml | null {
  if (losses.length === 0) return null;
  const rows = losses.map(
    ({ loss, value, baseline, excess, interval, threshold, degraded }) => html`<tr><td>${LOSS_TITLES[loss]}</td>
<td>${showLoss(value)}</td><td>${showLoss(baseline)}</td><td>${showLoss(excess)}</td><td>${showLoss(interval.lower)} to ${showLoss(interval.upper)}</td><td>${showLoss(threshold)}</td>
<td class="left ${degraded ? 'major' : 'good-text'}">${degraded ? 'beyond doubt worse' : 'within doubt or tolerance'}</td></tr>`,
  );
  return html`<div class="scroll"><table><thead><tr><th>Loss</th><th>window</th><th>baseline</th><th>excess</th><th>interval of the excess</th><th>let pass</th><th class="left">conclusion</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<p class="soft small">Skill (1 − the deciding loss / that of the best constant answer): ${score(skill.skill)}${skill.interval ? ` (${score(skill.interval.lower)} to ${score(skill.interval.upper)})` : ''}, baseline ${score(skill.baseline)}.</p>`;
}

const told = (value: number | null): string => (value === null ? '–' : showLoss(value));

function renderMetricTable({ metrics }: PerformanceAssessment): SafeHtml {
  const rows = metrics.map(
    ({ metric, value, baseline, interval }) => html`<tr><td>${metricTitle(metric)}</td><td>${told(value)}</td>
<td>${interval ? `${told(interval.lower)} to ${told(interval.upper)}` : '–'}</td><td>${told(baseline)}</td></tr>`,
  );
  return html`<div class="scroll"><table><thead><tr><th>Metric</th><th>window</th><th>interval</th><th>at admission</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function renderConfusion({ confusion, threshold }: PerformanceAssessment): SafeHtml | null {
  if (confusion === null) return null;
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion;
  return html`<div class="scroll"><table><thead><tr><th>At threshold ${score(threshold)}</th><th>answered 1</th><th>answered 0</th></tr></thead><tbody>
<tr><td>was 1</td><td>${truePositives}</td><td>${falseNegatives}</td></tr><tr><td>was 0</td><td>${falsePositives}</td><td>${trueNegatives}</td></tr></tbody></table></div>`;
}
