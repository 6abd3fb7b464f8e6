import {
  ActionsQuery,
  AgentAction,
  AgentActionPage,
  encodeWire,
  Id,
  Incident,
  IncidentPage,
  IncidentsQuery,
} from '@gimbal/contracts';
import { CallableBy } from '@gimbal/platform';
import { Controller, Get, Param, Query } from '@nestjs/common';
import type { z } from 'zod';
import { IncidentService } from './incident.service.js';

@Controller('api/v1')
@CallableBy('gateway')
export class IncidentController {
  constructor(private readonly incidents: IncidentService) {}

  @Get('incidents')
  async listIncidents(@Query({ schema: IncidentsQuery }) query: z.output<typeof IncidentsQuery>) {
    return encodeWire(IncidentPage, await this.incidents.listIncidents(query));
  }

  @Get('incidents/:id')
  async getIncident(@Param('id', { schema: Id }) id: string) {
    return encodeWire(Incident, await this.incidents.getIncident(id));
  }

  @Get('agent/actions')
  async listActions(@Query({ schema: ActionsQuery }) query: z.output<typeof ActionsQuery>) {
    return encodeWire(AgentActionPage, await this.incidents.listActions(query));
  }

  @Get('agent/actions/:id')
  async getAction(@Param('id', { schema: Id }) id: string) {
    return encodeWire(AgentAction, await this.incidents.getAction(id));
  }
}
