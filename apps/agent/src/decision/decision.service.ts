import { type DatabaseTransaction } from '@gimbal/db';
import { type AssessmentEvidence, type Decision, type DecisionContext, decide, isPending } from '@gimbal/domain';
import { AuditTrail, JobRejectedError } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { findAssessment } from '../assessment/assessment.repository.js';
import { readEvidence } from '../assessment/read-evidence.js';
import type { AuditedAction } from '../audit/audited-action.js';
import { Database } from '../database/database.js';
import { findPending, lockAction } from '../execution/action.repository.js';
import { findStaleReason } from '../execution/standing-proposal.js';
import { withdrawAction } from '../execution/withdraw-action.js';
import { ActionJournal } from './action-journal.js';
import { saveIncident } from './decision.repository.js';
import { loadContext } from './decision-context.repository.js';

/** A window without predictions has nothing to be diagnosed. */
const NOTHING_TO_JUDGE = {
  conclusion: 'There was nothing to judge.',
  diagnoses: [],
  refused: [],
  proposals: [],
} as const;

/** Concludes from each assessment once, and stores what it concluded with every reason. */
@Injectable()
export class DecisionService {
  constructor(
    private readonly database: Database,
    private readonly journal: ActionJournal,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  /**
   * Takes one assessment in: diagnoses, decides, stores the incident and its actions, and sets going what runs by itself, all in one
   * transaction. Safe to repeat: the second time changes nothing.
   */
  async decideOn(assessmentId: string): Promise<void> {
    const row = await findAssessment(this.database.reader, assessmentId);
    if (!row) throw new JobRejectedError(`There is no finished assessment ${assessmentId}.`);
    if (row.state !== 'done') return;
    await this.database.changeInTurn(row.modelName, async (tx) => {
      if (await tx.incident.findUnique({ where: { assessmentId }, select: { id: true } })) return;
      const at = new Date();
      const evidence = readEvidence(row);
      if (!evidence) {
        const { modelName, modelVersion } = row;
        const decision = NOTHING_TO_JUDGE;
        await saveIncident(tx, { assessmentId, modelName, modelVersion, decision, state: 'no-action', at });
        return;
      }
      const context = await loadContext(tx, row.modelName, at);
      const stale = await this.supersedeStale(tx, evidence, context, at);
      const history = context.history.map((past) =>
        stale.has(past.id) ? { ...past, state: 'superseded' as const } : past,
      );
      await this.save(tx, evidence, decide(evidence, { ...context, history }), at);
    });
  }

  /** Withdraws open repairs that the new assessment speaks against. */
  private async supersedeStale(
    tx: DatabaseTransaction,
    newest: AssessmentEvidence,
    context: DecisionContext,
    at: Date,
  ): Promise<ReadonlySet<string>> {
    const stale = new Set<string>();
    for (const id of await findPending(tx, newest.modelName)) {
      const row = await lockAction(tx, id);
      if (!row || !isPending(row.state)) continue;
      const isApprovedByPerson = row.requiresApproval; // or is about to be
      const reason = findStaleReason(row, { newest, context, isApprovedByPerson });
      if (reason === null) continue;
      stale.add(id);
      await withdrawAction(tx, this.audit, { row, reason, at, assessmentId: newest.assessmentId });
    }
    return stale;
  }

  private async save(
    tx: DatabaseTransaction,
    evidence: AssessmentEvidence,
    decision: Decision,
    at: Date,
  ): Promise<void> {
    const { assessmentId, modelName, modelVersion } = evidence;
    const { proposals } = decision;
    const state =
      proposals.length === 0 ? 'no-action' : proposals.every(({ isDryRun }) => isDryRun) ? 'resolved' : 'open';
    const incidentId = await saveIncident(tx, { assessmentId, modelName, modelVersion, decision, state, at });
    const present = decision.diagnoses.filter((diagnosis) => diagnosis.present).map(({ diagnosis }) => diagnosis);
    await this.audit.record(tx, {
      action: 'incident.opened',
      key: incidentId,
      subject: `incident:${incidentId}`,
      at,
      payload: { assessmentId, modelName, modelVersion, state, diagnoses: present, conclusion: decision.conclusion },
    });
    for (const { actionType, code, reason } of decision.refused)
      await this.audit.record(tx, {
        action: 'action.refused',
        key: `${incidentId}:${actionType}`,
        subject: `incident:${incidentId}`,
        at,
        payload: { actionType, code, reason, modelName, modelVersion },
      });
    for (const proposal of proposals) {
      const name = `${assessmentId}:${proposal.actionType}`;
      await this.journal.enter(tx, { incidentId, evidence, proposal, name, at });
    }
  }
}
