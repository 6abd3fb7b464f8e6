import { CONFIG, OutboxWriter } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { Database } from '../database/database.js';
import type { MirrorState } from './mirror-status.js';

/** A trouble that lasts is told again. */
const AGAIN_MS = 3_600_000;
type Trouble = 'mlflow-down' | 'mlflow-behind';

/** Tells monitoring, which raises one alert for each trouble, when the server is away or changes wait for too long. */
@Injectable()
export class MirrorAlerts {
  private readonly alertAfterSeconds: number;
  private downSince: number | undefined;
  private readonly toldAt = new Map<Trouble, number>();

  constructor(
    private readonly database: Database,
    private readonly outbox: OutboxWriter,
    @Inject(CONFIG) { mirror }: RegistryConfig,
  ) {
    this.alertAfterSeconds = mirror.alertAfterSeconds;
  }

  async judge({ reachable, backlog, lastError }: MirrorState, now = performance.now()): Promise<void> {
    this.downSince = reachable ? undefined : (this.downSince ?? now);
    const downSeconds = this.downSince === undefined ? 0 : (now - this.downSince) / 1_000;
    const why = lastError === null ? '' : ` The last failure: ${lastError.message}`;
    await this.tell('mlflow-down', downSeconds, {
      title: 'The MLflow server does not answer',
      message: `It has not for ${Math.round(downSeconds)} s; registration goes on, and the mirror catches up.${why}`,
      now,
    });
    await this.tell('mlflow-behind', backlog.ageSeconds, {
      title: 'The MLflow mirror is behind',
      message: `${backlog.entities} changes wait, the oldest for ${Math.round(backlog.ageSeconds)} s.${why}`,
      now,
    });
  }

  private async tell(
    trouble: Trouble,
    seconds: number,
    { title, message, now }: { readonly title: string; readonly message: string; readonly now: number },
  ): Promise<void> {
    if (seconds < this.alertAfterSeconds) {
      this.toldAt.delete(trouble);
      return;
    }
    if (now - (this.toldAt.get(trouble) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return;
    const payload = { v: 1, trouble, title, message: message.slice(0, 2_000) } as const;
    await this.database.change((tx) => this.outbox.enqueue(tx, 'mirror.troubled', payload));
    this.toldAt.set(trouble, now);
  }
}
