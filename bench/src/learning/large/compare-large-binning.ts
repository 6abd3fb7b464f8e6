import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Measurement, measure } from '../../result.js';
import type { Setting } from '../setting.js';

const PROGRAM = new URL('./bin-columns.js', import.meta.url).pathname;
const MEMORY_MAX_MIB = 4096;
const Figures = z.object({ cpu_seconds: z.number(), peak_mib: z.number() });

/** Binning 10 000 000 rows of 50 columns in one pass, from a disk: 2 GB of it are needed. Once, since it takes minutes. */
export async function compareLargeBinning({ folder, size }: Setting): Promise<Measurement[]> {
  const place = join(folder, 'large');
  await mkdir(place, { recursive: true });
  const rows = size === 'full' ? 10_000_000 : 100_000;
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, place, String(rows), '50']);
  const { cpu_seconds, peak_mib } = Figures.parse(JSON.parse(stdout));
  const work = `${rows.toLocaleString('en')} x 50, binned in one pass`;
  return [
    measure({
      work: `${work}, peak memory`,
      unit: 'MiB',
      ours: peak_mib,
      reference: MEMORY_MAX_MIB,
      reference_name: 'the limit',
      goal: { at_most: 1 },
    }),
    measure({ work, unit: 's of CPU', ours: cpu_seconds, reference: null, reference_name: 'none', goal: null }),
  ];
}
