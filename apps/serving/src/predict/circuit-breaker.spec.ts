import { expect, it } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.js';

const limits = { failureThreshold: 3, recoverySeconds: 60 };
const opened = () => {
  const breaker = new CircuitBreaker(limits);
  for (let time = 1; time <= 3; time++) breaker.record('failure', time);
  return breaker;
};

it('opens after the threshold of failures in a row, and not when a success lies between', () => {
  const breaker = new CircuitBreaker(limits);
  for (const outcome of ['failure', 'failure', 'success', 'failure', 'failure'] as const) breaker.record(outcome, 0);
  expect(breaker.state(0)).toBe('closed');
  breaker.record('failure', 0);
  expect(breaker.state(0)).toBe('open');
});

it('refuses while open and says when to come again', () => {
  const breaker = opened();
  expect(breaker.admit(3)).toEqual({ admitted: false, retryAfterSeconds: 60 });
  expect(breaker.admit(59_500)).toEqual({ admitted: false, retryAfterSeconds: 1 });
});

it('lets one trial through after the recovery time; its success closes', () => {
  const breaker = opened();
  expect(breaker.state(60_003)).toBe('half-open');
  expect(breaker.admit(60_003)).toEqual({ admitted: true });
  expect(breaker.admit(60_004)).toMatchObject({ admitted: false });
  breaker.record('success', 60_005);
  expect(breaker.state(60_005)).toBe('closed');
  expect(breaker.admit(60_006)).toEqual({ admitted: true });
});

it('opens again when the trial fails, for the whole recovery time', () => {
  const breaker = opened();
  breaker.admit(60_003);
  breaker.record('failure', 60_010);
  expect(breaker.state(120_009)).toBe('open');
  expect(breaker.state(120_010)).toBe('half-open');
});

it('a trial whose outcome never comes gives way to another', () => {
  const breaker = opened();
  breaker.admit(60_003);
  expect(breaker.admit(120_002)).toMatchObject({ admitted: false });
  expect(breaker.admit(120_003)).toEqual({ admitted: true });
});

it('a success that began before it opened does not close it', () => {
  const breaker = opened();
  breaker.record('success', 10);
  expect(breaker.state(10)).toBe('open');
});
