import { randomUUID } from 'node:crypto';
import { ExperimentError } from './experiment-error.js';
import { ownMark } from './process-mark.js';
import type { RunBuffer, RunWriter } from './run-buffer.js';
import { checkEntry, type EntryOf } from './run-entry.js';

/** Kept as text, as MLflow does. */
export type ParamValue = string | number | boolean | null;

export interface StartRun {
  /** Of a run that is to go on, whoever began it: it is `running` again. */
  readonly runId?: string;
  /** Of a new run; default: `run-` and the beginning of its id. */
  readonly name?: string;
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Where runs are opened. */
export interface RunOrigin {
  readonly buffer: RunBuffer;
  readonly experimentName: string;
  /** Address of the gateway that the run is for. */
  readonly registry: string | null;
  /** The run that a new one lies within. */
  readonly parent: { readonly id: string; readonly depth: number } | null;
}

/** What is known here of a run that takes entries. */
export interface OpenedRun {
  readonly id: string;
  readonly name: string;
  readonly parentRunId: string | null;
  /** Runs that it lies within. */
  readonly depth: number;
  readonly params: ReadonlyMap<string, string>;
  readonly writer: RunWriter;
}

/** @throws ExperimentError `invalid-value`, `buffer-full` */
export function beginRun(
  { buffer, experimentName, registry, parent }: RunOrigin,
  { name: given, tags = {} }: StartRun,
): OpenedRun {
  const id = randomUUID();
  const name = given ?? `run-${id.slice(0, 8)}`;
  const parentRunId = parent?.id ?? null;
  const depth = parent ? parent.depth + 1 : 0;
  const at = new Date().toISOString();
  const writer = buffer.create({
    ...{ kind: 'start', v: 1, runId: id, experimentName, name, parentRunId, depth, tags, at, registry },
    writer: ownMark(),
  });
  return { id, name, parentRunId, depth, params: new Map(), writer };
}

/**
 * Goes on with a run. Whether the registry has it is told when it is sent: until then there may be no gateway to ask.
 * @throws ExperimentError `invalid-options` with a name; `invalid-value` for what is no id; `active-run` while somebody logs to it;
 *   `conflict` when it belongs to another gateway
 */
export function resumeRun({ buffer, registry }: RunOrigin, runId: string, { name, tags }: StartRun): OpenedRun {
  if (name !== undefined)
    throw new ExperimentError(
      'invalid-options',
      'A run that goes on has its name: leave out name, or runId for a new run.',
    );
  const at = new Date().toISOString();
  const resumption = checkEntry({ kind: 'resume', v: 1, runId, at, registry, writer: ownMark() });
  const writer = buffer.resume(resumption as EntryOf<'resume'>); // the check keeps the kind
  if (tags) writer.append({ kind: 'tags', tags });
  return { id: runId, writer, ...recall(buffer, runId) };
}

/** What the journal says of a run; of one that began elsewhere that is little. */
function recall(buffer: RunBuffer, runId: string): Omit<OpenedRun, 'id' | 'writer'> {
  const opening = buffer.openingOf(runId);
  const { name, parentRunId, depth } =
    opening?.kind === 'start' ? opening : { name: runId, parentRunId: null, depth: 0 };
  const params = new Map<string, string>();
  for (const { entry } of buffer.read(runId))
    if (entry.kind === 'params') for (const [key, value] of Object.entries(entry.params)) params.set(key, value);
  return { name, parentRunId, depth, params };
}
