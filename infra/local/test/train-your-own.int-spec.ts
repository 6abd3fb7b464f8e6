import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@gimbal/testing';
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

/** Fruits that weight and colour tell apart, nearly. */
function pickFruit(count: number) {
  const names = ['apple', 'lemon', 'melon'];
  return Array.from({ length: count }, (_, i) => {
    const kind = (i * 7) % 3;
    const odd = i % 17 === 0 ? 1 : 0;
    return {
      weight: 100 + 100 * kind + ((i * 37) % 90) + 40 * odd,
      colour: kind + ((i * 13) % 10) / 10,
      fruit: names[kind],
    };
  });
}

it('judges classes by the labels that come later, as the guide says, and tells it on the command line', async () => {
  const table = join(ward.home, 'fruit.csv');
  const lines = pickFruit(300).map(({ weight, colour, fruit }) => `${weight},${colour},${fruit}`);
  await writeFile(table, ['weight,colour,fruit', ...lines].join('\n'));
  await type(['datasets', 'upload', table, '--name', 'fruit', '--target', 'fruit']);
  expect(await type(['train', '--dataset', 'fruit', '--algorithms', 'logistic_regression', '--wait'])).toMatchObject({
    outcome: { version: 1, promoted: true },
  });

  const basket = pickFruit(60);
  const rows = join(ward.home, 'rows.json');
  await writeFile(rows, JSON.stringify({ rows: basket.map(({ weight, colour }) => ({ weight, colour })) }));
  const { results } = (await type(['predict', 'fruit', rows])) as { results: { prediction_id: string }[] };
  const told = join(ward.home, 'labels.json');
  const tell = (names: readonly (string | undefined)[]) =>
    writeFile(
      told,
      JSON.stringify({ labels: results.map((one, i) => ({ prediction_id: one.prediction_id, actual: names[i] })) }),
    );
  await tell(basket.map(({ fruit }) => fruit));
  const labelled: Record<string, number> = await type(['label', told]);
  expect((labelled['accepted'] ?? 0) + (labelled['unknown'] ?? 0)).toBe(60);

  let metrics: Record<string, { value: number; baseline: number | null }> = {};
  await eventually(async () => {
    await type(['assess', 'fruit']);
    ({ metrics } = await type(['performance', 'fruit']));
    expect(metrics['brier']?.value).toBeLessThan(0.3);
  });
  expect(metrics).toMatchObject({
    macro_f1: { value: expect.any(Number), low: expect.any(Number), baseline: expect.any(Number) },
    log_loss: { value: expect.any(Number), baseline: expect.any(Number) },
  });
  await tell(basket.map(() => 'quince'));
  await expect(type(['label', told])).rejects.toThrow(
    /labels\.0\.actual: "quince" is no class of the model: "apple", "lemon", "melon"/,
  );
});
