import { buildColumns, buildPerformanceBaseline, buildReferenceProfile, createSeededRng } from '@gimbal/domain';
import { type LoggedRow, rowOf, type SeededVersion } from './monitoring-world.js';

/** A clinic whose patients have one feature, and an outcome that the model knows as well as it can be known. */
export function ageProfile() {
  const visit = visitsOf(null, { rows: 400, seed: 1 });
  const probabilities = visit.map(({ probability }) => probability);
  const answers = { task: 'binary-classification', probabilities, threshold: 0.5 } as const;
  return buildReferenceProfile({
    columns: buildColumns(
      visit.map(({ row }) => row.features),
      [{ name: 'age', type: 'numeric' }],
    ),
    predictions: answers,
    performance: buildPerformanceBaseline({ ...answers, labels: visit.map(({ actual }) => actual) }),
  });
}

export interface Visit {
  readonly probability: number;
  readonly row: LoggedRow;
  readonly actual: 0 | 1;
}

const NOBODY: SeededVersion = { id: '00000000-0000-4000-8000-000000000000', model: 'none', version: 1 };

/** Answered patients, a second apart; `older` adds years, `wrong` turns the answers round. */
export function visitsOf(
  version: SeededVersion | null,
  {
    rows,
    seed,
    from = new Date(),
    older = 0,
    wrong = false,
  }: { rows: number; seed: number; from?: Date; older?: number; wrong?: boolean },
): Visit[] {
  const rng = createSeededRng(seed);
  return Array.from({ length: rows }, (_, i) => {
    const age = Math.round(35 + 40 * rng());
    const truth = 1 / (1 + Math.exp(-(age - 55) / 5));
    const actual = rng() < truth ? 1 : 0;
    const createdAt = new Date(from.getTime() + 1_000 * i).toISOString();
    const probability = wrong ? 1 - truth : truth;
    return {
      row: rowOf(version ?? NOBODY, { features: { age: age + older }, probability, createdAt }),
      probability,
      actual,
    };
  });
}
