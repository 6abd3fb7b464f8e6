import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Flags with which Node runs a TypeScript file of the repository as it stands, decorators included. */
export const SOURCE_FLAGS: readonly string[] = [
  '--conditions=gimbal-source',
  '--disable-warning=ExperimentalWarning',
  '--import',
  new URL('../../process/run-from-source.mjs', import.meta.url).href,
];

const LOG_SHOWN = 4_000;

/** A service as a process of its own, started as the supervisor does it, which can be killed. */
export class ServiceProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly output: readonly string[],
    /** Where it listens. */
    readonly url: string,
  ) {}

  /**
   * Starts a `main.ts` and waits until it says that it is ready.
   * @param env all of its environment but PATH
   * @throws Error with the end of its output when it ends instead
   */
  static async start(main: URL, env: Readonly<Record<string, string>>): Promise<ServiceProcess> {
    const child = spawn(process.execPath, [...SOURCE_FLAGS, fileURLToPath(main)], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => output.push(String(part)));
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${main.pathname} ended with ${code}: ${output.join('').slice(-LOG_SHOWN)}`);
    });
    ended.catch(() => undefined); // after the start nobody waits for it any more
    const [message] = await Promise.race([once(child, 'message'), ended]);
    return new ServiceProcess(child, output, (message as { url: string }).url); // the ready message is all it sends
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** All that it has written. */
  get log(): string {
    return this.output.join('');
  }

  /** SIGKILL: no chance to tidy up. */
  async kill(): Promise<void> {
    await this.stop('SIGKILL');
  }

  /** SIGTERM. @returns the exit code; null when a signal ended it */
  async end(): Promise<number | null> {
    await this.stop('SIGTERM');
    return this.child.exitCode;
  }

  private async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    await exit;
  }
}
