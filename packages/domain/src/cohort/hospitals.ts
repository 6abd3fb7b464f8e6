/** How measurements make disease likely: weights of the log odds. */
export interface Relation {
  readonly base: number;
  readonly chestPain: number;
  /** Per beat a minute below 150. */
  readonly heartRate: number;
  readonly exercise: number;
  /** Per coloured vessel. */
  readonly vessels: number;
  readonly thallium: number;
}

/** One synthetic hospital. Shares and probabilities in [0, 1]; `missing` and `zero` by column. */
export interface Hospital {
  /** Added to the cohort's seed, so that no two hospitals share a patient. */
  readonly seedOffset: number;
  /** Mean of the latent severity; Cleveland is 0. */
  readonly severity: number;
  readonly age: number;
  readonly male: number;
  readonly cp: Readonly<Record<number, number>>;
  readonly fastingSugar: number;
  readonly restecg: Readonly<Record<number, number>>;
  readonly heartRate: number;
  readonly missing: Readonly<Record<string, number>>;
  readonly zero: Readonly<Record<string, number>>;
  readonly relation: Relation;
}

const LEARNED: Relation = { base: -0.1, chestPain: 1.1, heartRate: 0.025, exercise: 1, vessels: 1.3, thallium: 1.2 };

/** Shapes after the four files (UCI 45): shares of codes, missing values and means were read off them and rounded. */
export const HOSPITALS: { readonly [name: string]: Hospital | undefined; readonly cleveland: Hospital } = {
  cleveland: {
    seedOffset: 0,
    severity: 0,
    age: 54,
    male: 0.68,
    cp: { 1: 0.08, 2: 0.17, 3: 0.28, 4: 0.47 },
    fastingSugar: 0.15,
    restecg: { 0: 0.5, 1: 0.01, 2: 0.49 },
    heartRate: 150,
    missing: {},
    zero: {},
    relation: LEARNED,
  },
  /** Younger, milder, without scans: other inputs, the same disease. */
  hungarian: {
    seedOffset: 1,
    severity: 0.2,
    age: 48,
    male: 0.72,
    cp: { 1: 0.04, 2: 0.36, 3: 0.18, 4: 0.42 },
    fastingSugar: 0.07,
    restecg: { 0: 0.8, 1: 0.18, 2: 0.02 },
    heartRate: 141,
    missing: { trestbps: 0.003, chol: 0.08, fbs: 0.03, thalach: 0.003, exang: 0.003, slope: 0.3, ca: 0.6, thal: 0.45 },
    zero: {},
    relation: LEARNED,
  },
  /** Older men, nearly all ill, few scans, and the exercise test says little: another relation. */
  'va-long-beach': {
    seedOffset: 2,
    severity: 0.6,
    age: 58,
    male: 0.97,
    cp: { 1: 0.04, 2: 0.07, 3: 0.24, 4: 0.65 },
    fastingSugar: 0.36,
    restecg: { 0: 0.4, 1: 0.42, 2: 0.18 },
    heartRate: 128,
    missing: {
      trestbps: 0.28,
      chol: 0.035,
      fbs: 0.035,
      thalach: 0.27,
      exang: 0.27,
      oldpeak: 0.28,
      slope: 0.51,
      ca: 0.99,
      thal: 0.83,
    },
    zero: { chol: 0.25 },
    relation: { base: 1.2, chestPain: 0.4, heartRate: -0.01, exercise: 0.2, vessels: 0.3, thallium: 0.5 },
  },
  /** As in the file: 0 in every `chol`. */
  switzerland: {
    seedOffset: 3,
    severity: 0.5,
    age: 54,
    male: 0.92,
    cp: { 1: 0.03, 2: 0.03, 3: 0.14, 4: 0.8 },
    fastingSugar: 0.1,
    restecg: { 0: 0.7, 1: 0.24, 2: 0.06 },
    heartRate: 128,
    missing: {
      trestbps: 0.016,
      fbs: 0.61,
      restecg: 0.008,
      thalach: 0.008,
      exang: 0.008,
      oldpeak: 0.05,
      slope: 0.14,
      ca: 0.96,
      thal: 0.42,
    },
    zero: { chol: 1 },
    relation: { ...LEARNED, base: 2 },
  },
};
