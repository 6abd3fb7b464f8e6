import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { deriveId } from './derive-id.js';

it('gives the same text the same UUID, and other texts others', () => {
  // Ids are kept in tables: another way to derive them would make old work look new.
  expect(deriveId('incident:1')).toBe('2da85c3b-4237-83ca-8cc9-420c66a13f7f');
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      expect(z.uuid().safeParse(deriveId(one)).success).toBe(true);
      expect(deriveId(one) === deriveId(other)).toBe(one === other);
    }),
  );
});
