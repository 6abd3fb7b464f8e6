import {
  Alert,
  DataValidation,
  encodeWire,
  GeneratedReport,
  GenerateReport,
  RaiseAlert,
  ValidateData,
} from '@gimbal/contracts';
import { ServiceClient } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ACTING_AS_AGENT as actor } from './acting-as-agent.js';

/** What the agent asks of monitoring. Each call carries the action's id and may be repeated. */
@Injectable()
export class MonitoringClient {
  constructor(private readonly monitoring: ServiceClient) {}

  async raiseAlert(request: z.output<typeof RaiseAlert>): Promise<z.output<typeof Alert>> {
    const body = { json: encodeWire(RaiseAlert, request) };
    return await this.monitoring.call({ method: 'POST', path: '/internal/alerts', body, actor, repeat: 'safe' }, Alert);
  }

  async generateReport(request: z.output<typeof GenerateReport>): Promise<z.output<typeof GeneratedReport>> {
    const body = { json: encodeWire(GenerateReport, request) };
    return await this.monitoring.call(
      { method: 'POST', path: '/internal/reports', body, actor, repeat: 'safe' },
      GeneratedReport,
    );
  }

  async validateData(request: z.output<typeof ValidateData>): Promise<z.output<typeof DataValidation>> {
    const body = { json: encodeWire(ValidateData, request) };
    return await this.monitoring.call(
      { method: 'POST', path: '/internal/data-validations', body, actor, repeat: 'safe' },
      DataValidation,
    );
  }
}
