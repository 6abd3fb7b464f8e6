/** A list of numbers as it stood in a JSON text. */
export class NumberList {
  /**
   * @param numbers flat, row by row; NaN for `null`. In memory that others use next: to be copied before anything is waited for
   * @param shape the lengths of the lists within each other, the outermost first
   * @param start where in the text it opens
   * @param end behind its last byte
   */
  constructor(
    readonly numbers: Float64Array,
    readonly shape: readonly number[],
    readonly start: number,
    readonly end: number,
  ) {}
}

const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** Powers of ten that float64 holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** RFC 8259, section 6. */
const RARE_ELEMENT = /^(?:null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![0-9.eE+-])/;
const RARE_BYTES_MAX = 40;
/** Each costs several times what it costs `JSON.parse`, which is left to read a list that has more of them. */
const RARE_NUMBERS_MAX = 16;
const DEPTH_MAX = 8;
const NUMBERS_MIN = 1_024;
/** Instead of the place where something ends. */
const NONE = -1;

/**
 * Reads a list of numbers and `null`, or of equally long such lists, from the bytes of a JSON text. `JSON.parse` takes twice the time, because
 * it makes a text and an array of it. Each number is the float64 that it gives.
 *
 * @param start where the list opens
 * @param room for the numbers; when there are more, they get memory of their own
 * @returns null for what is no such list, is empty, or is not worth reading here
 */
export function readNumberList(bytes: Buffer, start: number, room: Float64Array): NumberList | null {
  return new NumberListReader(bytes, room).read(start);
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

function skipBlanks(bytes: Buffer, start: number): number {
  let at = start;
  for (let byte = bytes[at]; byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09; ) byte = bytes[++at];
  return at;
}

class NumberListReader {
  private count = 0;
  private rareNumbers = 0;
  private readonly shape: number[] = [];

  constructor(
    private readonly bytes: Buffer,
    private numbers: Float64Array,
  ) {}

  read(start: number): NumberList | null {
    const end = this.readList(start, 0);
    return end === NONE ? null : new NumberList(this.numbers.subarray(0, this.count), this.shape, start, end);
  }

  /** @returns where it ends; {@link NONE} when it is none, or not as long and as deep as its neighbours */
  private readList(start: number, depth: number): number {
    const { bytes, shape } = this;
    if (bytes[start] !== OPEN || depth === DEPTH_MAX) return NONE;
    const isOfLists = bytes[skipBlanks(bytes, start + 1)] === OPEN;
    if (!isOfLists && shape.length > 0 && shape.length !== depth + 1) return NONE;
    let length = 0;
    let at = start;
    do {
      const element = skipBlanks(bytes, at + 1);
      const end = isOfLists ? this.readList(element, depth + 1) : this.readElement(element);
      if (end === NONE) return NONE;
      at = skipBlanks(bytes, end);
      length += 1;
    } while (bytes[at] === COMMA);
    shape[depth] ??= length;
    return bytes[at] === CLOSE && shape[depth] === length ? at + 1 : NONE;
  }

  /**
   * Whole numbers up to 2^53 and those powers of ten are exact, so one division of them rounds once, as it should.
   * @returns where it ends; {@link NONE} when it is neither a number nor `null`
   */
  private readElement(start: number): number {
    const { bytes } = this;
    const isNegative = bytes[start] === MINUS;
    const from = isNegative ? start + 1 : start;
    let digits = 0;
    let at = from;
    let byte = bytes[at] ?? 0;
    for (; isDigit(byte); byte = bytes[++at] ?? 0) digits = digits * 10 + (byte - ZERO);
    if (at === from || (bytes[from] === ZERO && at > from + 1)) return this.readRareElement(start);
    let decimals = 0;
    if (byte === DOT) {
      const point = at;
      byte = bytes[++at] ?? 0;
      for (; isDigit(byte); byte = bytes[++at] ?? 0) digits = digits * 10 + (byte - ZERO);
      decimals = at - point - 1;
      if (decimals === 0 || decimals >= POWERS.length) return this.readRareElement(start);
    }
    if (digits > Number.MAX_SAFE_INTEGER || (byte | 0x20) === 0x65) return this.readRareElement(start);
    const value = decimals === 0 ? digits : digits / (POWERS[decimals] ?? 1);
    this.add(isNegative ? -value : value);
    return at;
  }

  private readRareElement(start: number): number {
    const [text] = RARE_ELEMENT.exec(this.bytes.toString('latin1', start, start + RARE_BYTES_MAX)) ?? [];
    if (text === undefined) return NONE;
    if (text !== 'null' && ++this.rareNumbers > RARE_NUMBERS_MAX) return NONE;
    this.add(text === 'null' ? Number.NaN : Number(text));
    return start + text.length;
  }

  private add(value: number): void {
    if (this.count === this.numbers.length) {
      const grown = new Float64Array(Math.max(this.count * 2, NUMBERS_MIN));
      grown.set(this.numbers);
      this.numbers = grown;
    }
    this.numbers[this.count++] = value;
  }
}
