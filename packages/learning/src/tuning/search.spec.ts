import { expect, it } from '@jest/globals';
import { createRandom } from '../random/random.js';
import { listSettings } from './list-settings.js';
import { buildParzen, drawParzen, logDensity } from './parzen.js';
import { planRungs } from './plan-rungs.js';
import { createSearch, type Search } from './search.js';
import { countPoints, parseSearchSpace, type SearchSpace } from './search-space.js';
import type { SearchOptions, Trial } from './search-state.js';

const range = (low: number, high: number, scale: 'linear' | 'log' = 'linear') =>
  ({ kind: 'number', low, high, scale }) as const;

interface Problem {
  readonly name: string;
  readonly space: SearchSpace;
  readonly loss: (at: (name: string) => number, word: (name: string) => string) => number;
}

// Dixon and Szego, 1978, and mixtures like those of real hyperparameters; each has its minimum near 0.
const PROBLEMS: readonly Problem[] = [
  {
    name: 'Branin',
    space: { x: range(-5, 10), y: range(0, 15) },
    loss: (at) => {
      const [x, y] = [at('x'), at('y')];
      const bend = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
      return bend ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10 - 0.397887;
    },
  },
  {
    name: 'bowl of six',
    space: Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`x${i}`, range(-1, 1)])),
    loss: (at) =>
      Array.from({ length: 6 }, (_, i) => (at(`x${i}`) - 0.15 * i) ** 2).reduce((sum, term) => sum + term, 0),
  },
  {
    name: 'rates on a log scale, one useless',
    space: { rate: range(1e-5, 1, 'log'), decay: range(1e-6, 1e-1, 'log'), useless: range(0, 1) },
    loss: (at) => (Math.log10(at('rate')) + 2) ** 2 + 0.5 * (Math.log10(at('decay')) + 4) ** 2,
  },
  {
    name: 'choices and whole numbers',
    space: {
      kind: { kind: 'choices', choices: ['a', 'b', 'c', 'd', 'e'] },
      depth: { kind: 'integer', low: 1, high: 20, scale: 'linear' },
      leaves: { kind: 'integer', low: 2, high: 512, scale: 'log' },
    },
    loss: (at, word) =>
      'abcde'.indexOf(word('kind')) / 4 + ((at('depth') - 7) / 10) ** 2 + Math.log2(at('leaves') / 31) ** 2 / 8,
  },
];

function scoreTrial({ loss }: Problem, { values }: Trial): number {
  return loss(
    (name) => Number(values[name]),
    (name) => String(values[name]),
  );
}

