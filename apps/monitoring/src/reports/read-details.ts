import type { DriftAssessment, FeatureDrift, PerformanceAssessment, PredictionDrift } from '@gimbal/domain';
import type { AssessmentDetails, OperationFigures } from '../judgement/assessment-details.js';

type FormerAnswers = Omit<PredictionDrift, 'outputs'> & { readonly probability: FeatureDrift };

/** What differed while only binary classifiers were judged. */
type FormerDetails = Omit<AssessmentDetails, 'schemaVersion' | 'drift' | 'performance' | 'operations'> & {
  readonly schemaVersion: 1;
  readonly drift:
    | (Omit<DriftAssessment, 'prediction'> & {
        readonly prediction: FormerAnswers | null;
      })
    | null;
  readonly performance: Omit<PerformanceAssessment, 'task' | 'classes'> | null;
  readonly operations: Omit<OperationFigures, 'alertRate' | 'abstentionRate'> | null;
};

/** The details of an assessment from its row, in today's form: a page can be asked for long after its assessment was made. */
export function readDetails(stored: unknown): AssessmentDetails {
  const details = stored as AssessmentDetails | FormerDetails; // written by this service, in the transaction of the report
  return details.schemaVersion === 2 ? details : renew(details);
}

function renew({ drift, performance, operations, ...rest }: FormerDetails): AssessmentDetails {
  return {
    ...rest,
    schemaVersion: 2,
    drift: drift && { ...drift, prediction: drift.prediction && renewAnswers(drift.prediction) },
    performance: performance && {
      ...performance,
      task: 'binary-classification',
      classes: null,
      skill: { ...performance.skill, metric: 'brier_skill' },
    },
    operations: operations && { ...operations, alertRate: null, abstentionRate: null },
  };
}

const renewAnswers = ({ probability, ...answers }: FormerAnswers): PredictionDrift => ({
  ...answers,
  outputs: [probability],
});
