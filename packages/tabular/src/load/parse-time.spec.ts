import { expect, it } from '@jest/globals';
import { parseTime } from './parse-time.js';

it.each([
  ['2026-01-05', Date.UTC(2026, 0, 5)],
  ['2026/1/5', Date.UTC(2026, 0, 5)],
  ['2026-01-05 7:30', Date.UTC(2026, 0, 5, 7, 30)],
  ['2026-01-05T07:30:15.250Z', Date.UTC(2026, 0, 5, 7, 30, 15, 250)],
  ['2026-01-05 07:30:15,5 UTC', Date.UTC(2026, 0, 5, 7, 30, 15, 500)],
  ['2026-01-05T07:30+0200', Date.UTC(2026, 0, 5, 5, 30)],
  ['05/01/2026', undefined],
  ['2026-13-01', undefined],
  ['soon', undefined],
])('reads %s, whatever the time zone of the machine, or leaves it', (text, time) => {
  expect(parseTime(text)).toBe(time);
});
