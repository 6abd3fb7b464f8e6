import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from './cursor.js';
import { cutPage, olderThan, pageOf, readTimePlace, timeMark } from './page.js';

const ID = 'c9a4f3a0-6c43-4d0e-9a44-0a1f6c1f2b11';
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const isInvalid = expect.objectContaining({ code: 'invalid-cursor' });

describe('encodeCursor and decodeCursor', () => {
  it('give back any place', () => {
    const Place = z.tuple([z.string(), z.number()]);
    fc.assert(
      fc.property(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), (text, number) => {
        const value = Object.is(number, -0) ? 0 : number; // JSON has one zero
        const cursor = encodeCursor([text, value]);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(decodeCursor(Place, cursor)).toEqual([text, value]);
      }),
    );
  });

  it('begin with the first page', () => {
    expect(decodeCursor(z.tuple([z.string()]), undefined)).toBeUndefined();
  });

  it.each(['', 'x', '%%%', encodeCursor([]), encodeCursor(['a', 'b']), encodeCursor([1])])(
    'refuse %j, which another list or nobody has made',
    (cursor) => {
      expect(() => decodeCursor(z.tuple([z.string()]), cursor)).toThrow(isInvalid);
    },
  );
});

describe('pageOf', () => {
  const rows = [3, 2, 1].map((second) => ({ id: ID, createdAt: at(second), name: `row-${second}` }));

  it('shows at most the limit and says where it goes on', () => {
    const page = pageOf(rows, 2, ({ name }) => name);
    expect(page.items).toEqual(['row-3', 'row-2']);
    expect(readTimePlace(page.nextCursor ?? '')).toEqual({ at: at(2), id: ID });
  });

  it('has no cursor on the last page, also when it is full', () => {
    expect(pageOf(rows, 3, ({ name }) => name)).toEqual({ items: ['row-3', 'row-2', 'row-1'], nextCursor: null });
    expect(pageOf([], 3, () => '')).toEqual({ items: [], nextCursor: null });
  });
});

describe('olderThan', () => {
  it('asks for what is older, and among equally old ones for smaller ids', () => {
    expect(olderThan(encodeCursor(timeMark(at(2), ID)))).toEqual({
      OR: [{ createdAt: { lt: at(2) } }, { createdAt: at(2), id: { lt: ID } }],
    });
    expect(olderThan(undefined)).toEqual({});
  });

  it('refuses a place that has no time or no id', () => {
    expect(() => olderThan(encodeCursor(['yesterday', ID]))).toThrow(isInvalid);
    expect(() => olderThan(encodeCursor([at(1).toISOString(), 'row-1']))).toThrow(isInvalid);
  });
});

describe('cutPage', () => {
  it('finds its place by whatever the list is ordered by', () => {
    const page = cutPage([9, 8, 7], { limit: 2, show: (seq) => seq, place: (seq) => [seq] });
    expect(page).toEqual({ items: [9, 8], nextCursor: encodeCursor([8]) });
  });
});
