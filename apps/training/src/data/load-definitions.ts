import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatasetDefinition } from '@gimbal/contracts';

/**
 * Reads every `*.json` of a folder as a dataset definition, by name. Throws one Error that lists every mistake of every file, so
 * that a start with wrong definitions says all that is wrong at once.
 */
export async function loadDefinitions(folder: string): Promise<ReadonlyMap<string, DatasetDefinition>> {
  const definitions = new Map<string, DatasetDefinition>();
  const mistakes: string[] = [];
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.json')).sort()) {
    const parsed = DatasetDefinition.safeParse(parseJson(await readFile(join(folder, file), 'utf8')));
    if (!parsed.success)
      mistakes.push(...parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`));
    else
      mistakes.push(
        ...findContradictions(file, parsed.data),
        ...(definitions.has(parsed.data.name) ? [`${file}: the name ${parsed.data.name} is taken`] : []),
      );
    if (parsed.success) definitions.set(parsed.data.name, parsed.data);
  }
  if (mistakes.length > 0) throw new Error(`dataset definitions in ${folder}:\n${mistakes.join('\n')}`);
  return definitions;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What each field allows alone but the whole must not be. */
function findContradictions(file: string, { columns, target, codings }: DatasetDefinition): string[] {
  const names = new Set(columns.map(({ name }) => name));
  const allowed = new Map(columns.map(({ name, allowed: codes }) => [name, codes]));
  const mistakes: string[] = [];
  if (names.size < columns.length) mistakes.push('two columns have the same name');
  if (!names.has(target.column)) mistakes.push(`target.column: there is no column ${target.column}`);
  for (const { name, type, allowed: codes } of columns)
    if (type === 'category' && !codes) mistakes.push(`columns.${name}: a category needs its allowed codes`);
  for (const [coding, byColumn] of Object.entries(codings)) {
    for (const [column, codes] of Object.entries(byColumn)) {
      const foreign = Object.values(codes).filter((code) => !allowed.get(column)?.includes(code));
      if (foreign.length > 0)
        mistakes.push(`codings.${coding}.${column}: ${foreign.join(', ')} not among the allowed codes`);
    }
  }
  return mistakes.map((mistake) => `${file}: ${mistake}`);
}
