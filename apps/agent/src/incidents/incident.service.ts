import type { ActionsQuery, AgentAction, Incident, IncidentsQuery } from '@gimbal/contracts';
import { ActionType } from '@gimbal/contracts';
import type { AgentAction as AgentActionRow, Incident as IncidentRow } from '@gimbal/db';
import { DIAGNOSES, DomainError } from '@gimbal/domain';
import { NEWEST_FIRST, olderThan, type PageOf, pageOf } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '../database/database.js';
import { readConditions, showAction } from './show-action.js';

type IncidentItem = z.output<typeof Incident>;
type ActionItem = z.output<typeof AgentAction>;

const Diagnoses = z.array(
  z.object({
    diagnosis: z.enum(DIAGNOSES),
    present: z.boolean(),
    severity: z.enum(['none', 'low', 'medium', 'high']),
    conditions: z.unknown(),
  }),
);
const Refused = z.array(
  z.object({ actionType: ActionType, code: z.string(), reason: z.string(), conditions: z.unknown() }),
);
const State = z.enum(['open', 'resolved', 'no-action']);

/** What was seen, concluded, refused and done. Only reads. */
@Injectable()
export class IncidentService {
  constructor(private readonly database: Database) {}

  async listIncidents({
    limit,
    cursor,
    model,
    assessmentId,
  }: z.output<typeof IncidentsQuery>): Promise<PageOf<IncidentItem>> {
    const rows = await this.database.reader.incident.findMany({
      where: {
        ...(model !== undefined && { modelName: model }),
        ...(assessmentId !== undefined && { assessmentId }),
        ...olderThan(cursor),
      },
      orderBy: NEWEST_FIRST,
      take: limit + 1,
      include: { actions: { orderBy: { createdAt: 'asc' } } },
    });
    return pageOf(rows, limit, showIncident);
  }

  /** @throws DomainError `incident-not-found` */
  async getIncident(id: string): Promise<IncidentItem> {
    const row = await this.database.reader.incident.findUnique({
      where: { id },
      include: { actions: { orderBy: { createdAt: 'asc' } } },
    });
    if (!row) throw new DomainError('incident-not-found', `There is no incident ${id}.`);
    return showIncident(row);
  }

  async listActions({
    limit,
    cursor,
    state,
    model,
    incidentId,
  }: z.output<typeof ActionsQuery>): Promise<PageOf<ActionItem>> {
    const rows = await this.database.reader.agentAction.findMany({
      where: {
        ...(state !== undefined && { state }),
        ...(model !== undefined && { modelName: model }),
        ...(incidentId !== undefined && { incidentId }),
        ...olderThan(cursor),
      },
      orderBy: NEWEST_FIRST,
      take: limit + 1,
    });
    return pageOf(rows, limit, showAction);
  }

  /** @throws DomainError `action-not-found` */
  async getAction(id: string): Promise<ActionItem> {
    const row = await this.database.reader.agentAction.findUnique({ where: { id } });
    if (!row) throw new DomainError('action-not-found', `There is no action ${id}.`);
    return showAction(row);
  }
}

function showIncident(row: IncidentRow & { readonly actions: readonly AgentActionRow[] }): IncidentItem {
  const { id, modelName, modelVersion, assessmentId, conclusion, createdAt, resolvedAt } = row;
  return {
    id,
    modelName,
    modelVersion,
    assessmentId,
    state: State.parse(row.state),
    conclusion,
    diagnoses: Diagnoses.parse(row.diagnoses).map((one) => ({ ...one, conditions: readConditions(one.conditions) })),
    refused: Refused.parse(row.refused).map((one) => ({ ...one, conditions: readConditions(one.conditions) })),
    actions: row.actions.map(showAction),
    createdAt: createdAt.toISOString(),
    resolvedAt: resolvedAt?.toISOString() ?? null,
  };
}
