import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { ROOT, Ward } from './ward.js';

jest.setTimeout(600_000);
const run = promisify(execFile);
const CLI = join(ROOT, 'packages/client/dist/main.js');
let ward: Ward;
let commands: string[][];

/** The arguments of every `npm run gimbal -- ...` in the first block of the guide. */
async function readCommands(): Promise<string[][]> {
  const guide = await readFile(join(ROOT, 'docs/guides/train-your-own.md'), 'utf8');
  const block = /```sh\n([^`]*)```/.exec(guide)?.[1] ?? '';
  return block
    .split('\n')
    .map((line) => /^npm run gimbal -- ([^#]*)/.exec(line)?.[1]?.trim().split(/\s+/))
    .filter((args) => args !== undefined);
}

async function type(args: readonly string[]) {
  const environment = { ...process.env, GIMBAL_HOME: ward.home, GIMBAL_URL: '', GIMBAL_API_KEY: '' };
  const { stdout } = await run(process.execPath, [CLI, '--home', ward.home, ...args], {
    cwd: ROOT,
    env: environment,
    timeout: 500_000,
  });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  ward = await Ward.open();
  commands = await readCommands();
});
afterAll(() => ward?.close());

it('comes from a table to answers that are explained, by the commands of the guide', async () => {
  expect(commands.map(([name]) => name)).toEqual(['datasets', 'datasets', 'train', 'predict', 'explain']);
  const said: unknown[] = [];
  for (const args of commands) said.push(await type(args));
  expect(said[0]).toMatchObject({ dataset: 'churn', version: 1, task: 'binary-classification' });
  expect(said[1]).toMatchObject({ definition: { target: { column: 'churned' } } });
  expect(said[2]).toMatchObject({ state: 'succeeded', outcome: { version: 1, promoted: true } });
  const { results } = said[3] as { results: { prediction: number; probability: number }[] };
  expect(results.map(({ prediction }) => prediction)).toEqual([1, 0]);
  const explanations = said[4] as { results: { sum: number }[] };
  explanations.results.forEach(({ sum }, row) => {
    expect(1 / (1 + Math.exp(-sum))).toBeCloseTo(results[row]?.probability ?? Number.NaN, 5);
  });
});

it('shows a card of what was trained, and a row that it answers as it stands', async () => {
  const example = await type(['example', 'churn', '1']);
  const file = join(ward.home, 'example.json');
  await writeFile(file, JSON.stringify(example));
  const { results } = (await type(['predict', 'churn', file])) as { results: { warnings: unknown[] }[] };
  expect(results).toMatchObject([{ model_version: 1, warnings: [] }]);
  expect(await type(['card', 'churn', '1'])).toMatchObject({ v: 1, name: 'churn', task: 'binary-classification' });
  const page = join(ward.home, 'card.html');
  expect(await type(['card', 'churn', '1', '--html', page])).toEqual({ html: page });
  expect(await readFile(page, 'utf8')).toContain('<h1>churn</h1>');
});
