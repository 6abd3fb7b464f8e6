const FIRST_BYTES = 262_144;

/** Records that lie side by side in a segment. */
export interface RecordRange {
  readonly bytes: Buffer;
  /** Whole records of the definitions that the predictions refer to; always the same objects for the same ones. */
  readonly definitions: readonly Buffer[];
  /** Predictions in them. */
  readonly rows: number;
  /** Where they begin in their segment, and the offset behind them. */
  readonly start: number;
  readonly end: number;
}

/** Most of what one job holds; a record that has more is a job by itself. */
export interface BundleLimits {
  readonly rows: number;
  readonly bytes: number;
}

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

  /** Where the first record begins in its segment. */
  get start(): number {
    return this.startsAt;
  }

  /** Where the last record ends in its segment. */
  get end(): number {
    return this.endsAt;
  }

  /** True when it would be no larger than a job may be. */
  hasRoomFor({ rows, bytes }: RecordRange, limits: BundleLimits): boolean {
    return this.rowCount + rows <= limits.rows && this.length + bytes.length <= limits.bytes;
  }

  add({ bytes, definitions, rows, start, end }: RecordRange): void {
    if (this.rowCount === 0) this.startsAt = start;
    for (const definition of definitions) {
      if (this.definitions.has(definition)) continue;
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
