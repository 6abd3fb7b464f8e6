import { isPromise, type Method, methodDecorator } from './method-decorator.js';

export interface LruCacheOptions {
  /** Most answers that are remembered, default 100; of more, those that were not asked for the longest time are forgotten. */
  readonly maxSize?: number;
  /** Seconds for which an answer is good, default 300. */
  readonly ttl?: number;
  /** What makes two calls the same, default their arguments as JSON. */
  readonly key?: (...args: never[]) => string;
}

export interface CacheStats {
  readonly size: number;
  readonly maxSize: number;
  readonly hits: number;
  readonly misses: number;
  /** Answers that were forgotten for want of room. */
  readonly evictions: number;
  /** Of all calls, in [0, 1]; 0 when there were none. */
  readonly hitRate: number;
}

/** A function that remembers its answers: `fn.cache.getStats()`, `fn.cache.clear()`. */
export interface Cached {
  readonly cache: { getStats(): CacheStats; clear(): void };
}

/** As a decorator, read it from the method: `(service.load as typeof service.load & Cached).cache`. */
export interface CachingDecorator {
  <F extends Method>(method: F, context?: ClassMethodDecoratorContext): F & Cached;
  (target: object, name: string | symbol, descriptor: PropertyDescriptor): PropertyDescriptor;
}

/**
 * Remembers answers. Calls that come while the same one is under way share its promise; a failure is not remembered. Instances of a class
 * do not see each other's answers.
 */
export function lruCache({ maxSize = 100, ttl = 300, key = defaultKey }: LruCacheOptions = {}): CachingDecorator {
  if (!Number.isInteger(maxSize) || maxSize < 1)
    throw new RangeError(`maxSize must be a whole number from 1, not ${maxSize}`);
  if (!(ttl > 0)) throw new RangeError(`ttl must be seconds above 0, not ${ttl}`);
  const decorate = methodDecorator((method) => {
    const answers = new AnswerCache(maxSize, ttl * 1_000);
    const owners = new OwnerNumbers();
    const cached = function (this: unknown, ...args: never[]) {
      const id = `${owners.numberOf(this)}:${key(...args)}`;
      return answers.get(id, () => method.apply(this, args));
    };
    return Object.assign(cached, { cache: answers });
  });
  return decorate as CachingDecorator; // what it wraps has the property
}

const defaultKey = (...args: unknown[]): string => JSON.stringify(args);

/** Gives every object a number without keeping it alive. */
class OwnerNumbers {
  private readonly numbers = new WeakMap<object, number>();
  private last = 0;

  numberOf(owner: unknown): number {
    if (typeof owner !== 'object' || owner === null) return 0;
    const known = this.numbers.get(owner) ?? ++this.last;
    this.numbers.set(owner, known);
    return known;
  }
}

interface Answer {
  readonly value: unknown;
  readonly goodUntil: number;
}

class AnswerCache {
  /** A Map keeps the order of insertion: an answer that is asked for is put to the end, the first is the least recently used. */
  private readonly answers = new Map<string, Answer>();
  private hits = 0;
  private misses = 0;
  private evictions = 0;

  constructor(
    private readonly maxSize: number,
    private readonly ttlMs: number,
  ) {}

  get(id: string, compute: () => unknown): unknown {
    const known = this.answers.get(id);
    this.answers.delete(id);
    if (known && known.goodUntil > Date.now()) {
      this.hits += 1;
      this.answers.set(id, known);
      return known.value;
    }
    this.misses += 1;
    const value = compute();
    const answer = { value, goodUntil: Date.now() + this.ttlMs };
    this.answers.set(id, answer);
    if (isPromise(value)) value.catch(() => this.forget(id, answer));
    this.makeRoom();
    return value;
  }

  getStats(): CacheStats {
    const { hits, misses, evictions, maxSize } = this;
    return { size: this.answers.size, maxSize, hits, misses, evictions, hitRate: hits / Math.max(1, hits + misses) };
  }

  clear(): void {
    this.answers.clear();
  }

  /** Only if it is still that one. */
  private forget(id: string, answer: Answer): void {
    if (this.answers.get(id) === answer) this.answers.delete(id);
  }

  private makeRoom(): void {
    if (this.answers.size <= this.maxSize) return;
    const [oldest] = this.answers.keys();
    if (oldest !== undefined) this.answers.delete(oldest);
    this.evictions += 1;
  }
}
