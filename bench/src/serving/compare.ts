import { type Measurement, measure, median } from '../result.js';
import type { Contender, ReferenceKind } from './contenders.js';
import { type Body, type LoadResult, load } from './load.js';

const ROUNDS = 3;
const SECONDS = 5;
const WARM_SECONDS = 2;

/** What is sent, and over how many connections. */
export interface Traffic {
  readonly body: Body;
  readonly connections: number;
}

/** Loads the contenders in turn, round by round; the first turn of each only warms it. @returns medians of the rounds */
export async function loadByTurns(
  contenders: readonly Contender[],
  { body, connections }: Traffic,
  folder: string,
): Promise<(contender: Contender, key: keyof LoadResult) => number> {
  const results = new Map<Contender, LoadResult[]>(contenders.map((one) => [one, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const [contender, found] of results) {
      const seconds = round < 0 ? WARM_SECONDS : SECONDS;
      const result = await load(contender, body, { connections, seconds, folder });
      if (round >= 0) found.push(result);
    }
  }
  return (contender, key) => median(results.get(contender)?.map((result) => result[key]) ?? []);
}

export interface Comparison {
  readonly work: string;
  readonly unit: string;
  readonly ours: number;
  readonly references: readonly Contender[];
  readonly figureOf: (reference: Contender) => number;
  /** What the ratio to a reference must be; nothing is promised beside one that is absent. */
  readonly goals?: Readonly<Partial<Record<ReferenceKind, Measurement['goal']>>>;
}

/** One line for each reference. */
export function compare({ work, unit, ours, references, figureOf, goals = {} }: Comparison): Measurement[] {
  return references.map((reference) =>
    measure({
      work,
      unit,
      ours,
      reference: figureOf(reference),
      reference_name: reference.name,
      goal: reference.kind === 'gimbal' ? null : (goals[reference.kind] ?? null),
    }),
  );
}
