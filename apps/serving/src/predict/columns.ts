import type { ModelSignature, SignatureInput } from '@gimbal/contracts';
import { type InputFault, InvalidInputError } from '@gimbal/platform';

/** Kinds of refused input, as the metric `ml_invalid_input_total` counts them. */
export type FaultKind =
  | 'unknown-field'
  | 'wrong-type'
  | 'not-allowed'
  | 'out-of-range'
  | 'missing-field'
  | 'unknown-coding';

/** What was sent breaks the signature: every fault (at most 50), with its kind. */
export class InvalidRowsError extends InvalidInputError {
  readonly kinds: ReadonlySet<FaultKind>;

  constructor(errors: readonly InputFault[], kinds: ReadonlySet<FaultKind>) {
    super(errors);
    this.kinds = kinds;
  }
}

const FAULTS_MAX = 50;

/** Gathers what is wrong, so that all of it is said at once. */
export class FaultList {
  private readonly errors: InputFault[] = [];
  private readonly kinds = new Set<FaultKind>();

  add(kind: FaultKind, path: string, message: string): void {
    this.kinds.add(kind);
    if (this.errors.length < FAULTS_MAX) this.errors.push({ path, message });
  }

  /** @throws InvalidRowsError when something is wrong */
  throwAny(): void {
    if (this.errors.length > 0) throw new InvalidRowsError(this.errors, this.kinds);
  }
}

/** One input of a model, ready to be compared with values. */
export interface Column {
  readonly input: SignatureInput;
  readonly allowed: ReadonlySet<number> | undefined;
  readonly allowedText: string;
  /** Codes of the texts that the model knows; undefined when the input is no text. */
  readonly codes: ReadonlyMap<string, number> | undefined;
  /** Outside of these a value is taken with a warning; both are float32 numbers or infinite, so that rounding to float32 is never outside. */
  readonly low: number;
  readonly high: number;
  /** A number between these needs no further look; NaN where each one does. */
  readonly plainLow: number;
  readonly plainHigh: number;
}

const FLOAT32_MAX = 3.4028234663852886e38;
/** The longest text of an input. */
const TEXT_LENGTH_MAX = 10_000;

/** What a value outside is told: outside of what is plausible, or of what the model was trained on. Never a refusal. */
const rangeOf = ({ range, trainingRange }: SignatureInput): readonly [number, number] => [
  Math.max(trainingRange?.[0] ?? Number.NEGATIVE_INFINITY, range?.[0] ?? Number.NEGATIVE_INFINITY),
  Math.min(trainingRange?.[1] ?? Number.POSITIVE_INFINITY, range?.[1] ?? Number.POSITIVE_INFINITY),
];

/** The texts of the two warnings that an input may give; they name limits, never values. */
export function warningTexts(input: SignatureInput): { readonly outside: string; readonly missing: string } {
  const [low, high] = rangeOf(input);
  const limits =
    low === Number.NEGATIVE_INFINITY
      ? `above ${high}`
      : high === Number.POSITIVE_INFINITY
        ? `below ${low}`
        : `outside ${low} to ${high}`;
  return {
    outside: `${input.name} is ${limits}, which is plausible and was seen in training`,
    missing: `${input.name} is missing; the model answers without it`,
  };
}

export function describeColumns({ inputs }: ModelSignature): readonly Column[] {
  return inputs.map((input) => {
    const [lowest, highest] = rangeOf(input);
    const { allowed, categories, type } = input;
    const low = Math.min(lowest, Math.fround(lowest));
    const high = Math.max(highest, Math.fround(highest));
    const isPlain = !allowed && !categories && type !== 'text';
    return {
      input,
      allowed: allowed ? new Set([...allowed, ...allowed.map(Math.fround)]) : undefined,
      allowedText: allowed?.join(', ') ?? '',
      codes: categories && new Map(categories.map((text, code) => [text, code])),
      low,
      high,
      plainLow: isPlain ? Math.max(low, -FLOAT32_MAX) : Number.NaN,
      plainHigh: Math.min(high, FLOAT32_MAX),
    };
  });
}

/** The two kinds of text that runtimes take differently: unpaired surrogates, and U+0000, at which some end. */
const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', ' ');

/** A category may be sent as the number or the boolean that a file had for it. */
export function readText(sent: unknown, path: string, faults: FaultList): string {
  if (typeof sent === 'number' || typeof sent === 'boolean') return String(sent);
  if (typeof sent !== 'string') faults.add('wrong-type', path, 'must be a text, or null when it is not known');
  else if (sent.length > TEXT_LENGTH_MAX)
    faults.add('out-of-range', path, `has more than ${TEXT_LENGTH_MAX} characters`);
  else return cleanText(sent);
  return '';
}
