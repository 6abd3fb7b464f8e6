import { createHash } from 'node:crypto';
import { canonicalJson, DomainError } from '@gimbal/domain';
import { isDatabaseAway, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { z } from 'zod';
import { IdempotencyRepository, type IdempotentRequest } from './idempotency.repository.js';

/** An answer that can be given again: its text is kept as it was sent. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export const IDEMPOTENCY_OPTIONS = Symbol('gateway:idempotency-options');
export interface IdempotencyOptions {
  /** Longer than any request takes, in milliseconds: after it a request left by a killed gateway may be made again. */
  readonly lockMs: number;
}

const KEEP_MS = 24 * 3_600_000;
const PRUNE_MS = 600_000;
const KEY = /^[\x21-\x7e]{1,200}$/;

const Kept = z.object({ headers: z.record(z.string(), z.string()), text: z.string() });

/**
 * What makes two requests the same: method, path with query, and the meaning of the body (its bytes, where it is nested so deep that it has no
 * canonical form).
 */
export function hashRequest(
  method: string,
  path: string,
  body: { readonly json: unknown; readonly bytes: unknown },
): string {
  const text = canonicalJson(body.json) ?? (Buffer.isBuffer(body.bytes) ? body.bytes : '');
  return createHash('sha256').update(`${method} ${path}\n`).update(text).digest('hex');
}

/**
 * `Idempotency-Key`: the first answer to a write is kept for a day and given again to its repeats. Answers of 500 and above are not kept:
 * the repeat tries again. A gateway killed in between leaves its request locked until `lockMs` have passed.
 */
@Injectable()
export class IdempotencyService implements OnApplicationBootstrap, OnModuleDestroy {
  private pruning: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: IdempotencyRepository,
    @Inject(IDEMPOTENCY_OPTIONS) private readonly options: IdempotencyOptions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    const prune = () => this.repository.deleteExpired(new Date()).catch(() => undefined); // the next round does it
    this.pruning = setInterval(() => void prune(), PRUNE_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.pruning);
  }

  /**
   * Does `work` once for a caller's key.
   * @param asRepeated what repeats are answered, when that is not the answer itself
   * @throws DomainError `validation-failed` for a key that is none; `idempotency-key-reused` when it stood for another request;
   *   `idempotency-in-progress` while the first one is being answered
   */
  async once(
    request: IdempotentRequest,
    work: () => Promise<WholeAnswer>,
    asRepeated: (answer: WholeAnswer) => WholeAnswer = (answer) => answer,
  ): Promise<WholeAnswer> {
    if (!KEY.test(request.key))
      throw new DomainError('validation-failed', 'An Idempotency-Key has 1 to 200 visible ASCII characters.');
    const token = await this.repository.reserve(request, this.options.lockMs);
    if (token === null) return this.repeat(request);
    const answer = await work().catch(async (error: unknown) => {
      await this.giveBack(request, token);
      throw error;
    });
    if (answer.status >= 500) await this.giveBack(request, token);
    else await this.keep(request, token, asRepeated(answer));
    return answer;
  }

  private async repeat({ caller, key, requestHash }: IdempotentRequest): Promise<WholeAnswer> {
    const first = await this.repository.find(caller, key);
    if (first && first.requestHash !== requestHash)
      throw new DomainError('idempotency-key-reused', 'Use a new Idempotency-Key for another request.');
    const kept = Kept.safeParse(first?.body);
    if (first?.status == null || !kept.success)
      throw new DomainError('idempotency-in-progress', 'Ask again in a moment.');
    return {
      status: first.status,
      headers: { ...kept.data.headers, 'idempotent-replayed': 'true' },
      text: kept.data.text,
    };
  }

  private async keep(request: IdempotentRequest, token: Date, { status, headers, text }: WholeAnswer): Promise<void> {
    try {
      await this.repository.complete(request, token, {
        status,
        body: { headers: { ...headers }, text },
        keepMs: KEEP_MS,
      });
    } catch (error) {
      // The work is done and its answer goes out; a repeat meets the lock until it expires.
      this.logger.warn({ err: error, away: isDatabaseAway(error) }, 'answer to an idempotent request was not kept');
    }
  }

  private async giveBack(request: IdempotentRequest, token: Date): Promise<void> {
    await this.repository.release(request, token).catch((error: unknown) => {
      this.logger.warn({ err: error, away: isDatabaseAway(error) }, 'idempotency key was not given back; it expires');
    });
  }
}
