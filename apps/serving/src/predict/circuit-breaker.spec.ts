import { expect, it } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.js';

const limits = { failureThreshold: 3, recoverySeconds: 60, errorThreshold: 0.5, windowSeconds: 60, minimumCalls: 10 };
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

/** One failure after each success, until `calls` calls: half of them fail, never two in a row. */
const alternate = (breaker: CircuitBreaker, calls: number, stepMs: number) => {
  for (let call = 0; call < calls; call++) breaker.record(call % 2 === 0 ? 'success' : 'failure', call * stepMs);
};

it('opens when more than the threshold of its latest calls failed, though not in a row', () => {
  const breaker = new CircuitBreaker({ ...limits, errorThreshold: 0.4 });
  alternate(breaker, 9, 1_000);
  expect(breaker.state(9_000)).toBe('closed'); // too few calls to say
  expect(breaker.record('failure', 9_000)).toBe('open');
});

it('stays closed exactly on the threshold', () => {
  const breaker = new CircuitBreaker(limits);
  alternate(breaker, 100, 100);
  expect([breaker.state(10_000), breaker.errorRate]).toEqual(['closed', 0.5]);
});

it('counts only the calls of its window', () => {
  const breaker = new CircuitBreaker({ ...limits, errorThreshold: 0.4 });
  alternate(breaker, 100, 8_000); // eight of them in a minute
  expect(breaker.state(800_000)).toBe('closed');
});

it('forgets everything when it is reset by hand', () => {
  const breaker = opened();
  breaker.reset();
  expect([breaker.state(4), breaker.waitMs(4), breaker.errorRate]).toEqual(['closed', 0, 0]);
  expect(breaker.record('failure', 5)).toBeUndefined();
});

it('tells of each change of its state once', () => {
  const breaker = new CircuitBreaker(limits);
  expect([1, 2, 3, 4].map((time) => breaker.record('failure', time))).toEqual([
    undefined,
    undefined,
    'open',
    undefined,
  ]);
  breaker.admit(60_003);
  expect(breaker.record('success', 60_004)).toBe('closed');
});
