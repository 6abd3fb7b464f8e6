import { join } from 'node:path';
import type { Algorithm } from '@gimbal/learning';
import { type Measurement, median } from '../result.js';
import type { BenchAnswer, BenchRequest, Parameters, Side } from './fits/requests.js';
import { type BenchTable, writeBenchTable } from './tables/bench-table.js';

/** What a section of the benchmark runs with. */
export interface Setting {
  /** Starts the kernel as a side. */
  readonly startKernel: () => Promise<Side>;
  /** Starts the Python libraries as a side; null without Python. */
  readonly startReference: (() => Promise<Side>) | null;
  /** The interpreter of the references; null without Python. */
  readonly python: string | null;
  /** Folder with the public tables; null when none is named. */
  readonly data: string | null;
  /** Empty folder for tables and answers. */
  readonly folder: string;
  /** Rounds of each side. */
  readonly rounds: number;
  readonly size: 'full' | 'quick';
  /** Names of the tables whose quality is asked for; null for all. */
  readonly tables: readonly string[] | null;
  /** Told what is skipped, and why. */
  readonly say: (line: string) => void;
}

/** A part of the benchmark that can be asked for by its name. */
export type Section = (setting: Setting) => Promise<Measurement[]>;

/** What both sides answered, round by round; `theirs` is empty without Python. */
export interface Rounds {
  readonly ours: readonly BenchAnswer[];
  readonly theirs: readonly BenchAnswer[];
  readonly referenceName: string;
}

/** Leaves a table where both sides find it. @returns its folder */
export async function placeTable({ folder }: Setting, table: BenchTable): Promise<string> {
  const place = join(folder, table.name.replaceAll(/[^A-Za-z0-9]+/g, '-'));
  await writeBenchTable(place, table);
  return place;
}

/** Puts the same request to both sides, new processes, by turns. */
export async function alternate(setting: Setting, request: BenchRequest, rounds = setting.rounds): Promise<Rounds> {
  const kernel = await setting.startKernel();
  const reference = (await setting.startReference?.()) ?? null;
  try {
    const [ours, theirs]: [BenchAnswer[], BenchAnswer[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      ours.push(await kernel.ask(request));
      if (reference !== null) theirs.push(await reference.ask(request));
    }
    return { ours, theirs, referenceName: nameReference(reference, request.algorithm) };
  } finally {
    await Promise.all([kernel.end(), reference?.end()]);
  }
}

export const nameReference = (reference: Side | null, algorithm: Algorithm): string =>
  reference?.nameOf(algorithm) ?? 'no Python';

/** The median of one figure on both sides, as a measurement takes it. */
export function medianOf({ ours, theirs }: Rounds, key: keyof BenchAnswer) {
  const of = (side: readonly BenchAnswer[]): number => median(side.map((answer) => answer[key]));
  return { ours: of(ours), reference: theirs.length === 0 ? null : of(theirs) };
}

/** What people read instead of the name on the wire. */
export const SHORT_NAMES: Readonly<Record<Algorithm, string>> = {
  logistic_regression: 'logistic',
  ridge_regression: 'ridge',
  random_forest: 'forest',
  extra_trees: 'extra trees',
  gradient_boosting_level_wise: 'level-wise',
  gradient_boosting_leaf_wise: 'leaf-wise',
  isolation_forest: 'isolation forest',
};

/** Whether a family has no trees, and is learned in a moment. */
export const isLinear = (algorithm: Algorithm): boolean =>
  algorithm === 'logistic_regression' || algorithm === 'ridge_regression';

/** Defaults on both sides; a quick run has a few trees. */
export function chooseParameters({ size }: Setting, algorithm: Algorithm): Parameters {
  return size === 'full' || isLinear(algorithm) ? {} : { n_estimators: 5 };
}
