import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Measurement, measure, median } from '../../result.js';
import { LineProgram } from '../line-program.js';

interface Round {
  readonly cpu_seconds: number;
  readonly peak_mib: number;
  /** Largest difference to the reference's contributions; of our side. */
  readonly worst?: number;
}

/** A program that explains once for each line it is sent. */
class Explainer extends LineProgram {
  explain(ensemble: string): Promise<Round> {
    return this.askLine(ensemble) as Promise<Round>; // what the two programs say is documented in them
  }
}

const REFERENCE = new URL('../../../src/learning/explanations/reference.py', import.meta.url).pathname;
const OURS = new URL('./explain-rounds.js', import.meta.url).pathname;
const ENSEMBLES = { 'level-wise': 'depth 6', 'leaf-wise': '31 leaves' } as const;
/** Both sides add in float64; XGBoost's own base is a float32. */
const DIFFERENCE_MAX = 1e-5;

/**
 * Exact TreeSHAP of 10 000 rows by 100 trees against the `shap` package, one thread each, by turns, CPU time.
 *
 * @param python interpreter with shap, xgboost and lightgbm
 * @param rounds of each side, >= 3
 * @throws Error when the two find different contributions
 */
export async function compareExplanations(python: string, rounds = 3): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-explanations-'));
  const started: Explainer[] = [];
  const start = (program: string, args: readonly string[]): Explainer => {
    const explainer = new Explainer(program, args);
    started.push(explainer);
    return explainer;
  };
  try {
    await promisify(execFile)(python, [REFERENCE, 'train', folder]);
    const reference = start(python, [REFERENCE, 'explain', folder]);
    const { shap } = (await reference.read()) as { shap: string }; // as above
    const ours = start(process.execPath, [OURS, folder]);
    await ours.read();
    const name = `shap ${shap} TreeExplainer`;
    const measurements: Measurement[] = [];
    for (const [ensemble, shape] of Object.entries(ENSEMBLES)) {
      const [own, theirs]: [Round[], Round[]] = [[], []];
      for (let round = 0; round < rounds; round++) {
        theirs.push(await reference.explain(ensemble));
        own.push(await ours.explain(ensemble));
      }
      const worst = Math.max(...own.map((one) => one.worst ?? Number.NaN));
      if (!(worst <= DIFFERENCE_MAX)) throw new Error(`${ensemble}: contributions differ by ${worst}.`);
      const work = `TreeSHAP, 10 000 rows x 100 trees, ${ensemble} (${shape})`;
      const cpu = (side: readonly Round[]): number => median(side.map(({ cpu_seconds }) => cpu_seconds));
      measurements.push(
        measure({
          work,
          unit: 's of CPU',
          ours: cpu(own),
          reference: cpu(theirs),
          reference_name: name,
          goal: { at_most: 1 },
        }),
      );
    }
    const peak = (await Promise.all([ours, reference].map((side) => side.explain('leaf-wise')))).map(
      (one) => one.peak_mib,
    );
    const work = 'TreeSHAP, peak memory of the process';
    const [own = Number.NaN, theirs = Number.NaN] = peak;
    measurements.push(measure({ work, unit: 'MiB', ours: own, reference: theirs, reference_name: name, goal: null }));
    return measurements;
  } finally {
    await Promise.all(started.map((explainer) => explainer.end()));
    await rm(folder, { recursive: true, force: true });
  }
}
