import { DomainError } from '@gimbal/domain';
import { parseJsonBody } from '../parse-json-body.js';

/** A whole text, or a number that JSON does not have. */
const TEXT_OR_STRANGE_NUMBER = /"(?:[^"\\]|\\.)*(?:"|$)|-?\bInfinity\b|\bNaN\b/gs;

/**
 * JSON as Python's `json` writes it: a data frame with gaps holds bare `NaN`, which is a missing value, and `Infinity`, which is read as
 * the infinite number that it is, to be refused with the name of its column.
 * @throws DomainError `malformed-json`
 */
export function parsePythonJson(body: Uint8Array): unknown {
  try {
    return parseJsonBody(body);
  } catch (error) {
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
    if (!text.includes('NaN') && !text.includes('Infinity')) throw error;
    try {
      return JSON.parse(text.replace(TEXT_OR_STRANGE_NUMBER, toJson));
    } catch {
      throw new DomainError('malformed-json', 'The body cannot be read as JSON.');
    }
  }
}

function toJson(found: string): string {
  if (found.startsWith('"')) return found;
  if (found === 'NaN') return 'null';
  return found.startsWith('-') ? '-1e999' : '1e999';
}
