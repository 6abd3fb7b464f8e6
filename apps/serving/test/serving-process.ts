import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const HOOK = new URL('./run-from-source.mjs', import.meta.url).href;

/** Serving as a process of its own, which can be killed. */
export class ServingProcess {
  readonly url: string;
  private readonly child: ChildProcess;
  private readonly output: string[];

  private constructor(child: ChildProcess, url: string, output: string[]) {
    this.child = child;
    this.url = url;
    this.output = output;
  }

  static async start(environment: Readonly<Record<string, string>>): Promise<ServingProcess> {
    const child = spawn(process.execPath, ['--conditions=gimbal-source', '--import', HOOK, MAIN], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output: string[] = [];
    child.stdout?.on('data', (chunk) => output.push(String(chunk)));
    child.stderr?.on('data', (chunk) => output.push(String(chunk)));
    const ready = once(child, 'message').then(([message]) => (message as { url: string }).url); // ReadyMessage is all it sends
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`serving ended with ${code}: ${output.join('')}`);
    });
    ended.catch(() => undefined);
    return new ServingProcess(child, await Promise.race([ready, ended]), output);
  }

  get log(): string {
    return this.output.join('');
  }

  /** SIGKILL: no chance to tidy up. */
  async kill(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }

  /** SIGTERM. @returns the exit code */
  async end(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code] = await exit;
    return typeof code === 'number' ? code : null;
  }
}
