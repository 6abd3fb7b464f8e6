import type { Calibration, Model } from './model.js';

/** Never overflows, whatever the margin. */
function sigmoid(margin: number): number {
  const decay = Math.exp(-Math.abs(margin));
  return margin >= 0 ? 1 / (1 + decay) : decay / (1 + decay);
}

/** Softmax of each row, in place. */
function softmaxRows(margins: Float64Array, outputCount: number): Float64Array {
  for (let at = 0; at < margins.length; at += outputCount) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < outputCount; k++) highest = Math.max(highest, margins[at + k]!);
    let whole = 0;
    for (let k = 0; k < outputCount; k++) {
      margins[at + k] = Math.exp(margins[at + k]! - highest);
      whole += margins[at + k]!;
    }
    for (let k = 0; k < outputCount; k++) margins[at + k]! /= whole;
  }
  return margins;
}

/** Index of the step that a margin is on: the first edge that is not below it. */
function findStep(edges: readonly number[], margin: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (margin <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

const { fround } = Math;

/** The calibrated probabilities, each operation rounded to float32 as the exported graph rounds it. */
function calibrate(calibration: Calibration, margins: Float64Array, outputCount: number): Float64Array {
  switch (calibration.kind) {
    case 'platt': {
      const { slope, intercept } = calibration;
      return margins.map((margin) => sigmoid(fround(fround(fround(margin) * slope) + intercept)));
    }
    case 'isotonic': {
      const { edges, values } = calibration;
      return margins.map((margin) => values[findStep(edges, fround(margin))]!);
    }
    case 'temperature':
      return softmaxRows(
        margins.map((margin) => fround(fround(margin) / calibration.temperature)),
        outputCount,
      );
  }
}

/**
 * Turns margins (see `predictMargins`) into a model's answers: calibrated when the model is, else by its link.
 *
 * @param margins row-major, rows x outputs; not changed
 * @returns of the same shape
 */
export function applyLink(
  model: Pick<Model, 'link' | 'calibration'>,
  margins: Float64Array,
  outputCount: number,
): Float64Array {
  if (model.calibration !== null) return calibrate(model.calibration, margins, outputCount);
  switch (model.link) {
    case 'sigmoid':
      return margins.map(sigmoid);
    case 'softmax':
      return softmaxRows(margins.slice(), outputCount);
    case 'identity':
      return margins.slice();
    case 'mean':
      // The rounded scale may carry a full sum past 1.
      return margins.map((margin) => Math.min(1, margin));
    case 'isolation':
      return margins.map((margin) => 2 ** -margin);
  }
}
