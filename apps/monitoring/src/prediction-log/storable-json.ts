/** jsonb refuses U+0000 and lone surrogates; one such value must not keep the rows beside it from being stored. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\ufffd');

/** JSON text that PostgreSQL takes as jsonb: what it can't hold is replaced by U+FFFD. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return storable(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [storable(name), inner]));
  });
}
