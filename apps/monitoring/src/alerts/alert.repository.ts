import type { Alert, AlertSeverity, DatabaseTransaction } from '@gimbal/db';
import { NEWEST_FIRST, olderThan } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';

/** A trouble as somebody met it. The same `dedupKey` is the same trouble. */
export interface Sighting {
  readonly dedupKey: string;
  readonly alertType: string;
  readonly severity: AlertSeverity;
  readonly modelName: string | null;
  readonly title: string;
  readonly message: string;
  readonly assessmentId: string | null;
  /** Counted once for each decision; null counts every time. */
  readonly decisionId: string | null;
}

export interface AlertFilter {
  readonly status?: Alert['status'] | undefined;
  readonly model?: string | undefined;
}

/** The alerts. */
@Injectable()
export class AlertRepository {
  constructor(private readonly database: Database) {}

  list({ status, model }: AlertFilter, cursor: string | undefined, take: number): Promise<Alert[]> {
    const where = {
      ...(status && { status }),
      ...(model !== undefined && { modelName: model }),
      ...olderThan(cursor),
    };
    return this.database.reader.alert.findMany({ where, orderBy: NEWEST_FIRST, take });
  }

  /** The alert, locked until the transaction ends; null when there is none. */
  async findForChange(tx: DatabaseTransaction, id: string): Promise<Alert | null> {
    await tx.$executeRaw`SELECT FROM alerts WHERE id = ${id}::uuid FOR UPDATE`;
    return tx.alert.findUnique({ where: { id } });
  }

  /** Makes the sightings of one trouble take turns until the transaction ends. */
  async takeTurn(tx: DatabaseTransaction, dedupKey: string): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`monitoring.alert:${dedupKey}`}, 0))`;
  }

  /** The alert on which a decision was counted, resolved or not. */
  findCounted(tx: DatabaseTransaction, dedupKey: string, decisionId: string): Promise<Alert | null> {
    return tx.alert.findFirst({ where: { dedupKey, decisionIds: { has: decisionId } } });
  }

  findOpen(tx: DatabaseTransaction, dedupKey: string): Promise<Alert | null> {
    return tx.alert.findFirst({ where: { dedupKey, status: { not: 'resolved' } } });
  }

  create(tx: DatabaseTransaction, { decisionId, ...sighting }: Sighting, at: Date): Promise<Alert> {
    const times = { createdAt: at, lastSeenAt: at };
    return tx.alert.create({ data: { ...sighting, ...times, decisionIds: decisionId === null ? [] : [decisionId] } });
  }

  /** Counts one more sighting; what is said last is shown, and the gravest severity stays. */
  count(tx: DatabaseTransaction, open: Alert, sighting: Sighting, at: Date): Promise<Alert> {
    const severity = gravest(open.severity, sighting.severity);
    return tx.alert.update({
      where: { id: open.id },
      data: {
        occurrences: { increment: 1 },
        lastSeenAt: at,
        severity,
        title: sighting.title,
        message: sighting.message,
        ...(sighting.assessmentId !== null && { assessmentId: sighting.assessmentId }),
        ...(sighting.decisionId !== null && { decisionIds: { push: sighting.decisionId } }),
      },
    });
  }

  update(tx: DatabaseTransaction, id: string, data: Partial<Omit<Alert, 'id'>>): Promise<Alert> {
    return tx.alert.update({ where: { id }, data });
  }
}

const ORDER: readonly AlertSeverity[] = ['info', 'warning', 'critical'];
const gravest = (one: AlertSeverity, other: AlertSeverity): AlertSeverity =>
  ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other;
