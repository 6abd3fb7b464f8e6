import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A program that is kept running. */
export interface ProcessPlan {
  readonly name: string;
  /** Where it answers. */
  readonly url: string;
  /** Where serving answers predictions without the gateway. */
  readonly predictUrl?: string;
  /** JavaScript file to run with this process's Node. */
  readonly script: string;
  readonly nodeFlags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface ProcessEvents {
  readonly onLine: (name: string, line: string) => void;
  /** The process said it is ready, or came back after it died. */
  readonly onReady: (name: string, pid: number) => void;
  readonly onDeath: (name: string, how: string, restartInMs: number) => void;
}

const BACKOFF_FIRST_MS = 200;
const BACKOFF_MAX_MS = 10_000;
/** A process that lived so long starts its backoff anew. */
const STABLE_MS = 30_000;
/** Exit code of a service whose configuration is wrong (sysexits EX_CONFIG): starting it again would not help. */
const EXIT_CONFIG = 78;

/** One service process: started, watched, started again when it dies, stopped on request. */
export class SupervisedProcess {
  private child: ChildProcess | undefined;
  private backoffMs = BACKOFF_FIRST_MS;
  private timer: NodeJS.Timeout | undefined;
  private stopping = false;
  private startedAt = 0;

  constructor(
    private readonly plan: ProcessPlan,
    private readonly events: ProcessEvents,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves when the process first says it is ready; rejects when it ends before that, with what it last said. */
  start(): Promise<void> {
    return new Promise((ready, failed) => this.spawn({ ready, failed }));
  }

  private spawn(first?: { ready: () => void; failed: (error: Error) => void }): void {
    const { plan, events } = this;
    const child = spawn(process.execPath, [...plan.nodeFlags, plan.script], {
      env: plan.env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Its own process group: Ctrl-C reaches the starter alone, which then stops everything in order.
      detached: process.platform !== 'win32',
    });
    this.child = child;
    this.startedAt = Date.now();
    let settled = first === undefined;
    let lastLines: string[] = [];
    const keep = (line: string) => {
      lastLines = [...lastLines.slice(-9), line];
      events.onLine(plan.name, line);
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream as Readable, crlfDelay: Number.POSITIVE_INFINITY }).on('line', keep); // piped above
    }
    child.on('message', (message) => {
      if (typeof message !== 'object' || message === null || !('type' in message) || message.type !== 'ready') return;
      events.onReady(plan.name, child.pid ?? 0);
      if (!settled) first?.ready();
      settled = true;
    });
    child.on('error', (error) => keep(String(error)));
    child.on('close', (code, signal) => {
      const how = signal ? `signal ${signal}` : `exit code ${code}`;
      if (this.child === child) this.child = undefined;
      if (!settled) {
        settled = true;
        first?.failed(new Error(`${plan.name} did not start (${how}):\n${lastLines.join('\n')}`));
        return;
      }
      if (!this.stopping) this.restart(how, code);
    });
  }

  private restart(how: string, code: number | null): void {
    if (Date.now() - this.startedAt > STABLE_MS) this.backoffMs = BACKOFF_FIRST_MS;
    const wait = code === EXIT_CONFIG ? BACKOFF_MAX_MS : this.backoffMs;
    this.backoffMs = Math.min(this.backoffMs * 2, BACKOFF_MAX_MS);
    this.events.onDeath(this.plan.name, how, wait);
    this.timer = setTimeout(() => this.spawn(), wait);
  }

  /** SIGTERM, and SIGKILL after `deadlineMs`. Resolves when the process is gone. */
  async stop(deadlineMs: number): Promise<void> {
    this.stopping = true;
    clearTimeout(this.timer);
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'close');
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
    await gone;
    clearTimeout(kill);
  }
}
