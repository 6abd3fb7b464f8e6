import type { Lifecycle } from '@gimbal/db';
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { BEGIN_RUN, type BegunRow } from './begin-statement.js';
import { LOGGED_KINDS, type LoggedKind, logStatement } from './log-statement.js';

/** One value of a metric. NaN is kept; what is infinite is kept as the greatest number, as MLflow does. */
interface MetricPoint {
  readonly key: string;
  readonly value: number;
  readonly step: bigint;
  /** Milliseconds since 1970. */
  readonly millis: number;
}

/** One value of a metric that was measured of a logged model. */
interface ModelMetricPoint extends MetricPoint {
  readonly modelId: string;
  readonly datasetName: string | null;
  readonly datasetDigest: string | null;
}

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** What is logged to a run at once: all of it or nothing. */
export interface LogEntry {
  /** Written once; no key twice. */
  readonly params?: readonly KeyValue[];
  readonly metrics?: readonly MetricPoint[];
  readonly modelMetrics?: readonly ModelMetricPoint[];
  /** The last value of a key counts. */
  readonly tags?: readonly KeyValue[];
  readonly name?: string;
}

/** A parameter that has another value already. */
export interface ChangedParam {
  readonly key: string;
  readonly present: string;
  readonly wanted: string;
}

/** Nothing was written when the run is deleted, when a parameter would change, or when a model that was measured is not there. */
export interface LogOutcome {
  readonly lifecycle: Lifecycle;
  readonly changed: readonly ChangedParam[] | null;
  readonly missing: string | null;
}

/** A run that begins. */
export interface NewRun {
  readonly id: string;
  readonly name: string;
  readonly createdBy: string;
  /** Who ran it, as the client says. */
  readonly userName: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** It is noted when there is such a run. */
  readonly parentRunId: string | null;
  readonly datasetDigest: string | null;
  /** No key twice. */
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
}

/** By its own id, or by the number that MLflow's clients know. */
export type ExperimentKey = { readonly id: string } | { readonly number: string };

/** Writes what programs log to runs, in one statement a call: it is what they do most. */
@Injectable()
export class RunWriter {
  constructor(private readonly database: Database) {}

  /**
   * Begins a run with its parameters and tags. Nothing is written when the experiment is deleted, or when there is a run with this id.
   * @returns undefined when there is no such experiment
   */
  async begin(experiment: ExperimentKey, run: NewRun): Promise<BegunRow | undefined> {
    const { id, name, createdBy, userName, startedAt, parentRunId, datasetDigest, params, tags } = run;
    const key = 'id' in experiment ? [experiment.id, null] : [null, experiment.number];
    const columns = [id, parentRunId, name, userName, createdBy, startedAt, datasetDigest];
    const values = [...key, ...columns, ...keysAndValues(params), ...keysAndValues(tags)];
    const [begun] = await this.database.query<BegunRow>(BEGIN_RUN, values);
    return begun;
  }

  /** Writes all of an entry or nothing. @returns undefined when there is no such run */
  async log(runId: string, entry: LogEntry): Promise<LogOutcome | undefined> {
    const given = LOGGED_KINDS.flatMap((kind) => {
      const values = COLUMNS[kind](entry);
      return values ? [{ kind, values }] : [];
    });
    const statement = logStatement(given.map(({ kind }) => kind));
    const [outcome] = await this.database.query<LogOutcome>(statement, [
      runId,
      ...given.flatMap(({ values }) => values),
    ]);
    return outcome;
  }
}

/** The columns of each kind, as `log-statement.ts` reads them; null when there are none. */
const COLUMNS: Readonly<Record<LoggedKind, (entry: LogEntry) => readonly unknown[] | null>> = {
  params: ({ params = [] }) => (params.length === 0 ? null : keysAndValues(params)),
  metrics: ({ metrics = [] }) => (metrics.length === 0 ? null : pointColumns(metrics)),
  modelMetrics: ({ modelMetrics = [] }) =>
    modelMetrics.length === 0
      ? null
      : [
          ...pointColumns(modelMetrics),
          modelMetrics.map(({ modelId }) => modelId),
          modelMetrics.map(({ datasetName }) => datasetName),
          modelMetrics.map(({ datasetDigest }) => datasetDigest),
        ],
  tags: ({ tags = [] }) => {
    const last = new Map(tags.map((tag) => [tag.key, tag]));
    return last.size === 0 ? null : keysAndValues([...last.values()]);
  },
  name: ({ name }) => (name === undefined ? null : [name]),
};

const keysAndValues = (pairs: readonly KeyValue[]): readonly unknown[] => [
  pairs.map(({ key }) => key),
  pairs.map(({ value }) => value),
];

const pointColumns = (points: readonly MetricPoint[]): readonly unknown[] => [
  points.map(({ key }) => key),
  points.map(({ step }) => step),
  points.map(({ millis }) => millis),
  points.map(({ value }) => finite(value)),
];

/** SQL's comparisons and MLflow's both want numbers: an infinite one becomes the greatest there is. */
export const finite = (value: number): number =>
  Number.isNaN(value) ? value : Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
