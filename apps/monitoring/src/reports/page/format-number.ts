/** Three significant digits and never an exponent for everyday sizes: 0.0412, 12.3, 4810. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  if (size < 0.0001) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

/** Scores and shares in [0, 1], three decimals. */
export const score = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(3);

/** A p-value; one that underflowed is told as the bound it lies under. */
export function pValue(value: number): string {
  if (value < 1e-50) return '< 1e-50';
  return value < 0.001 ? value.toExponential(1) : value.toFixed(3);
}

/** 0.123 -> 12.3 %. */
export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? '–' : `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

/** `2026-11-21 14:05 UTC` of an ISO time. */
export const time = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

/** Coordinates in SVG: a tenth of a unit is finer than any screen shows. */
export const place = (value: number): string => String(Number(value.toFixed(1)));
