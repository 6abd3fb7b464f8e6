import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExperimentError } from './experiment-error.js';
import { hasEnded } from './process-mark.js';
import { checkEntry, type EntryOf, isOpening, type RunEntry, type RunOpening } from './run-entry.js';
import { encodeEntry, type FsyncPolicy, type JournalLine, RunJournal, readJournal } from './run-journal.js';
import { withLockAtOnce } from './sync-lock.js';

/** How the folder that holds what is not sent yet is kept. */
export interface RunBufferOptions {
  readonly folder: string;
  /** Largest sum of journals and copied files in bytes: what would go beyond is refused with `buffer-full`. */
  readonly bytesMax: number;
  readonly fsync: FsyncPolicy;
}

/** Of another host: a run that wrote nothing for a day is taken for abandoned. */
const SILENCE_MS_MAX = 86_400_000;

/** Who logged to a run last, null being a program that left nothing open, and what was logged last. */
interface RunSession {
  readonly writer: RunOpening['writer'];
  readonly last: JournalLine | undefined;
}

/** Runs on disk that the registry has not, or not wholly: each a folder of its id with its journal and copies of its files. */
export class RunBuffer {
  private bytes: number;
  /** They never change, and lists ask for all of them. */
  private readonly openings = new Map<string, RunOpening>();

  constructor(private readonly options: RunBufferOptions) {
    mkdirSync(this.runsFolder, { recursive: true, mode: 0o700 });
    this.bytes = sizeOf(this.runsFolder);
  }

