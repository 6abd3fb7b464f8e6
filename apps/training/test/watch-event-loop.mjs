// Preloaded into a service by --import: tells its parent how long the event loop computes without a break. Measured in CPU time of the main
// thread between two turns of a timer, since on a busy machine the delay of a timer says more about the other processes.
import { isMainThread } from 'node:worker_threads';

const TURN_MS = 5;

if (isMainThread && process.send) {
  let before = process.threadCpuUsage();
  setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    process.send({ type: 'event-loop', busyMs: (user + system) / 1_000 });
    before = process.threadCpuUsage();
  }, TURN_MS).unref();
}
