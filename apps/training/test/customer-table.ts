import { createSeededRng } from '@gimbal/domain';
import { ACTOR_HEADER, encodeActor } from '@gimbal/platform';
import type { RunningService } from './training-harness.js';

const ACTOR = { id: 'key-1', name: 'grace', roles: ['operator'] };

/** Customers of four countries: what they spend depends on age and country, and so does whether and how they come back. */
export function customers(rows: number, seed: number): string {
  const rng = createSeededRng(seed);
  const countries = ['norway', 'peru', 'ghana', 'japan'];
  const lines = Array.from({ length: rows }, () => {
    const age = Math.round(18 + 60 * rng());
    const country = countries[Math.floor(rng() * 4)] ?? '';
    const visits = Math.floor(rng() * 20);
    const spend = 3 * age + 40 * countries.indexOf(country) + 10 * rng();
    const churned = age + 4 * visits + 15 * rng() < 75 ? 'yes' : 'no';
    const tier = spend > 230 ? 'gold' : spend > 150 ? 'silver' : 'bronze';
    return [rng() < 0.05 ? '' : age, country, visits, spend.toFixed(2), churned, tier].join(',');
  });
  return `age,country,visits,spend,churned,tier\n${lines.join('\n')}\n`;
}

/** Columns that are not learned from; the target is named by the upload. */
export const without = (...names: string[]) => ({
  columns: names.map((name) => ({ name, type: 'ignored' })),
  target: null,
});

/** Uploads a CSV file as a version of a dataset. */
export async function upload(
  registry: RunningService,
  metadata: { readonly name: string; readonly [field: string]: unknown },
  content: string | Blob,
): Promise<void> {
  const form = new FormData();
  form.append('metadata', JSON.stringify(metadata));
  form.append('file', new Blob([content]), `${metadata.name}.csv`);
  const answer = await fetch(`${registry.url}/api/v1/datasets`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key-of-gateway', [ACTOR_HEADER]: encodeActor(ACTOR) },
    body: form,
  });
  if (answer.status !== 201) throw new Error(`POST /api/v1/datasets answered ${answer.status}: ${await answer.text()}`);
}
