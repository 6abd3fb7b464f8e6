import { setTimeout as pause } from 'node:timers/promises';
import type { ChildEntry, ExperimentWriter, TrainingEntry } from '../experiments/experiment-writer.service.js';

/** How long a registry that is away is left alone. */
const RETRY_MS = 2_000;

/** What is needed beside the trials. */
interface RecorderOptions {
  readonly writer: ExperimentWriter;
  readonly entry: TrainingEntry;
  /** Aborts when the search is given up. */
  readonly signal: AbortSignal;
  /** The registry did not take something; it is tried again. */
  readonly onRefused: (error: unknown) => void;
}

/** All of a trial that changes. */
const stageOf = ({ state, points }: ChildEntry): string => `${state} ${points.length}`;

/** Writes the trials of a search into the registry as they end. The search never waits for it: what the registry does not take is written later. */
export class TrialRecorder {
  private readonly written = new Map<string, string>();
  private readonly closing = new AbortController();
  private wanted: readonly ChildEntry[] = [];
  private working: Promise<void> | null = null;

  constructor(private readonly options: RecorderOptions) {}

  /** Takes up what is known now of all trials, and writes what is new of it. */
  note(trials: readonly ChildEntry[]): void {
    this.wanted = trials;
    this.working ??= this.work().finally(() => {
      this.working = null;
    });
  }

  /** Ends with the search. @returns what is still to be written */
  async close(trials: readonly ChildEntry[]): Promise<readonly ChildEntry[]> {
    this.closing.abort();
    await this.working;
    this.wanted = trials;
    return this.listNew();
  }

  private async work(): Promise<void> {
    const signal = AbortSignal.any([this.options.signal, this.closing.signal]);
    while (!signal.aborted && this.listNew().length > 0) {
      try {
        await this.writeWanted();
      } catch (error) {
        this.options.onRefused(error);
        await pause(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private listNew(): ChildEntry[] {
    return this.wanted.filter((trial) => this.written.get(trial.id) !== stageOf(trial));
  }

  private async writeWanted(): Promise<void> {
    const trials = this.listNew();
    await this.options.writer.writeChildren(this.options.entry, trials);
    for (const trial of trials) this.written.set(trial.id, stageOf(trial));
  }
}
