import { createWriteStream, mkdirSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

const BYTES_MAX = 20_000_000;

/** One log file per service under `GIMBAL_HOME/logs`; at 20 MB a file is moved to `.1`, so that two are kept at most. */
export class LogFiles {
  private readonly open = new Map<string, { stream: WriteStream; bytes: number }>();

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  write(service: string, line: string): void {
    const path = join(this.folder, `${service}.log`);
    let file = this.open.get(service);
    if (file && file.bytes > BYTES_MAX) {
      file.stream.end();
      renameSync(path, `${path}.1`);
      file = undefined;
    }
    if (!file) {
      const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      file = { stream: createWriteStream(path, { flags: 'a', mode: 0o600 }), bytes };
      // A full disk must not stop the supervisor: the services still log to the terminal.
      file.stream.on('error', () => this.open.delete(service));
      this.open.set(service, file);
    }
    file.stream.write(`${line}\n`);
    file.bytes += line.length + 1;
  }

  /** Resolves when every line is in its file. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.open.values()].map(({ stream }) => new Promise<void>((done) => stream.end(() => done()))),
    );
  }
}
