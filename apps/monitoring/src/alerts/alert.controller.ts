import { type Actor, Alert, AlertNotes, AlertPage, AlertsQuery, encodeWire, Id, RaiseAlert } from '@gimbal/contracts';
import type { Alert as AlertRow } from '@gimbal/db';
import { CallableBy, CurrentActor, pageOf } from '@gimbal/platform';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { z } from 'zod';
import { AlertRepository } from './alert.repository.js';
import { AlertService } from './alert.service.js';

@Controller()
export class AlertController {
  constructor(
    private readonly service: AlertService,
    private readonly alerts: AlertRepository,
  ) {}

  @Get('api/v1/alerts')
  async list(@Query({ schema: AlertsQuery }) { limit, cursor, ...filter }: z.output<typeof AlertsQuery>) {
    const rows = await this.alerts.list(filter, cursor, limit + 1);
    return encodeWire(AlertPage, pageOf(rows, limit, showAlert));
  }

  @Post('api/v1/alerts/:id/acknowledge')
  @HttpCode(200)
  async acknowledge(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: AlertNotes }) { notes }: z.output<typeof AlertNotes>,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(Alert, showAlert(await this.service.acknowledge(id, notes, actor)));
  }

  @Post('api/v1/alerts/:id/resolve')
  @HttpCode(200)
  async resolve(
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: AlertNotes }) { notes }: z.output<typeof AlertNotes>,
    @CurrentActor() actor: Actor,
  ) {
    return encodeWire(Alert, showAlert(await this.service.resolve(id, notes, actor)));
  }

  @Post('internal/alerts')
  @HttpCode(200)
  @CallableBy('agent')
  async raise(@Body({ schema: RaiseAlert }) request: z.output<typeof RaiseAlert>, @CurrentActor() actor: Actor) {
    return encodeWire(Alert, showAlert(await this.service.raise({ ...request, assessmentId: null }, actor.name)));
  }
}

function showAlert(row: AlertRow): z.output<typeof Alert> {
  const { id, alertType, severity, modelName, title, message, status, occurrences } = row;
  const { acknowledgedBy, resolvedBy, resolvedAt, resolutionNotes, createdAt, lastSeenAt } = row;
  return {
    ...{ id, alertType, severity, modelName, title, message, status, occurrences },
    ...{ acknowledgedBy, resolvedBy, resolutionNotes },
    resolvedAt: resolvedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt.toISOString(),
  };
}
