import { appendFile, mkdtemp, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { ResultFile } from './result-file.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'result-file-'));
  path = join(folder, 'result');
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes in attempts of its own. @returns bytes that are safe */
async function write(from: number, ...lines: string[]): Promise<number | undefined> {
  const file = await ResultFile.open(path, from);
  if (!file) return undefined;
  for (const line of lines) file.append(line);
  const bytes = await file.sync();
  await file.close();
  return bytes;
}

it('goes on behind what is safe, and cuts off what a killed attempt wrote after that', async () => {
  const safe = await write(0, 'ä\n', 'b\n');
  expect(safe).toBe(5);
  await appendFile(path, 'half a li');
  expect(await write(5, 'c\n')).toBe(7);
  expect(await readFile(path, 'utf8')).toBe('ä\nb\nc\n');
});

it('is not gone on with when it has less than what was safe, or is not there', async () => {
  expect(await write(5, 'c\n')).toBeUndefined();
  await write(0, 'abcdef');
  await truncate(path, 4);
  expect(await write(6, 'c\n')).toBeUndefined();
  expect(await write(0, 'anew')).toBe(4);
  expect(await readFile(path, 'utf8')).toBe('anew');
});
