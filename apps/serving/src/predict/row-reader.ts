import type { ModelSignature, SignatureInput } from '@gimbal/contracts';
import { type InputFault, InvalidInputError } from '@gimbal/platform';
import type { RowText, RowWarning } from '../prediction-log/spool-record.js';

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
  /** For each row what its values can't hold: free text, categories that the model does not know. */
  readonly texts: ReadonlyArray<readonly RowText[]>;
  /** The free text of each row; null when the model takes none. */
  readonly queries: readonly string[] | null;
}

/** A row while it is read. */
interface RowInProgress {
  /** At full precision, in the order of the inputs. */
  readonly values: Float64Array;
  readonly warnings: RowWarning[];
  readonly texts: RowText[];
}

interface Column {
  readonly input: SignatureInput;
  readonly allowed: ReadonlySet<number> | undefined;
  readonly allowedText: string;
  /** Codes of the texts that the model knows; undefined when the input is no text. */
  readonly codes: ReadonlyMap<string, number> | undefined;
  readonly low: number;
  readonly high: number;
}

type Coding = ModelSignature['codings'][string];

const FAULTS_MAX = 50;
const NAME_LENGTH_MAX = 100;
/** The longest text of an input. */
const TEXT_LENGTH_MAX = 10_000;

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
        codes: codesOf(input),
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
    const read = rows.map((row, index): RowInProgress => {
      const path = prefix === undefined ? '' : `${prefix}${index}`;
      const progress = { values: values.subarray(index * width, (index + 1) * width), warnings: [], texts: [] };
      if (typeof row !== 'object' || row === null || Array.isArray(row)) {
        faults.add('wrong-type', path, 'must be an object of named fields');
        return progress;
      }
      const pathOf = (field: string): string => (path ? `${path}.${field}` : field);
      this.readRow(row as Readonly<Record<string, unknown>>, coding, progress, pathOf, faults); // an object, as was just checked
      return progress;
    });
    faults.throwAny();
    features.set(values);
    return {
      count: rows.length,
      features,
      values,
      warnings: read.map(({ warnings }) => warnings),
      texts: read.map(({ texts }) => texts),
      queries: this.takesFreeText ? read.map(({ texts }) => texts[0]?.text ?? '') : null,
    };
  }

  private get takesFreeText(): boolean {
    return this.columns[0]?.input.type === 'text';
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
    progress: RowInProgress,
    pathOf: (field: string) => string,
    faults: FaultList,
  ): void {
    const { values, warnings, texts } = progress;
    for (const field of Object.keys(row)) {
      if (!this.positions.has(field)) faults.add('unknown-field', pathOf(clip(field)), 'is not a field of this model');
    }
    this.columns.forEach((column, position) => {
      const { name, missing } = column.input;
      const sent = Object.hasOwn(row, name) ? row[name] : undefined;
      if (sent === undefined || sent === null) {
        values[position] = Number.NaN;
        if (missing === 'refused') faults.add('missing-field', pathOf(name), 'is required');
        else warnings.push({ input: position, code: 'missing' });
        return;
      }
      if (column.input.type === 'text' || column.codes) {
        const text = readText(sent, pathOf(name), faults);
        const code = column.codes?.get(text);
        values[position] = code ?? Number.NaN;
        if (code === undefined) texts.push({ input: position, text });
        if (column.codes && code === undefined) warnings.push({ input: position, code: 'unseen-category' });
        return;
      }
      const given = column.input.type === 'boolean' && typeof sent === 'boolean' ? Number(sent) : sent;
      const value = this.readValue(given, column, coding?.[name], pathOf(name), faults);
      values[position] = value;
      if (value < column.low || value > column.high) warnings.push({ input: position, code: 'outside-training-range' });
    });
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

const codesOf = ({ categories }: SignatureInput): ReadonlyMap<string, number> | undefined =>
  categories && new Map(categories.map((text, code) => [text, code]));

/** The two kinds of text that runtimes take differently: unpaired surrogates, and U+0000, at which some end. */
const cleanText = (text: string): string => text.toWellFormed().replaceAll('\0', ' ');

/** A category may be sent as the number or the boolean that a file had for it. */
function readText(sent: unknown, path: string, faults: FaultList): string {
  if (typeof sent === 'number' || typeof sent === 'boolean') return String(sent);
  if (typeof sent !== 'string') faults.add('wrong-type', path, 'must be a text, or null when it is not known');
  else if (sent.length > TEXT_LENGTH_MAX)
    faults.add('out-of-range', path, `has more than ${TEXT_LENGTH_MAX} characters`);
  else return cleanText(sent);
  return '';
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
