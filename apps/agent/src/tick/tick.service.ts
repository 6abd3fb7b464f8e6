import { isExpired } from '@gimbal/domain';
import { CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { AgentConfig } from '../config.js';
import { Database } from '../database/database.js';
import { lockAction } from '../execution/action.repository.js';
import { ClaimService } from '../execution/claim.service.js';
import { ExecutionService } from '../execution/execution.service.js';
import { findDue, findExpired } from './tick.repository.js';

/** One beat of the agent: what nobody decided expires, and what a killed process left behind is taken up again. */
@Injectable()
export class TickService {
  private readonly leaseMs: number;

  constructor(
    private readonly database: Database,
    private readonly claims: ClaimService,
    private readonly execution: ExecutionService,
    @Inject(CONFIG) { execution: limits }: AgentConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.leaseMs = limits.leaseMs;
  }

  /** A failure of one action keeps no other from its turn. */
  async tick(signal: AbortSignal): Promise<void> {
    const now = new Date();
    for (const id of await findExpired(this.database.reader, now)) await this.expire(id, now);
    for (const id of await findDue(this.database.reader, { now, leaseMs: this.leaseMs })) {
      if (signal.aborted) return;
      await this.execution.drive(id, signal).catch((error: unknown) => {
        this.logger.error({ err: error, action_id: id }, 'action could not be carried on');
      });
    }
  }

  private async expire(id: string, now: Date): Promise<void> {
    await this.database.change(async (tx) => {
      const row = await lockAction(tx, id);
      if (row && isExpired({ state: row.state, expiresAt: row.expiresAt?.getTime() ?? null }, now.getTime()))
        await this.claims.expire(tx, row, now);
    });
  }
}
