import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ROOT } from './installation.js';
import type { Measurement } from './result.js';

/** Each benchmark is loaded only when it is asked for. */
const BENCHMARKS: Readonly<Record<string, () => Promise<Measurement[]>>> = {
  start: async () => (await import('./start.js')).benchStart(),
  serving: async () => (await import('./serving.js')).benchServing(),
};

const [name = ''] = process.argv.slice(2);
const benchmark = BENCHMARKS[name];
if (!benchmark) {
  process.stderr.write(`npm run bench -- ${Object.keys(BENCHMARKS).join(' | ')}\n`);
  process.exit(1);
}
const results = await benchmark();
const folder = join(resolve(ROOT, process.env['GIMBAL_HOME'] || '.gimbal'), 'bench');
await mkdir(folder, { recursive: true });
await writeFile(join(folder, `${name}.json`), `${JSON.stringify(results, null, 2)}\n`);
for (const { work, unit, ours, reference, reference_name, ratio, holds } of results) {
  process.stdout.write(
    `${work}: ${ours} ${unit}; ${reference_name} ${reference} ${unit}; ratio ${ratio}${holds === null ? '' : holds ? ' (holds)' : ' (does not hold)'}\n`,
  );
}
