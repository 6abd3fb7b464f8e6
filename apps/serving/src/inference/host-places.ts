import type { SessionHost } from './session-host.js';
import { SessionProcess } from './session-process.js';
import { SessionThread } from './session-thread.js';

/** Where one graph is held. */
export interface HostPlace {
  readonly isShared: boolean;
  /** The host; a new one when the last was lost. */
  host(): SessionHost;
  /** Gives the place up. */
  leave(): void;
}

interface PooledThread {
  thread: SessionThread | undefined;
  graphs: number;
}

/**
 * The threads that larger graphs share; started when the first of them comes, started anew when one dies. A graph gets the thread that holds the
 * fewest others: as long as there are enough threads, none has to wait for another's runs.
 */
export class ThreadPool {
  private readonly threads: readonly PooledThread[];

  /** @param size threads, >= 1 */
  constructor(size: number) {
    this.threads = Array.from({ length: size }, () => ({ thread: undefined, graphs: 0 }));
  }

  /** Every graph keeps its place, so that its rows stay in one thread's memory. */
  take(): HostPlace {
    const pooled = this.threads.reduce((least, other) => (other.graphs < least.graphs ? other : least));
    pooled.graphs += 1;
    return {
      isShared: true,
      host: () => {
        if (!pooled.thread || pooled.thread.isLost) pooled.thread = new SessionThread();
        return pooled.thread;
      },
      leave: () => {
        pooled.graphs -= 1;
      },
    };
  }

  close(): void {
    for (const { thread } of this.threads) thread?.end();
  }
}

/** A process for one graph alone. @param memoryMb beyond which it is stopped */
export function ownProcess(memoryMb: number): HostPlace {
  let child: SessionProcess | undefined;
  return {
    isShared: false,
    host: () => {
      if (!child || child.isLost) child = new SessionProcess(memoryMb);
      return child;
    },
    leave: () => child?.end(),
  };
}
