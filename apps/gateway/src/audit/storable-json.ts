/** PostgreSQL keeps neither NUL nor half a surrogate pair in text and jsonb: they become U+FFFD before the hash is made. */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}

/** The same for every text in a JSON value, the names of members included. A record that can't be kept as sent must not be lost for it. */
export function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storableValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storableText(name), storableValue(inner)]));
}
