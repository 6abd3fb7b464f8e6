/**
 * Writes the figures of `npm run bench -- learning` into docs/learning.md, with the machine that this runs on:
 * `node bench/dist/learning/write-page.js`. Run it where the benchmark was run.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { KERNEL_VERSION } from '@gimbal/learning';
import { ROOT } from '../installation.js';
import type { Measurement } from '../result.js';

const PAGE = join(ROOT, 'docs/learning.md');
const BEGIN = '<!-- figures: written by bench/dist/learning/write-page.js -->';
const END = '<!-- end of figures -->';
const QUALITY = 'quality: ';

function describeGoal({ goal }: Measurement): string {
  if (goal === null) return '';
  const { at_least, at_most } = goal;
  const round = (value: number): string => String(Number(value.toPrecision(3)));
  const parts = [
    at_least === undefined ? [] : [`>= ${round(at_least)}`],
    at_most === undefined ? [] : [`<= ${round(at_most)}`],
  ];
  return parts.flat().join(', ');
}

const describeHold = (holds: boolean | null): string => (holds === null ? '' : holds ? 'yes' : '**no**');

function describeWork(measurements: readonly Measurement[]): string[] {
  return [
    '| Work | Unit | Ours | Reference | Ratio | Goal | Holds |',
    '|---|---|---|---|---|---|---|',
    ...measurements.map((one) => {
      const reference = one.reference === null ? '' : `${one.reference} (${one.reference_name})`;
      const cells = [
        one.work,
        one.unit,
        one.ours,
        reference,
        one.ratio ?? '',
        describeGoal(one),
        describeHold(one.holds),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  ];
}

/** One line per table and family: the score, then the loss. */
function describeQuality(measurements: readonly Measurement[]): string[] {
  const lines = new Map<string, Measurement[]>();
  for (const one of measurements) {
    const [table = '', family = ''] = one.work.slice(QUALITY.length).split(', ');
    const key = `${table} | ${family}`;
    lines.set(key, [...(lines.get(key) ?? []), one]);
  }
  const digits = (value: number | null): string => (value === null ? '' : value.toPrecision(4));
  return [
    '| Table | Family | Score | Ours | Reference | Loss | Ours | Reference | Holds |',
    '|---|---|---|---|---|---|---|---|---|',
    ...[...lines].map(([key, found]) => {
      const cells = found.flatMap(({ work, ours, reference, reference_name }, i) => {
        const name = i === 0 ? ` (${reference_name})` : '';
        return [work.split(', ').at(-1), digits(ours), `${digits(reference)}${name}`];
      });
      const holds = found.map((one) => one.holds);
      return `| ${key} | ${cells.join(' | ')} | ${describeHold(holds.includes(null) ? null : holds.every(Boolean))} |`;
    }),
  ];
}

const file = join(resolve(ROOT, process.env['GIMBAL_HOME'] || '.gimbal'), 'bench/learning.json');
const measurements = JSON.parse(await readFile(file, 'utf8')) as Measurement[]; // as main.ts writes it
const isQuality = ({ work }: Measurement): boolean => work.startsWith(QUALITY);
const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
const figures = [
  BEGIN,
  `\`npm run bench -- learning --large\` with GIMBAL_DATA_DIR, ${new Date().toISOString().slice(0, 10)}; ${machine}; Node ${process.versions.node}, kernel ${KERNEL_VERSION}.`,
  '',
  ...describeWork(measurements.filter((one) => !isQuality(one))),
  '',
  ...describeQuality(measurements.filter(isQuality)),
  END,
].join('\n');
const page = await readFile(PAGE, 'utf8');
const [before, rest] = [page.slice(0, page.indexOf(BEGIN)), page.slice(page.indexOf(END) + END.length)];
if (!page.includes(BEGIN) || !page.includes(END)) throw new Error(`${PAGE} has no place for figures.`);
await writeFile(PAGE, `${before}${figures}${rest}`);
