import type { DriftAssessment, PerformanceAssessment, PredictionAssessment, QualityAssessment } from '@gimbal/domain';

/** One word for the whole window, and one for each question; null where a question could not be asked. */
export interface Conclusion {
  readonly verdict: 'healthy' | 'drift' | 'degraded' | 'data-fault' | 'insufficient';
  readonly dataQuality: 'ok' | 'warning' | 'fault' | null;
  readonly driftDetected: boolean | null;
  readonly performance: 'holds' | 'degraded' | 'insufficient' | null;
}

/** The four answers of one window. */
export interface Findings {
  readonly quality: QualityAssessment | null;
  readonly drift: DriftAssessment | null;
  readonly performance: PerformanceAssessment | null;
  readonly predictions: PredictionAssessment | null;
}

const WORDS = { healthy: 'holds', degraded: 'degraded', insufficient: 'insufficient' } as const;

/**
 * The gravest answer names the window: broken data come first, because nothing computed from them can be trusted; then damage; then
 * drift, which by itself is none. `insufficient` when neither drift nor performance could be judged.
 */
export function concludeAssessment({ quality, drift, performance }: Findings): Conclusion {
  const driftDetected = drift === null || drift.verdict === 'insufficient' ? null : drift.verdict === 'drifted';
  const performanceWord = performance && WORDS[performance.verdict];
  const parts = { dataQuality: quality?.verdict ?? null, driftDetected, performance: performanceWord };
  if (quality?.verdict === 'fault') return { verdict: 'data-fault', ...parts };
  if (performanceWord === 'degraded') return { verdict: 'degraded', ...parts };
  if (driftDetected === true) return { verdict: 'drift', ...parts };
  const isUnknown = driftDetected === null && performanceWord !== 'holds';
  return { verdict: isUnknown ? 'insufficient' : 'healthy', ...parts };
}