function run(search: Search, problem: Problem): number {
  for (;;) {
    const [trial] = search.ask();
    if (trial === undefined) return search.best!.score!;
    search.tell(trial.id, scoreTrial(problem, trial));
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

it.each(PROBLEMS)('$name: learning from scores beats chance by the median over seeds', (problem) => {
  const bestOf = (sampler: 'random' | 'tpe'): number[] =>
    Array.from({ length: 11 }, (_, seed) =>
      run(createSearch({ space: problem.space, sampler, direction: 'lower', trials: 50, seed }), problem),
    );
  expect(median(bestOf('tpe'))).toBeLessThan(0.8 * median(bestOf('random')));
});

const [branin] = PROBLEMS;
const base: SearchOptions = { space: branin!.space, sampler: 'tpe', direction: 'lower', trials: 25, seed: 3 };
const halving = { resource: 'n_estimators', min: 10, max: 270, factor: 3 };

// A crash after any ask or tell: what was stored goes on as if nothing had happened.
it.each([
  ['one by one', base],
  ['by chance', { ...base, sampler: 'random' as const }],
  ['in rounds', { ...base, halving }],
])('resumes %s with the same sequence from a state that went through JSON', (_, options) => {
  const whole = createSearch(options);
  run(whole, branin!);
  let search = createSearch(options);
  while (!search.isDone) {
    const asked = search.ask();
    search = createSearch(options, JSON.parse(JSON.stringify(search.state)));
    const again = search.ask();
    expect(again).toEqual(asked);
    search.tell(again[0]!.id, scoreTrial(branin!, again[0]!));
    search = createSearch(options, JSON.parse(JSON.stringify(search.state)));
  }
  expect(search.state).toEqual(whole.state);
  expect(search.best).toEqual(whole.best);
});

it('gives the same trials in batches however the tells within a batch are ordered', () => {
  const runBatches = (backwards: '' | 'backwards'): Search => {
    const search = createSearch(base);
    for (let asked = search.ask(4); asked.length > 0; asked = search.ask(4)) {
      for (const trial of backwards === '' ? asked : asked.toReversed())
        search.tell(trial.id, scoreTrial(branin!, trial));
    }
    return search;
  };
  expect(runBatches('backwards').state).toEqual(runBatches('').state);
});

it('halves: gives the better third three times as much, until one has the whole', () => {
  expect(planRungs(27, halving)).toEqual([
    { trials: 27, amount: 10 },
    { trials: 9, amount: 30 },
    { trials: 3, amount: 90 },
    { trials: 1, amount: 270 },
  ]);
  // Too few trials for every round: the last ones keep the whole resource.
  expect(planRungs(9, { ...halving, max: 810 })).toEqual([
    { trials: 9, amount: 90 },
    { trials: 3, amount: 270 },
    { trials: 1, amount: 810 },
  ]);
  const search = createSearch({ ...base, trials: 9, halving: { resource: 'row_share', min: 0.1, max: 1 } });
  const first = search.ask(100);
  expect(first.map(({ resource }) => resource?.amount)).toEqual(new Array(9).fill(expect.closeTo(1 / 9, 12)));
  expect(search.ask()).toEqual([]);
  first.forEach(({ id }) => {
    search.tell(id, id === 4 ? null : Math.abs(id - 5)); // 5 is best, then 6, 3, 7
  });
  const second = search.ask(100);
  expect(second.map(({ values }) => values)).toEqual([5, 6, 3].map((id) => first[id]!.values));
  second.forEach(({ id }, i) => {
    search.tell(id, -i);
  });
  const third = search.ask(100);
  expect(third).toMatchObject([{ rung: 2, resource: { name: 'row_share', amount: 1 }, values: first[3]!.values }]);
  expect(search.isDone).toBe(false);
  search.tell(third[0]!.id, 9);
  expect([search.isDone, search.best?.id]).toEqual([true, third[0]!.id]);
  expect([search.trialCount, search.settingCount]).toEqual([13, 9]);
});

it('tells what became of each setting, round by round', () => {
  const search = createSearch({ ...base, trials: 9, halving: { resource: 'row_share', min: 0.1, max: 1 } });
  const statuses = () => listSettings(search.state).map(({ status }) => status.slice(0, 3));
  const first = search.ask(9);
  first.slice(0, 8).forEach(({ id }) => {
    search.tell(id, id === 4 ? null : Math.abs(id - 5)); // 5 is best, then 6, 3, 7
  });
  expect(new Set(statuses())).toEqual(new Set(['run'])); // the ninth may still be better
  search.tell(8, 9);
  expect(statuses().join(' ')).toBe('cut cut cut run fai run run cut cut');
  search.ask(100).forEach(({ id }, i) => {
    search.tell(id, i === 0 ? null : -i);
  });
  const [last] = search.ask();
  search.tell(last!.id, 9);
  expect(statuses().join(' ')).toBe('cut cut cut sco fai fai cut cut cut');
  expect(listSettings(search.state)[3]).toMatchObject({
    id: 3,
    rounds: [{ rung: 0 }, { rung: 1 }, { rung: 2, score: 9 }],
  });
});

it('never tries the same twice, and stops when a finite space is spent', () => {
  const space: SearchSpace = {
    a: { kind: 'choices', choices: [true, false] },
    b: { kind: 'integer', low: 1, high: 3, scale: 'linear' },
  };
  expect(countPoints(space)).toBe(6);
  for (const sampler of ['random', 'tpe'] as const) {
    const search = createSearch({ space, sampler, direction: 'higher', trials: 50, seed: 1 });
    const tried = search.ask(100).map(({ values }) => JSON.stringify(values));
    expect(tried).toHaveLength(6);
    expect(new Set(tried).size).toBe(6);
  }
});

it('goes on after failed trials, and refuses what would spoil a search', () => {
  const search = createSearch({ ...base, direction: 'higher' });
  expect([search.best, search.isDone]).toEqual([null, false]);
  const [one, other] = search.ask(2);
  search.tell(one!.id, null);
  search.tell(one!.id, null);
  search.tell(other!.id, 5);
  expect(search.best?.id).toBe(other!.id);
  expect(() => search.tell(other!.id, 6)).toThrow('Trial 1 was told before, with another score.');
  expect(() => search.tell(7, 6)).toThrow('Trial 7 was never asked for.');
  expect(() => search.tell(other!.id, Number.NaN)).toThrow('The score of trial 1 is not finite.');
  expect(() => createSearch({ ...base, seed: 4 }, search.state)).toThrow('a search with other options');
  expect(() => createSearch({ ...base, trials: 0 })).toThrow('trials must be an integer in [1, 10000], got 0.');
  expect(() => createSearch({ ...base, halving: { ...halving, min: 0 } })).toThrow('needs 0 < min < max');
});

it('reads spaces as configuration files write them, against the ranges of the family', () => {
  expect(
    parseSearchSpace('random_forest', {
      n_estimators: { low: 50, high: 500, log: true },
      max_features: { choices: ['sqrt', 0.5, 1] },
    }),
  ).toEqual({
    n_estimators: { kind: 'integer', low: 50, high: 500, scale: 'log' },
    max_features: { kind: 'choices', choices: ['sqrt', 0.5, 1] },
  });
  const parse = (given: Record<string, unknown>) => () => parseSearchSpace('xgboost', given);
  expect(parse({ learning_rat: { low: 1, high: 2 } })).toThrow('"learning_rat" is unknown; known are');
  expect(parse({ max_depth: { low: 1, high: 1000 } })).toThrow('max_depth must be an integer in');
  expect(parse({ max_depth: { low: 1.5, high: 3 } })).toThrow('max_depth is a whole number, got 1.5 and 3.');
  expect(parse({ learning_rate: { low: 0, high: 0.3, log: true } })).toThrow('has a log scale and needs low > 0');
  expect(parse({ learning_rate: { low: 0.3, high: 0.1 } })).toThrow('needs low < high, got 0.3 and 0.1.');
  expect(parse({ learning_rate: { low: 0.1, high: 0.3, step: 2 } })).toThrow('has an unknown step.');
  expect(parse({ learning_rate: 0.1 })).toThrow('learning_rate needs choices, or numbers low and high.');
  expect(parse({ learning_rate: { choices: [] } })).toThrow('needs a list of 1 to 1000 choices');
  expect(parse({ learning_rate: { choices: [0.1, 0.1] } })).toThrow('names a choice twice');
  expect(parse({ learning_rate: { choices: [null] } })).toThrow('has a choice that is neither a number');
  const parseText = (given: Record<string, unknown>, settings = {}) =>
    parseSearchSpace('ngram_logistic_regression', given, settings);
  const lengths = { char_ngram_min: { low: 1, high: 3 }, char_ngram_max: { low: 3, high: 6 } };
  expect(Object.keys(parseText({ ...lengths, C: { low: 1, high: 30, log: true } }))).toHaveLength(3);
  expect(() => parseText({ ...lengths, char_ngram_max: { low: 2, high: 6 } })).toThrow(
    'char_ngram_min (3) must not be',
  );
  expect(() => parseText({ char_ngram_min: { low: 1, high: 4 } }, { char_ngram_max: 3 })).toThrow('(4) must not be');
  expect(parse({})).toThrow('A search space has 1 to 50 parameters.');
});

it('draws from a density that it knows: it sums to 1 and draws follow it', () => {
  const parzen = buildParzen([0, 0.1, 0.12, 0.9, 1]);
  const random = createRandom(1);
  const cells = 50;
  const drawn = new Array<number>(cells).fill(0);
  const draws = 40_000;
  for (let i = 0; i < draws; i++) drawn[Math.floor(drawParzen(parzen, random) * cells)]!++;
  let whole = 0;
  for (let cell = 0; cell < cells; cell++) {
    let share = 0;
    for (let i = 0; i < 20; i++) share += Math.exp(logDensity(parzen, (cell + (i + 0.5) / 20) / cells)) / (20 * cells);
    whole += share;
    expect(Math.abs(drawn[cell]! / draws - share)).toBeLessThan(0.01);
  }
  expect(whole).toBeCloseTo(1, 3);
});
