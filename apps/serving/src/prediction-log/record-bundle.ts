import type { SpooledRecord } from './spool-reader.js';

const FIRST_BYTES = 262_144;

/** Records on their way to one job: copied side by side, with each definition once, before the first predictions that refer to it. */
export class RecordBundle {
  private readonly definitions = new Set<Buffer>();
  private buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private length = 0;
  private rowCount = 0;
  private startsAt = 0;
  private endsAt = 0;

  /** Predictions in it. */
  get rows(): number {
    return this.rowCount;
  }

  get bytes(): number {
    return this.length;
  }

  /** Where the first record begins in its segment. */
  get start(): number {
    return this.startsAt;
  }

  /** Where the last record ends in its segment. */
  get end(): number {
    return this.endsAt;
  }

  add({ bytes, definition, rows, start, end }: SpooledRecord): void {
    if (this.rowCount === 0) this.startsAt = start;
    if (!this.definitions.has(definition)) {
      this.definitions.add(definition);
      this.append(definition);
    }
    this.append(bytes);
    this.rowCount += rows;
    this.endsAt = end;
  }

  toBase64(): string {
    return this.buffer.toString('base64', 0, this.length);
  }

  /** Empties it; the memory is kept for the next job. */
  clear(): void {
    this.definitions.clear();
    this.length = 0;
    this.rowCount = 0;
  }

  private append(bytes: Buffer): void {
    const needed = this.length + bytes.length;
    if (needed > this.buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    this.length += bytes.copy(this.buffer, this.length);
  }
}
