import type { Actor } from '@gimbal/contracts';
import type { Alert, DatabaseTransaction } from '@gimbal/db';
import { DomainError } from '@gimbal/domain';
import { AuditTrail } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { AlertRepository, type Sighting } from './alert.repository.js';
import type { AuditedAction } from './audited-action.js';

/**
 * One alert for each trouble, from its first sighting until somebody resolves it, or it is told to be over.
 *
 * What an assessment finds in a model (drift, degradation, a data fault) is for the agent to weigh: it raises those alerts. Monitoring
 * raises only what nobody else could see: an assessment that failed, and jobs of any service that ended among the dead letters.
 */
@Injectable()
export class AlertService {
  constructor(
    private readonly database: Database,
    private readonly alerts: AlertRepository,
    private readonly audit: AuditTrail<AuditedAction>,
  ) {}

  raise(sighting: Sighting, actor: string): Promise<Alert> {
    return this.database.change((tx) => this.raiseIn(tx, sighting, actor));
  }

  /** As {@link raise}, in the transaction of what is told. Safe to repeat with the same decision. */
  async raiseIn(tx: DatabaseTransaction, sighting: Sighting, actor: string): Promise<Alert> {
    const { dedupKey, decisionId, alertType, severity, modelName, title } = sighting;
    await this.alerts.takeTurn(tx, dedupKey);
    const counted = decisionId === null ? null : await this.alerts.findCounted(tx, dedupKey, decisionId);
    if (counted) return counted;
    const at = new Date();
    const open = await this.alerts.findOpen(tx, dedupKey);
    if (open) return this.alerts.count(tx, open, sighting, at);
    const raised = await this.alerts.create(tx, sighting, at);
    await this.audit.record(tx, {
      ...{ action: 'alert.raised', ...subjectOf(raised), actor, at },
      payload: {
        alert_type: alertType,
        severity,
        model_name: modelName,
        title,
        dedup_key: dedupKey,
        decision_id: decisionId,
      },
    });
    return raised;
  }

  /** Says that somebody looks at it. The same again by the same person changes nothing. @throws DomainError `alert-not-found` · `invalid-transition` */
  acknowledge(id: string, notes: string, actor: Actor): Promise<Alert> {
    return this.database.change(async (tx) => {
      const alert = await this.find(tx, id);
      if (alert.acknowledgedBy === actor.name && alert.acknowledgementNotes === notes) return alert;
      if (alert.status !== 'active')
        throw new DomainError(
          'invalid-transition',
          `The alert is ${alert.status}; only an active one is acknowledged.`,
        );
      const at = new Date();
      const said = { acknowledgedBy: actor.name, acknowledgedAt: at, acknowledgementNotes: notes };
      await this.audit.record(tx, {
        ...{ action: 'alert.acknowledged', ...subjectOf(alert), actor: actor.name, at },
        payload: { notes, dedup_key: alert.dedupKey, model_name: alert.modelName },
      });
      return this.alerts.update(tx, id, { status: 'acknowledged', ...said });
    });
  }

  /** Closes it; the next sighting opens another. As safe to repeat as {@link acknowledge}. @throws DomainError as that */
  resolve(id: string, notes: string, actor: Actor): Promise<Alert> {
    return this.database.change(async (tx) => {
      const alert = await this.find(tx, id);
      if (alert.resolvedBy === actor.name && alert.resolutionNotes === notes) return alert;
      if (alert.status === 'resolved')
        throw new DomainError(
          'invalid-transition',
          'The alert is resolved already, by another person or for another reason.',
        );
      return this.close(tx, alert, { notes, by: actor.name });
    });
  }

  /** Closes the open alert of a trouble that is over by itself; null when none is open. */
  resolveTrouble(dedupKey: string, notes: string, by: string): Promise<Alert | null> {
    return this.database.change(async (tx) => {
      await this.alerts.takeTurn(tx, dedupKey);
      const open = await this.alerts.findOpen(tx, dedupKey);
      const alert = open && (await this.alerts.findForChange(tx, open.id)); // a person may have resolved it meanwhile
      return alert && alert.status !== 'resolved' ? this.close(tx, alert, { notes, by }) : null;
    });
  }

  private async close(
    tx: DatabaseTransaction,
    alert: Alert,
    { notes, by }: { readonly notes: string; readonly by: string },
  ): Promise<Alert> {
    const at = new Date();
    await this.audit.record(tx, {
      ...{ action: 'alert.resolved', ...subjectOf(alert), actor: by, at },
      payload: { notes, dedup_key: alert.dedupKey, model_name: alert.modelName, occurrences: alert.occurrences },
    });
    const said = { resolvedBy: by, resolvedAt: at, resolutionNotes: notes };
    return this.alerts.update(tx, alert.id, { status: 'resolved', ...said });
  }

  private async find(tx: DatabaseTransaction, id: string): Promise<Alert> {
    const alert = await this.alerts.findForChange(tx, id);
    if (!alert) throw new DomainError('alert-not-found', 'There is no alert with this id.');
    return alert;
  }
}

/** An alert takes each step once, so its id tells the event from all others of its action. */
const subjectOf = ({ id }: Alert) => ({ key: id, subject: `alert:${id}` });
