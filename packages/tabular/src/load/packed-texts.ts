/** Texts of a column one after the other in UTF-8, in memory that threads share. */
export interface PackedTexts {
  readonly bytes: Uint8Array;
  /** Where each text ends in `bytes`, and the next one begins. */
  readonly ends: Float64Array;
}

const ROOM_MIN = 65_536;
/** Of a text in UTF-8 for each of its code units. */
const BYTES_PER_UNIT_MAX = 3;

/** Gathers texts. */
export class TextPacker {
  private bytes = Buffer.alloc(ROOM_MIN);
  private readonly ends: Float64Array;
  private count = 0;
  private used = 0;

  /** @param rows how many there will be */
  constructor(rows: number) {
    this.ends = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT * rows));
  }

  add(text: string): void {
    const needed = this.used + BYTES_PER_UNIT_MAX * text.length;
    if (needed > this.bytes.length) {
      const larger = Buffer.alloc(Math.max(needed, 2 * this.bytes.length));
      larger.set(this.bytes.subarray(0, this.used));
      this.bytes = larger;
    }
    this.used += this.bytes.write(text, this.used);
    this.ends[this.count++] = this.used;
  }

  finish(): PackedTexts {
    const bytes = new Uint8Array(new SharedArrayBuffer(this.used));
    bytes.set(this.bytes.subarray(0, this.used));
    return { bytes, ends: this.ends };
  }
}

/** What gives the text of a row. */
export function openTexts({ bytes, ends }: PackedTexts): (row: number) => string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (row) => buffer.toString('utf8', ends[row - 1] ?? 0, ends[row]);
}

/** The texts of some rows by themselves. */
export function takeTexts(texts: PackedTexts, rows: Int32Array): PackedTexts {
  const textOf = openTexts(texts);
  const packer = new TextPacker(rows.length);
  for (const row of rows) packer.add(textOf(row));
  return packer.finish();
}
