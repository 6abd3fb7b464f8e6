import { LearningError } from '../learning-error.js';

/** A hyperparameter's value, as configuration files hold it; a record names features. */
type HyperparameterValue = number | string | boolean | Readonly<Record<string, number>>;

/** Values by name, in the spelling of configuration files (snake_case). */
export type Hyperparameters = Readonly<Record<string, HyperparameterValue>>;

interface SpecBase {
  /** One sentence for people. */
  readonly description: string;
  /** Other spellings in wide use; giving two for one parameter is refused. */
  readonly aliases?: readonly string[];
}

/** A whole number in [min, max]. */
interface IntegerSpec extends SpecBase {
  readonly kind: 'integer';
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** A number in [min, max], or in (min, max] when `minExcluded` is set. */
interface NumberSpec extends SpecBase {
  readonly kind: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly minExcluded?: true;
}

/** True or false. */
interface FlagSpec extends SpecBase {
  readonly kind: 'flag';
  readonly default: boolean;
}

/** One of some words, or a share in (0, 1]. */
interface WordOrShareSpec extends SpecBase {
  readonly kind: 'word-or-share';
  readonly default: string | number;
  readonly words: readonly string[];
}

/** One of some words. */
interface WordSpec extends SpecBase {
  readonly kind: 'word';
  readonly default: string;
  readonly words: readonly string[];
}

/** A direction per feature name: -1, 0 or 1. */
interface DirectionsSpec extends SpecBase {
  readonly kind: 'directions';
  readonly default: Readonly<Record<string, number>>;
}

/** What a hyperparameter may be. */
export type HyperparameterSpec = IntegerSpec | NumberSpec | FlagSpec | WordOrShareSpec | WordSpec | DirectionsSpec;

/** The hyperparameters of a family, by name. */
export type HyperparameterSpecs = Readonly<Record<string, HyperparameterSpec>>;

/** The resolved values of a spec: each present and in range. */
export type Resolved<S extends HyperparameterSpecs> = {
  readonly [K in keyof S]: S[K] extends FlagSpec
    ? boolean
    : S[K] extends WordOrShareSpec
      ? string | number
      : S[K] extends WordSpec
        ? S[K]['words'][number]
        : S[K] extends DirectionsSpec
          ? Readonly<Record<string, number>>
          : number;
};

function describeRange(spec: HyperparameterSpec): string {
  switch (spec.kind) {
    case 'integer':
      return `an integer in [${spec.min}, ${spec.max}]`;
    case 'number':
      return `a number in ${spec.minExcluded ? '(' : '['}${spec.min}, ${spec.max}]`;
    case 'flag':
      return 'true or false';
    case 'word-or-share':
      return `one of ${spec.words.join(', ')}, or a share in (0, 1]`;
    case 'word':
      return `one of ${spec.words.join(', ')}`;
    case 'directions':
      return '-1, 0 or 1 for each of some feature names';
  }
}

function isWithin(spec: HyperparameterSpec, value: unknown): value is HyperparameterValue {
  switch (spec.kind) {
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && value >= spec.min && value <= spec.max;
    case 'number': {
      if (typeof value !== 'number' || !(value >= spec.min && value <= spec.max)) return false;
      return !(spec.minExcluded && value === spec.min);
    }
    case 'flag':
      return typeof value === 'boolean';
    case 'word-or-share':
      return typeof value === 'string'
        ? spec.words.includes(value)
        : typeof value === 'number' && value > 0 && value <= 1;
    case 'word':
      return typeof value === 'string' && spec.words.includes(value);
    case 'directions':
      return isDirections(value);
  }
}

function isDirections(value: unknown): value is Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((direction) => direction === -1 || direction === 0 || direction === 1);
}

function findGiven(name: string, spec: HyperparameterSpec, given: Readonly<Record<string, unknown>>): unknown {
  const spellings = [name, ...(spec.aliases ?? [])].filter((spelling) => given[spelling] != null);
  if (spellings.length > 1) {
    throw new LearningError('invalid-hyperparameter', `${spellings.join(' and ')} are the same parameter; give one.`);
  }
  return spellings[0] === undefined ? undefined : given[spellings[0]];
}

/**
 * Fills in defaults and checks every value. A value of null or undefined means the default.
 *
 * @throws LearningError `invalid-hyperparameter`, naming the parameter, what it may be and what was given
 */
export function resolveSpecs<const S extends HyperparameterSpecs>(
  specs: S,
  given: Readonly<Record<string, unknown>>,
): Resolved<S> {
  const known = new Set(Object.entries(specs).flatMap(([name, spec]) => [name, ...(spec.aliases ?? [])]));
  for (const name of Object.keys(given)) {
    if (!known.has(name)) {
      throw new LearningError('invalid-hyperparameter', `"${name}" is unknown; known are ${[...known].join(', ')}.`);
    }
  }
  const resolved: Record<string, HyperparameterValue> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = findGiven(name, spec, given) ?? spec.default;
    if (!isWithin(spec, value)) {
      throw new LearningError(
        'invalid-hyperparameter',
        `${name} must be ${describeRange(spec)}, got ${typeof value === 'object' ? JSON.stringify(value) : String(value)}.`,
      );
    }
    resolved[name] = value;
  }
  return resolved as Resolved<S>; // each value was checked against its own spec
}
