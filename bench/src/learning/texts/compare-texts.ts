import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type Measurement, measure, median } from '../../result.js';

const Figures = z.object({
  cpu_seconds: z.number(),
  peak_mib: z.number(),
  accuracy: z.number(),
  macro_f1: z.number(),
  text_ms: z.number(),
});
type Figures = z.infer<typeof Figures>;
const OurFigures = Figures.extend({ onnx_text_ms: z.number(), parity: z.literal(true) });
const TheirFigures = Figures.extend({ scikit_learn: z.string() });

const REFERENCE = new URL('../../../src/learning/texts/reference.py', import.meta.url).pathname;
const OURS = new URL('./train-texts.js', import.meta.url).pathname;

/** What is promised of BANKING77, whatever the reference does. */
const LIMITS = { accuracy: 0.911, cpu_seconds: 6, peak_mib: 400, text_ms: 0.3 } as const;

/** How far below the reference a score may be. */
const DIFFERENCE_MAX = 0.01;

async function ask(program: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(program, [...args]);
  return JSON.parse(stdout);
}

/**
 * Learns the 77 intents of BANKING77 beside scikit-learn's LinearSVC on the same n-grams: a process each, by turns, one thread, CPU time. Ours
 * also learns out of fold its temperature and when to abstain, which the reference does not do.
 *
 * @param python interpreter with scikit-learn; null for our side alone
 * @param data folder with banking77-train.csv and banking77-test.csv
 * @param rounds of each side, >= 3
 * @throws Error when the exported file answers otherwise than the kernel
 */
export async function compareTexts(python: string | null, data: string, rounds = 3): Promise<Measurement[]> {
  const files = ['train', 'test'].map((part) => join(data, `banking77-${part}.csv`));
  const ours: z.infer<typeof OurFigures>[] = [];
  const theirs: z.infer<typeof TheirFigures>[] = [];
  for (let round = 0; round < rounds; round++) {
    if (python !== null) theirs.push(TheirFigures.parse(await ask(python, [REFERENCE, ...files])));
    ours.push(OurFigures.parse(await ask(process.execPath, [OURS, ...files])));
  }
  const name = `scikit-learn ${theirs[0]?.scikit_learn ?? ''} LinearSVC`;
  const own = (key: keyof z.infer<typeof OurFigures>): number => median(ours.map((one) => Number(one[key])));
  const limited = (what: string, unit: string, value: number, limit: number, goal: Measurement['goal']) =>
    measure({ work: `BANKING77, ${what}`, unit, ours: value, reference: limit, reference_name: 'the limit', goal });
  const compared = (what: string, unit: string, key: keyof Figures, difference?: number) => {
    const reference = theirs.length === 0 ? null : median(theirs.map((one) => one[key]));
    const work = `BANKING77, ${what}`;
    const goal = difference === undefined || reference === null ? null : { at_least: 1 - difference / reference };
    return measure({ work, unit, ours: own(key), reference, reference_name: name, goal });
  };
  const [atLeast, atMost] = [{ at_least: 1 }, { at_most: 1 }];
  return [
    limited('accuracy', 'share', own('accuracy'), LIMITS.accuracy, atLeast),
    limited('macro F1', 'share', own('macro_f1'), LIMITS.accuracy, atLeast),
    limited('learning', 's of CPU', own('cpu_seconds'), LIMITS.cpu_seconds, atMost),
    limited('peak memory of the process', 'MiB', own('peak_mib'), LIMITS.peak_mib, atMost),
    limited('one text, kernel', 'ms', own('text_ms'), LIMITS.text_ms, atMost),
    limited('one text, ONNX Runtime', 'ms', own('onnx_text_ms'), LIMITS.text_ms, atMost),
    compared('accuracy', 'share', 'accuracy', DIFFERENCE_MAX),
    compared('macro F1', 'share', 'macro_f1', DIFFERENCE_MAX),
    compared('learning', 's of CPU', 'cpu_seconds'),
    compared('peak memory of the process', 'MiB', 'peak_mib'),
    compared('one text', 'ms', 'text_ms'),
  ];
}
