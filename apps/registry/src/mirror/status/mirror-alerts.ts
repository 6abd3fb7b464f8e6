import { setTimeout as sleep } from 'node:timers/promises';
import type { JobPayload } from '@gimbal/contracts';
import { CONFIG, LOGGER, type Logger, OutboxWriter } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../../config.js';
import { Database } from '../../database/database.js';
import { type MirrorState, MirrorStatus } from './mirror-status.js';

const LOOK_MS = 10_000;
/** A trouble that lasts is told again. */
const AGAIN_MS = 3_600_000;

type Trouble = JobPayload<'mirror.troubled'>['trouble'];

/** What a look says of one trouble. Between `trouble` and `well` nothing is told: it has not lasted long enough. */
type Verdict =
  | { readonly is: 'trouble'; readonly title: string; readonly message: string; readonly count: number }
  | { readonly is: 'well'; readonly reason: string }
  | { readonly is: 'open' };

/** Tells monitoring, which raises one alert for each trouble, and resolves it when the trouble is over. */
@Injectable()
export class MirrorAlerts {
  private readonly alertAfterSeconds: number;
  private downSince: number | undefined;
  /** What monitoring was told last. Nothing after a start: an alert may be open from before. */
  private readonly told = new Map<
    Trouble,
    { readonly is: 'trouble' | 'well'; readonly at: number; readonly count: number }
  >();

  constructor(
    private readonly status: MirrorStatus,
    private readonly database: Database,
    private readonly outbox: OutboxWriter,
    @Inject(CONFIG) { mirror }: RegistryConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.alertAfterSeconds = mirror.alertAfterSeconds;
  }

  /** Looks from time to time until `signal` aborts. Of all replicas the one that tells the server does. */
  async run(signal: AbortSignal): Promise<void> {
    this.told.clear();
    while (!signal.aborted) {
      await this.look().catch((error: unknown) => this.logger.warn({ err: error }, 'the mirror could not be judged'));
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined); // the end cuts it short
    }
  }

  private async look(now = performance.now()): Promise<void> {
    const state = await this.status.read();
    this.downSince = state.reachable ? undefined : (this.downSince ?? now);
    await this.tell('mlflow-down', this.judgeDown(state, now), now);
    await this.tell('mlflow-behind', this.judgeBacklog(state), now);
    await this.tell('mlflow-refused', judgeRefusals(state), now);
  }

  private judgeDown({ version, lastError }: MirrorState, now: number): Verdict {
    if (this.downSince === undefined) return { is: 'well', reason: `The server answers: MLflow ${version}.` };
    const seconds = Math.round((now - this.downSince) / 1_000);
    if (seconds < this.alertAfterSeconds) return { is: 'open' };
    return {
      ...{ is: 'trouble', title: 'The MLflow server does not answer', count: 1 },
      message: `It has not for ${seconds} s; registration goes on, and the mirror catches up. ${lastOf(lastError)}`,
    };
  }

  private judgeBacklog({ backlog, lastError }: MirrorState): Verdict {
    const [seconds, limit] = [Math.round(backlog.ageSeconds), this.alertAfterSeconds];
    if (seconds < limit)
      return { is: 'well', reason: `The oldest change waits for ${seconds} s, less than ${limit} s.` };
    return {
      ...{ is: 'trouble', title: 'The MLflow mirror is behind', count: 1 },
      message: `${backlog.entities} changes wait, the oldest for ${seconds} s. ${lastOf(lastError)}`,
    };
  }

  private async tell(trouble: Trouble, verdict: Verdict, now: number): Promise<void> {
    const last = this.told.get(trouble);
    if (verdict.is === 'open' || (verdict.is === 'well' && last?.is === 'well')) return;
    const count = verdict.is === 'trouble' ? verdict.count : 0;
    if (verdict.is === 'trouble' && last && count <= last.count && now - last.at < AGAIN_MS) return;
    await this.database.change((tx) =>
      verdict.is === 'well'
        ? this.outbox.enqueue(tx, 'mirror.recovered', { v: 1, trouble, reason: verdict.reason })
        : this.outbox.enqueue(tx, 'mirror.troubled', {
            ...{ v: 1, trouble, title: verdict.title, message: verdict.message.slice(0, 2_000) },
          }),
    );
    this.told.set(trouble, { is: verdict.is, at: now, count });
  }
}

function judgeRefusals({ backlog: { failed, conflicts } }: MirrorState): Verdict {
  if (failed + conflicts === 0) return { is: 'well', reason: 'Nothing is refused or in conflict.' };
  return {
    ...{ is: 'trouble', title: 'Something is not mirrored to MLflow', count: failed + conflicts },
    message: `${failed} refused, ${conflicts} in conflict; GET /api/v1/mlflow/refusals says what and why.`,
  };
}

const lastOf = (lastError: MirrorState['lastError']): string =>
  lastError === null ? '' : `The last failure: ${lastError.message}`;
