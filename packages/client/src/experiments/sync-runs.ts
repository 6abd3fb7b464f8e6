import { appendFileSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GimbalError } from '../gimbal-error.js';
import { isTemporary } from '../temporary-failure.js';
import { ExperimentError } from './experiment-error.js';
import type { RunBuffer } from './run-buffer.js';
import { isOpening, type RunEntry } from './run-entry.js';
import type { JournalLine } from './run-journal.js';
import type { RunSender } from './run-sender.js';
import { withLock } from './sync-lock.js';

/** Most points of one request. */
const METRICS_MAX = 1_000;

/** Something that the registry refused: what it holds itself stays. */
export interface SyncConflict {
  readonly runId: string;
  readonly entry: RunEntry;
  /** The gateway's own code, such as `already-exists`. */
  readonly code: string;
  readonly message: string;
  readonly at: string;
}

/** What became of an attempt to tell the registry everything. */
export interface SyncReport {
  /** Runs of which nothing is left here. */
  readonly runsSent: number;
  /** Runs that are still here: not ended, being sent by another process, of another registry, or not reached. */
  readonly runsLeft: number;
  readonly conflicts: readonly SyncConflict[];
  /** Why it stopped before the end; null when it did not. */
  readonly stoppedBy: Error | null;
}

export interface SyncTarget {
  readonly buffer: RunBuffer;
  readonly sender: RunSender;
  /** Address of the gateway: runs that were begun for another one stay. */
  readonly registry: string;
  /** Where refusals are kept, a line each. */
  readonly conflictsFile: string;
}

/** Sends what is in the buffer, run by run and each in its order, until everything is told or the gateway can't be reached. */
export async function syncRuns(target: SyncTarget): Promise<SyncReport> {
  const { buffer } = target;
  const conflicts: SyncConflict[] = [];
  let runsSent = 0;
  let stoppedBy: Error | null = null;
  for (const runId of buffer.list()) {
    try {
      const opening = buffer.openingOf(runId);
      if (!opening || (opening.registry !== null && opening.registry !== target.registry)) continue;
      await withLock(buffer.lockOf(runId), async () => {
        if (await syncRun(target, runId, conflicts)) runsSent += 1;
      });
    } catch (error) {
      stoppedBy = error as Error; // nothing else is thrown here
      if (!(error instanceof ExperimentError)) break; // the others' files may be better, their gateway is the same
    }
  }
  return { runsSent, runsLeft: buffer.list().length, conflicts, stoppedBy };
}

/** @returns whether nothing more will come of the run, and all of it is told */
async function syncRun(
  { buffer, sender, conflictsFile }: SyncTarget,
  runId: string,
  conflicts: SyncConflict[],
): Promise<boolean> {
  if (!buffer.has(runId)) return false; // sent by another process since it was listed
  const isLogged = buffer.closeIfAbandoned(runId);
  const folder = buffer.folderOf(runId);
  let told: RunEntry | undefined;
  for (const { entry, end } of joinMetrics(buffer.read(runId, readMark(folder)))) {
    for (const { refused, error } of await send(sender, runId, entry)) {
      const conflict = {
        runId,
        entry: refused,
        code: error.code,
        message: error.message,
        at: new Date().toISOString(),
      };
      appendFileSync(conflictsFile, `${JSON.stringify(conflict)}\n`, { mode: 0o600 });
      conflicts.push(conflict);
      if (isOpening(refused)) {
        buffer.setAside(runId); // what follows would be written to a run that is not ours
        return false;
      }
    }
    writeMark(folder, end);
    told = entry;
  }
  if (isLogged && told?.kind !== 'end') return false;
  const { writer, last } = buffer.readSession(runId); // more may have been logged since it was read
  const isWhole = writer === null || last?.entry.kind === 'end';
  if (!isWhole || last?.end !== readMark(folder)) return false;
  buffer.remove(runId);
  return true;
}

interface Refusal {
  readonly refused: RunEntry;
  readonly error: GimbalError;
}

/** @returns what was refused; of several parameters only those that are */
async function send(sender: RunSender, runId: string, entry: RunEntry): Promise<Refusal[]> {
  try {
    await sender.send(runId, entry);
    return [];
  } catch (error) {
    if (!(error instanceof GimbalError) || !isRefusal(error)) throw error;
    const params = entry.kind === 'params' ? Object.entries(entry.params) : [];
    if (params.length < 2) return [{ refused: entry, error }];
    const refusals: Refusal[] = [];
    for (const [key, value] of params)
      refusals.push(...(await send(sender, runId, { kind: 'params', params: { [key]: value } })));
    return refusals;
  }
}

/** A key without the right to it is no conflict: with a better one everything can be told. */
const isRefusal = (error: GimbalError): boolean => !isTemporary(error) && error.status !== 401 && error.status !== 403;

/** Neighbouring metrics become one request. */
export function* joinMetrics(lines: Iterable<JournalLine>): Generator<JournalLine> {
  let held: JournalLine | undefined;
  for (const line of lines) {
    const joined = held && asOne(held, line);
    if (held && !joined) yield held;
    held = joined ?? line;
  }
  if (held) yield held;
}

/** Both as one, if they are metrics and fit into a request. */
function asOne({ entry: one }: JournalLine, { entry: other, end }: JournalLine): JournalLine | undefined {
  if (one.kind !== 'metrics' || other.kind !== 'metrics') return undefined;
  if (one.metrics.length + other.metrics.length > METRICS_MAX) return undefined;
  return { entry: { kind: 'metrics', metrics: [...one.metrics, ...other.metrics] }, end };
}

/** How far the journal has been told. Lost or old, it only makes some of it be told again. */
function readMark(folder: string): number {
  try {
    return Number(readFileSync(join(folder, 'told'), 'utf8')) || 0;
  } catch {
    return 0;
  }
}

function writeMark(folder: string, offset: number): void {
  writeFileSync(join(folder, 'told.new'), String(offset));
  renameSync(join(folder, 'told.new'), join(folder, 'told'));
  utimesSync(join(folder, 'sync.lock'), new Date(), new Date()); // a sign of life
}
