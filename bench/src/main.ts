import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ROOT } from './installation.js';
import type { Measurement } from './result.js';

/** Takes measurements as soon as there are some, so that a run that is broken off keeps them. */
type Report = (measurements: readonly Measurement[]) => Promise<void>;

/** Each benchmark is loaded only when it is asked for. It is given what follows its name, and the folder of results. */
const BENCHMARKS: Readonly<Record<string, (args: readonly string[], folder: string, report: Report) => Promise<void>>> =
  {
    start: async (_args, _folder, report) => report(await (await import('./start.js')).benchStart()),
    serving: async (args, folder, report) =>
      (await import('./serving/bench-serving.js')).benchServing(args, folder, report),
    registry: async (args, folder, report) =>
      (await import('./registry/bench-registry.js')).benchRegistry(args, folder, report),
    learning: async (args, folder, report) => (await import('./learning.js')).benchLearning(args, folder, report),
  };

/** Puts results in the place of those that an earlier run found about the same work, so that a part can be measured again alone. */
async function mergeResults(file: string, results: readonly Measurement[]): Promise<Measurement[]> {
  const keyOf = ({ work, reference_name }: Measurement): string => `${work} / ${reference_name}`;
  const found = new Map(results.map((result) => [keyOf(result), result]));
  const earlier = JSON.parse(await readFile(file, 'utf8').catch(() => '[]')) as Measurement[]; // as written below
  const merged = earlier.map((one) => found.get(keyOf(one)) ?? one);
  const known = new Set(earlier.map(keyOf));
  return [...merged, ...results.filter((result) => !known.has(keyOf(result)))];
}

const [name = '', ...args] = process.argv.slice(2);
const benchmark = BENCHMARKS[name];
if (!benchmark) {
  process.stderr.write(`npm run bench -- ${Object.keys(BENCHMARKS).join(' | ')}\n`);
  process.exit(1);
}
const folder = join(resolve(ROOT, process.env['GIMBAL_HOME'] || '.gimbal'), 'bench');
// Figures of small tables must not take the place of real ones.
const file = join(folder, args.includes('--quick') ? `${name}-quick.json` : `${name}.json`);
const isPart = args.some((arg) => arg.startsWith('--only'));
const results: Measurement[] = [];
await mkdir(folder, { recursive: true });
await benchmark(args, folder, async (measurements) => {
  results.push(...measurements);
  const written = isPart ? await mergeResults(file, results) : results;
  await writeFile(file, `${JSON.stringify(written, null, 2)}\n`);
  for (const { work, unit, ours, reference, reference_name, ratio, holds } of measurements) {
    const beside = reference === null ? '' : `; ${reference_name} ${reference} ${unit}; ratio ${ratio}`;
    process.stdout.write(
      `${work}: ${ours} ${unit}${beside}${holds === null ? '' : holds ? ' (holds)' : ' (does not hold)'}\n`,
    );
  }
});
