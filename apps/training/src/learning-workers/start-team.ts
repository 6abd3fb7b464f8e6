import { Worker } from 'node:worker_threads';
import type { ThreadTeam } from '@gimbal/learning';

const SCRIPT = new URL('./team.worker.js', import.meta.url);

/** Threads that help within one training. */
interface StartedTeam extends ThreadTeam {
  /** Ends what is left of the threads: to be awaited however the training ended. */
  end(): Promise<void>;
}

/**
 * A team for one training. Its threads start when the training hands out the work, and join in when they are there: it waits for none of
 * them, and does a dead one's part again. They end by themselves when the training does, and with the thread that started them.
 * @param helperCount threads beside the one that trains, >= 0
 */
export function startTeam(helperCount: number): StartedTeam {
  const helpers: Worker[] = [];
  return {
    helperCount,
    begin: (starts) => {
      for (const start of starts) {
        const helper = new Worker(SCRIPT, { name: 'learning-team', workerData: start });
        helper.on('error', () => undefined); // its part is done again by the one that trains
        helpers.push(helper);
      }
    },
    end: async () => {
      await Promise.all(helpers.map((helper) => helper.terminate()));
    },
  };
}
