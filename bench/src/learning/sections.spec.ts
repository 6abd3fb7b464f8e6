import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createKernelHere } from './fits/side-process.js';
import { SECTIONS, SMOKE_SECTIONS } from './sections.js';
import type { Setting } from './setting.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gimbal-bench-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

// Guards a program that nobody runs every day: the real kernel, on small tables, without the Python libraries.
it.each(SMOKE_SECTIONS)('section %s measures the kernel alone where there is no Python', async (name) => {
  const said: string[] = [];
  const setting: Setting = {
    startKernel: async () => createKernelHere(),
    startReference: null,
    python: null,
    // Tables of tens of thousands of rows take longer than a test may.
    data: name === 'cleveland' || name === 'isolation' ? (process.env['GIMBAL_DATA_DIR'] ?? null) : null,
    folder,
    rounds: 1,
    size: 'quick',
    tables: null,
    say: (line) => said.push(line),
  };
  const measurements = await SECTIONS[name](setting);
  // A section that needs public data says so; every other one has figures, and no claim about a reference that was not there.
  expect(measurements.length + said.length).toBeGreaterThan(0);
  for (const { work, ours, reference, reference_name, ratio, holds } of measurements) {
    expect({ work, isFinite: Number.isFinite(ours) }).toEqual({ work, isFinite: true });
    if (reference !== null) expect(reference_name).toMatch(/^the (limit|middle)/);
    else expect({ work, ratio, holds }).toEqual({ work, ratio: null, holds: null });
  }
});
