import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { FeatureTable } from '../../src/dataset/dataset.js';
import { arrangeInputs } from '../../src/onnx/arrange-inputs.js';

const run = promisify(execFile);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** An exported file and the rows, or texts, to ask it about. */
export type RuntimeJob = { readonly file: Uint8Array } & (
  | { readonly table: FeatureTable }
  | { readonly query: readonly string[] }
);

/** What a runtime answered to one job, by the name of the output; values row-major. */
export type RuntimeAnswer = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: readonly number[] }>
>;

/** What a runtime says: its version, and one answer per job. */
export interface RuntimeReport {
  readonly version: string;
  readonly answers: readonly RuntimeAnswer[];
}

/** Command and first argument that start a runtime of its own process. */
export type RuntimeCommand = readonly [command: string, script: string];

export const WEB_RUNTIME: RuntimeCommand = [process.execPath, here('run-web.mjs')];
export const pythonRuntime = (python: string): RuntimeCommand => [python, here('run_python.py')];

/** A job as the scripts read it. Float32 numbers are little-endian base64, because JSON has no NaN. */
function describeJob(path: string, job: RuntimeJob): object {
  if ('query' in job) return { file: path, query: job.query };
  const { features, texts } = arrangeInputs(job.table);
  return {
    file: path,
    ...(features && {
      features: { base64: Buffer.from(features.values.slice().buffer).toString('base64'), shape: features.shape },
    }),
    ...(texts && { texts }),
  };
}

/** Runs files in another runtime, all of them in one process. */
export async function askRuntime(
  [command, script]: RuntimeCommand,
  jobs: readonly RuntimeJob[],
): Promise<RuntimeReport> {
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-runtime-'));
  try {
    const described = await Promise.all(
      jobs.map(async (job, index) => {
        const path = join(folder, `${index}.onnx`);
        await writeFile(path, job.file);
        return describeJob(path, job);
      }),
    );
    const [jobsPath, answersPath] = [join(folder, 'jobs.json'), join(folder, 'answers.json')];
    await writeFile(jobsPath, JSON.stringify(described));
    await run(command, [script, jobsPath, answersPath], { maxBuffer: 2 ** 24 });
    return JSON.parse(await readFile(answersPath, 'utf8')) as RuntimeReport; // the script's own words
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
