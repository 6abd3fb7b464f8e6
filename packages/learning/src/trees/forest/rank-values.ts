const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const PASSES = 3;

/** Code of a missing value. */
export const MISSING_CODE = 65_535;
/** Most codes of values. */
const CODES_MAX = 65_535;

/** A numeric column by the order of its values. */
export interface RankedColumn {
  /** By training row: 0 for the least value, equal for equal values; {@link MISSING_CODE} where the value is missing. */
  readonly codes: Uint16Array;
  /** Upper edges of the codes, one fewer than codes: code c holds x with edges[c-1] < x <= edges[c]. */
  readonly edges: Float32Array;
  /** Codes of values; 0 when all values are missing. */
  readonly codeCount: number;
}

/** A float32 e with low <= e < high, as near the middle as float32 allows. */
function edgeBetween(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle >= low && middle < high ? middle : low;
}

/** Ranks columns; keeps its memory from column to column. */
export class ValueRanker {
  private keys: Int32Array;
  private places: Int32Array;
  private otherKeys: Int32Array;
  private otherPlaces: Int32Array;

  /** @param rowCount rows of a column */
  constructor(rowCount: number) {
    this.keys = new Int32Array(rowCount);
    this.places = new Int32Array(rowCount);
    this.otherKeys = new Int32Array(rowCount);
    this.otherPlaces = new Int32Array(rowCount);
  }

  /** Gives each distinct value a code of its own, or, beyond 65 535 of them, neighbours in equal numbers a common one. */
  rank(column: Float32Array, rows: Int32Array): RankedColumn {
    const codes = new Uint16Array(rows.length).fill(MISSING_CODE);
    const count = this.load(column, rows);
    for (let pass = 0; pass < PASSES; pass++) this.sortDigit(count, pass);
    const { keys, places } = this;
    let distinct = count > 0 ? 1 : 0;
    for (let i = 1; i < count; i++) if (keys[i] !== keys[i - 1]) distinct++;
    const codeCount = Math.min(distinct, CODES_MAX);
    const edges = new Float32Array(Math.max(0, codeCount - 1));
    let rank = 0;
    let code = 0;
    for (let i = 0; i < count; i++) {
      if (i > 0 && keys[i] !== keys[i - 1]) {
        rank++;
        const next = distinct <= CODES_MAX ? rank : Math.floor((rank * CODES_MAX) / distinct);
        if (next > code) edges[code] = edgeBetween(column[rows[places[i - 1]!]!]!, column[rows[places[i]!]!]!);
        code = next;
      }
      codes[places[i]!] = code;
    }
    return { codes, edges, codeCount };
  }

  /** Takes the values that are not missing, as integers of the same order. */
  private load(column: Float32Array, rows: Int32Array): number {
    const values = new Float32Array(this.keys.buffer);
    let count = 0;
    for (let i = 0; i < rows.length; i++) {
      const value = column[rows[i]!]!;
      values[count] = value + 0; // -0 and 0 are equal
      this.places[count] = i;
      // biome-ignore lint/suspicious/noSelfCompare: NaN is the one value that differs from itself; written always, kept sometimes
      count += Number(value === value);
    }
    for (let i = 0; i < count; i++) {
      const bits = this.keys[i]!;
      this.keys[i] = bits ^ ((bits >> 31) & 0x7fffffff);
    }
    return count;
  }

  /** One pass of a radix sort, least significant digit first; the highest digit has a sign. */
  private sortDigit(count: number, pass: number): void {
    const { keys, places, otherKeys, otherPlaces } = this;
    const shift = pass * DIGIT_BITS;
    const lowest = pass === PASSES - 1 ? -DIGITS / 2 : 0;
    const mask = DIGITS - 1;
    const starts = new Int32Array(DIGITS);
    for (let i = 0; i < count; i++) starts[((keys[i]! >> shift) - lowest) & mask]!++;
    for (let digit = 0, start = 0; digit < DIGITS; digit++) {
      const size = starts[digit]!;
      starts[digit] = start;
      start += size;
    }
    for (let i = 0; i < count; i++) {
      const digit = ((keys[i]! >> shift) - lowest) & mask;
      const at = starts[digit]!++;
      otherKeys[at] = keys[i]!;
      otherPlaces[at] = places[i]!;
    }
    this.keys = otherKeys;
    this.places = otherPlaces;
    this.otherKeys = keys;
    this.otherPlaces = places;
  }
}
