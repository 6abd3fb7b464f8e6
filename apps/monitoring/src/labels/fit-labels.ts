import { resolveLabel } from '@gimbal/domain';
import { InvalidInputError } from '@gimbal/platform';
import type { FramedVersion } from '../prediction-log/label-frames.js';
import type { ReportedLabel, StatedOutcome } from './count-label-outcomes.js';

/** Faults beyond these tell a caller nothing more. */
const FAULTS_MAX = 50;

/**
 * Says what each label means to the version of its prediction.
 * @param frames by prediction id; a label whose prediction has none keeps what was said
 * @throws InvalidInputError with the path of every label that does not fit
 */
export function fitLabels(
  labels: readonly StatedOutcome[],
  frames: ReadonlyMap<string, FramedVersion>,
): ReportedLabel[] {
  const faults: { path: string; message: string }[] = [];
  const fitted = labels.map(({ predictionId, actual: stated, observedAt }, index): ReportedLabel => {
    const frame = frames.get(predictionId);
    const resolved = frame && resolveLabel(frame, stated);
    if (resolved && 'fault' in resolved)
      faults.push({
        path: `labels.${index}.actual`,
        message: `${resolved.fault} (${frame?.modelName} version ${frame?.version}, ${frame?.task})`,
      });
    return { predictionId, stated, observedAt, actual: resolved && 'actual' in resolved ? resolved.actual : null };
  });
  if (faults.length > 0) throw new InvalidInputError(faults.slice(0, FAULTS_MAX));
  return fitted;
}
