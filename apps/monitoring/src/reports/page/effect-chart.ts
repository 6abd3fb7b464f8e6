import type { FeatureDrift } from '@gimbal/domain';
import { figure, place, score } from './format-number.js';
import { html, type SafeHtml } from './html.js';

const WIDTH = 760;
const ROW = 22;
const LEFT = 120;
const RIGHT = 70;
const TOP = 6;

/**
 * Effect sizes of all features on one scale, each with its no-drift band: a dot inside the band is what chance alone shows in a window of
 * this size; beyond the line it counts, when it is significant, too.
 */
export function drawEffects(features: readonly FeatureDrift[]): SafeHtml {
  const measured = features.flatMap((feature) => (feature.effect ? [{ feature, effect: feature.effect }] : []));
  if (measured.length === 0) return html`<p class="soft">No feature had enough usable rows to be compared.</p>`;
  const ordered = measured.toSorted((one, other) => other.effect.statistic - one.effect.statistic);
  const most = Math.max(0.1, ...ordered.flatMap(({ effect }) => [effect.statistic, effect.noDriftBand ?? 0]));
  const top = Math.min(1, Math.ceil(most * 10) / 10);
  const x = (value: number): number => LEFT + (WIDTH - LEFT - RIGHT) * Math.min(1, value / top);
  const height = TOP + ROW * ordered.length + 22;
  const bottom = TOP + ROW * ordered.length;
  const rows = ordered.map(({ feature, effect }, i) => {
    const middle = TOP + ROW * (i + 0.5);
    const { threshold, noDriftBand } = effect;
    return html`<g><title>${feature.feature}: ${effect.name} ${figure(effect.statistic)}, no-drift band up to ${figure(noDriftBand)}, limit ${figure(threshold)}</title>
<rect class="f-band" x="${LEFT}" y="${place(middle - 7)}" width="${place(x(noDriftBand ?? 0) - LEFT)}" height="14"/>
${threshold === null ? null : html`<path class="s-limit" d="M${place(x(threshold))} ${place(middle - 8)}v16"/>`}
<path class="s-soft" d="M${LEFT} ${place(middle)}H${place(x(effect.statistic))}"/>
<circle class="f-${distributionSeverity(feature)}" cx="${place(x(effect.statistic))}" cy="${place(middle)}" r="5"/>
<text class="name" x="${LEFT - 8}" y="${place(middle + 4)}" text-anchor="end">${clip(feature.feature)}</text>
<text x="${WIDTH - 4}" y="${place(middle + 4)}" text-anchor="end">${score(effect.statistic)}</text></g>`;
  });
  const ticks = [0, top / 2, top].map(
    (value) => html`<path class="s-line" d="M${place(x(value))} ${TOP}V${bottom}"/>
<text x="${place(x(value))}" y="${bottom + 16}" text-anchor="middle">${figure(value)}</text>`,
  );
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Effect size of each feature with its no-drift band">${ticks}${rows}</svg>`;
}

const clip = (name: string): string => (name.length > 17 ? `${name.slice(0, 16)}…` : name);

/** A feature may be grave for another reason (missing values); the dot tells of its distribution alone. */
const distributionSeverity = ({ findings }: FeatureDrift): string =>
  findings.find(({ kind }) => kind === 'distribution')?.severity ?? 'none';
