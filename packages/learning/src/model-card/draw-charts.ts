import type { CalibrationBin } from '@gimbal/domain';
import type { CurvePoint } from '../evaluation/curves.js';
import type { RegressionBin } from '../evaluation/evaluate-regression.js';
import { type Markup, markup } from './markup.js';
import type { CardCurves } from './model-card.js';

const SIDE = 260;
const LEFT = 42;
const BOTTOM = 36;
const EDGE = 8;
const SPAN_X = SIDE - LEFT - EDGE;
const SPAN_Y = SIDE - BOTTOM - EDGE;

/** Coordinates to a tenth of a unit: finer than any screen shows. */
const at = (value: number): string => String(Number(value.toFixed(1)));
const placeX = (share: number): number => LEFT + SPAN_X * share;
const placeY = (share: number): number => EDGE + SPAN_Y * (1 - share);

/** Three digits, never an exponent for everyday sizes. */
export const figure = (value: number | null): string => {
  if (value === null) return '–';
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6)) return value.toExponential(2);
  return String(Number(value.toPrecision(Math.abs(value) >= 1000 ? 6 : 4)));
};

interface Frame {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Labels at 0, 1/2 and 1 of both axes. */
  readonly ticks: readonly [string, string, string];
}

function frame({ title, x, y, ticks }: Frame, inside: readonly Markup[]): Markup {
  const grid = ticks.map((tick, i) => {
    const share = i / 2;
    return markup`<path class="grid" d="M${at(placeX(share))} ${at(placeY(0))}V${at(placeY(1))}M${at(placeX(0))} ${at(placeY(share))}H${at(placeX(1))}"/>
<text x="${at(placeX(share))}" y="${at(placeY(0) + 14)}" text-anchor="middle">${tick}</text>
<text x="${at(placeX(0) - 5)}" y="${at(placeY(share) + 4)}" text-anchor="end">${tick}</text>`;
  });
  return markup`<figure><svg viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="${title}">${grid}${inside}
<text x="${at(placeX(0.5))}" y="${SIDE - 4}" text-anchor="middle">${x}</text>
<text x="11" y="${at(placeY(0.5))}" text-anchor="middle" transform="rotate(-90 11 ${at(placeY(0.5))})">${y}</text></svg>
<figcaption>${title}</figcaption></figure>`;
}

const SHARES = ['0', '0.5', '1'] as const;

function drawLines(
  curves: readonly CardCurves[],
  start: readonly [number, number] | null,
  place: (point: CurvePoint) => readonly [number, number],
): Markup[] {
  return curves.map(({ label, points }, i) => {
    const path = [...(start === null ? [] : [start]), ...points.map(place)];
    const line = path.map(([x, y], j) => `${j === 0 ? 'M' : 'L'}${at(placeX(x))} ${at(placeY(y))}`).join('');
    return markup`<path class="line c${i}" d="${line}"><title>${label}</title></path>`;
  });
}

const CHANCE = markup`<path class="chance" d="M${at(placeX(0))} ${at(placeY(0))}L${at(placeX(1))} ${at(placeY(1))}"/>`;

/** ROC and precision-recall curves; with several classes each against all others. */
export function drawCurves(curves: readonly CardCurves[]): Markup | null {
  if (curves.length === 0) return null;
  const roc = drawLines(curves, [0, 0], (point) => [point.falsePositiveRate, point.truePositiveRate]);
  const recall = drawLines(curves, null, (point) => [point.truePositiveRate, point.precision]);
  const keys = curves.map(({ label }, i) => markup`<span><i class="c${i}"></i>${label}</span>`);
  return markup`<div class="charts">${frame({ title: 'ROC curve', x: 'false positive rate', y: 'true positive rate', ticks: SHARES }, [CHANCE, ...roc])}
${frame({ title: 'Precision-recall curve', x: 'recall', y: 'precision', ticks: SHARES }, recall)}</div>
${curves.length > 1 ? markup`<p class="keys">${keys}</p>` : null}`;
}

/** What was promised against what came true; lines are 95 % Wilson intervals. */
export function drawCalibration(bins: readonly CalibrationBin[], promised: string): Markup {
  const most = Math.max(1, ...bins.map(({ rows }) => rows));
  const dots = bins.map(
    ({
      rows,
      meanProbability,
      positiveShare,
      interval,
    }) => markup`<g><title>${rows} rows: ${figure(meanProbability)} promised, ${figure(positiveShare)} came true</title>
<path class="line c0" d="M${at(placeX(meanProbability))} ${at(placeY(interval.lower))}V${at(placeY(interval.upper))}"/>
<circle class="dot" cx="${at(placeX(meanProbability))}" cy="${at(placeY(positiveShare))}" r="${at(2.5 + 4 * Math.sqrt(rows / most))}"/></g>`,
  );
  return frame({ title: 'Calibration', x: promised, y: 'came true', ticks: SHARES }, [CHANCE, ...dots]);
}

/** Predicted against true values, in tenths of the rows by prediction. */
export function drawValues(bins: readonly RegressionBin[]): Markup {
  const values = bins.flatMap(({ meanPrediction, meanTarget }) => [meanPrediction, meanTarget]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const share = (value: number): number => (high > low ? (value - low) / (high - low) : 0.5);
  const dots = bins.map(
    ({ rows, meanPrediction, meanTarget }) =>
      markup`<circle class="dot" cx="${at(placeX(share(meanPrediction)))}" cy="${at(placeY(share(meanTarget)))}" r="4"><title>${rows} rows: ${figure(meanPrediction)} predicted, ${figure(meanTarget)} true</title></circle>`,
  );
  const ticks = [figure(low), figure((low + high) / 2), figure(high)] as const;
  return frame({ title: 'Predicted and true values', x: 'mean prediction', y: 'mean of the target', ticks }, [
    CHANCE,
    ...dots,
  ]);
}

/** Cells larger than this many classes would not be readable. */
const CONFUSION_MAX = 25;

/** Truth by row, called by column; the shade is the share of the row. Null when there are too many classes to read. */
export function drawConfusion(cells: readonly (readonly number[])[], classes: readonly string[]): Markup | null {
  if (cells.length > CONFUSION_MAX) return null;
  const rows = cells.map((row, truth) => {
    const whole = row.reduce((sum, cell) => sum + cell, 0);
    const shown = row.map((cell) => {
      const shade = whole === 0 ? 0 : Math.round((80 * cell) / whole);
      return markup`<td style="background:color-mix(in srgb,var(--c0) ${shade}%,transparent)">${figure(cell)}</td>`;
    });
    return markup`<tr><th>${classes[truth]!}</th>${shown}</tr>`;
  });
  return markup`<figure class="wide"><table class="confusion"><thead><tr><th>truth \\ called</th>${classes.map((name) => markup`<th>${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table>
<figcaption>Confusion</figcaption></figure>`;
}

const BARS_MAX = 20;

/** Bars from 0, the longest first; what lies below 0 is drawn as 0. */
export function drawBars(
  title: string,
  bars: readonly { readonly name: string; readonly value: number }[],
): Markup | null {
  const shown = bars.toSorted((a, b) => b.value - a.value).slice(0, BARS_MAX);
  const most = Math.max(0, ...shown.map(({ value }) => value));
  if (most === 0) return null;
  const rows = shown.map(
    ({ name, value }) =>
      markup`<tr><th>${name}</th><td class="bar"><i style="width:${at((100 * Math.max(0, value)) / most)}%"></i></td><td>${figure(value)}</td></tr>`,
  );
  return markup`<figure class="wide"><table class="bars"><tbody>${rows}</tbody></table><figcaption>${title}</figcaption></figure>`;
}
