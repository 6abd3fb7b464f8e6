import { type Interval, wilsonInterval } from '../statistics/wilson-interval.js';
import type { ScoredRows } from './scored-rows.js';

/** Rows whose probability lies in [lower, upper) (the last bin includes 1): what was promised and what came true. */
export interface CalibrationBin {
  readonly lower: number;
  readonly upper: number;
  readonly rows: number;
  readonly meanProbability: number;
  readonly positiveShare: number;
  readonly interval: Interval;
}

/** Reliability table over ten equal bins of probability; empty bins are left out. */
export function measureCalibration({ probabilities, labels }: ScoredRows): CalibrationBin[] {
  const bins = Array.from({ length: 10 }, () => ({ rows: 0, positives: 0, sum: 0 }));
  for (let i = 0; i < labels.length; i++) {
    const bin = bins[Math.min(9, Math.floor(probabilities[i]! * 10))]!;
    bin.rows++;
    bin.positives += labels[i]!;
    bin.sum += probabilities[i]!;
  }
  return bins.flatMap(({ rows, positives, sum }, i) =>
    rows === 0
      ? []
      : [
          {
            lower: i / 10,
            upper: (i + 1) / 10,
            rows,
            meanProbability: sum / rows,
            positiveShare: positives / rows,
            interval: wilsonInterval(positives, rows),
          },
        ],
  );
}
