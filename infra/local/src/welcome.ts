import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Secrets } from './supervisor/secrets.js';

export interface Welcome {
  readonly url: string;
  readonly home: string;
  readonly credentials: Secrets['apiKeys'];
  readonly seconds: number;
}

const EXAMPLE = new URL('../../../examples/requests/predict.json', import.meta.url);

/** A patient of the Cleveland file (row 1), in the form that `/predict` takes: what the guides send, too. */
export const EXAMPLE_PATIENT = z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(EXAMPLE, 'utf8')));

/** A command that predicts for {@link EXAMPLE_PATIENT}; the key is read from its file, so that it stays out of the shell's history. */
export function curlCommand(url: string, home: string): string {
  const key = `$(node -p "require('${home}/credentials.json').predictor")`;
  return `curl -s ${url}/predict -H "X-API-Key: ${key}" -H 'Content-Type: application/json' -d '${JSON.stringify(EXAMPLE_PATIENT)}'`;
}

/** What to try next, once everything is ready. */
export function printWelcome(say: (text: string) => void, { url, home, seconds }: Welcome): void {
  const operator = `-H "X-API-Key: $(node -p "require('${home}/credentials.json').operator")"`;
  say('');
  say(`Gimbal is ready at ${url} after ${seconds.toFixed(1)} s. Ctrl-C stops everything.`);
  say(`  keys         ${home}/credentials.json (admin, operator, approver, predictor, viewer)`);
  say(`  docs         ${url}/docs`);
  say(`  train        curl -s -X POST ${url}/retrain ${operator} -H 'Content-Type: application/json' -d '{}'`);
  say(`  watch        curl -s ${url}/api/v1/training-runs ${operator}`);
  say(`  predict      ${curlCommand(url, home)}`);
  say('  whole story  npm run demo');
  say('');
}
