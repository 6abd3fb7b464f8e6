import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const HOOK = new URL('./run-from-source.mjs', import.meta.url).href;

/** Monitoring as a process of its own, which can be killed. */
export class MonitoringProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(env: Readonly<Record<string, string>>): Promise<MonitoringProcess> {
    const flags = ['--conditions=gimbal-source', '--disable-warning=ExperimentalWarning', '--import', HOOK];
    const child = spawn(process.execPath, [...flags, MAIN], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => output.push(String(part)));
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`monitoring ended with ${code}: ${output.join('').slice(-4_000)}`);
    });
    ended.catch(() => undefined);
    const [message] = await Promise.race([once(child, 'message'), ended]);
    return new MonitoringProcess(child, (message as { url: string }).url); // ReadyMessage is all it sends
  }

  /** SIGKILL: no chance to tidy up. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }

  /** SIGTERM. @returns the exit code */
  async end(): Promise<number | null> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code] = await exit;
    return code;
  }
}
