import { createSeededRng, type Rng } from '@gimbal/domain';

/**
 * A uniform sample of a stream of numbers in fixed memory, and without a random number per value: Algorithm L (Li, "Reservoir-sampling
 * algorithms of time complexity O(n(1 + log(N/n)))", 1994). Holds every number while there are no more than its size.
 */
export class Reservoir {
  private readonly values: Float64Array;
  private readonly random: Rng;
  private seen = 0;
  private weight = 1;
  private next: number;

  constructor(size: number, seed: number) {
    this.values = new Float64Array(size);
    this.random = createSeededRng(seed);
    this.next = size;
  }

  add(value: number): void {
    const at = this.seen++;
    const size = this.values.length;
    if (at < size) {
      this.values[at] = value;
      if (at === size - 1) this.skip();
    } else if (at === this.next) {
      this.values[Math.floor(this.random() * size)] = value;
      this.skip();
    }
  }

  /** The sample, ascending. */
  sorted(): Float64Array {
    return this.values.slice(0, Math.min(this.seen, this.values.length)).sort();
  }

  private skip(): void {
    this.weight *= Math.exp(Math.log(this.uniform()) / this.values.length);
    const gap = Math.floor(Math.log(this.uniform()) / Math.log(1 - this.weight));
    this.next = this.seen + gap;
  }

  /** In (0, 1): its logarithm is finite. */
  private uniform(): number {
    return (this.random() * 4_294_967_296 + 0.5) / 4_294_967_296;
  }
}

/** The value below which a share of ascending values lies, interpolated linearly (Hyndman and Fan, type 7). */
export function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const below = sorted[low] ?? Number.NaN;
  const above = sorted[low + 1] ?? below;
  return below + (above - below) * (place - low);
}
