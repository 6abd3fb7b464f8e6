import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { encodeWire, wire } from './wire.js';

const Inner = wire({ featureName: z.string(), seenAt: z.iso.datetime().optional() });
const Outer = wire({
  modelVersion: z.int(),
  items: z.array(Inner),
  features: z.record(z.string(), z.number()),
  nextCursor: z.string().nullable(),
});

it('speaks snake_case outside and camelCase inside, at every depth, and leaves the keys of records alone', () => {
  const json = {
    model_version: 3,
    items: [{ feature_name: 'restecg' }],
    features: { bloodPressure: 1, st_slope: 2 },
    next_cursor: null,
  };
  const value = Outer.parse(json);
  expect(value).toEqual({
    modelVersion: 3,
    items: [{ featureName: 'restecg' }],
    features: { bloodPressure: 1, st_slope: 2 },
    nextCursor: null,
  });
  expect(encodeWire(Outer, value)).toEqual(json);
});

it('gives back what it was given, for every value', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  const values = fc.record({
    modelVersion: fc.integer(),
    items: fc.array(fc.record({ featureName: fc.string() })),
    features: fc
      .dictionary(fc.string(), finite, { noNullPrototype: true })
      .filter((record) => !Object.hasOwn(record, '__proto__')),
    nextCursor: fc.option(fc.string()),
  });
  fc.assert(fc.property(values, (value) => expect(Outer.parse(encodeWire(Outer, value))).toEqual(value)));
});

it('refuses an unknown field and names every mistake by its name on the wire', () => {
  const { error } = Outer.safeParse({
    model_version: 'three',
    items: [{ feature_name: 1 }],
    features: {},
    next_cursor: null,
    extra: 1,
  });
  expect(error?.issues.map(({ path, code }) => [path.join('.'), code])).toEqual([
    ['model_version', 'invalid_type'],
    ['items.0.feature_name', 'invalid_type'],
    ['', 'unrecognized_keys'],
  ]);
});

it('refuses to send what breaks its own contract', () => {
  expect(() => encodeWire(Outer, { modelVersion: 1.5, items: [], features: {}, nextCursor: null })).toThrow(z.ZodError);
});
