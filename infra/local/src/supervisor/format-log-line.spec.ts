import { expect, it } from '@jest/globals';
import { formatLogLine } from './format-log-line.js';

it('shortens a JSON line to service, level, message and what went wrong', () => {
  const line = JSON.stringify({
    level: 50,
    time: 1,
    msg: 'job failed',
    code: 'timeout',
    err: { message: 'no answer', stack: 'at …' },
  });
  expect(formatLogLine('agent', line)).toBe('agent      | error job failed (timeout): no answer');
});

it('passes anything else as it is, behind the name of the service', () => {
  expect(formatLogLine('serving', 'Segmentation fault')).toBe('serving    | Segmentation fault');
  expect(formatLogLine('serving', '{broken')).toBe('serving    | {broken');
});
