import { type Actor, AgentPolicy, AgentPolicyPage, encodeWire } from '@gimbal/contracts';
import { CallableBy, CurrentActor } from '@gimbal/platform';
import { Body, Controller, Get, Put } from '@nestjs/common';
import type { z } from 'zod';
import { PolicyService } from './policy.service.js';

@Controller('api/v1/agent/policies')
@CallableBy('gateway')
export class PolicyController {
  constructor(private readonly policies: PolicyService) {}

  @Get()
  async list() {
    return encodeWire(AgentPolicyPage, await this.policies.list());
  }

  @Put()
  async put(@Body({ schema: AgentPolicy }) policy: z.output<typeof AgentPolicy>, @CurrentActor() actor: Actor) {
    return encodeWire(AgentPolicy, await this.policies.put(policy, actor));
  }
}
