import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import {
  type HostAnswer,
  HostCutShort,
  type HostEnd,
  HostLost,
  type HostRequest,
  SessionHost,
  WORKER_FILE,
  WORKER_OPTIONS,
} from './session-host.js';

const MEBIBYTE = 1_048_576;
const LOOK_MS = 50;
const PAGE_BYTES = 4_096;

/** What a process holds in memory, in bytes; 0 where the system does not say (it is not Linux). */
async function residentBytesOf(pid: number): Promise<number> {
  const pages = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return Number(pages.split(' ')[1] ?? 0) * PAGE_BYTES;
}

/**
 * A process of its own, for graphs of which nothing is known yet and for those that may loop for ever: it can be stopped whatever the
 * runtime does, and neither a crash nor the memory that it takes is ours. It costs a copy of each row.
 */
export class SessionProcess extends SessionHost {
  readonly isShared = false;
  private readonly child: ChildProcess;
  private readonly watch: NodeJS.Timeout;

  /** @param memoryMb beyond which it is stopped */
  constructor(memoryMb: number) {
    super();
    this.child = fork(WORKER_FILE, [], {
      execArgv: ['--max-old-space-size=256', ...WORKER_OPTIONS],
      serialization: 'advanced',
      env: { PATH: process.env['PATH'] }, // no secret is there for a graph to find
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (answer) => this.settle(answer as HostAnswer)); // sent by session-worker.ts alone
    this.child.on('error', (error) => this.lose(new HostCutShort(`The ONNX process failed: ${error.message}`)));
    this.child.on('exit', (code, signal) => {
      clearInterval(this.watch);
      // What ends it by force is we ourselves, who said so before, or a system without memory.
      const Reason = signal === 'SIGKILL' ? HostCutShort : HostLost;
      this.lose(new Reason(`The ONNX process ended (${signal ?? code}).`));
    });
    this.child.unref();
    this.child.channel?.unref();
    this.watch = setInterval(() => void this.checkMemory(memoryMb), LOOK_MS).unref();
  }

  end(): void {
    this.lose(new HostLost('The ONNX process was ended.'));
    this.kill();
  }

  protected post(message: HostRequest | HostEnd): void {
    this.child.send(message, (error) => {
      if (error) this.lose(new HostCutShort(`The ONNX process cannot be reached: ${error.message}`));
    });
  }

  protected kill(): void {
    clearInterval(this.watch);
    this.child.kill('SIGKILL');
  }

  private async checkMemory(memoryMb: number): Promise<void> {
    const { pid } = this.child;
    if (pid === undefined || (await residentBytesOf(pid)) <= memoryMb * MEBIBYTE) return;
    this.lose(new HostLost(`The model took more than ${memoryMb} MiB of memory.`));
    this.kill();
  }
}
