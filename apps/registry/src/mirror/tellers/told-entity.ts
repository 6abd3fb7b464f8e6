import { type Fields, type Ledger, NOTHING_TOLD, type Outcome, type Task } from '../mirrored.js';
import { type Change, mergeFields, type Sides, toldFields } from './merge-fields.js';

/** The tag by which something there is known to be ours, and which. */
export const OWN_TAGS = {
  experiment: 'gimbal.experiment_id',
  run: 'gimbal.run_id',
  'logged-model': 'gimbal.logged_model_id',
  model: 'gimbal.model_id',
  'model-version': 'gimbal.version_id',
} as const;

/** Tags as fields. `mlflow.runName` is the run's name, which is a field of its own. */
export const tagFields = (tags: Fields): Fields =>
  Object.fromEntries(
    Object.entries(tags)
      .filter(([key]) => key !== 'mlflow.runName' && !key.startsWith('gimbal.'))
      .map(([key, value]) => [`tag:${key}`, value]),
  );

/** Files by their sizes, as fields: of rows here, or as they are listed there. */
export const sizeFields = (
  files: readonly { readonly path: string; readonly bytes: bigint }[] | Readonly<Record<string, number>> | null,
): Fields =>
  Object.fromEntries(
    (Array.isArray(files) ? files.map(({ path, bytes }) => [path, bytes]) : Object.entries(files ?? {})).map(
      ([path, bytes]) => [`file:${path}`, String(bytes)],
    ),
  );

/** The key of a field that is a tag. */
export const tagOf = (field: string): string | undefined => (field.startsWith('tag:') ? field.slice(4) : undefined);

/** A JSON column of tags; what is no text, which nobody writes, is left out. */
export const readTags = (tags: unknown): Fields =>
  Object.fromEntries(
    Object.entries((tags ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

/** Leaves out what has its default there and here: such a field is not set. */
export const setFields = (fields: Readonly<Record<string, string | null | undefined>>): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, string] => entry[1] !== null && entry[1] !== undefined && entry[1] !== '',
    ),
  );

/** Writes what changed here, field by field, and answers what is told now and what somebody else keeps. */
export async function tellFields(
  task: Pick<Task, 'told' | 'telling'>,
  { ours, theirs }: Pick<Sides, 'ours' | 'theirs'>,
  { ledger, write }: { readonly ledger: Ledger; readonly write: (changes: readonly Change[]) => Promise<void> },
): Promise<Outcome> {
  const sides = { ...task, ours, theirs };
  const { changes, conflicts } = mergeFields(sides);
  const files = task.told?.files ?? NOTHING_TOLD.files;
  if (changes.length > 0) {
    await ledger.noteTelling({ fields: ours, files });
    await write(changes);
  }
  return {
    state: conflicts.length > 0 ? 'conflict' : 'synced',
    told: { fields: toldFields(sides, conflicts), files },
    problems: conflicts.map((field) => `${field} was changed there, and stays so.`),
  };
}
