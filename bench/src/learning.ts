import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startKernel, startReference } from './learning/fits/side-process.js';
import { SECTIONS } from './learning/sections.js';
import type { Section, Setting } from './learning/setting.js';
import { findPython } from './python.js';
import type { Measurement } from './result.js';

const ROUNDS = 3;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function chooseSections(only: string | undefined, isLarge: boolean): [string, Section][] {
  const all = Object.entries(SECTIONS);
  if (only === undefined) return all.filter(([name]) => isLarge || name !== 'binning');
  const names = only.split(',');
  const unknown = names.find((name) => !Object.hasOwn(SECTIONS, name));
  if (unknown !== undefined) throw new Error(`No section "${unknown}": one of ${Object.keys(SECTIONS).join(', ')}.`);
  return all.filter(([name]) => names.includes(name));
}

/**
 * Speed, memory and quality of the learning kernel beside scikit-learn, XGBoost, LightGBM and shap: one thread each, processes by turns.
 *
 * `--quick` takes small tables and one round; `--large` adds what takes minutes; `--only middle,bank` runs these sections alone;
 * `--rounds 5` asks for more rounds than three; `--tables wine,Cleveland` judges the quality on these tables alone.
 *
 * @param args what follows the benchmark's name on the command line
 * @param home folder for results and for the environment of the references
 * @param report given the measurements of each section when it ends
 */
export async function benchLearning(
  args: readonly string[],
  home: string,
  report: (measurements: readonly Measurement[]) => Promise<void>,
): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      large: { type: 'boolean', default: false },
      only: { type: 'string' },
      rounds: { type: 'string', default: String(ROUNDS) },
      tables: { type: 'string' },
    },
  });
  const sections = chooseSections(values.only, values.large);
  await mkdir(home, { recursive: true });
  const python = await findPython(home, 'learning', say);
  for (const [name, section] of sections) {
    const folder = await mkdtemp(join(home, `${name}-`));
    const setting: Setting = {
      startKernel,
      startReference: python === null ? null : () => startReference(python),
      python,
      data: process.env['GIMBAL_DATA_DIR'] ? resolve(process.env['GIMBAL_DATA_DIR']) : null,
      folder,
      rounds: values.quick ? 1 : Math.max(ROUNDS, Number(values.rounds)),
      size: values.quick ? 'quick' : 'full',
      tables: values.tables?.split(',') ?? null,
      say,
    };
    const begun = performance.now();
    try {
      const measurements = await section(setting);
      // What is promised is promised of real sizes.
      await report(values.quick ? measurements.map((one) => ({ ...one, goal: null, holds: null })) : measurements);
      say(`${name}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    } catch (error) {
      process.exitCode = 1;
      say(`${name} failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}
