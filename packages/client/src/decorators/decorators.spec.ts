import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import ts from 'typescript';
import { handleErrors } from './handle-errors.js';
import { type Cached, lruCache } from './lru-cache.js';
import { type Measured, measurePerformance } from './measure-performance.js';
import { requirePermission, withPermissions } from './require-permission.js';
import { METRIC_CHANNEL, type TrackedCall, trackMetric } from './track-metric.js';

/** A service as users write one; the compiler's setting says which kind of decorators it has. */
const SOURCE = `class Service {
  constructor(factor) { this.factor = factor; this.computed = 0; }
  @trackMetric('service.load') @requirePermission('WRITE')
  async load(value) { this.computed++; return value * this.factor; }
  @lruCache({ maxSize: 2, ttl: 60 })
  cached(value) { this.computed++; return value * this.factor; }
  @measurePerformance()
  measured(value) { if (value < 0) throw new Error('negative'); return value * this.factor; }
  @handleErrors({ reraise: false, notify })
  quiet() { throw new Error('loud'); }
  @handleErrors({ notify })
  static async strict() { throw new Error('loud'); }
}
return Service;`;

interface Service {
  computed: number;
  load(value: number): Promise<number>;
  cached(value: number): number;
  measured(value: number): number;
  quiet(): undefined;
}
interface ServiceClass {
  new (factor: number): Service;
  strict(): Promise<void>;
}

const told: unknown[] = [];
function compile(experimentalDecorators: boolean): ServiceClass {
  const { outputText } = ts.transpileModule(SOURCE, {
    compilerOptions: { experimentalDecorators, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const scope = {
    ...{ trackMetric, requirePermission, lruCache, measurePerformance, handleErrors },
    notify: (error: unknown, method: string) => told.push([String(error), method]),
  };
  return new Function(...Object.keys(scope), outputText)(...Object.values(scope)) as ServiceClass; // as the source says
}

beforeEach(() => {
  told.length = 0;
});

describe.each([
  ['standard decorators', false],
  ["TypeScript's experimental decorators", true],
])('with %s', (_, experimental) => {
  const Class = compile(experimental);

  it('calls are tracked and need their permission, which is asked for first', async () => {
    const calls: unknown[] = [];
    const listen = (call: unknown): void => void calls.push(call);
    subscribe(METRIC_CHANNEL, listen);
    const service = new Class(3);
    expect(() => service.load(2)).toThrow('load needs the permission WRITE');
    expect(await withPermissions(['READ', 'WRITE'], () => service.load(2))).toBe(6);
    expect(await withPermissions(['ADMIN'], () => service.load(2))).toBe(6);
    expect(() => withPermissions(['READ'], () => service.load(2))).toThrow();
    unsubscribe(METRIC_CHANNEL, listen);
    expect(service.computed).toBe(2);
    expect((calls as TrackedCall[]).map(({ metric, status }) => `${metric} ${status}`)).toEqual(
      ['failure', 'success', 'success', 'failure'].map((status) => `service.load ${status}`),
    );
  });

  it('answers are remembered for each instance, and the least recently used is forgotten', () => {
    const service = new Class(3);
    const other = new Class(5);
    expect([service.cached(1), service.cached(1), other.cached(1)]).toEqual([3, 3, 5]);
    const { cache } = service.cached as typeof service.cached & Cached;
    expect(cache.getStats()).toEqual({ size: 2, maxSize: 2, hits: 1, misses: 2, evictions: 0, hitRate: 1 / 3 });
    service.cached(1);
    service.cached(2); // there is room for two: the other instance's answer goes
    service.cached(1);
    expect([service.computed, other.computed, cache.getStats().evictions]).toEqual([2, 1, 1]);
  });

  it('durations are remembered', () => {
    const service = new Class(3);
    service.measured(1);
    expect(() => service.measured(-1)).toThrow('negative');
    const { performance } = service.measured as typeof service.measured & Measured;
    expect(performance.getStats()).toMatchObject({ calls: 2, failures: 1, maxMs: expect.any(Number) });
  });

  it('failures are told, and kept from the caller where that is wanted', async () => {
    expect(new Class(1).quiet()).toBeUndefined();
    await expect(Class.strict()).rejects.toThrow('loud');
    expect(told).toEqual([
      ['Error: loud', 'quiet'],
      ['Error: loud', 'strict'],
    ]);
  });
});

describe('around a function', () => {
  afterEach(() => void jest.useRealTimers());

  it('an answer is good for its time', () => {
    jest.useFakeTimers();
    let calls = 0;
    const load = lruCache({ ttl: 10 })((name: string) => `${name} ${++calls}`);
    expect([load('a'), load('a'), load('b')]).toEqual(['a 1', 'a 1', 'b 2']);
    jest.advanceTimersByTime(9_999);
    expect(load('a')).toBe('a 1');
    jest.advanceTimersByTime(1);
    expect(load('a')).toBe('a 3');
    load.cache.clear();
    expect(load.cache.getStats()).toMatchObject({ size: 0, hits: 2, misses: 3 });
  });

  it('calls at the same time are one, and a failure is not remembered', async () => {
    let calls = 0;
    const load = lruCache()(async () => {
      calls += 1;
      if (calls === 1) throw new Error('first');
      return calls;
    });
    const first = [load(), load()];
    for (const one of first) await expect(one).rejects.toThrow('first');
    expect([await load(), await load()]).toEqual([2, 2]);
  });

  it('quantiles are nearest ranks of the last calls', async () => {
    let now = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now);
    const wait = measurePerformance({ window: 100 })(async (ms: number) => {
      now += ms;
    });
    expect(wait.performance.getStats()).toMatchObject({ calls: 0, meanMs: null, p99Ms: null });
    for (let ms = 1; ms <= 150; ms++) await wait(ms); // 51 to 150 are the last hundred
    expect(wait.performance.getStats()).toEqual({
      ...{ calls: 150, failures: 0, meanMs: 100.5 },
      ...{ p50Ms: 100, p95Ms: 145, p99Ms: 149, maxMs: 150 },
    });
    clock.mockRestore();
  });

  it('its name, its arguments and its result stay its own', () => {
    const add = trackMetric('add')(function add(one: number, other: number): number {
      return one + other;
    });
    expect([add.name, add.length, add(1, 2)]).toEqual(['add', 2, 3]);
  });

  it('what notify throws is a warning, and the failure is what the caller gets', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
    const notify = () => {
      throw new Error('no network');
    };
    const work = handleErrors({ notify })(async () => {
      throw new Error('the failure');
    });
    await expect(work()).rejects.toThrow('the failure');
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('no network'), expect.anything());
    warn.mockRestore();
  });

  it.each([{ maxSize: 0 }, { ttl: 0 }, { ttl: Number.NaN }])('%p is refused', (options) => {
    expect(() => lruCache(options)).toThrow(RangeError);
  });
});
