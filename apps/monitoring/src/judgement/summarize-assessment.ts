import { LOSS_TITLES, showLoss } from '@gimbal/domain';
import type { Conclusion, Findings } from './conclude-assessment.js';

const HEADLINES: Record<Conclusion['verdict'], string> = {
  healthy: 'Healthy',
  drift: 'Drift without damage',
  degraded: 'Degraded',
  'data-fault': 'Data fault',
  insufficient: 'Too little to judge',
};

/** What the window was, for the first sentence. */
export interface SummarySubject {
  readonly version: number;
  readonly rows: number;
  readonly labelledRows: number;
}

/** A few sentences with the numbers that carry the verdict. */
export function summarizeAssessment(subject: SummarySubject, conclusion: Conclusion, findings: Findings): string {
  const { version, rows, labelledRows } = subject;
  const headline =
    conclusion.verdict === 'drift' && conclusion.performance !== 'holds' ? 'Drift' : HEADLINES[conclusion.verdict];
  const sentences = [
    `${headline}: ${count(rows, 'prediction')} of version ${version}, ${labelledRows} with labels.`,
    describeQuality(findings),
    describeDrift(findings),
    describePerformance(findings),
    describeAnswers(findings),
  ];
  return sentences.filter((sentence) => sentence !== null).join(' ');
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
const listed = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;

function describeQuality({ quality }: Findings): string | null {
  if (quality === null) return null;
  if (quality.verdict === 'ok') return 'The data are sound.';
  const concerned = quality.findings.filter(({ severity }) => severity === quality.verdict);
  const features = [...new Set(concerned.map(({ feature }) => feature ?? 'rows'))];
  return quality.verdict === 'fault'
    ? `The data are broken: ${quality.reasons.slice(0, 2).join('; ')}.`
    : `The data are sound, with warnings on ${listed(features)}.`;
}

function describeDrift({ drift }: Findings): string | null {
  if (drift === null) return 'There is no reference to tell drift by.';
  if (drift.verdict === 'insufficient') return `Too few rows to tell drift: ${drift.reasons.join('; ')}.`;
  if (drift.verdict === 'stable') return 'The inputs are distributed as in training.';
  const moved = `${drift.driftedFeatures.length} of ${drift.featureCount} features moved (${listed(drift.driftedFeatures)})`;
  if (drift.verdict === 'minor')
    return drift.driftedFeatures.length === 0
      ? 'The answers moved a little.'
      : `${moved}, too little to call it drift.`;
  return drift.driftedFeatures.length === 0 ? 'The answers moved.' : `${moved}.`;
}

function describePerformance({ performance }: Findings): string | null {
  if (performance === null) return null;
  const [deciding] = performance.losses;
  if (performance.verdict === 'insufficient') return `Performance is unknown: ${performance.reasons.join('; ')}.`;
  if (performance.verdict === 'degraded') return `Performance degraded: ${performance.reasons.join('; ')}.`;
  if (!deciding) return 'Performance holds.';
  const { loss, value, baseline } = deciding;
  return `Performance holds: ${LOSS_TITLES[loss]} ${showLoss(value)} against ${showLoss(baseline)} at admission.`;
}

function describeAnswers({ predictions }: Findings): string | null {
  if (predictions?.verdict === 'anomalous')
    return `The answers are odd: ${predictions.anomalies.map(({ detail }) => detail).join('; ')}.`;
  if (predictions?.verdict !== 'low-confidence' || predictions.lowConfidence === null) return null;
  const { share, reference } = predictions.lowConfidence;
  const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;
  return `${percent(share)} of the answers are unsure${reference === null ? '' : `, ${percent(reference)} were in training`}.`;
}
