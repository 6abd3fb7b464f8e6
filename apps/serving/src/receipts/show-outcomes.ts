import type { Outcome } from '@gimbal/contracts';
import type { z } from 'zod';
import { classesOf, type Decisions } from '../predict/decide-answers.js';

/** What was decided of each row. */
export function showOutcomes(decisions: Decisions): z.output<typeof Outcome>[] {
  return Array.from(decisions.predictions, (prediction, row) => {
    const probability = decisions.probabilities[row] ?? Number.NaN;
    return {
      prediction,
      probability: Number.isNaN(probability) ? null : probability,
      classProbabilities: Array.from(classesOf(decisions, row)),
    };
  });
}
