import { LRUCache } from 'lru-cache';

export interface PredictionCacheOptions {
  /** Most rows remembered; 0 remembers none. */
  readonly rowsMax: number;
  readonly ttlSeconds: number;
}

export interface PredictionCacheState {
  readonly size: number;
  readonly hits: number;
  readonly misses: number;
  /** Rows that were not remembered, but were being computed for somebody else. */
  readonly shared: number;
}

/** A large request would only push out what smaller ones come back for. */
const REQUEST_ROWS_MAX = 16;

const nameOf = (keys: readonly string[]): string => (keys.length === 1 ? (keys[0] ?? '') : keys.join());

/**
 * Remembers the answer to a row by version and the exact float32 values that the model saw; least recently used rows go first. Only the
 * computation is saved, also for rows that are being computed already: every answer is a prediction of its own, with its own id and its own place in the log.
 */
export class PredictionCache {
  private readonly cache: LRUCache<string, Float32Array> | undefined;
  /** What is being computed, by the keys of its rows. */
  private readonly computing = new Map<string, Promise<Float32Array>>();
  private hits = 0;
  private misses = 0;
  private shared = 0;

  constructor({ rowsMax, ttlSeconds }: PredictionCacheOptions) {
    if (rowsMax > 0) this.cache = new LRUCache({ max: rowsMax, ttl: ttlSeconds * 1_000 });
  }

  /** The key of each row, or undefined when this request is not remembered. */
  keysOf(versionId: string, features: Float32Array, rows: number): readonly string[] | undefined {
    if (!this.cache || rows > REQUEST_ROWS_MAX) return undefined;
    const bytes = Buffer.from(features.buffer, features.byteOffset, features.byteLength);
    const width = bytes.length / rows;
    return Array.from(
      { length: rows },
      (_, row) => versionId + bytes.toString('latin1', row * width, (row + 1) * width),
    );
  }

  /** The answers, row by row, when every row is known; half an answer saves nothing, because the rest must be run anyway. */
  find(keys: readonly string[]): Float32Array | undefined {
    const known: Float32Array[] = [];
    for (const key of keys) {
      const answer = this.cache?.get(key);
      if (answer === undefined) {
        this.misses += keys.length;
        return undefined;
      }
      known.push(answer);
    }
    this.hits += keys.length;
    const width = known[0]?.length ?? 0;
    const found = new Float32Array(keys.length * width);
    for (const [row, answer] of known.entries()) found.set(answer, row * width);
    return found;
  }

  /** What is being computed for the same rows right now. */
  underWay(keys: readonly string[]): Promise<Float32Array> | undefined {
    const computing = this.computing.get(nameOf(keys));
    if (computing) this.shared += keys.length;
    return computing;
  }

  /** @param computing equally many numbers for each key; who asks for the same meanwhile may share it */
  async keepOnceComputed(keys: readonly string[], computing: Promise<Float32Array>): Promise<Float32Array> {
    const name = nameOf(keys);
    this.computing.set(name, computing);
    try {
      const answers = await computing;
      const width = answers.length / keys.length;
      for (const [row, key] of keys.entries()) this.cache?.set(key, answers.slice(row * width, (row + 1) * width));
      return answers;
    } finally {
      if (this.computing.get(name) === computing) this.computing.delete(name);
    }
  }

  get state(): PredictionCacheState {
    const { hits, misses, shared } = this;
    return { size: this.cache?.size ?? 0, hits, misses, shared };
  }
}
