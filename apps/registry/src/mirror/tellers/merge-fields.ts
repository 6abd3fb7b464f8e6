import type { Fields, Task } from '../mirrored.js';

/** What one side says of an entity, and the other. */
export interface Sides extends Pick<Task, 'told' | 'telling'> {
  readonly ours: Fields;
  readonly theirs: Fields;
}

/** A field to be written there; undefined: to be removed. */
export interface Change {
  readonly field: string;
  readonly value: string | undefined;
}

/**
 * Decides what is written there. A value there may be replaced when it is what was told last, or was being told when a crash came; any other
 * was set by somebody else, is a conflict, and stays. Fields that neither are here nor were told belong to others and are not looked at.
 */
export function mergeFields({ ours, theirs, told, telling }: Sides): {
  readonly changes: readonly Change[];
  readonly conflicts: readonly string[];
} {
  const changes: Change[] = [];
  const conflicts: string[] = [];
  const known = [told?.fields ?? {}, ...(telling ? [telling.fields] : [])];
  for (const field of new Set([ours, ...known].flatMap(Object.keys))) {
    const [mine, there] = [ours[field], theirs[field]];
    if (mine === there) continue;
    if (known.some((fields) => fields[field] === there)) changes.push({ field, value: mine });
    else conflicts.push(field);
  }
  return { changes, conflicts };
}

/** What is told from now on: ours, except where somebody else's value stays. */
export function toldFields({ ours, told }: Sides, conflicts: readonly string[]): Fields {
  const kept = conflicts.map((field) => [field, told?.fields[field]] as const);
  return Object.fromEntries(
    [...Object.entries(ours).filter(([field]) => !conflicts.includes(field)), ...kept].filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
}
