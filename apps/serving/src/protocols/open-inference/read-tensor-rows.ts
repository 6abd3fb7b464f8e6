import type { RowText, RowWarning } from '@gimbal/contracts';
import { type Column, FaultList, readText } from '../../predict/columns.js';
import type { ReadRows } from '../../predict/row-reader.js';
import { refuse } from '../refuse.js';
import { FEATURES, QUERY, TEXTS } from './model-tensors.js';
import { type OwnInput, type Tensor } from './tensor.js';

/** Where the elements of a column lie: row by row, `stride` apart, the first at `offset`. */
interface ColumnSource {
  readonly tensor: Tensor;
  readonly offset: number;
  readonly stride: number;
}

const NONE: readonly never[] = [];

/**
 * Turns tensors into the rows of a model, by the same rules as named fields: what is missing, not allowed or outside of what was seen in
 * training is refused or warned of alike. The tensors are the graph's own, or one for each column by its name.
 */
export class TensorRowReader {
  private readonly columns: readonly Column[];
  private readonly positions: ReadonlyMap<string, number>;
  /** Values between these need no further look; NaN where each one does. */
  private readonly lows: Float64Array;
  private readonly highs: Float64Array;
  /** Positions of the columns in each of the graph's own tensors, in its order. */
  private readonly own: ReadonlyMap<string, readonly number[]>;
  /** Names that a request may give its tensors instead of the columns' own. */
  private readonly ownNames: readonly string[];
  private readonly rowsMax: number;

  constructor(columns: readonly Column[], rowsMax: number) {
    this.columns = columns;
    this.rowsMax = rowsMax;
    this.positions = new Map(columns.map(({ input }, position) => [input.name, position]));
    this.lows = Float64Array.from(columns, ({ plainLow }) => plainLow);
    this.highs = Float64Array.from(columns, ({ plainHigh }) => plainHigh);
    this.own = new Map([
      [FEATURES, this.positionsWhere(({ codes, input }) => !codes && input.type !== 'text')],
      [TEXTS, this.positionsWhere(({ codes }) => codes !== undefined)],
      [QUERY, this.positionsWhere(({ input }) => input.type === 'text')],
    ]);
    this.ownNames = [...this.own].filter(([, positions]) => positions.length > 0).map(([name]) => name);
  }

  /** @throws InvalidInputError (InvalidRowsError where values break the signature) */
  read(inputs: readonly Tensor[]): ReadRows {
    const count = inputs[0]?.shape[0] ?? 0;
    if (count === 0 || count > this.rowsMax)
      return refuse(`${inputs[0]?.name}.shape`, `must begin with the number of rows, 1 to ${this.rowsMax}`);
    for (const { name, shape } of inputs)
      if (shape[0] !== count) refuse(`${name}.shape`, `begins with another number of rows than ${inputs[0]?.name}`);
    const { ownNames } = this;
    const isOwn = inputs.every(({ name }) => ownNames.includes(name));
    if (isOwn && inputs.length !== ownNames.length) return refuse('inputs', `must be ${ownNames.join(' and ')}`);
    const [only] = inputs;
    if (isOwn && only?.numbers && only.shape.length === 2 && only.size === count * this.columns.length)
      return this.check(only.numbers, count);
    return this.fill(isOwn ? this.sourcesOfOwn(inputs) : this.sourcesOfColumns(inputs), count);
  }

  /** @param toTensor makes the graph's only input of a body without a head */
  readRaw(toTensor: (own: OwnInput) => Tensor): ReadRows {
    const [name = '', ...others] = this.ownNames;
    const columns = this.own.get(name)?.length ?? 0;
    const isText = name !== FEATURES;
    if (others.length > 0 || (isText && columns !== 1))
      return refuse('', 'Only a model with one input takes a body without a header.');
    return this.read([toTensor({ name, columns, isText })]);
  }

  private positionsWhere(belongs: (column: Column) => boolean): readonly number[] {
    return this.columns.flatMap((column, position) => (belongs(column) ? [position] : []));
  }

  private sourcesOfOwn(inputs: readonly Tensor[]): readonly ColumnSource[] {
    const sources = new Array<ColumnSource>(this.columns.length);
    for (const tensor of inputs) {
      const positions = this.own.get(tensor.name) ?? NONE;
      const { shape, size } = tensor;
      const isFlat = shape.length === 1 && tensor.name === QUERY;
      if (size !== (shape[0] ?? 0) * positions.length || (shape.length !== 2 && !isFlat))
        refuse(`${tensor.name}.shape`, `must be [rows${tensor.name === QUERY ? '' : `, ${positions.length}`}]`);
      positions.forEach((position, offset) => {
        sources[position] = { tensor, offset, stride: positions.length };
      });
    }
    return sources;
  }

  /** A column without a tensor is missing in every row. */
  private sourcesOfColumns(inputs: readonly Tensor[]): readonly (ColumnSource | undefined)[] {
    const sources = new Array<ColumnSource | undefined>(this.columns.length).fill(undefined);
    const faults = new FaultList();
    for (const tensor of inputs) {
      const position = this.positions.get(tensor.name);
      if (position === undefined) faults.add('unknown-field', tensor.name, 'is no input of this model');
      else sources[position] = { tensor, offset: 0, stride: 1 };
      if (tensor.size !== tensor.shape[0])
        faults.add('wrong-type', `${tensor.name}.shape`, 'must be [rows] or [rows, 1]');
    }
    faults.throwAny();
    return sources;
  }

