import { checkEntry, type EntryOf, loggedValue, type RunEntry } from '../experiments/run-entry.js';
import type { ExperimentRecord } from './experiment-storage.js';

export const startOf = (id: string, record: ExperimentRecord, registry: string | null): EntryOf<'start'> => ({
  kind: 'start',
  v: 1,
  runId: id,
  experimentName: record.experimentName ?? 'Default',
  name: record.name,
  parentRunId: null,
  depth: 0,
  tags: {},
  at: new Date().toISOString(),
  registry,
  writer: null,
});

/** What a record adds to its run, as a journal has it. @throws ExperimentError `invalid-value` */
export function entriesOf({ params = {}, metrics = {}, tags = {}, state = 'running' }: ExperimentRecord): RunEntry[] {
  const at = new Date().toISOString();
  const points = Object.entries(metrics).map(([key, value]) => ({ key, value: loggedValue(value), step: 0, at }));
  const entries: RunEntry[] = [
    ...(Object.keys(params).length > 0 ? [{ kind: 'params' as const, params }] : []),
    ...(points.length > 0 ? [{ kind: 'metrics' as const, metrics: points }] : []),
    ...(Object.keys(tags).length > 0 ? [{ kind: 'tags' as const, tags }] : []),
    ...(state === 'running' ? [] : [{ kind: 'end' as const, state, at }]),
  ];
  return entries.map(checkEntry);
}
