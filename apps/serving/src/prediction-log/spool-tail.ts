import { type BundleLimits, RecordBundle, type RecordRange } from './record-bundle.js';

/** What one write put into a segment. */
export interface CommittedRange extends RecordRange {
  readonly segment: number;
}

/**
 * The end of the log, still in memory: what is shipped at once is not read from the disk again. It holds one job. What comes when that is full, or does
 * not follow on it, is left to those who read the files, until the job was taken.
 */
export class SpoolTail {
  private readonly limits: BundleLimits;
  private bundle = new RecordBundle();
  private segmentNumber = 0;
  private closed = false;

  constructor(limits: BundleLimits) {
    this.limits = limits;
  }

  get isEmpty(): boolean {
    return this.bundle.rows === 0;
  }

  /** True when waiting longer would not make the job larger. */
  get isFull(): boolean {
    return this.closed;
  }

  get segment(): number {
    return this.segmentNumber;
  }

  /** Where it begins in its segment. */
  get start(): number {
    return this.bundle.start;
  }

  add(range: CommittedRange): void {
    const { bundle } = this;
    if (this.closed) return;
    const follows = this.isEmpty || (range.segment === this.segmentNumber && range.start === bundle.end);
    if (follows && bundle.hasRoomFor(range, this.limits)) {
      this.segmentNumber = range.segment;
      bundle.add(range);
    } else this.closed = !this.isEmpty;
  }

  /** Hands out the job, and goes on with an empty bundle. */
  take(empty: RecordBundle): RecordBundle {
    const { bundle } = this;
    empty.clear();
    this.bundle = empty;
    this.closed = false;
    return bundle;
  }
}
