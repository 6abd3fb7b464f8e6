import { actionsOf, figuresOf, findAction, MODEL, ran } from '../clinic.js';
import type { Patient } from '../patients.js';
import type { Stage } from '../stage.js';

/** Chapter 3: other patients, the same disease: drift that does no harm. */
export async function visitHungary({ clinic, story }: Stage, patients: readonly Patient[]): Promise<void> {
  story.chapter(`${patients.length} patients from Hungary`);
  const visit = await clinic.visit(patients);
  story.tell(visit.assessment.summary);
  const alerts = await clinic.as.viewer.call('listAlerts', { query: { model: MODEL } });
  const page = visit.assessment.driftReportId
    ? await clinic.as.viewer.call('getDriftReportPage', { params: { id: visit.assessment.driftReportId } })
    : '';
  const refusal = visit.incident.refused.find(({ actionType }) => actionType === 'retrain_model');
  if (refusal) story.tell(`no retraining: ${refusal.reason}`);
  story.claim({
    number: 3,
    statement: 'Hungary: drift, the model holds; report and alert ran by themselves, no retraining proposed',
    holds:
      visit.assessment.verdict === 'drift' &&
      visit.assessment.performance === 'holds' &&
      ran(visit, 'generate_report') &&
      ran(visit, 'send_alert') &&
      alerts.items.length > 0 &&
      page.includes('<svg') &&
      !findAction(visit, 'retrain_model') &&
      refusal !== undefined,
    evidence: {
      ...figuresOf(visit),
      ...actionsOf(visit),
      alerts: alerts.items.map(({ title, severity }) => `${severity}: ${title}`),
      report_bytes: page.length,
    },
  });
}
