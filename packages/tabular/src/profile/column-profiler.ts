import type { ColumnProfile } from '@gimbal/contracts';
import { type ColumnBlock, MISSING, NUMBER } from '../table-block.js';
import { quantileOf, Reservoir } from './reservoir.js';
import { isDayNumber, shapeOf, TEXT_SHAPES, type TextShape } from './text-shapes.js';
import { ValueCounter } from './value-counter.js';

/** Largest magnitude that float32, in which columns are learned, can hold. */
const FLOAT32_MAX = 3.4028234663852886e38;

const SAMPLE_VALUES = 4_096;
const LEVELS = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;
const TOP = 20;
const TOP_TEXT_MAX = 100;
/** Longer texts are prose: counting them would hold the file in memory. */
const COUNTED_TEXT_MAX = 200;

/** Facts of a column that its profile does not show but the inference needs. */
export interface ColumnFacts {
  readonly profile: Omit<ColumnProfile, 'kind'>;
  /** Numbers are whole, ascend strictly, read as days (20260131). */
  readonly isWhole: boolean;
  readonly isAscending: boolean;
  readonly areDays: boolean;
  readonly magnitudeMax: number;
  /** Of the different texts, how many have which shape. */
  readonly shapes: Readonly<Record<TextShape, number>>;
  readonly wordsMean: number;
  readonly hasLongTexts: boolean;
  readonly numbers: readonly (readonly [number, number])[];
  readonly texts: readonly (readonly [string, number])[];
  /** Where the first text stands among numbers, and it. */
  readonly firstText: { readonly place: string; readonly text: string } | null;
  readonly firstInfinite: string | null;
}

/** Looks at a column once, block by block, in bounded memory. */
export class ColumnProfiler {
  private missing = 0;
  private infinite = 0;
  private count = 0;
  private mean = 0;
  private squares = 0;
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;
  private isWhole = true;
  private isAscending = true;
  private areDays = true;
  private textCount = 0;
  private characters = 0;
  private words = 0;
  private lengthMax = 0;
  private readonly shapes: Record<TextShape, number> = Object.fromEntries(
    TEXT_SHAPES.map((shape) => [shape, 0]),
  ) as Record<TextShape, number>; // every shape is a key
  private firstText: ColumnFacts['firstText'] = null;
  private firstInfinite: string | null = null;
  private hasLongTexts = false;
  private readonly values: ValueCounter;
  private readonly sample: Reservoir;

  /** @param distinctMax most different values that are counted; @param seed of the sample for quantiles */
  constructor(
    private readonly name: string,
    { distinctMax, seed }: { readonly distinctMax: number; readonly seed: number },
  ) {
    this.values = new ValueCounter(distinctMax);
    this.sample = new Reservoir(SAMPLE_VALUES, seed);
  }

  /** @param placeOf names a row of the block in the file */
  take({ kinds, numbers, texts }: ColumnBlock, rowCount: number, placeOf: (row: number) => string): void {
    for (let row = 0; row < rowCount; row++) {
      const kind = kinds[row];
      if (kind === NUMBER) this.takeNumber(numbers[row]!, row, placeOf);
      else if (kind === MISSING) this.missing++;
      else this.takeText(texts[row]!, row, placeOf);
    }
  }

  facts(): ColumnFacts {
    const { isWhole, isAscending, areDays, shapes, firstText, firstInfinite, hasLongTexts, values } = this;
    const numbers = values.numberCounts();
    const texts = values.textCounts();
    return {
      profile: this.profile(numbers, texts),
      isWhole,
      isAscending,
      areDays: areDays && this.count > 0,
      magnitudeMax: this.count > 0 ? Math.max(Math.abs(this.min), Math.abs(this.max)) : 0,
      shapes,
      wordsMean: this.textCount > 0 ? this.words / this.textCount : 0,
      hasLongTexts,
      numbers,
      texts,
      firstText,
      firstInfinite,
    };
  }

  private profile(numbers: ColumnFacts['numbers'], texts: ColumnFacts['texts']): ColumnFacts['profile'] {
    const { name, missing, infinite, count, textCount, values, hasLongTexts } = this;
    const counted = [...numbers.map(([value, rows]) => [String(value), rows] as const), ...texts];
    const distinctIsExact = !values.isFull && !hasLongTexts;
    return {
      name,
      missing,
      infinite,
      distinct: values.distinct + (distinctIsExact ? 0 : 1),
      distinctIsExact,
      number: count > 0 ? this.describeNumbers() : null,
      text:
        textCount > 0 ? { count: textCount, lengthMean: this.characters / textCount, lengthMax: this.lengthMax } : null,
      // Of many measurements no one is frequent; the first ones met would only look so.
      top:
        distinctIsExact || textCount > 0
          ? counted
              .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
              .slice(0, TOP)
              .map(([value, rows]) => ({ value: value.slice(0, TOP_TEXT_MAX), count: rows }))
          : [],
    };
  }

  private describeNumbers(): NonNullable<ColumnProfile['number']> {
    const sorted = this.sample.sorted();
    const sd = this.count > 1 ? Math.sqrt(this.squares / (this.count - 1)) : 0;
    return {
      count: this.count,
      min: this.min,
      max: this.max,
      mean: this.mean,
      // Of numbers near the end of the doubles' range the squares are infinite.
      sd: Number.isFinite(sd) ? sd : Number.MAX_VALUE,
      quantiles: Object.fromEntries(LEVELS.map((level) => [String(level), quantileOf(sorted, level)])),
    };
  }

  private takeNumber(value: number, row: number, placeOf: (row: number) => string): void {
    if (!(Math.abs(value) <= FLOAT32_MAX)) {
      this.infinite++;
      this.firstInfinite ??= placeOf(row);
      return;
    }
    this.count++;
    const step = value - this.mean;
    this.mean += step / this.count;
    this.squares += step * (value - this.mean);
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    if (value <= this.last) this.isAscending = false;
    this.last = value;
    if (this.isWhole && !Number.isInteger(value)) this.isWhole = false;
    if (this.areDays && !isDayNumber(value)) this.areDays = false;
    this.sample.add(value);
    this.values.addNumber(value);
  }

  private takeText(text: string, row: number, placeOf: (row: number) => string): void {
    this.firstText ??= { place: placeOf(row), text: text.slice(0, 40) };
    this.textCount++;
    this.characters += text.length;
    if (text.length > this.lengthMax) this.lengthMax = text.length;
    this.words += countWords(text);
    if (text.length > COUNTED_TEXT_MAX) this.hasLongTexts = true;
    else if (this.values.addText(text)) this.shapes[shapeOf(text)]++;
  }
}

function countWords(text: string): number {
  let words = 1;
  for (let at = text.indexOf(' '); at >= 0; at = text.indexOf(' ', at + 1)) words++;
  return words;
}
