import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { generateTransactions } from './generate-transactions.js';
import { MERCHANT_CATEGORIES } from './merchant-categories.js';
import { FRAUD_PATTERNS, type SyntheticTransaction, TRANSACTION_COLUMNS } from './transaction.js';

const many = generateTransactions({ rows: 20_000, seed: 1 });
const few = generateTransactions({ rows: 1000, seed: 2, fraudShare: 0.1 });
const share = (list: readonly SyntheticTransaction[], holds: (row: SyntheticTransaction) => boolean): number =>
  list.filter(holds).length / list.length;

describe('generateTransactions', () => {
  it('makes the same payments from the same seed, and others from another', () => {
    const make = (seed: number) => generateTransactions({ rows: 200, seed });
    expect(make(3)).toEqual(make(3));
    expect(make(3)).not.toEqual(make(4));
  });

  it('makes as many payments and as many frauds as asked for', () => {
    for (const [rows, fraudShare] of [
      [0, 0.5],
      [1, 0],
      [1, 1],
      [1000, 0.031],
    ] as const) {
      const made = generateTransactions({ rows, seed: 5, fraudShare });
      expect(made).toHaveLength(rows);
      expect(made.filter(({ fraud }) => fraud !== null)).toHaveLength(Math.round(rows * fraudShare));
    }
    expect(share(many, ({ fraud }) => fraud !== null)).toBe(0.01);
  });

  it('goes in the order of time and knows how long ago the card was used', () => {
    const last = new Map<number, number>();
    let before = 0;
    for (const { second, card, secondsSinceLast, hour } of few) {
      expect(second).toBeGreaterThanOrEqual(before);
      expect(secondsSinceLast).toBe(last.has(card) ? second - last.get(card)! : null);
      expect(hour).toBe(Math.floor(second / 3600) % 24);
      last.set(card, second);
      before = second;
    }
  });

  it('keeps every value in its range', () => {
    for (const row of few) {
      expect(row.amount).toBeGreaterThan(0);
      expect(Object.keys(MERCHANT_CATEGORIES)).toContain(row.merchantCategory);
      expect(row.isCardPresent).toBe(row.distanceFromHomeKm !== null);
      expect(row.distanceFromHomeKm ?? 0).toBeGreaterThanOrEqual(0);
      for (const { cell } of TRANSACTION_COLUMNS) {
        const value = cell(row);
        if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
      }
    }
  });

  it('contains every pattern, and each looks like what it is called', () => {
    const of = (pattern: string | null) => many.filter(({ fraud }) => fraud === pattern);
    for (const pattern of FRAUD_PATTERNS) expect(of(pattern).length).toBeGreaterThan(20);
    expect(share(of('card-testing'), ({ amount }) => amount <= 3)).toBe(1);
    expect(share(of('cloned-card'), ({ distanceFromHomeKm }) => distanceFromHomeKm! > 300)).toBe(1);
    expect(share(of('account-takeover'), ({ hour }) => hour < 9)).toBe(1);
  });

  // A rule on one column would make the data useless for learning.
  it('lets owners do all of it too, now and then', () => {
    const own = many.filter(({ fraud }) => fraud === null);
    const frauds = many.length - own.length;
    const count = (holds: (row: SyntheticTransaction) => boolean): number => own.filter(holds).length;
    expect(count(({ amount, isCardPresent }) => amount <= 3 || (amount > 300 && !isCardPresent))).toBeGreaterThan(
      frauds / 2,
    );
    expect(count(({ distanceFromHomeKm }) => (distanceFromHomeKm ?? 0) > 300)).toBeGreaterThan(frauds / 2);
    expect(count(({ isHomeCountry }) => !isHomeCountry)).toBeGreaterThan(frauds);
    expect(count(({ hour }) => hour < 5)).toBeGreaterThan(frauds / 4);
  });
});

it('are those of the example that the guides train on', () => {
  const rows = generateTransactions({ rows: 2000, seed: 1, fraudShare: 0.03 });
  const lines = rows.map((row) => TRANSACTION_COLUMNS.map((column) => column.cell(row) ?? '').join(','));
  const file = readFileSync(new URL('../../../../examples/tables/transactions.csv', import.meta.url), 'utf8');
  expect(file).toBe(`${[TRANSACTION_COLUMNS.map(({ name }) => name).join(','), ...lines].join('\n')}\n`);
});
