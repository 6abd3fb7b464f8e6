import { actionsOf, figuresOf, findAction, ran } from '../clinic.js';
import type { Patient } from '../patients.js';
import type { Stage } from '../stage.js';

/** Chapter 5: a broken instrument upstream: check and alert, never retrain on it. */
export async function visitSwitzerland({ clinic, story }: Stage, patients: readonly Patient[]): Promise<void> {
  story.chapter(`${patients.length} patients from Switzerland, where chol is 0 in every row`);
  const visit = await clinic.visit(patients);
  story.tell(visit.assessment.summary);
  const refusal = visit.incident.refused.find(({ actionType }) => actionType === 'retrain_model');
  if (refusal) story.tell(`no retraining: ${refusal.reason}`);
  story.claim({
    number: 5,
    statement: 'Switzerland: data quality fault; data validated again and alert sent, no retraining on broken data',
    holds:
      visit.assessment.verdict === 'data-fault' &&
      ran(visit, 'validate_data') &&
      ran(visit, 'send_alert') &&
      !findAction(visit, 'retrain_model') &&
      refusal !== undefined,
    evidence: { ...figuresOf(visit), ...actionsOf(visit) },
  });
}
