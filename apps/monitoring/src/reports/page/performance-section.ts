import type { PerformanceAssessment } from '@gimbal/domain';
import { percent, score } from './format-number.js';
import { html, type SafeHtml } from './html.js';
import { drawCalibration, drawMetrics, metricTitle } from './performance-charts.js';

/** Performance on the labelled rows, against what the version was admitted with. */
export function renderPerformance(performance: PerformanceAssessment | null, baselineNote: string): SafeHtml {
  if (performance === null) return html`<section><h2>Performance</h2><p>Nothing was judged.</p></section>`;
  const { rows, positives, metrics, options, reasons } = performance;
  if (metrics.length === 0)
    return html`<section><h2>Performance</h2><p>Unknown: ${reasons.join('; ')}. Report outcomes with <span class="mono">POST /api/v1/labels</span>.</p></section>`;
  return html`<section><h2>Performance on ${rows} labelled rows</h2>
<p>${baselineNote} ${positives} of the rows were positive (${percent(positives / rows)}). The verdict rests on the Brier score, a proper score:
degraded means that its rise over the baseline is beyond doubt (${percent(options.level)} interval) larger than ${percent(options.lossToleranceShare)} of the baseline.
F1, accuracy and AUC are shown and decide nothing: F1 rises with the share of positives.</p>
<p class="strong">${performance.verdict === 'healthy' ? 'Holds' : performance.verdict === 'degraded' ? 'Degraded' : 'Unknown'}: ${reasons.join('; ')}.</p>
<div class="pair"><div class="card"><h3>Metrics with ${percent(options.level)} intervals</h3>
<p class="legend"><span><svg viewBox="0 0 26 12"><path class="s-cur" d="M0 6H26"/><circle class="f-cur" cx="13" cy="6" r="4"/></svg>window</span>
<span><svg viewBox="0 0 26 12"><path class="s-limit" d="M13 0v12"/></svg>at admission</span></p>${drawMetrics(metrics)}</div>
<div class="card"><h3>Calibration</h3><p class="soft small">On the diagonal a probability means what it says. Lines: 95 % intervals; the larger a dot, the more rows.</p>${drawCalibration(performance.calibration)}</div></div>
${renderLosses(performance)}<div class="pair">${renderMetricTable(performance)}${renderConfusion(performance)}</div></section>`;
}

function renderLosses({ losses, skill }: PerformanceAssessment): SafeHtml | null {
  if (losses.length === 0) return null;
  const rows = losses.map(
    ({
      loss,
      value,
      baseline,
      excess,
      interval,
      threshold,
      degraded,
    }) => html`<tr><td>${loss === 'brier' ? 'Brier score' : 'Log loss'}</td>
<td>${score(value)}</td><td>${score(baseline)}</td><td>${score(excess)}</td><td>${score(interval.lower)} to ${score(interval.upper)}</td><td>${score(threshold)}</td>
<td class="left ${degraded ? 'major' : 'good-text'}">${degraded ? 'beyond doubt worse' : 'within doubt or tolerance'}</td></tr>`,
  );
  return html`<div class="scroll"><table><thead><tr><th>Loss</th><th>window</th><th>baseline</th><th>excess</th><th>interval of the excess</th><th>let pass</th><th class="left">conclusion</th></tr></thead>
<tbody>${rows}</tbody></table></div>
<p class="soft small">Skill (1 − Brier score / Brier score of always answering the share of positives): ${score(skill.skill)}${skill.interval ? ` (${score(skill.interval.lower)} to ${score(skill.interval.upper)})` : ''}, baseline ${score(skill.baseline)}.</p>`;
}

function renderMetricTable({ metrics }: PerformanceAssessment): SafeHtml {
  const rows = metrics.map(
    ({ metric, value, baseline, interval }) => html`<tr><td>${metricTitle(metric)}</td><td>${score(value)}</td>
<td>${interval ? `${score(interval.lower)} to ${score(interval.upper)}` : '–'}</td><td>${score(baseline)}</td></tr>`,
  );
  return html`<div class="scroll"><table><thead><tr><th>Metric</th><th>window</th><th>interval</th><th>at admission</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function renderConfusion({ confusion, threshold }: PerformanceAssessment): SafeHtml | null {
  if (confusion === null) return null;
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion;
  return html`<div class="scroll"><table><thead><tr><th>At threshold ${score(threshold)}</th><th>answered 1</th><th>answered 0</th></tr></thead><tbody>
<tr><td>was 1</td><td>${truePositives}</td><td>${falseNegatives}</td></tr><tr><td>was 0</td><td>${falsePositives}</td><td>${trueNegatives}</td></tr></tbody></table></div>`;
}
