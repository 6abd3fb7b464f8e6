import type { Random } from '../random/random.js';
import { buildParzen, drawParzen, logDensity } from './parzen.js';
import { type Dimension, positionOf, type SearchSpace, type TrialValue, valueAt } from './search-space.js';

/** What a trial sets, by parameter. */
export type TrialValues = Readonly<Record<string, TrialValue>>;

/** A trial whose score is known; lower is better. */
export interface Observation {
  readonly values: TrialValues;
  readonly loss: number;
}

/** Draws every parameter by chance alone. */
export function proposeRandom(space: SearchSpace, random: Random): TrialValues {
  return mapDimensions(space, (dimension) => valueAt(dimension, random.nextFloat()));
}

function mapDimensions(space: SearchSpace, draw: (dimension: Dimension, name: string) => TrialValue): TrialValues {
  return Object.fromEntries(Object.entries(space).map(([name, dimension]) => [name, draw(dimension, name)]));
}

/** Trials that are drawn by chance before there is anything to learn from. */
const STARTUP_TRIALS = 10;
/** Share of the observations that count as good, and at most so many. */
const GOOD_SHARE = 0.25;
const GOOD_MAX = 25;
/** Values drawn from the good ones for each parameter, of which the best is taken. */
const CANDIDATES = 24;

function drawNumber(
  dimension: Exclude<Dimension, { kind: 'choices' }>,
  good: readonly TrialValue[],
  bad: readonly TrialValue[],
  random: Random,
): TrialValue {
  const place = (values: readonly TrialValue[]): number[] =>
    values.map((value) => positionOf(dimension, Number(value)));
  const [likely, unlikely] = [buildParzen(place(good)), buildParzen(place(bad))];
  let best: { value: TrialValue; gain: number } | null = null;
  for (let i = 0; i < CANDIDATES; i++) {
    const value = valueAt(dimension, drawParzen(likely, random));
    const position = positionOf(dimension, Number(value));
    const gain = logDensity(likely, position) - logDensity(unlikely, position);
    if (best === null || gain > best.gain) best = { value, gain };
  }
  return best!.value; // CANDIDATES > 0
}

function drawChoice(
  choices: readonly TrialValue[],
  good: readonly TrialValue[],
  bad: readonly TrialValue[],
  random: Random,
): TrialValue {
  const shares = (values: readonly TrialValue[]): number[] =>
    choices.map((choice) => (values.filter((value) => value === choice).length + 1) / (values.length + choices.length));
  const [likely, unlikely] = [shares(good), shares(bad)];
  const drawOne = (): number => {
    let rest = random.nextFloat();
    const at = likely.findIndex((share) => {
      rest -= share;
      return rest < 0;
    });
    return at < 0 ? choices.length - 1 : at; // rounding may leave a rest
  };
  let best = drawOne();
  for (let i = 1; i < CANDIDATES; i++) {
    const next = drawOne();
    if (likely[next]! / unlikely[next]! > likely[best]! / unlikely[best]!) best = next;
  }
  return choices[best]!;
}

/**
 * Tree-structured Parzen estimator (Bergstra et al., 2011): models where the best quarter of the observations lies and where the others
 * do, and takes, parameter by parameter, the value at which the first density is highest against the second. The first
 * {@link STARTUP_TRIALS} are drawn by chance.
 */
export function proposeByParzen(space: SearchSpace, observations: readonly Observation[], random: Random): TrialValues {
  if (observations.length < STARTUP_TRIALS) return proposeRandom(space, random);
  const ordered = observations.toSorted((a, b) => a.loss - b.loss);
  const goodCount = Math.min(GOOD_MAX, Math.ceil(GOOD_SHARE * ordered.length));
  return mapDimensions(space, (dimension, name) => {
    const taken = ordered.map(({ values }) => values[name]!);
    const [good, bad] = [taken.slice(0, goodCount), taken.slice(goodCount)];
    return dimension.kind === 'choices'
      ? drawChoice(dimension.choices, good, bad, random)
      : drawNumber(dimension, good, bad, random);
  });
}