  /** The rows lie as the model takes them: all that is left is to look at each value. */
  private check(values: Float64Array | Float32Array, count: number): ReadRows {
    const { lows, highs } = this;
    const width = this.columns.length;
    const progress = new Progress(count);
    for (let row = 0, at = 0; row < count; row++) {
      for (let position = 0; position < width; position++, at++) {
        const value = values[at] ?? Number.NaN;
        const isOrdinary = value >= (lows[position] ?? Number.NaN) && value <= (highs[position] ?? Number.NaN);
        if (!isOrdinary) this.judge(value, position, row, progress);
      }
    }
    return progress.finish(count, values, null);
  }

  private fill(sources: readonly (ColumnSource | undefined)[], count: number): ReadRows {
    const width = this.columns.length;
    const values = new Float64Array(count * width);
    const progress = new Progress(count);
    sources.forEach((source, position) => {
      if (source && !source.tensor.numbers !== this.takesText(position))
        progress.faults.add(
          'wrong-type',
          source.tensor.name,
          this.takesText(position) ? 'must be BYTES' : `must hold numbers, not ${source.tensor.datatype}`,
        );
    });
    progress.faults.throwAny();
    sources.forEach((source, position) => {
      if (source?.tensor.numbers) this.fillNumbers(source.tensor.numbers, source, position, values, progress);
      else this.fillTexts(source, position, values, progress);
    });
    const takesFreeText = this.columns[0]?.input.type === 'text';
    return progress.finish(count, values, takesFreeText ? progress.texts.map(([first]) => first?.text ?? '') : null);
  }

  private takesText(position: number): boolean {
    const column = this.columns[position];
    return column !== undefined && (column.codes !== undefined || column.input.type === 'text');
  }

  private fillNumbers(
    numbers: Float64Array | Float32Array,
    { offset, stride }: ColumnSource,
    position: number,
    values: Float64Array,
    progress: Progress,
  ): void {
    const width = this.columns.length;
    const low = this.lows[position] ?? Number.NaN;
    const high = this.highs[position] ?? Number.NaN;
    for (let from = offset, to = position; to < values.length; from += stride, to += width) {
      const value = numbers[from] ?? Number.NaN;
      values[to] = value;
      if (!(value >= low && value <= high)) this.judge(value, position, (to - position) / width, progress);
    }
  }

  /** The rare look at a value that is not simply within its range. */
  private judge(value: number, position: number, row: number, { faults, warn }: Progress): void {
    const column = this.columns[position];
    if (!column) return;
    const { input, allowed, allowedText, low, high } = column;
    const path = (): string => `${input.name}[${row}]`;
    if (Number.isNaN(value)) {
      if (input.missing === 'refused') faults.add('missing-field', path(), 'is required');
      else warn(row, { input: position, code: 'missing' });
    } else if (!Number.isFinite(Math.fround(value))) faults.add('out-of-range', path(), 'is too large a number');
    else if (allowed && !allowed.has(value)) faults.add('not-allowed', path(), `must be one of ${allowedText}`);
    else if (value < low || value > high) warn(row, { input: position, code: 'outside-training-range' });
  }

  /** Codes of the texts; a text that the model does not know is kept beside them. An empty text is a missing one. */
  private fillTexts(
    source: ColumnSource | undefined,
    position: number,
    values: Float64Array,
    progress: Progress,
  ): void {
    const column = this.columns[position];
    const width = this.columns.length;
    for (let row = 0; row < values.length / width; row++) {
      const sent = source?.tensor.texts?.[source.offset + row * source.stride] ?? null;
      const isFreeText = column?.input.type === 'text';
      if (sent === null || (sent === '' && !isFreeText)) {
        values[row * width + position] = Number.NaN;
        this.judge(Number.NaN, position, row, progress);
        continue;
      }
      const text = readText(sent, `${column?.input.name}[${row}]`, progress.faults);
      const code = column?.codes?.get(text);
      values[row * width + position] = code ?? Number.NaN;
      if (code !== undefined) continue;
      progress.keep(row, { input: position, text });
      if (column?.codes) progress.warn(row, { input: position, code: 'unseen-category' });
    }
  }
}

/** What is found while rows are filled; most rows share one empty list. */
class Progress {
  readonly faults = new FaultList();
  readonly warnings: (readonly RowWarning[])[];
  readonly texts: (readonly RowText[])[];

  constructor(rows: number) {
    this.warnings = new Array<readonly RowWarning[]>(rows).fill(NONE);
    this.texts = new Array<readonly RowText[]>(rows).fill(NONE);
  }

  /** @throws InvalidRowsError when something is wrong */
  finish(count: number, values: Float64Array | Float32Array, queries: readonly string[] | null): ReadRows {
    this.faults.throwAny();
    const { warnings, texts } = this;
    const features = values instanceof Float32Array ? values : new Float32Array(values);
    return { count, features, values, warnings, texts, queries };
  }

  readonly warn = (row: number, warning: RowWarning): void => {
    this.warnings[row] = [...(this.warnings[row] ?? NONE), warning];
  };

  readonly keep = (row: number, text: RowText): void => {
    this.texts[row] = [...(this.texts[row] ?? NONE), text];
  };
}
