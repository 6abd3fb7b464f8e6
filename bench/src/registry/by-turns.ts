import { type Measurement, measure, median } from '../result.js';
import type { Contender } from './contenders.js';
import type { RegistrySetting } from './setting.js';

/** Rounds of both, one after the other: whatever else the machine does then hits both. */
export async function byTurns<T>(
  { ours, reference, rounds }: RegistrySetting,
  run: (contender: Contender) => Promise<T>,
): Promise<{ readonly ours: readonly T[]; readonly reference: readonly T[] }> {
  const results = { ours: [] as T[], reference: [] as T[] };
  for (let round = 0; round < rounds; round++) {
    results.ours.push(await run(ours));
    if (reference) results.reference.push(await run(reference));
  }
  return results;
}

/** What is compared of the results of all rounds. */
export interface Comparison<T> {
  readonly work: string;
  readonly unit: string;
  readonly goal: Measurement['goal'];
  readonly figure: (result: T) => number;
}

/** Medians of the rounds. */
export function compare<T>(
  { reference }: RegistrySetting,
  results: { readonly ours: readonly T[]; readonly reference: readonly T[] },
  { work, unit, goal, figure }: Comparison<T>,
): Measurement {
  return measure({
    work,
    unit,
    goal,
    ours: median(results.ours.map(figure)),
    reference: reference ? median(results.reference.map(figure)) : null,
    reference_name: reference?.name ?? 'none: no Python with MLflow',
  });
}
