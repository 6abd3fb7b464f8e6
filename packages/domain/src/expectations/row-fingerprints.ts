/** Rows that are sorted at once: some milliseconds. */
const PART_ROWS = 65_536;

/**
 * Tells equal rows of a table whose columns come one after the other, in eight bytes a row: a hash of 53 bits over all columns. Missing
 * equals missing, and -0 equals 0. Two different rows are taken for equal with a chance of about rows^2 / 2^54: one in a million for 100 000
 * rows, and then one row is counted too many.
 */
export class RowFingerprints {
  private readonly high: Uint32Array;
  private readonly low: Uint32Array;

  constructor(readonly rowCount: number) {
    this.high = new Uint32Array(rowCount);
    this.low = new Uint32Array(rowCount);
  }

  /** Takes the next column; the same columns in another order are other rows. */
  add(values: ArrayLike<number>): void {
    const { high, low, rowCount } = this;
    const number = new Float64Array(1);
    const bits = new Uint32Array(number.buffer);
    for (let row = 0; row < rowCount; row++) {
      const value = values[row] ?? Number.NaN;
      // + 0 makes one zero of two; every NaN is missing and gets the same bits.
      number[0] = Number.isNaN(value) ? Number.NaN : value + 0;
      const mixed = mix(bits[0]! ^ Math.imul(bits[1]!, 0x9e3779b1));
      high[row] = mix(high[row]! ^ mixed);
      low[row] = mix(Math.imul(low[row]!, 0x85ebca6b) + (mixed ^ bits[1]!));
    }
  }

  /** How many rows equal an earlier row. */
  countDuplicates(): number {
    let count = 0;
    for (const found of this.countInParts()) count += found;
    return count;
  }

  /** The same in parts that are to be added up, of milliseconds each after the first one: for those who have others to serve in between. */
  *countInParts(): Generator<number> {
    const bits = Math.max(0, Math.min(16, Math.ceil(Math.log2(this.rowCount / PART_ROWS))));
    const ends = new Uint32Array(2 ** bits);
    const hashes = this.dealHashes(bits, ends);
    let start = 0;
    for (const end of ends) {
      const part = hashes.subarray(start, end).sort();
      let count = 0;
      for (let i = 1; i < part.length; i++) if (part[i] === part[i - 1]) count++;
      yield count;
      start = end;
    }
  }

  /** The hashes of all rows, those with the same first bits together; where each group ends is written into `ends`. */
  private dealHashes(bits: number, ends: Uint32Array): Float64Array {
    const { high, low, rowCount } = this;
    const hashes = new Float64Array(rowCount);
    const partOf = (row: number): number => (bits === 0 ? 0 : high[row]! >>> (32 - bits));
    for (let row = 0; row < rowCount; row++) ends[partOf(row)]!++;
    let start = 0;
    for (let part = 0; part < ends.length; part++) {
      const rows = ends[part]!;
      ends[part] = start;
      start += rows;
    }
    for (let row = 0; row < rowCount; row++) hashes[ends[partOf(row)]!++] = high[row]! * 2 ** 21 + (low[row]! >>> 11);
    return hashes;
  }
}

/** The finaliser of MurmurHash3 (Appleby): every bit of the input reaches every bit of the output. */
function mix(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
