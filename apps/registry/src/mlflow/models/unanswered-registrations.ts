import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Actor } from '@gimbal/contracts';
import { LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../database/database.js';

const FORGET = {
  name: 'registry_forget_answered',
  text: 'DELETE FROM unanswered_registrations WHERE version_id = ANY($1::uuid[])',
};

/**
 * MLflow's clients send a registration again when its answer did not come, and nothing in it says that it is a repeat; the same words are
 * also how a second version of the same files is made on purpose. What tells the two apart is whether the first was answered: a version
 * whose answer has not left yet is noted by the statement that adds it. When the process that should have answered is gone, the
 * note stays, and the next request of the same words by the same key means that version. Each note is used by one request.
 */
@Injectable()
export class UnansweredRegistrations {
  private answered: string[] = [];
  private isForgetting = false;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /** The hash of who asks for what. */
  hashOf({ id }: Actor, request: object): string {
    return createHash('sha256')
      .update(JSON.stringify([id, request]))
      .digest('hex');
  }

  /** Call when the answer is about to leave: the note goes after it, never before. */
  leaveAnswer(versionId: string): void {
    this.answered.push(versionId);
    if (!this.isForgetting) void this.forgetAnswered();
  }

  /** One statement at a time: the answers that leave meanwhile share the next one. */
  private async forgetAnswered(): Promise<void> {
    this.isForgetting = true;
    await setImmediate();
    while (this.answered.length > 0) {
      const ids = this.answered;
      this.answered = [];
      await this.database
        .query(FORGET, [ids])
        .catch((error: unknown) => this.logger.warn({ err: error }, 'answered registrations stay noted for a while'));
    }
    this.isForgetting = false;
  }
}
