import { hyperparametersOf, resolveHyperparameters } from '../families/fit-model.js';
import { type HyperparameterSpec, resolveSpecs } from '../families/hyperparameters.js';
import { LearningError } from '../learning-error.js';

/** What a trial can set a parameter to. */
export type TrialValue = number | string | boolean;

/** The values a parameter may take; plain data. */
export type Dimension =
  | {
      /** `integer`: whole numbers in [low, high]. `number`: any in [low, high]. */
      readonly kind: 'number' | 'integer';
      readonly low: number;
      readonly high: number;
      /** `log`: each order of magnitude gets the same attention; then low > 0. */
      readonly scale: 'linear' | 'log';
    }
  | { readonly kind: 'choices'; readonly choices: readonly TrialValue[] };

/** Dimensions by parameter name. */
export type SearchSpace = Readonly<Record<string, Dimension>>;

const DIMENSIONS_MAX = 50;
const CHOICES_MAX = 1000;

function refuse(name: string, why: string): never {
  throw new LearningError('invalid-hyperparameter', `search space: ${name} ${why}.`);
}

function parseChoices(name: string, given: Readonly<Record<string, unknown>>): Dimension {
  const { choices, ...rest } = given;
  if (Object.keys(rest).length > 0) refuse(name, `has choices and can't have ${Object.keys(rest).join(', ')}`);
  if (!Array.isArray(choices) || choices.length === 0 || choices.length > CHOICES_MAX) {
    refuse(name, `needs a list of 1 to ${CHOICES_MAX} choices`);
  }
  const values = choices.map((choice: unknown) => {
    if (typeof choice === 'string' || typeof choice === 'boolean' || Number.isFinite(choice))
      return choice as TrialValue; // just checked
    return refuse(name, 'has a choice that is neither a number nor a text nor true or false');
  });
  if (new Set(values).size < values.length) refuse(name, 'names a choice twice');
  return { kind: 'choices', choices: values };
}

function parseRange(name: string, given: Readonly<Record<string, unknown>>, spec: HyperparameterSpec): Dimension {
  const { low, high, log = false, integer = false, ...rest } = given;
  if (Object.keys(rest).length > 0) refuse(name, `has an unknown ${Object.keys(rest).join(', ')}`);
  if (typeof log !== 'boolean' || typeof integer !== 'boolean') refuse(name, 'can have log and integer: true or false');
  if (typeof low !== 'number' || typeof high !== 'number') refuse(name, 'needs choices, or numbers low and high');
  if (!(low < high)) refuse(name, `needs low < high, got ${low} and ${high}`);
  if (log && !(low > 0)) refuse(name, `has a log scale and needs low > 0, got ${low}`);
  if (!['integer', 'number', 'word-or-share'].includes(spec.kind)) refuse(name, 'is no number: give choices');
  const kind = spec.kind === 'integer' || integer ? 'integer' : 'number';
  if (kind === 'integer' && !(Number.isInteger(low) && Number.isInteger(high))) {
    refuse(name, `is a whole number, got ${low} and ${high}`);
  }
  return { kind, low, high, scale: log ? 'log' : 'linear' };
}

function findSpec(algorithm: string, name: string): HyperparameterSpec | undefined {
  const specs = hyperparametersOf(algorithm);
  return specs[name] ?? Object.values(specs).find(({ aliases }) => aliases?.includes(name));
}

/** The ends of a dimension: what must be allowed, so that all between is. */
function endsOf(dimension: Dimension): readonly TrialValue[] {
  return dimension.kind === 'choices' ? dimension.choices : [dimension.low, dimension.high];
}

/** Parameters of one family that are allowed only together; all of them are small whole numbers. */
const COUPLED = ['word_ngram_max', 'char_ngram_min', 'char_ngram_max'];

function valuesOf(dimension: Dimension): readonly TrialValue[] {
  if (dimension.kind === 'choices') return dimension.choices;
  return Array.from({ length: dimension.high - dimension.low + 1 }, (_, i) => dimension.low + i);
}

