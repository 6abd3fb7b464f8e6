import type { ModelSignature, RowText, RowWarning } from '@gimbal/contracts';
import { type Column, describeColumns, FaultList, InvalidRowsError, readText } from './columns.js';

/** Rows as the model takes them. */
export interface ReadRows {
  readonly count: number;
  /** `count * inputs` values, NaN = missing. */
  readonly features: Float32Array;
  /** The same as precisely as they were sent, for the prediction log. */
  readonly values: Float64Array | Float32Array;
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

/** Where a field stands. */
interface Place {
  readonly column: Column;
  readonly position: number;
  readonly coding: Coding | undefined;
  readonly path: string;
}

type Coding = ModelSignature['codings'][string];

const NAME_LENGTH_MAX = 100;

const clip = (name: string): string => (name.length > NAME_LENGTH_MAX ? `${name.slice(0, NAME_LENGTH_MAX)}…` : name);

/**
 * Reads rows of named fields into the model's columns, by its signature. A field is a number; `null` or no field is "not measured", where the
 * signature allows it. An unknown field, another type, a code that is not allowed and a number that float32 can't hold are refused, all of
 * them at once. A number outside the plausible or trained range is taken with a warning: monitoring must see what really comes in.
 */
export class RowReader {
  readonly columns: readonly Column[];
  private readonly positions: ReadonlyMap<string, number>;
  private readonly codings: ModelSignature['codings'];

  constructor(signature: ModelSignature) {
    this.columns = describeColumns(signature);
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
    const { values } = progress;
    const { columns } = this;
    let known = 0;
    for (let position = 0; position < columns.length; position++) {
      const column = columns[position] as Column; // within the list
      const sent = this.take(row, column.input.name);
      if (sent !== undefined) known += 1;
      const isOrdinary = typeof sent === 'number' && sent >= column.plainLow && sent <= column.plainHigh;
      if (isOrdinary && !coding) values[position] = sent;
      else this.readField(sent, { column, position, coding, path: pathOf(column.input.name) }, progress, faults);
    }
    const fields = Object.keys(row);
    if (fields.length === known) return;
    for (const field of fields) {
      if (!this.positions.has(field)) faults.add('unknown-field', pathOf(clip(field)), 'is not a field of this model');
    }
  }

  /** What a row has under a name, but not what every object has. */
  private take(row: Readonly<Record<string, unknown>>, name: string): unknown {
    const sent = row[name];
    return sent === undefined || Object.hasOwn(row, name) ? sent : undefined;
  }

  /** The closer look at one field. */
  private readField(sent: unknown, place: Place, { values, warnings, texts }: RowInProgress, faults: FaultList): void {
    const { column, position, coding, path } = place;
    const { name, missing, type } = column.input;
    if (sent === undefined || sent === null) {
      values[position] = Number.NaN;
      if (missing === 'refused') faults.add('missing-field', path, 'is required');
      else warnings.push({ input: position, code: 'missing' });
      return;
    }
    if (type === 'text' || column.codes) {
      const text = readText(sent, path, faults);
      const code = column.codes?.get(text);
      values[position] = code ?? Number.NaN;
      if (code === undefined) texts.push({ input: position, text });
      if (column.codes && code === undefined) warnings.push({ input: position, code: 'unseen-category' });
      return;
    }
    const given = type === 'boolean' && typeof sent === 'boolean' ? Number(sent) : sent;
    const value = this.readValue(given, column, coding?.[name], path, faults);
    values[position] = value;
    if (value < column.low || value > column.high) warnings.push({ input: position, code: 'outside-training-range' });
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
