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

/** As a model computes them, or as they are kept. */
type Margins = Float64Array | Float32Array;

function mapEach(margins: Margins, answer: (margin: number) => number): Float64Array {
  const answers = new Float64Array(margins.length);
  for (let i = 0; i < margins.length; i++) answers[i] = answer(margins[i]!);
  return answers;
}

const { fround } = Math;

/** The calibrated probabilities, each operation rounded to float32 as the exported graph rounds it. */
function calibrate(calibration: Calibration, margins: Margins, outputCount: number): Float64Array {
  switch (calibration.kind) {
    case 'platt': {
      const { slope, intercept } = calibration;
      return mapEach(margins, (margin) => sigmoid(fround(fround(fround(margin) * slope) + intercept)));
    }
    case 'isotonic': {
      const { edges, values } = calibration;
      return mapEach(margins, (margin) => values[findStep(edges, fround(margin))]!);
    }
    case 'temperature':
      return softmaxRows(
        mapEach(margins, (margin) => fround(fround(margin) / calibration.temperature)),
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
  margins: Margins,
  outputCount: number,
): Float64Array {
  if (model.calibration !== null) return calibrate(model.calibration, margins, outputCount);
  switch (model.link) {
    case 'sigmoid':
      return mapEach(margins, sigmoid);
    case 'softmax':
      return softmaxRows(Float64Array.from(margins), outputCount);
    case 'identity':
      return Float64Array.from(margins);
    case 'mean':
      // The rounded scale may carry a full sum past 1.
      return mapEach(margins, (margin) => Math.min(1, margin));
    case 'isolation':
      return mapEach(margins, (margin) => 2 ** -margin);
  }
}