/** One setting for each combination of the coupled parameters, the others at their first end. */
function combine(space: SearchSpace): Record<string, TrialValue>[] {
  const first = Object.fromEntries(Object.entries(space).map(([name, one]) => [name, endsOf(one)[0]!]));
  return COUPLED.filter((name) => name in space).reduce(
    (settings, name) =>
      settings.flatMap((setting) => valuesOf(space[name]!).map((value) => ({ ...setting, [name]: value }))),
    [first],
  );
}

/**
 * Reads a search space as configuration files write it: for each parameter `{low, high}`, with `log: true` for a logarithmic scale, or
 * `{choices: [...]}`. Every end and choice is checked against the parameter's own range, so that no trial can fail for its values.
 *
 * @param algorithm canonical name or alias
 * @param settings what is set beside the space
 * @throws LearningError `unknown-algorithm`; `invalid-hyperparameter`, naming the parameter and what is wrong
 */
export function parseSearchSpace(
  algorithm: string,
  given: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>> = {},
): SearchSpace {
  const names = Object.keys(given);
  if (names.length === 0 || names.length > DIMENSIONS_MAX) {
    throw new LearningError('invalid-hyperparameter', `A search space has 1 to ${DIMENSIONS_MAX} parameters.`);
  }
  const space: Record<string, Dimension> = {};
  for (const name of names) {
    const dimension = given[name];
    const spec = findSpec(algorithm, name);
    if (spec === undefined) resolveHyperparameters(algorithm, { [name]: 0 }); // throws, naming what is known
    if (typeof dimension !== 'object' || dimension === null || Array.isArray(dimension) || spec === undefined) {
      return refuse(name, 'needs choices, or numbers low and high');
    }
    const fields = { ...dimension };
    space[name] = 'choices' in fields ? parseChoices(name, fields) : parseRange(name, fields, spec);
    for (const end of endsOf(space[name])) resolveSpecs({ [name]: { ...spec, aliases: [] } }, { [name]: end });
  }
  // All at once: two spellings of one parameter, and what does not go together.
  for (const values of combine(space)) resolveHyperparameters(algorithm, { ...settings, ...values });
  return space;
}

const DIGITS = 6;

/** Significant digits that people can read and type again, without leaving the range. */
function round(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Number(value.toPrecision(DIGITS))));
}

/** Maps [0, 1) onto a dimension: equal lengths are equally likely. */
export function valueAt(dimension: Dimension, position: number): TrialValue {
  if (dimension.kind === 'choices') return dimension.choices[Math.floor(position * dimension.choices.length)]!;
  const { kind, low, high, scale } = dimension;
  const above = kind === 'integer' ? high + 1 : high;
  const value = scale === 'log' ? low * (above / low) ** position : low + position * (above - low);
  return kind === 'integer' ? Math.min(high, Math.max(low, Math.floor(value))) : round(value, low, high);
}

/** The position in [0, 1] of a number within its dimension; that of a whole number is the middle of its stretch. */
export function positionOf(dimension: Exclude<Dimension, { kind: 'choices' }>, value: number): number {
  const { kind, low, high, scale } = dimension;
  const above = kind === 'integer' ? high + 1 : high;
  const place = (x: number): number =>
    scale === 'log' ? Math.log(x / low) / Math.log(above / low) : (x - low) / (above - low);
  return kind === 'integer' ? (place(value) + place(value + 1)) / 2 : place(value);
}

/** How many different trials a space holds; infinite with a parameter that is no whole number. */
export function countPoints(space: SearchSpace): number {
  return Object.values(space).reduce((product, dimension) => {
    if (dimension.kind === 'choices') return product * dimension.choices.length;
    return product * (dimension.kind === 'integer' ? dimension.high - dimension.low + 1 : Number.POSITIVE_INFINITY);
  }, 1);
}

/** The trial of a finite space at a 0-based index, so that all can be listed. */
export function pointAt(space: SearchSpace, index: number): Record<string, TrialValue> {
  let rest = index;
  const values: Record<string, TrialValue> = {};
  for (const [name, dimension] of Object.entries(space)) {
    const size = dimension.kind === 'choices' ? dimension.choices.length : dimension.high - dimension.low + 1;
    const place = rest % size;
    values[name] = dimension.kind === 'choices' ? dimension.choices[place]! : dimension.low + place;
    rest = Math.floor(rest / size);
  }
  return values;
}
