import type { ShippingPosition } from './shipping-cursor.js';
import type { SpooledRecord } from './spool-reader.js';

/** Records that were written together. */
export interface WrittenRecords {
  readonly segment: number;
  /** Of the segment, as its reader gives it. */
  readonly segmentName: string;
  readonly records: readonly SpooledRecord[];
}

interface TailRecord {
  readonly segment: number;
  readonly segmentName: string;
  readonly record: SpooledRecord;
}

const isBehind = ({ segment, record }: TailRecord, position: ShippingPosition): boolean =>
  segment > position.segment || (segment === position.segment && record.end > position.bytes);

/**
 * The end of the log in memory: what was written last and is not shipped yet. While the queue keeps up, nothing is read from the disk and checked
 * again; when it does not, the oldest records go from here, and are read from their segment.
 */
export class SpoolTail {
  private records: TailRecord[] = [];
  private bytes = 0;
  /** Every record behind this position is here. */
  private from: ShippingPosition;
  private until: ShippingPosition;

  /**
   * @param from where the writer begins
   * @param bytesMax most bytes of records that are kept
   */
  constructor(
    from: ShippingPosition,
    private readonly bytesMax: number,
  ) {
    this.from = from;
    this.until = from;
  }

  add({ segment, segmentName, records }: WrittenRecords): void {
    for (const record of records) {
      if (this.bytes + record.bytes.length > this.bytesMax) this.giveUp();
      this.records.push({ segment, segmentName, record });
      this.bytes += record.bytes.length;
      this.until = { segment, bytes: record.end };
    }
  }

  /** Whether every record behind `position` is here. */
  covers({ segment, bytes }: ShippingPosition): boolean {
    return segment > this.from.segment || (segment === this.from.segment && bytes >= this.from.bytes);
  }

  /**
   * Offers the records of the segment of `position` that lie behind it, one after the other.
   * @param take false: no more
   * @returns the name of that segment; undefined when no record of it was offered
   */
  read(position: ShippingPosition, take: (record: SpooledRecord) => boolean): string | undefined {
    let name: string | undefined;
    for (const one of this.records) {
      if (!isBehind(one, position)) continue;
      if (one.segment > position.segment || !take(one.record)) break;
      name = one.segmentName;
    }
    return name;
  }

  /** What lies before `position` is not asked for again. */
  forget(position: ShippingPosition): void {
    const kept = this.records.findIndex((one) => isBehind(one, position));
    const gone = this.records.splice(0, kept < 0 ? this.records.length : kept);
    for (const { record } of gone) this.bytes -= record.bytes.length;
  }

  private giveUp(): void {
    this.records = [];
    this.bytes = 0;
    this.from = this.until;
  }
}
