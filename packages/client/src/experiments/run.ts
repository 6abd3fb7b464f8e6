import { readdirSync, statSync } from 'node:fs';
import { basename, extname, join, relative, sep } from 'node:path';
import { ExperimentError } from './experiment-error.js';
import { beginRun, type ParamValue, type RunOrigin, resumeRun, type StartRun } from './open-run.js';
import type { RunWriter } from './run-buffer.js';
import { loggedValue, type ModelMetadata, type RunEnd, type RunEntry } from './run-entry.js';

/** A model file to register, and what a version is registered with (`docs/guides/import-models.md`). */
export interface LoggedModel {
  /** Of the ONNX file. */
  readonly file: string;
  readonly model: string;
  readonly metadata: ModelMetadata;
  /** Path among the run's artifacts, default `model/` and the name of the file. */
  readonly path?: string;
}

/** What a run needs of its manager. */
export interface RunContext extends RunOrigin {
  /** Called after each entry. */
  readonly onLogged: () => void;
  /** Waits for a while until all of the run is sent; false when some of it is not. */
  readonly onEnded: (runId: string) => Promise<boolean>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
};

/**
 * One run that is being logged. What a call took is on disk when it returns (or resolves): a program that is killed then loses nothing,
 * and the registry gets it once, now or later.
 */
export class Run {
  readonly id: string;
  /** Of a resumed run that began elsewhere: its id. */
  readonly name: string;
  /** Null also for a resumed run that began elsewhere. */
  readonly parentRunId: string | null;
  /** Runs that it lies within. */
  readonly depth: number;
  private readonly writer: RunWriter;
  private readonly params: Map<string, string>;
  private end: RunEnd | undefined;

  constructor(
    private readonly context: RunContext,
    start: StartRun,
  ) {
    const opened = start.runId === undefined ? beginRun(context, start) : resumeRun(context, start.runId, start);
    this.id = opened.id;
    this.name = opened.name;
    this.parentRunId = opened.parentRunId;
    this.depth = opened.depth;
    this.writer = opened.writer;
    this.params = new Map(opened.params);
    context.onLogged();
    if (start.params && Object.keys(start.params).length > 0) this.logParams(start.params);
  }

  /** `running`, or how it ended. */
  get state(): 'running' | RunEnd {
    return this.end ?? 'running';
  }

  /** A parameter is written once; the same value again is fine. @throws ExperimentError `param-changed` */
  logParam(key: string, value: ParamValue): void {
    this.logParams({ [key]: value });
  }

  logParams(params: Readonly<Record<string, ParamValue>>): void {
    const texts = Object.entries(params).map(([key, value]) => [key, String(value)] as const);
    const changed = texts.find(([key, text]) => (this.params.get(key) ?? text) !== text);
    if (changed)
      throw new ExperimentError(
        'param-changed',
        `${changed[0]} is "${this.params.get(changed[0])}" already, and is written once.`,
      );
    this.append({ kind: 'params', params: Object.fromEntries(texts) });
    for (const [key, text] of texts) this.params.set(key, text);
  }

  /** NaN and infinities are kept as MLflow keeps them; `step` counts from 0 and is 0 when left out. */
  logMetric(key: string, value: number, step = 0): void {
    this.logMetrics({ [key]: value }, step);
  }

  /** Several metrics of one step. */
  logMetrics(metrics: Readonly<Record<string, number>>, step = 0): void {
    const at = new Date().toISOString();
    this.append({
      kind: 'metrics',
      metrics: Object.entries(metrics).map(([key, value]) => ({ key, value: loggedValue(value), step, at })),
    });
  }

  /** The last value of a tag holds. */
  setTag(key: string, value: string): void {
    this.setTags({ [key]: value });
  }

  setTags(tags: Readonly<Record<string, string>>): void {
    this.append({ kind: 'tags', tags: { ...tags } });
  }

  /** Copies a file; it may change or go afterwards. @param folder among the run's artifacts */
  async logArtifact(file: string, folder = ''): Promise<void> {
    await this.keepFile(file, folder === '' ? basename(file) : `${folder}/${basename(file)}`);
  }

  /** Copies all files of a folder and those below it. */
  async logArtifacts(directory: string, folder = ''): Promise<void> {
    for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
      const path = join(directory, file);
      if (!statSync(path).isFile()) continue;
      const below = relative(directory, path).split(sep).join('/');
      await this.keepFile(path, folder === '' ? below : `${folder}/${below}`);
    }
  }

  /** Logs an ONNX file and registers it as a version of `model`: when the registry is reached, and once. */
  async logModel({ file, model, metadata, path = `model/${basename(file)}` }: LoggedModel): Promise<void> {
    const digest = await this.keepFile(file, path);
    this.append({ kind: 'model', model, path, digest, metadata });
  }

  /** @returns whether all of it is sent; if not, the rest follows later */
  async endRun(state: RunEnd = 'finished'): Promise<boolean> {
    this.append({ kind: 'end', state, at: new Date().toISOString() });
    this.end = state;
    this.writer.close();
    return await this.context.onEnded(this.id);
  }

  private async keepFile(file: string, path: string): Promise<string> {
    this.refuseWhenEnded();
    const { digest, bytes } = await this.context.buffer.keepFile(this.id, file);
    const contentType = CONTENT_TYPES[extname(path)] ?? 'application/octet-stream';
    this.append({ kind: 'artifact', path, digest, bytes, contentType });
    return digest;
  }

  private append(entry: RunEntry): void {
    this.refuseWhenEnded();
    this.writer.append(entry);
    this.context.onLogged();
  }

  private refuseWhenEnded(): void {
    if (this.end) throw new ExperimentError('run-ended', `The run ${this.name} is ${this.end} and takes no more.`);
  }
}
