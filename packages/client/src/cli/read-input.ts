import { readFileSync } from 'node:fs';
import { UsageError } from './exit-code.js';

/** A file's text, `-` being standard input. @throws UsageError when it can't be read */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A JSON file, `-` being standard input. @throws UsageError when it is none */
export function readJson(file: string): unknown {
  const text = readText(file);
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is no JSON`);
  }
}
