import { type Actor, AgentAction, Decide, encodeWire, Id } from '@gimbal/contracts';
import { CallableBy, CurrentActor } from '@gimbal/platform';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { z } from 'zod';
import { showAction } from '../incidents/show-action.js';
import { ApprovalService } from './approval.service.js';

type Decision = z.output<typeof Decide>;

@Controller('api/v1/agent/actions/:id')
@CallableBy('gateway')
export class ApprovalController {
  constructor(private readonly approvals: ApprovalService) {}

  @Post('approve')
  @HttpCode(200)
  async approve(
    @Param('id', { schema: Id }) actionId: string,
    @Body({ schema: Decide }) { comment }: Decision,
    @CurrentActor() actor: Actor,
  ) {
    const row = await this.approvals.review({ actionId, decision: 'approve', comment, actor });
    return encodeWire(AgentAction, showAction(row));
  }

  @Post('reject')
  @HttpCode(200)
  async reject(
    @Param('id', { schema: Id }) actionId: string,
    @Body({ schema: Decide }) { comment }: Decision,
    @CurrentActor() actor: Actor,
  ) {
    const row = await this.approvals.review({ actionId, decision: 'reject', comment, actor });
    return encodeWire(AgentAction, showAction(row));
  }
}
