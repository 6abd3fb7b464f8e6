import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SIGNATURE } from '../../test/signature.js';
import { InvalidRowsError, warningTexts } from './columns.js';
import { RowReader } from './row-reader.js';

const reader = new RowReader(SIGNATURE);
const read = (row: unknown, coding?: string) => reader.read([row], undefined, coding);
const faultsOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidRowsError) return { errors: error.errors, kinds: [...error.kinds].sort() };
    throw error;
  }
  return { errors: [], kinds: [] };
};

it('reads numbers into the columns of the signature, whatever their order', () => {
  const { features, values, warnings } = read({ thal: 7, age: 63.3, chol: 233 });
  expect([...values]).toEqual([63.3, 233, 7]);
  expect([...features]).toEqual([Math.fround(63.3), 233, 7]);
  expect(warnings).toEqual([[]]);
});

it('takes null and an absent field as not measured, with a warning, where the signature allows it', () => {
  const { features, warnings } = read({ age: 50, chol: null });
  expect([...features]).toEqual([50, Number.NaN, Number.NaN]);
  expect(warnings[0]).toEqual([
    { input: 1, code: 'missing' },
    { input: 2, code: 'missing' },
  ]);
  expect(faultsOf(() => read({})).errors).toEqual([{ path: 'age', message: 'is required' }]);
});

it('takes a number outside the plausible range with a warning: a fault upstream must stay visible', () => {
  expect(read({ age: 50, chol: 0, thal: 3 }).warnings[0]).toEqual([{ input: 1, code: 'outside-training-range' }]);
  expect(read({ age: 28, chol: 200, thal: 3 }).warnings[0]).toEqual([{ input: 0, code: 'outside-training-range' }]);
  expect(warningTexts(SIGNATURE.inputs[1]!).outside).toBe(
    'chol is outside 126 to 564, which is plausible and was seen in training',
  );
});

it('refuses a code that is not allowed and names the allowed ones', () => {
  expect(faultsOf(() => read({ age: 50, thal: 2 })).errors).toEqual([
    { path: 'thal', message: 'must be one of 3, 6, 7' },
  ]);
});

it('translates the codes of a named coding, and refuses one it does not have', () => {
  expect(read({ age: 50, thal: 2 }, 'kaggle').values[2]).toBe(3);
  expect(faultsOf(() => read({ age: 50, thal: 7 }, 'kaggle')).errors).toEqual([
    { path: 'thal', message: 'must be one of 1, 2, 3 in this coding' },
  ]);
  for (const name of ['other', '__proto__', 'constructor']) {
    expect(faultsOf(() => read({ age: 50 }, name))).toEqual({
      errors: [{ path: 'coding', message: 'must be one of kaggle' }],
      kinds: ['unknown-coding'],
    });
  }
});

it('tells every fault at once, with the row it is in', () => {
  const rows = [{ age: 50 }, { age: '63', chol: 'NaN', thal: true, weight: 80 }, 7, [1], null];
  expect(faultsOf(() => reader.read(rows, 'rows.', undefined))).toEqual({
    errors: [
      { path: 'rows.1.age', message: 'must be a number, or null when it was not measured' },
      { path: 'rows.1.chol', message: 'must be a number, or null when it was not measured' },
      { path: 'rows.1.thal', message: 'must be a number, or null when it was not measured' },
      { path: 'rows.1.weight', message: 'is not a field of this model' },
      { path: 'rows.2', message: 'must be an object of named fields' },
      { path: 'rows.3', message: 'must be an object of named fields' },
      { path: 'rows.4', message: 'must be an object of named fields' },
    ],
    kinds: ['unknown-field', 'wrong-type'],
  });
});

it('refuses numbers that float32 cannot hold, such as 1e999', () => {
  for (const text of ['{"age":1e999}', '{"age":-1e39}']) {
    expect(faultsOf(() => read(JSON.parse(text))).errors).toEqual([{ path: 'age', message: 'is too large a number' }]);
  }
});

it('answers any JSON with rows or with faults, which never hold what was sent', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const { errors } = faultsOf(() => read(JSON.parse(text)));
      expect(errors.length).toBeLessThanOrEqual(50);
    }),
  );
  expect(JSON.stringify(faultsOf(() => read({ age: 'secret-value' })))).not.toContain('secret-value');
  expect(faultsOf(() => read(JSON.parse('{"age":50,"__proto__":1}'))).errors).toEqual([
    { path: '__proto__', message: 'is not a field of this model' },
  ]);
});
