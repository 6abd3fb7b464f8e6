import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { hasEnded, ownMark, ProcessMark } from './process-mark.js';

/** Longer than the longest request, a large file's: whoever holds the lock says so at least after each. */
const SILENCE_MS_MAX = 900_000;

/**
 * Does `work` unless another process is doing it; false when one is. A lock whose process has ended is taken over: two that take it over
 * at the same moment both work, and as requests may be repeated, that costs no more than the repeats.
 */
export async function withLock(path: string, work: () => Promise<void>): Promise<boolean> {
  if (!tryLock(path)) {
    if (!isAbandoned(path)) return false;
    rmSync(path, { force: true });
    if (!tryLock(path)) return false;
  }
  try {
    await work();
    return true;
  } finally {
    rmSync(path, { force: true });
  }
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
  try {
    const mark = ProcessMark.parse(JSON.parse(readFileSync(path, 'utf8')));
    return hasEnded(mark, { ms: Date.now() - statSync(path).mtimeMs, msMax: SILENCE_MS_MAX });
  } catch {
    return true; // gone meanwhile, or its process was killed while it wrote
  }
}
