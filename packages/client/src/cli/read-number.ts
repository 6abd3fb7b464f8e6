import { UsageError } from './exit-code.js';

/** A whole number from 1 on, as versions are. @throws UsageError */
export function readNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new UsageError(`${name} must be a whole number from 1 on, not ${text}`);
}
