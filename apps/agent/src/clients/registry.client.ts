import {
  AdjustThreshold,
  encodeWire,
  Model,
  ModelVersion,
  PromoteVersion,
  Promotion,
  RollbackModel,
  ThresholdAdjustment,
} from '@gimbal/contracts';
import { ServiceClient } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { ACTING_AS_AGENT as actor } from './acting-as-agent.js';

/** What the agent asks of the registry. Everything that changes something carries the action's id and may be repeated. */
@Injectable()
export class RegistryClient {
  constructor(private readonly registry: ServiceClient) {}

  /** @throws DomainError `promotion-refused`, `promotion-conflict`, `version-not-found`, or that the registry is away */
  async promote(model: string, version: number, request: PromoteVersion): Promise<z.output<typeof Promotion>> {
    const path = `/api/v1/models/${model}/versions/${version}/promote`;
    const body = { json: encodeWire(PromoteVersion, request) };
    return await this.registry.call({ method: 'POST', path, body, actor, repeat: 'safe' }, Promotion);
  }

  /** @throws DomainError `promotion-conflict`, `nothing-to-roll-back`, or that the registry is away */
  async rollBack(model: string, request: RollbackModel): Promise<z.output<typeof Promotion>> {
    const path = `/api/v1/models/${model}/rollback`;
    const body = { json: encodeWire(RollbackModel, request) };
    return await this.registry.call({ method: 'POST', path, body, actor, repeat: 'safe' }, Promotion);
  }

  /** @throws DomainError `revision-conflict` when another threshold is in force, or that the registry is away */
  async adjustThreshold(
    model: string,
    version: number,
    request: z.output<typeof AdjustThreshold>,
  ): Promise<z.output<typeof ThresholdAdjustment>> {
    const path = `/internal/models/${model}/versions/${version}/threshold`;
    const body = { json: encodeWire(AdjustThreshold, request) };
    return await this.registry.call({ method: 'POST', path, body, actor, repeat: 'safe' }, ThresholdAdjustment);
  }

  async version(model: string, version: number): Promise<z.output<typeof ModelVersion>> {
    return await this.registry.call(
      { method: 'GET', path: `/api/v1/models/${model}/versions/${version}`, actor },
      ModelVersion,
    );
  }

  async model(model: string): Promise<z.output<typeof Model>> {
    return await this.registry.call({ method: 'GET', path: `/api/v1/models/${model}`, actor }, Model);
  }
}
