import { encodeWire, TrainingRun } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable, type MessageEvent, type OnModuleDestroy } from '@nestjs/common';
import { Observable } from 'rxjs';
import type { TrainingConfig } from '../config.js';
import { RunService } from './run.service.js';
import { isOver, showRun } from './show-run.js';

const LOOK_MS = 500;
const ALIVE_MS = 15_000;

/** Follows runs for those who watch them. */
@Injectable()
export class RunEventsService implements OnModuleDestroy {
  private readonly open = new Set<() => void>();

  constructor(
    private readonly runs: RunService,
    @Inject(CONFIG) private readonly config: TrainingConfig,
  ) {}

  /** Streams without end would keep the server from closing. */
  onModuleDestroy(): void {
    for (const end of this.open) end();
  }

  /**
   * The run now and after each change, until it ends. The event's id is the run's revision.
   * @throws DomainError `training-run-not-found`; `overloaded` when there are as many streams as may be
   */
  async watch(id: string): Promise<Observable<MessageEvent>> {
    if (this.open.size >= this.config.training.watchersMax)
      throw new DomainError('overloaded', 'There are as many open event streams as there may be.');
    await this.runs.find(id);
    return new Observable((subscriber) => {
      let seen = -1;
      let told = performance.now();
      let timer: NodeJS.Timeout;
      const end = (): void => subscriber.complete();
      const look = async (): Promise<void> => {
        const row = await this.runs.find(id).catch(() => undefined); // away for a moment: the next look tells
        if (subscriber.closed) return;
        if (row && row.revision !== seen) {
          seen = row.revision;
          told = performance.now();
          subscriber.next({ type: 'training-run', id: String(seen), data: encodeWire(TrainingRun, showRun(row)) });
        } else if (performance.now() - told > ALIVE_MS) {
          told = performance.now();
          subscriber.next({ type: 'alive', data: {} });
        }
        if (row && isOver(row)) end();
        else timer = setTimeout(() => void look(), LOOK_MS);
      };
      this.open.add(end);
      void look();
      return () => {
        clearTimeout(timer);
        this.open.delete(end);
      };
    });
  }
}
