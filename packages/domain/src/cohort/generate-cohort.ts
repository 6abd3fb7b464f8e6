import { createSeededRng, type Rng } from '../statistics/seeded-rng.js';
import { HOSPITALS, type Hospital, type Relation } from './hospitals.js';

/**
 * The seed of the stand-in for the four files: one at which the shipped training configuration meets what the real files show it (a window
 * that holds, one that degrades and can be learned from, one that is broken). With other seeds the smaller effects may drown in the noise
 * of 300 patients; the story then says so.
 */
export const COHORT_SEED = 600;

/** A patient with the columns of the heart-disease files; null = not measured. */
export type SyntheticPatient = Readonly<Record<string, number | null>>;

/**
 * Makes a synthetic hospital's patients: the columns and codes of the UCI heart-disease files, their marginal distributions in outline,
 * and an outcome drawn from a known relation. They are nobody's data and must be labelled synthetic wherever they show.
 *
 * The hospitals differ as the real ones do, so that the same diagnoses are right: `hungarian` shifts the inputs and keeps the
 * relation, `va-long-beach` changes the relation, `switzerland` writes 0 for every `chol`.
 *
 * @param hospital name of a part of the dataset; an unknown one is made like `cleveland`
 * @param rows number of patients, >= 0
 * @param seed integer; the same hospital, rows and seed give the same patients
 */
export function generateCohort({
  hospital,
  rows,
  seed,
}: {
  readonly hospital: string;
  readonly rows: number;
  readonly seed: number;
}): SyntheticPatient[] {
  const plan = HOSPITALS[hospital] ?? HOSPITALS.cleveland;
  const rng = createSeededRng(seed + plan.seedOffset);
  return Array.from({ length: rows }, () => drawPatient(plan, new Draw(rng)));
}

/** Draws from the distributions that are needed, all from one seeded source. */
class Draw {
  constructor(private readonly rng: Rng) {}

  chance(probability: number): boolean {
    return this.rng() < probability;
  }

  /** Standard normal by Box and Muller (1958). */
  normal(mean: number, deviation: number): number {
    return mean + deviation * Math.sqrt(-2 * Math.log(1 - this.rng())) * Math.cos(2 * Math.PI * this.rng());
  }

  /** A key of `shares`, as a number; shares need not sum to 1. */
  code(shares: Readonly<Record<number, number>>): number {
    const entries = Object.entries(shares);
    let left = this.rng() * entries.reduce((sum, [, share]) => sum + share, 0);
    for (const [code, share] of entries) {
      left -= share;
      if (left < 0) return Number(code);
    }
    return Number(entries.at(-1)?.[0]);
  }
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function drawPatient(hospital: Hospital, draw: Draw): SyntheticPatient {
  // How ill a patient is makes the measurements go together, as they do in the files.
  const severity = draw.normal(hospital.severity, 1);
  const age = Math.round(clamp(draw.normal(hospital.age + 2 * severity, 8), 28, 77));
  const measured = {
    age,
    sex: draw.chance(hospital.male) ? 1 : 0,
    cp: drawChestPain(hospital, severity, draw),
    trestbps: Math.round(clamp(draw.normal(131 + 0.4 * (age - 54), 17), 92, 200)),
    chol: Math.round(clamp(draw.normal(247, 50), 100, 564)),
    fbs: draw.chance(hospital.fastingSugar) ? 1 : 0,
    restecg: draw.code(hospital.restecg),
    thalach: Math.round(clamp(draw.normal(hospital.heartRate - 9 * severity - 0.6 * (age - 54), 17), 60, 202)),
    exang: draw.chance(sigmoid(1.2 * severity - 0.9)) ? 1 : 0,
    oldpeak: Math.round(clamp(draw.normal(0.8 + 0.8 * severity, 0.8), 0, 6.2) * 10) / 10,
    slope: draw.code({ 1: sigmoid(-1.3 * severity), 2: sigmoid(1.3 * severity), 3: 0.07 }),
    ca: Math.round(clamp(draw.normal(0.5 + 0.6 * severity, 0.8), 0, 3)),
    thal: draw.code({ 3: sigmoid(-1.3 * severity), 6: 0.06, 7: sigmoid(1.3 * severity - 0.3) }),
  };
  const recorded = Object.fromEntries(
    Object.entries(measured).map(([name, value]) => [name, record(name, value, hospital, draw)]),
  );
  const risk = sigmoid(riskOf({ ...TYPICAL, ...withoutGaps(recorded) }, hospital.relation));
  return { ...recorded, num: draw.chance(risk) ? 1 + Math.round(clamp(draw.normal(1 + severity / 2, 1), 0, 3)) : 0 };
}

function drawChestPain({ cp }: Hospital, severity: number, draw: Draw): number {
  const tilted = Object.entries(cp).map(
    ([code, share]) => [code, share * Math.exp(0.7 * severity * (code === '4' ? 1 : -0.5))] as const,
  );
  return draw.code(Object.fromEntries(tilted));
}

/** What is written down of a value: perhaps nothing, perhaps 0 for "not measured". */
function record(name: string, value: number, { missing, zero }: Hospital, draw: Draw): number | null {
  const lost = draw.chance(missing[name] ?? 0);
  const zeroed = draw.chance(zero[name] ?? 0);
  return lost ? null : zeroed ? 0 : value;
}

/** A scan that was not made would mostly have been normal: that is why it was not made. */
const TYPICAL: Measured = {
  age: 54,
  sex: 1,
  cp: 4,
  trestbps: 131,
  thalach: 150,
  exang: 0,
  oldpeak: 0.8,
  slope: 1,
  ca: 0,
  thal: 3,
};

const withoutGaps = (values: Readonly<Record<string, number | null>>): Record<string, number> =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null));

type Measured = Readonly<
  Record<'age' | 'sex' | 'cp' | 'trestbps' | 'thalach' | 'exang' | 'oldpeak' | 'slope' | 'ca' | 'thal', number>
>;

/** Log odds of disease. */
function riskOf(patient: Measured, relation: Relation): number {
  return (
    relation.base +
    0.03 * (patient.age - 54) +
    1.1 * (patient.sex - 0.7) +
    relation.chestPain * (patient.cp === 4 ? 1 : -0.6) +
    0.01 * (patient.trestbps - 131) -
    relation.heartRate * (patient.thalach - 150) +
    relation.exercise * (patient.exang - 0.33 + 0.6 * (patient.oldpeak - 1) + 0.4 * (patient.slope - 1.5)) +
    relation.vessels * (patient.ca - 0.7) +
    relation.thallium * (patient.thal === 3 ? -0.6 : 0.8)
  );
}
