import type { AssessmentEvidence } from '../assessment-evidence.js';
import type { Condition } from '../condition.js';
import { concludeDiagnosis, type Diagnosis } from './diagnosis.js';

/**
 * Something is wrong with the answers themselves: impossible probabilities, one answer for everybody, requests without an answer.
 * A mere shift of the answers' distribution follows from drifted inputs and is counted there.
 */
export function diagnosePredictionAnomalies({ predictions }: AssessmentEvidence): Diagnosis {
  if (predictions === null) return concludeDiagnosis('prediction-anomalies', [], 'medium');
  const found = predictions.anomalies.map(
    ({ kind, share, detail }): Condition => ({
      code: `no-${kind}`,
      holds: false,
      measured: share,
      limit: 0,
      message: `${(share * 100).toFixed(1)} % of the answers: ${detail}.`,
    }),
  );
  const none: Condition = {
    code: 'answers-plausible',
    holds: true,
    measured: 0,
    limit: 0,
    message: 'No impossible, constant or missing answers.',
  };
  return concludeDiagnosis('prediction-anomalies', found.length > 0 ? found : [none], 'medium');
}
