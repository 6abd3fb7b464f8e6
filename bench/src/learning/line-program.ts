import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program that says a line when it is ready, and another one for each line that it is sent. */
export class LineProgram {
  private readonly process;
  private readonly lines: AsyncIterator<string>;

  constructor(program: string, args: readonly string[]) {
    this.process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  /** What the next line says, as JSON. @throws Error when the program ends without having answered */
  async read(): Promise<unknown> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('A program of the benchmark ended before it had answered.');
    return JSON.parse(value);
  }

  /** Sends a line and reads the answer. */
  async askLine(line: string): Promise<unknown> {
    this.process.stdin.write(`${line}\n`);
    return this.read();
  }

  async end(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    this.process.stdin.end();
    await once(this.process, 'exit');
  }
}
