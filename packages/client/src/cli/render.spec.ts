import { expect, it } from '@jest/globals';
import { render } from './render.js';

const items = [
  { name: 'heart', version: 12, note: 'a long note that has to give way', at: { day: 'Monday' } },
  { name: 'lung', version: 3, note: null, at: { day: 'Tuesday' } },
];

it('shows a list as a table of the named columns', () => {
  expect(render({ items, nextCursor: null }, { columns: ['name', 'version', 'at.day'] }, 80)).toBe(
    ['NAME   VERSION  DAY', 'heart  12       Monday', 'lung   3        Tuesday', ''].join('\n'),
  );
  expect(render({ items: [] }, {}, 80)).toBe('none\n');
});

it('fits the terminal: the widest column gives way first', () => {
  const lines = render({ items }, { columns: ['name', 'version', 'note'] }, 30).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBe(30);
  expect(lines[1]).toBe('heart  12       a long note t…');
  expect(lines[2]).toBe('lung   3        -');
});

it('shows an object part by part, what is nested as far as it fits', () => {
  const shown = render(
    { modelName: 'heart', accuracy: 0.123456789, plan: { live: 1, shadow: [2, 3, 4, 5, 6] } },
    {},
    30,
  );
  expect(shown).toBe(['MODEL NAME  heart', 'ACCURACY    0.12346', 'PLAN        {"live":1,"shadow…', ''].join('\n'));
});

it('hands no control characters to the terminal', () => {
  expect(render({ name: 'a\u001b[31mb\nc' }, {}, 80)).toBe('NAME  a [31mb c\n');
});
