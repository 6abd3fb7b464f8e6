import { DeadLetters, DeadLettersQuery, DeadLettersRetried, encodeWire, RetryDeadLetters } from '@gimbal/contracts';
import { type DeadLetter, JobQueue } from '@gimbal/platform';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import type { z } from 'zod';

const LETTERS_MAX = 1_000;

/** The dead letters of every service: their queues are beside each other, so one service shows them all. */
@Controller('api/v1/dead-letters')
export class DeadLetterController {
  constructor(private readonly queue: JobQueue) {}

  /** Without their payloads, which may hold what somebody asked to be predicted. */
  @Get()
  async list(@Query({ schema: DeadLettersQuery }) { service }: z.output<typeof DeadLettersQuery>) {
    const letters = await this.queue.listDeadLetters(service, { limit: LETTERS_MAX });
    return encodeWire(DeadLetters, { items: letters.map(showLetter) });
  }

  @Post('retry')
  @HttpCode(200)
  async retry(@Body({ schema: RetryDeadLetters }) { service, jobId }: z.output<typeof RetryDeadLetters>) {
    const letters =
      jobId === undefined ? await this.queue.listDeadLetters(service, { limit: LETTERS_MAX }) : [{ jobId }];
    for (const letter of letters) await this.queue.retryDeadLetter(service, letter.jobId);
    return encodeWire(DeadLettersRetried, { retried: letters.length });
  }
}

const showLetter = ({ jobId, name, reason, attempts, failedAt }: DeadLetter) => ({
  ...{ jobId, name, attempts, reason: reason.slice(0, 2_000) },
  failedAt: failedAt?.toISOString() ?? null,
});
