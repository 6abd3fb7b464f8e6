/** PostgreSQL keeps neither NUL nor half a surrogate pair in text and jsonb (SQLSTATE 22P05): they become U+FFFD. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}

/**
 * The same for every text in a JSON value, the names of members included. What can't be kept as sent must not be lost for it, nor the
 * rows beside it.
 */
export function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storableValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storableText(name), storableValue(inner)]));
}

/** A JSON value as text that PostgreSQL takes as jsonb; see {@link storableValue}. */
export function storableJson(value: unknown): string {
  return JSON.stringify(storableValue(value));
}
