import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { hasEnded, ownMark, ProcessMark } from './process-mark.js';

/** Longer than the longest request, a large file's: whoever holds the lock says so at least after each. */
const SILENCE_MS_MAX = 900_000;

/**
 * Does `work` unless another process is doing it; false when one is. A lock whose process has ended is taken over: two that take it over
 * at the same moment both work, and as requests may be repeated, that costs no more than the repeats.
 */
export async function withLock(path: string, work: () => Promise<void>): Promise<boolean> {
  if (!takeLock(path)) return false;
  try {
    await work();
    return true;
  } finally {
    rmSync(path, { force: true });
  }
}

/** As {@link withLock}, for work that waits for nothing: it may come between the steps of what this process itself does under the lock. */
export function withLockAtOnce(path: string, work: () => void): boolean {
  const isOwn = existsSync(path) && readMark(path)?.token === ownMark().token;
  if (!isOwn && !takeLock(path)) return false;
  try {
    work();
    return true;
  } finally {
    if (!isOwn) rmSync(path, { force: true });
  }
}

function takeLock(path: string): boolean {
  if (tryLock(path)) return true;
  if (!isAbandoned(path)) return false;
  rmSync(path, { force: true });
  return tryLock(path);
}

function tryLock(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, JSON.stringify(ownMark()));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false; // what openSync throws
    throw error;
  }
}

function isAbandoned(path: string): boolean {
  const mark = readMark(path);
  const writtenMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (!mark || writtenMs === undefined) return true;
  return hasEnded(mark, { ms: Date.now() - writtenMs, msMax: SILENCE_MS_MAX });
}

/** Who holds it; undefined when it is gone meanwhile, or its process was killed while it wrote. */
function readMark(path: string): ProcessMark | undefined {
  try {
    return ProcessMark.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
