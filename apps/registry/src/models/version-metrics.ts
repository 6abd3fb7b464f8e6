import type { NamedMetrics } from '@gimbal/domain';
import { evaluationOf, type VersionRow } from './show-version.js';

/** What a version measured before registration, by name. */
export function metricsOf(row: VersionRow): NamedMetrics {
  const evaluation = evaluationOf(row);
  const { holdout } = evaluation ?? {};
  return {
    accuracy: row.accuracy,
    f1_score: row.f1Score,
    precision: row.precision,
    recall: row.recall,
    roc_auc: row.rocAuc,
    log_loss: holdout?.logLoss ?? null,
    brier: holdout?.brier ?? null,
    calibration_error: holdout?.calibrationError ?? null,
    ...evaluation?.scores?.values,
  };
}
