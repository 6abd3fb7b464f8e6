import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputStore } from '@gimbal/tabular';

/** Where a spool is and how it lies there: what a worker thread needs to read it. */
export interface SpoolPlace {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  /** Rows of a group; the last group has the rest. */
  readonly groupRows: number;
}

const BYTES = Float32Array.BYTES_PER_ELEMENT;
/** A group of rows that is being filled takes no more than this. */
const GROUP_BYTES = 33_554_432;
const GROUP_ROWS_MAX = 65_536;
const NAME = /^columns-.*\.f32$/;
/** A spool older than this was left by a process that died. */
const STALE_MS = 86_400_000;

/** Names a spool that is to be made in a folder, and clears what dead processes left there. */
export async function planSpool(folder: string, rows: number, columns: number): Promise<SpoolPlace> {
  await sweep(folder);
  const fitting = Math.floor(GROUP_BYTES / (BYTES * Math.max(1, columns)));
  const groupRows = Math.max(1_024, Math.min(GROUP_ROWS_MAX, fitting));
  return { path: join(folder, `columns-${randomUUID()}.f32`), rows, columns, groupRows };
}

/**
 * Columns of float32 on the disk, for tables that do not fit in memory. One pass over the source writes them in groups of rows, and within a
 * group column by column; so writing holds one group, and reading a column is one run of bytes per group.
 */
export class ColumnSpool implements InputStore {
  readonly place: SpoolPlace;
  private readonly groups = new Map<number, { readonly values: Float32Array; filled: number }>();
  private readonly writes: { readonly position: number; readonly values: Float32Array }[] = [];
  /** Memory of a group that was written, for the next one. */
  private spare: Float32Array | undefined;
  private reader: SpoolReader | undefined;

  private constructor(
    place: SpoolPlace,
    private readonly file: FileHandle,
  ) {
    this.place = place;
  }

  /** Makes an empty spool. */
  static async create(place: SpoolPlace): Promise<ColumnSpool> {
    return new ColumnSpool(place, await open(place.path, 'w', 0o600));
  }

  put(index: number, firstRow: number, values: Float32Array): void {
    for (let done = 0; done < values.length; ) {
      const row = firstRow + done;
      const group = Math.floor(row / this.place.groupRows);
      const rows = rowsOf(this.place, group);
      const start = row - group * this.place.groupRows;
      const part = values.subarray(done, done + rows - start);
      if (part.length === rows)
        this.writes.push({ position: positionOf(this.place, group, index), values: part.slice() });
      else this.collect(group, index * rows + start, part);
      done += part.length;
    }
  }

  /** Writes what is whole. To be awaited between blocks, so that no more than a group waits. */
  async flush(): Promise<void> {
    for (const { position, values } of this.writes.splice(0)) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      for (let offset = 0; offset < bytes.length; )
        offset += (await this.file.write(bytes, offset, bytes.length - offset, position + offset)).bytesWritten;
      this.spare = values;
    }
  }

  read(index: number): Float32Array {
    this.reader ??= new SpoolReader(this.place);
    return this.reader.read(index);
  }

  /** What was written stays. */
  async close(): Promise<void> {
    this.reader?.close();
    await this.file.close();
  }

  private collect(group: number, at: number, part: Float32Array): void {
    const rows = rowsOf(this.place, group);
    const open = this.groups.get(group) ?? { values: this.takeRoom(rows * this.place.columns), filled: 0 };
    this.groups.set(group, open);
    open.values.set(part, at);
    open.filled += part.length;
    if (open.filled < open.values.length) return;
    this.groups.delete(group);
    this.writes.push({ position: positionOf(this.place, group, 0), values: open.values });
  }

  private takeRoom(length: number): Float32Array {
    const { spare } = this;
    this.spare = undefined;
    return spare?.length === length ? spare : new Float32Array(length);
  }
}

/** Reads a written spool; made in the thread that reads. What it gives lies in memory that it uses again for what is read next. */
export class SpoolReader {
  private readonly descriptor: number;
  private column = new Float32Array(0);
  private block = new Float32Array(0);

  constructor(private readonly place: SpoolPlace) {
    this.descriptor = openSync(place.path, 'r');
  }

  /** All values of a column, until the next column is read. Blocks its thread for the time of one read per group. */
  read(index: number): Float32Array {
    const { rows } = this.place;
    if (this.column.length < rows) this.column = new Float32Array(rows);
    this.readPart(index, 0, this.column);
    return this.column;
  }

  /** The values of every column in the rows [from, until), until the next rows are read. */
  readRows(from: number, until: number): Float32Array[] {
    const rows = until - from;
    const { columns } = this.place;
    if (this.block.length < rows * columns) this.block = new Float32Array(rows * columns);
    return Array.from({ length: columns }, (_, index) => {
      const part = this.block.subarray(index * rows, (index + 1) * rows);
      this.readPart(index, from, part);
      return part;
    });
  }

  /** Gives back the memory of what was read, at once: a collection may come late. */
  release(): void {
    this.column.buffer.transfer(0);
    this.block.buffer.transfer(0);
    this.column = new Float32Array(0);
    this.block = new Float32Array(0);
  }

  /** Fills `part` with the values of a column from row `from` on. */
  private readPart(index: number, from: number, part: Float32Array): void {
    const { place } = this;
    const until = from + part.length;
    for (let row = from; row < until; ) {
      const group = Math.floor(row / place.groupRows);
      const first = group * place.groupRows;
      const end = Math.min(until, first + place.groupRows);
      this.fill(part.subarray(row - from, end - from), positionOf(place, group, index) + BYTES * (row - first));
      row = end;
    }
  }

  private fill(values: Float32Array, position: number): void {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let at = 0; at < bytes.length; ) {
      const read = readSync(this.descriptor, bytes, at, bytes.length - at, position + at);
      if (read === 0) throw new Error('A spool of columns ends before it should.');
      at += read;
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

const rowsOf = ({ rows, groupRows }: SpoolPlace, group: number): number =>
  Math.min(groupRows, rows - group * groupRows);

const positionOf = (place: SpoolPlace, group: number, index: number): number =>
  BYTES * (group * place.groupRows * place.columns + index * rowsOf(place, group));

async function sweep(folder: string): Promise<void> {
  for (const name of (await readdir(folder)).filter((file) => NAME.test(file))) {
    const path = join(folder, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0, // another process swept it
    );
    if (age > STALE_MS) await rm(path, { force: true });
  }
}
