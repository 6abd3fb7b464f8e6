import type { CalibrationBin, MetricEstimate } from '@gimbal/domain';
import { percent, place, score } from './format-number.js';
import { html, type SafeHtml } from './html.js';

const WIDTH = 440;
const LEFT = 132;
const RIGHT = 16;
const ROW = 30;

const TITLES: Record<MetricEstimate['metric'], string> = {
  accuracy: 'Accuracy',
  precision: 'Precision',
  recall: 'Recall',
  f1: 'F1',
  roc_auc: 'ROC-AUC',
  log_loss: 'Log loss',
  brier: 'Brier score',
  macro_f1: 'Macro F1',
  balanced_accuracy: 'Balanced accuracy',
  answered_accuracy: 'Accuracy of answered',
  mae: 'Mean absolute error',
  rmse: 'Root mean squared error',
  r2: 'R²',
  bias: 'Bias (answered − true)',
};

/** Those that lie in [0, 1] and can share an axis. */
const isShare = (metric: MetricEstimate['metric']): boolean =>
  !['log_loss', 'mae', 'rmse', 'r2', 'bias'].includes(metric);

export const metricTitle = (metric: MetricEstimate['metric']): string => TITLES[metric];

/** Each metric of the window with its interval; a mark where the version stood at admission. What does not lie in [0, 1] stays out. */
export function drawMetrics(metrics: readonly MetricEstimate[]): SafeHtml {
  const shown = metrics.filter(({ metric, value }) => isShare(metric) && value !== null);
  const x = (value: number): number => LEFT + (WIDTH - LEFT - RIGHT) * Math.max(0, Math.min(1, value));
  const bottom = ROW * shown.length;
  const rows = shown.map(({ metric, value, baseline, interval }, i) => {
    const middle = ROW * (i + 0.5);
    return html`<g><title>${TITLES[metric]} ${score(value)}${interval ? ` (${score(interval.lower)} to ${score(interval.upper)})` : ''}, at admission ${score(baseline)}</title>
<text class="name" x="${LEFT - 8}" y="${place(middle + 4)}" text-anchor="end">${TITLES[metric]}</text>
${interval ? html`<path class="s-cur" d="M${place(x(interval.lower))} ${place(middle)}H${place(x(interval.upper))}"/>` : null}
${baseline === null ? null : html`<path class="s-limit" d="M${place(x(baseline))} ${place(middle - 8)}v16"/>`}
<circle class="f-cur" cx="${place(x(value ?? 0))}" cy="${place(middle)}" r="4.5"/></g>`;
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (value) => html`<path class="s-line" d="M${place(x(value))} 0V${bottom}"/>
<text x="${place(x(value))}" y="${bottom + 14}" text-anchor="middle">${value}</text>`,
  );
  return html`<svg viewBox="0 0 ${WIDTH} ${bottom + 20}" role="img" aria-label="Metrics of the window with intervals, beside those at admission">${ticks}${rows}</svg>`;
}

const SIDE = 280;
const EDGE = { left: 40, bottom: 34, top: 8, right: 8 };

/** What was promised against what came true: on the diagonal a probability means what it says. Lines are 95 % Wilson intervals. */
export function drawCalibration(bins: readonly CalibrationBin[]): SafeHtml {
  const span = SIDE - EDGE.left - EDGE.right;
  const tall = SIDE - EDGE.top - EDGE.bottom;
  const x = (value: number): number => EDGE.left + span * value;
  const y = (value: number): number => EDGE.top + tall * (1 - value);
  const most = Math.max(1, ...bins.map(({ rows }) => rows));
  const dots = bins.map(
    ({
      rows,
      meanProbability,
      positiveShare,
      interval,
    }) => html`<g><title>${rows} rows: ${percent(meanProbability)} promised, ${percent(positiveShare)} came true (${percent(interval.lower)} to ${percent(interval.upper)})</title>
<path class="s-cur" d="M${place(x(meanProbability))} ${place(y(interval.lower))}V${place(y(interval.upper))}"/>
<circle class="f-cur" cx="${place(x(meanProbability))}" cy="${place(y(positiveShare))}" r="${place(2.5 + 4 * Math.sqrt(rows / most))}"/></g>`,
  );
  const ticks = [0, 0.5, 1].map(
    (
      value,
    ) => html`<path class="s-line" d="M${place(x(value))} ${place(y(0))}V${place(y(1))}M${place(x(0))} ${place(y(value))}H${place(x(1))}"/>
<text x="${place(x(value))}" y="${place(y(0) + 15)}" text-anchor="middle">${value}</text>
<text x="${place(x(0) - 6)}" y="${place(y(value) + 4)}" text-anchor="end">${value}</text>`,
  );
  return html`<svg class="small" viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="Calibration: promised probability against the share that came true">${ticks}
<path class="s-soft dash" d="M${place(x(0))} ${place(y(0))}L${place(x(1))} ${place(y(1))}"/>${dots}
<text x="${place(x(0.5))}" y="${SIDE - 4}" text-anchor="middle">probability promised</text></svg>`;
}
