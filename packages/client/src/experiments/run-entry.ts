import { ArtifactPath, LoggedValue, ModelName, RUN_STATES, Timestamp, UploadVersion } from '@gimbal/contracts';
import { z } from 'zod';
import { ExperimentError } from './experiment-error.js';
import { ProcessMark } from './process-mark.js';

const Key = z.string().min(1).max(250);
const Params = z.record(Key, z.string().max(6_000));
const Tags = z.record(Key, z.string().max(5_000));
const RunId = z.uuid();

/** One line of a run's journal: what was logged, in the words of the registry's own API, with the client's clock. */
export const RunEntry = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('start'),
    v: z.literal(1),
    runId: RunId,
    experimentName: z.string().trim().min(1).max(250),
    name: z.string().trim().min(1).max(250),
    parentRunId: RunId.nullable(),
    /** Ancestors that it has: a parent is told of before its children. */
    depth: z.int().min(0),
    tags: Tags,
    at: Timestamp,
    /** Address of the gateway the run belongs to; null when none was known, so that any may have it. */
    registry: z.string().nullable(),
    /** Who logs to it; null: nobody, and what is there is all. */
    writer: ProcessMark.nullable(),
  }),
  /** The run goes on. It is the first line where the run began elsewhere, or was sent and removed since. */
  z.strictObject({
    kind: z.literal('resume'),
    v: z.literal(1),
    runId: RunId,
    at: Timestamp,
    registry: z.string().nullable(),
    writer: ProcessMark,
  }),
  z.strictObject({ kind: z.literal('params'), params: Params }),
  z.strictObject({ kind: z.literal('tags'), tags: Tags }),
  z.strictObject({
    kind: z.literal('metrics'),
    metrics: z
      .array(z.strictObject({ key: Key, value: LoggedValue, step: z.int().min(0), at: Timestamp }))
      .min(1)
      .max(1_000),
  }),
  z.strictObject({
    kind: z.literal('artifact'),
    path: ArtifactPath,
    digest: z.string(),
    bytes: z.int().min(0),
    contentType: z.string().max(100),
  }),
  z.strictObject({
    kind: z.literal('model'),
    model: ModelName,
    path: ArtifactPath,
    digest: z.string(),
    /** As the gateway takes it; what is wrong with it is told when it is logged. */
    metadata: z.custom<ModelMetadata>(
      (value) => UploadVersion.safeParse(value).success,
      'is not what a version is registered with',
    ),
  }),
  z.strictObject({ kind: z.literal('end'), state: z.enum(RUN_STATES).exclude(['running']), at: Timestamp }),
]);
export type RunEntry = z.output<typeof RunEntry>;
export type EntryOf<K extends RunEntry['kind']> = Extract<RunEntry, { kind: K }>;

/** What a journal begins with. */
export type RunOpening = EntryOf<'start' | 'resume'>;

export const isOpening = (entry: RunEntry): entry is RunOpening => entry.kind === 'start' || entry.kind === 'resume';

/** A number as JSON can hold it. */
export const loggedValue = (value: number): z.output<typeof LoggedValue> =>
  Number.isFinite(value) ? value : (String(value) as z.output<typeof LoggedValue>); // what is no number is refused by the check

/** How a run can end. */
export type RunEnd = EntryOf<'end'>['state'];

/** What a version is registered with, in the form of the wire; the run and its file are named by the run itself. */
export type ModelMetadata = Omit<z.input<typeof UploadVersion>, 'run_id' | 'artifact_path'>;

/** @throws ExperimentError `invalid-value` with everything that is wrong */
export function checkEntry(entry: RunEntry): RunEntry {
  const parsed = RunEntry.safeParse(entry);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ExperimentError('invalid-value', faults.join('; '));
}
