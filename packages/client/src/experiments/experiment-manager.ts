import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import type { ModelRegistry } from '../models/model-registry.js';
import { isTemporary } from '../temporary-failure.js';
import { BackgroundSync } from './background-sync.js';
import { ExperimentError } from './experiment-error.js';
import { type ExperimentManagerOptions, type ManagerSettings, resolveOptions } from './manager-options.js';
import type { ParamValue, StartRun } from './open-run.js';
import { type LoggedModel, Run } from './run.js';
import { RunBuffer } from './run-buffer.js';
import type { RunEnd } from './run-entry.js';
import { RunSender } from './run-sender.js';
import { type SyncReport, syncRuns } from './sync-runs.js';

export interface StartActiveRun extends StartRun {
  /** A run within the active one must say so, as in MLflow. */
  readonly nested?: boolean;
}

/**
 * Logs runs of one experiment, as MLflow's fluent functions do. Everything is first written to a buffer on disk and then sent; without a
 * gateway it waits there, also over restarts of the program.
 */
export class ExperimentManager implements AsyncDisposable {
  /** Null when no gateway is known: runs stay in the buffer. */
  readonly registry: ModelRegistry | null;
  readonly experimentName: string;
  private readonly settings: ManagerSettings;
  private readonly buffer: RunBuffer;
  private readonly background: BackgroundSync;
  /** Active runs outside of {@link withRun}; inside, each flow has its own list. */
  private readonly runs: Run[] = [];
  private readonly flow = new AsyncLocalStorage<Run[]>();

  /** @throws ExperimentError `invalid-options`, saying what to write instead */
  constructor(options: ExperimentManagerOptions | string = {}) {
    this.settings = resolveOptions(options);
    const { registry, experimentName, offlineDir: folder, offlineBytesMax: bytesMax, fsync } = this.settings;
    this.registry = registry;
    this.experimentName = experimentName;
    this.buffer = new RunBuffer({ folder, bytesMax, fsync });
    this.background = new BackgroundSync(() => this.send(), this.isAutomatic ? 'automatic' : 'manual');
    this.background.poke();
  }

  /** The innermost run that has not ended. */
  get activeRun(): Run | undefined {
    return this.active.findLast(({ state }) => state === 'running');
  }

  /**
   * Begins a run, or goes on with the one of `runId`.
   * @throws ExperimentError `active-run` when one is active and `nested` is not said, or when somebody else logs to that run
   */
  startRun({ nested = false, ...start }: StartActiveRun = {}): Run {
    const parent = this.activeRun ?? null;
    if (parent && !nested) {
      const message = `The run ${parent.name} is active: end it, or say { nested: true } for a run within it.`;
      throw new ExperimentError('active-run', message);
    }
    const run = new Run(
      {
        buffer: this.buffer,
        experimentName: this.experimentName,
        registry: this.registry?.url ?? null,
        parent,
        onLogged: () => this.background.poke(),
        onEnded: (id) => this.waitForSync(id),
      },
      start,
    );
    this.enter(run);
    return run;
  }

  logParam(key: string, value: ParamValue): void {
    this.current().logParam(key, value);
  }

  logParams(params: Readonly<Record<string, ParamValue>>): void {
    this.current().logParams(params);
  }

  logMetric(key: string, value: number, step?: number): void {
    this.current().logMetric(key, value, step);
  }

  logMetrics(metrics: Readonly<Record<string, number>>, step?: number): void {
    this.current().logMetrics(metrics, step);
  }

  setTag(key: string, value: string): void {
    this.current().setTag(key, value);
  }

  setTags(tags: Readonly<Record<string, string>>): void {
    this.current().setTags(tags);
  }

  async logArtifact(file: string, folder?: string): Promise<void> {
    await this.current().logArtifact(file, folder);
  }

  async logArtifacts(directory: string, folder?: string): Promise<void> {
    await this.current().logArtifacts(directory, folder);
  }

  async logModel(model: LoggedModel): Promise<void> {
    await this.current().logModel(model);
  }

  /** Ends the active run. @returns whether all of it is sent; if not, the rest follows later */
  async endRun(state?: RunEnd): Promise<boolean> {
    return await this.current().endRun(state);
  }

  /**
   * Runs `work` as one run: `finished` when it resolves, `failed` when it throws, which it throws on. A run within another is nested by
   * itself, and works at the same time do not see each other's.
   */
  async withRun<T>(start: StartRun, work: (run: Run) => Promise<T> | T): Promise<T> {
    return await this.flow.run([...this.active], async () => {
      const run = this.startRun({ ...start, nested: true });
      try {
        const result = await work(run);
        if (run.state === 'running') await run.endRun('finished');
        return result;
      } catch (error) {
        if (run.state === 'running') await run.endRun('failed');
        throw error;
      }
    });
  }

  /**
   * Sends everything that waits in the buffer, also what other programs and earlier runs of this one left there.
   * @throws ExperimentError `no-registry` when no gateway is known
   */
  async sync(): Promise<SyncReport> {
    return await this.background.now();
  }

  /** Ends runs that nobody ended as `killed`, sends what it can for a while and stops. */
  async close(): Promise<void> {
    for (const run of [...this.runs].reverse()) if (run.state === 'running') await run.endRun('killed');
    if (this.isAutomatic) await this.background.within(this.settings.endTimeoutMs);
    this.background.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private get active(): Run[] {
    return this.flow.getStore() ?? this.runs;
  }

  /** Runs that have ended are not kept: a program that goes on logs any number of them. */
  private enter(run: Run): void {
    const { active } = this;
    while (active.length > 0 && active.at(-1)?.state !== 'running') active.pop();
    active.push(run);
  }

  private current(): Run {
    const run = this.activeRun;
    if (!run) throw new ExperimentError('no-active-run', 'No run is active: call startRun() or withRun() first.');
    return run;
  }

  /** @returns whether nothing of the run waits here any more */
  private async waitForSync(runId: string): Promise<boolean> {
    if (this.isAutomatic) await this.background.within(this.settings.endTimeoutMs);
    return !this.buffer.has(runId);
  }

  private get isAutomatic(): boolean {
    return this.settings.sync === 'automatic' && this.registry !== null;
  }

  private async send(): Promise<SyncReport> {
    if (!this.registry)
      throw new ExperimentError(
        'no-registry',
        'No gateway is known: set GIMBAL_URL and GIMBAL_API_KEY, or give a registry.',
      );
    const { client, url } = this.registry;
    const sender = new RunSender(client, (runId, digest) => this.buffer.fileOf(runId, digest));
    const conflictsFile = join(this.settings.offlineDir, 'conflicts.ndjson');
    const report = await syncRuns({ buffer: this.buffer, sender, registry: url, conflictsFile });
    warnOf(report, conflictsFile);
    return report;
  }
}

/** Nobody may be waiting for what is sent in the background. */
function warnOf({ conflicts, stoppedBy }: SyncReport, conflictsFile: string): void {
  for (const { runId, message } of conflicts)
    process.emitWarning(`The registry refused an entry of run ${runId}: ${message} It is kept in ${conflictsFile}.`, {
      type: 'GimbalWarning',
      code: 'GIMBAL_SYNC_CONFLICT',
    });
  if (stoppedBy && !isTemporary(stoppedBy))
    process.emitWarning(`Runs cannot be sent: ${stoppedBy.message}`, {
      type: 'GimbalWarning',
      code: 'GIMBAL_SYNC_STOPPED',
    });
}
