import type { Random } from '../../random/random.js';
import type { NodeCut } from './tree-collector.js';

/** The rows one tree learns from. */
export interface ForestSample {
  /** Positions of the training rows, ascending, without repetition, each of a weight above 0. */
  readonly rows: Int32Array;
  /** Weight of every training row by position; a bootstrap counts how often the row was drawn. */
  readonly weights: Float64Array;
}

/** Finds, judges and carries out the cuts of one node after the other. */
export interface NodeSplitter {
  /** Starts on a tree. */
  begin(sample: ForestSample, random: Random): void;
  /** Takes up the node that owns `rows[start..end)`; the caller's array is reordered by {@link cutRows}. */
  enter(rows: Int32Array, start: number, end: number): void;
  /** Weight of the rows of the node. */
  readonly nodeWeight: number;
  /** Whether all rows of the node have the same target, so that no cut can gain. */
  readonly isPure: boolean;
  /** Judges the cuts of one column and keeps the best seen in this node; ties keep the first. */
  scan(feature: number): void;
  /** Whether the node has a cut. */
  readonly hasCut: boolean;
  /** The best cut, once there is one. */
  describeCut(): NodeCut;
  /** Reorders the rows of the node by the best cut, left rows first and each side in its order; returns where the right begins. */
  cutRows(): number;
  /** What the rows of the node say of an output: the share of a class by weight, or the mean of the values. */
  meanOf(output: number): number;
}

/** float32's largest finite number: a threshold that every value passes, so that only missing goes the other way. */
export const EVERY_VALUE = 3.4028234663852886e38;
