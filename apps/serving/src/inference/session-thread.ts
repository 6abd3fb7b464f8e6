import { Worker } from 'node:worker_threads';
import {
  type HostAnswer,
  type HostEnd,
  HostLost,
  type HostRequest,
  SessionHost,
  WORKER_FILE,
  WORKER_OPTIONS,
} from './session-host.js';

const END_TIMEOUT_MS = 5_000;

/** A thread of this process. One that is stuck inside the runtime's native code fails its requests, but runs on: see {@link SessionProcess}. */
export class SessionThread extends SessionHost {
  readonly isShared = true;
  private readonly worker: Worker;

  constructor() {
    super();
    this.worker = new Worker(WORKER_FILE, {
      name: 'onnx',
      execArgv: [...WORKER_OPTIONS],
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 },
    });
    this.worker.on('message', (answer: HostAnswer) => this.settle(answer));
    this.worker.on('error', (error) =>
      this.lose(new HostLost(`The ONNX thread failed: ${error instanceof Error ? error.message : String(error)}`)),
    );
    this.worker.on('exit', (code) => this.lose(new HostLost(`The ONNX thread ended with ${code}.`)));
    this.worker.unref();
  }

  /**
   * After the run under way: a thread that is stopped inside the runtime's native code can take the process with it. Not waited for, so that
   * a graph that never comes back does not hold up a shutdown; that one is stopped by force.
   */
  end(): void {
    this.lose(new HostLost('The ONNX thread was ended.'));
    this.post({ type: 'end' });
    const force = setTimeout(() => this.kill(), END_TIMEOUT_MS).unref();
    this.worker.once('exit', () => clearTimeout(force));
  }

  protected post(message: HostRequest | HostEnd): void {
    this.worker.postMessage(message);
  }

  protected kill(): void {
    void this.worker.terminate();
  }
}
