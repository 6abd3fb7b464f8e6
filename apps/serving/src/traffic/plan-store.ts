import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWire, TrafficDocument } from '@gimbal/contracts';

const FILE = 'traffic-plan.json';

/** The last traffic plan, on disk: with it serving starts and answers while the registry is away. */
export class PlanStore {
  private readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** The kept plan; undefined when there is none that can be read. */
  async read(): Promise<TrafficDocument | undefined> {
    try {
      return TrafficDocument.parse(JSON.parse(await readFile(join(this.directory, FILE), 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Replaces the kept plan in one step; safe against power loss. @throws the file system's error */
  async write(plan: TrafficDocument): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const path = join(this.directory, FILE);
    const fresh = `${path}.new`;
    const file = await open(fresh, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(encodeWire(TrafficDocument, plan)));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
    const folder = await open(this.directory, 'r');
    await folder.sync().finally(() => folder.close());
  }
}
