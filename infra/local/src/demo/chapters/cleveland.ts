import { actionsOf, figuresOf } from '../clinic.js';
import type { Patient } from '../patients.js';
import type { Stage } from '../stage.js';

/** Chapter 2: the same hospital's unseen patients: nothing to do. */
export async function visitCleveland({ clinic, story }: Stage, patients: readonly Patient[]): Promise<void> {
  story.chapter(`${patients.length} Cleveland patients that training never saw`);
  const visit = await clinic.visit(patients);
  story.tell(visit.assessment.summary);
  story.claim({
    number: 2,
    statement: 'Cleveland, held out: healthy, nothing proposed',
    holds:
      visit.assessment.verdict === 'healthy' &&
      visit.incident.actions.length === 0 &&
      visit.assessment.rows === visit.sent,
    evidence: { ...figuresOf(visit), ...actionsOf(visit) },
  });
}
