import { type FileHandle, mkdir, open, readFile, rename, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWire, TrafficChanges, TrafficDocument } from '@gimbal/contracts';

const FILE = 'traffic-plan.json';
/** Changes since that file was written, a line each, begun by its line break: what was cut off before stays a line of its own. */
const JOURNAL = 'traffic-plan.changes';

/**
 * The last traffic plan, on disk: with it serving starts and answers while the registry is away. A change costs what it says, not what there
 * is: it is added to a journal. Each line names the revision that it changes, so one that belongs to another plan is passed over.
 */
export class PlanStore {
  private readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** The kept plan; undefined when there is none that can be read. */
  async read(): Promise<TrafficDocument | undefined> {
    try {
      const document = TrafficDocument.parse(JSON.parse(await readFile(this.pathOf(FILE), 'utf8')));
      return applyAll(document, await readFile(this.pathOf(JOURNAL), 'utf8').catch(() => ''));
    } catch {
      return undefined;
    }
  }

  /** Replaces the kept plan in one step; safe against power loss. @throws the file system's error */
  async write(plan: TrafficDocument): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const path = this.pathOf(FILE);
    const fresh = `${path}.new`;
    await writeSynced(await open(fresh, 'w', 0o600), JSON.stringify(encodeWire(TrafficDocument, plan)));
    await rename(fresh, path);
    const folder = await open(this.directory, 'r');
    await folder.sync().finally(() => folder.close());
    await truncate(this.pathOf(JOURNAL)).catch(() => undefined); // there may be none; an old one is passed over
  }

  /**
   * Keeps what changed. @throws the file system's error
   * @returns whether the journal has outgrown the plan: then the whole should be written again
   */
  async append(changes: TrafficChanges): Promise<boolean> {
    const journal = this.pathOf(JOURNAL);
    await writeSynced(await open(journal, 'a', 0o600), `\n${JSON.stringify(encodeWire(TrafficChanges, changes))}`);
    return (await stat(journal)).size > (await stat(this.pathOf(FILE))).size;
  }

  private pathOf(name: string): string {
    return join(this.directory, name);
  }
}

async function writeSynced(file: FileHandle, text: string): Promise<void> {
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @param lines any of which a power loss or a full disk may have cut off: what builds on such a one is passed over as well */
function applyAll(document: TrafficDocument, lines: string): TrafficDocument {
  const models = new Map(document.models.map((model) => [model.modelName, model]));
  let { revision, manifestKeys } = document;
  for (const line of lines.split('\n')) {
    const changes = readChanges(line);
    if (changes?.since !== revision) continue;
    revision = changes.revision;
    manifestKeys = changes.manifestKeys ?? manifestKeys;
    for (const name of changes.removed) models.delete(name);
    for (const model of changes.models) models.set(model.modelName, model);
  }
  return { revision, models: [...models.values()], ...(manifestKeys && { manifestKeys }) };
}

function readChanges(line: string): TrafficChanges | undefined {
  try {
    return TrafficChanges.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
