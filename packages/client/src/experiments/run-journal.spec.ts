import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ownMark } from './process-mark.js';
import { RunBuffer } from './run-buffer.js';
import type { EntryOf, RunEntry } from './run-entry.js';
import { RunJournal, readJournal } from './run-journal.js';
import { joinMetrics } from './sync-runs.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gimbal-journal-'));
  path = join(folder, 'journal.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const tag = (value: string): RunEntry => ({ kind: 'tags', tags: { phase: value } });
const linesOf = (file: string, offset = 0) => Array.from(readJournal(file, offset));
const entriesOf = (file: string) => linesOf(file).map(({ entry }) => entry);
const point = (value: number): RunEntry => ({
  kind: 'metrics',
  metrics: [{ key: 'loss', value, step: 0, at: '2026-01-02T03:04:05.678Z' }],
});

describe('a journal', () => {
  it('gives back what was appended, in order, from any entry on', () => {
    const journal = new RunJournal(path, 'every-write');
    for (const value of ['one', 'two', 'three ü']) journal.append(tag(value));
    journal.close();
    const lines = linesOf(path);
    expect(lines.map(({ entry }) => entry)).toEqual([tag('one'), tag('two'), tag('three ü')]);
    expect(linesOf(path, lines[0]?.end)).toEqual(lines.slice(1));
    expect(lines.at(-1)?.end).toBe(statSync(path).size);
  });

  it('is read in parts, wherever their ends fall', () => {
    const journal = new RunJournal(path, 'end-of-run');
    const long = Array.from({ length: 150 }, (_, index) => tag(String(index).padStart(4_990, 'ü')));
    for (const entry of long) journal.append(entry);
    journal.close();
    expect(statSync(path).size).toBeGreaterThan(1_000_000);
    expect(entriesOf(path)).toEqual(long);
  });

  it('passes over a torn last line, wherever it was torn, and goes on behind the last whole one', () => {
    const journal = new RunJournal(path, 'end-of-run');
    journal.append(tag('whole'));
    const whole = statSync(path).size;
    journal.append(tag('torn'));
    journal.close();
    const size = statSync(path).size;
    for (let length = size - 1; length >= whole; length--) {
      truncateSync(path, length);
      expect(entriesOf(path)).toEqual([tag('whole')]);
    }
    appendFileSync(path, '{"kind":"ta');
    const again = new RunJournal(path, 'end-of-run');
    again.append(tag('after'));
    again.close();
    expect(entriesOf(path)).toEqual([tag('whole'), tag('after')]);
  });

  it('says where it is spoilt, and never passes over what is in the middle', () => {
    writeFileSync(path, `${JSON.stringify(tag('one'))}\nspoilt\n${JSON.stringify(tag('two'))}\n`);
    expect(() => linesOf(path)).toThrow(/buffer-corrupt: .*journal\.ndjson cannot be read at byte 39/);
  });
});

it('points that follow each other become one request of at most 1 000', () => {
  const lines = Array.from({ length: 2_500 }, (_, index) => ({ entry: point(index), end: index + 1 }));
  lines.splice(1_200, 0, { entry: tag('between'), end: 0 });
  const joined = Array.from(joinMetrics(lines));
  expect(joined.map(({ entry }) => (entry.kind === 'metrics' ? entry.metrics.length : entry.kind))).toEqual([
    1_000,
    200,
    'tags',
    1_000,
    300,
  ]);
  expect(joined.at(-1)?.end).toBe(2_500);
});

describe('a buffer', () => {
  const start = (changes: Partial<EntryOf<'start'>> = {}): EntryOf<'start'> => ({
    kind: 'start',
    v: 1,
    runId: crypto.randomUUID(),
    experimentName: 'churn',
    name: 'run',
    parentRunId: null,
    depth: 0,
    tags: {},
    at: '2026-01-02T03:04:05.678Z',
    registry: null,
    writer: { pid: process.pid, host: 'elsewhere', token: 'x' },
    ...changes,
  });
  const open = (bytesMax: number) => new RunBuffer({ folder, bytesMax, fsync: 'end-of-run' });

  it('refuses what would make it too large, keeps what it has, and takes more when something is sent', async () => {
    const buffer = open(2_000);
    const first = start();
    buffer.create(first);
    const file = join(folder, 'large');
    writeFileSync(file, Buffer.alloc(3_000));
    await expect(buffer.keepFile(first.runId, file)).rejects.toThrow(/buffer-full: .* may hold 2000/);
    const second = start({ at: '2026-01-03T00:00:00.000Z' });
    const writer = buffer.create(second);
    expect(() => {
      for (;;) writer.append(tag('x'.repeat(100)));
    }).toThrow(/buffer-full/);
    expect(open(2_000).list()).toEqual([first.runId, second.runId]);
    expect(() => open(2_000).create(start())).toThrow(/buffer-full/);
    expect(open(2_000).list()).toHaveLength(2);
    buffer.remove(second.runId);
    buffer.create(start());
  });

  const resumption = (runId: string): EntryOf<'resume'> => ({
    ...{ kind: 'resume', v: 1, runId, at: '2026-01-04T00:00:00.000Z', registry: null, writer: ownMark() },
  });

  it('lets nobody go on with a run that somebody logs to, or that another process is sending', () => {
    const buffer = open(1_000_000);
    const logged = start({ writer: ownMark() });
    const writer = buffer.create(logged);
    expect(() => buffer.resume(resumption(logged.runId))).toThrow(/active-run: .* somebody is logging to it/);
    writer.append({ kind: 'end', state: 'finished', at: '2026-01-03T00:00:00.000Z' });
    const sender = { pid: process.ppid, host: hostname(), token: 'of another process' };
    writeFileSync(buffer.lockOf(logged.runId), JSON.stringify(sender));
    expect(() => buffer.resume(resumption(logged.runId))).toThrow(/active-run: .* being sent by another process/);
    rmSync(buffer.lockOf(logged.runId));
    buffer.resume(resumption(logged.runId));
    expect(entriesOf(join(buffer.folderOf(logged.runId), 'journal.ndjson')).map(({ kind }) => kind)).toEqual([
      ...['start', 'end', 'resume'],
    ]);
  });

  it('ends a run whose process was killed before somebody else goes on with it', () => {
    const buffer = open(1_000_000);
    const killed = start({ writer: { pid: process.pid, host: hostname(), token: 'of the process before' } });
    buffer.create(killed);
    buffer.resume(resumption(killed.runId));
    const entries = entriesOf(join(buffer.folderOf(killed.runId), 'journal.ndjson'));
    expect(entries).toMatchObject([{ kind: 'start' }, { kind: 'end', state: 'killed' }, { kind: 'resume' }]);
    expect(buffer.closeIfAbandoned(killed.runId)).toBe(true);
  });

  it('lists the oldest first, and parents before children of the same moment', () => {
    const buffer = open(1_000_000);
    const child = start({ depth: 1 });
    const parent = start();
    const older = start({ at: '2026-01-01T00:00:00.000Z' });
    for (const one of [child, parent, older]) buffer.create(one);
    expect(buffer.list()).toEqual([older.runId, parent.runId, child.runId]);
  });

  it('refuses what the registry would refuse, when it is logged', () => {
    const writer = open(1_000_000).create(start());
    expect(() => writer.append(point(Number.NaN))).toThrow(/invalid-value: metrics\.0\.value/); // JSON would make null of it
    expect(() => writer.append({ kind: 'params', params: { long: 'x'.repeat(6_001) } })).toThrow(/params\.long/);
    expect(readFileSync(join(folder, 'runs', open(1_000_000).list()[0] ?? '', 'journal.ndjson'), 'utf8')).not.toContain(
      'long',
    );
  });
});
