import type { DriftBin } from '@gimbal/domain';
import { figure, percent, place } from './format-number.js';
import { html, type SafeHtml } from './html.js';

const WIDTH = 300;
const HEIGHT = 132;
const AREA = { left: 34, right: 6, top: 8, bottom: 20 };
/** More labels than this would run into each other. */
const LABELS_MAX = 6;

/** Shares of reference and window side by side, bin by bin. Numeric bins are quantiles of the reference, so its bars are about even. */
export function drawDistribution(bins: readonly DriftBin[], name: string): SafeHtml {
  const top = niceTop(
    Math.max(0.05, ...bins.flatMap(({ referenceShare, currentShare }) => [referenceShare, currentShare])),
  );
  const plot = { width: WIDTH - AREA.left - AREA.right, height: HEIGHT - AREA.top - AREA.bottom };
  const step = plot.width / Math.max(1, bins.length);
  const bar = Math.min(22, step * 0.4);
  const y = (share: number): number => AREA.top + plot.height * (1 - share / top);
  const bars = bins.map(({ label, referenceShare, currentShare }, i) => {
    const middle = AREA.left + step * (i + 0.5);
    return html`<g><title>${label}: ${percent(referenceShare)} in the reference, ${percent(currentShare)} in the window</title>
<rect class="f-ref" x="${place(middle - bar)}" y="${place(y(referenceShare))}" width="${place(bar)}" height="${place(plot.height + AREA.top - y(referenceShare))}"/>
<rect class="f-cur" x="${place(middle)}" y="${place(y(currentShare))}" width="${place(bar)}" height="${place(plot.height + AREA.top - y(currentShare))}"/></g>`;
  });
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Distribution of ${name}: reference against window">
${[0, top / 2, top].map(
  (share) => html`<path class="s-line" d="M${AREA.left} ${place(y(share))}H${WIDTH - AREA.right}"/>
<text x="${AREA.left - 4}" y="${place(y(share) + 4)}" text-anchor="end">${percent(share)}</text>`,
)}
${bars}${drawLabels(bins, step)}</svg>`;
}

/** Categories are named under their bars, quantile bins at the edges between them. */
function drawLabels(bins: readonly DriftBin[], step: number): SafeHtml[] {
  const isNumeric = bins.some(({ lower, upper }) => lower !== null || upper !== null);
  const marks = isNumeric
    ? bins.slice(0, -1).map(({ upper }, i) => ({ at: i + 1, text: figure(upper) }))
    : bins.map(({ label }, i) => ({ at: i + 0.5, text: label }));
  const every = Math.ceil(marks.length / LABELS_MAX);
  const room = Math.max(3, Math.floor((step * every) / 6));
  return marks
    .filter((_mark, i) => i % every === 0)
    .map(({ at, text }) => {
      const shown = text.length > room ? `${text.slice(0, room - 1)}…` : text;
      return html`<text x="${place(AREA.left + step * at)}" y="${HEIGHT - 6}" text-anchor="middle">${shown}</text>`;
    });
}

/** The next of 5, 10, 20, 40, 50, 60, 80, 100 %. */
function niceTop(share: number): number {
  return [0.05, 0.1, 0.2, 0.4, 0.5, 0.6, 0.8].find((top) => share <= top) ?? 1;
}
