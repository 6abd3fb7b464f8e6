import { closeSync, fdatasyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { ExperimentError } from './experiment-error.js';
import { RunEntry } from './run-entry.js';

const LINE_FEED = 10;
const WINDOW_BYTES = 262_144;

/**
 * When entries are forced to the disk. `end-of-run`: a killed process loses nothing, a power cut may lose what the operating system
 * had not written yet. `every-write`: nothing that was acknowledged is lost in a power cut either, at the price of a disk's flush each.
 */
export type FsyncPolicy = 'end-of-run' | 'every-write';

/** An entry as it stands in the file; `end` is the offset behind its line. */
export interface JournalLine {
  readonly entry: RunEntry;
  readonly end: number;
}

/** The append-only file of one run: a line of JSON for each thing that was logged. An append that returned is acknowledged. */
export class RunJournal {
  private readonly file: number;
  private size: number;

  /** Opens a journal to write on; what a killed process left of a line is cut off. */
  constructor(
    path: string,
    private readonly fsync: FsyncPolicy,
  ) {
    this.file = openSync(path, 'a+', 0o600);
    this.size = readLast(path)?.end ?? 0;
    ftruncateSync(this.file, this.size);
  }

  append(entry: RunEntry): void {
    const line = encodeEntry(entry);
    try {
      for (let written = 0; written < line.length; ) written += writeSync(this.file, line, written);
      if (this.fsync === 'every-write' || entry.kind === 'end') fdatasyncSync(this.file);
    } catch (error) {
      ftruncateSync(this.file, this.size); // half a line would spoil the next one
      throw error;
    }
    this.size += line.length;
  }

  close(): void {
    closeSync(this.file);
  }
}

export const encodeEntry = (entry: RunEntry): Buffer => Buffer.from(`${JSON.stringify(entry)}\n`);

/**
 * The entries from `offset` on, read as they are asked for, however long the file. A last line without its end was never acknowledged and is
 * passed over.
 * @throws ExperimentError `buffer-corrupt` when any other line is not an entry
 */
export function* readJournal(path: string, offset = 0): Generator<JournalLine> {
  const file = openSync(path, 'r');
  try {
    const window = Buffer.alloc(WINDOW_BYTES);
    let place = offset;
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const read = readSync(file, window, 0, WINDOW_BYTES, place + rest.length);
      if (read === 0) return;
      rest = Buffer.concat([rest, window.subarray(0, read)]);
      for (let length = rest.indexOf(LINE_FEED) + 1; length > 0; length = rest.indexOf(LINE_FEED) + 1) {
        const entry = parseLine(rest.toString('utf8', 0, length), path, place);
        place += length;
        rest = rest.subarray(length);
        yield { entry, end: place };
      }
    }
  } finally {
    closeSync(file);
  }
}

/** The last entry; undefined when there is none. */
function readLast(path: string): JournalLine | undefined {
  let last: JournalLine | undefined;
  for (const line of readJournal(path)) last = line;
  return last;
}

function parseLine(line: string, path: string, offset: number): RunEntry {
  try {
    return RunEntry.parse(JSON.parse(line));
  } catch (cause) {
    throw new ExperimentError('buffer-corrupt', `${path} cannot be read at byte ${offset}.`, { cause });
  }
}
