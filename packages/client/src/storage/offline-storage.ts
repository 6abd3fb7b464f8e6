import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ExperimentError } from '../experiments/experiment-error.js';
import type { RunBuffer } from '../experiments/run-buffer.js';
import { checkEntry, type EntryOf, type RunEntry } from '../experiments/run-entry.js';
import { withLock } from '../experiments/sync-lock.js';
import {
  type ExperimentFilters,
  type ExperimentPage,
  type ExperimentRecord,
  type ExperimentStorage,
  LIMIT_DEFAULT,
  LIMIT_MAX,
  type StoredExperiment,
} from './experiment-storage.js';
import { entriesOf, startOf } from './record-entries.js';

const Limit = z.int().min(1).max(LIMIT_MAX);
/** Beginning and id of the last one shown. */
const Place = z.tuple([z.string(), z.string()]);
const LOCK_WAIT_MS = 20;

/** Keeps experiments in the offline buffer: the journals of `ExperimentManager`, from which they are sent to the registry later. */
export class OfflineStorage implements ExperimentStorage {
  constructor(
    private readonly buffer: RunBuffer,
    /** Address of the gateway they are for; null: any. */
    private readonly registry: string | null,
  ) {}

  async storeExperiment(id: string, record: ExperimentRecord): Promise<void> {
    const start = checkEntry(startOf(id, record, this.registry)) as EntryOf<'start'>; // the check keeps the kind
    const entries = entriesOf(record);
    if (!this.buffer.has(id)) return write(this.buffer.create(start), entries);
    const lock = this.buffer.lockOf(id);
    const add = async (): Promise<void> => {
      const known = this.read(id);
      if (!known)
        // sent and gone meanwhile, or a run from elsewhere that goes on here
        return write(this.buffer.has(id) ? this.buffer.reopen(id) : this.buffer.create(start), entries);
      refuseConflict(known, start, record);
      const end =
        known.state !== 'running' && (record.state ?? 'running') === 'running'
          ? entriesOf({ name: '', state: known.state })
          : [];
      write(this.buffer.reopen(id), [...entries, ...end]); // an end stays the last entry
    };
    while (!(await withLock(lock, add))) await sleep(LOCK_WAIT_MS);
  }

  async getExperiment(id: string): Promise<StoredExperiment | null> {
    return this.read(id) ?? null;
  }

  async listExperiments(filters: ExperimentFilters = {}): Promise<ExperimentPage> {
    const limit = parse(Limit, filters.limit ?? LIMIT_DEFAULT, 'limit must be 1 to 1 000');
    const place = filters.cursor === undefined ? undefined : readCursor(filters.cursor);
    const found = this.buffer
      .list()
      .flatMap((id) => this.read(id) ?? [])
      .filter((one) => matches(one, filters) && (!place || isBefore(one, place)))
      .sort((one, other) => (isBefore(one, [other.startedAt, other.id]) ? 1 : -1));
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const nextCursor = found.length > limit && last ? writeCursor(last) : null;
    return { items, nextCursor };
  }

  async close(): Promise<null> {
    return null;
  }

  private read(id: string): StoredExperiment | undefined {
    const start = this.buffer.openingOf(id);
    if (start?.kind !== 'start') return undefined; // of a run that began elsewhere only a part is here
    let record = blank(start);
    for (const { entry } of this.buffer.read(id)) record = apply(record, entry);
    return record;
  }
}

const blank = ({ runId, experimentName, name, at, tags }: EntryOf<'start'>): StoredExperiment => ({
  ...{ id: runId, experimentName, name, tags, startedAt: at, endedAt: null },
  ...{ state: 'running', params: {}, metrics: {} },
});

function apply(record: StoredExperiment, entry: RunEntry): StoredExperiment {
  if (entry.kind === 'params') return { ...record, params: { ...record.params, ...entry.params } };
  if (entry.kind === 'tags') return { ...record, tags: { ...record.tags, ...entry.tags } };
  if (entry.kind === 'resume') return { ...record, state: 'running', endedAt: null };
  if (entry.kind === 'end') return { ...record, state: entry.state, endedAt: record.endedAt ?? entry.at };
  if (entry.kind !== 'metrics') return record;
  const latest = Object.fromEntries(entry.metrics.map(({ key, value }) => [key, Number(value)]));
  return { ...record, metrics: { ...record.metrics, ...latest } };
}

/** As the registry: written once are the name, the parameters and the end. */
function refuseConflict(
  known: StoredExperiment,
  start: EntryOf<'start'>,
  { params = {}, state = 'running' }: ExperimentRecord,
): void {
  const changed = Object.keys(params).filter((key) => (known.params[key] ?? params[key]) !== params[key]);
  const isOther = known.name !== start.name || known.experimentName !== start.experimentName;
  const endedOtherwise = known.state !== 'running' && state !== 'running' && known.state !== state;
  if (isOther) throw new ExperimentError('conflict', 'Another experiment has this id.');
  if (changed.length > 0)
    throw new ExperimentError(
      'conflict',
      `Parameters are written once; these have another value: ${changed.join(', ')}.`,
    );
  if (endedOtherwise) throw new ExperimentError('conflict', `The experiment is ${known.state} already.`);
}

function write(writer: { append(entry: RunEntry): void; close(): void }, entries: readonly RunEntry[]): void {
  try {
    for (const entry of entries) writer.append(entry);
  } finally {
    writer.close();
  }
}

const matches = (one: StoredExperiment, { experimentName, state, name }: ExperimentFilters): boolean =>
  (experimentName === undefined || one.experimentName === experimentName) &&
  (state === undefined || one.state === state) &&
  (name === undefined || one.name.toLowerCase().includes(name.toLowerCase()));

/** Older, or of the same moment with a smaller id: further down the list. */
const isBefore = ({ startedAt, id }: StoredExperiment, [at, other]: z.output<typeof Place>): boolean =>
  startedAt < at || (startedAt === at && id < other);

const writeCursor = ({ startedAt, id }: StoredExperiment): string =>
  Buffer.from(JSON.stringify([startedAt, id])).toString('base64url');

function readCursor(cursor: string): z.output<typeof Place> {
  const text = Buffer.from(cursor, 'base64url').toString();
  return parse(Place, text.startsWith('[') ? safeJson(text) : null, 'the cursor was not made by this list');
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function parse<S extends z.ZodType>(schema: S, value: unknown, complaint: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new ExperimentError('invalid-value', complaint);
  return parsed.data;
}
