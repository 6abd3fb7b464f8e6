/** Deeper values are refused: nothing that is audited is, and a hostile copy must not exhaust the stack. */
const DEPTH_MAX = 64;

/**
 * The one text of a JSON value: members sorted by the UTF-16 code units of their names, no white space, numbers and strings as
 * ECMAScript writes them (RFC 8785). Equal values have equal texts, whatever order a database or a client gave their members.
 *
 * Returns null for what is not JSON: undefined, functions, non-finite numbers, lone surrogates, nesting deeper than 64.
 */
export function canonicalJson(value: unknown): string | null {
  return write(value, DEPTH_MAX);
}

function write(value: unknown, depth: number): string | null {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : null;
  if (typeof value === 'string') return value.isWellFormed() ? JSON.stringify(value) : null;
  if (typeof value !== 'object' || depth === 0) return null;
  return Array.isArray(value) ? writeArray(value, depth - 1) : writeObject(value, depth - 1);
}

function writeArray(items: readonly unknown[], depth: number): string | null {
  const texts: string[] = [];
  for (const item of items) {
    const text = write(item, depth);
    if (text === null) return null;
    texts.push(text);
  }
  return `[${texts.join(',')}]`;
}

function writeObject(members: object, depth: number): string | null {
  const texts: string[] = [];
  // The default order of sort is by UTF-16 code units, as RFC 8785 (3.2.3) asks.
  for (const name of Object.keys(members).sort()) {
    const text = write((members as Record<string, unknown>)[name], depth); // an object's own enumerable member
    if (text === null || !name.isWellFormed()) return null;
    texts.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${texts.join(',')}}`;
}