  /** Begins a run; its journal takes entries until its writer closes it. */
  create(opening: RunOpening): RunWriter {
    const folder = this.folderOf(opening.runId);
    mkdirSync(folder);
    const writer = this.writerOf(opening.runId);
    try {
      writer.append(opening);
    } catch (error) {
      writer.close();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return writer;
  }

  /** Goes on with a run, of which there may be something here. @throws ExperimentError `active-run`, `conflict` */
  resume(resumption: EntryOf<'resume'>): RunWriter {
    const { runId } = resumption;
    if (!this.has(runId)) return this.create(resumption);
    let writer: RunWriter | undefined;
    withLockAtOnce(this.lockOf(runId), () => {
      writer = this.has(runId) ? this.appendTo(resumption) : this.create(resumption);
    });
    if (writer) return writer;
    throw new ExperimentError('active-run', `The run ${runId} is being sent by another process: try again soon.`);
  }

  private appendTo(resumption: EntryOf<'resume'>): RunWriter {
    const { runId, registry } = resumption;
    const known = this.openingOf(runId)?.registry ?? registry;
    if (known !== registry) throw new ExperimentError('conflict', `The run ${runId} belongs to ${known}.`);
    if (this.closeIfAbandoned(runId))
      throw new ExperimentError('active-run', `The run ${runId} has not ended: somebody is logging to it.`);
    const journal = this.writerOf(runId);
    journal.append(resumption);
    return journal;
  }

  /** Goes on with a run that nobody else logs to. */
  reopen(runId: string): RunWriter {
    return this.writerOf(runId);
  }

  /** Copies a file, so that it may change or go afterwards. @returns its digest and size */
  async keepFile(runId: string, path: string): Promise<{ readonly digest: string; readonly bytes: number }> {
    this.reserve(statSync(path).size);
    const arriving = join(this.folderOf(runId), `arriving-${crypto.randomUUID()}`);
    try {
      await copyFile(path, arriving);
      const { digest, bytes } = await digestOf(arriving);
      renameSync(arriving, this.fileOf(runId, digest));
      return { digest, bytes };
    } finally {
      rmSync(arriving, { force: true });
      this.bytes = sizeOf(this.runsFolder); // it may have been there already, or have failed
    }
  }

  /** Ids of the runs that are here, the oldest first, parents before their children. */
  list(): string[] {
    const places = readdirSync(this.runsFolder).flatMap((runId) => this.placeOf(runId) ?? []);
    places.sort((one, other) => one.at.localeCompare(other.at) || one.depth - other.depth);
    return places.map(({ runId }) => runId);
  }

  has(runId: string): boolean {
    return existsSync(this.journalOf(runId));
  }

  /** A run whose first entry was never acknowledged is none. */
  openingOf(runId: string): RunOpening | undefined {
    if (!this.has(runId)) return undefined;
    const entry = this.openings.get(runId) ?? first(readJournal(this.journalOf(runId)))?.entry;
    if (!entry || !isOpening(entry)) return undefined;
    this.openings.set(runId, entry);
    return entry;
  }

  /** @throws ExperimentError `buffer-corrupt`, as it is read */
  read(runId: string, offset = 0): Iterable<JournalLine> {
    return readJournal(this.journalOf(runId), offset);
  }

  /** @throws ExperimentError `buffer-corrupt` */
  readSession(runId: string): RunSession {
    return readSession(this.journalOf(runId));
  }

  /**
   * Ends a run whose process was killed as `killed`, at the time of its last sign of life, and only then.
   * @returns whether somebody is logging to it
   */
  closeIfAbandoned(runId: string): boolean {
    const path = this.journalOf(runId);
    const { writer, last } = readSession(path);
    if (!writer || last?.entry.kind === 'end') return false;
    const { mtime } = statSync(path);
    if (!hasEnded(writer, { ms: Date.now() - mtime.getTime(), msMax: SILENCE_MS_MAX })) return true;
    const journal = new RunJournal(path, this.options.fsync);
    journal.append({ kind: 'end', state: 'killed', at: mtime.toISOString() });
    journal.close();
    return false;
  }

  remove(runId: string): void {
    this.openings.delete(runId);
    rmSync(this.folderOf(runId), { recursive: true, force: true });
    this.bytes = sizeOf(this.runsFolder);
  }

  /** Keeps a run that the registry refuses, out of the way of the others. */
  setAside(runId: string): void {
    const folder = join(this.options.folder, 'refused');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    renameSync(this.folderOf(runId), join(folder, runId));
    this.bytes = sizeOf(this.runsFolder);
  }

  /** Held by whoever sends the run, or goes on with it. */
  lockOf(runId: string): string {
    return join(this.folderOf(runId), 'sync.lock');
  }

  folderOf(runId: string): string {
    return join(this.runsFolder, runId);
  }

  fileOf(runId: string, digest: string): string {
    return join(this.folderOf(runId), digest);
  }

  /** Where a run stands in the list. One whose beginning cannot be read comes first: whoever reads it says why. */
  private placeOf(runId: string): { readonly runId: string; readonly at: string; readonly depth: number } | undefined {
    try {
      const opening = this.openingOf(runId);
      return opening && { runId, at: opening.at, depth: opening.kind === 'start' ? opening.depth : 0 };
    } catch {
      return { runId, at: '', depth: 0 };
    }
  }

  private writerOf(runId: string): RunWriter {
    return new RunWriter(new RunJournal(this.journalOf(runId), this.options.fsync), (bytes) => this.reserve(bytes));
  }

  private get runsFolder(): string {
    return join(this.options.folder, 'runs');
  }

  private journalOf(runId: string): string {
    return join(this.folderOf(runId), 'journal.ndjson');
  }

  private reserve(bytes: number): void {
    const { bytesMax, folder } = this.options;
    if (this.bytes + bytes > bytesMax) {
      const message = `${folder} holds ${this.bytes} bytes that are not sent yet, and may hold ${bytesMax}. Reach the gateway and call sync(), or raise offlineBytesMax.`;
      throw new ExperimentError('buffer-full', message);
    }
    this.bytes += bytes;
  }
}

/** Writes one run's entries, each checked before it is acknowledged. */
export class RunWriter {
  constructor(
    private readonly journal: RunJournal,
    private readonly reserve: (bytes: number) => void,
  ) {}

  append(entry: RunEntry): void {
    const checked = checkEntry(entry);
    this.reserve(encodeEntry(checked).length);
    this.journal.append(checked);
  }

  close(): void {
    this.journal.close();
  }
}

function readSession(path: string): RunSession {
  let writer: RunOpening['writer'] = null;
  let last: JournalLine | undefined;
  for (const line of readJournal(path)) {
    if (isOpening(line.entry)) writer = line.entry.writer;
    last = line;
  }
  return { writer, last };
}

/** The first of them; what follows is not read. */
function first<T>(items: Iterable<T>): T | undefined {
  for (const item of items) return item;
  return undefined;
}

async function digestOf(path: string): Promise<{ readonly digest: string; readonly bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  // without an encoding it gives bytes
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { digest: hash.digest('hex'), bytes };
}

function sizeOf(folder: string): number {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return files.reduce(
    (bytes, { parentPath, name }) => bytes + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
