import type { ModelSignature, SignatureInput } from '@gimbal/contracts';
import { type InputFault, InvalidInputError } from '@gimbal/platform';
import type { RowWarning } from '../prediction-log/spool-record.js';

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

/** Rows as the model takes them. */
export interface ReadRows {
  readonly count: number;
  /** `count * inputs` values, NaN = missing. */
  readonly features: Float32Array;
  /** The same at full precision, for the prediction log. */
  readonly values: Float64Array;
  /** For each row. */
  readonly warnings: ReadonlyArray<readonly RowWarning[]>;
}

interface Column {
  readonly input: SignatureInput;
  readonly allowed: ReadonlySet<number> | undefined;
  readonly allowedText: string;
  readonly low: number;
  readonly high: number;
}

type Coding = ModelSignature['codings'][string];

const FAULTS_MAX = 50;
const NAME_LENGTH_MAX = 100;
const NO_WARNINGS: readonly RowWarning[] = [];

const clip = (name: string): string => (name.length > NAME_LENGTH_MAX ? `${name.slice(0, NAME_LENGTH_MAX)}…` : name);

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

/**
 * Reads rows of named fields into the model's columns, by its signature. A field is a number; `null` or no field is "not measured", where the
 * signature allows it. An unknown field, another type, a code that is not allowed and a number that float32 can't hold are refused, all of
 * them at once. A number outside the plausible or trained range is taken with a warning: monitoring must see what really comes in.
 */
export class RowReader {
  private readonly columns: readonly Column[];
  private readonly positions: ReadonlyMap<string, number>;
  private readonly codings: ModelSignature['codings'];

  constructor(signature: ModelSignature) {
    this.columns = signature.inputs.map((input) => {
      const [low, high] = rangeOf(input);
      return {
        input,
        allowed: input.allowed ? new Set(input.allowed) : undefined,
        allowedText: input.allowed?.join(', ') ?? '',
        low,
        high,
      };
    });
    this.positions = new Map(signature.inputs.map(({ name }, position) => [name, position]));
    this.codings = signature.codings;
  }

  /**
   * @param prefix of a row's faults: `rows.` gives `rows.3.age`; undefined when the only row is the body itself
   * @throws InvalidRowsError
   */
  read(rows: readonly unknown[], prefix: string | undefined, codingName: string | undefined): ReadRows {
    const faults = new FaultList();
    const coding = this.codingOf(codingName);
    const width = this.columns.length;
    const features = new Float32Array(rows.length * width);
    const values = new Float64Array(rows.length * width);
    const warnings = rows.map((row, index) => {
      const path = prefix === undefined ? '' : `${prefix}${index}`;
      if (typeof row !== 'object' || row === null || Array.isArray(row)) {
        faults.add('wrong-type', path, 'must be an object of named fields');
        return NO_WARNINGS;
      }
      const at = index * width;
      return this.readRow(
        row as Readonly<Record<string, unknown>>,
        coding,
        values.subarray(at, at + width),
        (field) => (path ? `${path}.${field}` : field),
        faults,
      ); // an object, as was just checked
    });
    faults.throwAny();
    features.set(values);
    return { count: rows.length, features, values, warnings };
  }

  private codingOf(name: string | undefined): Coding | undefined {
    if (name === undefined) return undefined;
    const coding = Object.hasOwn(this.codings, name) ? this.codings[name] : undefined;
    if (coding) return coding;
    const known = Object.keys(this.codings);
    const message =
      known.length > 0
        ? `must be one of ${known.join(', ')}`
        : 'is not known: the model has no other coding than its own';
    throw new InvalidRowsError([{ path: 'coding', message }], new Set(['unknown-coding']));
  }

  private readRow(
    row: Readonly<Record<string, unknown>>,
    coding: Coding | undefined,
    values: Float64Array,
    pathOf: (field: string) => string,
    faults: FaultList,
  ): readonly RowWarning[] {
    for (const field of Object.keys(row)) {
      if (!this.positions.has(field)) faults.add('unknown-field', pathOf(clip(field)), 'is not a field of this model');
    }
    const warnings: RowWarning[] = [];
    this.columns.forEach((column, position) => {
      const { name, missing } = column.input;
      const sent = Object.hasOwn(row, name) ? row[name] : undefined;
      if (sent === undefined || sent === null) {
        values[position] = Number.NaN;
        if (missing === 'refused') faults.add('missing-field', pathOf(name), 'is required');
        else warnings.push({ input: position, code: 'missing' });
        return;
      }
      const value = this.readValue(sent, column, coding?.[name], pathOf(name), faults);
      values[position] = value;
      if (value < column.low || value > column.high) warnings.push({ input: position, code: 'outside-training-range' });
    });
    return warnings;
  }

  private readValue(
    sent: unknown,
    { allowed, allowedText }: Column,
    translated: Coding[string] | undefined,
    path: string,
    faults: FaultList,
  ): number {
    if (translated && (typeof sent === 'number' || typeof sent === 'string')) {
      const code = Object.hasOwn(translated, String(sent)) ? translated[String(sent)] : undefined;
      if (code !== undefined) return code;
      faults.add('not-allowed', path, `must be one of ${Object.keys(translated).join(', ')} in this coding`);
      return Number.NaN;
    }
    if (typeof sent !== 'number') {
      faults.add('wrong-type', path, 'must be a number, or null when it was not measured');
      return Number.NaN;
    }
    if (!Number.isFinite(Math.fround(sent))) {
      faults.add('out-of-range', path, 'is too large a number');
      return Number.NaN;
    }
    if (allowed && !allowed.has(sent)) faults.add('not-allowed', path, `must be one of ${allowedText}`);
    return sent;
  }
}

class FaultList {
  private readonly errors: InputFault[] = [];
  private readonly kinds = new Set<FaultKind>();

  add(kind: FaultKind, path: string, message: string): void {
    this.kinds.add(kind);
    if (this.errors.length < FAULTS_MAX) this.errors.push({ path, message });
  }

  throwAny(): void {
    if (this.errors.length > 0) throw new InvalidRowsError(this.errors, this.kinds);
  }
}
