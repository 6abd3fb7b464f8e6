import { type Answers, numbersOf } from '../performance/answers.js';
import { buildMissingColumn, type FeatureColumn } from '../profile/feature-column.js';
import { profileFeature } from '../profile/feature-profile.js';
import { type PredictionProfile, profilePredictions, type ReferenceProfile } from '../profile/reference-profile.js';
import { adjustBenjaminiHochberg } from '../statistics/benjamini-hochberg.js';
import { compareProportions, type Proportion } from '../statistics/compare-proportions.js';
import { concludeFeature, concludeShare, measureFeature } from './assess-feature-drift.js';
import { DEFAULT_DRIFT_OPTIONS, type DriftOptions } from './drift-options.js';
import {
  type DriftAssessment,
  type DriftVerdict,
  type FeatureDrift,
  isSubstantial,
  type PredictionDrift,
  severityOfShare,
  severityRank,
  worstSeverity,
} from './drift-result.js';

/** A window to compare. `answers` are those to the same rows, null when the answers are not compared. */
export interface DriftInput {
  readonly reference: ReferenceProfile;
  readonly columns: readonly FeatureColumn[];
  readonly answers?: Answers | null;
  readonly options?: Partial<DriftOptions>;
}

/** The window is kept whole: only the stored reference is thinned. */
const WHOLE = { distinctMax: Number.POSITIVE_INFINITY, quantiles: 1 };

/**
 * Compares a window with the reference of its model, feature by feature, and the answers with the reference's answers.
 *
 * A distribution has drifted when its two-sample test is significant after Benjamini-Hochberg over all features **and** its effect size
 * reaches a threshold that scales with the number of rows. Missing share, infinite values, unseen categories, constant and empty columns
 * are findings of their own. A feature that the window lacks counts as missing in every row; a feature unknown to the reference is left
 * out. Never throws on data.
 */
export function assessDrift(input: DriftInput): DriftAssessment {
  const options = { ...DEFAULT_DRIFT_OPTIONS, ...input.options };
  const { answers = null } = input;
  const currentRows = input.columns[0]?.values.length ?? (answers ? numbersOf(answers).length : 0);
  const features = assessFeatures(input, currentRows, options);
  const before = input.reference.prediction;
  const prediction =
    before && answers
      ? assessPredictionDrift(before, profilePredictions(decideAsBefore(answers, before)), options)
      : null;
  const drifted = features.filter((feature) => feature.drifted);
  const count = Math.max(1, features.length);
  const substantialShare = features.filter(({ severity }) => isSubstantial(severity)).length / count;
  const concluded = conclude({ currentRows, substantialShare, drifted, prediction, options });
  return {
    ...concluded,
    referenceRows: input.reference.rows,
    currentRows,
    featureCount: features.length,
    driftedFeatures: drifted
      .toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity))
      .map(({ feature }) => feature),
    driftedShare: drifted.length / count,
    substantialShare,
    features,
    prediction,
    options,
  };
}

function assessFeatures({ reference, columns }: DriftInput, rows: number, options: DriftOptions): FeatureDrift[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const measured = reference.features.map((profile) => {
    const column = byName.get(profile.name) ?? buildMissingColumn(profile, rows);
    return measureFeature(profile, profileFeature(column, WHOLE), options);
  });
  const pValues = adjustBenjaminiHochberg(measured.map(({ distribution }) => distribution.test?.pValue ?? null));
  const missing = adjustBenjaminiHochberg(measured.map(({ missingPValue }) => missingPValue));
  return measured.map((feature, i) =>
    concludeFeature(feature, { distribution: pValues[i]!, missing: missing[i]! }, options),
  );
}

/** The share of positives is compared at the reference's threshold: an adjusted one is no drift. */
function decideAsBefore(answers: Answers, { decision }: PredictionProfile): Answers {
  return decision && 'threshold' in answers ? { ...answers, threshold: decision.threshold } : answers;
}

/** Compares the answers of a window with the reference's; their tests are corrected for each other. */
function assessPredictionDrift(
  reference: PredictionProfile,
  current: PredictionProfile,
  options: DriftOptions,
): PredictionDrift {
  const now = new Map(current.outputs.map((output) => [output.name, output]));
  const measured = reference.outputs.flatMap((output) => {
    const answered = now.get(output.name);
    return answered ? [measureFeature(output, answered, options)] : [];
  });
  const share = compareDecisions(reference, current);
  const adjusted = adjustBenjaminiHochberg([
    ...measured.map(({ distribution }) => distribution.test?.pValue ?? null),
    ...(share ? [share.pValue] : []),
  ]);
  const outputs = measured.map((output, i) =>
    concludeFeature(output, { distribution: adjusted[i] ?? null, missing: output.missingPValue }, options),
  );
  const positiveShare =
    share && concludeShare({ ...share, adjusted: adjusted.at(-1) ?? 1, threshold: options.missingChangeMin }, options);
  const severity = positiveShare?.drifted ? severityOfShare(Math.abs(positiveShare.difference), options) : 'none';
  return {
    outputs,
    positiveShare,
    drifted: outputs.some(({ drifted }) => drifted) || positiveShare?.drifted === true,
    severity: worstSeverity([...outputs.map((output) => output.severity), severity]),
  };
}

/** Null where nothing is decided by a threshold. */
function compareDecisions(
  reference: PredictionProfile,
  current: PredictionProfile,
): { before: number; now: number; pValue: number } | null {
  if (!reference.decision || !current.decision) return null;
  const [before, now] = [reference, current].map(({ outputs, decision }) => ({
    hits: decision?.positives ?? 0,
    rows: outputs[0]?.rows ?? 0,
  })) as [Proportion, Proportion]; // of two profiles
  const shareOf = ({ hits, rows }: Proportion): number => (rows === 0 ? 0 : hits / rows);
  return { before: shareOf(before), now: shareOf(now), pValue: compareProportions(before, now).pValue };
}

function conclude(input: {
  currentRows: number;
  substantialShare: number;
  drifted: readonly FeatureDrift[];
  prediction: PredictionDrift | null;
  options: DriftOptions;
}): { verdict: DriftVerdict; reasons: string[] } {
  const { currentRows, substantialShare, drifted, prediction, options } = input;
  if (currentRows < options.rowsMin)
    return { verdict: 'insufficient', reasons: [`${currentRows} rows of at least ${options.rowsMin}`] };
  const reasons: string[] = [];
  if (substantialShare >= options.driftedShareMin)
    reasons.push(
      `${(100 * substantialShare).toFixed(0)} % of the features have moved substantially (limit ${100 * options.driftedShareMin} %)`,
    );
  if (prediction && isSubstantial(prediction.severity)) reasons.push(`the answers have moved (${prediction.severity})`);
  if (reasons.length > 0) return { verdict: 'drifted', reasons };
  if (drifted.length === 0 && !prediction?.drifted) return { verdict: 'stable', reasons: ['no finding'] };
  const found = drifted.map(({ feature, severity }) => `${feature}: ${severity}`);
  return { verdict: 'minor', reasons: prediction?.drifted ? [...found, `answers: ${prediction.severity}`] : found };
}
